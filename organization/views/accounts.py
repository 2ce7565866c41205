"""Pages about accounts: the technician's list, and everybody's own "Tài khoản của tôi"."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from core import clock
from core.journal import history_of
from core.listing import Column, Filter, Listing, list_response
from core.vietnamese import fold
from core.views import perform
from core.workflow import Refused
from organization import actions, roles
from organization.actions.accounts import USERNAME
from organization.forms import AccountForm, DigestForm
from organization.models import Appointment, OpenSession, Person, Posting, User
from organization.queries import locked_usernames, soon_idle_accounts, waiting_first_passwords
from organization.views.pages import permitted

MANAGE = "organization.manage_accounts"
COLOURS = {
    "Hoạt động": "green",
    "Chưa có tài khoản": "secondary",
    "Vô hiệu hóa": "red",
    "Mật khẩu tạm": "yellow",
}
STATES = [
    ("chua-co", "Chưa có tài khoản"),
    ("hoat-dong", "Hoạt động"),
    ("khoa-tam", "Đang bị khóa tạm"),
    ("mat-khau-tam", "Còn dùng mật khẩu tạm"),
    ("mat-khau-tam-qua-han", "Mật khẩu tạm quá hạn"),
    ("lau-khong-dung", "Lâu không đăng nhập"),
    ("vo-hieu", "Vô hiệu hóa"),
]


def _state(row: Posting) -> str:
    user = row.person.user
    if user is None:
        return "Chưa có tài khoản"
    if not user.is_active:
        return "Vô hiệu hóa"
    return "Mật khẩu tạm" if user.must_change_password else "Hoạt động"


def _link(row: Posting) -> str:
    if row.person.user_id:
        return reverse("organization:account_detail", args=[row.person.user_id])
    return reverse("organization:account_open", args=[row.person_id])


def _by_state(rows: QuerySet, value: str) -> QuerySet:
    narrowed: dict[str, Any] = {
        "chua-co": lambda: Q(person__user__isnull=True),
        "hoat-dong": lambda: Q(person__user__is_active=True),
        "vo-hieu": lambda: Q(person__user__is_active=False),
        "lau-khong-dung": lambda: Q(person__user__in=soon_idle_accounts()),
        "khoa-tam": lambda: Q(person__user__username__in=locked_usernames()),
        "mat-khau-tam": lambda: Q(person__user__in=waiting_first_passwords(expired=False)),
        "mat-khau-tam-qua-han": lambda: Q(person__user__in=waiting_first_passwords(expired=True)),
    }
    return rows.filter(narrowed[value]())


READS = (
    "person__family_name",
    "person__given_name",
    "person__user__username",
    "person__user__is_active",
    "person__user__must_change_password",
    "person__user__last_login",
    "unit__short_name",
)
ACCOUNTS = Listing(
    title="Tài khoản",
    columns=[
        Column(
            "Họ và tên", lambda row: row.person.full_name, order=("person__sort_key",), link=_link, width=28
        ),
        Column("Đơn vị", lambda row: row.unit.short_name, order=("unit__order", "person__sort_key")),
        Column(
            "Tên đăng nhập",
            lambda row: row.person.user.username if row.person.user else "",
            order=("person__user__username",),
        ),
        Column("Tình trạng", _state, badge=lambda row: COLOURS[_state(row)]),
        Column(
            "Đăng nhập gần nhất",
            lambda row: row.person.user.last_login if row.person.user else None,
            order=("person__user__last_login",),
            hide_on_phone=True,
        ),
    ],
    order=("unit__order", "unit_id", "post__order", "person__sort_key"),
    reads=READS,
    search=("person__search_key",),
    search_hint="Tìm theo tên, mã, thư điện tử",
    filters=[Filter("tinh-trang", "Tình trạng", lambda: STATES, _by_state)],
    empty="Chưa có ai trong danh sách.",
)


@permitted(MANAGE)
def account_list(request: HttpRequest) -> HttpResponse:
    rows = Posting.objects.current()
    return list_response(
        request, ACCOUNTS, rows, "organization/account_list.html", {"locked": len(locked_usernames())}
    )


@permitted(MANAGE)
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(User.objects.select_related("person"), pk=pk)
    return render(
        request,
        "organization/account_detail.html",
        {
            "account": account,
            "is_locked": account.username in locked_usernames(),
            "is_own": account == request.user,
            "sessions": _sessions(account).count(),
            "history": history_of(account)[:30],
        },
    )


def _suggested(person: Person) -> str:
    """What stands before the @ of his address; where that is no user name, his name as offices shorten it."""
    family, given = fold(person.family_name), fold(person.given_name).replace(" ", "")
    names = (person.email.partition("@")[0].lower(), f"{given}.{''.join(word[0] for word in family.split())}")
    return next((name for name in names if USERNAME.fullmatch(name)), "")


@sensitive_variables("password")
@permitted(MANAGE)
def account_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with the one-time password itself: it is kept nowhere, so a redirect could not show it."""
    person = get_object_or_404(Person.objects.filter(user__isnull=True, left_on__isnull=True), pk=pk)
    form = AccountForm(request.POST or None, initial={"username": _suggested(person)})
    if request.method == "POST" and form.is_valid():
        try:
            account, password = actions.open_account(person, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _show_password(request, account, password)
    page = {
        "title": f"Mở tài khoản: {person.full_name}",
        "submit": "Mở tài khoản",
        "lead": "Mật khẩu tạm hiện ra một lần sau khi mở; người dùng phải đổi khi đăng nhập lần đầu.",
        "back": reverse("organization:account_list"),
        "back_label": "Tài khoản",
    }
    return render(
        request, "organization/form.html", {**page, "form": form}, status=422 if form.errors else 200
    )


@sensitive_variables("password")
@require_POST
@permitted(MANAGE)
def account_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with the one-time password itself, as ``account_open`` does."""
    account = get_object_or_404(User, pk=pk)
    try:
        password = actions.reset_password(account, by=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.reasons))
        return redirect("organization:account_detail", pk)
    return _show_password(request, account, password)


@require_POST
@permitted(MANAGE)
def account_disable(request: HttpRequest, pk: int) -> HttpResponse:
    account, reason = get_object_or_404(User, pk=pk), request.POST.get("comment", "")
    perform(
        request,
        lambda: actions.disable_account(account, by=request.user, reason=reason),
        done="Đã vô hiệu hóa tài khoản và đóng mọi phiên đăng nhập của tài khoản này.",
    )
    return redirect("organization:account_detail", pk)


@require_POST
@permitted(MANAGE)
def account_enable(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(User, pk=pk)
    perform(request, lambda: actions.enable_account(account, by=request.user), done="Đã mở lại tài khoản.")
    return redirect("organization:account_detail", pk)


@require_POST
@permitted(MANAGE)
def account_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(User, pk=pk)
    perform(request, lambda: actions.unlock_account(account, by=request.user), done="Đã mở khóa tạm.")
    return redirect("organization:account_detail", pk)


def account(request: HttpRequest) -> HttpResponse:
    """Tài khoản của tôi: what I may do and why, my password, my open sessions."""
    me: Any = request.user
    held = (
        Appointment.objects.today()
        .filter(person_id=me.acting.person_id)
        .select_related("unit", "delegated_by")
    )
    heads = any(one.role == roles.HEAD and not one.delegated_by_id for one in held)
    context = {
        "held": [(one, roles.ROLES[one.role]) for one in held],
        "sessions": _sessions(me),
        "present": request.session.session_key,
        "may_delegate": heads or me.acting.is_(roles.OFFICE),
        "digest_form": DigestForm(instance=me),
        "calendar_at": f"{settings.SITE_URL}{reverse('calendar_feed', args=[me.calendar_key])}"
        if me.calendar_key
        else "",
    }
    return render(request, "organization/account.html", context)


@require_POST
def account_close_sessions(request: HttpRequest) -> HttpResponse:
    closed = actions.close_other_sessions(request)
    messages.success(
        request, f"Đã đóng {closed} phiên đăng nhập khác." if closed else "Không có phiên nào khác."
    )
    return redirect("organization:account")


def _sessions(user: Any) -> QuerySet[OpenSession]:
    alive = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    return OpenSession.objects.filter(user=user, session_key__in=alive)


def _show_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    return render(request, "organization/account_password.html", {"account": account, "password": password})
