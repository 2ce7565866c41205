"""What a legal document may say: a condition, a quota, a vote threshold, a bonus coefficient, a ceiling. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

# The papers of a dossier that a rule may ask for.
PAPERS = {
    "proposal": "Tờ trình đề nghị",
    "report": "Báo cáo thành tích",
    "unit_minutes": "Biên bản bình xét của đơn vị",
    "initiative_certificate": "Giấy chứng nhận hoặc xác nhận sáng kiến, đề tài",
    "ballot_minutes": "Kết quả bỏ phiếu kín của Hội đồng",
}


class RuleError(Exception):
    """The rules of a day contradict each other or name what is not there; the text is a Vietnamese sentence.

    ``item`` is the mapping of the file that says so: a record that was read from YAML knows its line.
    """

    def __init__(self, sentence: str, item: Any = None) -> None:
        super().__init__(sentence)
        self.item = item


@dataclass(frozen=True)
class Condition:
    """A condition word with its parameters, or a connective with the conditions under it. ``occasion``: who gets the
    award this way is commended for that, and not for công trạng."""

    word: str
    asked: Mapping[str, Any]
    wording: str
    citation: str
    document: str
    parts: tuple["Condition", ...] = ()
    is_confirmed: bool = True
    occasion: str = ""
    item: Any = field(default=None, compare=False, repr=False)

    @cached_property
    def told(self) -> tuple[str, str, str, str, bool, str, str]:
        """What every finding of it says beside its result; made once, for thousands are judged by it."""
        point = self.asked.get("point", "")
        source = self.wording, self.citation, self.document
        return *source, self.word, self.is_confirmed, point, self.occasion


@dataclass(frozen=True)
class Quota:
    """At most ``percent`` of ``of`` (an award, ``members``, ``qualified``), and never fewer than ``minimum``."""

    award: str
    percent: Decimal
    of: str
    minimum: int
    citation: str
    document: str
    is_confirmed: bool = True


@dataclass(frozen=True)
class Threshold:
    """A vote carries an award with ``percent`` or more (or only with more) of all ``members`` or those ``present``."""

    award: str
    percent: Decimal
    is_more_than: bool
    base: str
    is_secret: bool
    citation: str
    document: str
    is_confirmed: bool = True


@dataclass(frozen=True)
class Coefficient:
    """The bonus money of an award in base salaries."""

    award: str
    value: Decimal
    citation: str
    document: str
    is_confirmed: bool = True


@dataclass(frozen=True)
class Ceiling:
    """In one agency and among people with similar work at most ``percent`` of those rated ``of`` may be ``grade``.

    ``raised_percent`` is what an agency with outstanding results may reach; ``employment`` says for whom it holds.
    """

    grade: str
    of: str
    percent: Decimal
    raised_percent: Decimal | None
    employment: str
    citation: str
    document: str
    is_confirmed: bool = True


@dataclass(frozen=True)
class RuleFile:
    """One legal document: what it rules, and from which day to which (both included). ``title`` is how it is cited."""

    document: str
    title: str
    effective_from: date
    effective_to: date | None
    content: Mapping[str, Any]

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @property
    def place(self) -> tuple[int, date, str]:
        """Laws before decrees, decrees before the province: the order of a rulebook's conditions."""
        return self.content.get("order", 0), self.effective_from, self.document
