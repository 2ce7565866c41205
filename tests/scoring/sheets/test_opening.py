"""Opening the sheets of a year."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from campaigns.models import CampaignYear, Recipient
from core.models import Letter
from core.workflow import Refused
from organization.models import Person, Posting, Unit, UnitName, User
from scoring.actions import sheets as actions
from scoring.models import Line, Scorecard


def test_everybody_but_the_director_gets_a_sheet_and_so_does_every_unit(
    campaign_year: CampaignYear, office: User, director: User
) -> None:
    opened = actions.open_sheets(campaign_year, by=office)
    assert (opened.units, opened.people) == (5, 12)
    assert opened.without_superior == [director.display_name]
    assert not Scorecard.objects.filter(person=director.person).exists()
    assert Letter.objects.filter(kind="scoring/sheet_opened", recipient__username="clerk").count() == 1


def test_a_sheet_has_the_lines_of_its_recipient(
    sheet_of: Callable, clerk: User, units: dict[str, Unit]
) -> None:
    def codes(sheet: Scorecard) -> list[str]:
        return [line.criterion.code for line in sheet.lines.select_related("criterion")]

    assert codes(sheet_of(clerk)) == ["1.1", "1.2", "2.2", "2.3"]
    assert codes(sheet_of(units["cchc"])) == ["1.1", "1.2", "2.1", "2.3"]


def test_opening_again_only_adds_who_is_new(
    opened: CampaignYear, office: User, units: dict[str, Unit]
) -> None:
    before = set(Scorecard.objects.values_list("pk", flat=True))
    person = Person.objects.create(
        code="M1", family_name="Lê", given_name="Mới", employment="cong-chuc", joined_on=date(2025, 6, 1)
    )
    Posting.objects.create(
        person=person, unit=units["cchc"], post=Posting.objects.all()[0].post, started_on=date(2025, 6, 1)
    )
    again = actions.open_sheets(opened, by=office)
    assert (again.units, again.people) == (0, 1)
    assert set(Scorecard.objects.exclude(person=person).values_list("pk", flat=True)) == before
    assert Line.objects.filter(scorecard__person=person).count() == 4


def test_the_sheet_shows_unit_name_and_post_of_the_year(
    campaign_year: CampaignYear, office: User, clerk: User, units: dict[str, Unit]
) -> None:
    posting = Posting.objects.get(person=clerk.person)
    posting.ended_on = date(2026, 1, 31)
    posting.save()
    Posting.objects.create(
        person=clerk.person, unit=units["ttlt"], post=posting.post, started_on=date(2026, 2, 1)
    )
    UnitName.objects.filter(unit=units["cchc"]).update(ended_on=date(2026, 3, 1))
    UnitName.objects.create(
        unit=units["cchc"], name="Phòng Chuyển đổi số", short_name="CĐS", started_on=date(2026, 3, 2)
    )
    actions.open_sheets(campaign_year, by=office)
    sheet = Scorecard.objects.get(person=clerk.person)
    assert (sheet.unit.code, sheet.unit_name, sheet.post_name) == (
        "cchc",
        "Phòng Cải cách hành chính",
        "Chuyên viên",
    )


def test_who_left_during_the_year_has_a_sheet_who_left_before_has_none(
    campaign_year: CampaignYear, office: User, clerk: User, colleague: User
) -> None:
    Posting.objects.filter(person=clerk.person).update(ended_on=date(2025, 1, 1))
    Posting.objects.filter(person=colleague.person).update(ended_on=date(2024, 12, 31))
    actions.open_sheets(campaign_year, by=office)
    assert Scorecard.objects.filter(person=clerk.person).exists()
    assert not Scorecard.objects.filter(person=colleague.person).exists()


def test_only_the_office_opens_the_year(campaign_year: CampaignYear, head: User) -> None:
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        actions.open_sheets(campaign_year, by=head)


def test_a_year_without_criteria_in_use_or_closed_is_refused(
    campaign_year: CampaignYear, office: User
) -> None:
    campaign_year.criteria_sets.update(state="draft")  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="bộ tiêu chí"):
        actions.open_sheets(campaign_year, by=office)
    CampaignYear.objects.update(state="closed")
    with pytest.raises(Refused, match="khóa sổ"):
        actions.open_sheets(campaign_year, by=office)


def test_a_person_opens_his_own_sheet_but_nobody_elses(
    campaign_year: CampaignYear, clerk: User, colleague: User, units: dict[str, Unit]
) -> None:
    sheet = actions.open_sheet(campaign_year, by=clerk, person=clerk.person)
    assert actions.open_sheet(campaign_year, by=clerk, person=clerk.person) == sheet
    assert actions.open_sheet(campaign_year, by=clerk, unit=units["cchc"]).recipient == Recipient.COLLECTIVE
    with pytest.raises(Refused, match="của mình"):
        actions.open_sheet(campaign_year, by=clerk, person=colleague.person)


def test_the_director_cannot_open_a_sheet(campaign_year: CampaignYear, director: User) -> None:
    with pytest.raises(Refused, match="Không có thủ trưởng phía trên"):
        actions.open_sheet(campaign_year, by=director, person=director.person)


def test_today_counts_in_a_running_year(campaign_year: CampaignYear, office: User, clerk: User) -> None:
    Posting.objects.filter(person=clerk.person).update(started_on=date(2025, 7, 1))
    actions.open_sheets(campaign_year, by=office, today=date(2025, 7, 1) - timedelta(days=1))
    assert not Scorecard.objects.filter(person=clerk.person).exists()
    actions.open_sheets(campaign_year, by=office, today=date(2025, 7, 1))
    assert Scorecard.objects.filter(person=clerk.person).exists()
