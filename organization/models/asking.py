"""Questions about what a user may see, written once for all who act alike."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from core.prepared import Prepared, Slot, Slots

SHAPES = 200  # ways of acting that are remembered per question; an office has a dozen


class _Shape(NamedTuple):
    """What decides how a question about a user is written; who he is and which units are his are values in it."""

    roles: frozenset[str]
    is_person: bool
    reads_everything: bool
    heads_the_agency: bool
    has_units: bool
    has_below: bool
    has_headed: bool


class _Alike:
    """Stands for a user, with slots for who he is. What it does not know is an error, never somebody's own value."""

    def __init__(self, shape: _Shape) -> None:
        self.pk = Slot("user")
        self.acting = self
        self.roles, self.reads_everything = shape.roles, shape.reads_everything
        self.heads_the_agency = shape.heads_the_agency
        self.person_id = Slot("person") if shape.is_person else None
        self.units = Slots("units") if shape.has_units else Slots()
        self.units_below = Slots("below") if shape.has_below else Slots()
        self.headed = Slots("headed") if shape.has_headed else Slots()

    def is_(self, role: str) -> bool:
        return role in self.roles


class AskedBy:
    """``build(user)`` gives a QuerySet from ``user.pk`` and ``user.acting``; asked as a ``core.prepared.Prepared``."""

    def __init__(self, build: Callable[[Any], QuerySet]) -> None:
        self._prepared = lru_cache(SHAPES)(lambda shape: Prepared(lambda: build(_Alike(shape))))

    def ask(self, user: Any, **values: Any) -> list[tuple[Any, ...]]:
        return self._prepared(_shape(user)).ask(**_values(user), **values)

    def rows(self, user: Any, **values: Any) -> list[Any]:
        return self._prepared(_shape(user)).rows(**_values(user), **values)

    def within(self, user: Any, **values: Any) -> RawSQL:
        return self._prepared(_shape(user)).within(**_values(user), **values)


def _shape(user: Any) -> _Shape:
    acting = user.acting
    return _Shape(
        acting.roles,
        acting.person_id is not None,
        acting.reads_everything,
        acting.heads_the_agency,
        bool(acting.units),
        bool(acting.units_below),
        bool(acting.headed),
    )


def _values(user: Any) -> dict[str, int | Iterable[int] | None]:
    acting = user.acting
    return {
        "user": user.pk,
        "person": acting.person_id,
        "units": acting.units,
        "below": acting.units_below,
        "headed": acting.headed,
    }
