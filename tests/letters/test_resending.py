"""A letter that did not leave is sent again by the Office, and the journal says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from core import clock
from core.journal import history_of
from core.models import Entry, Letter
from core.outbox import post, resend, resend_held_up
from core.workflow import AlreadyDone, Refused
from organization.actions import change_person
from organization.models import User


@pytest.fixture
def letter(clerk: User) -> Letter:
    """Came back from the clerk's address."""
    [letter] = post("account_idle", "x", to=[clerk], about=clerk, link="", context={"days": 45})
    Letter.objects.update(
        state=Letter.State.BOUNCED,
        attempts=1,
        queued_at=None,
        last_error="Máy chủ thư không nhận địa chỉ này (máy chủ trả lời: 550 No such user).",
    )
    letter.refresh_from_db()
    return letter


def press(client: Any, letter: Letter, commit: Any, **data: str) -> str:
    with commit(execute=True):
        answer = client.post(reverse("letter_resend", args=[letter.pk]), data, follow=True)
    assert answer.status_code == 200
    told = answer.content.decode()
    return told + client.get(reverse("letter_detail", args=[letter.pk])).content.decode()


def test_a_corrected_address_is_where_it_goes(
    letter: Letter, clerk: User, office: User, client_of: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(office)
    html = client.get(reverse("letter_detail", args=[letter.pk])).content.decode()
    assert "Không tới được" in html
    assert "550 No such user" in html
    User.objects.filter(pk=clerk.pk).update(email="an.moi@snv.example")
    html = client.get(reverse("letter_detail", args=[letter.pk])).content.decode()
    assert "Gửi lại tới an.moi@snv.example" in html
    html = press(client, letter, django_capture_on_commit_callbacks)
    assert "Đã gửi" in html
    assert "Gửi lại thư tới địa chỉ mới an.moi@snv.example" in html  # the timeline
    assert [message.to for message in mail.outbox] == [[f'"{clerk.display_name}" <an.moi@snv.example>']]
    letter.refresh_from_db()
    assert (letter.state, letter.last_error, letter.attempts) == (Letter.State.SENT, "", 1)


def test_an_address_that_refused_must_be_checked_first(
    letter: Letter, office: User, client_of: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(office)
    html = press(client, letter, django_capture_on_commit_callbacks)
    assert "đã từ chối địa chỉ" in html
    assert mail.outbox == []
    html = press(client, letter, django_capture_on_commit_callbacks, address_checked="1")
    assert "Đã kiểm tra địa chỉ." in html
    assert len(mail.outbox) == 1


def test_the_warning_about_a_new_address_goes_to_the_old_one_for_ever(
    clerk: User, office: User, client_of: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Whoever changed it reads the new address; the warning is for the holder."""
    old = clerk.email
    change_person(clerk.person, email="ke-gian@snv.example", by=office)
    letter = Letter.objects.get(kind="address_changed")
    broken = {
        "state": Letter.State.FAILED,
        "attempts": 11,
        "next_attempt_at": clock.now() + timedelta(days=1),
    }
    Letter.objects.filter(pk=letter.pk).update(**broken)
    client = client_of(office)
    html = client.get(reverse("letter_detail", args=[letter.pk])).content.decode()
    assert "Gửi lại tới" not in html
    press(client, letter, django_capture_on_commit_callbacks)
    assert [message.to for message in mail.outbox] == [[f'"{clerk.display_name}" <{old}>']]
    assert history_of(letter).get(verb="resent").label == "Gửi lại thư"


def test_without_an_address_nothing_can_be_sent(letter: Letter, clerk: User, office: User) -> None:
    User.objects.filter(pk=clerk.pk).update(email="")
    with pytest.raises(Refused, match="chưa có địa chỉ thư"):
        resend(Letter.objects.get(), by=office, address_checked=True)


def test_a_postponed_letter_is_sent_at_once(
    letter: Letter, office: User, django_capture_on_commit_callbacks: Any
) -> None:
    later = clock.now() + timedelta(hours=8)
    Letter.objects.update(state=Letter.State.WAITING, attempts=6, next_attempt_at=later)
    with django_capture_on_commit_callbacks(execute=True):
        resend(letter, by=office)
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT


@pytest.mark.parametrize("state", [Letter.State.SENT, Letter.State.SENDING, Letter.State.WAITING])
def test_what_left_or_is_leaving_is_not_sent_twice(state: str, letter: Letter, office: User) -> None:
    Letter.objects.update(state=state, attempts=0)
    with pytest.raises(AlreadyDone):
        resend(letter, by=office)
    assert not history_of(letter).exists()


def test_two_presses_are_one(letter: Letter, office: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        resend(letter, by=office, address_checked=True)
        with pytest.raises(AlreadyDone):
            resend(letter, by=office, address_checked=True)
    assert len(mail.outbox) == 1
    assert history_of(letter).count() == 1


def test_only_the_office_sends_again(
    letter: Letter, clerk: User, inspector: User, technician: User, stranger: User, client_of: Any
) -> None:
    address = reverse("letter_resend", args=[letter.pk])
    for user, found in [(clerk, True), (inspector, True), (technician, False), (stranger, False)]:
        with pytest.raises(Refused):
            resend(letter, by=user)
        client = client_of(user)
        assert client.post(address).status_code == (302 if found else 404)
        if found:
            page = client.get(reverse("letter_detail", args=[letter.pk])).content.decode()
            assert address not in page
    letter.refresh_from_db()
    assert letter.state == Letter.State.BOUNCED


def test_the_list_tells_and_filters(letter: Letter, clerk: User, office: User, client_of: Any) -> None:
    [late] = post("account_idle", "y", to=[clerk], about=clerk, link="", context={"days": 45})
    Letter.objects.filter(pk=late.pk).update(attempts=2, may_be_double=True, subject="Thư chờ")
    client = client_of(office)
    for choice, seen in [("bounced", False), ("bi-cham", True), ("co-the-trung", True), ("sent", False)]:
        html = client.get(reverse("letter_list"), {"tinh-trang": choice}).content.decode()
        assert ("Thư chờ" in html) is seen
    assert "Chờ gửi lại, có thể trùng" in client.get(reverse("letter_list")).content.decode()


def test_after_an_outage_all_that_waits_goes_by_one_press(
    letter: Letter, clerk: User, office: User, client_of: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """... and what an address refused is not among it."""
    for number, state in enumerate(["waiting", "failed", "sent"]):
        [made] = post("account_idle", f"y{number}", to=[clerk], about=clerk, link="", context={"days": 45})
        later = clock.now() + timedelta(hours=8)
        Letter.objects.filter(pk=made.pk).update(state=state, attempts=6, next_attempt_at=later)
    client, address = client_of(office), reverse("letter_resend_all")
    assert "Gửi lại ngay 2 thư" in client.get(reverse("letter_list")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert len(mail.outbox) == 2
    assert set(Letter.objects.exclude(pk=letter.pk).values_list("state", flat=True)) == {"sent"}
    letter.refresh_from_db()
    assert letter.state == Letter.State.BOUNCED
    assert Entry.objects.filter(verb="resent", actor=office).count() == 2
    html = client.post(address, follow=True).content.decode()
    assert "Không còn thư nào phải gửi lại." in html
    assert "Gửi lại ngay" not in html


def test_only_the_office_sends_all_again(clerk: User, technician: User, client_of: Any) -> None:
    for user in (clerk, technician):
        assert client_of(user).post(reverse("letter_resend_all")).status_code == 404
        with pytest.raises(Refused):
            resend_held_up(by=user)


def test_a_letter_without_a_page_of_its_own_has_no_button(letter: Letter) -> None:
    assert "Mở hồ sơ" not in letter.body + letter.body_html
