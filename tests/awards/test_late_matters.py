"""What the Office is told at the end of a review: papers after its end, who was put aside and is free, who was
disciplined after the year."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from awards.actions import decisions, facts
from awards.models import Award, Complaint, Discipline, Hold, Nomination, Review
from awards.queries.agenda import Agenda, tasks_of
from awards.queries.decisions import decidable, waiting
from core import clock
from core.agenda import Task
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, carried_review
from tests.cast import fresh

PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
LETTER = {"letter_number": "7/TTr", "letter_date": date(2025, 2, 1)}
TO_ENTER = "Ghi vào Sổ khen thưởng hoặc ghi không khen thưởng: Bình xét năm 2024"
DISCIPLINED = "Kỷ luật sau năm xét, Văn phòng Sở cân nhắc: Bình xét năm 2024"


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return carried_review(office, cast["clerk"], units["cchc"])


def told(user: User, title: str) -> Task | None:
    return next((one for one in tasks_of(fresh(user)) if one.title == title), None)


# --- after the end ----------------------------------------------------------------------------------------
def test_what_is_drafted_after_the_end_is_told_until_it_is_signed(review: Review, office: User) -> None:
    first = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    decisions.issue(first, PAPER, by=office)
    decisions.cancel(first, on=date(2025, 3, 1), number="50/QĐ", by=office, comment="Sai thể thức")
    Review.objects.update(state=Review.State.CLOSED)
    assert tasks_of(fresh(office)) == []
    review.refresh_from_db()
    again = decisions.draft(review, "so", decidable(review), DECISION_HEAD, by=office)
    [task] = tasks_of(fresh(office))
    assert task.title == "Ra quyết định: Bình xét năm 2024"
    assert task.detail == "1 dự thảo lập sau khi kết thúc đợt chưa ghi đã ký, đã trình."
    assert task.due is None
    decisions.issue(again, {"number": "60/QĐ-SNV", "signed_on": date(2025, 3, 10)}, by=office)
    assert tasks_of(fresh(office)) == []


# --- put aside --------------------------------------------------------------------------------------------
def test_who_was_put_aside_waits_for_the_office_once_nothing_stops_him(
    review: Review, office: User, clerk: User
) -> None:
    Award.objects.update(level="tinh")
    paper = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    decisions.send_up(paper, LETTER, by=office)
    hold = Hold.objects.create(
        person=clerk.person, reason="inspection", paper="12/TTr", started_on=date(2025, 2, 5), placed_by=office  # type: ignore[attr-defined]
    )  # fmt: skip
    decisions.issue(paper, PAPER, by=office)
    assert told(office, TO_ENTER) is None
    Hold.objects.filter(pk=hold.pk).update(
        ended_on=clock.today(), released_by=office, release_reason="Không vi phạm"
    )
    task = told(office, TO_ENTER)
    assert task
    assert (task.count, task.due) == (2, date(2025, 1, 15))
    assert task.href == reverse("awards:decision_detail", args=[paper.pk])
    assert told(clerk, TO_ENTER) is None
    lower, higher = paper.entries.all()
    complaint = Complaint.objects.create(
        review=review, kind="denunciation", nomination=higher.nomination, author_name="Lê Thị Hoa",
        text="Khai sai thành tích", received_on=date(2025, 1, 20), entered_by=office,
    )  # fmt: skip
    task = told(office, TO_ENTER)
    assert task
    assert task.count == 1
    decisions.enter_aside(lower, by=office)
    assert told(office, TO_ENTER) is None
    Complaint.objects.filter(pk=complaint.pk).update(state="withdrawn")
    Review.objects.update(state=Review.State.CLOSED)  # a paper of the level above may be noted after the end
    task = told(office, TO_ENTER)
    assert task
    assert (task.count, task.due) == (1, None)
    decisions.enter_aside(higher, by=office)
    assert tasks_of(fresh(office)) == []


# --- disciplined after the year -----------------------------------------------------------------------------
def discipline(who: User, office: User, day: date) -> Discipline:
    values = {"form": "reprimand", "number": "5/QĐ-KL", "decided_on": day, "ended_on": None, "note": ""}
    found: Discipline = facts.enter_fact(Discipline, who.person, values, by=office)  # type: ignore[attr-defined]
    return found


def test_a_discipline_after_the_year_is_told_and_excludes_nobody(
    review: Review, office: User, clerk: User, council_member: User, client_of: Any
) -> None:
    discipline(clerk, office, date(2024, 12, 31))  # of the year itself: the rules judge it
    assert told(office, DISCIPLINED) is None
    Discipline.objects.all().delete()
    discipline(clerk, office, date(2025, 1, 9))
    task = told(office, DISCIPLINED)
    assert task
    assert (task.count, task.is_waiting_for_me) == (1, False)
    assert "1 người được đề nghị có quyết định kỷ luật sau năm 2024" in task.detail

    client = client_of(office)
    whole = reverse("awards:whole_list", args=[review.pk])
    draft = reverse("awards:decision_draft", args=[review.pk, "so"])
    said = "quyết định 5/QĐ-KL ngày 09/01/2025"
    for page in (whole, draft):
        html = client.get(page).content.decode()
        assert "Văn phòng Sở cân nhắc" in html
        assert said in html
    assert "Kỷ luật sau năm xét" not in client_of(council_member).get(whole).content.decode()

    paper = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    for name in ("decision_detail", "decision_change"):
        assert said in client.get(reverse(f"awards:{name}", args=[paper.pk])).content.decode()
    assert len(decisions.issue(paper, PAPER, by=office)) == 2
    assert told(office, DISCIPLINED) is None
    for page in (reverse("awards:decision_detail", args=[paper.pk]), whole):
        assert said not in client.get(page).content.decode()


@pytest.mark.parametrize(
    "changes", [{"verdict": "rejected"}, {"outcome": "failed"}, {"withdrawn_at": "2025-01-09T00:00Z"}]
)
def test_of_who_is_proposed_no_more_nothing_is_told(
    changes: dict[str, str], review: Review, office: User, clerk: User
) -> None:
    discipline(clerk, office, date(2025, 1, 9))
    assert told(office, DISCIPLINED)
    Nomination.objects.update(**changes)
    assert told(office, DISCIPLINED) is None


def test_the_agenda_asks_no_more_for_many_than_for_one(
    review: Review, office: User, cast: dict[str, User], django_assert_num_queries: Any
) -> None:
    user = fresh(office)
    assert user.acting.units
    with django_assert_num_queries(5):  # reviews; what is undecided, drafted, put aside; who was disciplined
        list(Agenda(clock.today()).of(user))
    for part in ("clerk", "colleague", "head"):
        discipline(cast[part], office, date(2025, 1, 9))
        Nomination.objects.get_or_create(
            review=review, person=cast[part].person, award=Award.objects.first(), outcome="passed",  # type: ignore[attr-defined]
            proposal=review.proposals.first(),
        )  # fmt: skip
    with django_assert_num_queries(5):
        list(Agenda(clock.today()).of(user))
