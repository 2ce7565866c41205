"""Questions that every page asks: Django writes their SQL once, afterwards only the values change.

Writing the SQL is nine tenths of what a small query costs. The rows themselves are read anew at every asking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]


class Slot(Expression):
    """Stands in a prepared question for a value that is given when it is asked."""

    def __init__(self, name: str, field: Field | None = None) -> None:
        super().__init__(output_field=field or BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def fill(self, values: dict[str, Any]) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Prepared:
    """``build()`` gives a QuerySet with slots in its filters; ``ask(name=value)`` reads its rows as plain values.

    ``rows(name=value)`` reads them as what they are: the model's rows with ``select_related`` and annotations.
    """

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self.build = build

    @cached_property
    def _written(self) -> "_Written":
        compiler: Any = self.build().query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        columns = [expression for expression, *_ in compiler.select]
        return _Written(compiler, sql, list(values), compiler.get_converters(columns))

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        written = self._written
        filled = [part.fill(values) if isinstance(part, Slot) else part for part in written.values]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, filled)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, written.converters) for row in rows] if written.converters else rows

    def rows(self, **values: Any) -> list[Any]:
        return [self._written.row(values) for values in self.ask(**values)]


@dataclass
class _Written:
    """The SQL, its values and slots in order, and what turns the columns' raw values into Python's."""

    compiler: Any
    sql: str
    values: list[Any]
    converters: dict[int, Any]

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


def _converted(row: tuple[Any, ...], converters: dict[int, Any]) -> tuple[Any, ...]:
    values = list(row)
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return tuple(values)
