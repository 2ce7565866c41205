"""The result sheet of a unit or a person as a paper: what is printed, in which order."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from campaigns.methods import describe, evaluate
from campaigns.models import CampaignYear, Criterion
from core import clock
from core.papers import DOTS, Align, Cell, Column, Head, Kind, Paper, Row, Signature, Table
from core.vietnamese import format_decimal
from organization.models import Unit
from scoring.calculations import COLUMNS, Scored, index
from scoring.models import Line, LineEvidence, Scorecard
from scoring.queries.content import Content, Figures, content_of
from scoring.queries.sheets import FILLING
from scoring.queries.words import facts
from scoring.queries.years import previous

State = Scorecard.State
# In the order of the paper; a column stands there when somebody scored in it.
LABELS = {
    "self": "Tự chấm",
    "approved": "Thủ trưởng duyệt",
    "office": "Điều tra, tính chung",
    "appraised": "Thẩm định",
    "second": "Thẩm định lần 2",
    "final": "Hội đồng kết luận",
}
NOT_APPLICABLE = "Không áp dụng"


def result_paper(sheet: Scorecard) -> Paper:
    """The sheet needs its round with the campaign, unit and person (``sheet_visible_to``)."""
    content = content_of(sheet)
    campaign_year = sheet.campaign_year
    campaign = campaign_year.campaign
    before = previous(sheet)
    tables = [_scores(content, sheet.state), _fields(content)]
    if before:
        tables.append(_comparison(campaign_year, content, *before))
    return Paper(
        head=_head(),
        title=_title(sheet),
        subtitle=f"{campaign.name}, {campaign_year.when}",
        note=_note(content, sheet),
        facts=_facts(content, sheet),
        tables=tuple(table for table in tables if table.rows),
        signatures=_signatures(sheet),
    )


# --- what is printed ------------------------------------------------------------------------------------
def _head() -> Head:
    root = Unit.objects.filter(parent__isnull=True).order_by("pk").first()
    return Head(
        parent_agency=f"ỦY BAN NHÂN DÂN TỈNH {DOTS}",
        agency=(root.name if root else DOTS).upper(),
        number=f"Số: {DOTS}/{DOTS}",
        dated=f"{DOTS}, ngày …… tháng …… năm {clock.today().year}",
    )


def _title(sheet: Scorecard) -> str:
    whose = " CÁ NHÂN" if sheet.person_id else ""
    is_own = sheet.state in (*FILLING, State.SUBMITTED)
    return f"PHIẾU {'TỰ' if is_own else 'KẾT QUẢ'} ĐÁNH GIÁ, CHẤM ĐIỂM{whose}"


def _note(content: Content, sheet: Scorecard) -> str:
    if content.published:
        day = timezone.localdate(content.published.publication.published_at)
        return f"Kết quả công bố ngày {day:%d/%m/%Y}"
    if sheet.state in (*FILLING, State.SUBMITTED):
        return "Phiếu chưa được thủ trưởng duyệt"
    return "Kết quả tạm tính, chưa công bố"


def _facts(content: Content, sheet: Scorecard) -> tuple[tuple[str, str], ...]:
    figures, places = content.figures, content.places
    own = [("Họ và tên", content.name), ("Chức vụ", content.post)] if sheet.person_id else []
    score = format_decimal(figures.score, places)
    most = format_decimal(figures.applicable_max)
    pairs = [
        *own,
        ("Đơn vị", content.unit),
        ("Điểm đạt", f"{score}/{most} điểm tối đa áp dụng" if score else ""),
        ("Chỉ số", f"{format_decimal(figures.index, places)}%" if figures.index is not None else ""),
        ("Xếp hạng", figures.rank),
        ("Xếp loại", figures.band),
    ]
    return tuple((label, text) for label, text in pairs if text)


def _scores(content: Content, state: str) -> Table:
    shown = [name for name in LABELS if name == "self" or _is_used(content, name)]
    labels = dict(LABELS)
    if "second" in shown:
        labels["appraised"] = "Thẩm định lần 1"
    columns = (
        Column("Mã", 1.5, Align.CENTRE),
        Column("Nội dung", 6.0, grows=True),
        Column("Điểm tối đa", 1.5, Align.CENTRE),
        *(Column(labels[name], 1.65, Align.CENTRE) for name in shown),
        Column("Ý kiến", 4.6, grows=True),
    )
    sums, maxima = _sums(content, shown)
    rows = []
    for criterion in content.tree:
        line = content.lines.get(criterion.pk)
        if line:
            rows.append(_line(line, criterion, shown, asked=state not in (*FILLING, State.SUBMITTED)))
        else:
            summed: list[Cell] = [sums.get(name, {}).get(criterion.pk) for name in shown]
            most = maxima.get(criterion.pk) or None
            told = describe(criterion.method, criterion.params) or ("" if most else NOT_APPLICABLE)
            cells = (criterion.code, criterion.name, most, *summed, told)
            rows.append(Row(cells, Kind.HEADING, criterion.level))
    totals: list[Cell] = [sums.get(name, {}).get(0) for name in shown]
    rows.append(Row(("", "TỔNG ĐIỂM", content.figures.applicable_max, *totals, ""), Kind.TOTAL))
    return Table(columns, tuple(rows), "1. Điểm từng tiêu chí")


def _is_used(content: Content, name: str) -> bool:
    return any(getattr(line, f"{name}_score") is not None for line in content.lines.values())


def _sums(content: Content, shown: Sequence[str]) -> tuple[dict[str, dict[int, Cell]], dict[int, Decimal]]:
    """The sums of every heading by column, the whole under 0; and the applicable maxima."""
    scored = [
        Scored(
            key,
            tuple(getattr(line, f"{name}_score") for name in COLUMNS),
            line.office_score,
            line.is_excluded,
        )
        for key, line in content.lines.items()
    ]
    standing = {line.key: line.standing() for line in scored}
    excluded = {line.key for line in scored if line.is_excluded}
    sums: dict[str, dict[int, Cell]] = {}
    maxima: dict[int, Decimal] = {}
    for place, name in enumerate(COLUMNS):
        if name in shown:
            found = evaluate(content.nodes, {key: row[place] for key, row in standing.items()}, excluded)
            sums[name] = {**found.scores, 0: found.score}
            maxima = found.maxima
    return sums, maxima


def _line(line: Line, criterion: Criterion, shown: Sequence[str], *, asked: bool) -> Row:
    own = line.criterion
    if line.is_excluded:
        cells: tuple[Cell, ...] = (own.code, own.name, NOT_APPLICABLE, *(None for _ in shown))
        return Row((*cells, _opinions(line, asked)), Kind.ASIDE, criterion.level)
    scores = [getattr(line, f"{name}_score") for name in shown]
    return Row(
        (own.code, own.name, own.max_score or None, *scores, _opinions(line, asked)), level=criterion.level
    )


def _opinions(line: Line, asked: bool) -> str:
    """What both sides said about the line, in the order of the process."""
    pairs = [
        ("Số liệu", facts(line)),
        ("Giải trình", line.note),
        (NOT_APPLICABLE, line.excluded_reason),
        ("Thủ trưởng", line.approved_reason),
        ("Thẩm định", line.appraised_reason),
        ("Yêu cầu giải trình", line.flag_reason if asked else ""),
        ("Đơn vị giải trình", line.explanation),
        ("Thẩm định lần 2", line.second_reason),
        ("Hội đồng", line.final_reason),
        ("Tài liệu", "; ".join(map(_document, line.links))),
    ]
    return "\n".join(f"{who}: {text}" for who, text in pairs if text)


def _document(link: LineEvidence) -> str:
    return f"{link}{', ' + link.page if link.page else ''}{' (bổ sung)' if link.is_later else ''}"


def _fields(content: Content) -> Table:
    """The component index of every field: the top rows, where they are headings."""
    columns = (
        Column("Mã", 1.5, Align.CENTRE),
        Column("Lĩnh vực", 8.0, grows=True),
        Column("Điểm tối đa áp dụng", 2.4, Align.CENTRE),
        Column("Điểm đạt", 2.2, Align.CENTRE),
        Column("Chỉ số thành phần (%)", 2.4, Align.CENTRE, places=content.places, is_fixed=True),
    )
    rows = []
    for criterion in content.tree:
        if criterion.level == 1 and not criterion.is_leaf and str(criterion.pk) in content.components:
            given, most = content.components[str(criterion.pk)]
            score, applicable = (None if given is None else Decimal(given)), Decimal(most or 0)
            share = None if score is None else index(score, applicable)
            rows.append(Row((criterion.code, criterion.name, applicable or None, score, share)))
    return Table(columns, tuple(rows), "2. Chỉ số thành phần theo lĩnh vực")


def _comparison(here: CampaignYear, content: Content, before: CampaignYear, then: Figures) -> Table:
    now = content.figures
    columns = (
        Column("Chỉ tiêu", 6.0, grows=True),
        Column(_capital(before.when), 3.4, Align.CENTRE, places=content.places),
        Column(_capital(here.when), 3.4, Align.CENTRE, places=content.places),
        Column("Tăng, giảm", 3.2, Align.CENTRE, places=content.places),
    )
    rows = [
        Row(("Điểm đạt", then.score, now.score, _change(then.score, now.score))),
        Row(("Điểm tối đa áp dụng", then.applicable_max, now.applicable_max, None)),
        Row(("Chỉ số (%)", then.index, now.index, _change(then.index, now.index))),
        Row(("Xếp hạng", then.rank, now.rank, "")),
        Row(("Xếp loại", then.band, now.band, "")),
    ]
    return Table(columns, tuple(rows), "3. So với kỳ trước")


def _change(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _signatures(sheet: Scorecard) -> tuple[Signature, ...]:
    maker = sheet.submitted_by or sheet.prepared_by
    return (
        Signature(
            "NGƯỜI TỰ CHẤM" if sheet.person_id else "NGƯỜI LẬP PHIẾU",
            name=maker.display_name if maker else "",
        ),
        Signature(
            "THỦ TRƯỞNG ĐƠN VỊ",
            "(Ký, ghi rõ họ tên)" if sheet.person_id else "(Ký tên, đóng dấu)",
            sheet.approved_by.display_name if sheet.approved_by else "",
        ),
        Signature("CƠ QUAN THẨM ĐỊNH", "(Ký tên, đóng dấu)"),
    )
