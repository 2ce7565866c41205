"""Excel sheets as people who mean harm send them: refused on the page with a sentence, quickly and in little memory."""

import resource
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import StoredFile
from organization.models import ImportBatch, Person, User
from tests.organization.workbooks import PEOPLE, person, workbook
from tests.trust.corpus import bomb

SHEET = "xl/worksheets/sheet1.xml"
ROW = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
SECRET = "/etc/passwd"


def changed(part: str, content: bytes, *, more: dict[str, bytes] | None = None) -> bytes:
    """A good workbook with one part exchanged and others added."""
    target = BytesIO()
    with (
        zipfile.ZipFile(workbook([PEOPLE, person()])) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return target.getvalue()


def rows(count: int) -> bytes:
    return b"<worksheet><sheetData>" + ROW * count + b"</sheetData></worksheet>"


def entities(inside: str, *, after: str = "") -> bytes:
    return f'<?xml version="1.0"?>{after}<!DOCTYPE x [{inside}]><worksheet>&a;</worksheet>'.encode()


HARM: dict[str, tuple[str, Callable[[], bytes]]] = {
    "an external entity": (
        "danh-sach.xlsx",
        lambda: changed(SHEET, entities(f'<!ENTITY a SYSTEM "file://{SECRET}">')),
    ),
    "entities within entities": (
        "danh-sach.xlsx",
        lambda: changed(SHEET, entities('<!ENTITY b "ha"><!ENTITY a "&b;&b;&b;&b;">')),
    ),
    "entities far from the beginning": (
        "danh-sach.xlsx",
        lambda: changed(
            SHEET, entities(f'<!ENTITY a SYSTEM "file://{SECRET}">', after=f"<!--{'x' * 9000}-->")
        ),
    ),
    "entities in another alphabet": (
        "danh-sach.xlsx",
        lambda: changed(
            SHEET,
            entities('<!ENTITY a "ha">').decode().replace("?>", ' encoding="UTF-16"?>').encode("utf-16"),
        ),
    ),
    "a zip bomb": ("danh-sach.xlsx", lambda: changed(SHEET, b"0" * 220_000_000)),
    "a bomb of another kind": ("danh-sach.xlsx", lambda: bomb(210)),
    "a million rows": ("danh-sach.xlsx", lambda: changed(SHEET, rows(1_000_000))),
    "more rows than are taken": ("danh-sach.xlsx", lambda: changed(SHEET, rows(300_000))),
    "a macro": ("danh-sach.xlsx", lambda: changed("", b"", more={"xl/vbaProject.bin": b"\xd0\xcf"})),
    "a macro file": ("danh-sach.xlsm", lambda: changed("", b"")),
    "an old workbook": ("danh-sach.xls", lambda: b"\xd0\xcf\x11\xe0" + b"0" * 600),
    "half a workbook": ("danh-sach.xlsx", lambda: changed("", b"")[:700]),
}


@pytest.mark.parametrize("what", HARM)
def test_a_harmful_sheet_is_refused_quickly_with_a_sentence(
    what: str, office: User, client_of: Callable[[User], Client], files: Callable[[], list[Path]]
) -> None:
    name, make = HARM[what]
    client, content, people = client_of(office), make(), Person.objects.count()
    memory, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    answer: Any = client.post(
        reverse("organization:import_upload"), {"kind": "people", "file": SimpleUploadedFile(name, content)}
    )
    took = time.process_time() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    assert answer.status_code == 422
    [sentence, *_] = answer.context["form"].errors["file"]
    assert sentence.endswith((".", ")")), sentence
    assert "root:" not in answer.content.decode()
    assert took < 2, f"{took:.1f} s"
    assert grown < 300 * 1024, f"{grown // 1024} MB"
    assert not ImportBatch.objects.exists()
    assert not StoredFile.objects.exists()
    assert files() == []
    assert Person.objects.count() == people


def test_the_workbook_that_was_changed_is_a_good_one(
    office: User, client_of: Callable[[User], Client]
) -> None:
    file = SimpleUploadedFile("danh-sach.xlsx", changed("", b""))
    answer = client_of(office).post(reverse("organization:import_upload"), {"kind": "people", "file": file})
    assert answer.status_code == 302
