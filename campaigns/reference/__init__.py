"""Loading reference data: legal documents, and campaigns with their calendars, classes and criteria."""

from pathlib import Path

from campaigns.reference.plan import load_plan
from core.models import LegalDocument
from core.reference import Change, ReferenceError, read, records, upsert

DOCUMENT_FIELDS = ("number", "title", "kind", "issuer", "signed_on", "effective_from", "effective_to")


def load(folder: Path) -> list[Change]:
    """Every campaign file of the folder; inside the caller's transaction."""
    return [change for path in sorted(folder.glob("*.yaml")) for change in load_plan(path)]


def load_legal_documents(path: Path) -> list[Change]:
    """The laws, decrees and plans that the other files cite by code."""
    changes, seen = [], set()
    for item in records(read(path), "documents", required=("code", "number", "title", "kind", "issuer")):
        if item["code"] in seen:
            raise ReferenceError.at(item, f"mã “{item['code']}” lặp lại.")
        seen.add(item["code"])
        if item["kind"] not in LegalDocument.Kind.values:
            raise ReferenceError.at(item, f"không có loại văn bản “{item['kind']}”.")
        values = {name: item.get(name) for name in DOCUMENT_FIELDS}
        values |= {"note": item.get("note") or "", "is_confirmed": bool(item.get("confirmed"))}
        _, change = upsert(LegalDocument, key={"code": item["code"]}, values=values, source=item)
        changes.append(change)
    return changes


__all__ = ["load", "load_legal_documents", "load_plan"]
