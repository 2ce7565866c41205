"""The arithmetic of the council, case by case."""

from decimal import Decimal
from fractions import Fraction

import pytest

from awards.calculations.votes import (
    Count,
    Electorate,
    Rule,
    base_of,
    can_be_tied,
    carries,
    is_tied,
    needed_for_quorum,
    problems_of,
    share_of,
    shown,
    votes_needed,
)

MORE_THAN_HALF = Rule(Decimal(50), True, "members")
NINETY = Rule(Decimal(90), False, "members")


@pytest.mark.parametrize(
    ("size", "share", "needed"),
    [
        (9, "2/3", 6),
        (10, "2/3", 7),
        (3, "2/3", 2),
        (1, "2/3", 1),
        (9, "1/2", 5),
        (4, "3/4", 3),
        (5, "1/1", 5),
    ],
)
def test_quorum_is_the_share_or_more(size: int, share: str, needed: int) -> None:
    assert needed_for_quorum(size, Fraction(share)) == needed


@pytest.mark.parametrize(
    ("votes", "base", "rule", "carried"),
    [
        (5, 9, MORE_THAN_HALF, True),
        (4, 9, MORE_THAN_HALF, False),
        (4, 8, MORE_THAN_HALF, False),  # exactly half is not more than half
        (8, 9, NINETY, False),  # 88.9 %
        (9, 9, NINETY, True),
        (9, 10, NINETY, True),  # exactly 90 % is enough
        (18, 20, NINETY, True),
        (17, 19, NINETY, False),  # 89.47 %
        (0, 0, NINETY, False),
        (0, 0, MORE_THAN_HALF, False),
        (7, 10, Rule(Decimal(70), False, "members"), True),
        (2, 3, Rule(Decimal("66.6667"), False, "members"), False),  # 66.66666... misses it
    ],
)
def test_a_vote_carries_exactly(votes: int, base: int, rule: Rule, carried: bool) -> None:
    assert carries(votes, base, rule) is carried
    assert (votes >= votes_needed(base, rule)) is carried or base == 0


def test_what_misses_the_threshold_never_looks_like_it() -> None:
    assert shown(share_of(8, 9)) == Decimal("88.88")
    assert shown(share_of(2, 3)) == Decimal("66.66")
    assert shown(share_of(9, 9)) == Decimal("100.00")


def test_nobody_can_carry_what_needs_more_votes_than_there_are() -> None:
    assert votes_needed(9, NINETY) == 9
    assert votes_needed(9, Rule(Decimal(100), True, "members")) == 10


def test_the_denominator() -> None:
    there = Electorate(members=9, recused=1, present=6, written=1)
    assert base_of(NINETY, there, counts_recused=True) == 9
    assert base_of(NINETY, there, counts_recused=False) == 8
    assert base_of(Rule(Decimal(90), False, "present"), there, counts_recused=True) == 7


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (Count(7, 6, 6, 0), "phát ra (7) nhiều hơn"),
        (Count(5, 6, 6, 0), "thu về (6) nhiều hơn"),
        (Count(6, 6, 4, 1), "cộng lại là 5"),
        (Count(6, 6, 6, 0, written_in_favour=2), "bằng văn bản (2) nhiều hơn"),
    ],
)
def test_numbers_that_cannot_be_true_are_told(count: Count, sentence: str) -> None:
    assert any(sentence in one for one in problems_of(count, may_vote=6, may_write=1))


def test_numbers_that_agree() -> None:
    count = Count(6, 5, 3, 1, 0, 1, written_in_favour=1)
    assert not problems_of(count, may_vote=6, may_write=1)
    assert (count.all_in_favour, count.written) == (4, 1)


@pytest.mark.parametrize(
    ("rule", "can"),
    [
        (MORE_THAN_HALF, True),
        (Rule(Decimal("50.0000"), True, "present"), True),
        (Rule(Decimal(50), False, "members"), False),  # half is enough: nothing to decide
        (Rule(Decimal(60), True, "members"), False),
        (Rule(Decimal("50.0001"), True, "members"), False),
        (NINETY, False),
    ],
)
def test_only_more_than_half_can_be_tied(rule: Rule, can: bool) -> None:
    assert can_be_tied(rule) is can


@pytest.mark.parametrize(
    ("count", "base", "tied"),
    [
        (Count(6, 6, 3, 3), 6, True),
        (Count(5, 5, 3, 2, written_against=1), 6, True),
        (Count(6, 6, 3, 2, 1), 6, False),  # one abstained: no half against
        (Count(5, 5, 2, 2, 1), 5, False),  # equal, but not half of those who count
        (Count(4, 4, 2, 2), 6, False),  # equal, two of the members were not there
        (Count(6, 6, 4, 2), 6, False),
        (Count(0, 0, 0, 0), 0, False),
    ],
)
def test_a_tie_is_one_half_against_the_other(count: Count, base: int, tied: bool) -> None:
    assert is_tied(count, base, MORE_THAN_HALF) is tied
    assert not is_tied(count, base, NINETY)
    assert not (tied and carries(count.all_in_favour, base, MORE_THAN_HALF))
