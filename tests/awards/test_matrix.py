"""State × role × act: who may do what, when; and what waits for whom."""

from collections.abc import Callable

import pytest
import rules

from awards import actions
from awards.models import Award, AwardList
from awards.queries import tasks_of
from awards.workflow import AWARD_LIST
from campaigns.models import CampaignYear
from core.models import Entry
from core.workflow import Refused
from organization.models import User
from scoring.models import Scorecard
from tests.awards.builders import LETTER

CAST = ["clerk", "colleague", "head", "deputy", "office", "director", "council_member", "inspector", "technician",
        "appraiser", "stranger", "stranger_head"]  # fmt: skip
STATES = ["draft", "settled"]
ALLOWED = {("office", "draft", "settle"), ("office", "settled", "reopen")}


def bring_to(award_list: AwardList, state: str, office: User) -> None:
    if state == "settled":
        actions.settle(award_list, by=office)


@pytest.mark.parametrize("verb", ["settle", "reopen"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("part", CAST)
def test_moves(part: str, state: str, verb: str, award_list: AwardList, cast: dict[str, User]) -> None:
    bring_to(award_list, state, cast["office"])
    user, lines = cast[part], Entry.objects.count()
    act = {"settle": actions.settle, "reopen": actions.reopen}[verb]
    allowed = (part, state, verb) in ALLOWED

    assert (verb in [move.verb for move in AWARD_LIST.available(award_list, user)]) == allowed
    if allowed:
        act(award_list, by=user, comment="Có lý do")
        assert award_list.state == AWARD_LIST.moves[verb].target
        assert Entry.objects.count() == lines + 1
    else:
        with pytest.raises(Refused):
            act(award_list, by=user, comment="Có lý do")
        award_list.refresh_from_db()
        assert award_list.state == state
        assert Entry.objects.count() == lines


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("part", CAST)
def test_adjustments(
    part: str, state: str, award_list: AwardList, awards: dict[str, Award], cast: dict[str, User]
) -> None:
    bring_to(award_list, state, cast["office"])
    user, person = cast[part], cast["head"].person
    entry = award_list.entries.get(scorecard__person=person)
    sheet = Scorecard.objects.get(person=cast["deputy"].person)
    acts: list[Callable[[], object]] = [
        lambda: actions.change_award(entry, award=awards["bang-khen"], reason="Lý do", by=user),
        lambda: actions.set_note(entry, note="Ghi chú", by=user),
        lambda: actions.remove_entry(entry, reason="Lý do", by=user),
        lambda: actions.restore_entry(entry, reason="Lý do", by=user),
        lambda: actions.add_entry(award_list, sheet, award=awards[LETTER], reason="Lý do", by=user),
        lambda: actions.compute(award_list.campaign_year, by=user),
        lambda: actions.set_conditions(award_list.campaign_year, [], by=user),
    ]
    lines = Entry.objects.count()
    for act in acts:
        if (part, state) == ("office", "draft"):
            act()
        else:
            with pytest.raises(Refused):
                act()
    if (part, state) != ("office", "draft"):
        assert Entry.objects.count() == lines


@pytest.mark.parametrize("part", CAST)
def test_permissions(part: str, cast: dict[str, User]) -> None:
    assert rules.has_perm("awards.prepare_list", cast[part]) == (part == "office")
    if part != "office":
        with pytest.raises(Refused):
            actions.set_paper_head({"place": "Đâu đó"}, by=cast[part])


def test_what_waits_for_whom(published: CampaignYear, cast: dict[str, User]) -> None:
    def titles(part: str) -> list[str]:
        return [task.title for task in tasks_of(cast[part])]

    (task,) = tasks_of(cast["office"])
    assert task.title == "Lập danh sách khen thưởng Đẩy mạnh CCHC – năm 2025"
    assert task.due == published.deadlines.get(stage="awards").due_on
    assert titles("director") == titles("clerk") == []

    award_list = actions.compute(published, by=cast["office"])
    assert titles("office") == ["Hoàn thiện, chốt danh sách khen thưởng Đẩy mạnh CCHC – năm 2025"]

    actions.settle(award_list, by=cast["office"])
    assert titles("office") == titles("clerk") == titles("inspector") == titles("head") == []
    (task,) = tasks_of(cast["director"])
    assert (task.title, task.is_waiting_for_me) == ("Danh sách khen thưởng Đẩy mạnh CCHC – năm 2025", False)
