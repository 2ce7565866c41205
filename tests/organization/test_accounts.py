"""Accounts: opened with a one-time password, shut, locked, unlocked; sessions and the letter with the link."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.journal import history_of
from core.models import Letter
from core.workflow import Refused
from organization import actions
from organization.models import OpenSession, Person, User
from organization.queries import tasks_of
from tests.cast import PASSWORD, fresh

ClientOf = Callable[[User], Client]
NEW = "sông-xanh-chảy-mãi-7"


@pytest.fixture
def newcomer(stranger: User) -> Person:
    """Somebody of the Sở without an account."""
    person = stranger.person
    Person.objects.filter(pk=person.pk).update(user=None)
    return Person.objects.get(pk=person.pk)


def sign_in(username: str, password: str = PASSWORD, client: Client | None = None) -> tuple[Client, int]:
    client = client or Client()
    response = client.post(reverse("login"), {"username": username, "password": password})
    return client, response.status_code


def test_an_account_is_opened_with_a_password_used_once(technician: User, newcomer: Person) -> None:
    user, password = actions.open_account(newcomer, username=" Dang.Tung ", by=technician)
    assert user.username == "dang.tung"
    assert user.password.startswith("argon2")
    assert password not in str(history_of(user).values())
    client, status = sign_in("dang.tung", password)
    assert status == 302
    people = reverse("organization:person_list")
    assert client.get(people).headers["Location"] == reverse("password_change", query={"next": people})
    fields = {"old_password": password, "new_password1": password, "new_password2": password}
    page = client.post(reverse("password_change"), fields)
    assert page.status_code == 422
    assert "phải khác mật khẩu hiện tại" in page.content.decode()
    fields |= {"new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("password_change"), fields).headers["Location"] == reverse("home")
    assert client.get(reverse("organization:person_list")).status_code == 200
    assert sign_in("dang.tung", password)[1] == 422
    assert [entry.verb for entry in history_of(user)][:3] == [
        "sign_in_failed",
        "password_changed",
        "signed_in",
    ]


@pytest.mark.parametrize(
    ("username", "sentence"),
    [("ab", "3 đến 30"), ("Nguyễn An", "3 đến 30"), ("a b c", "3 đến 30"), ("clerk", "đã có người dùng")],
)
def test_a_bad_name_is_refused(username: str, sentence: str, technician: User, newcomer: Person) -> None:
    with pytest.raises(Refused, match=sentence):
        actions.open_account(newcomer, username=username, by=technician)


@pytest.mark.parametrize("part", ["office", "head", "director", "clerk"])
def test_only_the_technician_touches_accounts(part: str, cast: dict[str, User], newcomer: Person) -> None:
    by, user = cast[part], cast["colleague"]
    for act in (
        lambda: actions.open_account(newcomer, username="abc", by=by),
        lambda: actions.disable_account(user, by=by),
        lambda: actions.enable_account(user, by=by),
        lambda: actions.reset_password(user, by=by),
        lambda: actions.unlock_account(user, by=by),
    ):
        with pytest.raises(Refused, match="không có quyền"):
            act()


def test_a_disabled_account_is_out_at_once_and_its_sessions_stay_dead(technician: User, clerk: User) -> None:
    client, _ = sign_in("clerk")
    assert client.get(reverse("organization:account")).status_code == 200
    actions.disable_account(fresh(clerk), reason="Nghỉ dài ngày", by=technician)
    assert client.get(reverse("organization:account")).status_code == 302
    assert sign_in("clerk")[1] == 422
    actions.enable_account(fresh(clerk), by=technician)
    assert client.get(reverse("organization:account")).status_code == 302
    assert sign_in("clerk")[1] == 302
    with pytest.raises(Refused, match="của mình"):
        actions.disable_account(technician, by=technician)


def test_a_given_password_ends_sessions_tells_the_holder_and_grows_old(technician: User, clerk: User) -> None:
    client, _ = sign_in("clerk")
    password = actions.reset_password(fresh(clerk), by=technician)
    assert client.get(reverse("organization:account")).status_code == 302
    letter = Letter.objects.get(recipient=clerk)
    assert "Ngô Văn Quân" in letter.body
    assert password not in letter.body
    assert tasks_of(technician) == []
    User.objects.filter(pk=clerk.pk).update(password_changed_at=timezone.now() - timedelta(days=8))
    response = Client().post(reverse("login"), {"username": "clerk", "password": password})
    assert response.status_code == 422
    assert "Mật khẩu tạm đã quá 7 ngày" in response.content.decode()
    (task,) = tasks_of(technician)
    assert task.count == 1
    with pytest.raises(Refused, match="tự đổi mật khẩu"):
        actions.reset_password(technician, by=technician)


def test_five_wrong_passwords_lock_the_name_until_the_technician_unlocks_it(
    technician: User, clerk: User, client_of: ClientOf
) -> None:
    statuses = [sign_in("clerk", "sai-hoàn-toàn-1")[1] for _ in range(6)]
    assert statuses == [422, 422, 422, 422, 429, 429]
    page = Client().post(reverse("login"), {"username": "CLERK ", "password": PASSWORD})
    assert page.status_code == 429
    assert "khóa tạm" in page.content.decode()
    assert history_of(clerk).filter(verb="locked").count() == 1
    assert history_of(clerk).filter(verb="sign_in_failed").count() == 4
    browser = client_of(technician)
    assert (
        "clerk" in browser.get(reverse("organization:account_list") + "?tinh-trang=khoa-tam").content.decode()
    )
    assert (
        "Mở khóa tạm" in browser.get(reverse("organization:account_detail", args=[clerk.pk])).content.decode()
    )
    browser.post(reverse("organization:account_unlock", args=[clerk.pk]))
    assert sign_in("clerk")[1] == 302
    assert history_of(clerk).filter(verb="unlocked").exists()


def test_unknown_and_known_names_get_the_same_answer(clerk: User) -> None:
    fields = {"password": "sai-hoàn-toàn-1"}
    pages = [Client().post(reverse("login"), {**fields, "username": name}) for name in ("clerk", "khong.co")]
    assert [page.status_code for page in pages] == [422, 422]
    sentences = [list(page.context["form"].non_field_errors()) for page in pages]
    assert sentences[0] == sentences[1]


def test_my_page_counts_my_sessions_and_closes_the_others(head: User) -> None:
    first, _ = sign_in("head")
    second, _ = sign_in("head")
    page = second.get(reverse("organization:account")).content.decode()
    assert "đang mở (2)" in page
    assert "Xác nhận thành tích, duyệt phiếu" in page
    second.post(reverse("organization:account_close_sessions"))
    assert first.get(reverse("organization:account")).status_code == 302
    assert second.get(reverse("organization:account")).status_code == 200
    second.post(reverse("logout"))
    assert not OpenSession.objects.exists()


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(clerk: User) -> None:
    other, _ = sign_in("clerk")
    client, _ = sign_in("clerk")
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("password_change"), fields).status_code == 302
    assert client.get(reverse("organization:account")).status_code == 200
    assert other.get(reverse("organization:account")).status_code == 302


@pytest.mark.parametrize("password", ["ngan", "1234567890", "so-noi-vu-2026", "Sở Nội Vụ tỉnh 9"])
def test_a_weak_password_is_refused_in_vietnamese(password: str, clerk: User, client_of: ClientOf) -> None:
    fields = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    page = client_of(clerk).post(reverse("password_change"), fields)
    assert page.status_code == 422
    assert any("ật khẩu" in sentence for sentence in page.context["form"].errors["new_password1"])


def _ask(email: str) -> tuple[int, str]:
    response = Client().post(reverse("password_reset"), {"email": email}, HTTP_HOST="evil.example")
    return response.status_code, response.headers["Location"]


def _link() -> str:
    body = Letter.objects.latest("pk").body
    return next(word for word in body.split() if "/dat-lai-mat-khau/" in word)


def test_the_letter_opens_a_new_password_once(
    clerk: User, django_capture_on_commit_callbacks: Callable
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert _ask(" CLERK@snv.example ") == (302, reverse("password_reset_done"))
    assert mail.outbox[0].to == ['"Nguyễn Văn An" <clerk@snv.example>']
    link = _link()
    assert "evil.example" not in link
    client = Client()
    path = link.split("8000")[-1]
    page = client.get(path, follow=True)
    assert "Đặt mật khẩu mới" in page.content.decode()
    done = client.post(page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    assert done.headers["Location"] == reverse("password_reset_complete")
    assert sign_in("clerk", NEW)[1] == 302
    assert "không còn dùng được" in Client().get(path, follow=True).content.decode()
    assert history_of(clerk).filter(verb="password_changed").exists()


def test_an_unknown_address_gets_the_same_page_and_no_letter(clerk: User) -> None:
    assert _ask("khong.co@snv.example") == _ask("clerk@snv.example")
    assert Letter.objects.count() == 1
    _ask("clerk@snv.example")
    assert Letter.objects.count() == 1
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert "không còn dùng được" in Client().get(_link().split("8000")[-1], follow=True).content.decode()


def test_the_letter_with_the_key_is_read_by_its_recipient_alone(
    clerk: User, office: User, technician: User, inspector: User, client_of: ClientOf
) -> None:
    _ask("clerk@snv.example")
    address = reverse("letter_detail", args=[Letter.objects.get().pk])
    assert client_of(clerk).get(address).status_code == 200
    for user in (office, technician, inspector):
        assert client_of(user).get(address).status_code == 404
        assert "Đặt lại mật khẩu" not in client_of(user).get(reverse("letter_list")).content.decode()


def test_decomposed_letters_in_the_address_find_the_account(clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(email="nguyễn.an@snv.example")
    _ask("Nguye\u0302\u0303n.An@snv.example")
    assert Letter.objects.filter(recipient=clerk).exists()


def test_the_technicians_pages(technician: User, newcomer: Person, client_of: ClientOf) -> None:
    client = client_of(technician)
    address = reverse("organization:account_open", args=[newcomer.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"username": "clerk"}).status_code == 422
    page = client.post(address, {"username": "dang.tung"})
    user = User.objects.get(username="dang.tung")
    assert user.check_password(page.context["password"])
    assert page.context["password"] in page.content.decode()
    for act, verb in [("disable", "disabled"), ("enable", "enabled"), ("reset", "password_given")]:
        client.post(reverse(f"organization:account_{act}", args=[user.pk]), {"comment": "Thử"})
        assert history_of(user).first().verb == verb  # type: ignore[union-attr]
    page = client.get(reverse("organization:account_detail", args=[user.pk]))
    assert "Cấp lại mật khẩu tạm" in page.content.decode()


@pytest.mark.parametrize(
    ("email", "offered"),
    [
        ("Dang.Tung@snv.example", "dang.tung"),
        ("on@snv.example", "on.dv"),
        ("", "on.dv"),
        ("một@x.example", "on.dv"),
    ],
)
def test_the_offered_user_name_is_one_that_is_taken(
    technician: User, newcomer: Person, client_of: ClientOf, email: str, offered: str
) -> None:
    Person.objects.filter(pk=newcomer.pk).update(email=email, family_name="Đặng Văn", given_name="Ơn")
    address = reverse("organization:account_open", args=[newcomer.pk])
    assert f'value="{offered}"' in client_of(technician).get(address).content.decode()
    assert client_of(technician).post(address, {"username": offered}).status_code == 200


@pytest.mark.parametrize("act", ["disable", "enable", "reset", "unlock"])
def test_account_acts_are_not_there_for_others(
    act: str, office: User, clerk: User, client_of: ClientOf
) -> None:
    address = reverse(f"organization:account_{act}", args=[clerk.pk])
    assert client_of(office).post(address).status_code == 404
    assert client_of(office).get(address).status_code == 405
    assert fresh(clerk).is_active
