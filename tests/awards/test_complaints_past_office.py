"""Everybody of the Office is complained of: the Director handles it or names somebody; past him it goes above."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import complaints
from awards.models import Complaint, Decision, Hold, Review
from awards.queries import tasks_of
from awards.queries.answers import who_may_take
from awards.workflow import COMPLAINT
from core import clock
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization import roles
from organization.models import Appointment, Posting, Unit, User
from tests.awards.open_periods import moment, nominate, of, publish, season
from tests.cast import fresh
from tests.reminding.test_owed import in_reminders, on_first_pages

WITHIN = moment(date(2025, 1, 8), 10)
UPHELD: dict[str, Any] = {
    "outcome": "upheld", "resolution": "Nội dung đơn là đúng.", "document_number": "45/TB-SNV",
    "document_date": date(2025, 1, 8),
}  # fmt: skip
DENIED = "không có quyền"


@pytest.fixture(autouse=True)
def within_the_period() -> Iterator[None]:
    with clock.at(WITHIN):
        yield


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return publish(season(office, cast, units), office)


def written(**changes: Any) -> dict[str, Any]:
    return {"kind": "complaint", "text": "Kê khai thành tích không đúng.", **changes}


@pytest.fixture
def complaint(review: Review, office: User, cast: dict[str, User]) -> Complaint:
    """Tùng complains of Hà, who is all of the Office."""
    return complaints.complain(review, written(nomination=of(review, office)), by=cast["stranger"])


@pytest.fixture
def about_both(
    review: Review, office: User, director: User, units: dict[str, Unit], clerk: User
) -> Complaint:
    """Of a decision that rewards Hà and the Director."""
    nominate(review, units["so"], director, office)
    decision = Decision.objects.create(
        review=review, level="so", title="Khen thưởng", number="41/QĐ-SNV", signed_on=date(2025, 1, 7),
        issuer="Giám đốc Sở Nội vụ", state="issued", prepared_by=office,
    )  # fmt: skip
    for who in (office, director):
        decision.entries.create(nomination=of(review, who))
    return complaints.complain(review, written(decision=decision), by=clerk)


def handlers(complaint: Complaint, cast: dict[str, User]) -> set[str]:
    found = Complaint.objects.get(pk=complaint.pk)
    return {part for part, user in cast.items() if "accept" in _verbs(found, user)}


def _verbs(complaint: Complaint, user: User) -> set[str]:
    return {move.verb for move in COMPLAINT.available(complaint, fresh(user))}


def told(user: User) -> list[str]:
    return [task.title for task in tasks_of(fresh(user)) if "đơn" in task.title]


def delegate(deputy: User, director: User) -> User:
    top = Unit.objects.get(parent=None)
    Appointment.objects.create(
        person=deputy.person, role=roles.HEAD, unit=top, delegated_by=director.person,
        started_on=date(2025, 1, 6), ended_on=date(2025, 1, 31),
    )  # fmt: skip
    return fresh(deputy)


def test_the_director_handles_it_to_the_end(
    complaint: Complaint, cast: dict[str, User], office: User, director: User
) -> None:
    assert handlers(complaint, cast) == {"director"}
    [came] = Letter.objects.filter(kind="awards/private/complaint_came")
    assert came.recipient == director
    assert "Giám đốc giải quyết hoặc giao" in came.body
    assert told(director) == ["Thụ lý đơn khiếu nại: Bình xét năm 2024"]
    assert told(office) == []
    assert in_reminders() == on_first_pages()
    complaints.accept(complaint, by=director)
    complaints.resolve(complaint, {**UPHELD, "consequence": "hold"}, by=director)
    assert (complaint.state, complaint.hold) == ("resolved", Hold.objects.get(person=office.person))  # type: ignore[attr-defined]
    assert told(director) == []
    assert not Complaint.objects.visible_to(office).exists()


def test_where_one_of_the_office_is_free_the_director_keeps_out(
    review: Review, office: User, second_office: User, director: User, cast: dict[str, User]
) -> None:
    one = complaints.complain(review, written(nomination=of(review, office)), by=cast["stranger"])
    assert handlers(one, cast) == {"office_head"}
    assert told(director) == []
    with pytest.raises(Refused, match=DENIED):
        complaints.accept(one, by=director)
    with pytest.raises(Refused, match="Chỉ Giám đốc giao"):
        complaints.give(one, cast["appraiser"], by=director)


def test_what_the_office_has_sent_itself_is_the_directors_too(
    review: Review, office: User, cast: dict[str, User]
) -> None:
    own = complaints.complain(review, written(), by=office)
    assert handlers(own, cast) == {"director"}


def test_the_director_names_somebody_for_this_one_complaint(
    complaint: Complaint, review: Review, cast: dict[str, User], director: User, office: User
) -> None:
    appraiser = cast["appraiser"]
    complaints.give(complaint, appraiser, by=director, version=1)
    complaint.refresh_from_db()
    assert (complaint.handler, complaint.version, complaint.state) == (appraiser, 2, "received")
    assert history_of(complaint).get(verb="give").label == "Giao giải quyết đơn: Phan Thị Thu"
    [letter] = Letter.objects.filter(kind="awards/private/complaint_given")
    assert letter.recipient == appraiser
    assert "20/01/2025" in letter.body
    assert not any(word in letter.body for word in ("Hà", "Kê khai", "Tùng"))
    assert handlers(complaint, cast) == {"director", "appraiser"}
    assert (told(appraiser), told(director)) == (["Thụ lý đơn khiếu nại: Bình xét năm 2024"], [])
    assert in_reminders() == on_first_pages()
    other = complaints.complain(review, written(text="Khác", nomination=of(review, office)), by=cast["clerk"])
    assert handlers(other, cast) == {"director"}  # for this one only
    assert not Complaint.objects.visible_to(appraiser).filter(pk=other.pk).exists()
    with pytest.raises(AlreadyDone):
        complaints.give(complaint, appraiser, by=director)
    with pytest.raises(Stale):
        complaints.give(complaint, cast["head"], by=director, version=1)

    complaints.give(complaint, cast["head"], by=director)  # somebody else: the first one has it no longer
    assert handlers(complaint, cast) == {"director", "head"}
    assert not Complaint.objects.visible_to(appraiser).exists()
    complaints.accept(complaint, by=cast["head"])
    complaints.resolve(complaint, {**UPHELD, "consequence": "return"}, by=cast["head"])
    with pytest.raises(Refused, match="Đơn đã kết thúc"):
        complaints.give(complaint, appraiser, by=director)


def test_who_may_be_named(complaint: Complaint, cast: dict[str, User], director: User) -> None:
    for part in ("office", "stranger", "technician"):  # complained of, author, no say in any dossier
        with pytest.raises(Refused, match="Không giao cho"):
            complaints.give(complaint, cast[part], by=director)
    Posting.objects.filter(person=cast["colleague"].person).update(ended_on=date(2025, 1, 7))
    with pytest.raises(Refused, match="Không giao cho"):
        complaints.give(complaint, fresh(cast["colleague"]), by=director)
    for part in ("clerk", "inspector", "office_head", "stranger"):
        with pytest.raises(Refused, match="Chỉ Giám đốc giao"):
            complaints.give(complaint, cast["appraiser"], by=cast[part])
    complaint.refresh_from_db()
    assert complaint.handler is None
    named = {int(pk) for pk, _ in who_may_take(complaint, director)}
    out = {cast[part].pk for part in ("office", "stranger", "technician", "colleague", "director")}
    assert named == {user.pk for user in cast.values()} - out


def test_past_the_director_it_goes_to_the_level_above(
    about_both: Complaint, cast: dict[str, User], director: User, client_of: Callable[[User], Client]
) -> None:
    assert handlers(about_both, cast) == set()
    with pytest.raises(Refused, match=DENIED):
        complaints.accept(about_both, by=director)
    with pytest.raises(Refused, match="Chỉ Giám đốc giao"):
        complaints.give(about_both, cast["appraiser"], by=director)
    deputy = delegate(cast["deputy"], director)  # who stands in for him does not act past him
    assert "accept" not in _verbs(Complaint.objects.get(pk=about_both.pk), deputy)
    with pytest.raises(Refused, match="Chỉ Giám đốc giao"):
        complaints.give(about_both, cast["appraiser"], by=deputy)
    [letter] = Letter.objects.filter(kind="awards/private/complaint_came")
    assert (letter.recipient, "cấp trên giải quyết" in letter.body) == (cast["inspector"], True)
    assert {part: told(user) for part, user in cast.items() if told(user)} == {
        "inspector": ["Chuyển cấp trên đơn khiếu nại: Bình xét năm 2024"]
    }
    assert in_reminders() == on_first_pages()
    for part in ("inspector", "clerk", "director"):
        page = client_of(cast[part]).get(reverse("awards:complaint_detail", args=[about_both.pk]))
        assert "Đơn này thuộc cấp trên giải quyết." in page.content.decode(), part
        assert "Giao người giải quyết" not in page.content.decode(), part


def test_who_stands_in_for_the_director_handles_it_too(
    complaint: Complaint, cast: dict[str, User], director: User
) -> None:
    deputy = delegate(cast["deputy"], director)
    assert told(deputy) == told(director) != []
    assert in_reminders() == on_first_pages()
    complaints.accept(complaint, by=deputy)
    assert complaint.state == "accepted"


def test_a_delegate_who_is_complained_of_does_not(
    review: Review, office: User, cast: dict[str, User], director: User
) -> None:
    deputy = delegate(cast["deputy"], director)
    Appointment.objects.filter(role=roles.OFFICE).delete()
    one = complaints.complain(review, written(nomination=of(review, deputy)), by=cast["stranger"])
    assert "accept" not in _verbs(one, deputy)
    assert "accept" in _verbs(one, director)
    assert told(deputy) == []
    assert in_reminders() == on_first_pages()


# --- pages ----------------------------------------------------------------------------------------------
def test_the_page_says_it_and_lets_the_director_name_somebody(
    complaint: Complaint, cast: dict[str, User], director: User, client_of: Callable[[User], Client]
) -> None:
    here = reverse("awards:complaint_detail", args=[complaint.pk])
    give = reverse("awards:complaint_give", args=[complaint.pk])
    page = client_of(director).get(here).content.decode()
    assert give in page
    assert "Mọi người của Văn phòng Sở đều liên quan đến đơn này" in page
    assert "Tạm dừng xét</a>" not in page  # a page of the Office
    seen = client_of(cast["inspector"]).get(here).content.decode()
    assert give not in seen
    for part in ("office", "clerk", "inspector", "stranger", "technician"):
        assert client_of(cast[part]).get(give).status_code == 404, part
        assert client_of(cast[part]).post(give, {"handler": cast["clerk"].pk}).status_code == 404, part
    form = client_of(director).get(give).content.decode()
    assert "Phan Thị Thu – Chuyên viên, Phòng TCCB" in form
    assert "Đỗ Thị Hà" not in form.partition("<select")[2].partition("</select>")[0]
    wrong = client_of(director).post(give, {"handler": cast["office"].pk, "version": 1})
    assert wrong.status_code == 422
    client_of(director).post(give, {"handler": cast["appraiser"].pk, "version": 1})
    complaint.refresh_from_db()
    assert complaint.handler == cast["appraiser"]
    mine = client_of(cast["appraiser"]).get(here)
    assert mine.status_code == 200
    assert "Giám đốc đã giao Phan Thị Thu giải quyết." in mine.content.decode()
    assert f"{here}chuyen/accept/" in mine.content.decode()
    whole = client_of(cast["appraiser"]).get(reverse("awards:complaint_list", args=[complaint.review_id]))
    assert "Đặng Văn Tùng" in whole.content.decode()
    assert client_of(director).get(give).content.decode().count("Phan Thị Thu") >= 1
