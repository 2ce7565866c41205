"""Trying a method: examples at every edge, one's own figures, errors in the panel; every method is made on the form."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from campaigns.methods import EXAMPLES, GROUPS, METHODS, ROWS, points
from campaigns.methods.samples import group_samples, is_within, samples, tried
from campaigns.models import CriteriaSet, Criterion
from organization.models import User
from scoring.importing.catalogue import _LINES
from tests.campaigns.stories import draft_campaign, small_set, text_of

CATALOGUE = json.loads(
    (Path(__file__).resolve().parent.parent / "cases" / "scoring_methods.json").read_text(encoding="utf-8")
)["methods"]


@pytest.fixture
def draft(office: User) -> CriteriaSet:
    return small_set(office, draft_campaign(office).years.get())


def shown(method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Points, or the question, by the words of the inputs."""
    return {
        one.words: one.score.question if one.score.value is None else one.score.value.normalize()
        for one in samples(method, params or EXAMPLES[method])
    }


# --- the examples ------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_examples_within_its_bounds(method: str) -> None:
    found = samples(method, EXAMPLES[method])
    assert len(found) >= 2
    assert len({one.words for one in found}) == len(found)
    for one in found:
        assert (one.score.value is None) == bool(one.score.question), one
        assert is_within(method, EXAMPLES[method], one.score), one


@pytest.mark.parametrize("rule", GROUPS)
def test_every_group_has_examples(rule: str) -> None:
    found = group_samples(rule, EXAMPLES[rule], Decimal(7))
    assert len(found) >= 4
    assert any(one.score.value for one in found)


def test_a_threshold_shows_from_and_above() -> None:
    found = shown("tiered_threshold")
    assert [found[f"{value}\u00a0%"] for value in ("90,01", "90", "70", "69,99")] == [2, 1, 1, 0]


def test_zero_of_zero_is_a_question_and_the_floor_counts() -> None:
    found = shown("proportional_with_floor")
    assert found["8.000 / 10.000 = 80\u00a0%"] == Decimal("1.2")
    assert found["7.999 / 10.000 = 79,99\u00a0%"] == 0
    assert "Mẫu số bằng 0" in found["0 / 0"]


def test_counts_stop_at_the_cap_and_fall_below_zero_without_a_floor() -> None:
    assert list(shown("count_capped").values()) == [0, Decimal("0.5"), 1, Decimal("1.5"), 2, 2]
    endless = {"max": "1", "deduct_each": "0.5", "measure": "lần"}
    assert list(shown("deduct_per_case", endless).values()) == [1, Decimal("0.5"), 0, Decimal("-0.5")]
    half = {"max": "50", "measure": "ngày", "ranges": [{"from": "5", "to": "10", "points": "10"}]}
    assert shown("deduct_graded", half)["10\u00a0ngày"] == 40
    assert "không thuộc mức nào" in shown("deduct_graded", half)["11\u00a0ngày"]


def test_a_formula_shows_every_branch_and_the_division_by_zero() -> None:
    params = {
        "max": "2",
        "variables": [{"name": "x", "label": "đạt"}, {"name": "y", "label": "giao"}],
        "branches": [{"when": "x > 0 and x >= y", "score": "2"}, {"score": "x / y * 2"}],
    }
    found = shown("formula_branches", params)
    assert found["x = 10; y = 10"] == 2
    assert found["x = 8; y = 10"] == Decimal("1.6")
    assert "chia cho 0" in found["x = 0; y = 0"]
    many = {**params, "variables": [{"name": name, "label": name} for name in "xyzuv"]}
    assert len(shown("formula_branches", many)) >= 2


def test_the_leading_unit_s_example_says_what_it_assumes() -> None:
    found = shown("relative_to_leader")
    assert found["kết quả 125; chỉ tiêu 100; đơn vị dẫn đầu đạt 150\u00a0%"] == Decimal("7.5")


