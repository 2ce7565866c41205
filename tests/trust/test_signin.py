"""Signing in: the same answer for every wrong pair, a lock after five, passwords worth their name, links good once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core.journal import history_of
from core.models import Letter
from organization.actions import reset_password, unlock_account
from organization.models import User
from organization.passwords import PortalArgon2Hasher
from tests.cast import PASSWORD

NEW = "câu-khác-cũng-rất-dài-7"
SignIn = Callable[..., Any]


def body(answer: Any) -> str:
    """The page without what is different every time."""
    text = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return re.sub(r'content="[A-Za-z0-9]{64}"', "", text)


# --- the same answer -----------------------------------------------------------------------------------
def test_an_unknown_name_and_a_wrong_password_look_the_same(cast: Any, sign_in: SignIn) -> None:
    unknown, wrong = sign_in(Client(), "khong-co-ai"), sign_in(Client(), "clerk", "sai-mật-khẩu-dài")
    assert unknown.status_code == wrong.status_code == 422
    assert body(unknown) == body(wrong)
    User.objects.filter(username="clerk").update(is_active=False)
    assert body(sign_in(Client(), "clerk")) == body(unknown)


def test_an_unknown_name_costs_as_much_work_as_a_known_one(
    cast: Any, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    encode = PortalArgon2Hasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        made.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(PortalArgon2Hasher, "encode", counted)
    sign_in(Client(), "khong-co-ai")
    assert len(made) == 1
    verified: list[str] = []
    verify = PortalArgon2Hasher.verify
    monkeypatch.setattr(
        PortalArgon2Hasher,
        "verify",
        lambda self, given, known: verified.append(given) or verify(self, given, known),
    )
    sign_in(Client(), "clerk", "sai-mật-khẩu-dài")
    assert len(verified) == 1


def test_asking_for_a_link_says_the_same_for_every_address(
    cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    answers = []
    for address in ("clerk@snv.example", "khong-co@snv.example"):
        with django_capture_on_commit_callbacks(execute=True):
            answers.append(Client().post(reverse("password_reset"), {"email": address}, follow=True))
    assert body(answers[0]) == body(answers[1])
    assert [message.to for message in mail.outbox] == [['"Nguyễn Văn An" <clerk@snv.example>']]


# --- the lock ------------------------------------------------------------------------------------------
def test_five_failures_lock_and_the_right_password_does_not_open(cast: Any, sign_in: SignIn) -> None:
    client = Client()
    codes = [sign_in(client, "clerk", f"sai-mật-khẩu-{number}").status_code for number in range(5)]
    assert codes[:4] == [422] * 4
    assert codes[4] == 429
    locked = sign_in(client, "clerk")
    assert locked.status_code == 429
    assert "15 phút" in locked.content.decode()
    assert locked["Content-Type"].startswith("text/html")
    assert sign_in(client, "colleague").status_code == 302  # the others work on


def test_a_locked_name_that_nobody_has_looks_the_same(cast: Any, sign_in: SignIn) -> None:
    first, second = Client(), Client()
    for number in range(5):
        sign_in(first, "clerk", f"sai-mật-khẩu-{number}")
        sign_in(second, "khong-co-ai", f"sai-mật-khẩu-{number}")
    assert body(sign_in(first, "clerk")) == body(sign_in(second, "khong-co-ai"))


def test_the_technician_unlocks(cast: Any, sign_in: SignIn) -> None:
    client = Client()
    for number in range(6):
        sign_in(client, "clerk", f"sai-mật-khẩu-{number}")
    unlock_account(cast["clerk"], by=cast["technician"])
    assert sign_in(client, "clerk").status_code == 302


def test_a_success_forgets_the_failures_before_it(cast: Any, sign_in: SignIn) -> None:
    client = Client()
    for _ in range(2):
        for number in range(4):
            assert sign_in(client, "clerk", f"sai-mật-khẩu-{number}").status_code == 422
        assert sign_in(client, "clerk").status_code == 302
        client.post(reverse("logout"))


def test_another_way_of_writing_the_name_is_counted_as_the_same(cast: Any, sign_in: SignIn) -> None:
    client = Client()
    names = ["clerk", "CLERK", " clerk ", "Clerk", "clerk\u200b"]
    codes = [sign_in(client, name, "sai-mật-khẩu-dài").status_code for name in names]
    assert codes[-1] == 429


def test_success_failure_and_lock_are_in_the_journal(cast: Any, sign_in: SignIn) -> None:
    client = Client()
    sign_in(client, "clerk")
    client.post(reverse("logout"))
    for number in range(7):
        sign_in(client, "clerk", f"sai-mật-khẩu-{number}")
    verbs = list(history_of(cast["clerk"]).values_list("verb", flat=True))
    assert verbs.count("signed_in") == 1
    assert verbs.count("signed_out") == 1
    assert verbs.count("locked") == 1
    assert verbs.count("sign_in_failed") >= 4
    line = history_of(cast["clerk"]).filter(verb="signed_in").get()
    assert line.data == {"address": "127.0.0.1"}


# --- passwords -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "password",
    [
        "ngắn-quá",
        "123456789012",
        "password1234",
        "qwertyuiop",
        "sonoivu@2026",
        "Nội Vụ 2026 tốt",
        "THIĐUA-khenthuong",
        "thi dua 123456",
        "Mật khẩu 12345",
        "nguyenvanclerk",
        "mười ba ký tự",
        "mot-cau-sonoivu-dai",
        "yêu nội vụ từ bé",
        "Password!2025-2026",
        "iloveyou 123456789",
        "qwertyuiop@@1990",
    ],
)
def test_weak_passwords_are_refused(password: str, cast: Any) -> None:
    user = User(username="nguyenvanclerk", email="x@snv.example")
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize(
    "password", ["mười hai con cò trắng", "Xanh-lá-cây-đổ-9", "x7" * 64, "😀 con mèo ngủ trưa"]
)
def test_long_phrases_are_welcome_in_any_letters(password: str) -> None:
    validate_password(password)


def test_the_length_is_a_setting(settings: Any) -> None:
    assert settings.PASSWORD_MIN_LENGTH == 14
    with pytest.raises(ValidationError, match="ít nhất 14 ký tự"):
        validate_password("mười ba chữ a")
    validate_password("mười bốn chữ a")
    settings.PASSWORD_MIN_LENGTH = 8  # where there is a second factor
    validate_password("cá bống!")


def test_the_province_may_be_among_the_words(settings: Any) -> None:
    validate_password("chiều Lào Cai mưa")
    settings.PASSWORD_WORDS = ["Lào Cai", "snvlc"]
    for password in ("chiều Lào Cai mưa", "LAOCAI-chieu-mua-7", "chiều mưa ở SNV-LC"):
        with pytest.raises(ValidationError, match="tên cơ quan"):
            validate_password(password)


@pytest.mark.parametrize("least", [8, 14, 20])
def test_a_first_password_is_as_long_as_others_must_be(least: int, cast: Any, settings: Any) -> None:
    settings.PASSWORD_MIN_LENGTH = least
    given = reset_password(cast["clerk"], by=cast["technician"])
    assert len(given) >= least
    validate_password(given, cast["clerk"])


def test_the_page_says_how_to_choose_well(clerk: User, client_of: Any) -> None:
    html = client_of(clerk).get(reverse("password_change")).content.decode()
    assert "Ít nhất 14 ký tự" in html
    assert "một câu bốn, năm từ" in html


def test_a_password_is_never_trimmed_or_cut(cast: Any, sign_in: SignIn) -> None:
    user = cast["clerk"]
    user.set_password("  " + "dài-" * 40 + "  ")
    user.save()
    assert sign_in(Client(), "clerk", "  " + "dài-" * 40 + "  ").status_code == 302
    assert sign_in(Client(), "clerk", ("dài-" * 40).strip()).status_code == 422


def test_passwords_are_kept_as_argon2id_with_the_written_cost(cast: Any, sign_in: SignIn) -> None:
    user = cast["clerk"]
    user.set_password(NEW)
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert identify_hasher(user.password).__class__ is PortalArgon2Hasher
    User.objects.filter(pk=user.pk).update(password="pbkdf2_sha256$1$a$b")
    assert sign_in(Client(), "clerk").status_code == 422


def test_the_change_page_refuses_with_sentences_at_the_field(clerk: User, client_of: Any) -> None:
    client = client_of(clerk)
    for new, again in (
        ("ngắn", "ngắn"),
        (NEW, NEW + "x"),
        ("sonoivu-2026-x", "sonoivu-2026-x"),
        (PASSWORD, PASSWORD),
    ):
        form = {"old_password": PASSWORD, "new_password1": new, "new_password2": again}
        answer = client.post(reverse("password_change"), form)
        assert answer.status_code == 422
        assert new not in answer.content.decode() or new == "ngắn"
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


# --- the link of the letter ----------------------------------------------------------------------------
@pytest.fixture
def link(clerk: User, django_capture_on_commit_callbacks: Any) -> str:
    """The address in the letter, asked for with a host that is not ours."""
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(
            reverse("password_reset"),
            {"email": clerk.email},
            headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
        )
    text = mail.outbox[0].body
    assert "evil.example" not in text + str(mail.outbox[0].message())
    [found] = re.findall(r"https?://\S+", text)
    return found


def path_of(link: str, settings: Any) -> str:
    assert link.startswith(settings.SITE_URL + "/")
    return link.removeprefix(settings.SITE_URL)


def use(client: Client, path: str) -> Any:
    """Open the link and set the new password, as the holder does."""
    opened = client.get(path, follow=True)
    if opened.redirect_chain:
        return client.post(opened.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    return opened


def works(path: str, clerk: User) -> bool:
    use(Client(), path)
    clerk.refresh_from_db()
    return clerk.check_password(NEW)


def test_a_link_is_good_once(link: str, settings: Any, clerk: User) -> None:
    path = path_of(link, settings)
    assert works(path, clerk)
    clerk.set_password(PASSWORD)
    clerk.save()
    assert not works(path, clerk)


def test_a_link_dies_after_an_hour(link: str, settings: Any, clerk: User) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT <= 3600
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert not works(path_of(link, settings), clerk)


@pytest.mark.parametrize("change", ["password", "email", "disabled"])
def test_a_link_dies_when_the_account_changes(link: str, settings: Any, clerk: User, change: str) -> None:
    if change == "password":
        clerk.set_password("câu-thứ-ba-cũng-dài")
        clerk.save()
    elif change == "email":
        User.objects.filter(pk=clerk.pk).update(email="khac@snv.example")
    else:
        User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert not works(path_of(link, settings), clerk)


def test_a_link_of_one_person_does_not_open_another_s_account(
    link: str, settings: Any, clerk: User, colleague: User
) -> None:
    token = path_of(link, settings).rstrip("/").rpartition("/")[2]
    for uid in ("MQ", "AA", "x" * 500, "%00", "..", "MQ=="):
        client = Client()
        assert client.get(f"/dat-lai-mat-khau/{uid}/{token}/").status_code in {200, 302, 400, 404}
    colleague.refresh_from_db()
    assert colleague.check_password(PASSWORD)


def test_the_link_does_not_stay_in_the_address(link: str, settings: Any) -> None:
    answer = Client().get(path_of(link, settings))
    assert answer.status_code == 302
    assert answer["Location"].endswith("/set-password/")


@pytest.fixture
def inside(clerk: User, client_of: Any) -> Client:
    """A browser in which the clerk is signed in; made before the link, because signing in uses it up."""
    client = client_of(clerk)
    assert client.get("/").status_code == 200
    return client


def test_a_used_link_ends_the_open_sessions(inside: Client, link: str, settings: Any, clerk: User) -> None:
    assert works(path_of(link, settings), clerk)
    assert inside.get("/").status_code == 302


def test_signing_in_uses_the_link_up(link: str, settings: Any, clerk: User, sign_in: SignIn) -> None:
    assert sign_in(Client(), "clerk").status_code == 302
    assert not works(path_of(link, settings), clerk)


def test_asking_again_and_again_sends_no_flood(clerk: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            Client().post(reverse("password_reset"), {"email": clerk.email})
    assert 1 <= Letter.objects.filter(recipient=clerk).count() <= 2


def test_the_words_of_the_lock_follow_the_setting(settings: Any, cast: Any, sign_in: SignIn) -> None:
    settings.AXES_COOLOFF_TIME = timedelta(minutes=20)
    client = Client()
    for number in range(6):
        answer = sign_in(client, "clerk", f"sai-mật-khẩu-{number}")
    assert "20 phút" in answer.content.decode()
