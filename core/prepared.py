"""Questions that every page asks: Django writes their SQL once, afterwards only the values change.

Writing the SQL is nine tenths of what a small query costs. The rows themselves are read anew at every asking.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Expression, Field, QuerySet


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
    """``build()`` gives a ``values_list`` with slots in its filters; ``ask(name=value)`` reads its rows."""

    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self.build = build

    @cached_property
    def _written(self) -> tuple[str, list[Any], dict[int, Any]]:
        """The SQL, its values and slots in order, and what turns the columns' raw values into Python's."""
        compiler = self.build().query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        columns = [expression for expression, *_ in compiler.select]
        return sql, list(values), compiler.get_converters(columns)

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        sql, parts, converters = self._written
        filled = [part.fill(values) if isinstance(part, Slot) else part for part in parts]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows


def _converted(row: tuple[Any, ...], converters: dict[int, Any]) -> tuple[Any, ...]:
    values = list(row)
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return tuple(values)
