"""Cases for ``manage.py assess``: read, checked against the schema and the law, refused with file and line."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from awards.eligibility.facts import Candidate
from awards.eligibility.figures import EXPECTED, fits
from awards.eligibility.reading import candidate
from awards.eligibility.schemas import as_day, problems
from awards.eligibility.sources import RuleSource
from core.reference import ReferenceError, read

SCHEMA = settings.BASE_DIR / "reference" / "schemas" / "cases.schema.json"


@dataclass(frozen=True)
class Case:
    """Facts, the day whose rules hold, and what somebody expects."""

    name: str
    candidate: Candidate
    awards: tuple[str, ...]
    settings: Mapping[str, Any]
    expected: Mapping[str, Mapping[str, Any]]
    item: Any


def read_cases(path: Path, source: RuleSource) -> list[Case]:
    """All cases of the file; ``ReferenceError`` tells everything that is wrong, with lines."""
    data = read(path)
    found = problems(data, _schema())
    if found:
        raise ReferenceError("\n".join(map(str, found)))
    wrong = [str(ReferenceError.at(item, told)) for item in data["cases"] for told in _unknown(item, source)]
    if wrong:
        raise ReferenceError("\n".join(wrong))
    return [_case(item, source) for item in data["cases"]]


def _case(item: Any, source: RuleSource) -> Case:
    recipient, day = item["recipient"], as_day(item["date"])
    everything = [code for code, kind in source.recipients.items() if kind == recipient]
    return Case(
        name=item["name"],
        candidate=candidate(item["facts"], recipient=recipient, day=day, year=item.get("year", day.year)),
        awards=tuple(item.get("awards") or item.get("expect") or everything),
        settings=item.get("settings") or {},
        expected=item.get("expect") or {},
        item=item,
    )


def _unknown(item: Any, source: RuleSource) -> Iterator[str]:
    """Awards and settings that nobody knows, and awards that are not for this recipient."""
    for code in [*item.get("awards", ()), *item.get("expect", ())]:
        if code not in source.names:
            yield f"không có danh hiệu, hình thức “{code}”."
        elif source.recipients[code] != item["recipient"]:
            yield f"“{code}” không dành cho {item['recipient']}."
    if item.get("awards"):
        missing = [code for code in item.get("expect", ()) if code not in item["awards"]]
        yield from (f"“{code}” được mong đợi mà không được xét." for code in missing)
    held = item["facts"].get("titles", ())
    named = {one["award"] for one in held} | set(item["facts"].get("members", {}).get("titles", ()))
    yield from (f"không có danh hiệu, hình thức “{code}”." for code in sorted(named - set(source.names)))
    for code, value in item.get("settings", {}).items():
        if code not in source.kinds:
            yield f"không có quy định của tỉnh “{code}”."
        elif not fits(source.kinds[code][0], value, source.kinds[code][1]):
            yield f"“{code}” phải là {EXPECTED[source.kinds[code][0]]}."


@cache
def _schema() -> Any:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))
