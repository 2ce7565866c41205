"""What the acts on decisions share."""

from collections.abc import Iterable, Mapping
from typing import Any

import rules

from awards.models import Decision
from awards.workflow import DECISION
from core.workflow import Refused

PREPARE = "awards.prepare_decision"
HEAD = ("title", "basis", "issuer", "signer_title", "signer_name")
OF_LETTER = ("letter_number", "letter_date")
OF_PAPER = ("number", "signed_on", *HEAD[2:])


def demand(by: Any) -> None:
    if not rules.has_perm(PREPARE, by):
        raise Refused("Chỉ Văn phòng Sở lập quyết định khen thưởng.")


def move(decision: Decision, verb: str, *, by: Any, comment: str, version: int | None) -> None:
    DECISION.advance(decision, verb, by=by, comment=comment, version=version)
    decision.version += 1
    decision.save(update_fields=["version"])


def write(decision: Decision, values: Mapping[str, Any], names: Iterable[str], lacking: str) -> None:
    for name in names:
        setattr(decision, name, values.get(name) or getattr(decision, name))
    if not all(getattr(decision, name) for name in tuple(names)[:2]):
        raise Refused(lacking)
    if "number" in names and not decision.issuer:
        raise Refused(lacking)
    decision.save(update_fields=list(names))
