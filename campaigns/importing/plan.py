"""What would become of a scheme's rows: nodes with methods that can be computed, warnings, and refusals."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from campaigns.importing.rows import Row, Rows, problems_of_levels
from campaigns.methods import (
    GROUPS,
    METHODS,
    NAMES,
    Node,
    describe,
    evaluate,
    group_problems,
    method_named,
    node,
    number,
    problems_of,
)
from campaigns.methods.text import TextError, from_text
from campaigns.models import AppliesTo, Recipient
from core.vietnamese import fold

# What a label of a parameter is called where the table does not say it.
DEFAULTS = {"numerator": "tử số", "denominator": "mẫu số", "measure": "lần", "min": "0", "scale_max": "100"}
MEASURES = {"tiered_threshold": "%", "linear_between": "%", "deduct_graded": "ngày"}  # else: times
APPLIES = {fold(label): value for value, label in AppliesTo.choices}
YES = {"co", "x", "bat buoc", "1"}
OUTSIDE = ("bonus_uncapped", "penalty_per_case")


def nothing_above(text: str) -> int:
    """Where nobody asks for other schemes, none is found."""
    raise ValueError(f"không tìm thấy “{text}”")


@dataclass
class ImportedNode:
    """A row as it would be written. ``in_charge`` is a unit's number, ``feeds`` the number of a row of another scheme;
    where the table does not say it, what was there before stays (``tells_feeds``)."""

    row: int
    level: int
    is_leaf: bool
    code: str
    name: str
    max_score: Decimal = Decimal(0)
    method: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    guidance: str = ""
    evidence: str = ""
    evidence_required: bool = False
    in_charge: int | None = None
    applies_to: str = AppliesTo.COLLECTIVE
    feeds: int | None = None
    tells_feeds: bool = False

    @property
    def words(self) -> str:
        """How it is scored, for people."""
        return describe(self.method, self.params)

    @property
    def facts(self) -> dict[str, Any]:
        """What makes this row what it is, whatever its place in a file."""
        names = ("level", "is_leaf", "code", "name", "method", "params", "guidance", "evidence")
        more = ("evidence_required", "in_charge", "applies_to")
        own = {name: getattr(self, name) for name in (*names, *more)}
        return {**own, "max_score": f"{self.max_score.normalize():f}"}


@dataclass
class SchemePlan:
    """The table, what is odd about it, and what forbids writing it. ``total`` is its maximum per recipient."""

    nodes: list[ImportedNode]
    warnings: list[str]
    refusals: list[str]
    total: dict[str, Decimal] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        feeds = [[one.tells_feeds, one.feeds] for one in self.nodes]
        content = [[one.facts for one in self.nodes], feeds, self.warnings, self.refusals]
        return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def plan_scheme(
    rows: Rows,
    units: Mapping[str, int],
    applies_to: str = AppliesTo.COLLECTIVE,
    above: Callable[[str], int] = nothing_above,
) -> SchemePlan:
    """``units`` gives the number of a unit by its folded code, short name and name; ``applies_to`` is meant where the
    table does not say whom a row scores; ``above`` finds the row of another scheme that a text names."""
    refusals = [fault for row in rows.nodes for fault in row.faults] + problems_of_levels(rows.nodes)
    refusals += [
        f"{row.place('name')}: còn trống."
        for row in rows.nodes
        if not row.texts.get("name") and not any("“Nội dung”" in fault for fault in row.faults)
    ]
    warnings: list[str] = list(rows.notes)
    nodes = []
    for place, row in enumerate(rows.nodes):
        below = rows.nodes[place + 1] if place + 1 < len(rows.nodes) else None
        # Beside a row whose level cannot be read nothing is said about depth: that row is refused anyway.
        is_leaf = below is None or (below.level is not None and below.level <= (row.level or 0))
        made = ImportedNode(
            row.number, row.level or 1, is_leaf, row.texts.get("code", ""), row.texts.get("name", "")
        )
        _describe(made, row, units, applies_to, warnings)
        _feed(made, row, above, warnings)
        _Scored(made, row, warnings, refusals).read()
        nodes.append(made)
    if not refusals:
        warnings += _repeated(nodes) + _sums(nodes, rows)
    return SchemePlan(nodes, warnings, refusals, _totals(nodes))


def _describe(
    made: ImportedNode, row: Row, units: Mapping[str, int], applies_to: str, warnings: list[str]
) -> None:
    texts = row.texts
    made.evidence, made.guidance = texts.get("evidence", ""), texts.get("note", "")
    made.evidence_required = fold(texts.get("evidence_required", "")) in YES
    made.applies_to = applies_to if made.is_leaf else AppliesTo.BOTH
    if made.is_leaf and texts.get("applies_to"):
        made.applies_to = APPLIES.get(fold(texts["applies_to"]), "")
        if not made.applies_to:
            made.applies_to = applies_to
            warnings.append(f"{row.place('applies_to')}: không hiểu “{texts['applies_to']}”.")
    if texts.get("in_charge"):
        made.in_charge = units.get(fold(texts["in_charge"]))
        if made.in_charge is None:
            warnings.append(
                f"{row.place('in_charge')}: cổng không có đơn vị “{texts['in_charge']}”; để trống."
            )


def _feed(made: ImportedNode, row: Row, above: Callable[[str], int], warnings: list[str]) -> None:
    """An empty cell of the column takes the link away; one that names no row leaves it as it was."""
    text = row.texts.get("feeds")
    if text is None:
        return
    try:
        made.feeds, made.tells_feeds = (above(text) if text else None), True
    except ValueError as error:
        warnings.append(f"{row.place('feeds')}: {error}; giữ như trước.")


class _Scored:
    """Reads how one row is scored; what cannot be computed becomes a typed score, with a warning."""

    def __init__(self, made: ImportedNode, row: Row, warnings: list[str], refusals: list[str]) -> None:
        self.made, self.row, self.warnings, self.refusals = made, row, warnings, refusals
        self.text = row.texts.get("method", "")
        self.named = method_named(self.text, dict(NAMES)) if self.text else ""

    def read(self) -> None:
        if self.made.is_leaf:
            self._leaf()
        else:
            self._group()

    def _group(self) -> None:
        if not self.text:
            return
        group = GROUPS.get(self.named)
        if group is None:
            self._warn(
                "method", f"“{self.text}” không dùng được cho nhóm có tiêu chí con; nhóm được cộng điểm."
            )
            return
        try:
            params = from_text(group, self.row.texts.get("params", ""))
        except TextError as error:
            self._warn("params", f"{error} Bỏ qua tham số.")
            params = {}
        points = (self.row.max or Decimal(0)) if group.has_points else Decimal(0)
        problems = group_problems(group.id, params, points)
        if problems:
            self.refusals.append(f"{self.row.place('method')}: {' '.join(problems)}")
            return
        self.made.method, self.made.params, self.made.max_score = group.id, params, points

    def _leaf(self) -> None:
        if self.row.max is None and self.named not in OUTSIDE:
            if not any("“Điểm tối đa”" in fault for fault in self.row.faults):
                self.refusals.append(f"{self.row.place('max')}: tiêu chí chấm điểm phải có điểm tối đa.")
            return
        self.made.max_score = self.row.max or Decimal(0)
        if self.made.max_score == 0 and self.named not in OUTSIDE:
            self.refusals.append(f"{self.row.place('max')}: điểm tối đa phải lớn hơn 0.")
            return
        if self.named in METHODS:
            self._with_method()
        elif self.named in GROUPS:
            self._fall_back(f"“{self.text}” chỉ dùng cho nhóm có tiêu chí con")
        else:
            self._fall_back(f"không có cách chấm “{self.text}”" if self.text else "chưa ghi cách chấm")

    def _with_method(self) -> None:
        method = METHODS[self.named]
        try:
            params = from_text(method, self.row.texts.get("params", ""))
        except TextError as error:
            self._fall_back(str(error), "params")
            return
        for parameter in method.parameters:
            if parameter.name in params or not parameter.is_required:
                continue
            if parameter.name == "max":
                params["max"] = _plain(self.made.max_score)
            elif parameter.name == "step":
                params["step"] = _step(self.made.max_score)
            elif parameter.name == "measure" and self.named in MEASURES:
                params["measure"] = MEASURES[self.named]
            elif parameter.name in DEFAULTS:
                params[parameter.name] = DEFAULTS[parameter.name]
        top = Decimal(0) if self.named in OUTSIDE else self.made.max_score
        problems = method.problems(params) or problems_of(self.named, params, top)
        if problems:
            self._fall_back(" ".join(problems), "params")
            return
        if self.named in OUTSIDE and self.made.max_score:
            self._warn("max", "điểm nằm ngoài thang nên không tính vào điểm tối đa.")
        self.made.method, self.made.params, self.made.max_score = self.named, params, top

    def _fall_back(self, why: str, column: str = "method") -> None:
        most = self.made.max_score
        if most <= 0:
            self.refusals.append(
                f"{self.row.place('max')}: {why}, và không có điểm tối đa để nhập điểm trực tiếp."
            )
            return
        self.made.method = "typed"
        self.made.params = {"min": "0", "max": _plain(most), "step": _step(most)}
        told = [self.text, *self.row.texts.get("params", "").splitlines()]
        rule = "; ".join(part for part in told if part)
        if rule:
            self.made.guidance = "\n".join(filter(None, [self.made.guidance, f"Cách chấm trong tệp: {rule}"]))
        self._warn(column, f"{why.rstrip('.')}; dùng cách nhập điểm trực tiếp từ 0 đến {number(most)}.")

    def _warn(self, column: str, sentence: str) -> None:
        self.warnings.append(f"{self.row.place(column)}: {sentence}")


def _repeated(nodes: list[ImportedNode]) -> list[str]:
    places: dict[str, list[int]] = {}
    for one in nodes:
        if one.code:
            places.setdefault(one.code, []).append(one.row)
    return [
        f"Mã “{code}” lặp lại ở các dòng {', '.join(map(str, rows))}."
        for code, rows in places.items()
        if len(rows) > 1
    ]


def _sums(nodes: list[ImportedNode], rows: Rows) -> list[str]:
    """Stated maxima of inner nodes and of the whole that differ from what stands below them: told, not refused."""
    sums = [
        evaluate(_table(_rows_of(nodes, recipient)), {})
        for recipient in Recipient.values
        if any(one.is_leaf for one in _rows_of(nodes, recipient))
    ]
    stated = {row.number: row.max for row in rows.nodes}
    found = []
    for one in nodes:
        given, summed = stated[one.row], [each.maxima[one.row] for each in sums if each.maxima.get(one.row)]
        if not one.is_leaf and given is not None and not one.method and given not in (summed or [given]):
            found.append(
                f"Dòng {one.row}: “{one.code or one.name}” ghi {number(given)} điểm, "
                f"các tiêu chí con cộng lại được {_or(summed)}."
            )
    if rows.total and rows.total[1] not in [each.maximum for each in sums]:
        found.append(
            f"Dòng {rows.total[0]}: tổng ghi {number(rows.total[1])} điểm, "
            f"các tiêu chí cộng lại được {_or([each.maximum for each in sums])}."
        )
    return found


def _or(points: list[Decimal]) -> str:
    return " hoặc ".join(dict.fromkeys(number(one.normalize()) for one in points))


def _table(nodes: list[ImportedNode]) -> list[Node]:
    return [node(one.row, one.level, one.is_leaf, one.max_score, one.method, one.params) for one in nodes]


def _rows_of(nodes: list[ImportedNode], recipient: str) -> list[ImportedNode]:
    return [one for one in nodes if not one.is_leaf or one.applies_to in (recipient, AppliesTo.BOTH)]


def _totals(nodes: list[ImportedNode]) -> dict[str, Decimal]:
    return {
        recipient: evaluate(_table(_rows_of(nodes, recipient)), {}).maximum for recipient in Recipient.values
    }


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _step(most: Decimal) -> str:
    """The finest step that a person sees, two decimals, unless the maximum has more."""
    return "0.01" if (most * 100) % 1 == 0 else "0.0001"
