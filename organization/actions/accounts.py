"""Accounts: opened with a one-time password, shut, unlocked, and everything about signing in and passwords."""

import re
import secrets
from typing import Any

from axes.helpers import get_client_ip_address
from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from core import clock
from core.journal import history_of, record
from core.vietnamese import normalize
from core.workflow import Refused, lock
from organization import roles
from organization.actions.permission import demand
from organization.mails import first_password_letter, idle_letter, reset_letter
from organization.models import OpenSession, Person, User
from organization.queries import idle_accounts, users_with_role

MANAGE = "organization.manage_accounts"
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,29}")
# Without 0/o, 1/l/i: the technician reads it to somebody over the phone.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def open_account(person: Person, *, username: str, by: Any, encoded: str = "") -> tuple[User, str]:
    """The new account and its one-time password, which is shown once and kept nowhere.

    ``encoded`` takes its place where many accounts begin with one password: encoding is slow on purpose.
    """
    demand(MANAGE, by)
    lock(person)
    username = username.strip().lower()
    if person.user_id:
        raise Refused(f"{person.full_name} đã có tài khoản “{person.user.username}”.")  # type: ignore[union-attr]
    if person.left_on:
        raise Refused(f"{person.full_name} đã thôi việc.")
    if not USERNAME.fullmatch(username):
        raise Refused("Tên đăng nhập gồm 3 đến 30 chữ thường không dấu, chữ số, dấu chấm, gạch nối.")
    if User.objects.filter(username=username).exists():
        raise Refused(f"Tên đăng nhập “{username}” đã có người dùng.")
    password = one_time_password()
    user = User(
        username=username, email=person.email, must_change_password=True, password_changed_at=clock.now()
    )
    user.password = encoded or make_password(password)
    user.save()
    person.user = user
    person.save(update_fields=["user"])
    record(user, "opened", by=by, label=f"Mở tài khoản cho {person.full_name}")
    return user, password


@transaction.atomic
def disable_account(user: User, *, by: Any, reason: str = "") -> None:
    demand(MANAGE, by)
    lock(user)
    if user == by:
        raise Refused("Không tự vô hiệu hóa tài khoản của mình.")
    if not user.is_active:
        raise Refused("Tài khoản đã bị vô hiệu hóa.")
    close_account(user, by=by, reason=reason)


def close_account(user: User, *, by: Any, reason: str) -> None:
    """Shut the account and end all its sessions; part of a greater act (leaving, disabling)."""
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        close_sessions(user)
        record(user, "disabled", by=by, label="Vô hiệu hóa tài khoản", comment=reason)


def disable_idle_accounts() -> int:
    """Shut the accounts that nobody has used for ``ACCOUNT_IDLE_DAYS``; the technician opens them again.

    One technician always stays: without one nobody could.
    """
    days = settings.ACCOUNT_IDLE_DAYS
    idle = list(idle_accounts(days)) if days else []
    technicians = set(users_with_role(roles.TECHNICIAN))
    if idle and technicians <= set(idle):
        stays = max(technicians, key=lambda user: user.last_login or user.date_joined, default=None)
        idle = [user for user in idle if user != stays]
    return sum(_disable_idle(user, days) for user in idle)


@transaction.atomic
def _disable_idle(user: User, days: int) -> bool:
    lock(user)
    if not idle_accounts(days).filter(pk=user.pk).exists():
        return False  # used a moment ago
    close_account(user, by=None, reason=f"Không đăng nhập trong {days} ngày.")
    idle_letter(user, history_of(user).filter(verb="disabled")[0], days)
    return True


@transaction.atomic
def enable_account(user: User, *, by: Any) -> None:
    demand(MANAGE, by)
    lock(user)
    person = getattr(user, "person", None)
    if user.is_active:
        raise Refused("Tài khoản đang hoạt động.")
    if person and person.left_on:
        raise Refused(
            f"{person.full_name} đã thôi việc; tài khoản chỉ mở lại khi người này trở lại công tác."
        )
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(user, "enabled", by=by, label="Mở lại tài khoản")


@transaction.atomic
def reset_password(user: User, *, by: Any) -> str:
    """A new one-time password, returned once; the holder is told by letter who did it."""
    demand(MANAGE, by)
    lock(user)
    if user == by:
        raise Refused("Hãy tự đổi mật khẩu của mình ở trang “Tài khoản của tôi”.")
    if not user.is_active:
        raise Refused("Tài khoản đang bị vô hiệu hóa. Hãy mở lại trước.")
    password = one_time_password()
    user.set_password(password)
    user.must_change_password, user.password_changed_at = True, clock.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    close_sessions(user)
    forget_failures(username=user.username)
    entry = record(user, "password_given", by=by, label="Cấp lại mật khẩu tạm")
    first_password_letter(user, entry)
    return password


