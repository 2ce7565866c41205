"""Many at once: threads with connections of their own, let go together."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections

RUNNERS = 20


@contextmanager
def shared_database(folder: Path) -> Iterator[None]:
    """A database that threads can share. SQLite in memory locks whole tables between threads instead of waiting, so
    the test's database is copied to a file for the length of the block; PostgreSQL is used as it is."""
    if connection.vendor != "sqlite":
        yield
        return
    memory, settings = connection.connection, connection.settings_dict
    name, path = settings["NAME"], folder / "race.sqlite3"
    with sqlite3.connect(path) as target:
        memory.backup(target)
    target.close()
    connection.connection, settings["NAME"] = None, str(path)
    try:
        yield
    finally:
        connection.close()
        connection.connection, settings["NAME"] = memory, name


def race(act: Callable[[int], Any], runners: int = RUNNERS) -> list[Any]:
    """What each runner's act returned or raised, all started at the same moment."""
    barrier, results = threading.Barrier(runners), [None] * runners

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            results[number] = act(number)
        except Exception as error:  # noqa: BLE001 - what a runner raises is the result that is looked at
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results
