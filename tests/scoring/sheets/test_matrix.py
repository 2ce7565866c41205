"""Every state, every part of the cast, every verb: who may, and that nobody else can."""

from collections.abc import Callable
from typing import Any

import pytest

from core.workflow import Refused
from organization.models import User
from scoring.actions import moves
from scoring.models import Scorecard
from scoring.workflow.sheets import SCORECARD
from tests.cast import CAST

STATES = list(Scorecard.State.values)
# The sheet of the clerk of Phòng CCHC: who may do what in which state.
MAY = {
    ("draft", "submit"): {"clerk"},
    ("returned", "submit"): {"clerk"},
    ("submitted", "withdraw"): {"clerk"},
    ("submitted", "approve"): {"head"},
    ("submitted", "send_back"): {"head"},
    ("approved", "appraise"): {"office", "appraiser"},
    ("approved", "return_to_unit"): {"office", "appraiser"},
    ("approved", "ask"): {"office", "appraiser"},
    ("explaining", "explain"): {"clerk", "head"},
    ("explained", "appraise_again"): {"office"},
    ("appraised", "reopen"): {"office"},
    ("concluded", "reconsider"): {"office"},
    ("published", "reopen_published"): {"office"},
}
VERBS = [*moves.ACTIONS, *moves.RETURNING]


def attempt(verb: str, sheet: Scorecard, by: User) -> bool:
    try:
        if verb in moves.RETURNING:
            line = sheet.lines.first()
            assert line
            moves.RETURNING[verb](sheet, by=by, flags={line.pk: "Sửa"})
        else:
            moves.ACTIONS[verb](sheet, by=by, comment="Lý do")
    except Refused:
        return False
    return True


@pytest.mark.parametrize("state", STATES)
def test_buttons_and_acts_agree_with_the_table(
    state: str,
    cast: dict[str, User],
    sheet_of: Callable,
    led_to: Callable,
    clerk: User,
    head: User,
    office: User,
) -> None:
    sheet = led_to(sheet_of(clerk), state, by=clerk, head=head, appraiser=office)
    for part, user in cast.items():
        allowed = {verb for verb in VERBS if part in MAY.get((state, verb), set())}
        assert {move.verb for move in SCORECARD.available(sheet, user)} == allowed, (state, part)
        for verb in VERBS:
            if verb not in allowed:
                assert not attempt(verb, sheet_of(clerk), user), (state, part, verb)
    sheet.refresh_from_db()
    assert sheet.state == state


@pytest.mark.parametrize(
    ("state", "verb", "part"), [(s, v, p) for (s, v), parts in MAY.items() for p in sorted(parts)]
)
def test_whoever_may_can(
    state: str,
    verb: str,
    part: str,
    cast: dict[str, User],
    sheet_of: Callable,
    led_to: Callable,
    clerk: User,
    head: User,
    office: User,
    fill: Callable,
) -> None:
    sheet = led_to(sheet_of(clerk), state, by=clerk, head=head, appraiser=office)
    if state == "draft":
        fill(sheet, clerk)
    if verb == "explain":
        sheet.lines.filter(is_flagged=True).update(explanation="Theo báo cáo quý IV")
    assert attempt(verb, sheet, cast[part])
    assert Scorecard.objects.get(pk=sheet.pk).state == SCORECARD.moves[verb].target


@pytest.mark.parametrize("state", STATES)
def test_who_reads_the_sheet(
    state: str,
    cast: dict[str, User],
    client_of: Callable[[User], Any],
    sheet_of: Callable,
    led_to: Callable,
    clerk: User,
    head: User,
    office: User,
) -> None:
    sheet = led_to(sheet_of(clerk), state, by=clerk, head=head, appraiser=office)
    readers = {"clerk", "head", "deputy", "office", "inspector", "director"}
    if state in ("approved", "explaining", "explained", "appraised", "concluded", "published"):
        readers |= {"appraiser", "council_member"}
    found = {
        part for part in CAST if client_of(cast[part]).get(f"/cham-diem/phieu/{sheet.pk}/").status_code == 200
    }
    assert found == readers
