"""The rules in force on a day: conditions, quotas, vote thresholds, papers and bonus of every award. Pure.

One ``RuleFile`` is one legal document (``reference/awards/rules``). A ``Rulebook`` is made of those in force on a day,
with the province's settings of that day filled in where a rule says ``{setting: code}``.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from awards.eligibility.claims import mark
from awards.eligibility.facts import DISCIPLINES
from awards.eligibility.provisions import (
    Ceiling,
    Coefficient,
    Condition,
    Quota,
    RuleError,
    RuleFile,
    Threshold,
)
from awards.eligibility.words import MEANING

CONNECTIVES = ("all", "any", "n_of", "meets")


@dataclass(frozen=True)
class Rulebook:
    """Everything in force on ``day``. Built by ``compose``."""

    day: date
    documents: tuple[str, ...]
    names: Mapping[str, str]
    titles: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    papers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coefficients: Mapping[str, Coefficient] = field(default_factory=dict)
    ceilings: tuple[Ceiling, ...] = ()
    excluded_occasions: Mapping[str, str] = field(default_factory=dict)
    reuse: str = "once"
    unconfirmed: frozenset[str] = frozenset()  # figures that the Office has not confirmed

    def name(self, award: str) -> str:
        return self.names.get(award, award)

    def counted_as(self) -> dict[str, frozenset[str]]:
        """By award the lower ones that its standard includes (``meets``): its holder counts as theirs too."""
        direct = {award: _included(conditions) for award, conditions in self.conditions.items()}
        found: dict[str, frozenset[str]] = {}
        for award in direct:
            reached, waiting = set[str](), list(direct[award])
            while waiting:
                if (one := waiting.pop()) not in reached:
                    reached.add(one)
                    waiting += direct.get(one, ())
            if reached:
                found[award] = frozenset(reached)
        return found

    def title(self, document: str) -> str:
        """How a document is cited: its kind and number."""
        return self.titles.get(document, document)


def compose(
    files: Iterable[RuleFile],
    day: date,
    *,
    settings: Mapping[str, Any],
    names: Mapping[str, str],
    titles: Mapping[str, str] | None = None,
    unconfirmed: Collection[str] = (),
    confirmed: Mapping[str, str] | None = None,
) -> Rulebook:
    """The rulebook of a day. Two documents that set the same quota, threshold or coefficient contradict each other.

    What rests on one of the ``unconfirmed`` settings is itself not confirmed. ``titles`` says how further documents
    are cited, those that a rule names beside its own. ``confirmed``: articles that the Office has read, by ``mark``.
    """
    force = sorted((one for one in files if one.holds_on(day)), key=lambda one: one.place)
    known = dict(titles or {}) | {one.document: one.title for one in force}
    conditions: dict[str, tuple[Condition, ...]] = {}
    papers: dict[str, tuple[str, ...]] = {}
    excluded: dict[str, str] = {}
    quotas: dict[str, Quota] = {}
    thresholds: dict[str, Threshold] = {}
    coefficients: dict[str, Coefficient] = {}
    ceilings: dict[str, Ceiling] = {}
    for one in force:
        reader = _Reader(one, settings, unconfirmed, known, names, confirmed or {})
        for item in reader.items("awards"):
            code = item["code"]
            conditions[code] = conditions.get(code, ()) + reader.conditions(item.get("conditions", ()))
            listed = papers.get(code, ())
            papers[code] = listed + tuple(paper for paper in item.get("papers", ()) if paper not in listed)
        for item in reader.items("exclusions"):
            for occasion in reader.value(item["occasions"]) or ():
                source = known.get(item.get("document", one.document), one.title)
                excluded.setdefault(occasion, f"{item['citation']}, {source}")
        reader.once(quotas, "chỉ tiêu", "quotas", reader.quota)
        reader.once(thresholds, "tỷ lệ phiếu", "thresholds", reader.threshold)
        reader.once(coefficients, "hệ số tiền thưởng", "bonus", reader.coefficient)
        reader.once(ceilings, "tỷ lệ xếp loại", "ratings", reader.ceiling, key="employment")
    reuse = str(settings.get("basis-reuse", "once"))
    context = _Context(names, reuse, excluded, str(settings.get("initiative-until", "review_day")))
    return Rulebook(
        day=day,
        documents=tuple(one.document for one in force),
        names=names,
        titles=known,
        settings=settings,
        conditions={award: context.completed(award, found) for award, found in conditions.items()},
        quotas=tuple(quotas.values()),
        thresholds=thresholds,
        papers=papers,
        coefficients=coefficients,
        ceilings=tuple(ceilings.values()),
        excluded_occasions=excluded,
        reuse=reuse,
        unconfirmed=frozenset(unconfirmed),
    )


@dataclass(frozen=True)
class _Context:
    """What a word needs to know of the whole rulebook: names, how often a basis serves, what may not be one.

    Filled in here once, because thousands of people are judged by the same conditions.
    """

    names: Mapping[str, str]
    reuse: str
    excluded: Mapping[str, str]
    until: str

    def completed(self, award: str, conditions: Iterable[Condition]) -> tuple[Condition, ...]:
        return tuple(
            replace(one, asked=self._asked(award, one), parts=self.completed(award, one.parts))
            for one in conditions
        )

    def _asked(self, award: str, one: Condition) -> Mapping[str, Any]:
        more: dict[str, Any] = {}
        if one.word in ("title", "initiative"):
            more = {"award": award, "reuse": self.reuse, "name_of": self._name}
        if one.word == "initiative":
            more["until"] = self.until
        if one.word == "title":
            more["names"] = " hoặc ".join(f"“{self._name(held)}”" for held in one.asked["awards"])
            more["excluded_occasions"] = self.excluded
        if one.word == "members" and "title" in one.asked:
            more["name"] = f"“{self._name(one.asked['title'])}”"
        return {**more, **one.asked}

    def _name(self, award: str) -> str:
        return self.names.get(award, award)


def _has_occasion(one: Condition) -> bool:
    return bool(one.occasion) or any(_has_occasion(part) for part in one.parts)


def _included(conditions: Iterable[Condition]) -> set[str]:
    """Not what is only one of several ways."""
    found = {one.asked["award"] for one in conditions if one.word == "meets"}
    return found.union(*(_included(one.parts) for one in conditions if one.word == "all"))


def check(rulebook: Rulebook) -> None:
    """``RuleError`` where one award's standard leads to itself, or to an award without a standard on that day."""
    leads = {award: _leads(conditions) for award, conditions in rulebook.conditions.items()}
    for award in leads:
        _follow(award, leads, (), rulebook)


