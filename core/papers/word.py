"""A paper as a Word document."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from core.papers import (
    BOTTOM_MARGIN,
    COUNTRY,
    LEFT_MARGIN,
    LONG,
    MOTTO,
    RIGHT_MARGIN,
    SHORT,
    TOP_MARGIN,
    Align,
    Kind,
    Paper,
    Table,
    kept_together,
)

FONT = "Times New Roman"
LEFT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
ALIGNED = {Align.LEFT: LEFT, Align.CENTRE: CENTRE, Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT}
CELL_SIZE = 11


def write(paper: Paper) -> bytes:
    document = Document()
    _page(document, paper)
    _head(document, paper)
    _say(document.add_paragraph(), paper.title, size=14, bold=True, before=10)
    _say(document.add_paragraph(), paper.subtitle, size=14, bold=True)
    if paper.note:
        _say(document.add_paragraph(), f"({paper.note})", italic=True)
    _say(document.add_paragraph(), "", size=4)
    for label, text in paper.facts:
        line = _say(document.add_paragraph(), f"{label}: ", align=LEFT, after=2)
        _letter(line.add_run(text), 13).bold = True
    for table in paper.tables:
        _table(document, paper, table)
    _signatures(document, paper)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _page(document: Any, paper: Paper) -> None:
    """The page number stands centred in the top margin, from the second page on."""
    section = document.sections[0]
    width, height = (LONG, SHORT) if paper.is_landscape else (SHORT, LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if paper.is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin, section.right_margin = Cm(LEFT_MARGIN), Cm(RIGHT_MARGIN)
    section.top_margin, section.bottom_margin = Cm(TOP_MARGIN), Cm(BOTTOM_MARGIN)
    section.header_distance = Cm(1)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    number = _say(section.header.paragraphs[0], "")
    for kind in ("begin", "", "end"):
        run = _letter(number.add_run(), 13)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = "PAGE"
        run._r.append(part)


def _head(document: Any, paper: Paper) -> None:
    widths = [paper.room * 0.42, paper.room * 0.58]
    left, right = _bare(document, widths)
    _say(left.paragraphs[0], paper.head.parent_agency, size=12)
    _say(left.add_paragraph(), paper.head.agency, size=12, bold=True)
    _rule(left.add_paragraph(), widths[0], 1.5)
    _say(left.add_paragraph(), paper.head.number, before=4)
    _say(right.paragraphs[0], COUNTRY, size=12, bold=True)
    _say(right.add_paragraph(), MOTTO, bold=True)
    _rule(right.add_paragraph(), widths[1], 6.1)
    _say(right.add_paragraph(), paper.head.dated, italic=True, before=4)


def _table(document: Any, paper: Paper, table: Table) -> None:
    caption = _say(document.add_paragraph(), table.caption, align=LEFT, bold=True, before=8, after=4)
    caption.paragraph_format.keep_with_next = True
    made = document.add_table(rows=len(table.rows) + 1, cols=len(table.columns))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Cm(width) for width in table.widths(paper.room)]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    # python-docx finds the cells of a row by counting from the table's beginning: ask each row once
    first, *rest = made.rows
    _mark(first, "w:tblHeader")
    for cell, column, width in zip(first.cells, table.columns, widths, strict=True):
        cell.width, cell.vertical_alignment = width, 1
        _say(cell.paragraphs[0], column.label, size=CELL_SIZE, bold=True, before=2, after=2)
    is_end = table is paper.tables[-1] and table.is_short  # stays with the signatures
    together = set(range(len(table.rows)) if is_end else kept_together(table.rows))
    for place, (made_row, row, texts) in enumerate(zip(rest, table.rows, table.texts, strict=True)):
        if len("".join(texts)) < 900:
            _mark(made_row, "w:cantSplit")
        for cell, column, width, text in zip(made_row.cells, table.columns, widths, texts, strict=True):
            cell.width = width
            said = _say(
                cell.paragraphs[0],
                text,
                size=CELL_SIZE,
                bold=row.kind in (Kind.HEADING, Kind.TOTAL),
                italic=row.kind == Kind.ASIDE,
                align=ALIGNED[column.align],
                before=1,
                after=1,
            )
            said.paragraph_format.keep_with_next = place in together


def _signatures(document: Any, paper: Paper) -> None:
    _say(document.add_paragraph(), "", size=8).paragraph_format.keep_with_next = True
    cells = _bare(document, [paper.room / len(paper.signatures)] * len(paper.signatures))
    for cell, signature in zip(cells, paper.signatures, strict=True):
        _say(cell.paragraphs[0], signature.title, bold=True, size=12)
        _say(cell.add_paragraph(), signature.how, italic=True, size=12)
        for _ in range(3):
            _say(cell.add_paragraph(), "")
        _say(cell.add_paragraph(), signature.name, bold=True)


def _say(
    paragraph: Any,
    text: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: Any = CENTRE,
    before: float = 0,
    after: float = 0,
) -> Any:
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    run = _letter(paragraph.add_run(text), size)
    run.bold, run.italic = bold or None, italic or None
    return paragraph


def _letter(run: Any, size: float) -> Any:
    if size != 13:
        run.font.size = Pt(size)
    return run


def _rule(paragraph: Any, available: float, length: float) -> None:
    """A thin line, centred: the top border of a very low paragraph."""
    _say(paragraph, "")
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Cm((available - 0.38 - length) / 2)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in {"val": "single", "sz": "6", "space": "1", "color": "000000"}.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _bare(document: Any, widths: list[float]) -> Any:
    """A row of cells without borders, on one page."""
    made = document.add_table(rows=1, cols=len(widths))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    cells = made.rows[0].cells
    for column, cell, width in zip(made.columns, cells, widths, strict=True):
        column.width = cell.width = Cm(width)
    _mark(made.rows[0], "w:cantSplit")
    return cells


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
