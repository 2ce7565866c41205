"""The headings of the achievement report."""

from typing import Any

from awards.models import ReportSection
from campaigns.models import Recipient
from core.reference import Change, ReferenceError, records, upsert

STEP = 10
PREFILLS = ("person", "unit", "ratings", "achievements", "results", "initiatives", "honours")


def load_report(data: Any) -> list[Change]:
    changes = []
    required = ("recipient", "code", "part", "title")
    for order, item in enumerate(records(data, "sections", required=required), start=1):
        if item["recipient"] not in Recipient.values:
            raise ReferenceError.at(item, f"không có đối tượng “{item['recipient']}”.")
        if item.get("prefill") and item["prefill"] not in PREFILLS:
            raise ReferenceError.at(item, f"prefill phải là một trong: {', '.join(PREFILLS)}.")
        values = {
            "part": item["part"],
            "title": item["title"],
            "hint": item.get("hint") or "",
            "prefill": item.get("prefill") or "",
            "order": order * STEP,
            "citation": item.get("citation") or data.get("citation") or "",
            "is_confirmed": bool(item.get("confirmed", data.get("confirmed"))),
        }
        key = {"recipient": item["recipient"], "code": item["code"]}
        _, change = upsert(ReportSection, key=key, values=values, source=item)
        changes.append(change)
    return changes
