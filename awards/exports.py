"""The award list as an Excel sheet: an office paper with print set-up, text as text, scores as numbers."""

from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from awards import calculations, queries
from awards.calculations import AwardRow
from awards.models import AwardList, Honour
from awards.queries.bonus import BonusList, bonus_paper
from awards.queries.extracts import extract_of
from core.attachments import OFFICE, PLAIN
from core.papers import Writer, excel, pdf, word
from core.sheets import TextSheet, file_name, file_response

# (heading, heading below it, width in characters)
COLUMNS = [
    ("STT", "", 5),
    ("Họ và tên (tên tập thể)", "", 26),
    ("Chức vụ", "", 17),
    ("Đơn vị", "", 24),
    ("Thành tích/điểm", "Điểm", 9),
    ("", "Xếp loại", 11),
    ("Hình thức khen thưởng", "", 25),
    ("Ghi chú", "", 19),
]
LAST = len(COLUMNS) - 1
LEFT = (0, 2)  # columns of the agency block
RIGHT = (3, LAST)  # columns of the national header
SIGNER = (5, LAST)
LINE_HEIGHT = 17.5


class Sheet:
    """One worksheet written from top to bottom; ``row`` is the next free row."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.sheet = book.add_worksheet("Danh sách", TextSheet)
        self.row = 0

    def style(self, **facts: Any) -> Any:
        return self.book.add_format(
            {"font_name": "Times New Roman", "font_size": 13, "valign": "vcenter", **facts}
        )

    def across(self, columns: tuple[int, int], text: str, style: Any, row: int | None = None) -> None:
        """A text over several columns; written as a string, so that nothing becomes a formula."""
        row = self.row if row is None else row
        self.sheet.merge_range(row, columns[0], row, columns[1], "", style)
        self.sheet.write_string(row, columns[0], text, style)

    def rule(self, columns: tuple[int, int], length: int) -> None:
        """A thin line of so many pixels, centred over the columns."""
        room = sum(width * 7 + 5 for _, _, width in COLUMNS[columns[0] : columns[1] + 1])
        place = {"x_offset": (room - length) // 2, "y_offset": 2, "width": length, "height": 1}
        self.sheet.insert_textbox(
            self.row, columns[0], "", {**place, "line": {"color": "black", "width": 0.25}}
        )

    def down(self, height: float = LINE_HEIGHT) -> None:
        self.sheet.set_row(self.row, height)
        self.row += 1


def award_list_sheet(award_list: AwardList) -> bytes:
    paper = queries.paper(award_list)
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = Sheet(book)
        for index, (_, _, width) in enumerate(COLUMNS):
            sheet.sheet.set_column(index, index, width)
        _head(sheet, paper)
        _table(sheet, paper)
        _foot(sheet, paper)
    return target.getvalue()


def _head(sheet: Sheet, paper: queries.Paper) -> None:
    upper = sheet.style(font_size=12, align="center", text_wrap=True)
    bold_upper = sheet.style(font_size=12, align="center", bold=True, text_wrap=True)
    motto = sheet.style(bold=True, align="center")
    plain = sheet.style(align="center")
    italic = sheet.style(align="center", italic=True)
    title = sheet.style(font_size=14, align="center", bold=True, text_wrap=True)

    sheet.across(LEFT, paper.parent_agency, upper)
    sheet.across(RIGHT, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold_upper)
    sheet.down(_height(paper.parent_agency, 44))
    sheet.across(LEFT, paper.agency, bold_upper)
    sheet.across(RIGHT, "Độc lập - Tự do - Hạnh phúc", motto)
    sheet.down(_height(paper.agency, 40))
    sheet.rule(LEFT, 55)
    sheet.rule(RIGHT, 215)
    sheet.down(8)
    sheet.across(LEFT, paper.number, plain)
    sheet.across(RIGHT, paper.dated, italic)
    sheet.down()
    if paper.is_draft:
        sheet.across(LEFT, "DỰ THẢO", motto)
        sheet.down()
    sheet.down(8)
    for text, style in [(paper.title, title), (paper.subtitle, title), (paper.attached_to, italic)]:
        sheet.across((0, LAST), text, style)
        sheet.down(_height(text, 105))
    sheet.down(8)


def _table(sheet: Sheet, paper: queries.Paper) -> None:
    head = sheet.style(font_size=12, bold=True, align="center", text_wrap=True, border=1)
    first = sheet.row
    for index, (above, below, _) in enumerate(COLUMNS):
        if above and not below:
            sheet.sheet.merge_range(first, index, first + 1, index, above, head)
        else:
            sheet.sheet.write_string(first + 1, index, below, head)
    sheet.across((4, 5), COLUMNS[4][0], head)
    sheet.down()
    sheet.down()
    sheet.sheet.repeat_rows(first, first + 1)
    sheet.sheet.freeze_panes(sheet.row, 0)
    section_style = sheet.style(bold=True, border=1, indent=1)
    styles = {
        "text": sheet.style(border=1, text_wrap=True, indent=1),
        "middle": sheet.style(border=1, text_wrap=True, align="center"),
        "score": sheet.style(border=1, align="center", num_format="#,##0.00"),
    }
    for section in paper.sections:
        sheet.across((0, LAST), f"{section.title} ({section.count})", section_style)
        sheet.down()
        for row in section.rows:
            _line(sheet, row, styles)
    _print_setup(sheet)


def _line(sheet: Sheet, row: AwardRow, styles: dict[str, Any]) -> None:
    """One person or collective. The height is set, because not every program fits rows by itself."""
    write, line = sheet.sheet, sheet.row
    write.write_number(line, 0, row.number, styles["middle"])
    write.write_string(line, 1, row.name, styles["text"])
    write.write_string(line, 2, row.post, styles["text"])
    write.write_string(line, 3, row.unit, styles["text"])
    if row.score is None:
        write.write_blank(line, 4, None, styles["score"])
    else:
        write.write_number(line, 4, float(row.score), styles["score"])
    write.write_string(line, 5, row.band, styles["middle"])
    write.write_string(line, 6, row.award, styles["text"])
    write.write_string(line, 7, row.note, styles["text"])
    sheet.down(
        max(_height(text, width - 1) for text, (_, _, width) in zip(row.cells, COLUMNS, strict=True)) + 3
    )


def _foot(sheet: Sheet, paper: queries.Paper) -> None:
    sheet.down(8)
    sheet.across((0, LAST), paper.total, sheet.style(bold=True))
    sheet.down()
    for part in paper.per_award:
        sheet.across((0, LAST), f"- {part.name}: {part.text}.", sheet.style(indent=1))
        sheet.down()
    sheet.down(10)
    first = sheet.row
    titles, copies = paper.signer_title.split("\n"), ["Nơi nhận:", *paper.copies_to]
    room_to_sign = 4
    for step in range(max(len(titles) + room_to_sign + 1, len(copies))):
        if step < len(copies):
            facts = {"font_size": 11} if step else {"font_size": 12, "bold": True, "italic": True}
            sheet.across(LEFT, copies[step], sheet.style(**facts))
        signer = titles[step] if step < len(titles) else ""
        if sheet.row == first + len(titles) + room_to_sign:
            signer = paper.signer_name
        if signer:
            sheet.across(SIGNER, signer, sheet.style(bold=True, align="center", text_wrap=True))
        sheet.down()


def _print_setup(sheet: Sheet) -> None:
    """A4 landscape with the margins of Decree 30/2020, the width on one page, pages numbered."""
    page = sheet.sheet
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=1.18, right=0.59, top=0.79, bottom=0.79)
    page.center_horizontally()
    page.set_footer('&C&"Times New Roman,Regular"&12&P')


def _height(text: str, characters: int) -> float:
    """Merged cells do not grow by themselves: as many lines as the text needs."""
    return LINE_HEIGHT * calculations.lines_of(text, characters)


# --- the list of bonus money ------------------------------------------------------------------------------
BONUS_WRITERS: dict[str, Writer] = {"docx": word.write, "pdf": pdf.write, "xlsx": excel.write}
BONUS_MIMES = {"docx": OFFICE["docx"][0], "pdf": PLAIN["pdf"], "xlsx": OFFICE["xlsx"][0]}


def extract_file(honour: Honour) -> HttpResponse:
    """The line of the register as a PDF."""
    name = file_name(f"Xác nhận khen thưởng {honour.name_then} {honour.year}", "pdf")
    return file_response(pdf.write(extract_of(honour)), name, PLAIN["pdf"])


def bonus_file(one: BonusList, extension: str) -> HttpResponse:
    """The list for the cashier as Word, PDF or Excel."""
    content = BONUS_WRITERS[extension](bonus_paper(one))
    name = file_name(f"Danh sách chi tiền thưởng {one.decision.number}", extension)
    return file_response(content, name, BONUS_MIMES[extension])
