"""The rows of the grid as HTML, built here because a template per cell is what makes big tables slow.

Every text that comes from a person goes through ``escape``.
"""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from core.templatetags.portal import icon
from scoring.views.boxes import Input, Row
from scoring.views.grid import Grid

KEEP = (
    '<button type="button" class="btn btn-sm g-keep" data-keep>Giữ điểm'
    '<span class="visually-hidden"> tiêu chí {}</span></button>'
)


def body(grid: Grid) -> SafeString:
    """All rows of the table."""
    clip, flag = icon("paperclip"), icon("flag")
    parts = [_line(row, grid, clip, flag) if row.line else _heading(row, grid) for row in grid.rows]
    return mark_safe("\n".join(parts))  # noqa: S308 - see above


def self_score(row: Row, grid: Grid) -> SafeString:
    """The inside of the self-score's cell: a box where the score is typed, otherwise the number."""
    if row.column == "self" and row.score_input:
        return mark_safe(_box(row.score_input, "score"))  # noqa: S308 - see above
    return mark_safe(row.scores["self"])  # noqa: S308 - a formatted number


def _heading(row: Row, grid: Grid) -> str:
    def summed(name: str, label: str) -> str:
        inner = _span(f"{row.pk}-{name}", row.scores.get(name, ""))
        return f'<th class="g-num" data-label="{label}">{inner}</th>'

    sums = "".join(summed(name, label) for name, label in [("self", "Tự chấm"), *grid.columns])
    return (
        f'<tr class="g-head g-head-{row.level}"><th class="g-code">{escape(row.code)}</th><th>{escape(row.name)}</th>'
        f'<th class="g-num">{row.maximum}</th><th></th>{sums}'
        f"{'<th></th>' if grid.columns else ''}<th></th>{'<th></th>' if grid.column else ''}</tr>"
    )


def _line(row: Row, grid: Grid, clip: str, flag: str) -> str:
    css = "g-line" + (" is-flagged" if row.flag else "") + (" is-bad" if row.is_bad else "")
    css += " is-excluded" if row.is_excluded else ""
    saving = ""
    if row.save_at:
        saving = f' hx-post="{row.save_at}" hx-trigger="change" hx-include="this" hx-target="#s{row.pk}"'
        saving += ' hx-sync="closest table:queue all"'
    return (
        f'<tr id="r{row.pk}" class="{css}"{saving}><td class="g-code">{escape(row.code)}</td>'
        f"{_name(row, clip, flag)}{_number('Tối đa', row.maximum)}"
        f'<td class="g-inputs" data-label="Số liệu">{_inputs(row, grid)}</td>'
        f'<td class="g-num" data-label="Tự chấm" id="d{row.pk}">{self_score(row, grid)}</td>'
        f"{''.join(_decided(row, name, label) for name, label in grid.columns)}"
        f"{_number('Chênh lệch', _span('c' + row.pk, row.difference)) if grid.columns else ''}"
        f'<td class="g-reason" data-label="Giải trình, lý do">{_reasons(row, grid)}</td>{_status(row, grid)}</tr>'
    )


def _name(row: Row, clip: str, flag: str) -> str:
    flagged = (
        f'<div class="g-flag">{flag}{escape(row.flag_label)}: {escape(row.flag)}</div>' if row.flag else ""
    )
    if row.documents:
        summary = f"{clip}{len(row.documents)} tài liệu"
    else:
        summary = (
            '<span class="g-need">Cần tài liệu kiểm chứng</span>' if row.evidence_missing else "Cách chấm"
        )
    wanted = f"<strong>Tài liệu kiểm chứng:</strong> {escape(row.evidence)}" if row.evidence else ""
    texts = [escape(row.rule), escape(row.guidance), wanted, escape(row.confirmed)]
    charge = f'<div class="g-charge">Phụ trách: {escape(row.in_charge)}</div>' if row.in_charge else ""
    more = "".join(f"<p>{text}</p>" for text in texts if text) + _documents(row)
    exclude = (
        f'<a class="g-attach d-print-none" href="{row.exclusion_at}">'
        f"{'Áp dụng lại' if row.is_excluded else 'Không áp dụng'}"
        f'<span class="visually-hidden"> tiêu chí {escape(row.code)}</span></a>'
        if row.exclusion_at
        else ""
    )
    attach = (
        f'<a class="g-attach d-print-none" href="{row.evidence_at}">Gắn tài liệu'
        f'<span class="visually-hidden"> cho tiêu chí {escape(row.code)}</span></a>'
        if row.evidence_at
        else ""
    )
    below = (
        f'<a class="g-attach d-print-none" href="{row.feeding_at}">Số liệu cấp dưới'
        f'<span class="visually-hidden"> của tiêu chí {escape(row.code)}</span></a>'
        if row.feeding_at
        else ""
    )
    return (
        f'<td class="g-name g-l{row.level}"><span class="g-title">{escape(row.name)}</span>{charge}{flagged}'
        f'<details><summary>{summary}</summary><div class="g-more">{more}</div></details>{below}{attach}{exclude}</td>'
    )


