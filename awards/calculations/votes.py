"""The arithmetic of the council: quorum, who is counted, and whether a vote carries. Exact, pure.

No rounding decides: 8 of 9 is 88.9 %, which is less than 90 %, and 2/3 of 10 members are 7 (6.67 is not reached by 6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

MEMBERS, PRESENT = "members", "present"


def needed_for_quorum(size: int, share: Fraction) -> int:
    """The smallest number of members present with which a session of ``size`` members is valid: share or more."""
    return -(-size * share.numerator // share.denominator)


@dataclass(frozen=True)
class Rule:
    """With how much a vote carries an award: ``percent`` or more, or only more, of a base."""

    percent: Decimal
    is_more_than: bool
    base: str


@dataclass(frozen=True)
class Electorate:
    """Who is there for one item. ``recused`` are those of the members who may not vote on it, wherever they are.

    ``present`` and ``written`` (absent members who answered in writing) leave the recused out already.
    """

    members: int
    recused: int
    present: int
    written: int


def base_of(rule: Rule, electorate: Electorate, *, counts_recused: bool) -> int:
    """The denominator. Of all members: with or without those recused; of those present: who could vote at all."""
    if rule.base == PRESENT:
        return electorate.present + electorate.written
    return electorate.members if counts_recused else electorate.members - electorate.recused


def share_of(in_favour: int, base: int) -> Fraction:
    """The votes in favour in percent, exactly; of nobody it is nothing."""
    return Fraction(in_favour * 100, base) if base else Fraction(0)


def carries(in_favour: int, base: int, rule: Rule) -> bool:
    share, wanted = share_of(in_favour, base), Fraction(rule.percent)
    return share > wanted if rule.is_more_than else base > 0 and share >= wanted


def votes_needed(base: int, rule: Rule) -> int:
    """The smallest number of votes in favour that carries; more than ``base`` where nothing can."""
    return next((votes for votes in range(base + 1) if carries(votes, base, rule)), base + 1)


def shown(share: Fraction) -> Decimal:
    """A share for the eye, two digits. Cut off, never rounded up: what misses the threshold may not look like it."""
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_DOWN)


@dataclass(frozen=True)
class Count:
    """What was counted. ``written_*`` are the answers of absent members; ``abstained`` voted for neither."""

    issued: int
    collected: int
    in_favour: int
    against: int
    abstained: int = 0
    invalid: int = 0
    written_in_favour: int = 0
    written_against: int = 0
    written_invalid: int = 0

    @property
    def all_in_favour(self) -> int:
        return self.in_favour + self.written_in_favour

    @property
    def all_against(self) -> int:
        return self.against + self.written_against

    @property
    def written(self) -> int:
        return self.written_in_favour + self.written_against + self.written_invalid


def can_be_tied(rule: Rule) -> bool:
    """Only “more than half” leaves a half on either side: under any other rule equal sides decide nothing."""
    return rule.is_more_than and Fraction(rule.percent) == 50


def is_tied(count: Count, base: int, rule: Rule) -> bool:
    """Exactly half of the base in favour and as many against: whoever did not vote leaves no half on either side."""
    half = count.all_in_favour
    return can_be_tied(rule) and half > 0 and half == count.all_against and 2 * half == base


def problems_of(count: Count, *, may_vote: int, may_write: int) -> Sequence[str]:
    """Why the numbers cannot be true, in sentences."""
    found = []
    if count.issued > may_vote:
        found.append(f"Số phiếu phát ra ({count.issued}) nhiều hơn số thành viên được bỏ phiếu ({may_vote}).")
    if count.collected > count.issued:
        found.append(f"Số phiếu thu về ({count.collected}) nhiều hơn số phiếu phát ra ({count.issued}).")
    inside = count.in_favour + count.against + count.abstained + count.invalid
    if inside != count.collected:
        found.append(
            f"Đồng ý, không đồng ý, không có ý kiến và không hợp lệ cộng lại là {inside}, khác số phiếu thu về"
            f" ({count.collected})."
        )
    if count.written > may_write:
        found.append(
            f"Số ý kiến bằng văn bản ({count.written}) nhiều hơn số thành viên vắng mặt gửi phiếu ({may_write})."
        )
    return found
