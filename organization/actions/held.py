"""Forms that came too late: kept for the one who typed them, shown before they are sent again, and for nobody else."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware import csrf

from organization.models import User

HELD = "held_form"
HELD_LIMIT = 200_000
NEVER_HELD = ("password", "secret")  # in the name of a field
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - a field's name
LAST_USER = settings.LAST_USER_COOKIE
LAST_USER_AGE = 30 * 24 * 60 * 60
SECRETS_KEPT = 5


@dataclass(frozen=True)
class LastUser:
    """Who signed in here last, as a signed cookie tells; it opens nothing.

    ``secrets`` are those of the pages that this person, and nobody since, may still have open from sessions before:
    signing in changes the secret, and a form of such a page comes with the old one.
    """

    pk: int
    secrets: tuple[str, ...] = ()

    def wrote(self, token: str) -> bool:
        """Whether a form with this token comes from one of those pages."""
        try:
            csrf._check_token_format(token)  # type: ignore[attr-defined]
        except csrf.InvalidTokenFormat:
            return False
        return any(csrf._does_token_match(token, secret) for secret in self.secrets)  # type: ignore[attr-defined]


def last_user(request: HttpRequest) -> LastUser | None:
    found = request.get_signed_cookie(LAST_USER, default="", max_age=LAST_USER_AGE) or ""
    pk, *secrets = found.split() or [""]
    return LastUser(int(pk), tuple(secrets)) if pk.isdigit() else None


def remember_user(request: HttpRequest, response: HttpResponse, user: User, *, secret: str) -> None:
    """Note who has just signed in; ``secret`` is the one that the pages of the session before carry."""
    before = last_user(request)
    same = before.secrets if before and before.pk == user.pk else None
    secrets = () if same is None or len(secret) != csrf.CSRF_SECRET_LENGTH else (secret, *same)[:SECRETS_KEPT]
    response.set_signed_cookie(
        LAST_USER,
        " ".join([str(user.pk), *secrets]),
        max_age=LAST_USER_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_user(response: HttpResponse) -> None:
    response.delete_cookie(LAST_USER)


def typed(request: HttpRequest) -> list[list[str]]:
    """The fields of the form; none when it holds what nobody may keep (a password, a secret vote) or is too long."""
    fields = [[name, value] for name, values in request.POST.lists() for value in values if name != TOKEN]
    size = sum(len(name) + len(value) for name, value in fields)
    is_private = any(word in name for name, _ in fields for word in NEVER_HELD)
    return [] if is_private or size > HELD_LIMIT else fields


def hold_form(request: HttpRequest, user_id: int) -> bool:
    """Keep the form in the session, for this user only. Files cannot be kept; their names say what to choose again."""
    fields = typed(request)
    if not fields:
        return False
    files = [file.name for _, found in request.FILES.lists() for file in found]
    request.session[HELD] = {
        "user": user_id,
        "path": request.get_full_path(),
        "fields": fields,
        "files": files,
    }
    return True


def held_form(request: HttpRequest) -> dict[str, Any] | None:
    """The form that waits for this user."""
    found = request.session.get(HELD)
    return found if found and found["user"] == request.user.pk else None


def drop_held_form(request: HttpRequest) -> None:
    request.session.pop(HELD, None)