def _documents(row: Row) -> str:
    items = "".join(
        f'<li><a href="{one["href"]}">{escape(one["title"])}</a>{", " + escape(one["page"]) if one["page"] else ""}'
        f"{' <span class=text-secondary>(' + one['source'] + ')</span>' if one['source'] else ''}</li>"
        for one in row.documents
    )
    return f"<ul>{items}</ul>" if items else ""


def _inputs(row: Row, grid: Grid) -> str:
    if row.column not in ("self", "office") or not row.save_at:
        gone = '<div class="g-origin is-stale">Lần công bố này đã được mở lại.</div>' if row.is_stale else ""
        return escape(row.facts) + gone
    if row.is_named:
        return _version(row) + "".join(_labelled(box) for box in row.inputs)
    boxes = [_select(box) if box.options else _measured(box, box is row.inputs[-1]) for box in row.inputs]
    return _version(row) + "".join(boxes) + origin(row)


def origin(row: Row) -> SafeString:
    """Below the boxes: where a figure that was taken over comes from; sent again when the line was saved."""
    if not row.takes_index:
        return mark_safe("")
    css = "g-origin is-stale" if row.is_stale else "g-origin"
    return mark_safe(f'<div class="{css}" id="n{row.pk}">{escape(row.origin)}</div>')  # noqa: S308 - see above


def _labelled(box: Input) -> str:
    """Of many figures each with its name before it: slashes between them would be a riddle."""
    name = box.label.partition(": ")[2]
    return f'<label class="g-figure"><span>{escape(name)}</span>{_box(box, "inputs")}</label>'


def _select(box: Input) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(label)}</option>'
        for value, label, chosen in box.options
    )
    return (
        f'<select class="form-select" name="{box.name}" aria-label="{escape(box.label)}" title="{escape(box.value)}" '
        f'data-col="inputs" form="phieu"><option value="">– chọn –</option>{options}</select>'
    )


def _measured(box: Input, is_last: bool) -> str:
    unit = escape(box.measure) or ("" if is_last else "/")
    return f'<span class="g-box">{_box(box, "inputs")}{f"<span class=g-unit>{unit}</span>" if unit else ""}</span>'


def _decided(row: Row, column: str, label: str) -> str:
    if row.column == column and row.score_input:
        keep = KEEP.format(escape(row.code)) if row.keeps else ""
        return _number(label, _version(row) + _box(row.score_input, "score") + keep)
    inner = row.scores[column]
    return _number(label, _span(f"o{row.pk}", inner) if column == "office" else inner)


def _reasons(row: Row, grid: Grid) -> str:
    said = "".join(
        f'<div><span class="text-secondary">{who}:</span> {escape(text)}</div>' for who, text in row.reasons
    )
    box = row.reason_input
    if not box:
        return said
    hint = "Giải trình" if row.column in ("self", "explanation") else "Lý do sửa"
    version = _version(row) if row.column == "explanation" else ""
    return (
        f"{said}{version}<textarea class='form-control{' is-invalid' if box.invalid else ''}' rows='1' "
        f'name="{box.name}" '
        f'aria-label="{escape(box.label)}" placeholder="{hint}" maxlength="2000" data-col="reason" form="phieu">'
        f"{escape(box.value)}</textarea>"
    )


def _status(row: Row, grid: Grid) -> str:
    if not grid.column:
        return ""
    asks = ' class="g-ask"' if row.asks else ""
    return (
        f'<td class="g-status" data-label="Tình trạng"><span id="s{row.pk}" role="status"{asks}>'
        f"{escape(row.status)}</span></td>"
    )


def _box(box: Input, column: str) -> str:
    label = escape(box.label)
    return (
        f'<input class="form-control{" is-invalid" if box.invalid else ""}" name="{box.name}" '
        f'value="{escape(box.value)}" placeholder="{box.hint}" inputmode="decimal" autocomplete="off" '
        f'aria-label="{label}" title="{label}" data-col="{column}" form="phieu">'
    )


def _version(row: Row) -> str:
    value = escape(str(row.version))
    return f'<input type="hidden" name="l{row.pk}-version" id="v{row.pk}" value="{value}" form="phieu">'


def _number(label: str, text: str) -> str:
    return f'<td class="g-num" data-label="{label}">{text}</td>'


def _span(name: str, text: str) -> str:
    return f'<span id="{name}">{text}</span>'
