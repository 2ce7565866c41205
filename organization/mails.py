"""The letters about accounts."""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from core import clock
from core.models import Entry
from core.outbox import post
from organization.models import User

RESET_PAUSE = 5 * 60  # seconds in which asking again sends no second letter


def reset_letter(user: User) -> None:
    """The link to a new password: good once, for an hour."""
    link = reverse(
        "password_reset_confirm",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )
    changed = int(user.password_changed_at.timestamp()) if user.password_changed_at else 0
    key = f"password-reset:{changed}:{int(clock.now().timestamp()) // RESET_PAUSE}"
    post("password_reset", key, to=[user], about=user, link=link, context={"username": user.username})


def first_password_letter(user: User, entry: Entry) -> None:
    """Tell the holder that somebody has set a new one-time password for the account."""
    post(
        "password_given",
        f"password-given:{entry.pk}",
        to=[user],
        about=user,
        link=reverse("login"),
        context={"entry": entry},
    )


def address_changed_letter(user: User, entry: Entry, address: str) -> None:
    """To the old address, because whoever reads the new one can ask for a new password with it."""
    if user.email:
        post(
            "address_changed",
            f"address-changed:{entry.pk}",
            to=[user],
            about=user,
            link="",
            context={"entry": entry, "new_address": address},
        )


def idle_letter(user: User, entry: Entry, days: int) -> None:
    """To the holder, so that he asks for the account before he needs it."""
    post(
        "account_idle",
        f"account-idle:{entry.pk}",
        to=[user],
        about=user,
        link="",
        context={"entry": entry, "days": days},
    )
