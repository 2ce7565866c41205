"""Publishing: the ranking, the frozen results, and taking them up again."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from campaigns.models import Band, CampaignYear, Criterion
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from scoring.actions import appraisal
from scoring.actions import lines as line_actions
from scoring.actions import publication as act
from scoring.models import Line, Publication, Result, Scorecard
from scoring.queries.ranking import provisional_ranking, published_results
from tests.scoring.sheets.conftest import publish_all

Find = Callable[..., Any]


@pytest.fixture
def three(
    opened: CampaignYear,
    sheet_of: Find,
    led_to: Find,
    clerk: User,
    colleague: User,
    deputy: User,
    head: User,
    office: User,
) -> list[Scorecard]:
    """Three appraised sheets of Phòng CCHC; the first two are equal."""
    less = {"c1_1": {"inputs": {}, "self_score": Decimal(3)}}
    return [
        led_to(sheet_of(clerk), "appraised", by=clerk, head=head, appraiser=office),
        led_to(sheet_of(colleague), "appraised", by=colleague, head=head, appraiser=office),
        led_to(sheet_of(deputy), "appraised", by=deputy, head=head, appraiser=office, **less),
    ]


def test_equal_indexes_share_a_rank(three: list[Scorecard], opened: CampaignYear, office: User) -> None:
    publication = publish_all(opened, "individual", office)
    rows = list(published_results(opened, "individual"))
    assert [(row.rank, row.is_tied) for row in rows] == [(1, True), (1, True), (3, False)]
    assert rows[2].scorecard == three[2]
    assert [(row.score, row.applicable_max, row.index, row.band) for row in rows] == [
        (Decimal("38.5"), 50, 77, "Khá"), (Decimal("38.5"), 50, 77, "Khá"), (33, 50, 66, "Trung bình"),
    ]  # fmt: skip
    assert set(
        Scorecard.objects.filter(pk__in=[sheet.pk for sheet in three]).values_list("state", flat=True)
    ) == {"published"}
    entry = history_of(publication).get()
    assert entry.data["results"] == 3
    assert len(entry.data["not_scored"]) == 9
    assert Letter.objects.filter(kind="scoring/sheet_published").count() == 3


def test_not_scored_is_never_zero(three: list[Scorecard], opened: CampaignYear, office: User) -> None:
    with pytest.raises(Refused, match="Còn 9 phiếu chưa thẩm định"):
        act.publish(opened, "individual", by=office, confirmation="CÔNG BỐ")
    publish_all(opened, "individual", office)
    assert Result.objects.count() == 3
    assert not Result.objects.filter(score=0).exists()


@pytest.mark.parametrize("typed", ["", "công bố", "CONG BO", "CÔNG BỐ!"])
def test_the_confirmation_is_typed_exactly(
    three: list[Scorecard], opened: CampaignYear, office: User, typed: str
) -> None:
    with pytest.raises(Refused, match="CÔNG BỐ"):
        act.publish(opened, "individual", by=office, confirmation=typed)
    assert not Publication.objects.exists()


def test_a_decomposed_confirmation_is_the_same_text(
    three: list[Scorecard], opened: CampaignYear, office: User
) -> None:
    left = Scorecard.objects.exclude(state="appraised").values_list("pk", flat=True)
    typed = "CO\u0302NG BO\u0302\u0301"
    assert act.publish(opened, "individual", by=office, confirmation=typed, not_scored=list(left)).pk


def test_only_the_office_publishes_and_only_once(
    three: list[Scorecard], opened: CampaignYear, office: User, director: User, inspector: User
) -> None:
    for user in (director, inspector):
        with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
            publish_all(opened, "individual", user)
    publication = publish_all(opened, "individual", office)
    with pytest.raises(AlreadyDone):
        publish_all(opened, "individual", office)
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        act.withdraw_publication(publication, by=director, reason="x")


def test_nothing_appraised_nothing_to_publish(opened: CampaignYear, office: User) -> None:
    with pytest.raises(Refused, match="Chưa có phiếu nào"):
        publish_all(opened, "collective", office)


def test_later_changes_do_not_reach_published_results(
    three: list[Scorecard], opened: CampaignYear, office: User
) -> None:
    publication = publish_all(opened, "individual", office)
    before = list(publication.results.values())
    Band.objects.filter(name="Khá").update(lower_bound=79)
    Line.objects.update(appraised_score=0, approved_reason="sửa lén")
    Criterion.objects.update(name="đổi tên", max_score=1)
    assert list(publication.results.values()) == before
    result = publication.results.get(scorecard=three[0])
    assert result.frozen["lines"][0]["appraised"] == "8.5000"
    assert result.frozen["lines"][0]["name"] == "Chất lượng tham mưu"
    assert len(publication.digest) == 64


def test_withdrawing_and_publishing_again_keeps_both(
    three: list[Scorecard], opened: CampaignYear, line_of: Find, office: User
) -> None:
    first = publish_all(opened, "individual", office)
    with pytest.raises(Refused, match="lý do"):
        act.withdraw_publication(first, by=office, reason="  ")
    act.withdraw_publication(first, by=office, reason="Sót tài liệu của ông Duy")
    assert not published_results(opened, "individual").exists()
    with pytest.raises(AlreadyDone):
        act.withdraw_publication(first, by=office, reason="lần nữa")
    sheet = Scorecard.objects.get(pk=three[2].pk)
    assert sheet.state == "appraised"
    appraisal.reopen(sheet, by=office, comment="Sót tài liệu")
    line_actions.save_appraised(line_of(sheet, "1.1"), by=office, score=Decimal(10), reason="Đủ tài liệu")
    appraisal.appraise(sheet, by=office)
    second = publish_all(opened, "individual", office)
    assert [row.rank for row in first.results.all()] == [1, 1, 3]
    assert [(row.rank, row.scorecard_id) for row in second.results.all()][0] == (1, sheet.pk)
    assert first.digest != second.digest
    assert history_of(first).filter(verb="withdraw").get().comment == "Sót tài liệu của ông Duy"
    assert Letter.objects.filter(kind="scoring/sheet_withdrawn").count() == 3


def test_units_are_ranked_apart_from_people(
    three: list[Scorecard],
    opened: CampaignYear,
    sheet_of: Find,
    led_to: Find,
    clerk: User,
    head: User,
    office: User,
    units: dict[str, Unit],
) -> None:
    led_to(sheet_of(units["cchc"]), "appraised", by=clerk, head=head, appraiser=office)
    publish_all(opened, "collective", office)
    assert [row.index for row in published_results(opened, "collective")] == [73]
    assert not published_results(opened, "individual").exists()
    assert [place.rank for place in provisional_ranking(opened, "individual").values()] == [1, 1, 3]


def test_results_without_bands_are_not_published(
    three: list[Scorecard], opened: CampaignYear, office: User
) -> None:
    Band.objects.all().delete()
    with pytest.raises(Refused, match="mức xếp loại"):
        publish_all(opened, "individual", office)
