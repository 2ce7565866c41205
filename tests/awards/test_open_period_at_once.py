"""Comments and complaints at the same moment: one wins, the others are told, nothing is written twice."""

from collections.abc import Iterator
from contextvars import copy_context
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from awards import actions
from awards.actions import complaints, notices
from awards.models import Comment, Complaint, OpenPeriod, Review
from core import clock
from core.models import Entry, Letter
from core.workflow import Refused
from organization import roles
from organization.models import Appointment, Unit, User
from tests.awards.open_periods import moment, of, publish, season
from tests.cast import SINCE, build_cast
from tests.trust.racing import race, shared_database

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6
WITHIN = moment(date(2025, 1, 8), 10)


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, User]]:
    with shared_database(tmp_path), clock.at(WITHIN):
        built = build_cast()
        person = built["office_head"].person  # type: ignore[attr-defined]
        Appointment.objects.create(person=person, role=roles.OFFICE, started_on=SINCE)
        yield built


@pytest.fixture
def review(cast: dict[str, User]) -> Review:
    units = {unit.code: unit for unit in Unit.objects.all()}
    return publish(season(cast["office"], cast, units), cast["office"])


def together(act: Any) -> list[Any]:
    """Threads know nothing of the clock that was set: each carries this moment along."""
    contexts = [copy_context() for _ in range(AT_ONCE)]
    return race(lambda at: contexts[at].run(act, at), AT_ONCE)


def won(results: list[Any]) -> int:
    for one in results:
        assert not isinstance(one, Exception) or isinstance(one, Refused), one
    return sum(not isinstance(one, Exception) for one in results)


def test_a_comment_is_sent_and_answered_once(cast: dict[str, User], review: Review) -> None:
    about = of(review, cast["colleague"])

    def say(_: int) -> Any:
        return notices.send_comment(
            Review.objects.get(), "Đồng ý.", by=User.objects.get(username="clerk"), nomination=about
        )

    assert won(together(say)) == 1

    def reply(number: int) -> None:
        by = User.objects.get(username=("office", "office_head")[number % 2])
        said = Comment.objects.get()
        if number == AT_ONCE - 1:
            notices.take_back(said, by=User.objects.get(username="clerk"))
        else:
            notices.answer(said, verdict="accepted", text=f"Câu {number}", is_published=True, by=by)

    assert won(together(reply)) == 1
    said = Comment.objects.get()
    answered = said.state == "answered"
    assert Letter.objects.filter(kind="awards/private/comment_answered").count() == answered
    assert bool(said.answer) == answered
    assert Entry.objects.about(said).count() == 2


def test_a_complaint_is_accepted_or_declined_or_withdrawn(cast: dict[str, User], review: Review) -> None:
    facts = {"kind": "complaint", "text": "Chưa đúng.", "nomination": of(review, cast["colleague"])}
    complaints.complain(review, facts, by=cast["stranger"])

    def act(number: int) -> None:
        one = Complaint.objects.get()
        if number % 3 == 0:
            complaints.accept(one, by=User.objects.get(username="office"))
        elif number % 3 == 1:
            complaints.decline(
                one, by=User.objects.get(username="office_head"), comment="Không thuộc thẩm quyền"
            )
        else:
            complaints.withdraw(one, by=User.objects.get(username="stranger"), comment="Nhầm")

    # Its author may withdraw what was just accepted: then two acts follow each other.
    wins = won(together(act))
    one = Complaint.objects.get()
    assert wins == (2 if one.state == "withdrawn" and one.accepted_on else 1)
    assert bool(one.reply) == (one.state == "declined")
    assert one.version == wins + 1


def test_a_comment_comes_before_the_list_is_taken_back_or_not_at_all(
    cast: dict[str, User], review: Review
) -> None:
    def act(number: int) -> Any:
        mine = Review.objects.get()
        if number == 0:
            return actions.move_review(
                mine, "withdraw_notice", by=User.objects.get(username="office"), comment="Thẩm định lại"
            )
        return notices.send_comment(mine, f"Ý kiến {number}", by=User.objects.get(username="clerk"))

    wins = won(together(act))
    closed = OpenPeriod.objects.get().closed_at
    assert closed
    assert Comment.objects.count() == wins - 1
