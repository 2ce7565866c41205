"""An index of many units: its pages ask the database the same number of questions however many units there are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from campaigns.models import CampaignYear
from emulation_portal.demo import wide
from organization.models import Unit, User
from scoring.models import Line, Publication, Result, Scorecard
from scoring.queries.ranking import provisional_ranking

Find = Callable[..., Any]


@pytest.fixture
def index(office: User, units: dict[str, Unit]) -> wide.Wide:
    """Seven units by 25 criteria; Phòng CCHC still fills its second sheet."""
    return wide.build(units=7, criteria=25, own=units["cchc"], by=office)


def test_the_index_is_filled_as_people_would_have_left_it(index: wide.Wide, office: User) -> None:
    lines = Line.objects.filter(scorecard__campaign_year=index.published)
    assert lines.count() == 7 * 25
    assert not lines.filter(second_score__isnull=True).exists()
    results = Result.objects.filter(publication__campaign_year=index.published).order_by("rank")
    assert [one.rank for one in results][0] == 1
    draft = Scorecard.objects.get(campaign_year=index.provisional, state="draft")
    assert draft.self_total > 0
    assert draft.result_total is None
    assert len(provisional_ranking(index.provisional, "collective")) == 6
    great = wide.build_great(index.published, units=9, by=office)
    copied = Scorecard.objects.filter(campaign_year=great)
    assert copied.count() == 9
    assert not copied.exclude(lines__criterion__criteria_set=F("criteria_set")).exists()
    assert Line.objects.filter(scorecard__campaign_year=great).count() == 9 * 25
    assert {one.rank for one in provisional_ranking(great, "collective").values()} >= {1}


@pytest.mark.parametrize(
    "address",
    [
        "/cham-diem/dot/{now}/ma-tran/",
        "/cham-diem/dot/{now}/ma-tran/?linh-vuc={top}",
        "/cham-diem/dot/{now}/ma-tran/?linh-vuc={top}&cot=tham-dinh",
        "/cham-diem/dot/{now}/tien-do/",
        "/cham-diem/dot/{now}/mat-diem/",
        "/cham-diem/xep-hang/?nam={now}",
        "/cham-diem/xep-hang/?nam={before}",
    ],
)
def test_no_page_asks_more_of_the_database_for_more_units(
    index: wide.Wide, client_of: Find, office: User, assert_same_queries: Find, address: str
) -> None:
    top = index.provisional.criteria_sets.in_use().get().criteria.filter(level=1)[0]
    page = address.format(now=index.provisional.pk, before=index.published.pk, top=top.pk)
    client: Client = client_of(office)
    back = _away(index)
    assert_same_queries(client, page, back)
    assert "Đơn vị trực thuộc số 6" in client.get(page).content.decode() or "mat-diem" in page


def _away(index: wide.Wide) -> Callable[[], None]:
    """Three units are left in both rounds until what is returned is called."""
    rounds = (index.published, index.provisional)
    elsewhere = {
        one.pk: CampaignYear.objects.create(campaign=one.campaign, year=one.year - 10, state="open")
        for one in rounds
    }
    moved = {
        one.pk: [sheet.pk for sheet in Scorecard.objects.filter(campaign_year=one)[3:]] for one in rounds
    }
    kept = Publication.objects.get(campaign_year=index.published)
    other = Publication.objects.create(
        campaign_year=elsewhere[index.published.pk], recipient="collective", published_by=kept.published_by
    )
    gone = [
        result.pk
        for result in Result.objects.filter(publication=kept, scorecard__in=moved[kept.campaign_year_id])
    ]

    def move(publication: Publication, *, back: bool) -> None:
        Result.objects.filter(pk__in=gone).update(publication=publication)
        for one in rounds:
            Scorecard.objects.filter(pk__in=moved[one.pk]).update(
                campaign_year=one if back else elsewhere[one.pk]
            )

    move(other, back=False)
    return lambda: move(kept, back=True)
