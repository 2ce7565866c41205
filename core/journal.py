"""The journal: every act leaves one line that nobody can change."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models

from core.models import Entry, EntryQuerySet

LONGEST_LABEL = 200  # of the column; the whole of a longer one is kept in the line's data


def record(
    document: models.Model,
    verb: str,
    *,
    by: Any,
    label: str,
    before: str = "",
    after: str = "",
    comment: str = "",
    data: dict[str, Any] | None = None,
) -> Entry:
    """Write one line; ``by`` is a user, or None for the timetable."""
    return Entry.objects.create(
        **line(document, verb, by=by, label=label, before=before, after=after, comment=comment, data=data)
    )


def record_many(
    documents: Sequence[models.Model],
    verb: str,
    *,
    by: Any,
    label: str,
    each: Callable[[Any], dict[str, Any]] = lambda _: {},
    **rest: Any,
) -> None:
    """One line for each of many documents, written at once; ``each`` gives what is told of one document alone."""
    lines = [line(one, verb, by=by, label=label, **rest, **each(one)) for one in documents]
    Entry.objects.bulk_create([Entry(**facts) for facts in lines], batch_size=1000)


def line(
    document: models.Model,
    verb: str,
    *,
    by: Any,
    label: str,
    before: str = "",
    after: str = "",
    comment: str = "",
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "actor": by,
        "actor_name": by.display_name if by else "Hệ thống",
        "actor_role": by.acting.label if by else "Lịch tự động",
        "target_type": document._meta.label_lower,
        "target_id": document.pk,
        "verb": verb,
        "label": label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…",
        "from_state": before,
        "to_state": after,
        "comment": comment,
        "data": (data or {}) | ({"label": label} if len(label) > LONGEST_LABEL else {}),
    }


def history_of(document: models.Model) -> EntryQuerySet:
    """The document's lines, newest first."""
    return Entry.objects.about(document)
