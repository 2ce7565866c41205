"""Make templates/documents/awards/award_list.docx, the Word template of the award list (Decree 30/2020/NĐ-CP).

The .docx is what counts: a clerk may edit it in Word, as long as the {{ … }} and {% … %} marks stay. Running this
again makes the original layout anew.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

TARGET = Path(__file__).resolve().parent.parent / "templates" / "documents" / "awards" / "award_list.docx"
FONT = "Times New Roman"
LEFT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
COLUMNS = [  # heading, heading below it, mark, centred, width in cm
    ("STT", "", "{{ row.number }}", True, 1.2),
    ("Họ và tên\n(tên tập thể)", "", "{{ row.name }}", False, 4.8),
    ("Chức vụ", "", "{{ row.post }}", False, 3.2),
    ("Đơn vị", "", "{{ row.unit }}", False, 4.3),
    ("Thành tích/điểm", "Điểm", "{{ row.score_text }}", True, 1.8),
    ("", "Xếp loại", "{{ row.band }}", True, 2.2),
    ("Hình thức\nkhen thưởng", "", "{{ row.award }}", False, 4.2),
    ("Ghi chú", "", "{{ row.note }}", False, 3.5),
]


def main() -> None:
    document = Document()
    page(document)
    head(document)
    say(document.add_paragraph(), "{{ paper.title }}", size=14, bold=True, before=10)
    say(document.add_paragraph(), "{{ paper.subtitle }}", size=14, bold=True)
    say(document.add_paragraph(), "{{ paper.attached_to }}", italic=True, after=8)
    table(document)
    sums(document)
    foot(document)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(TARGET))


def page(document: Any) -> None:
    """A4 landscape; the page number stands centred in the top margin, from the second page on."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    section.header_distance = Cm(1)
    section.different_first_page_header_footer = True
    paragraph = say(section.header.paragraphs[0], "")
    for kind, text in [("begin", ""), ("", "PAGE"), ("end", "")]:
        run = paragraph.add_run()
        letter(run, 13)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def head(document: Any) -> None:
    """Agency and number on the left; Quốc hiệu, Tiêu ngữ, place and date on the right."""
    left, right = bare_table(document, [10.2, 15.0])
    say(left.paragraphs[0], "{{ paper.parent_agency }}", size=12)
    say(left.add_paragraph(), "{{ paper.agency }}", size=12, bold=True)
    rule(left.add_paragraph(), 10.2, 1.5)
    say(left.add_paragraph(), "{{ paper.number }}", before=4)
    for text in ("{%p if paper.is_draft %}", "DỰ THẢO", "{%p endif %}"):
        say(left.add_paragraph(), text, bold=True)
    say(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    say(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    rule(right.add_paragraph(), 15.0, 6.1)
    say(right.add_paragraph(), "{{ paper.dated }}", italic=True, before=4)


def table(document: Any) -> None:
    made = document.add_table(rows=0, cols=len(COLUMNS))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    above, below = row_of(made), row_of(made)
    for index, (title, subtitle, _, _, _) in enumerate(COLUMNS):
        if title and not subtitle:
            cell = above.cells[index].merge(below.cells[index])
            heading(cell, title)
        elif subtitle:
            heading(below.cells[index], subtitle)
    heading(above.cells[4].merge(above.cells[5]), COLUMNS[4][0])
    for header in (above, below):
        mark(header._tr.get_or_add_trPr(), "w:tblHeader")
    tag_row(made, "{%tr for section in paper.sections %}")
    section_row = row_of(made)
    whole = section_row.cells[0].merge(section_row.cells[-1])
    say(
        whole.paragraphs[0],
        "{{ section.title }} ({{ section.count }})",
        bold=True,
        align=LEFT,
        before=2,
        after=2,
    )
    whole.paragraphs[0].paragraph_format.keep_with_next = True
    tag_row(made, "{%tr for row in section.rows %}")
    line = row_of(made)
    for cell, (_, _, text, centred, _) in zip(line.cells, COLUMNS, strict=True):
        say(cell.paragraphs[0], text, align=CENTRE if centred else LEFT, before=2, after=2)
        cell.vertical_alignment = 1
    tag_row(made, "{%tr endfor %}")
    tag_row(made, "{%tr endfor %}")


def sums(document: Any) -> None:
    def line(text: str, **facts: Any) -> None:
        paragraph = say(document.add_paragraph(), text, align=LEFT, **facts)
        paragraph.paragraph_format.keep_with_next = True

    line("{{ paper.total }}", bold=True, before=8)
    line("{%p for part in paper.per_award %}")
    line("- {{ part.name }}: {{ part.text }}.")
    line("{%p endfor %}")


def foot(document: Any) -> None:
    """Who gets copies on the left, the signer on the right; kept with the sums on one page."""
    say(document.add_paragraph(), "", size=4).paragraph_format.keep_with_next = True
    left, right = bare_table(document, [12.6, 12.6])
    say(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True, align=LEFT)
    for text in ("{%p for copy in paper.copies_to %}", "{{ copy }}", "{%p endfor %}"):
        say(left.add_paragraph(), text, size=11, align=LEFT)
    say(right.paragraphs[0], "{{ paper.signer_title }}", bold=True)
    for _ in range(4):
        say(right.add_paragraph(), "")
    say(right.add_paragraph(), "{{ paper.signer_name }}", bold=True)


def say(
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
    if text:
        run = paragraph.add_run(text)
        run.bold, run.italic = bold, italic
        letter(run, size)
    return paragraph


def letter(run: Any, size: float) -> None:
    run.font.name, run.font.size = FONT, Pt(size)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:eastAsia", "w:cs", "w:hAnsi"):
        fonts.set(qn(name), FONT)


def rule(paragraph: Any, available: float, length: float) -> None:
    """A thin line, centred, of the given length: the top border of a very low paragraph."""
    say(paragraph, "")
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Cm((available - 0.38 - length) / 2)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for name, value in {"val": "single", "sz": "6", "space": "1", "color": "000000"}.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def bare_table(document: Any, widths: list[float]) -> tuple[Any, Any]:
    """A row of two cells without borders."""
    made = document.add_table(rows=1, cols=2)
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    for column, cell, width in zip(made.columns, made.rows[0].cells, widths, strict=True):
        column.width = cell.width = Cm(width)
    mark(made.rows[0]._tr.get_or_add_trPr(), "w:cantSplit")
    return made.rows[0].cells


def row_of(made: Any) -> Any:
    row = made.add_row()
    for cell, column in zip(row.cells, COLUMNS, strict=True):
        cell.width = Cm(column[4])
    for column, facts in zip(made.columns, COLUMNS, strict=True):
        column.width = Cm(facts[4])
    mark(row._tr.get_or_add_trPr(), "w:cantSplit")
    return row


def tag_row(made: Any, text: str) -> None:
    say(row_of(made).cells[0].paragraphs[0], text, size=8, align=LEFT)


def heading(cell: Any, text: str) -> None:
    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    say(cell.paragraphs[0], text, size=12, bold=True, before=2, after=2)
    cell.paragraphs[0].paragraph_format.keep_with_next = True
    cell.vertical_alignment = 1


def mark(properties: Any, name: str) -> None:
    properties.append(OxmlElement(name))


if __name__ == "__main__":
    main()
