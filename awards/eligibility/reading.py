"""Turns the facts of a case, as a file tells them, into a ``Candidate``. Pure; a schema has checked them before."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from awards.eligibility.facts import (
    Absence,
    Candidate,
    Discipline,
    Hold,
    Initiative,
    Members,
    Movement,
    Place,
    Result,
    Title,
    Use,
)
from awards.eligibility.schemas import as_day

Told = Mapping[str, Any]
PLAIN = ("employment", "is_leader", "heads_unit", "joined_on", "founded_on", "is_registered")


def candidate(told: Told, *, recipient: str, day: date, year: int) -> Candidate:
    """What is left out stays unknown."""
    return Candidate(
        recipient=recipient,
        day=day,
        year=year,
        **{name: _read(name, told.get(name)) for name in PLAIN},
        ratings={int(year): grade for year, grade in (told.get("ratings") or {}).items()},
        titles=tuple(
            Title(**_each(one), key=f"{one['award']} {one['year']}") for one in told.get("titles", ())
        ),
        initiatives=tuple(Initiative(**_each(one), key=one["name"]) for one in told.get("initiatives", ())),
        disciplines=tuple(Discipline(**_each(one)) for one in told.get("disciplines", ())),
        holds=tuple(Hold(**_each(one)) for one in told.get("holds", ())),
        absences=tuple(Absence(**_each(one)) for one in told.get("absences", ())),
        places=tuple(
            Place(**_each(one) | {"months": _decimal(one["months"])}) for one in told.get("places", ())
        ),
        results=tuple(Result(**_each(one)) for one in told.get("results", ())),
        members=Members(**told["members"]) if "members" in told else None,
        movement=Movement(**told["movement"]) if "movement" in told else None,
        affirmed=dict(told.get("affirmed", {})),
        awaited=tuple(told.get("awaited", ())),
    )


def _each(told: Told) -> dict[str, Any]:
    return {name: _read(name, value) for name, value in told.items()}


def _read(name: str, value: Any) -> Any:
    if name.endswith("_on") and name != "spent_on" and value is not None:
        return as_day(value)
    if name == "spent_on":
        return tuple(Use(**use) for use in value)
    return _decimal(value) if name == "score" else value


def _decimal(value: int | str) -> Decimal:
    return Decimal(str(value))
