"""The demo office: built through the acts of the portal, whole, and the same at every run."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command

from awards.models import AwardEntry, AwardList
from campaigns.models import CampaignYear, Criterion, Registration
from core.models import Entry, Letter
from emulation_portal.demo.roster import LOGINS, people
from organization import roles
from organization.models import Person, Posting, Unit, User
from scoring.models import Achievement, Line, Publication, Result, Scorecard
from scoring.queries.ceilings import board_of

pytestmark = pytest.mark.xdist_group("demo")


def test_the_roster_is_the_same_at_every_run() -> None:
    assert list(people()) == list(people())
    assert len({plan.full_name for plan in people()}) == len(list(people()))


@pytest.mark.usefixtures("demo_office")
def test_the_office_stands_with_something_in_every_state() -> None:
    running = CampaignYear.objects.of_movements().get(year=2025)
    assert Person.objects.count() == 92
    assert User.objects.filter(is_demo=False).count() == 0
    assert _roles() == {
        "giamdoc": {roles.HEAD, roles.COUNCIL},
        "vanphong": {roles.OFFICE},
        "quantri": {roles.TECHNICIAN},
        "thanhtra": {roles.INSPECTOR},
        "uyvien": {roles.HEAD, roles.COUNCIL, roles.APPRAISER},
        "truongphong": {roles.HEAD},
        "chuyenvien": set(),
    }
    assert Unit.objects.filter(closed_on__isnull=False).count() == 1
    assert Posting.objects.filter(ended_on__isnull=False).exists()
    assert set(CampaignYear.objects.of_movements().values_list("year", "state")) == {
        (2022, "closed"),
        (2023, "closed"),
        (2024, "open"),
        (2025, "open"),
    }
    assert _states(Registration.objects.filter(campaign_year=running)) == set(Registration.State.values)
    assert _states(Achievement.objects.filter(campaign_year=running)) == set(Achievement.State.values)
    assert _states(Scorecard.objects.all()) == set(Scorecard.State.values)
    of_index = Publication.objects.in_force().filter(campaign_year__campaign__kind="index")
    assert (Publication.objects.in_force().count(), of_index.count()) == (6, 2)
    assert Counter(AwardList.objects.values_list("state", flat=True)) == {"settled": 2, "draft": 1}
    assert AwardEntry.objects.filter(award_list__campaign_year__year=2024).exists()
    assert Entry.objects.filter(at__year=2022).exists()


@pytest.mark.usefixtures("demo_office")
def test_the_next_start_finds_nothing_to_change() -> None:
    """What the reference files add when units exist is there from the first start on."""
    said = StringIO()
    call_command("load_reference", verbosity=0, stdout=said)
    assert "thêm mới 0, thay đổi 0" in said.getvalue()
    assert Criterion.objects.filter(criteria_set__campaign_year__year=2025, in_charge__isnull=False).exists()


@pytest.mark.usefixtures("demo_office")
def test_the_letters_of_past_seasons_left_on_their_day() -> None:
    assert _states(Letter.objects.all()) == {Letter.State.SENT}
    launched = Letter.objects.filter(kind="campaigns/launched")
    assert {letter.sent_at for letter in launched} == {letter.created_at for letter in launched}
    assert launched.filter(sent_at__year=2022).count() == User.objects.count()


@pytest.mark.usefixtures("demo_office")
def test_the_years_are_credible() -> None:
    """Most are good, some excellent, few weak; what people report is their own work."""
    bands = Counter(Result.objects.filter(scorecard__person__isnull=False).values_list("band", flat=True))
    assert bands["Tốt"] + bands["Khá"] > bands.total() * 3 / 4
    assert 3 <= bands["Xuất sắc"] < bands["Tốt"]
    assert bands["Trung bình"] + bands["Yếu"] < bands.total() / 8
    titles = Counter(Achievement.objects.values_list("title", flat=True))
    assert sum(count - 1 for count in titles.values()) == 2


def _states(rows: object) -> set[str]:
    return set(rows.values_list("state", flat=True))  # type: ignore[attr-defined]


def _roles() -> dict[str, set[str]]:
    return {name: set(User.objects.get(username=name).acting.roles) for name in LOGINS}


@pytest.mark.usefixtures("demo_office")
def test_people_are_scored_by_the_quarter() -> None:
    """Both sample schemes run in the last quarter that is over: leaders take over the published index of their
    units, and the highest class is beyond its ceiling."""
    for code, count in (("nd335-chuyen-mon", 19), ("nd335-lanh-dao", 6)):
        campaign_year = CampaignYear.objects.select_related("campaign").get(campaign__code=code)
        sheets = Scorecard.objects.filter(campaign_year=campaign_year)
        assert (campaign_year.state, sheets.count()) == ("open", count)
        assert sheets.filter(person__user__username__in=LOGINS, state="draft").exists()
        board = board_of(campaign_year, "individual")
        assert board is not None
        assert board.is_over
    taken = Line.objects.filter(criterion__method="index_share").values_list("inputs", flat=True)
    assert all("quý" in inputs["source"] for inputs in taken)
