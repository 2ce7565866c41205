"""Reads uploaded workbooks safely: no bomb, no entity, no formula, no more cells than people fill."""

import re
import warnings
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import IO, Any

import openpyxl

from core.vietnamese import fold, normalize
from core.workflow import Refused

COLUMN_LIMIT = 60
# Rows looked at, empty ones included: a stray cell at the sheet's far end must not cost a minute.
SCAN_LIMIT = 20_000
UNPACKED_LIMIT = 20 * 1024 * 1024
TAG_LIMIT = 800_000  # twice what 5,000 full rows need; a parser takes about a second for them
DOCTYPE = re.compile(rb"<!doctype", re.IGNORECASE)


@contextmanager
def opened(
    source: IO[bytes], wanted: str, beside: Collection[str] = ()
) -> Iterator[tuple[Iterator[tuple[int, list[Any]]], list[str]]]:
    """The filled rows of the sheet named ``wanted``, or of the first one, and notes for the reader.

    ``beside`` are the sheets of our own templates that hold no data; that they are not read surprises nobody.
    Raises ``Refused`` when the file as a whole cannot be used, also when that shows only in the middle of it.
    """
    check_archive(source)
    with warnings.catch_warnings():
        # openpyxl warns of every feature it leaves out; none of them matters here.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(source, read_only=True, keep_links=False)
        except Exception as error:  # whatever a broken workbook makes the library raise
            raise Refused(
                "Không mở được tệp Excel. Hãy mở tệp bằng Excel, lưu lại dạng .xlsx rồi tải lên."
            ) from error
        try:
            sheet, notes = data_sheet(book, wanted, beside)
            yield filled_rows(sheet), notes
        except Refused:
            raise
        except Exception as error:  # as above: the sheet's own part is read only now
            raise Refused("Tệp Excel bị hỏng nên không đọc hết được. Hãy lưu lại tệp rồi tải lên.") from error
        finally:
            book.close()
            source.seek(0)


def check_archive(source: IO[bytes]) -> None:
    """Before any parser: no bomb, no document type declaration wherever it hides, no more cells than people fill."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
                raise Refused("Tệp Excel quá lớn sau khi giải nén. Hãy chép riêng phần dữ liệu sang tệp mẫu.")
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    text = archive.read(entry).replace(b"\0", b"")  # UTF-16 becomes readable here
                    if DOCTYPE.search(text):
                        raise Refused("Tệp Excel có khai báo không được phép (DOCTYPE) nên không được nhận.")
                    if text.count(b"<") > TAG_LIMIT:
                        raise Refused("Trang tính có quá nhiều ô. Hãy chép riêng phần dữ liệu sang tệp mẫu.")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused("Tệp này không phải tệp Excel .xlsx. Hãy dùng tệp mẫu của cổng.") from error
    finally:
        source.seek(0)


def data_sheet(book: Any, wanted: str, beside: Collection[str]) -> tuple[Any, list[str]]:
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Refused("Mọi trang tính trong tệp đều bị ẩn. Hãy bỏ ẩn trang có dữ liệu.")
    named = next((sheet for sheet in sheets if fold(sheet.title) == fold(wanted)), None)
    if named is not None and named not in visible:
        raise Refused(f"Trang tính “{wanted}” đang bị ẩn. Hãy bỏ ẩn rồi tải lên lại.")
    chosen = named or visible[0]
    expected = {fold(title) for title in beside}
    unread = [sheet for sheet in visible if sheet is not chosen and fold(sheet.title) not in expected]
    others = ", ".join(f"“{normalize(sheet.title)}”" for sheet in unread)
    which = "trang tính" if named else "trang tính đầu tiên:"
    note = f"Chỉ đọc {which} “{normalize(chosen.title)}”, không đọc {others}."
    return chosen, [note] if others else []


def filled_rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Filled rows with their numbers. The declared size of the sheet is not believed where it is small."""
    if (sheet.max_row or 0) > SCAN_LIMIT:
        raise Refused(
            f"Trang tính kéo dài đến dòng {sheet.max_row}. Hãy xóa các dòng thừa ở cuối hoặc dùng tệp mẫu."
        )
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_row=SCAN_LIMIT, max_col=COLUMN_LIMIT), start=1):
        row = list(cells)
        if any(not is_blank(cell.value) for cell in row):
            yield number, row


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not normalize(value))
