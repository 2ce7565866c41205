"""Everybody who can be reminded: the accounts at work, each with what he may act as, in five questions for all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from organization import roles
from organization.calculations import ClosedUnit, carried_on_by, left_to
from organization.models import Acting, Appointment, Posting, Unit, User
from organization.models.units import CLOSED


@dataclass
class Roster:
    """The accounts at work by number. ``user.acting`` is filled in; nothing more is asked of the database."""

    users: dict[int, User]
    parents: dict[int, int | None]
    names: dict[int, str]
    office_units: list[int]
    givers: dict[tuple[int, int], int | None] = field(default_factory=dict)

    def __iter__(self) -> Iterator[User]:
        return iter(self.users.values())

    @cached_property
    def heads(self) -> dict[int, list[User]]:
        found: dict[int, list[User]] = {}
        for user in self:
            for unit_id in user.acting.headed:
                found.setdefault(unit_id, []).append(user)
        return found

    def holding(self, role: str) -> list[User]:
        return [user for user in self if user.acting.is_(role)]

    def above(self, user: User) -> list[User]:
        """Whoever heads the nearest unit upwards and is neither himself nor stands in for him."""
        level, me = user.acting.unit_id, user.acting.person_id
        while level:
            heads = [
                one
                for one in self.heads.get(level, [])
                if one.pk != user.pk and self.givers.get((one.pk, level)) != me
            ]
            if heads:
                return heads
            level = self.parents.get(level)
        return []


def everybody(day: date) -> Roster:
    """The roster of that day."""
    users = {user.pk: user for user in User.objects.filter(is_active=True, person__isnull=False)}
    units = list(Unit.objects.order_by().values_list("pk", "path", "parent", "short_name"))
    closed: list[ClosedUnit] = CLOSED.ask(day=day)
    held: dict[int, list[tuple[Any, ...]]] = {}
    for person, *role in _held(day):
        held.setdefault(person, []).append(tuple(role))
    roster = Roster({}, {pk: parent for pk, _, parent, _ in units}, {pk: name for pk, *_, name in units}, [])
    paths, carried = {pk: path for pk, path, *_ in units}, _Carried(closed)
    for user_id, person_id, unit_id, label, *name in _postings():
        found = held.get(person_id, [])
        if any(role == roles.OFFICE for role, *_ in found):
            roster.office_units.append(unit_id)
        if user_id not in users:
            continue
        user = roster.users[user_id] = users[user_id]
        user.__dict__["display_name"] = " ".join(name[1:]).strip()
        acting = _acting(person_id, unit_id, f"{name[0]}, {label}", found, paths, closed)
        acting.__dict__["units"] = carried.units(unit_id)
        acting.__dict__["units_below"] = frozenset(
            pk for pk, path in paths.items() if path.startswith(acting.headed_paths)
        )
        user.__dict__["acting"] = acting
        roster.givers |= {(user_id, unit): giver for role, unit, giver in found if unit and giver}
    return roster


def _held(day: date) -> Iterable[tuple[Any, ...]]:
    return (
        Appointment.objects.on(day).order_by().values_list("person_id", "role", "unit_id", "delegated_by_id")
    )


def _postings() -> Iterable[tuple[Any, ...]]:
    facts = ("person__user_id", "person_id", "unit_id", "unit__short_name", "post__name")
    rows = Posting.objects.current().order_by("unit__order", "post__order", "person__sort_key")
    return rows.values_list(*facts, "person__family_name", "person__given_name")


def _acting(
    person_id: int,
    unit_id: int,
    label: str,
    held: list[tuple[Any, ...]],
    paths: dict[int, str],
    closed: list[ClosedUnit],
) -> Acting:
    """As ``User.acting`` has it, from rows that were read for everybody."""
    headed = {unit: paths[unit] for role, unit, _ in held if role == roles.HEAD and unit}
    headed |= left_to(closed, headed) if headed else {}
    return Acting(
        person_id=person_id,
        unit_id=unit_id,
        unit_path=paths[unit_id],
        label=label,
        roles=frozenset(role for role, *_ in held),
        headed=frozenset(headed),
        headed_paths=tuple(headed.values()),
    )


class _Carried:
    """The units whose papers the people of a unit write, remembered: few units carry on another."""

    def __init__(self, closed: list[ClosedUnit]) -> None:
        self.closed, self.known = closed, dict[int, frozenset[int]]()

    def units(self, unit_id: int) -> frozenset[int]:
        if unit_id not in self.known:
            before = carried_on_by(unit_id, self.closed) if self.closed else set()
            self.known[unit_id] = frozenset({unit_id, *before})
        return self.known[unit_id]
