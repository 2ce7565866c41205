"""The catalogue of titles and forms of commendation, from the lowest to the highest."""

from typing import Any

from awards.models import Award
from core.models import LegalDocument
from core.reference import Change, Record, ReferenceError, records, upsert

STEP = 10
REQUIRED = ("code", "name", "kind", "recipient", "level", "decided_by")


def awards_of(data: Any) -> list[Record]:
    """The records of the file; a code stands once."""
    found = records(data, "awards", required=REQUIRED)
    seen: set[str] = set()
    for item in found:
        if item["code"] in seen:
            raise ReferenceError.at(item, f"mã “{item['code']}” lặp lại.")
        seen.add(item["code"])
    return found


def load_awards(data: Any) -> list[Change]:
    """A later place in the file is a higher award."""
    return [_award(item, order * STEP) for order, item in enumerate(awards_of(data), start=1)]


def _award(item: Record, order: int) -> Change:
    basis = item.get("legal_basis") or {}
    values = {
        "name": item["name"],
        "kind": item["kind"],
        "recipient": item["recipient"],
        "level": item["level"],
        "decided_by": item["decided_by"],
        "legal_document": document_of(basis.get("document"), item) if basis.get("document") else None,
        "citation": basis.get("citation") or "",
        "is_confirmed": bool(item.get("confirmed")),
        "order": order,
    }
    _, change = upsert(Award, key={"code": item["code"]}, values=values, source=item)
    return change


def document_of(code: Any, item: Record) -> LegalDocument:
    """The legal document that an item names by code."""
    document = LegalDocument.objects.filter(code=code).first()
    if document is None:
        raise ReferenceError.at(item, f"văn bản “{code}” không có trong legal_documents.yaml.")
    return document
