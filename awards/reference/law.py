"""The law as rows: a text that changed is another row, and the old one stays for whatever was judged by it."""

import hashlib
import json

from awards.eligibility.provisions import RuleFile
from awards.eligibility.schemas import plain
from awards.eligibility.sources import RuleSource
from awards.models import RuleDocument
from core import clock
from core.models import LegalDocument
from core.reference import Change


def load_rules(source: RuleSource) -> list[Change]:
    """One current row for each file; rows whose file is gone are current no more."""
    current = {row.legal_document.code: row for row in RuleDocument.objects.current()}
    changes = [_document(file, current.pop(file.document, None)) for file in source.files]
    for code, row in current.items():
        _supersede(row)
        changes.append(Change("changed", f"quy định khen thưởng {code} (thôi áp dụng)"))
    return changes


def _document(file: RuleFile, present: RuleDocument | None) -> Change:
    what = f"quy định khen thưởng {file.document}"
    content = plain(file.content)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    values = {
        "effective_from": file.effective_from,
        "effective_to": file.effective_to,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
    }
    if present and all(getattr(present, name) == value for name, value in values.items()):
        return Change("unchanged", what)
    if present:
        _supersede(present)
    RuleDocument.objects.create(
        legal_document=LegalDocument.objects.get(code=file.document), content=content, **values
    )
    return Change("changed" if present else "added", what)


def _supersede(row: RuleDocument) -> None:
    row.superseded_at = clock.now()
    row.save(update_fields=["superseded_at"])
