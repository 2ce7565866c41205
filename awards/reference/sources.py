"""Reads the law of all days from the files, and checks it before anybody relies on it. Writes nothing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from awards.eligibility.provisions import RuleError, RuleFile
from awards.eligibility.rulebook import check
from awards.eligibility.schemas import as_day, problems
from awards.eligibility.sources import Figure, RuleSource
from awards.reference.catalogue import awards_of
from awards.reference.figures import settings_of
from core.models import LegalDocument
from core.reference import ReferenceError, read, records

SCHEMA = settings.BASE_DIR / "reference" / "schemas" / "rulebook.schema.json"
ELSE_COUNTED = ("members", "qualified")  # what a quota may count beside an award


@dataclass(frozen=True)
class Cited:
    """A legal document as far as rules need it."""

    title: str
    effective_from: date | None
    effective_to: date | None


def cited_in_database() -> dict[str, Cited]:
    return {
        one.code: Cited(str(one), one.effective_from, one.effective_to) for one in LegalDocument.objects.all()
    }


def cited_in_file(path: Path) -> dict[str, Cited]:
    kinds = dict(LegalDocument.Kind.choices)
    return {
        item["code"]: Cited(
            f"{kinds.get(item['kind'], item['kind'])} {item['number']}",
            item.get("effective_from"),
            item.get("effective_to"),
        )
        for item in records(read(path), "documents", required=("code", "kind", "number"))
    }


def source_of_files(reference: Path) -> RuleSource:
    """The law of all days straight from ``reference/``: no database is asked."""
    return read_source(reference / "awards", cited_in_file(reference / "legal_documents.yaml"))


def read_source(folder: Path, cited: Mapping[str, Cited]) -> RuleSource:
    """The files of the folder; ``ReferenceError`` names file and line of whatever is wrong."""
    catalogue = awards_of(read(folder / "catalogue.yaml"))
    province = settings_of(read(folder / "settings.yaml"))
    figures = [
        Figure(
            item["code"],
            value["from"],
            value["value"],
            bool(value.get("confirmed", item.get("confirmed"))),
        )
        for item in province
        for value in item["values"]
    ]
    names = {item["code"]: item["name"] for item in catalogue}
    files = [_file(read(path), cited) for path in sorted((folder / "rules").glob("*.yaml"))]
    _check_names(files, names, {one.code for one in figures}, cited)
    source = RuleSource(
        files=tuple(files),
        names=names,
        recipients={item["code"]: item["recipient"] for item in catalogue},
        titles={code: one.title for code, one in cited.items()},
        figures=tuple(figures),
        kinds={item["code"]: (item["kind"], tuple(item.get("choices") or ())) for item in province},
    )
    check_days(source)
    return source


def check_days(source: RuleSource) -> None:
    """Compose the rulebook of every day on which something changes: contradictions and circles come out."""
    for day in source.border_days():
        try:
            check(source.rulebook(day))
        except RuleError as error:
            raise ReferenceError.at(error.item, f"ngày {day:%d/%m/%Y}: {error}") from error


@cache
def _schema() -> Any:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def _file(data: Any, cited: Mapping[str, Cited]) -> RuleFile:
    found = problems(data, _schema())
    if found:
        raise ReferenceError("\n".join(map(str, found)))
    document = cited.get(data["document"])
    if document is None:
        raise ReferenceError.at(data, f"văn bản “{data['document']}” không có trong legal_documents.yaml.")
    begins = as_day(data["effective_from"]) if "effective_from" in data else document.effective_from
    if begins is None:
        raise ReferenceError.at(data, f"chưa biết ngày có hiệu lực của {document.title}; ghi effective_from.")
    ends = as_day(data["effective_to"]) if "effective_to" in data else document.effective_to
    if ends is not None and ends < begins:
        raise ReferenceError.at(data, "effective_to sớm hơn ngày có hiệu lực.")
    return RuleFile(data["document"], document.title, begins, ends, data)


def _check_names(
    files: list[RuleFile], awards: Mapping[str, str], figures: set[str], cited: Mapping[str, Cited]
) -> None:
    """Every award, setting and document that a rule names is there; one file a document, one place an award."""
    wrong = []
    seen: set[str] = set()
    for file in files:
        if file.document in seen:
            wrong.append((file.content, f"hai tệp cùng ghi văn bản “{file.document}”."))
        seen.add(file.document)
        codes = [item["code"] for item in file.content.get("awards", ())]
        wrong += [
            (item, f"“{item['code']}” ghi hai lần trong một tệp.")
            for place, item in enumerate(file.content.get("awards", ()))
            if item["code"] in codes[:place]
        ]
        for item, kind, code in _named(file.content):
            known: Mapping[str, Any] | set[str] = awards
            if kind == "setting":
                known = figures
            elif kind == "document":
                known = cited
            if code not in known and not (kind == "of" and code in ELSE_COUNTED):
                wrong.append((item, f"{WHAT[kind]} “{code}”."))
    if wrong:
        raise ReferenceError("\n".join(str(ReferenceError.at(item, sentence)) for item, sentence in wrong))


WHAT = {
    "award": "không có danh hiệu, hình thức",
    "of": "không có danh hiệu, hình thức",
    "setting": "settings.yaml không có quy định",
    "document": "legal_documents.yaml không có văn bản",
}


def _named(found: Any) -> Iterator[tuple[Any, str, str]]:
    """(where, kind of thing, code) of everything that rules name by code."""
    if isinstance(found, list):
        for one in found:
            yield from _named(one)
    if not isinstance(found, Mapping):
        return
    for key, value in found.items():
        if key in ("award", "code", "meets", "title") and isinstance(value, str):
            yield found, "award", value
        elif key == "awards" and value and isinstance(value[0], str):
            yield from ((found, "award", code) for code in value)
        elif key in ("setting", "document") or (key == "of" and isinstance(value, str) and "award" in found):
            yield found, key, value
        else:
            yield from _named(value)
