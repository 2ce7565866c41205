"""A paper as a PDF, with the font in it: it looks the same everywhere and needs nothing installed."""

from functools import cache
from html import escape
from io import BytesIO
from typing import Any

from django.conf import settings
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, KeepTogether, PageTemplate, Paragraph, Spacer
from reportlab.platypus import Table as Grid
from reportlab.platypus.flowables import HRFlowable

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

REGULAR, BOLD, ITALIC = "Tinos", "Tinos-Bold", "Tinos-Italic"
FILES = {REGULAR: "regular", BOLD: "bold", ITALIC: "italic"}
ALIGNED = {Align.LEFT: TA_LEFT, Align.CENTRE: TA_CENTER, Align.RIGHT: TA_RIGHT}
FONT_OF = {Kind.HEADING: BOLD, Kind.TOTAL: BOLD, Kind.ASIDE: ITALIC, Kind.LINE: REGULAR}
CELL_SIZE = 10.5
PLAIN = [("FONTNAME", (0, 0), (-1, -1), REGULAR), ("VALIGN", (0, 0), (-1, -1), "TOP")]


def write(paper: Paper) -> bytes:
    _fonts()
    target = BytesIO()
    width, height = (LONG, SHORT) if paper.is_landscape else (SHORT, LONG)
    document = BaseDocTemplate(
        target,
        pagesize=(width * cm, height * cm),
        title=f"{paper.title} {paper.subtitle}",
        author=paper.head.agency,
        lang="vi",
        initialFontName=REGULAR,  # otherwise a font that is not in the file
    )
    frame = Frame(
        LEFT_MARGIN * cm,
        BOTTOM_MARGIN * cm,
        paper.room * cm,
        (height - TOP_MARGIN - BOTTOM_MARGIN) * cm,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=_number))
    document.build(_story(paper))
    return target.getvalue()


@cache
def _fonts() -> None:
    for name, file in FILES.items():
        path = settings.BASE_DIR / "templates" / "documents" / "fonts" / f"{file}.ttf"
        pdfmetrics.registerFont(TTFont(name, str(path)))


def _number(canvas: Any, document: Any) -> None:
    """The page number centred in the top margin, from the second page on."""
    if document.page > 1:
        width, height = document.pagesize
        canvas.setFont(REGULAR, 13)
        centre = LEFT_MARGIN * cm + (width - (LEFT_MARGIN + RIGHT_MARGIN) * cm) / 2
        canvas.drawCentredString(centre, height - 1.4 * cm, str(document.page))


def _story(paper: Paper) -> list[Any]:
    story = [
        _head(paper),
        Spacer(0, 12),
        _say(paper.title, size=14, bold=True),
        _say(paper.subtitle, size=14, bold=True),
    ]
    if paper.note:
        story.append(_say(f"({paper.note})", italic=True))
    story.append(Spacer(0, 6))
    story += [
        Paragraph(f'{escape(label)}: <font name="{BOLD}">{_marked(text)}</font>', _style(align=TA_LEFT))
        for label, text in paper.facts
    ]
    *before, last = [_table(paper, table) for table in paper.tables]
    for flowables in before:
        story += flowables
    end = [*(last if paper.tables[-1].is_short else []), Spacer(0, 14), _signatures(paper)]
    return [*story, *([] if paper.tables[-1].is_short else last), KeepTogether(end)]


def _head(paper: Paper) -> Grid:
    head = paper.head
    left = [
        _say(head.parent_agency, size=12),
        _say(head.agency, size=12, bold=True),
        HRFlowable(width=1.5 * cm, thickness=0.6, color=black, spaceBefore=2, spaceAfter=4),
        _say(head.number),
    ]
    right = [
        _say(COUNTRY, size=12, bold=True),
        _say(MOTTO, bold=True),
        HRFlowable(width=6.1 * cm, thickness=0.6, color=black, spaceBefore=2, spaceAfter=4),
        _say(head.dated, italic=True),
    ]
    return Grid(
        [[left, right]],
        colWidths=[paper.room * 0.42 * cm, paper.room * 0.58 * cm],
        style=[
            *PLAIN,
            ("ALIGN", (0, 0), (-1, -1), "CENTER"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ],
    )


def _table(paper: Paper, table: Table) -> list[Any]:
    cells: list[list[Any]] = [
        [_say(column.label, size=CELL_SIZE, bold=True) for column in table.columns],
        *(
            [
                Paragraph(
                    _marked(text),
                    _style(size=CELL_SIZE, font=FONT_OF[row.kind], align=ALIGNED[column.align]),
                )
                for column, text in zip(table.columns, texts, strict=True)
            ]
            for row, texts in zip(table.rows, table.texts, strict=True)
        ),
    ]
    style: list[Any] = [
        *PLAIN,
        ("GRID", (0, 0), (-1, -1), 0.5, black),
        ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        *(("NOSPLIT", (0, place + 1), (-1, place + 2)) for place in kept_together(table.rows)),
    ]
    grid = Grid(
        cells,
        colWidths=[width * cm for width in table.widths(paper.room)],
        repeatRows=1,
        splitInRow=1,  # a row of long opinions may be higher than a page
        style=style,
    )
    caption = _say(table.caption, bold=True, align=TA_LEFT) if table.caption else Spacer(0, 0)
    caption.keepWithNext = True
    return [Spacer(0, 8), caption, Spacer(0, 3), grid]


def _signatures(paper: Paper) -> Grid:
    cells = [
        [
            _say(one.title, size=12, bold=True),
            _say(one.how, size=12, italic=True),
            Spacer(0, 48),
            _say(one.name, bold=True),
        ]
        for one in paper.signatures
    ]
    return Grid(
        [cells],
        colWidths=[paper.room / len(cells) * cm] * len(cells),
        style=PLAIN,
    )


def _say(
    text: str, *, size: float = 13, bold: bool = False, italic: bool = False, align: int = TA_CENTER
) -> Paragraph:
    font = BOLD if bold else ITALIC if italic else REGULAR
    return Paragraph(_marked(text), _style(size=size, font=font, align=align))


@cache
def _style(*, size: float = 13, font: str = REGULAR, align: int = TA_CENTER) -> ParagraphStyle:
    return ParagraphStyle("", fontName=font, fontSize=size, leading=size * 1.2, alignment=align)


def _marked(text: str) -> str:
    """The text as the library's markup: nothing in it is markup."""
    return escape(text).replace("\n", "<br/>")
