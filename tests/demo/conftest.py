"""The demo office, built once for all tests of this folder: they run on one worker (``xdist_group``)."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import TestCase, override_settings
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="package")
def built_office(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """What each test changes is undone inside; at the end nothing is left of the whole."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(EVIDENCE_DIR=folder), TestCase.captureOnCommitCallbacks(execute=True):
            call_command("load_reference", verbosity=0)
            call_command("demo")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo_office(built_office: None, db: None) -> None:
    """Must be asked for before anything else that uses the database."""