def _leads(conditions: Iterable[Condition]) -> list[Condition]:
    return [found for one in conditions for found in ([one] if one.word == "meets" else _leads(one.parts))]


def _follow(
    award: str, leads: Mapping[str, list[Condition]], path: tuple[str, ...], rulebook: Rulebook
) -> None:
    for condition in leads[award]:
        other = condition.asked["award"]
        if other in (*path, award):
            raise RuleError(f"tiêu chuẩn vòng tròn: {' → '.join([*path, award, other])}.", condition.item)
        if other not in leads:
            raise RuleError(
                f"dẫn đến “{other}” không có tiêu chuẩn vào ngày {rulebook.day:%d/%m/%Y}.", condition.item
            )
        _follow(other, leads, (*path, award), rulebook)


class _Reader:
    """Turns the mappings of one file into rules, the province's settings filled in."""

    def __init__(
        self,
        file: RuleFile,
        settings: Mapping[str, Any],
        unconfirmed: Collection[str],
        titles: Mapping[str, str],
        names: Mapping[str, str],
        confirmed: Mapping[str, str],
    ) -> None:
        self.file, self.settings, self.unconfirmed = file, settings, unconfirmed
        self.titles, self.names, self.confirmed = titles, names, confirmed

    def items(self, section: str) -> Sequence[Mapping[str, Any]]:
        return self.file.content.get(section, ())

    def value(self, found: Any) -> Any:
        """``{setting: code}`` anywhere becomes the setting's value."""
        if isinstance(found, Mapping):
            if set(found) == {"setting"}:
                code = found["setting"]
                if code not in self.settings:
                    raise RuleError(
                        f"{self.file.title} dùng quy định “{code}” chưa có trong bảng của tỉnh.", found
                    )
                return self.settings[code]
            return {key: self.value(one) for key, one in found.items()}
        if isinstance(found, list | tuple):
            return [self.value(one) for one in found]
        return found

    def conditions(self, items: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
        return tuple(read for item in items if (read := self.condition(item)) is not None)

    def condition(self, item: Mapping[str, Any]) -> Condition | None:
        """``None`` for one that the province does not apply (``when``), or that has nothing left under it."""
        word = next((key for key in item if key in MEANING or key in CONNECTIVES), None)
        if word is None:
            raise RuleError(f"điều kiện không có từ nào đã biết ({', '.join(map(str, item))}).", item)
        if "when" in item and not self.value(item["when"]):
            return None
        asked: Mapping[str, Any] = {}
        parts: tuple[Condition, ...] = ()
        if word in ("all", "any", "n_of"):
            parts = self.conditions(item[word]["of"] if word == "n_of" else item[word])
            if not parts:
                return None
            asked = {"n": self.value(item[word]["n"])} if word == "n_of" else {}
            if word == "n_of" and any(_has_occasion(part) for part in parts):
                raise RuleError(
                    "“occasion” không dùng được dưới n_of: không rõ khen theo điều kiện nào.", item
                )
        elif word == "meets":
            asked = {"award": item[word]}
        else:
            asked = self.value(item[word] or {})
        own = {key: value for key, value in item.items() if key in (word, "when") and not parts}
        return Condition(
            word=word,
            asked=asked,
            wording=_filled(item.get("wording", ""), asked),
            parts=parts,
            occasion=item.get("occasion", ""),
            item=item,
            **self._source(item, own),
        )

    def quota(self, item: Mapping[str, Any]) -> Quota | None:
        percent = self.value(item["percent"])
        if percent is None:
            return None
        return Quota(
            award=item["award"],
            percent=Decimal(str(percent)),
            of=item["of"],
            minimum=int(self.value(item.get("minimum", 0)) or 0),
            **self._source(item),
        )

    def threshold(self, item: Mapping[str, Any]) -> Threshold | None:
        percent = self.value(item["percent"])
        if percent is None:
            return None
        return Threshold(
            award=item["award"],
            percent=Decimal(str(percent)),
            is_more_than=bool(self.value(item.get("more_than", False))),
            base=str(self.value(item["base"])),
            is_secret=bool(self.value(item.get("secret", False))),
            **self._source(item),
        )

    def coefficient(self, item: Mapping[str, Any]) -> Coefficient | None:
        value = self.value(item["coefficient"])
        if value is None:
            return None
        return Coefficient(award=item["award"], value=Decimal(str(value)), **self._source(item))

    def ceiling(self, item: Mapping[str, Any]) -> Ceiling | None:
        percent, raised = self.value(item["percent"]), self.value(item.get("raised_percent"))
        if percent is None:
            return None
        return Ceiling(
            grade=item["grade"],
            of=item["of"],
            percent=Decimal(str(percent)),
            raised_percent=None if raised is None else Decimal(str(raised)),
            employment=item["employment"],
            **self._source(item),
        )

    def once(
        self,
        kept: dict[str, Any],
        what: str,
        section: str,
        read: Callable[[Mapping[str, Any]], Any],
        *,
        key: str = "award",
    ) -> None:
        """Every rule of the section that applies; a second one for the same award contradicts the first."""
        for item in self.items(section):
            rule = read(item)
            if rule is None:
                continue
            name = getattr(rule, key)
            if name in kept:
                both = [self.titles.get(code, code) for code in (kept[name].document, rule.document)]
                told = self.names.get(name, name)
                raise RuleError(f"{both[0]} và {both[1]} cùng quy định {what} của “{told}”.", item)
            kept[name] = rule

    def _source(self, item: Mapping[str, Any], own: Any = None) -> dict[str, Any]:
        used = set(_settings_in(item if own is None else own))
        read = None if item.get("confirmed", True) else self.confirmed.get(mark(item))
        return {
            "citation": read or item.get("citation", ""),
            "document": item.get("document", self.file.document),
            "is_confirmed": (item.get("confirmed", True) or bool(read)) and not used & set(self.unconfirmed),
        }


def _filled(wording: str, asked: Mapping[str, Any]) -> str:
    """The province's figures in place of ``{months}`` and the like, so that a reader sees what holds."""
    for name, value in asked.items():
        told = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        wording = wording.replace(f"{{{name}}}", DISCIPLINES.get(told, told))
    return wording


def _settings_in(found: Any) -> Iterable[str]:
    if isinstance(found, Mapping):
        if set(found) == {"setting"}:
            yield found["setting"]
        else:
            for one in found.values():
                yield from _settings_in(one)
    elif isinstance(found, list | tuple):
        for one in found:
            yield from _settings_in(one)
