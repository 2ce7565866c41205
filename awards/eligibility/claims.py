"""What a rule file says without having been read in the source, for the Office to confirm. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from awards.eligibility.figures import shown
from awards.eligibility.provisions import RuleFile

BONUS = "bonus"


@dataclass(frozen=True)
class Claim:
    """One rule that its file marks to be confirmed, for all awards that it is written for.

    ``mark`` names the rule by what it says: another wording or figure is another rule, to be confirmed anew.
    """

    document: str
    mark: str
    text: str
    citation: str
    awards: tuple[str, ...]


def mark(item: Mapping[str, Any]) -> str:
    """The same for the same rule wherever it is written, and whether it is confirmed or not."""
    said = json.dumps(_said(item), sort_keys=True, ensure_ascii=False, default=str)
    return sha256(said.encode()).hexdigest()


def claims(file: RuleFile) -> list[Claim]:
    """The rules of a document that are to be confirmed, in its order; a rule of several awards once."""
    found: dict[str, tuple[str, Mapping[str, Any], list[str]]] = {}
    for section, award, item in _unread(file.content):
        awards = found.setdefault(mark(item), (section, item, []))[2]
        if award and award not in awards:
            awards.append(award)
    return [
        Claim(
            document=item.get("document", file.document),
            mark=key,
            text=_told(section, item),
            citation=item.get("citation", ""),
            awards=tuple(awards),
        )
        for key, (section, item, awards) in found.items()
    ]


def _said(found: Any) -> Any:
    """Without what only says whether it was confirmed, itself or a part of it."""
    if isinstance(found, Mapping):
        return {key: _said(value) for key, value in found.items() if key != "confirmed"}
    return [_said(one) for one in found] if isinstance(found, list | tuple) else found


def _unread(content: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for section, items in content.items():
        if isinstance(items, list):
            for item in items:
                award = item.get("award") or item.get("code", "")
                yield from ((section, award, one) for one in _unconfirmed(item))


def _unconfirmed(found: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(found, Mapping):
        if found.get("confirmed") is False:
            yield found
        for value in found.values():
            yield from _unconfirmed(value)
    elif isinstance(found, list | tuple):
        for one in found:
            yield from _unconfirmed(one)


def _told(section: str, item: Mapping[str, Any]) -> str:
    if section == BONUS:
        return f"Tiền thưởng {shown('number', item['coefficient'], {})} lần mức lương cơ sở"
    if isinstance(item.get("percent"), str):
        return f"Tỷ lệ không quá {shown('percent', item['percent'], {})}"
    return str(item.get("wording") or item.get("citation", ""))
