"""The province's figures and the base salaries. Rows of the Office (``set_by``) are not the file's business."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from awards.eligibility.figures import EXPECTED, fits
from awards.models import BaseSalary, Setting, SettingValue
from awards.reference.catalogue import document_of
from core.reference import Change, Record, ReferenceError, records, upsert

STEP = 10


def settings_of(data: Any) -> list[Record]:
    """The records of the file, every value of its kind and no day twice."""
    found = records(data, "settings", required=("code", "name", "kind", "values"))
    seen: set[str] = set()
    for item in found:
        if item["code"] in seen:
            raise ReferenceError.at(item, f"mã “{item['code']}” lặp lại.")
        seen.add(item["code"])
        if item["kind"] not in Setting.Kind.values:
            raise ReferenceError.at(item, f"không có loại giá trị “{item['kind']}”.")
        _check_values(item)
    return found


def _check_values(item: Record) -> None:
    days: set[date | None] = set()
    for value in records(item, "values", required=()):
        if "value" not in value or "from" not in value:
            raise ReferenceError.at(value, f"“{item['code']}”: mỗi giá trị phải có from và value.")
        begins = value["from"]
        if begins is not None and type(begins) is not date:
            raise ReferenceError.at(value, f"“{item['code']}”: from phải là ngày hoặc null.")
        if begins in days:
            raise ReferenceError.at(value, f"“{item['code']}”: hai giá trị cùng áp dụng từ một ngày.")
        days.add(begins)
        if not fits(item["kind"], value["value"], item.get("choices") or {}):
            raise ReferenceError.at(value, f"“{item['code']}”: giá trị phải là {EXPECTED[item['kind']]}.")


def load_settings(data: Any) -> list[Change]:
    changes = []
    for order, item in enumerate(settings_of(data), start=1):
        values = {
            "name": item["name"],
            "kind": item["kind"],
            "choices": dict(item.get("choices") or {}),
            "note": item.get("note") or "",
            "order": order * STEP,
        }
        setting, change = upsert(Setting, key={"code": item["code"]}, values=values, source=item)
        is_same = _write_values(setting, item)
        kind = "changed" if change.kind == "unchanged" and not is_same else change.kind
        changes.append(Change(kind, change.what))
    return changes


def _write_values(setting: Setting, item: Record) -> bool:
    """The file's values, and no others of the file; whether nothing was to do."""
    of_file = {row.valid_from: row for row in setting.values.filter(set_by=None)}
    is_same = True
    for value in item["values"]:
        row = of_file.pop(value["from"], None)
        wanted = {
            "value": value["value"],
            "basis": value.get("basis") or "",
            "is_confirmed": bool(value.get("confirmed", item.get("confirmed"))),
        }
        if row and all(getattr(row, name) == one for name, one in wanted.items()):
            continue
        is_same = False
        row = row or SettingValue(setting=setting, valid_from=value["from"])
        for name, one in wanted.items():
            setattr(row, name, one)
        row.save()
    for row in of_file.values():
        row.delete()
        is_same = False
    return is_same


def load_base_salaries(data: Any) -> list[Change]:
    changes = []
    for item in records(data, "base_salaries", required=("document", "from", "amount")):
        try:
            amount = Decimal(str(item["amount"]))
        except InvalidOperation as error:
            raise ReferenceError.at(item, f"amount “{item['amount']}” không phải là số.") from error
        values = {"legal_document": document_of(item["document"], item), "amount": amount}
        _, change = upsert(BaseSalary, key={"valid_from": item["from"]}, values=values, source=item)
        changes.append(change)
    return changes