def test_nonsense_of_one_s_own_is_a_question() -> None:
    for value in ("NaN", "abc", "Infinity", "-1", "1e999"):
        one = tried("proportional", EXAMPLES["proportional"], {"numerator": value, "denominator": "1"})
        assert one.score.value is None
        assert one.score.question


# --- the panel ---------------------------------------------------------------------------------------
def typed(method: str, params: dict[str, Any], **more: str) -> dict[str, str]:
    """What a browser sends for a method with these parameters."""
    data = {
        "version": "1",
        "code": "9.9",
        "name": "Thử",
        "applies_to": "collective",
        "method": method,
        **more,
    }
    for parameter in METHODS[method].parameters:
        value = params.get(parameter.name)
        if parameter.kind in ROWS:
            for place, row in enumerate(value or []):
                for part in ROWS[parameter.kind]:
                    data[f"param_{parameter.name}_{place}_{part.name}"] = comma(row.get(part.name, ""))
        elif value is True:
            data[f"param_{parameter.name}"] = "on"
        elif value is not None:
            data[f"param_{parameter.name}"] = comma(value)
    return data


def comma(value: Any) -> str:
    text = str(value)
    return text.replace(".", ",") if text.replace(".", "").isdecimal() else text


@pytest.mark.parametrize("method", METHODS)
def test_the_panel_computes_what_is_typed(method: str, office: User, client_of: Any) -> None:
    page = client_of(office).post(reverse("campaigns:criterion_try"), typed(method, EXAMPLES[method]))
    trial = page.context["trial"]
    assert (trial.problems, trial.is_example) == ([], False)
    assert [one.words for one in trial.samples] == [one.words for one in samples(method, EXAMPLES[method])]


def test_own_figures_are_read_as_people_write_them(office: User, client_of: Any) -> None:
    client, address = client_of(office), reverse("campaigns:criterion_try")
    data = typed("proportional", EXAMPLES["proportional"])
    page = client.post(address, {**data, "thu-numerator": "45,5", "thu-denominator": "50"})
    assert "45,5 / 50 = 91\u00a0%: <strong>1,82 điểm" in text_of(page)
    page = client.post(address, {**data, "thu-numerator": "nhiều", "thu-denominator": "50"})
    assert "“nhiều” không phải là số" in text_of(page)
    page = client.post(address, {**data, "thu-numerator": "0", "thu-denominator": "0"})
    assert "Mẫu số bằng 0" in text_of(page)


def test_errors_stand_in_the_panel_and_an_empty_form_shows_an_example(office: User, client_of: Any) -> None:
    client, address = client_of(office), reverse("campaigns:criterion_try")
    page = client.post(address, typed("typed", {"min": "5", "max": "2", "step": "x"}))
    assert page.status_code == 200
    assert any("Bước điểm: Nhập một số" in one for one in page.context["trial"].problems)
    page = client.post(address, typed("typed", {"min": "5", "max": "2", "step": "1"}))
    assert page.context["trial"].problems == ["Điểm thấp nhất phải nhỏ hơn điểm cao nhất."]
    page = client.post(address, typed("typed", {}))
    assert page.context["trial"].is_example
    assert "Ví dụ với tham số mẫu" in text_of(page)


def test_without_scripts_a_button_shows_the_examples_and_nothing_is_lost(
    draft: CriteriaSet, office: User, client_of: Any
) -> None:
    address = reverse("campaigns:criterion_create", args=[draft.pk])
    data = typed("count_capped", EXAMPLES["count_capped"], guidance="Theo quyết định", **{"thu-count": "3"})
    page = client_of(office).post(address, {**data, "try": "1"})
    assert page.status_code == 200
    assert not draft.criteria.filter(code="9.9").exists()
    assert page.context["trial"].own.score.value == Decimal("1.5")
    for kept in ("Theo quyết định", 'value="0,5"', 'value="9.9"', "3\u00a0quy chế"):
        assert kept in text_of(page)


