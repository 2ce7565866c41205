"""State × role × verb: who may do what, all of it."""

from collections.abc import Callable
from typing import Any

import pytest

from core.workflow import Refused
from organization.models import User
from scoring.actions import achievements as actions
from scoring.models import Achievement
from scoring.workflow.achievements import ACHIEVEMENT

STATES = list(ACHIEVEMENT.states)
PARTS = [
    "clerk", "colleague", "head", "deputy", "office", "office_head", "director", "council_member", "inspector",
    "technician", "appraiser", "stranger", "stranger_head",
]  # fmt: skip
ACTS: dict[str, Callable[..., Any]] = {
    "submit": actions.submit,
    "withdraw": actions.withdraw,
    "confirm": actions.confirm,
    "send_back": lambda one, by: actions.send_back(one, by=by, flags={"title": "Nói rõ."}),
    "refuse": lambda one, by: actions.refuse(one, by=by, comment="Không đúng."),
    "reopen": lambda one, by: actions.reopen(one, by=by, flags={"title": "Sai."}),
    "save": lambda one, by: actions.save(one, by=by, values={"title": "Tên mới"}),
    "remove": actions.remove,
}
# (state, part, verb) → state afterwards; everything else is refused and changes nothing.
ALLOWED = {
    ("draft", "clerk", "submit"): "submitted",
    ("draft", "clerk", "save"): "draft",
    ("draft", "clerk", "remove"): None,
    ("returned", "clerk", "save"): "returned",
    ("submitted", "clerk", "withdraw"): "draft",
    ("submitted", "head", "confirm"): "confirmed",
    ("submitted", "head", "send_back"): "returned",
    ("submitted", "head", "refuse"): "refused",
    ("confirmed", "head", "reopen"): "returned",
    ("confirmed", "office", "reopen"): "returned",
    ("refused", "head", "reopen"): "returned",
    ("refused", "office", "reopen"): "returned",
}


@pytest.mark.parametrize("verb", ACTS)
@pytest.mark.parametrize("state", STATES)
def test_matrix(
    state: str, verb: str, in_state: Callable[[str], Achievement], cast: dict[str, User], campaign_year: Any
) -> None:
    achievement = in_state(state)
    # Those who may go last: everybody else is refused before them and changes nothing.
    for part in sorted(PARTS, key=lambda part: (state, part, verb) in ALLOWED):
        wanted = (state, part, verb)
        if wanted in ALLOWED:
            continue
        with pytest.raises(Refused):
            ACTS[verb](Achievement.objects.get(pk=achievement.pk), by=cast[part])
        after = Achievement.objects.get(pk=achievement.pk)
        assert (after.state, after.version) == (achievement.state, achievement.version), wanted


@pytest.mark.parametrize(("state", "part", "verb"), ALLOWED)
def test_what_is_allowed_happens(
    state: str, part: str, verb: str, in_state: Callable[[str], Achievement], cast: dict[str, User]
) -> None:
    achievement = in_state(state)
    ACTS[verb](achievement, by=cast[part])
    target = ALLOWED[state, part, verb]
    found = Achievement.objects.filter(pk=achievement.pk).values_list("state", flat=True).first()
    assert found == target


def test_the_table_covers_every_move() -> None:
    moves = {(state, move.verb) for move in ACHIEVEMENT.rows for state in move.source}
    reached = {(state, verb) for state, _, verb in ALLOWED if verb in ACHIEVEMENT.moves}
    # A returned one is submitted only after its points are settled: told in test_stories.
    assert moves - reached == {("returned", "submit")}


@pytest.mark.parametrize("part", PARTS)
def test_buttons_are_what_is_allowed(
    part: str, in_state: Callable[[str], Achievement], cast: dict[str, User]
) -> None:
    for state in STATES:
        achievement = in_state(state)
        offered = {move.verb for move in ACHIEVEMENT.available(achievement, cast[part])}
        allowed = {verb for s, p, verb in ALLOWED if (s, p) == (state, part) and verb in ACHIEVEMENT.moves}
        if (state, part) == ("returned", "clerk"):
            allowed.add("submit")
        assert offered == allowed, (state, part)
