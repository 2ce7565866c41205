"""What would become of the units of a sheet."""

import re
from typing import Any

from core.vietnamese import fold
from organization.importing.rows import REFUSED, PlannedRow, doubles, named, shown
from organization.importing.sheets import COLUMNS, Sheet, SheetRow
from organization.models import ImportBatch, Unit, UnitKind

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LABELS = {column.key: column.label for column in COLUMNS[ImportBatch.Kind.UNITS]}


def plan_units(sheet: Sheet) -> list[PlannedRow]:
    """Parents come before children, so that they can be written in this order."""
    known = {unit.code: unit for unit in Unit.objects.select_related("kind", "parent")}
    kinds = named(UnitKind.objects.all())
    twice = doubles(sheet.rows)
    planned: dict[int, PlannedRow] = {}
    for index, row in enumerate(sheet.rows, start=1):
        made = PlannedRow.of(row, "name")
        made.code = made.code.lower()
        if row.number in twice:
            made.refuse(twice[row.number])
        _plan(made, row, known.get(made.code), kinds, index, present=sheet.present)
        planned[row.number] = made
    return _in_order(list(planned.values()), known)


def _plan(
    made: PlannedRow,
    row: SheetRow,
    unit: Unit | None,
    kinds: dict[str, Any],
    index: int,
    *,
    present: frozenset[str],
) -> None:
    values = row.values
    if made.code and not CODE.fullmatch(made.code):
        made.refuse(f"“{LABELS['code']}” chỉ gồm chữ thường không dấu, chữ số và gạch nối: “{made.code}”.")
    kind = _kind(made, values.get("kind"), kinds)
    if unit and unit.closed_on:
        made.refuse(f"Đơn vị đã kết thúc hoạt động ngày {shown(unit.closed_on)}.")
    if made.faults:
        return
    made.target = unit
    old_parent = unit.parent.code if unit and unit.parent else None
    parent_code = (values.get("parent_code") or "").lower() or old_parent
    order = values.get("order")
    made.facts = {
        "code": made.code,
        "name": values["name"],
        "short_name": values["short_name"],
        "kind": kind,
        "parent_code": parent_code,
        "order": order if order is not None else (unit.order if unit else min(index * 10, 32_000)),
        "opened_on": values["opened_on"],
    }
    if unit:
        before = {
            "name": unit.name,
            "short_name": unit.short_name,
            "kind": unit.kind,
            "parent_code": old_parent,
            "order": unit.order,
            "opened_on": unit.opened_on,
        }
        made.changes = [
            (LABELS[key], shown(value), shown(made.facts[key]))
            for key, value in before.items()
            if value != made.facts[key]
        ]


def _kind(made: PlannedRow, value: Any, kinds: dict[str, Any]) -> UnitKind | None:
    from_list = kinds.get(fold(value)) if value else None
    if value and not from_list:
        made.refuse(f"Không có “{LABELS['kind']}” tên “{value}”. Hãy chọn trong danh sách của tệp mẫu.")
    return from_list


def _in_order(rows: list[PlannedRow], known: dict[str, Unit]) -> list[PlannedRow]:
    """Refuse rows whose parent is missing, refused or below them; put parents first."""
    by_code = {row.code: row for row in rows if not row.faults}
    ordered: list[PlannedRow] = []
    state: dict[int, str] = {}

    def visit(row: PlannedRow) -> bool:
        """Settle the row after its parent; True when the row may be written."""
        if state.get(row.number) == "open":
            row.refuse("Các đơn vị trực thuộc lẫn nhau thành vòng tròn.")
            return False
        if row.number not in state:
            state[row.number] = "open"
            if not row.faults:
                _check_parent(row, by_code, known, visit)
            row.close(exists=row.target is not None)
            state[row.number] = "done"
            ordered.append(row)
        return row.outcome != REFUSED

    for row in rows:
        visit(row)
    return ordered


def _check_parent(
    row: PlannedRow, by_code: dict[str, PlannedRow], known: dict[str, Unit], visit: Any
) -> None:
    code = row.facts["parent_code"]
    if code is None:
        other = next((unit for unit in known.values() if unit.parent_id is None and not unit.closed_on), None)
        first = next(one for one in by_code.values() if one.facts.get("parent_code", "") is None)
        if (other and other.code != row.code) or first is not row:
            row.refuse(
                f"“{LABELS['parent_code']}” còn trống: chỉ đơn vị cấp cao nhất không thuộc đơn vị nào."
            )
        return
    above = by_code.get(code)
    if above is not None:
        if not visit(above):
            row.refuse(f"Đơn vị cấp trên “{code}” ở dòng {above.number} bị từ chối.")
            return
        opened_on = above.facts["opened_on"]
    elif code in known and not known[code].closed_on:
        opened_on = known[code].opened_on
        if row.target and known[code].path.startswith(row.target.path):
            row.refuse("Không thể đặt một đơn vị dưới chính nó hoặc dưới đơn vị cấp dưới của nó.")
    else:
        row.refuse(f"“{LABELS['parent_code']}”: không có đơn vị đang hoạt động nào mã “{code}”.")
        return
    if opened_on > row.facts["opened_on"]:
        row.refuse(
            f"“{LABELS['opened_on']}” sớm hơn ngày thành lập của đơn vị cấp trên ({shown(opened_on)})."
        )
