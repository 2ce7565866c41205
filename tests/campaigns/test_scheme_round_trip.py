"""Whatever a scheme holds comes back from its Excel file; whatever a file holds, the answer is a plan or a refusal."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.actions.schemes import round_of, write_scheme
from campaigns.exports import scheme_file
from campaigns.importing import plan_scheme, read_rows
from campaigns.importing.plan import ImportedNode, SchemePlan
from campaigns.methods import EXAMPLES, GROUPS, METHODS, problems_of
from campaigns.models import AppliesTo, CriteriaSet
from campaigns.queries import problems_in_set
from campaigns.queries.schemes import facts_of, unit_numbers
from campaigns.reference import load, load_legal_documents
from core.vietnamese import normalize
from core.workflow import Refused
from tests.campaigns.test_scheme_files import book

REFERENCE = Path(__file__).resolve().parent.parent.parent / "reference"
LETTERS = st.characters(categories=["L", "N", "P", "S", "Zs"])
LINE = st.text(LETTERS, min_size=1, max_size=30).map(lambda text: " ".join(normalize(text).split()))
NAME = LINE.filter(bool)
PARAGRAPHS = st.lists(st.text(LETTERS, max_size=20), max_size=5).map(
    lambda lines: normalize("\n".join(lines))
)
LABEL = NAME.filter(lambda text: "|" not in text)
POINTS = st.decimals(min_value="0.01", max_value=999, places=2)


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


CHOICES = st.lists(
    st.tuples(LABEL, POINTS), min_size=2, max_size=6, unique_by=lambda one: one[0].casefold()
).map(lambda found: [{"label": label, "points": plain(points)} for label, points in found])


@st.composite
def scored(draw: Any) -> tuple[str, dict[str, Any], Decimal]:
    """A method with valid parameters, and its maximum."""
    key = draw(st.sampled_from(sorted(METHODS)))
    most = draw(POINTS)
    params: dict[str, Any] = EXAMPLES[key]
    if key == "all_or_nothing":
        params = {"max": plain(most)}
    elif key == "typed":
        params = {"min": "0", "max": plain(most), "step": "0.01"}
    elif key == "proportional":
        params = {"max": plain(most), "numerator": draw(NAME), "denominator": draw(NAME)}
    elif key == "tiered_choice":
        params = {"choices": draw(CHOICES)}
    return key, params, METHODS[key].maximum(params)


@st.composite
def tables(draw: Any) -> list[ImportedNode]:
    """Rows of a table of any depth."""
    levels = [1]
    for _ in range(draw(st.integers(0, 12))):
        levels.append(draw(st.integers(1, min(levels[-1] + 1, 6))))
    nodes = []
    for place, level in enumerate(levels):
        is_leaf = place + 1 == len(levels) or levels[place + 1] <= level
        code = draw(st.one_of(st.just(""), LINE.map(lambda text: text[:20].strip())))
        one = ImportedNode(place, level, is_leaf, code, draw(NAME))
        one.guidance, one.evidence = draw(PARAGRAPHS), draw(PARAGRAPHS)
        one.evidence_required = draw(st.booleans())
        one.applies_to = draw(st.sampled_from(AppliesTo.values)) if is_leaf else AppliesTo.BOTH
        if is_leaf:
            one.method, one.params, one.max_score = draw(scored())
        elif group := GROUPS.get(draw(st.sampled_from(["", *GROUPS]))):
            one.method, one.params = group.id, EXAMPLES[group.id]
            one.max_score = draw(POINTS) if group.has_points else Decimal(0)
        nodes.append(one)
    return nodes


def back(criteria_set: CriteriaSet) -> SchemePlan:
    return plan_scheme(read_rows(BytesIO(scheme_file(criteria_set))), unit_numbers())


@pytest.mark.django_db
@settings(max_examples=120, deadline=None)
@given(tables())
def test_export_and_import_is_the_identity(nodes: list[ImportedNode]) -> None:
    total = {"collective": Decimal(0), "individual": Decimal(0)}
    made = write_scheme(
        round_of("bat-ky", 2025, by=None), SchemePlan(nodes, [], [], total), by=None
    ).criteria_set
    again = back(made)
    assert again.refusals == []
    assert [one.facts for one in again.nodes] == facts_of(made)
    assert not write_scheme(made.campaign_year, again, by=None).is_changed


@pytest.mark.django_db
def test_the_reference_campaign_comes_back_too(cast: Any) -> None:
    load_legal_documents(REFERENCE / "legal_documents.yaml")
    load(REFERENCE / "campaigns")
    sets = list(CriteriaSet.objects.all())
    assert sets
    for one in sets:
        again = back(one)
        assert (again.refusals, [node.facts for node in again.nodes]) == ([], facts_of(one)), str(one)


def answer(rows: list[list[Any]]) -> SchemePlan | Refused:
    try:
        return plan_scheme(read_rows(book(rows)), unit_numbers())
    except Refused as refusal:
        return refusal


CELLS = st.one_of(
    st.none(),
    st.integers(-2, 12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.datetimes(),
    st.sampled_from(["", "1", "0,5", "1.234", "Tổng cộng", "=1+1", "#N/A", "Công tác", "- a | 1", "max: 2"]),
    st.sampled_from([*METHODS, *GROUPS, "sum", "count_times_points"]),
    LINE,
)


# So that tables are accepted, too: a level, a code, a name, points and a method, then anything.
ROWS = st.tuples(
    st.integers(1, 3), CELLS, NAME, POINTS.map(float), st.sampled_from([*METHODS, *GROUPS, ""]), CELLS
).map(list)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.lists(ROWS, min_size=1, max_size=4), st.lists(st.lists(CELLS, max_size=9), min_size=1, max_size=8)
    )
)
def test_any_cells_give_a_plan_or_a_refusal(rows: list[list[Any]]) -> None:
    made = answer(rows)
    if isinstance(made, Refused):
        assert "bị hỏng" not in str(made)  # that would be a crash of ours
        return
    if made.refusals:
        assert all("Dòng" in one for one in made.refusals)
        return
    for one in made.nodes:
        if one.is_leaf:
            assert problems_of(one.method, one.params, one.max_score) == []
    written = write_scheme(round_of("bat-ky", 2025, by=None), made, by=None).criteria_set
    assert problems_in_set(written) == []
    assert not write_scheme(written.campaign_year, back(written), by=None).is_changed
