"""The database refuses to change a journal line, also to somebody who goes around the portal."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.journal import record
from organization.models import User


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_line_cannot_be_rewritten(clerk: User) -> None:
    record(clerk, "x", by=clerk, label="Nộp")
    with pytest.raises(DatabaseError, match="only grows"):
        run("UPDATE core_entry SET label = 'khác'")


def test_a_line_cannot_be_removed_on_postgresql(clerk: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps deletion for the test runner")
    record(clerk, "x", by=clerk, label="Nộp")
    with pytest.raises(DatabaseError, match="only grows"):
        run("DELETE FROM core_entry")
