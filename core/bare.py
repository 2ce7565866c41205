"""Rows of lists and sheets: read as plain values, dressed as their models without the models' own ceremony.

Django's constructor is most of what a joined row costs. A field that was not asked for is read when it is touched,
as after ``only()``; a joined row that occurs often is one object.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.db.models.base import ModelState

CHUNK = 2000  # rows fetched at once, and joined rows remembered


class _Part(NamedTuple):
    """One table of the row: its key and fields among the values, and which row it belongs to by which field."""

    model: type[Model]
    names: tuple[str, ...]
    start: int
    end: int
    parent: int
    relation: str
    relation_key: str


@cache
def bare(model: type[Model], reads: tuple[str, ...], adds: tuple[str, ...] = ()) -> "Bare":
    return Bare(model, reads, adds)


class Bare:
    """The fields ``reads`` ("state", "unit__short_name") and the annotations ``adds`` of a model's rows."""

    def __init__(self, model: type[Model], reads: Iterable[str], adds: Iterable[str] = ()) -> None:
        self.columns: list[str] = []
        self.parts: list[_Part] = []
        places: dict[str, int] = {}
        for path, fields in _by_path(reads, adds).items():
            above, _, relation = path.rpartition("__")
            field: Any = self.parts[places[above]].model._meta.get_field(relation) if path else None
            table: Any = field.related_model if field else model
            names = (table._meta.pk.attname, *fields)
            start = len(self.columns)
            self.columns += [f"{path}__{name}" if path else name for name in ("pk", *fields)]
            parent, key = (places[above], field.attname) if field else (-1, "")
            places[path] = len(self.parts)
            self.parts.append(_Part(table, names, start, len(self.columns), parent, relation, key))

    def rows(self, found: QuerySet, *, stream: bool = False) -> Iterator[Any]:
        """The rows of this QuerySet of the model, which has the annotations, in its order; many of them as a stream."""
        plain = self.plain(found)
        return self.dressed(plain.iterator(chunk_size=CHUNK) if stream else plain, found.db)

    def plain(self, found: QuerySet) -> QuerySet:
        return found.values_list(*self.columns)

    def dressed(self, plain: Iterable[tuple[Any, ...]], database: str) -> Iterator[Any]:
        """The rows of the model that these plain values are."""
        model, names, _, end, *_ = self.parts[0]
        joined = [(part, dict[Any, Any]()) for part in self.parts[1:]]
        for values in plain:
            made = [_dressed(model, names, values[:end], database)]
            for (table, names_of, start, stop, parent, relation, relation_key), known in joined:
                key = values[start]
                one = known.get(key) if key is not None else None
                if one is None and key is not None:
                    if len(known) == CHUNK:
                        known.clear()
                    one = known[key] = _dressed(table, names_of, values[start:stop], database)
                if (above := made[parent]) is not None:
                    above._state.fields_cache[relation] = one
                    above.__dict__[relation_key] = key
                made.append(one)
            yield made[0]


def _by_path(reads: Iterable[str], adds: Iterable[str]) -> dict[str, list[str]]:
    """The fields of each table, the row's own first, a table before those that are joined through it."""
    fields: dict[str, list[str]] = {"": list(adds)}
    for name in reads:
        path, _, field = name.rpartition("__")
        steps = path.split("__") if path else []
        for depth in range(len(steps)):
            fields.setdefault("__".join(steps[: depth + 1]), [])
        fields[path].append(field)
    return fields


def _dressed(model: type[Model], names: tuple[str, ...], values: tuple[Any, ...], database: str) -> Any:
    one: Any = model.__new__(model)
    state = ModelState()
    state.db, state.adding, state.fields_cache = database, False, {}
    one.__dict__.update(zip(names, values, strict=True))
    one._state = state
    return one
