"""Writing thousands of new rows of plain values, in few statements and without an object for each."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

AT_ONCE = 500  # with ten columns far below what any of our databases takes in one statement


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Values by field name (a foreign key as its number), as the database keeps them: text already in normal form.

    ``bulk_create`` prepares every value of every row, which is most of its time; constraints hold as ever.
    """
    of_name = {field.name: field.column for field in model._meta.concrete_fields}
    columns = [of_name[name] for name in names]
    quoted = ", ".join(connection.ops.quote_name(one) for one in columns)
    table, places = connection.ops.quote_name(model._meta.db_table), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            values = ", ".join([f"({places})"] * len(some))
            told = [value for row in some for value in row]
            cursor.execute(f"INSERT INTO {table} ({quoted}) VALUES {values}", told)  # noqa: S608 - names of our model
