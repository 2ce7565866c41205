"""Where rulebooks come from: all documents with all dated figures of the province, from files or the database. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from awards.eligibility.provisions import RuleFile
from awards.eligibility.rulebook import Rulebook, compose


@dataclass(frozen=True)
class Figure:
    """A value of one of the province's settings, from a day on (``None``: from the beginning)."""

    code: str
    valid_from: date | None
    value: Any
    is_confirmed: bool
    is_of_office: bool = False
    basis: str = ""


@dataclass(frozen=True)
class RuleSource:
    """The law of all days.

    ``names`` and ``recipients`` are of awards, ``titles`` says how a document is cited, ``kinds`` what a setting is:
    its kind and its choices, ``confirmed`` the articles that the Office has read for rules to be confirmed, by mark.
    """

    files: tuple[RuleFile, ...]
    names: Mapping[str, str]
    recipients: Mapping[str, str]
    titles: Mapping[str, str] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    kinds: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    confirmed: Mapping[str, str] = field(default_factory=dict)

    def rulebook(self, day: date, *, changed: Mapping[str, Any] | None = None) -> Rulebook:
        """What is in force on the day; ``changed`` are figures to assume instead of the province's."""
        force = in_force(self.figures, day)
        settings = {code: figure.value for code, figure in force.items()} | dict(changed or {})
        unconfirmed = {
            code for code, figure in force.items() if not figure.is_confirmed and code not in (changed or {})
        }
        return compose(
            self.files,
            day,
            settings=settings,
            names=self.names,
            titles=self.titles,
            unconfirmed=unconfirmed,
            confirmed=self.confirmed,
        )

    def border_days(self) -> list[date]:
        """The days on which something begins or has just ended: between two of them the rules are the same."""
        days = {one.effective_from for one in self.files}
        days |= {one.effective_to + timedelta(days=1) for one in self.files if one.effective_to}
        days |= {one.valid_from for one in self.figures if one.valid_from}
        return sorted(days)


def in_force(figures: Iterable[Figure], day: date) -> dict[str, Figure]:
    """Of every setting the latest figure that has begun; those of the Office go before those of the file."""
    begun = [one for one in figures if one.valid_from is None or one.valid_from <= day]
    ordered = sorted(begun, key=lambda one: (one.is_of_office, one.valid_from or date.min))
    return {one.code: one for one in ordered}
