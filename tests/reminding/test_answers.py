"""Comments to answer and complaints with their terms in the digests; whom they are about hears nothing of them."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.actions import complaints, notices
from awards.models import Decision, OpenPeriod, Review, ReviewDeadline
from core import clock
from core.models import Letter, Notice, ReminderPlan
from emulation_portal.reminding import reference
from emulation_portal.reminding.gathering import gather
from emulation_portal.reminding.plans import preview
from emulation_portal.tasks import write_digests
from organization.models import Unit, User
from tests.awards.conftest import second_office  # noqa: F401
from tests.awards.open_periods import LAST, moment, nominate, of, publish, season
from tests.reminding.test_owed import in_reminders, on_first_pages
from tests.reminding.test_planning import PLANS

WITHIN = moment(date(2025, 1, 8), 9)  # a Wednesday, in the hours of the digests
ANSWER: dict[str, Any] = {"verdict": "accepted", "text": "Sẽ bổ sung.", "is_published": True}
TWO_STAGES = ("comments", "complaints")


@pytest.fixture(autouse=True)
def within_the_period() -> Iterator[None]:
    with clock.at(WITHIN):
        yield


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    reference.load(PLANS)
    made = season(office, cast, units)
    nominate(made, units["vp"], cast["office_head"], office)
    return publish(made, office)


def written(**changes: Any) -> dict[str, Any]:
    return {"kind": "complaint", "text": "Kê khai thành tích không đúng.", **changes}


def test_ending_the_open_period_is_due_when_the_list_has_been_public_long_enough(
    review: Review, office: User
) -> None:
    """A day of the calendar that had passed before the list was published gives nobody time."""
    assert set(owed("open_period").values()) == {LAST}
    ReviewDeadline.objects.filter(review=review, step="open_period").update(due_on=date(2025, 1, 3))
    counted = date(2025, 1, 20)
    OpenPeriod.objects.update(counted_to=counted)
    assert owed("open_period") == {"office": counted}
    assert in_reminders() == on_first_pages()
    OpenPeriod.objects.update(counted_to=None)
    assert set(owed("open_period").values()) == {None}


def owed(stage: str) -> dict[str, date | None]:
    """Who owes it, and until when."""
    gathered = gather()
    rows = [one for one in gathered.owed if one.stage == stage]
    return {gathered.roster.users[one.user_id].username: one.task.due for one in rows}


def digested(day: date) -> dict[str, str]:
    """By account, what the digests of that day say."""
    with clock.at(moment(day, 9)):
        write_digests()
    rows = Letter.objects.filter(key__startswith=f"digest:{day}:").select_related("recipient")
    return {one.recipient.username: one.body for one in rows if one.recipient}


# --- comments -------------------------------------------------------------------------------------------
def test_a_comment_is_owed_by_those_who_may_answer_until_the_last_day(
    review: Review,
    cast: dict[str, User],
    office: User,
    second_office: User,  # noqa: F811
) -> None:
    assert owed("comments") == {}
    about_her = notices.send_comment(review, "Xem lại.", by=cast["clerk"], nomination=of(review, office))
    assert owed("comments") == {"office_head": LAST}
    for_all = notices.send_comment(review, "Rõ ràng.", by=cast["clerk"])
    own = notices.send_comment(review, "Của tôi.", by=second_office)
    assert owed("comments") == {"office": LAST, "office_head": LAST}
    assert in_reminders() == on_first_pages()
    counts = {one.user_id: one.task.count for one in gather().owed if one.stage == "comments"}
    assert counts == {office.pk: 2, second_office.pk: 2}
    hidden = {one.user_id: one.hidden_from for one in gather().owed if one.stage == "comments"}
    assert hidden == {office.pk: frozenset(), second_office.pk: {office.pk}}
    notices.answer(about_her, **ANSWER, by=second_office)
    notices.answer(for_all, **ANSWER, by=office)
    notices.answer(own, **ANSWER, by=office)
    assert owed("comments") == {}


def test_the_last_day_follows_the_calendar_and_the_newest_list(
    review: Review, cast: dict[str, User], office: User
) -> None:
    notices.send_comment(review, "Rõ ràng.", by=cast["clerk"])
    review.deadlines.filter(step="open_period").update(due_on=date(2025, 1, 17))
    assert owed("comments") == {"office": date(2025, 1, 17)}
    review.deadlines.filter(step="open_period").delete()
    assert owed("comments") == {"office": review.open_periods.get().counted_to}
    Review.objects.update(state=Review.State.CLOSED)
    assert owed("comments") == {}


# --- complaints -----------------------------------------------------------------------------------------
def test_a_complaint_is_owed_by_its_terms(review: Review, cast: dict[str, User], office: User) -> None:
    one = complaints.complain(review, written(nomination=of(review, cast["colleague"])), by=cast["stranger"])
    assert owed("complaints") == {"office": one.accept_by} == {"office": date(2025, 1, 20)}
    assert in_reminders() == on_first_pages()
    complaints.accept(one, by=office)
    assert owed("complaints") == {"office": one.resolve_by}
    Review.objects.update(state=Review.State.CLOSED)  # its terms outlive the review
    assert owed("complaints") == {"office": one.resolve_by}
    assert in_reminders() == on_first_pages()


def test_the_digest_tells_of_it_and_overdue_the_head_above_hears_of_it(
    review: Review, cast: dict[str, User], office: User
) -> None:
    complaints.complain(review, written(nomination=of(review, cast["colleague"])), by=cast["stranger"])
    told = digested(date(2025, 1, 16))  # two working days before
    assert "Thụ lý đơn khiếu nại: Bình xét năm 2024" in told["office"]
    assert "trước 24 giờ 00 ngày 20/01/2025" in told["office"]
    late = digested(date(2025, 1, 21))
    assert "Thụ lý đơn khiếu nại" in late["office"]
    assert "Thụ lý, giải quyết đơn" in late["office_head"]
    assert office.display_name in late["office_head"]
    words = " ".join([*told.values(), *late.values()])
    assert not any(word in words for word in ("Trần Thị Bình", "Kê khai", "Đặng Văn Tùng"))
    assert {one.stage for one in Notice.objects.filter(what__contains="đơn")} == {"complaints"}


def test_whom_it_is_about_hears_nothing_of_it(
    review: Review,
    cast: dict[str, User],
    office: User,
    second_office: User,  # noqa: F811
    client_of: Callable[[User], Client],
) -> None:
    """Hà is complained of: Hải owes it, and she finds it neither in his letter nor in the preview of the plan."""
    complaints.complain(review, written(nomination=of(review, office)), by=cast["stranger"])
    assert owed("complaints") == {"office_head": date(2025, 1, 20)}
    plan = ReminderPlan.objects.get(stage="complaints")
    assert preview(plan, viewer=office.pk).owing == 0
    assert [one.user for one in preview(plan, viewer=cast["inspector"].pk).told] == [second_office]
    page = client_of(office).get(reverse("reminder_plan", args=["complaints"])).content.decode()
    assert "đơn khiếu nại" not in page
    told = digested(date(2025, 1, 16))
    assert "đơn khiếu nại" in told["office_head"]
    assert "đơn" not in told.get("office", "")
    letter = Letter.objects.get(recipient=second_office, key__startswith="digest:2025-01-16")
    assert Letter.objects.visible_to(second_office).filter(pk=letter.pk).exists()
    assert not Letter.objects.visible_to(office).filter(pk=letter.pk).exists()
    assert client_of(office).get(reverse("letter_detail", args=[letter.pk])).status_code == 404


def test_a_head_who_is_complained_of_is_not_told_that_it_is_late(
    review: Review, cast: dict[str, User], office: User
) -> None:
    """Hải heads Văn phòng, where Hà is late: of this complaint he must not hear, of another one he does."""
    complaints.complain(review, written(nomination=of(review, cast["office_head"])), by=cast["stranger"])
    told = digested(date(2025, 1, 21))
    assert "Thụ lý đơn khiếu nại" in told["office"]
    assert "office_head" not in told or "đơn" not in told["office_head"]
    assert not Notice.objects.filter(user=cast["office_head"], stage="complaints").exists()


def test_who_is_rewarded_by_the_decision_owes_nothing(
    review: Review,
    cast: dict[str, User],
    office: User,
    second_office: User,  # noqa: F811
) -> None:
    decision = Decision.objects.create(
        review=review, level="so", title="Khen thưởng", number="41/QĐ-SNV", signed_on=date(2025, 1, 7),
        issuer="Giám đốc Sở Nội vụ", state="issued", prepared_by=office,
    )  # fmt: skip
    decision.entries.create(nomination=of(review, office))
    complaints.complain(review, written(decision=decision), by=cast["clerk"])
    assert set(owed("complaints")) == {"office_head"}
    assert in_reminders() == on_first_pages()


def test_as_many_questions_for_many_as_for_one(
    review: Review,
    cast: dict[str, User],
    office: User,
    second_office: User,  # noqa: F811
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            gather()
        return len(asked)

    gather()
    before = cost()
    notices.send_comment(review, "Một.", by=cast["clerk"])
    complaints.complain(review, written(nomination=of(review, cast["head"])), by=cast["stranger"])
    assert cost() == before
    for number, part in enumerate(("clerk", "colleague", "stranger", "head")):
        with clock.at(WITHIN + timedelta(minutes=number)):
            notices.send_comment(review, f"Ý kiến {number}", by=cast[part], nomination=of(review, office))
            complaints.complain(review, written(text=f"Đơn {number}"), by=cast[part])
    assert cost() == before
    assert {one.stage for one in gather().owed} >= set(TWO_STAGES)
