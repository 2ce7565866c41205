"""The rules in force on a day: conditions, quotas, vote thresholds, papers and bonus of every award. Pure.

One ``RuleFile`` is one legal document (``reference/awards/rules``). A ``Rulebook`` is made of those in force on a day,
with the province's settings of that day filled in where a rule says ``{setting: code}``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from awards.eligibility.words import MEANING

CONNECTIVES = ("all", "any", "n_of", "meets")


class RuleError(Exception):
    """The rules of a day contradict each other or name what is not there; the text is a Vietnamese sentence."""


@dataclass(frozen=True)
class Condition:
    """A condition word with its parameters, or a connective with the conditions under it."""

    word: str
    asked: Mapping[str, Any]
    wording: str
    citation: str
    document: str
    parts: tuple["Condition", ...] = ()
    is_confirmed: bool = True


@dataclass(frozen=True)
class Quota:
    """At most ``percent`` of the number of ``of`` (an award or ``members``), and never fewer than ``minimum``."""

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
class RuleFile:
    """One legal document: what it rules, and from which day to which (both included)."""

    document: str
    title: str
    effective_from: date
    effective_to: date | None
    content: Mapping[str, Any]

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True)
class Rulebook:
    """Everything in force on ``day``. Built by ``compose``."""

    day: date
    documents: tuple[str, ...]
    names: Mapping[str, str]
    conditions: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    papers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coefficients: Mapping[str, Coefficient] = field(default_factory=dict)
    excluded_occasions: Mapping[str, str] = field(default_factory=dict)
    reuse: str = "once"

    def name(self, award: str) -> str:
        return self.names.get(award, award)


def compose(
    files: Iterable[RuleFile], day: date, *, settings: Mapping[str, Any], names: Mapping[str, str]
) -> Rulebook:
    """The rulebook of a day. Two documents that set the same quota, threshold or coefficient contradict each other."""
    force = sorted((one for one in files if one.holds_on(day)), key=lambda one: one.effective_from)
    conditions: dict[str, tuple[Condition, ...]] = {}
    papers: dict[str, tuple[str, ...]] = {}
    excluded: dict[str, str] = {}
    quotas: dict[str, Quota] = {}
    thresholds: dict[str, Threshold] = {}
    coefficients: dict[str, Coefficient] = {}
    for one in force:
        reader = _Reader(one.document, settings)
        for item in one.content.get("awards", ()):
            code = item["code"]
            read = tuple(reader.condition(part) for part in item.get("conditions", ()))
            conditions[code] = conditions.get(code, ()) + read
            papers[code] = papers.get(code, ()) + tuple(item.get("papers", ()))
        for item in one.content.get("exclusions", ()):
            for occasion in reader.value(item["occasions"]):
                excluded[occasion] = f"{item['citation']}"
        _once(quotas, "chỉ tiêu", (reader.quota(item) for item in one.content.get("quotas", ())))
        _once(
            thresholds,
            "tỷ lệ phiếu",
            (reader.threshold(item) for item in one.content.get("thresholds", ())),
        )
        _once(
            coefficients,
            "hệ số tiền thưởng",
            (reader.coefficient(item) for item in one.content.get("bonus", ())),
        )
    reuse = str(settings.get("basis-reuse", "once"))
    context = _Context(names, reuse, tuple(excluded))
    conditions = {
        award: tuple(context.completed(one, award) for one in found) for award, found in conditions.items()
    }
    _check_meets(conditions)
    return Rulebook(
        day=day,
        documents=tuple(one.document for one in force),
        names=names,
        conditions=conditions,
        quotas=tuple(quotas.values()),
        thresholds=thresholds,
        papers=papers,
        coefficients=coefficients,
        excluded_occasions=excluded,
        reuse=reuse,
    )


@dataclass(frozen=True)
class _Context:
    """What the words need to know of the whole rulebook: names, how often a basis serves, what may be none."""

    names: Mapping[str, str]
    reuse: str
    excluded: tuple[str, ...]

    def completed(self, condition: Condition, award: str) -> Condition:
        asked = {"award": award, **condition.asked}
        if condition.word in ("title", "initiative"):
            asked |= {"reuse": self.reuse, "name_of": self.name}
        if condition.word == "title":
            asked["names"] = " hoặc ".join(f"“{self.name(one)}”" for one in condition.asked["awards"])
            asked.setdefault("excluded_occasions", self.excluded)
        if condition.word == "members" and "title" in asked:
            asked["name"] = f"“{self.name(asked['title'])}”"
        parts = tuple(self.completed(part, award) for part in condition.parts)
        return replace(condition, asked=asked if condition.word != "meets" else condition.asked, parts=parts)

    def name(self, award: str) -> str:
        return self.names.get(award, award)


def _check_meets(conditions: Mapping[str, Sequence[Condition]]) -> None:
    """Every standard that an award refers to is there, and none refers to itself in the end."""
    for award in conditions:
        _follow(award, conditions, ())


def _follow(award: str, conditions: Mapping[str, Sequence[Condition]], path: tuple[str, ...]) -> None:
    if award in path:
        raise RuleError(f"Tiêu chuẩn vòng tròn: {' → '.join([*path, award])}.")
    for other in _referred(conditions[award]):
        if other not in conditions:
            raise RuleError(f"“{award}” dẫn đến “{other}” không có trong quy định cùng thời điểm.")
        _follow(other, conditions, (*path, award))


def _referred(conditions: Iterable[Condition]) -> Iterator[str]:
    for one in conditions:
        if one.word == "meets":
            yield one.asked["award"]
        yield from _referred(one.parts)


class _Reader:
    """Turns the mappings of one file into rules, the province's settings filled in."""

    def __init__(self, document: str, settings: Mapping[str, Any]) -> None:
        self.document, self.settings = document, settings

    def value(self, found: Any) -> Any:
        """``{setting: code}`` anywhere becomes the setting's value."""
        if isinstance(found, Mapping):
            if set(found) == {"setting"}:
                code = found["setting"]
                if code not in self.settings:
                    raise RuleError(
                        f"Văn bản {self.document} dùng quy định “{code}” chưa có trong bảng của tỉnh."
                    )
                return self.settings[code]
            return {key: self.value(one) for key, one in found.items()}
        if isinstance(found, list | tuple):
            return [self.value(one) for one in found]
        return found

    def condition(self, item: Mapping[str, Any]) -> Condition:
        word = next((key for key in item if key in MEANING or key in CONNECTIVES), None)
        if word is None:
            raise RuleError(
                f"Văn bản {self.document}: điều kiện không có từ nào đã biết ({', '.join(item)})."
            )
        inner: Sequence[Mapping[str, Any]] = ()
        asked: Mapping[str, Any] = {}
        if word in ("all", "any"):
            inner = item[word]
        elif word == "n_of":
            inner, asked = item[word]["of"], {"n": self.value(item[word]["n"])}
        elif word == "meets":
            asked = {"award": item[word]}
        else:
            asked = self.value(item[word] or {})
        return Condition(
            word=word,
            asked=asked,
            wording=item.get("wording", ""),
            citation=item.get("citation", ""),
            document=item.get("document", self.document),
            parts=tuple(self.condition(one) for one in inner),
            is_confirmed=item.get("confirmed", True),
        )

    def quota(self, item: Mapping[str, Any]) -> Quota:
        return Quota(
            award=item["award"],
            percent=Decimal(str(self.value(item["percent"]))),
            of=item["of"],
            minimum=int(self.value(item.get("minimum", 0))),
            **self._source(item),
        )

    def threshold(self, item: Mapping[str, Any]) -> Threshold:
        return Threshold(
            award=item["award"],
            percent=Decimal(str(self.value(item["percent"]))),
            is_more_than=bool(self.value(item.get("more_than", False))),
            base=str(self.value(item["base"])),
            is_secret=bool(self.value(item.get("secret", False))),
            **self._source(item),
        )

    def coefficient(self, item: Mapping[str, Any]) -> Coefficient:
        return Coefficient(
            award=item["award"], value=Decimal(str(self.value(item["coefficient"]))), **self._source(item)
        )

    def _source(self, item: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "citation": item.get("citation", ""),
            "document": item.get("document", self.document),
            "is_confirmed": item.get("confirmed", True),
        }


def _once(kept: dict[str, Any], what: str, found: Iterable[Any]) -> None:
    for one in found:
        if one.award in kept:
            raise RuleError(
                f"Hai văn bản {kept[one.award].document} và {one.document} cùng quy định {what} của “{one.award}”."
            )
        kept[one.award] = one
