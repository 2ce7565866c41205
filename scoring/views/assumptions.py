"""The rows of a trial as HTML, built here because a template per cell is what makes big tables slow.

Every text that comes from a person goes through ``escape``.
"""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from campaigns.methods import Field, describe
from campaigns.models import Criterion
from core.vietnamese import format_decimal, format_points
from scoring.calculations import RowNow
from scoring.forms.sheets import prefix
from scoring.forms.what_if import EXCLUDED, SCORE, Assumptions, asked_of
from scoring.models import Line
from scoring.queries.content import with_headings
from scoring.queries.what_if import Trial


def body(trial: Trial, assumed: Assumptions) -> SafeString:
    """All rows of the form, with the headings above them."""
    lines = {line.criterion_id: line for line in trial.lines}
    backwards = sorted(trial.criteria.values(), key=lambda one: one.position, reverse=True)
    parts = [
        _line(lines[one.pk], trial.rows[one.pk], assumed) if one.is_leaf else _heading(one)
        for one in with_headings(backwards, lines)
    ]
    return mark_safe("\n".join(parts))  # noqa: S308 - see above


def outcomes(trial: Trial, assumed: Assumptions) -> SafeString:
    """What changes beside the boxes when something was typed: sent out of band."""
    swap = ' hx-swap-oob="true"'
    parts = [
        _points(line, assumed.rows[line.criterion_id], swap)
        + _sentence(line, assumed.errors.get(line.pk, ""), swap)
        for line in trial.lines
    ]
    return mark_safe("\n".join(parts))  # noqa: S308 - see above


def _heading(one: Criterion) -> str:
    return (
        f'<tr class="g-head g-head-{one.level}"><th class="g-code">{escape(one.code)}</th>'
        f'<th colspan="7">{escape(one.name)}</th></tr>'
    )


def _line(line: Line, row: RowNow, assumed: Assumptions) -> str:
    criterion, typed = line.criterion, assumed.typed[line.pk]
    rule = escape(describe(criterion.method, criterion.params))
    more = f"<details><summary>Cách chấm</summary><div class='g-more'><p>{rule}</p></div></details>"
    boxes = "".join(_input(line, one, typed[one.name]) for one in asked_of(line))
    stands = "KAD" if row.is_excluded else format_points(row.score) or "–"
    hint = format_decimal(row.score).replace(".", "")
    score = _box(line, SCORE, "Điểm giả định", typed[SCORE], "score", hint)
    return (
        f'<tr id="r{line.pk}" class="g-line"><td class="g-code">{escape(criterion.code)}</td>'
        f'<td class="g-name g-l{criterion.level}"><span class="g-title">{escape(criterion.name)}</span>'
        f"{more if rule else ''}</td>"
        f'<td class="g-num" data-label="Tối đa">{format_points(criterion.max_score)}</td>'
        f'<td class="g-inputs" data-label="Số liệu">{boxes}{_sentence(line, assumed.errors.get(line.pk, ""))}</td>'
        f'<td class="g-num" data-label="Điểm giả định">{score}</td>'
        f'<td class="g-num" data-label="Đang có">{stands}</td>'
        f'<td class="g-num" data-label="Giả định">{_points(line, assumed.rows[row.key])}</td>'
        f'<td class="g-out" data-label="Không áp dụng">{_tick(line, assumed.excluded[line.pk])}</td></tr>'
    )


def _points(line: Line, row: RowNow, more: str = "") -> str:
    text = "KAD" if row.is_excluded else format_points(row.score) or "–"
    return f'<span id="n{line.pk}"{more}>{text}</span>'


def _sentence(line: Line, text: str, more: str = "") -> str:
    return f'<span class="g-error" id="e{line.pk}" role="status"{more}>{escape(text)}</span>'


def _input(line: Line, one: Field, value: str) -> str:
    if not one.choices:
        unit = f"<span class=g-unit>{escape(one.measure)}</span>" if one.measure else ""
        return f'<span class="g-box">{_box(line, one.name, one.label, value, "inputs")}{unit}</span>'
    options = "".join(
        f'<option value="{escape(key)}"{" selected" if key == value else ""}>{escape(label)}</option>'
        for key, label in one.choices
    )
    return (
        f'<select class="form-select" {_named(line, one.name, one.label, "inputs")}>'
        f'<option value="">– chọn –</option>{options}</select>'
    )


def _box(line: Line, name: str, label: str, value: str, column: str, hint: str = "") -> str:
    return (
        f'<input class="form-control" {_named(line, name, label, column)} value="{escape(value)}" '
        f'placeholder="{hint}" inputmode="decimal" autocomplete="off" maxlength="30">'
    )


def _named(line: Line, name: str, label: str, column: str) -> str:
    words = escape(f"{line.criterion.code}: {label}")
    return (
        f'name="{escape(f"{prefix(line)}-{name}")}" aria-label="{words}" title="{words}" '
        f'aria-describedby="e{line.pk}" data-col="{column}"'
    )


def _tick(line: Line, is_excluded: bool) -> str:
    words = escape(f"{line.criterion.code}: không áp dụng")
    return (
        f'<input class="form-check-input" type="checkbox" name="{prefix(line)}-{EXCLUDED}" value="1" '
        f'aria-label="{words}"{" checked" if is_excluded else ""}>'
    )
