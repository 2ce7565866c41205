"""The engine itself: every state, verb and right of a table; the order of checks; what a refusal leaves behind."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import rules
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from awards.workflow import AWARD_LIST
from campaigns.models import CampaignYear, Registration
from campaigns.workflow import CAMPAIGN, CAMPAIGN_YEAR, CRITERIA_SET, REGISTRATION
from core import clock
from core.journal import history_of
from core.vietnamese import format_moment
from core.workflow import AlreadyDone, Move, Refused, Stale, Workflow, check_version, lock
from organization.models import User
from scoring.workflow.achievements import ACHIEVEMENT
from scoring.workflow.sheets import SCORECARD

STATES = {
    "not_sent": ("Một", "blue"),
    "waiting": ("Hai", "blue"),
    "returned": ("Ba", "blue"),
    "approved": ("Bốn", "blue"),
}


def guard(document: Registration) -> Iterator[str]:
    if not document.pledge:
        yield "Còn thiếu nội dung."
        yield "Hãy ghi một câu."


TABLE = Workflow(
    states=STATES,
    rows=(
        Move("send", "Gửi", ("not_sent", "returned"), "waiting", "tests.clerk", guard),
        Move("accept", "Nhận", ("waiting",), "approved", "tests.head"),
        Move(
            "give_back",
            "Trả",
            ("waiting",),
            "returned",
            "tests.head",
            comment_required=True,
            comment_label="Lý do",
        ),
        Move("undo", "Mở lại", ("approved",), "waiting", "tests.head"),
        Move("stay", "Giữ nguyên", ("waiting",), "waiting", "tests.head"),
    ),
)
ROLES = ["clerk", "head", "stranger"]


@pytest.fixture(autouse=True)
def rights() -> Iterator[None]:
    rules.add_perm("tests.clerk", rules.predicate(lambda user, _: user.username == "clerk"))
    rules.add_perm("tests.head", rules.predicate(lambda user, _: user.username == "head"))
    yield
    rules.remove_perm("tests.clerk")
    rules.remove_perm("tests.head")


@pytest.fixture
def document(campaign_year: CampaignYear, clerk: User) -> Registration:
    unit = clerk.person.postings.get().unit
    return Registration.objects.create(
        campaign_year=campaign_year,
        unit=unit,
        unit_name=unit.name,
        person=clerk.person,
        approving_unit=unit,
        prepared_by=clerk,
        pledge="Một câu.",
    )


def put(document: Registration, state: str) -> None:
    Registration.objects.filter(pk=document.pk).update(state=state)
    document.refresh_from_db()


def press(document: Registration, verb: str, by: User, comment: str = "vì thế") -> Any:
    with transaction.atomic():
        return TABLE.advance(document, verb, by=by, comment=comment)


def test_every_state_right_and_verb_of_the_table(document: Registration, cast: dict[str, User]) -> None:
    """What is shown as a button goes through, and nothing else does; a refusal leaves no trace."""
    allowed = 0
    for state, part, move in product(STATES, ROLES, TABLE.rows):
        put(document, state)
        before = history_of(document).count()
        shown = move in TABLE.available(document, cast[part])
        assert shown == (state in move.source and move.permission == f"tests.{part}")
        try:
            press(document, move.verb, cast[part])
        except Refused:
            assert not shown, (state, part, move.verb)
            document.refresh_from_db()
            assert document.state == state
            assert history_of(document).count() == before
        else:
            assert shown, (state, part, move.verb)
            allowed += 1
            document.refresh_from_db()
            assert document.state == move.target
            line = history_of(document).first()
            assert line
            assert (line.verb, line.from_state, line.to_state, line.actor_id) == (
                move.verb, state, move.target, cast[part].pk
            )  # fmt: skip
            assert line.label == move.label
    assert allowed == sum(len(move.source) for move in TABLE.rows)


def test_the_state_is_asked_before_the_right(document: Registration, stranger: User) -> None:
    with pytest.raises(Refused, match="đang ở trạng thái “Một”"):
        press(document, "accept", stranger)


def test_the_right_is_asked_before_comment_and_guard(
    document: Registration, stranger: User, head: User
) -> None:
    put(document, "waiting")
    with pytest.raises(Refused, match="không có quyền"):
        press(document, "give_back", stranger, comment="")
    with pytest.raises(Refused, match="Hãy ghi lý do"):
        press(document, "give_back", head, comment=" \n ")


def test_a_guard_gives_all_its_reasons(document: Registration, clerk: User) -> None:
    Registration.objects.filter(pk=document.pk).update(pledge="")
    with pytest.raises(Refused) as refusal:
        press(document, "send", clerk)
    assert refusal.value.reasons == ["Còn thiếu nội dung.", "Hãy ghi một câu."]


def test_who_was_late_is_told_who_was_first_and_when(
    document: Registration, clerk: User, head: User, stranger: User
) -> None:
    put(document, "waiting")
    press(document, "accept", head)
    line = history_of(document).get()
    with pytest.raises(Refused) as refusal:
        press(document, "accept", clerk)
    assert f"Lê Minh Châu đã thực hiện lúc {format_moment(line.at)}" in refusal.value.reasons[0]
    assert not isinstance(refusal.value, AlreadyDone)
    with pytest.raises(AlreadyDone):
        press(document, "accept", head)


def test_the_same_verb_after_another_move_is_not_told_as_done(document: Registration, head: User) -> None:
    put(document, "waiting")
    press(document, "accept", head)
    put(document, "returned")
    with pytest.raises(Refused) as refusal:
        press(document, "accept", head)
    assert not isinstance(refusal.value, AlreadyDone)


def test_the_row_is_held_while_it_is_judged(document: Registration) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        lock(document)
    wants_lock = "FOR UPDATE" if connection.vendor == "postgresql" else "SELECT"
    assert wants_lock in captured.captured_queries[0]["sql"]


def test_an_unknown_verb_is_no_silent_success(document: Registration, head: User) -> None:
    with pytest.raises(KeyError):
        press(document, "khong-co", head)


def test_an_older_version_is_refused_with_the_name_of_who_came_between(
    document: Registration, clerk: User, colleague: User
) -> None:
    check_version(document, document.version)
    check_version(document, None)
    with pytest.raises(Stale, match="Người khác vừa sửa"):
        check_version(document, document.version - 1)
    with clock.at(clock.now() - timedelta(minutes=3)):
        put(document, "not_sent")
        press(document, "send", clerk)
    with pytest.raises(Stale, match="Nguyễn Văn An"):
        check_version(document, document.version + 5)


def test_every_table_of_the_house_is_sound() -> None:
    for table in (AWARD_LIST, CAMPAIGN, CAMPAIGN_YEAR, CRITERIA_SET, REGISTRATION, ACHIEVEMENT, SCORECARD):
        verbs = [move.verb for move in table.rows]
        assert len(verbs) == len(set(verbs))
        for move in table.rows:
            assert set(move.source) <= set(table.states), move.verb
            assert move.target in table.states, move.verb
            assert move.label
            assert rules.perm_exists(move.permission), move.permission
            assert move.style.removeprefix("outline-") in {
                "primary",
                "secondary",
                "success",
                "warning",
                "danger",
            }
        for label, colour in table.states.values():
            assert label
            assert colour in {"green", "red", "yellow", "azure", "secondary", "blue", "teal", "orange"}
