"""Loads ``reference/awards``: the catalogue of awards and the conditions of a campaign.

A row of the file is a condition of the whole campaign. What the Office edits on the page is a row of one year,
which goes before it and which no file ever touches.
"""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from awards.models import Award, Condition
from campaigns.models import Band, Campaign
from core.models import LegalDocument
from core.reference import Change, Record, ReferenceError, read, records, upsert

STEP = 10


def load(folder: Path) -> list[Change]:
    """Every ``*.yaml`` of the folder. A later place in the catalogue is a higher award."""
    changes: list[Change] = []
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise ReferenceError(f"Không thấy tệp nào trong {folder}.")
    order = 0
    for path in files:
        data = read(path)
        for item in records(
            data, "awards", required=("code", "name", "kind", "recipient", "level", "decided_by")
        ):
            order += STEP
            changes.append(_award(item, order))
        campaign = _campaign(data)
        for item in records(data, "conditions", required=("award", "recipient")):
            changes.append(_condition(item, campaign))
    return changes


def _award(item: Record, order: int) -> Change:
    basis = item.get("legal_basis") or {}
    values = {
        "name": item["name"],
        "kind": item["kind"],
        "recipient": item["recipient"],
        "level": item["level"],
        "decided_by": item["decided_by"],
        "legal_document": _document(basis, item),
        "citation": basis.get("citation") or "",
        "is_confirmed": bool(item.get("confirmed")),
        "order": order,
    }
    _, change = upsert(Award, key={"code": item["code"]}, values=values, source=item)
    return change


def _document(basis: dict[str, Any], item: Record) -> LegalDocument | None:
    code = basis.get("document")
    if not code:
        return None
    document = LegalDocument.objects.filter(code=code).first()
    if document is None:
        raise ReferenceError.at(item, f"văn bản “{code}” không có trong legal_documents.yaml.")
    return document


def _campaign(data: Any) -> Campaign:
    code = data.get("campaign")
    campaign = Campaign.objects.filter(code=code).first()
    if campaign is None:
        raise ReferenceError.at(data, f"phong trào “{code}” chưa có; hãy nạp tệp của phong trào trước.")
    return campaign


def _condition(item: Record, campaign: Campaign) -> Change:
    award = Award.objects.filter(code=item["award"]).first()
    if award is None:
        raise ReferenceError.at(item, f"không có danh hiệu, hình thức “{item['award']}”.")
    if award.recipient != item["recipient"]:
        raise ReferenceError.at(item, f"“{award.code}” không dành cho {item['recipient']}.")
    values = {
        "bands": _bands(item, campaign),
        "minimum_score": _score(item),
        "maximum_rank": item.get("maximum_rank"),
        "basis": item.get("basis") or "",
        "note": item.get("note") or "",
        "is_confirmed": bool(item.get("confirmed")),
        "is_used": True,
    }
    key = {"campaign": campaign, "year": None, "award": award}
    _, change = upsert(Condition, key=key, values=values, source=item)
    return Change(change.kind, f"điều kiện {campaign.code} / {award.code}")


def _bands(item: Record, campaign: Campaign) -> list[str]:
    named = list(item.get("bands") or [])
    known = set(
        Band.objects.filter(campaign_year__campaign=campaign, recipient=item["recipient"]).values_list(
            "name", flat=True
        )
    )
    wrong = [name for name in named if name not in known]
    if wrong:
        raise ReferenceError.at(item, f"không có mức xếp loại {', '.join(wrong)}.")
    return named


def _score(item: Record) -> Decimal | None:
    value = item.get("minimum_score")
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise ReferenceError.at(item, f"minimum_score “{value}” không phải là số.") from error
