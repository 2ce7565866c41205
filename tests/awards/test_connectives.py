"""AND, OR, "any n of" and another award's standard: what holds for any conditions under them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.eligibility.assessing import assess
from awards.eligibility.facts import Candidate, Members
from awards.eligibility.findings import Basis, Finding, State, every, some
from awards.eligibility.occasions import occasions
from awards.eligibility.provisions import RuleError, RuleFile
from awards.eligibility.rulebook import check, compose
from awards.eligibility.schemas import plain, problems
from awards.eligibility.words import MEANING

STATES = st.sampled_from(list(State))
YEARS = st.none() | st.integers(2020, 2040)
BASES = st.sampled_from([(), (Basis("title", "honour-1", "Chiến sĩ thi đua cơ sở năm 2023"),)])
FINDINGS = st.tuples(STATES, YEARS, BASES).map(
    lambda one: Finding(one[0], earliest=one[1], bases=one[2]) if one[0] is State.UNMET else Finding(one[0])
)
RANK = {State.UNMET: 0, State.OPEN: 1, State.MET: 2}
DAY = date(2024, 6, 1)


@given(st.lists(FINDINGS, min_size=1, max_size=6))
def test_and_is_as_good_as_its_worst_part(parts: list[Finding]) -> None:
    assert every(parts).state is min((part.state for part in parts), key=RANK.__getitem__)


@given(st.lists(FINDINGS, min_size=1, max_size=6))
def test_or_is_as_good_as_its_best_part(parts: list[Finding]) -> None:
    assert some(parts).state is max((part.state for part in parts), key=RANK.__getitem__)


@given(st.lists(FINDINGS, min_size=1, max_size=6), st.integers(1, 6))
def test_any_n_of_counts_and_is_ordered(parts: list[Finding], needed: int) -> None:
    found = some(parts, needed)
    ranks = sorted((RANK[part.state] for part in parts), reverse=True)
    assert RANK[found.state] == (ranks[needed - 1] if needed <= len(ranks) else 0)
    assert RANK[found.state] >= RANK[some(parts, needed + 1).state]
    if needed == len(parts):
        assert found.state is every(parts).state


@given(st.lists(FINDINGS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_parts_does_not_matter(parts: list[Finding], chance: object) -> None:
    mixed = list(parts)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    for join in (every, some):
        assert (join(parts).state, join(parts).earliest) == (join(mixed).state, join(mixed).earliest)


@given(st.lists(FINDINGS, min_size=1, max_size=6), st.integers(1, 6))
def test_what_is_not_met_spends_nothing(parts: list[Finding], needed: int) -> None:
    assert every(parts).bases == some(parts, needed).bases == ()


@given(st.lists(FINDINGS, min_size=1, max_size=6))
def test_only_what_is_not_met_tells_a_year(parts: list[Finding]) -> None:
    for found in (every(parts), some(parts)):
        assert found.earliest is None or found.state is State.UNMET


@given(st.lists(FINDINGS, min_size=2, max_size=6))
def test_one_part_that_gets_better_makes_nothing_worse(parts: list[Finding]) -> None:
    better = [Finding(State.MET), *parts[1:]]
    assert RANK[every(better).state] >= RANK[every(parts).state]
    assert RANK[some(better).state] >= RANK[some(parts).state]


def test_or_spends_the_road_that_spends_least() -> None:
    dear = Finding(State.MET, bases=(Basis("title", "a", "A"), Basis("title", "b", "B")))
    cheap = Finding(State.MET, bases=(Basis("initiative", "c", "C"),))
    assert some([dear, cheap]).bases == cheap.bases
    assert some([dear, Finding(State.MET)]).bases == ()
    assert every([dear, Finding(State.OPEN)]).bases == ()


A, B, C = (Basis("title", key, key) for key in "abc")


def spends(found: Finding) -> list[str]:
    return [basis.key for basis in found.spent()]


def test_what_is_given_all_the_same_spends_what_is_met() -> None:
    """One condition is open or dispensed with; of alternatives the one that was met, or came nearest."""
    has_a, has_b = Finding(State.MET, bases=(A,)), Finding(State.MET, bases=(B, C))
    assert spends(every([has_a, has_b])) == ["a", "b", "c"]
    assert spends(every([has_a, Finding(State.OPEN), Finding(State.UNMET)])) == ["a"]
    assert spends(every([some([has_a, has_b])._replace(word="any"), Finding(State.OPEN)])) == ["a"]

    far = every([has_b, Finding(State.UNMET), Finding(State.UNMET)])
    near = every([has_a, Finding(State.UNMET)])
    signed = every([has_a, Finding(State.OPEN)])
    assert spends(some([far, near])._replace(word="any")) == ["a"]
    assert spends(some([far, Finding(State.OPEN), signed])._replace(word="any")) == ["a"]
    assert spends(some([has_a, far, Finding(State.OPEN)], 2)._replace(word="n_of")) == ["a"]
    assert spends(signed._replace(word="meets")) == []


# --- through a rulebook ------------------------------------------------------------------------------
def book_of(*conditions: dict, **more: object):
    """A rulebook of one document in which award x asks for the conditions."""
    content = {"awards": [{"code": "x", "conditions": list(conditions)}], **more}
    file = RuleFile("luat", "Luật", date(2024, 1, 1), None, content)
    return compose([file], DAY, settings={"n": 2, "off": 0}, names={"x": "X"})


def point(name: str, **more: object) -> dict:
    return {"affirmed": {"point": name}, "wording": name, "citation": "Điều 1", **more}


@given(st.lists(st.sampled_from([True, False, None]), min_size=3, max_size=3))
def test_two_of_three_points(said: list[bool | None]) -> None:
    names = ["a", "b", "c"]
    rule = {
        "n_of": {"n": {"setting": "n"}, "of": [point(name) for name in names]},
        "wording": "w",
        "citation": "c",
    }
    affirmed = {name: one for name, one in zip(names, said, strict=True) if one is not None}
    found = assess("x", Candidate("individual", DAY, 2024, affirmed=affirmed), book_of(rule))

    yes, no = said.count(True), said.count(False)
    assert found.state is (State.MET if yes >= 2 else State.UNMET if no >= 2 else State.OPEN)


def test_a_condition_that_is_switched_off_is_not_there() -> None:
    off = point("b", when={"setting": "off"})
    group = {"any": [off], "wording": "w", "citation": "c"}
    conditions = book_of(point("a"), off, group).conditions["x"]
    assert [one.wording for one in conditions] == ["a"]


def test_under_any_n_of_no_way_has_a_kind_of_its_own() -> None:
    """Of several that count together nobody could say for which of them the award is given."""
    group = {"n_of": {"n": 1, "of": [point("a", occasion="sudden")]}, "wording": "w", "citation": "c"}
    with pytest.raises(RuleError, match="“occasion” không dùng được dưới n_of"):
        book_of(group)


def test_what_all_ask_for_gives_its_kind_to_the_whole() -> None:
    ways = {"any": [point("a", occasion="thematic"), point("b")], "wording": "w", "citation": "c"}
    both = {"all": [point("c"), ways], "wording": "w", "citation": "c"}
    kinds = {
        said: occasions(assess("x", Candidate("individual", DAY, 2024, affirmed=affirmed), book_of(both)))
        for said, affirmed in (
            ("movement", {"a": True, "b": False, "c": True}),
            ("merit", {"a": False, "b": True, "c": True}),
            ("both", {"a": True, "b": True, "c": True}),
            ("nobody has said", {}),
        )
    }
    either = ["regular", "thematic"]
    assert kinds == {
        "movement": ["thematic"],
        "merit": ["regular"],
        "both": either,
        "nobody has said": either,
    }


def test_circles_and_missing_standards_are_found() -> None:
    circle = {"awards": [
        {"code": "x", "conditions": [{"meets": "y", "wording": "w", "citation": "c"}]},
        {"code": "y", "conditions": [{"any": [{"meets": "x"}], "wording": "w", "citation": "c"}]},
    ]}  # fmt: skip
    book = compose([RuleFile("luat", "Luật", date(2024, 1, 1), None, circle)], DAY, settings={}, names={})
    with pytest.raises(RuleError, match="vòng tròn: x → y → x"):
        check(book)
    with pytest.raises(RuleError, match="vòng tròn"):
        assess("x", Candidate("individual", DAY, 2024), book)
    with pytest.raises(RuleError, match="không có tiêu chuẩn vào ngày 01/06/2024"):
        check(book_of({"meets": "z", "wording": "w", "citation": "c"}))


def test_a_document_holds_on_both_its_border_days() -> None:
    file = RuleFile("luat", "Luật", date(2024, 1, 1), date(2025, 6, 30), {"awards": [{"code": "x"}]})
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2025, 6, 30), date(2025, 7, 1)]
    held = ["x" in compose([file], day, settings={}, names={}).conditions for day in days]
    assert held == [False, True, True, False]


def test_content_as_json_knows_it() -> None:
    assert plain({2023: [date(2023, 1, 2), "a", None, True]}) == {"2023": ["2023-01-02", "a", None, True]}
    schema = {"type": "object", "additionalProperties": {"type": "string"}}
    assert [one.sentence for one in problems({2023: 5}, schema)] == ["“2023” ghi “5”, phải là chữ."]
    assert problems({"a": "b"}, schema) == []


def test_too_few_titles_are_no_answer_while_units_still_propose() -> None:
    asked = {"title": "advanced_laborer", "name": "LĐTT", "at_least_percent": "70"}

    def judged(holders: int, awaited: bool) -> str:
        members = Members(10, titles={"advanced_laborer": holders}, awaited=awaited)
        unit = Candidate("collective", date(2025, 1, 2), 2024, members=members)
        return MEANING["members"](unit, asked).state.value

    assert [judged(6, True), judged(6, False), judged(7, True)] == ["open", "unmet", "met"]
