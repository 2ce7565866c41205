"""The annual ratings: written by the Office unit by unit, taken over from published scores, ceilings in sight."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.actions import ratings as actions
from awards.calculations.ratings import Ceiling, ceilings, grade_of_band
from awards.eligibility import facts
from awards.models import AnnualRating, RuleDocument
from awards.queries import ratings as queries
from awards.queries.ratings import board_of
from campaigns.models import Campaign, CampaignYear
from core.journal import history_of
from core.models import LegalDocument
from core.workflow import Refused, Stale
from organization.models import Person, Unit, User
from scoring.models import Result
from tests.awards.builders import publish_people
from tests.cast import build_campaign_year

pytestmark = pytest.mark.django_db
YEAR = 2024


@pytest.fixture
def unit(cast: dict[str, User]) -> Unit:
    return Unit.objects.get(code="cchc")


def pk_of(user: User) -> int:
    return user.person.pk  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("good", "excellent", "limit", "over"),
    [(10, 2, 2, 0), (10, 3, 2, 1), (4, 1, 0, 1), (5, 1, 1, 0), (0, 1, 0, 1)],
)
def test_a_ceiling_is_counted_on_those_rated_good_and_rounded_down(
    good: int, excellent: int, limit: int, over: int
) -> None:
    [made] = ceilings(
        ("excellent", "good", Decimal(20)), {"Nhóm": ["good"] * good + ["excellent"] * excellent}
    )

    assert (made.limit, made.over) == (limit, over)
    assert made == Ceiling("Nhóm", "excellent", "good", Decimal(20), excellent, good)


def test_bands_are_read_as_classes() -> None:
    assert grade_of_band("Hoàn thành xuất sắc", facts.GRADES) == "excellent"
    assert grade_of_band("Hoàn thành tốt nhiệm vụ", facts.GRADES) == "good"
    assert grade_of_band("Xuất sắc", facts.GRADES) == ""


def test_the_office_rates_a_unit_and_every_change_is_written_down(
    cast: dict[str, User], office: User, unit: Unit
) -> None:
    clerk, head = pk_of(cast["clerk"]), pk_of(cast["head"])
    wanted = {clerk: "good", head: "excellent", pk_of(cast["colleague"]): ""}
    assert actions.rate_unit(unit, YEAR, wanted, by=office, basis="QĐ 90/QĐ-SNV", seen={}) == 2
    assert actions.rate_unit(unit, YEAR, wanted, by=office, seen=wanted) == 0

    row = AnnualRating.objects.get(person=clerk, year=YEAR)
    assert (row.grade, row.rated_in, row.basis, row.set_by) == ("good", unit, "QĐ 90/QĐ-SNV", office)
    actions.rate_unit(unit, YEAR, {clerk: "completed"}, by=office, seen={clerk: "good"})
    line = history_of(row).first()
    assert line is not None
    assert "Hoàn thành tốt nhiệm vụ → Hoàn thành nhiệm vụ" in line.comment
    actions.rate_unit(unit, YEAR, {clerk: ""}, by=office, seen={clerk: "completed"})
    assert not AnnualRating.objects.filter(person=clerk).exists()


def test_two_people_rate_at_once_and_the_second_is_told(
    cast: dict[str, User], office: User, unit: Unit
) -> None:
    clerk = pk_of(cast["clerk"])
    actions.rate_unit(unit, YEAR, {clerk: "good"}, by=office, seen={clerk: ""})
    with pytest.raises(Stale, match="Nguyễn Văn An"):
        actions.rate_unit(unit, YEAR, {clerk: "completed"}, by=office, seen={clerk: ""})
    assert AnnualRating.objects.get(person=clerk).grade == "good"


def test_only_the_office_rates_and_only_people_of_the_unit(
    cast: dict[str, User], office: User, unit: Unit
) -> None:
    for part in ("head", "director", "technician", "inspector"):
        with pytest.raises(Refused):
            actions.rate_unit(unit, YEAR, {pk_of(cast["clerk"]): "good"}, by=cast[part], seen={})
    with pytest.raises(Refused):
        actions.rate_unit(unit, YEAR, {pk_of(cast["stranger"]): "good"}, by=office, seen={})
    assert not AnnualRating.objects.exists()


def test_published_scores_become_ratings(
    campaign_year: CampaignYear, cast: dict[str, User], office: User, client: Client
) -> None:
    Campaign.objects.filter(pk=campaign_year.campaign_id).update(kind="index")
    publish_people(campaign_year, {cast["clerk"]: "95", cast["head"]: "82"}, by=office)
    Result.objects.filter(scorecard__person=cast["clerk"].person).update(band="Hoàn thành xuất sắc")  # type: ignore[attr-defined]
    year = campaign_year.year
    client.force_login(office)
    address = reverse("awards:rating_offers", args=[year])

    text = client.get(address).content.decode()
    assert "1 người sẽ được ghi hoặc đổi" in text
    assert "Không rõ mức" in text  # "Tốt" is a band of the movement, not a class of the year
    assert not AnnualRating.objects.exists()
    seen = re.search(r'name="seen" value="(\w+)"', text)[1]  # type: ignore[index]
    client.post(address, {"seen": seen})
    client.post(address, {"seen": seen})

    [row] = AnnualRating.objects.all()
    assert (row.person, row.year, row.grade) == (cast["clerk"].person, year, "excellent")  # type: ignore[attr-defined]
    assert (row.source, row.basis) == ("scored", f"Kết quả đã công bố: {campaign_year}")
    assert len(history_of(row)) == 1


def test_scores_never_rate_who_takes_them_over_nor_choose_between_two(
    campaign_year: CampaignYear, cast: dict[str, User], office: User
) -> None:
    Campaign.objects.filter(pk=campaign_year.campaign_id).update(kind="index")
    publish_people(campaign_year, {cast["clerk"]: "95", cast["head"]: "93", office: "90"}, by=office)
    Result.objects.update(band="Hoàn thành xuất sắc")
    year = campaign_year.year
    other = build_campaign_year(year=year + 1)  # a second index of the same year
    CampaignYear.objects.filter(pk=other.pk).update(year=year)
    other.refresh_from_db()
    Campaign.objects.filter(pk=other.campaign_id).update(kind="index")
    publish_people(other, {cast["head"]: "80"}, by=office)
    Result.objects.filter(scorecard__campaign_year=other).update(band="Hoàn thành tốt")

    assert {
        (one.result.scorecard.person, one.barred) for one in queries.offers(year, office) if one.barred
    } == {
        (office.person, "Người khác của Văn phòng Sở ghi"),  # type: ignore[attr-defined]
        (cast["head"].person, "Các kết quả khác nhau"),  # type: ignore[attr-defined]
    }
    seen = queries.seen_of(queries.offers(year, office))
    AnnualRating.objects.create(
        person=cast["clerk"].person, year=year, grade="good", set_by=cast["office_head"]
    )  # type: ignore[misc]
    with pytest.raises(Refused, match="thay đổi từ lúc bạn xem"):
        actions.take_over_scores(year, by=office, seen=seen)
    assert actions.take_over_scores(year, by=office) == 1
    assert actions.take_over_scores(year, by=office) == 0
    [row] = AnnualRating.objects.all()
    assert (row.person, row.grade, row.version) == (cast["clerk"].person, "excellent", 2)  # type: ignore[attr-defined]


def test_the_pages_keep_what_was_chosen(
    cast: dict[str, User], office: User, unit: Unit, client: Client
) -> None:
    clerk, head = pk_of(cast["clerk"]), pk_of(cast["head"])
    client.force_login(office)
    address = reverse("awards:rating_unit", args=[YEAR, unit.pk])
    assert "Nguyễn Văn An" in client.get(address).content.decode()
    sent = {f"p{clerk}": "good", f"s{clerk}": "", f"p{head}": "excellent", f"s{head}": ""}
    assert client.post(address, sent).status_code == 302
    again = client.post(address, {**sent, f"p{clerk}": "completed"})
    assert again.status_code == 409
    assert '<option value="completed" selected>' in again.content.decode()
    assert client.post(address, {f"p{clerk}": "best"}).status_code == 422

    board = client.get(reverse("awards:rating_board"), {"nam": YEAR}).content.decode()
    assert "đã có 2/13" in board


def test_strangers_find_nothing(cast: dict[str, User], unit: Unit, client: Client) -> None:
    client.force_login(cast["clerk"])
    for address in [
        reverse("awards:rating_board"),
        reverse("awards:rating_unit", args=[YEAR, unit.pk]),
        reverse("awards:rating_offers", args=[YEAR]),
    ]:
        assert client.get(address).status_code == 404
    client.force_login(cast["office"])
    assert client.get(reverse("awards:rating_unit", args=[99999, unit.pk])).status_code == 404


def test_ceilings_of_the_agency_and_of_each_group(cast: dict[str, User], office: User) -> None:
    document = LegalDocument.objects.create(
        code="nd-48-2023", number="48/2023/NĐ-CP", title="Sửa đổi", kind="decree", issuer="Chính phủ"
    )
    rule = {"grade": "excellent", "of": "good", "percent": "20", "employment": "all", "citation": "Khoản 1"}
    RuleDocument.objects.create(
        legal_document=document, effective_from=date(2023, 9, 15), content={"ratings": [rule]}, digest="x"
    )
    for part, grade in [
        ("clerk", "excellent"),
        ("colleague", "good"),
        ("head", "excellent"),
        ("deputy", "good"),
    ]:
        AnnualRating.objects.create(person_id=pk_of(cast[part]), year=YEAR, grade=grade, set_by=office)

    made = {one.group: (one.count, one.limit, one.over) for one in board_of(YEAR).ceilings}

    assert made == {
        "Toàn cơ quan": (2, 0, 2),
        "Lãnh đạo, quản lý": (1, 0, 1),
        "Không giữ chức vụ lãnh đạo, quản lý": (1, 0, 1),
    }


def test_a_rule_for_one_kind_of_staff_counts_them_only(cast: dict[str, User], office: User) -> None:
    """From 2026 civil servants have a ceiling of their own; what others reach neither fills nor widens it."""
    document = LegalDocument.objects.create(
        code="nd-335-2025", number="335/2025/NĐ-CP", title="Đánh giá", kind="decree", issuer="Chính phủ"
    )
    rules = [
        {"grade": "excellent", "of": "good", "percent": percent, "employment": kind, "citation": kind}
        for kind, percent in (("cong-chuc", "50"), ("vien-chuc", "20"))
    ]
    RuleDocument.objects.create(
        legal_document=document, effective_from=date(2023, 9, 15), content={"ratings": rules}, digest="x"
    )
    Person.objects.filter(pk__in=[pk_of(cast[part]) for part in ("head", "deputy")]).update(
        employment="vien-chuc"
    )
    for part, grade in [
        ("clerk", "excellent"),
        ("colleague", "good"),
        ("head", "excellent"),
        ("deputy", "good"),
    ]:
        AnnualRating.objects.create(person_id=pk_of(cast[part]), year=YEAR, grade=grade, set_by=office)

    made = {
        (rule.whom, one.group): (one.count, one.base, one.percent)
        for rule in board_of(YEAR).rules
        for one in rule.ceilings
    }

    assert made == {
        ("công chức", "Toàn cơ quan"): (1, 1, Decimal(50)),
        ("công chức", "Không giữ chức vụ lãnh đạo, quản lý"): (1, 1, Decimal(50)),
        ("viên chức", "Toàn cơ quan"): (1, 1, Decimal(20)),
        ("viên chức", "Lãnh đạo, quản lý"): (1, 1, Decimal(20)),
    }


def test_queries_do_not_grow(cast: dict[str, User], office: User, client: Client) -> None:
    client.force_login(office)
    address = reverse("awards:rating_board")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address, {"nam": YEAR})
        return len(captured)

    count()
    before = count()
    for part in ("clerk", "head", "stranger"):
        AnnualRating.objects.create(person_id=pk_of(cast[part]), year=YEAR, grade="good", set_by=office)
    assert count() == before


def test_nobody_rates_himself_nor_the_unit_he_heads(
    cast: dict[str, User], office: User, units: dict[str, Unit], client: Client
) -> None:
    own, home = pk_of(office), office.acting.unit_id
    with pytest.raises(Refused, match="không tự xếp loại cho mình"):
        actions.rate_unit(Unit.objects.get(pk=home), YEAR, {own: "excellent"}, by=office, seen={})
    client.force_login(office)
    address = reverse("awards:rating_unit", args=[YEAR, home])
    assert "Không tự xếp loại cho mình" in client.get(address).content.decode()
    assert client.post(address, {f"p{own}": "excellent", f"s{own}": ""}).status_code == 302
    assert not AnnualRating.objects.exists()

    head = cast["head"]
    head.person.appointments.create(role="office", started_on=date(2024, 1, 1))  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="đang đứng đầu đơn vị"):
        actions.rate_collectives(YEAR, {units["cchc"].pk: "good"}, by=User.objects.get(pk=head.pk), seen={})


def test_collectives_have_a_class_of_the_year_too(
    cast: dict[str, User], office: User, units: dict[str, Unit], client: Client
) -> None:
    cchc = units["cchc"].pk
    client.force_login(office)
    address = reverse("awards:rating_collectives", args=[YEAR])
    assert units["cchc"].name in client.get(address).content.decode()
    assert (
        client.post(address, {f"p{cchc}": "good", f"s{cchc}": "", "basis": "QĐ 91/QĐ-SNV"}).status_code == 302
    )
    row = AnnualRating.objects.get()
    assert (row.unit_id, row.person, row.grade, row.basis) == (cchc, None, "good", "QĐ 91/QĐ-SNV")
    assert client.post(address, {f"p{cchc}": "excellent", f"s{cchc}": ""}).status_code == 409
    with pytest.raises(Refused, match="không còn là tập thể"):
        actions.rate_collectives(YEAR, {units["so"].pk: "good"}, by=office, seen={})
    board = client.get(reverse("awards:rating_board"), {"nam": YEAR}).content.decode()
    assert "Xếp loại của các tập thể: đã có 1/" in board
    client.force_login(cast["head"])
    assert client.get(address).status_code == 404
