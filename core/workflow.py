"""The engine behind every procedure: a table of moves that buttons, checks, journal and tests all read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import rules
from django.db import models, transaction

from core.journal import history_of, record
from core.models import Entry
from core.prepared import Prepared, Slot
from core.vietnamese import format_moment

D = TypeVar("D", bound=models.Model)
Guard = Callable[[Any], Iterable[str]]


class Refused(Exception):
    """An act that may not happen; carries Vietnamese sentences that say why."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)


class Stale(Refused):
    """Somebody else has changed the document since it was read."""


class AlreadyDone(Refused):
    """The same person asks for the same act again: harmless, and told as such."""


@dataclass(frozen=True)
class Move:
    """One row of a procedure's table."""

    verb: str
    label: str
    source: tuple[str, ...]
    target: str
    permission: str
    guard: Guard | None = None
    comment_required: bool = False
    comment_label: str = "Ý kiến"
    confirmation: str = ""
    style: str = "primary"
    explanation: str = ""


def _latest(document: models.Model) -> Entry | None:
    return history_of(document).first()


@dataclass(frozen=True)
class Workflow:
    """A procedure: its states with their colours, its moves, and the journal's latest line about a document."""

    states: Mapping[str, tuple[str, str]]
    rows: tuple[Move, ...]
    latest: Callable[[Any], Entry | None] = _latest
    noun: str = "hồ sơ"  # what a refusal calls the document
    moves: dict[str, Move] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "moves", {move.verb: move for move in self.rows})

    def available(self, document: models.Model, user: Any) -> list[Move]:
        """The moves whose button this user sees; a guard's reasons are told when the button is pressed."""
        return [
            move
            for move in self.rows
            if document.state in move.source and rules.has_perm(move.permission, user, document)  # type: ignore[attr-defined]
        ]

    def advance(
        self,
        document: D,
        verb: str,
        *,
        by: Any,
        comment: str = "",
        data: dict[str, Any] | None = None,
        version: int | None = None,
    ) -> Entry:
        """Lock the document, check state, version, permission, comment and guard in this order, move it, journal it.

        Must run inside the act's transaction. The given instance is refreshed from the locked row. The version is asked
        only where the move is possible, so that a repeat is told as one.
        """
        move = self.moves[verb]
        lock(document)
        if document.state not in move.source:  # type: ignore[attr-defined]
            raise self._out_of_order(document, move, by)
        check_version(document, version, self.latest)
        if not rules.has_perm(move.permission, by, document):
            raise Refused(f"Bạn không có quyền thực hiện việc “{move.label}” với {self.noun} này.")
        if move.comment_required and not comment.strip():
            raise Refused(f"Hãy ghi {move.comment_label.lower()} khi thực hiện việc “{move.label}”.")
        reasons = list(move.guard(document)) if move.guard else []
        if reasons:
            raise Refused(*reasons)
        before, document.state = document.state, move.target  # type: ignore[attr-defined]
        document.save(update_fields=["state"])
        return record(
            document,
            verb,
            by=by,
            label=move.label,
            before=before,
            after=move.target,
            comment=comment,
            data=data,
        )

    def turn(self, document: D, verb: str) -> None:
        """For acts on many locked documents at once, which check, save and journal them together."""
        move = self.moves[verb]
        if document.state not in move.source:  # type: ignore[attr-defined]
            raise Refused(f"Không thực hiện được “{move.label}” với {document}.")
        document.state = move.target  # type: ignore[attr-defined]

    def _out_of_order(self, document: models.Model, move: Move, by: Any) -> Refused:
        last = history_of(document).filter(verb=move.verb).first()
        state = self.states[document.state][0]  # type: ignore[attr-defined]
        if last and document.state == move.target and last.actor_id == by.pk:  # type: ignore[attr-defined]
            return AlreadyDone(f"Bạn đã thực hiện việc “{move.label}” rồi.")
        who = f" {last.actor_name} đã thực hiện lúc {format_moment(last.at)}." if last else ""
        return Refused(f"Không thực hiện được “{move.label}”: {self.noun} đang ở trạng thái “{state}”.{who}")


def lock(document: models.Model) -> None:
    """Hold the document's row until the end of the transaction and read its present values.

    What it points to is read again too: a year that was closed while we waited is seen as closed.
    """
    connection = transaction.get_connection()
    connection.validate_no_broken_transaction()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A lock outside a transaction holds nothing.")
    found = _held_row(type(document)).ask(pk=document.pk)
    if not found:
        raise document.DoesNotExist(f"{document._meta.label} {document.pk} is gone.")  # type: ignore[attr-defined]
    for column, value in zip(document._meta.concrete_fields, found[0], strict=True):
        setattr(document, column.attname, value)
    document._state.fields_cache.clear()
    document.__dict__.pop("_prefetched_objects_cache", None)


@cache
def _held_row(model: type[models.Model]) -> Prepared:
    names = [field.attname for field in model._meta.concrete_fields]
    # No order: a model that is ordered by what it points to would join, and so lock, those rows too.
    rows = model._base_manager.select_for_update().filter(pk=Slot("pk")).order_by()
    return Prepared(lambda: rows.values_list(*names))


def check_version(
    document: models.Model, version: int | None, latest: Callable[[Any], Entry | None] = _latest
) -> None:
    """Refuse a form that was filled from an older version of the document."""
    if version is not None and version != document.version:  # type: ignore[attr-defined]
        last = latest(document)
        who = f"{last.actor_name} đã sửa lúc {format_moment(last.at)}" if last else "Người khác vừa sửa"
        raise Stale(f"{who}. Nội dung bạn gõ vẫn còn trên trang; hãy so lại rồi lưu.")
