"""What the three files of a paper say, as text."""

import base64
import re
import zlib
from io import BytesIO
from typing import Any

import docx
import openpyxl

# a change of font, a move to another place, letters
SHOWN = re.compile(rb"/(F\d+\+\d+) [\d.]+ Tf|( T\*| T[dm]\b)|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
SIMPLE = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def word_text(content: bytes) -> list[str]:
    paper = docx.Document(BytesIO(content))
    lines = [paragraph.text for paragraph in paper.paragraphs]
    for table in paper.tables:
        lines += [" | ".join(cell.text for cell in row.cells) for row in table.rows]
    return lines


def excel_rows(content: bytes) -> list[list[Any]]:
    sheet: Any = openpyxl.load_workbook(BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def pdf_pages(content: bytes) -> list[str]:
    """The words of every page; letters are read back through the maps of the embedded fonts."""
    objects = {
        int(number): body
        for number, body in re.findall(rb"(\d+) 0 obj\r?\n(.*?)\r?\nendobj", content, re.DOTALL)
    }
    maps = {name: number for body in objects.values() for name, number in _fonts(body)}
    letters = {name: _letters(objects, int(number)) for name, number in maps.items()}
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b", body)]
    found = []
    for page in pages:
        contents = re.search(rb"/Contents (\d+) 0 R", page)
        assert contents
        found.append(_words(_stream(objects[int(contents[1])]), letters))
    return found


def pdf_text(content: bytes) -> str:
    return " ".join(pdf_pages(content))


def _fonts(body: bytes) -> list[tuple[str, bytes]]:
    return [(name.decode(), number) for name, number in re.findall(rb"/(F\d+\+\d+) (\d+) 0 R", body)]


def _letters(objects: dict[int, bytes], number: int) -> dict[int, str]:
    mapped = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
    assert mapped
    text = _stream(objects[int(mapped[1])]).decode("latin-1")
    pairs = re.findall(r"<(\w\w)> <(\w{4})>", text)
    return {int(code, 16): chr(int(letter, 16)) for code, letter in pairs}


def _stream(body: bytes) -> bytes:
    head, _, data = body.partition(b"stream\n")
    length = re.search(rb"/Length (\d+)", head)
    assert length
    data = data[: int(length[1])]
    if b"/ASCII85Decode" in head:
        data = base64.a85decode(data.strip().removesuffix(b"~>"))
    return zlib.decompress(data) if b"/FlateDecode" in head else data


def _words(stream: bytes, letters: dict[str, dict[int, str]]) -> str:
    font, said = "", []
    for name, moved, shown in SHOWN.findall(stream):
        if name:
            font = name.decode()
        elif moved:
            said.append(" ")
        else:
            said.append("".join(letters.get(font, {}).get(code, "?") for code in _plain(shown)))
    return re.sub(r"\s+", " ", "".join(said))


def _plain(shown: bytes) -> bytes:
    def back(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8) & 255]) if code.isdigit() else SIMPLE.get(code, code)

    return ESCAPED.sub(back, shown)
