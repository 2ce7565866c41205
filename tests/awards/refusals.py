"""That an act is refused and leaves nothing behind: what the matrices of states, roles and acts share."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.test import Client

from core.models import Entry, Letter
from core.workflow import Refused, Workflow


def not_offered(workflow: Workflow, document: Any, user: Any) -> Iterator[str]:
    """Every verb of the table whose button this user does not see."""
    offered = {move.verb for move in workflow.available(document, user)}
    yield from (verb for verb in workflow.moves if verb not in offered)


def trace(document: Model) -> tuple[Any, int, int]:
    """What every act would change: the row, the journal, the letters."""
    row = type(document)._base_manager.filter(pk=document.pk).values().get()
    return row, Entry.objects.count(), Letter.objects.count()


def happens(act: Callable[[], object]) -> bool:
    """The act is done and leaves its line; then it is undone, so that the next one finds the same world."""
    with transaction.atomic():
        lines = Entry.objects.count()
        try:
            act()
            return Entry.objects.count() > lines
        except Refused:
            return False
        finally:
            transaction.set_rollback(True)


def what_is_wrong(act: Callable[[], object], document: Model) -> str:
    """Nothing where the act is refused and nothing has changed by it."""
    before = trace(document)
    try:
        act()
    except Refused:
        return "" if trace(document) == before else "bị từ chối nhưng để lại dấu vết"
    return "không bị từ chối"


def wrong_on_page(client: Client, path: str, data: Any, document: Model) -> str:
    """The page answers a forged press with not found, or with the refusal, and nothing has changed by it."""
    before = trace(document)
    code = client.post(path, data).status_code
    if code >= 500:
        return f"trang trả lời {code}"
    return "" if trace(document) == before else f"trang ({code}) làm thay đổi hồ sơ"