@transaction.atomic
def unlock_account(user: User, *, by: Any) -> None:
    demand(MANAGE, by)
    if not forget_failures(username=user.username):
        raise Refused("Tài khoản không bị khóa tạm.")
    record(user, "unlocked", by=by, label="Mở khóa tạm sau nhiều lần đăng nhập sai")


@transaction.atomic
def change_password(user: User, password: str, *, by: Any) -> None:
    """The holder's new password, already validated; every session of the account ends.

    The view that keeps its own session alive calls ``update_session_auth_hash`` and ``remember_session`` after it.
    """
    user.set_password(password)
    user.must_change_password, user.password_changed_at = False, clock.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    close_sessions(user)
    forget_failures(username=user.username)
    record(user, "password_changed", by=by, label="Đổi mật khẩu")


@transaction.atomic
def ask_password_reset(email: str) -> None:
    """Post the letter with the link; for an unknown address nothing happens, and nobody can tell."""
    address = normalize(normalize(email).lower())
    if not address:
        return
    for user in User.objects.filter(is_active=True, email__iexact=address).select_related("person"):
        if user.has_usable_password():
            reset_letter(user)
            record(user, "reset_asked", by=None, label="Yêu cầu đặt lại mật khẩu qua thư")


@transaction.atomic
def sign_out(request: HttpRequest) -> None:
    user = request.user
    if user.is_authenticated:
        OpenSession.objects.filter(session_key=request.session.session_key).delete()
        record(user, "signed_out", by=user, label="Đăng xuất")
    logout(request)


def signed_in(request: HttpRequest, user: User) -> None:
    remember_session(request, user)
    record(user, "signed_in", by=user, label="Đăng nhập", data=_where(request))


def sign_in_failed(request: HttpRequest, username: str) -> None:
    """A line for a name that exists; of other names nothing is kept but what django-axes counts."""
    user = User.objects.filter(username=normalize(username).lower()).first()
    if user and not getattr(request, "axes_locked_out", False):
        record(user, "sign_in_failed", by=None, label="Đăng nhập không thành công", data=_where(request))


def locked_out(request: HttpRequest, username: str) -> None:
    """One line per lock: whoever goes on trying does not fill the journal."""
    user = User.objects.filter(username=normalize(username).lower()).first()
    if user is None:
        return
    since = clock.now() - settings.AXES_COOLOFF_TIME
    if not history_of(user).filter(verb="locked", at__gte=since).exists():
        record(user, "locked", by=None, label="Khóa tạm sau nhiều lần đăng nhập sai", data=_where(request))


def remember_session(request: HttpRequest, user: User) -> None:
    """Note the present session among the account's open ones."""
    if not request.session.session_key:
        request.session.save()
    OpenSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "started_at": clock.now(),
            "address": get_client_ip_address(request),
            "device": _device(request.headers.get("User-Agent", "")),
        },
    )


@transaction.atomic
def close_other_sessions(request: HttpRequest) -> int:
    """End every session of the account but the present one."""
    user: Any = request.user
    closed = close_sessions(user, keep=request.session.session_key)
    if closed:
        record(user, "sessions_closed", by=user, label=f"Đóng {closed} phiên đăng nhập khác")
    return closed


def close_sessions(user: Any, *, keep: str | None = None) -> int:
    others = OpenSession.objects.filter(user=user).exclude(session_key=keep or "")
    closed, _ = Session.objects.filter(
        session_key__in=list(others.values_list("session_key", flat=True))
    ).delete()
    others.delete()
    return closed


def one_time_password() -> str:
    """Groups of four, easy to read out: three of them hold about 59 bits; more where longer passwords are asked for."""
    groups = max(3, -(-(settings.PASSWORD_MIN_LENGTH + 1) // 5))
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(groups))


def _where(request: HttpRequest) -> dict[str, str]:
    return {"address": get_client_ip_address(request) or ""}


def _device(agent: str) -> str:
    """The browser and system in words a person knows; never exact, never trusted."""
    browsers = [
        ("Edg/", "Edge"),
        ("coc_coc", "Cốc Cốc"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]
    systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]
    browser = next((name for mark, name in browsers if mark in agent), "Trình duyệt khác")
    system = next((name for mark, name in systems if mark in agent), "")
    return f"{browser} trên {system}" if system else browser