def test_groups_are_tried_too(draft: CriteriaSet, office: User, client_of: Any) -> None:
    client, address = client_of(office), reverse("campaigns:criterion_try") + "?nhom=1"
    data = {"code": "9", "name": "Khối", "points": "7", "bonus_cap": "3", "penalty_cap": "5"}
    page = client.post(address, {**data, "rule": "bonus_block"})
    found = {one.words: one.score.value for one in page.context["trial"].samples}
    assert (found["Thưởng 4"], found["Phạt 6"], found["Thưởng 1, phạt 1"]) == (3, -5, 0)
    page = client.post(address, {**data, "rule": "any_of"})
    assert page.context["trial"].samples[1].score.value == 7
    assert "không có tham số để thử" in text_of(client.post(address, {**data, "rule": ""}))
    page = client.post(address, {**data, "rule": "any_of", "points": "nhiều"})
    assert "Điểm khi đạt: Nhập một số" in page.context["trial"].problems[0]
    group = draft.criteria.get(code="1")
    assert client.get(reverse("campaigns:criterion_change", args=[group.pk])).context["trial"] is None


def test_the_panel_is_for_the_office(clerk: User, inspector: User, client_of: Any) -> None:
    for user in (clerk, inspector):
        assert client_of(user).post(reverse("campaigns:criterion_try")).status_code == 404


# --- every method of the catalogue is made on the form -----------------------------------------------
def vectors() -> Iterator[Any]:
    for method in CATALOGUE:
        for number, vector in enumerate(method["vectors"]):
            if method["id"] in _LINES:
                yield pytest.param(method, vector, id=f"{method['id']}-{number}")


@pytest.mark.parametrize(("method", "vector"), list(vectors()))
def test_a_method_of_the_catalogue_is_made_on_the_form(
    method: Any, vector: Any, draft: CriteriaSet, office: User, client_of: Any
) -> None:
    given = {name: value for name, value in vector.items() if not name.startswith("expect")}
    key, params, inputs = _LINES[method["id"]](method["params"], given)
    address = reverse("campaigns:criterion_create", args=[draft.pk])
    assert client_of(office).post(address, typed(key, params)).status_code == 302
    made = Criterion.objects.get(criteria_set=draft, code="9.9")
    assert points(made.method, made.params, inputs).value == Decimal(str(vector["expect"]))


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("bonus_uncapped", {"points_each": "1", "measure": "điểm"}),
        ("survey", {"max": "3", "scale_max": "100"}),
        ("relative_to_leader", {"max": "10"}),
        ("index_share", {"max": "10", "scheme": "cchc-phong", "whose": "own"}),
        ("penalty_per_case", {"deduct_each": "1", "measure": "lần"}),
    ],
)
def test_methods_beyond_one_line_are_made_on_the_form(
    method: str, params: dict[str, str], draft: CriteriaSet, office: User, client_of: Any
) -> None:
    address = reverse("campaigns:criterion_create", args=[draft.pk])
    assert client_of(office).post(address, typed(method, params)).status_code == 302
    assert Criterion.objects.get(criteria_set=draft, code="9.9").params.items() >= params.items()


@pytest.mark.parametrize(
    ("rule", "points", "params"),
    [
        ("all_of", "7", {}),
        ("any_of", "7", {}),
        ("bonus_block", "", {"bonus_cap": "3", "penalty_cap": "5"}),
        ("", "", {}),  # a block with a maximum of its own is the sum of its rows
    ],
)
def test_groups_of_the_catalogue_are_made_on_the_form(
    rule: str, points: str, params: dict[str, str], draft: CriteriaSet, office: User, client_of: Any
) -> None:
    address = reverse("campaigns:criterion_create", args=[draft.pk]) + "?nhom=1"
    data = {"code": "9", "name": "Khối", "rule": rule, "points": points, **params}
    assert client_of(office).post(address, data).status_code == 302
    made = Criterion.objects.get(criteria_set=draft, code="9")
    assert (made.method, made.params, made.is_leaf) == (rule, params, False)
