"""Thử điểm: what would come out if some rows stood otherwise; nothing is ever written."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calculations import published
from campaigns.methods import Node, evaluate
from campaigns.models import Band, CampaignYear, CriteriaSet, Criterion
from core.models import Entry
from organization.models import Unit, User
from scoring.calculations import Assumed, Gate, RowNow, applied, gains, prospect
from scoring.calculations.what_if import missing
from scoring.models import Line, Scorecard

Find = Callable[..., Any]
D = Decimal


def address(sheet: Scorecard) -> str:
    return f"/cham-diem/phieu/{sheet.pk}/thu-diem/"


def rounded(value: Decimal) -> Decimal:
    return published(value, 2, "half_up")


# --- the arithmetic ----------------------------------------------------------------------------------
TABLE = [
    Node(1, 1, False),
    Node(2, 2, True, D(10)),
    Node(3, 2, False, D(4), "all_of"),
    Node(4, 3, True, D(1)),
    Node(5, 3, True, D(1)),
    Node(6, 1, True, D(6)),
    Node(7, 1, False, D(0), "bonus_block", D(3), D(2)),
    Node(8, 2, True, D(0)),
]


def test_what_rows_could_still_give() -> None:
    scores = {2: D(7), 4: D(1), 5: D(0), 6: None, 8: D(-5)}
    assert gains(TABLE, scores) == [(6, 6), (3, 4), (2, 3), (8, 2)]  # of five penalty points two were taken
    assert gains(TABLE, scores, {6, 8}) == [(3, 4), (2, 3)]
    assert gains(TABLE, {2: D(10), 4: D(1), 5: D(1), 6: D(6), 8: D(1)}) == []


def test_the_way_to_a_class() -> None:
    rows = [RowNow(key, str(key), D(10), "typed", score=D(score)) for key, score in [(1, 9), (2, 6), (3, 7)]]
    nodes = [Node(row.key, 1, True, D(10)) for row in rows]
    gate = Gate("Tốt", "2", ">=", D(80))
    found = prospect(nodes, rows, D(90), [gate], {"2": D(60)}, rounded)
    assert (found.missing, found.gates, found.is_reachable) == (D("4.9985"), (gate,), True)
    assert [(one.key, one.points, one.so_far, one.is_enough) for one in found.gains] == [
        (2, 4, 4, False),
        (3, 3, 7, False),
        (1, 1, 8, False),
    ]
    near = prospect(nodes, rows, D(80), [], {}, rounded)
    assert [one.is_enough for one in near.gains] == [True, True, False]


@given(
    st.decimals(0, 100, places=2),
    st.decimals(1, 150, places=2),
    st.sampled_from([D(50), D(80), D("89.5"), D(90)]),
    st.sampled_from(["half_up", "half_even", "down"]),
)
def test_what_is_missing_is_enough_and_not_too_much(
    score: Decimal, most: Decimal, bound: Decimal, mode: str
) -> None:
    def public(value: Decimal) -> Decimal:
        return published(value, 2, mode)

    more = missing(score, most, bound, public)
    assert public((score + more) / most * 100) >= bound
    if more:
        assert public((score + more - D("0.0003")) / most * 100) < bound


def test_points_stand_above_inputs_and_inputs_above_what_stands() -> None:
    row = RowNow(1, "1", D(10), "count_capped", {"points_each": "5", "max": "10", "measure": "việc"}, D(5))
    assert applied(row, Assumed()) == (row, [])
    assert applied(row, Assumed({"count": "2"}))[0].score == 10
    assert applied(row, Assumed({"count": "2"}, D("7.5")))[0].score == D("7.5")
    assert applied(row, Assumed({}))[1]
    assert applied(row, Assumed(score=D(11)))[1] == ["Điểm phải từ 0 đến 10; 11 không hợp lệ."]
    assert evaluate([Node(1, 1, True, D(10))], {1: D(5)}, {1}).maximum == 0


# --- the page ----------------------------------------------------------------------------------------
@pytest.fixture
def sheets(
    sheet_of: Find, led_to: Find, units: dict[str, Unit], clerk: User, head: User, office: User
) -> dict[str, Scorecard]:
    """Phòng CCHC is appraised with 36,5 of 50 (Khá), Trung tâm Lưu trữ with 40 (Tốt)."""
    own = led_to(sheet_of(units["cchc"]), "appraised", by=clerk, head=head, appraiser=office)
    other = sheet_of(units["ttlt"])
    Scorecard.objects.filter(pk=other.pk).update(
        state="appraised", result_total=D(40), applicable_max=D(50), self_total=D(40)
    )
    return {"own": own, "other": other}


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Scorecard, Line, Entry)]


def test_changed_rows_total_index_class_and_rank(
    sheets: dict[str, Scorecard], line_of: Find, client_of: Find, office: User
) -> None:
    sheet, client = sheets["own"], client_of(office)
    before = everything()
    count, typed = line_of(sheet, "1.2"), line_of(sheet, "1.1")
    whole = {"tat-ca": "1", f"l{count.pk}-count": "1", f"l{typed.pk}-score": "9,5"}
    sent = client.post(address(sheet), whole)
    assert sent.status_code == 302
    assert sent["Location"] == f"{address(sheet)}?l{typed.pk}-score=9%2C5&l{count.pk}-count=1"
    page = client.get(sent["Location"])
    old, new = page.context["before"].standing, page.context["after"].standing
    assert (old.score, old.index, old.band, old.rank) == (D("36.50"), D("73.00"), "Khá", 2)
    assert (new.score, new.index, new.band, new.rank) == (D("42.50"), D("85.00"), "Tốt", 1)
    assert [(one.code, a.score, b.score) for one, a, b in page.context["changes"]] == [
        ("1.1", D("8.5"), D("9.5")),
        ("1.2", 0, 5),
    ]
    band, target = page.context["next"]
    assert (band.name, target.missing) == ("Xuất sắc", D("2.4975"))  # 89,995 is published as 90,00
    assert [(one.code, gain.points) for one, gain in page.context["gains"]] == [
        ("1.2", 5),
        ("2.1", 2),
        ("1.1", D("0.5")),
    ]
    text = page.content.decode()
    assert 'value="9,5"' in text
    assert "đủ một mình" in text
    assert [(one.rank, one.is_own) for one in page.context["after"].near] == [(1, True), (2, False)]
    assert everything() == before


def test_who_may_not_see_ranks_sees_index_and_class_only(
    sheets: dict[str, Scorecard], client_of: Find, clerk: User, head: User, stranger: User, inspector: User
) -> None:
    for user in (clerk, head):
        page = client_of(user).get(address(sheets["own"]))
        assert page.context["after"].standing.rank is None
        assert page.context["after"].standing.band == "Khá"
        text = page.content.decode()
        assert "Hạng tạm tính" not in text
        assert str(sheets["other"].unit_name) not in text
    assert "Hạng tạm tính" in client_of(inspector).get(address(sheets["own"])).content.decode()
    for method in ("get", "post"):
        assert getattr(client_of(stranger), method)(address(sheets["own"])).status_code == 404


def test_bad_input_gets_a_sentence_and_stays_typed(
    sheets: dict[str, Scorecard], line_of: Find, client_of: Find, clerk: User
) -> None:
    sheet = sheets["own"]
    ratio, typed, choice = line_of(sheet, "2.1"), line_of(sheet, "1.1"), line_of(sheet, "2.3")
    data = {
        "tat-ca": "1",
        f"l{ratio.pk}-denominator": "0",
        f"l{ratio.pk}-numerator": "0",
        f"l{typed.pk}-score": "tám <b>",
        f"l{choice.pk}-choice": "Chậm",
    }
    page = client_of(clerk).post(address(sheet), data)
    assert page.status_code == 422
    assert set(page.context["assumed"].errors) == {ratio.pk, typed.pk}
    text = page.content.decode()
    assert 'value="tám &lt;b&gt;"' in text
    assert "Nhập một số, ví dụ 8,5." in text
    assert page.context["after"].standing.score == D("31.50")  # the good row counts, the others stand
    too_much = client_of(clerk).get(f"{address(sheet)}?l{typed.pk}-score=11")
    assert "11 không hợp lệ" in too_much.content.decode()
    odd = client_of(clerk).get(f"{address(sheet)}?l{choice.pk}-choice=Nhanh&l9-score=x&l{typed.pk}-score=1e5")
    assert set(odd.context["assumed"].errors) == {choice.pk, typed.pk}


def test_a_row_that_does_not_apply_leaves_the_maximum(
    sheets: dict[str, Scorecard], line_of: Find, client_of: Find, office: User, clerk: User
) -> None:
    sheet = sheets["own"]
    row = line_of(sheet, "1.2")
    page = client_of(clerk).get(f"{address(sheet)}?l{row.pk}-khong-ap-dung=1")
    new = page.context["after"].standing
    assert (new.score, new.applicable_max, new.index) == (D("36.50"), 40, D("91.25"))
    sent = client_of(clerk).post(address(sheet), {"tat-ca": "1", f"l{row.pk}-khong-ap-dung": "1"})
    assert sent["Location"].endswith(f"?l{row.pk}-khong-ap-dung=1")
    Line.objects.filter(pk=row.pk).update(is_excluded=True)
    back = client_of(clerk).post(address(sheet), {"tat-ca": "1"})
    assert back["Location"].endswith(f"?l{row.pk}-khong-ap-dung=0")
    assert client_of(clerk).get(back["Location"]).context["after"].standing.applicable_max == 50


def test_the_row_against_the_leading_unit_and_the_survey_are_supposed_as_points(
    sheets: dict[str, Scorecard], line_of: Find, client_of: Find, clerk: User
) -> None:
    sheet = sheets["own"]
    Criterion.objects.filter(code="2.3").update(method="relative_to_leader", params={"max": "10"})
    Criterion.objects.filter(code="1.1").update(method="survey", params={"max": "10", "scale_max": "100"})
    leader, survey = line_of(sheet, "2.3"), line_of(sheet, "1.1")
    page = client_of(clerk).get(f"{address(sheet)}?l{leader.pk}-score=6,25&l{survey.pk}-score=9")
    assert [(one.code, b.score) for one, _, b in page.context["changes"]] == [("1.1", 9), ("2.3", D("6.25"))]
    assert f'name="l{leader.pk}-achieved"' not in page.content.decode()
    page = client_of(clerk).get(f"{address(sheet)}?l{survey.pk}-result=95")
    assert [(one.code, b.score) for one, _, b in page.context["changes"]] == [("1.1", D("9.5"))]


def test_gates_and_named_criteria_count_as_they_are_supposed(
    sheets: dict[str, Scorecard], line_of: Find, client_of: Find, office: User, campaign_year: CampaignYear
) -> None:
    sheet = sheets["own"]
    Band.objects.filter(name="Tốt").update(gates=[{"code": "1.2", "op": ">=", "bound": "50"}])
    CriteriaSet.objects.filter(campaign_year=campaign_year).update(ties="criteria", tie_codes="1.1")
    other = line_of(sheets["other"], "1.1")
    Line.objects.filter(pk=other.pk).update(self_score=9)
    ratio, count, typed = (line_of(sheet, code) for code in ("2.1", "1.2", "1.1"))
    page = client_of(office).get(f"{address(sheet)}?l{ratio.pk}-score=20&l{typed.pk}-score=10")
    new = page.context["after"].standing
    assert (new.index, new.band, new.rank) == (D("80.00"), "Khá", 1)  # equal to the other, decided by 1.1
    band, target = page.context["next"]
    assert (band.name, target.missing, [gate.fact for gate in target.gates]) == ("Tốt", 0, ["1.2"])
    assert "tiêu chí 1.2" in page.content.decode()
    page = client_of(office).get(f"{address(sheet)}?l{count.pk}-count=1&l{typed.pk}-score=8,5")
    assert page.context["after"].standing.band == "Tốt"


def test_htmx_gets_the_panel_and_a_new_address(
    sheets: dict[str, Scorecard], line_of: Find, client_of: Find, clerk: User
) -> None:
    sheet = sheets["own"]
    row = line_of(sheet, "1.2")
    data = {"tat-ca": "1", f"l{row.pk}-count": "2"}
    answer = client_of(clerk).post(address(sheet), data, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer["HX-Replace-Url"] == f"{address(sheet)}?l{row.pk}-count=2"
    assert f'<span id="n{row.pk}" hx-swap-oob="true">10</span>' in text
    assert "<html" not in text
    assert 'id="thanh-thu"' in text


def test_after_publication_there_is_nothing_to_try(
    sheets: dict[str, Scorecard], client_of: Find, clerk: User
) -> None:
    Scorecard.objects.filter(pk=sheets["own"].pk).update(state="published")
    answer = client_of(clerk).get(address(sheets["own"]), follow=True)
    assert answer.redirect_chain[-1][0] == f"/cham-diem/phieu/{sheets['own'].pk}/"
    assert "trước khi công bố" in answer.content.decode()


def test_a_sheet_that_nobody_has_scored_can_be_tried(
    sheet_of: Find, line_of: Find, client_of: Find, clerk: User
) -> None:
    sheet = sheet_of(clerk)
    page = client_of(clerk).get(f"{address(sheet)}?l{line_of(sheet, '2.2').pk}-met=1")
    assert page.context["before"].standing.index == 0
    assert page.context["after"].standing.index == 40


def test_the_office_chooses_a_unit(
    sheets: dict[str, Scorecard], client_of: Find, office: User, clerk: User, stranger: User
) -> None:
    round_page = f"/cham-diem/dot/{sheets['own'].campaign_year_id}/thu-diem/"
    page = client_of(office).get(round_page)
    ranks = {sheet.unit.code: place and place.rank for sheet, place in page.context["rows"]}
    assert (ranks["cchc"], ranks["ttlt"], ranks["vp"]) == (2, 1, None)
    assert address(sheets["own"]) in page.content.decode()
    own = client_of(clerk).get(round_page)
    assert [(sheet.unit.code, place) for sheet, place in own.context["rows"]] == [("cchc", None)]
    assert "Hạng" not in own.content.decode()
    other = client_of(stranger).get(round_page)
    assert [sheet.unit.code for sheet, _ in other.context["rows"]] == ["ttlt"]
    empty = CampaignYear.objects.create(campaign=sheets["own"].campaign_year.campaign, year=2031)
    assert client_of(stranger).get(f"/cham-diem/dot/{empty.pk}/thu-diem/").status_code == 404


def test_queries_grow_neither_with_rows_nor_with_units(
    sheets: dict[str, Scorecard],
    client_of: Find,
    office: User,
    criteria: dict[str, Criterion],
    assert_same_queries: Find,
    units: dict[str, Unit],
) -> None:
    Band.objects.filter(name="Tốt").update(gates=[{"code": "1.2", "op": ">=", "bound": "50"}])

    def grow() -> None:
        Scorecard.objects.filter(person__isnull=True, unit=units["tccb"]).update(
            state="appraised", result_total=30, applicable_max=50
        )
        for place in range(1, 4):
            more = Criterion.objects.get(pk=criteria["2.3"].pk)
            more.pk, more.position, more.code = None, 100 + place, f"2.{place + 3}"
            more.save()
            Line.objects.create(scorecard=sheets["own"], criterion=more, self_score=1)

    client = client_of(office)
    assert_same_queries(client, address(sheets["own"]), grow)
    with CaptureQueriesContext(connection) as queries:
        client.get(address(sheets["own"]))
    assert not [one for one in queries.captured_queries if one["sql"].startswith(("INSERT", "UPDATE"))]
