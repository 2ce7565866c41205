"""Stories about settling and reopening a list."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from awards import actions
from awards.models import Award, AwardEntry, AwardList
from campaigns.models import CampaignYear
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Person, User
from tests.awards.builders import LETTER, published_sheet, republish
from tests.letters.reading import only_behind

EntryOf = Callable[[Person], AwardEntry]
Source = AwardEntry.Source


def test_settling_tells_the_director_and_the_council(
    award_list: AwardList, office: User, director: User, council_member: User
) -> None:
    actions.settle(award_list, by=office)

    assert award_list.state == AwardList.State.SETTLED
    assert set(Letter.objects.values_list("recipient", flat=True)) == {director.pk, council_member.pk}
    letter = Letter.objects.get(recipient=director)
    assert letter.subject == "Đã chốt danh sách khen thưởng năm 2025: 02 tập thể, 04 cá nhân"
    assert "Giấy khen của Giám đốc Sở Nội vụ: 01 tập thể, 04 cá nhân" in letter.body
    with pytest.raises(AlreadyDone):
        actions.settle(award_list, by=office)
    assert Letter.objects.count() == 2


def test_a_settled_list_does_not_change(
    settled: AwardList, awards: dict[str, Award], entry_of: EntryOf, cast: dict[str, User]
) -> None:
    office, entry = cast["office"], entry_of(cast["clerk"].person)
    acts = [
        lambda: actions.compute(settled.campaign_year, by=office),
        lambda: actions.remove_entry(entry, reason="Muộn", by=office),
        lambda: actions.change_award(entry, award=awards["bang-khen"], reason="Muộn", by=office),
        lambda: actions.set_note(entry, note="Muộn", by=office),
        lambda: actions.add_entry(
            settled,
            published_sheet(settled, cast["colleague"]),
            award=awards[LETTER],
            reason="Muộn",
            by=office,
        ),
        lambda: actions.set_conditions(settled.campaign_year, [], by=office),
    ]
    for act in acts:
        with pytest.raises(Refused, match="đã chốt"):
            act()


def test_an_empty_list_is_not_settled(published: CampaignYear, office: User) -> None:
    published.campaign.award_conditions.update(minimum_score=Decimal(100))
    award_list = actions.compute(published, by=office)

    with pytest.raises(Refused, match="chưa có dòng nào"):
        actions.settle(award_list, by=office)
    assert AwardList.objects.get().state == AwardList.State.DRAFT


def test_an_outdated_list_is_not_settled(
    award_list: AwardList, published: CampaignYear, cast: dict[str, User]
) -> None:
    republish(published, {cast["head"]: "93"}, by=cast["office"])

    with pytest.raises(Refused, match="Tính lại"):
        actions.settle(award_list, by=cast["office"])
    assert not Letter.objects.exists()


def test_reopening_needs_a_reason_and_is_told(settled: AwardList, office: User) -> None:
    with pytest.raises(Refused, match="lý do mở lại"):
        actions.reopen(settled, by=office)

    actions.reopen(settled, by=office, comment="Bổ sung một tập thể")

    assert settled.state == AwardList.State.DRAFT
    told = Letter.objects.filter(kind="awards/list_reopened")
    assert [only_behind(one, "Bổ sung một tập thể") for one in told] == [True, True]
    actions.settle(settled, by=office)
    assert Letter.objects.filter(kind="awards/list_settled").count() == 4


def test_settling_an_older_version_is_refused(
    award_list: AwardList, entry_of: EntryOf, cast: dict[str, User]
) -> None:
    read = award_list.version
    actions.remove_entry(entry_of(cast["clerk"].person), reason="Kỷ luật", by=cast["office"])

    with pytest.raises(Stale):
        actions.settle(award_list, by=cast["office"], version=read)
