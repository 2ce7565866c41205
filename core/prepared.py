"""Questions that every page asks: Django writes their SQL once, afterwards only the values change.

Writing the SQL is nine tenths of what a small query costs. The rows themselves are read anew at every asking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Expression, Field, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]

LARGEST = BigIntegerField.MAX_BIGINT  # no row has a number beyond; the databases would choke on it


class Slot(Expression):
    """Stands in a prepared question for a value that is given when it is asked."""

    def __init__(self, name: str, field: Field | None = None) -> None:
        super().__init__(output_field=field or BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def fill(self, values: dict[str, Any]) -> list[Any]:
        return [self.output_field.get_db_prep_value(values[self.name], connection)]


class Slots(Slot):
    """Stands behind an ``__in`` for sets of values: joined, or one without the other, as the sets themselves would be.

    Without a name it is the empty set. A set that turns out to be empty when it is asked finds nothing.
    """

    def __init__(self, *names: str) -> None:
        super().__init__(" ".join(names))
        self.names = names

    def __bool__(self) -> bool:
        return bool(self.names)

    def __or__(self, other: "Slots") -> "Slots":  # type: ignore[override]
        return Slots(*dict.fromkeys([*self.names, *other.names]))

    def __sub__(self, other: "Slots") -> "Slots":  # type: ignore[override]
        return Slots(*(name for name in self.names if name not in other.names))

    def fill(self, values: dict[str, Any]) -> list[Any]:
        return list(set().union(*(values[name] for name in self.names)))


class Prepared:
    """``build()`` gives a QuerySet with slots in its filters; ``ask(name=value)`` reads its rows as plain values.

    ``rows(name=value)`` reads them as what they are: the model's rows with ``select_related`` and annotations.
    """

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self.build = build

    @cached_property
    def _written(self) -> "_Written | None":
        """Nothing where Django knows without asking that no row is meant, as after ``none()``."""
        compiler: Any = self.build().query.get_compiler(connection=connection)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return None
        columns = [expression for expression, *_ in compiler.select]
        return _Written(compiler, sql, list(values), compiler.get_converters(columns))

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        written = self._written
        if written is None or any(isinstance(value, int) and value > LARGEST for value in values.values()):
            return []
        with connection.cursor() as cursor:
            cursor.execute(*written.filled(values))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, written.converters) for row in rows] if written.converters else rows

    def within(self, **values: Any) -> RawSQL:
        """The question inside another one: ``filter(pk__in=PREPARED.within(user=…))``."""
        written = self._written
        sql, filled = written.filled(values) if written else ("SELECT 0 WHERE 0 = 1", [])
        return RawSQL(sql, filled)  # noqa: S611 - Django wrote this SQL; values stay apart from it

    def rows(self, **values: Any) -> list[Any]:
        return [self._written.row(found) for found in self.ask(**values)] if self._written else []


@dataclass
class _Written:
    """The SQL, its values and slots in order, and what turns the columns' raw values into Python's."""

    compiler: Any
    sql: str
    values: list[Any]
    converters: dict[int, Any]

    def filled(self, values: dict[str, Any]) -> tuple[str, list[Any]]:
        """The SQL with as many places as there are values, and the values."""
        parts = [part.fill(values) if isinstance(part, Slot) else [part] for part in self.values]
        flat = [value for part in parts for value in part]
        return self._with_places(tuple(len(part) for part in parts)), flat

    @cached_property
    def _pieces(self) -> list[str]:
        return self.sql.split("%s")

    def _with_places(self, counts: tuple[int, ...]) -> str:
        if all(count == 1 for count in counts):
            return self.sql
        places = [", ".join(["%s"] * count) or "NULL" for count in counts]
        return "".join(chain.from_iterable(zip_longest(self._pieces, places, fillvalue="")))

    @cached_property
    def _shape(self) -> tuple[type[Model], list[str], int, list[Any]]:
        """What Django's own iterator works out at every asking: model, its fields, joined rows."""
        about = self.compiler.klass_info
        places = about["select_fields"]
        names = [self.compiler.select[place][0].target.attname for place in places]
        joined = get_related_populators(about, self.compiler.select, connection.alias)
        return about["model"], names, places[0], joined

    def row(self, values: tuple[Any, ...]) -> Any:
        model, names, start, joined = self._shape
        one: Any = model.from_db(connection.alias, names, values[start : start + len(names)])
        for related in joined:
            related.populate(values, one)
        for name, place in self.compiler.annotation_col_map.items():
            setattr(one, name, values[place])
        return one


def prefetched(one: Model, name: str, found: list[Any]) -> None:
    """The rows behind a relation, so that ``one.name.all()`` gives them as after ``prefetch_related``."""
    known: Any = getattr(one, name).all()
    known._result_cache, known._prefetch_done = found, True
    one.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known


def _converted(row: tuple[Any, ...], converters: dict[int, Any]) -> tuple[Any, ...]:
    values = list(row)
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return tuple(values)
