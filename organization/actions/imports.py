"""Writing a confirmed Excel sheet: what was shown, all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.db import transaction

from core import clock
from core.journal import record
from core.models import StoredFile
from core.workflow import AlreadyDone, Refused, lock
from organization.actions.people import add_people, change_person, leave, transfer
from organization.actions.permission import demand
from organization.actions.units import correct_unit, move_unit, open_unit, rename_unit
from organization.models import ImportBatch, Unit

PERMISSIONS = {
    ImportBatch.Kind.UNITS: "organization.manage_units",
    ImportBatch.Kind.PEOPLE: "organization.manage_people",
}


class Row(Protocol):
    """One row of a plan: what becomes of it, and the facts to write."""

    @property
    def outcome(self) -> str: ...
    @property
    def target(self) -> Any: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


class Plan(Protocol):
    """All rows, how many of each outcome, and a digest that is the same for the same outcome."""

    @property
    def rows(self) -> Sequence[Row]: ...
    @property
    def digest(self) -> str: ...
    @property
    def counts(self) -> Mapping[str, int]: ...


@transaction.atomic
def receive_import(kind: str, file: StoredFile, *, by: Any, counts: Mapping[str, int]) -> ImportBatch:
    """Keep an uploaded sheet that could be read; nothing of it is written yet."""
    demand(PERMISSIONS[ImportBatch.Kind(kind)], by)
    batch = ImportBatch.objects.create(kind=kind, file=file, uploaded_by=by, summary=dict(counts))
    record(batch, "uploaded", by=by, label=f"Tải lên tệp {file.name}")
    return batch


@transaction.atomic
def apply_import(
    batch: ImportBatch, *, plan: Callable[[], Plan], shown: str, by: Any, without_refused: bool = False
) -> Mapping[str, int]:
    """Plan again against the present database, and write only if the outcome is the one that was shown."""
    demand(PERMISSIONS[ImportBatch.Kind(batch.kind)], by)
    lock(batch)
    if batch.applied_at:
        raise AlreadyDone("Tệp này đã được nhập.")
    made = plan()
    if made.digest != shown:
        raise Refused(
            "Dữ liệu của cổng đã thay đổi từ lúc bạn xem. Hãy xem lại kết quả dưới đây rồi xác nhận."
        )
    if made.counts.get("refused") and not without_refused:
        raise Refused(
            "Có dòng bị từ chối. Hãy đánh dấu đồng ý bỏ qua các dòng đó, hoặc sửa tệp rồi tải lên lại."
        )
    if not made.counts.get("created") and not made.counts.get("changed"):
        raise Refused("Không có dòng nào để thêm mới hay thay đổi.")
    write = _write_units if batch.kind == ImportBatch.Kind.UNITS else _write_people
    write(made.rows, by=by, basis=f"Nhập từ tệp {batch.file.name}"[:200])
    batch.applied_at = clock.now()
    batch.summary = dict(made.counts)
    batch.save(update_fields=["applied_at", "summary"])
    record(
        batch, "applied", by=by, label=f"Nhập dữ liệu từ tệp {batch.file.name}"[:200], data=dict(made.counts)
    )
    return made.counts


def _write_units(rows: Sequence[Row], *, by: Any, basis: str) -> None:
    """Rows come with parents before children."""
    for row in rows:
        facts = dict(row.facts)
        parent_code = facts.pop("parent_code", None)
        if row.outcome == "created":
            open_unit(
                **facts,
                parent=Unit.objects.get(code=parent_code) if parent_code else None,
                by=by,
                basis=basis,
            )
        elif row.outcome == "changed":
            _change_unit(row, facts, parent_code, by, basis)


def _change_unit(row: Row, facts: dict[str, Any], parent_code: str | None, by: Any, basis: str) -> None:
    unit = row.target
    parent = Unit.objects.get(code=parent_code) if parent_code else None
    if (unit.name, unit.short_name) != (facts["name"], facts["short_name"]):
        rename_unit(
            unit,
            name=facts["name"],
            short_name=facts["short_name"],
            on=clock.today(),
            by=by,
            basis=basis,
        )
    if (unit.kind, unit.opened_on) != (facts["kind"], facts["opened_on"]):
        correct_unit(
            unit, kind=facts["kind"], opened_on=facts["opened_on"], is_collective=unit.is_collective, by=by
        )
    if (unit.parent, unit.order) != (parent, facts["order"]):
        move_unit(unit, parent=parent, order=facts["order"], by=by, basis=basis)


def _write_people(rows: Sequence[Row], *, by: Any, basis: str) -> None:
    add_people([{**row.facts, "basis": basis} for row in rows if row.outcome == "created"], by=by)
    for row in rows:
        if row.outcome != "changed":
            continue
        facts = dict(row.facts)
        posting, left_on = facts.pop("posting", None), facts.pop("left_on", None)
        if facts:
            change_person(row.target, by=by, **facts)
        if posting:
            transfer(row.target, **posting, by=by, basis=basis)
        if left_on:
            leave(row.target, on=left_on, by=by, comment=basis)
