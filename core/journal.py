"""The journal: every act leaves one line that nobody can change."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from os.path import commonprefix
from typing import Any

from django.db import models
from django.utils import timezone

from core.models import Entry, EntryQuerySet

SHORTEST_RUN = 3  # small acts in a row that a timeline folds into one line
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
    entry = line(document, verb, by=by, label=label, before=before, after=after, comment=comment, data=data)
    entry.save(force_insert=True)
    return entry


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
    write(line(one, verb, by=by, label=label, **rest, **each(one)) for one in documents)


def write(entries: Iterable[Entry]) -> None:
    """Prepared lines of one act, all at once."""
    Entry.objects.bulk_create(entries, batch_size=1000)


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
) -> Entry:
    """A line that is not written yet, for acts that write many at once."""
    return Entry(
        actor=by,
        actor_name=by.display_name if by else "Hệ thống",
        actor_role=by.acting.label if by else "Lịch tự động",
        target_type=document._meta.label_lower,
        target_id=document.pk,
        verb=verb,
        label=label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…",
        from_state=before,
        to_state=after,
        comment=comment,
        data=(data or {}) | ({"label": label} if len(label) > LONGEST_LABEL else {}),
    )


def history_of(document: models.Model) -> EntryQuerySet:
    """The document's lines, newest first."""
    return Entry.objects.about(document)


@dataclass(frozen=True)
class Run:
    """Lines of a timeline that stand together: one act, or the same small act many times in a row."""

    entries: list[Entry]

    @property
    def label(self) -> str:
        """What the labels have in common, cut at a word: "Gắn tài liệu vào tiêu chí"."""
        first, *others = (entry.label for entry in self.entries)
        shared = commonprefix([first, *others])
        whole = all(label[len(shared) :][:1] in ("", " ") for label in (first, *others))
        return (shared if whole else shared.rpartition(" ")[0]).rstrip(" :–") or first


def runs(entries: Iterable[Entry]) -> list[Run]:
    """The timeline with repeated small acts of one person on one day folded; a change of state always stands alone."""

    def kind(entry: Entry) -> tuple[Any, ...]:
        moves = entry.pk if entry.from_state != entry.to_state else None
        return entry.verb, entry.actor_name, timezone.localdate(entry.at), moves

    found = []
    for _, group in groupby(entries, kind):
        lines = list(group)
        found += [Run(lines)] if len(lines) >= SHORTEST_RUN else [Run([one]) for one in lines]
    return found
