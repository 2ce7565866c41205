"""The ways points follow from what is entered: their names, parameters, limits and words. Pure, without Django.

``params`` hold decimals as strings ("0.5"), as in ``reference/README.md`` and in the JSON column.
The points themselves are computed one floor up, in ``scoring.calculations``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

Params = Mapping[str, Any]
LIMIT = Decimal(99_999)
OPERATORS = {">=": "từ", ">": "trên"}


class Kind(StrEnum):
    """What a parameter holds, and so which field asks for it."""

    DECIMAL = "decimal"
    TEXT = "text"
    FLAG = "flag"
    CHOICES = "choices"
    STEPS = "steps"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a method: its key in ``params`` and how a form asks for it."""

    name: str
    label: str
    kind: Kind = Kind.DECIMAL
    hint: str = ""
    is_required: bool = True


@dataclass(frozen=True)
class Method:
    """One way of scoring a criterion. ``together`` adds what the parameters must fulfil together."""

    id: str
    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    top: Callable[[Params], Decimal]
    words: Callable[[Params], str]
    together: Callable[[Params], Iterator[str]]

    def maximum(self, params: Params) -> Decimal:
        """The most points these (valid) parameters can give."""
        return self.top(params)

    def describe(self, params: Params) -> str:
        """The (valid) parameters as a Vietnamese sentence for the criteria table."""
        return self.words(params)

    def problems(self, params: Params) -> list[str]:
        """What is wrong with the parameters, in Vietnamese; an empty list means they are valid."""
        if not isinstance(params, Mapping):
            return ["Tham số của cách chấm phải là một danh sách tên và giá trị."]
        known = {parameter.name for parameter in self.parameters}
        found = [
            f"Cách chấm “{self.name}” không có tham số “{name}”." for name in params if name not in known
        ]
        for parameter in self.parameters:
            found += _problems_of(parameter, params.get(parameter.name))
        return found or list(self.together(params))


def problems_of(method_id: str, params: Params, max_score: Decimal | None = None) -> list[str]:
    """Everything wrong with a leaf's method: unknown, bad parameters, or not giving exactly its maximum."""
    method = METHODS.get(method_id)
    if method is None:
        return [f"Không có cách chấm “{method_id}”." if method_id else "Chưa chọn cách chấm."]
    found = method.problems(params)
    if not found and max_score is not None and method.maximum(params) != max_score:
        found = [
            f"Cách chấm cho nhiều nhất {number(method.maximum(params))} điểm, "
            f"khác điểm tối đa {number(max_score)} của tiêu chí."
        ]
    return found


def describe(method_id: str, params: Params) -> str:
    """The method in words; safe for anything stored, also for what an old draft may hold."""
    method = METHODS.get(method_id)
    if method is None:
        return ""
    return method.name if method.problems(params) else method.describe(params)


def decimal(value: Any) -> Decimal | None:
    """The parameter as a Decimal; None for everything that is not a plain number of at most four decimals."""
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        return None
    try:
        read = Decimal(value)
    except InvalidOperation:
        return None
    exponent = read.normalize().as_tuple().exponent if read.is_finite() else None
    return read if isinstance(exponent, int) and exponent >= -4 and abs(read) <= LIMIT else None


def number(value: Decimal) -> str:
    """1234.5 as "1.234,5" (the pure twin of ``core.vietnamese.format_decimal``)."""
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.translate(str.maketrans(",.", ".,"))


def _value(params: Params, name: str) -> Decimal:
    return Decimal(str(params[name]))


def _problems_of(parameter: Parameter, value: Any) -> list[str]:
    if value is None or value == "" or value == []:
        return [f"Thiếu “{parameter.label}”."] if parameter.is_required else []
    if parameter.kind == Kind.DECIMAL:
        return _problems_of_points(parameter.label, value)
    if parameter.kind == Kind.TEXT:
        fine = isinstance(value, str) and value.strip()
        return [] if fine else [f"“{parameter.label}” phải là chữ."]
    if parameter.kind == Kind.FLAG:
        return [] if isinstance(value, bool) else [f"“{parameter.label}” phải là có hoặc không."]
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return [f"“{parameter.label}” phải là một danh sách các mức."]
    check = _problems_of_choice if parameter.kind == Kind.CHOICES else _problems_of_step
    return [problem for place, row in enumerate(value, start=1) for problem in check(f"Mức {place}", row)]


def _problems_of_points(label: str, value: Any) -> list[str]:
    read = decimal(value)
    if read is None:
        return [f"“{label}” phải là một số có nhiều nhất 4 chữ số thập phân, ví dụ 0,5."]
    return [f"“{label}” không được âm."] if read < 0 else []


def _problems_of_choice(place: str, row: Params) -> list[str]:
    found = [] if str(row.get("label") or "").strip() else [f"{place}: thiếu tên mức."]
    if set(row) - {"label", "points"}:
        found.append(f"{place}: chỉ gồm tên mức và điểm.")
    return found + _problems_of_points(f"{place}: điểm", row.get("points"))


def _problems_of_step(place: str, row: Params) -> list[str]:
    found = [] if row.get("op") in OPERATORS else [f"{place}: phép so sánh phải là > hoặc >=."]
    if set(row) - {"op", "v", "points"}:
        found.append(f"{place}: chỉ gồm phép so sánh, ngưỡng và điểm.")
    if decimal(row.get("v")) is None:
        found.append(f"“{place}: ngưỡng” phải là một số.")
    return found + _problems_of_points(f"{place}: điểm", row.get("points"))


def _typed(params: Params) -> Iterator[str]:
    least, most, step = _value(params, "min"), _value(params, "max"), _value(params, "step")
    if least >= most:
        yield "Điểm thấp nhất phải nhỏ hơn điểm cao nhất."
    if step <= 0:
        yield "Bước điểm phải lớn hơn 0."
    elif (most - least) % step:
        yield f"Khoảng điểm từ {number(least)} đến {number(most)} không chia hết cho bước {number(step)}."


def _positive_max(params: Params) -> Iterator[str]:
    if _value(params, "max") <= 0:
        yield "Điểm tối đa phải lớn hơn 0."


def _choices(params: Params) -> Iterator[str]:
    rows = params["choices"]
    labels = [str(row["label"]).strip().casefold() for row in rows]
    if len(rows) < 2:
        yield "Phải có ít nhất hai mức để chọn."
    if len(set(labels)) < len(labels):
        yield "Hai mức không được trùng tên."
    if not any(_value(row, "points") for row in rows):
        yield "Phải có ít nhất một mức cho điểm lớn hơn 0."


def _steps(params: Params) -> Iterator[str]:
    """Steps are read from the top, so a step that an earlier one covers would never be reached."""
    rows = params["steps"]
    reach = [(_value(row, "v"), row["op"] == ">") for row in rows]
    for place, (upper, lower) in enumerate(zip(reach, reach[1:], strict=False), start=2):
        if lower >= upper:
            yield f"Mức {place} không bao giờ dùng đến: ngưỡng phải giảm dần từ trên xuống."
    if not any(_value(row, "points") for row in rows):
        yield "Phải có ít nhất một mức cho điểm lớn hơn 0."


def _count(params: Params) -> Iterator[str]:
    yield from _positive_max(params)
    if _value(params, "points_each") <= 0:
        yield "Điểm cho mỗi lần phải lớn hơn 0."
    elif _value(params, "points_each") > _value(params, "max"):
        yield "Điểm cho mỗi lần không được lớn hơn điểm tối đa."


def _deduct(params: Params) -> Iterator[str]:
    if _value(params, "deduct_each") <= 0:
        yield "Điểm trừ mỗi lần phải lớn hơn 0."
    if _value(params, "floor") >= _value(params, "max"):
        yield "Điểm thấp nhất phải nhỏ hơn điểm tối đa."


def _max(params: Params) -> Decimal:
    return _value(params, "max")


def _highest(name: str) -> Callable[[Params], Decimal]:
    return lambda params: max(_value(row, "points") for row in params[name])


def _shown(params: Params, name: str) -> str:
    return number(_value(params, name))


def _describe_count(params: Params) -> str:
    each, most = _shown(params, "points_each"), _shown(params, "max")
    words = f"Mỗi {params['measure']} được {each} điểm, nhiều nhất {most} điểm"
    return f"{words}; đếm theo thành tích đã xác nhận." if params.get("from_achievements") else f"{words}."


def _describe_choices(params: Params) -> str:
    rows = "; ".join(f"{row['label']}: {number(_value(row, 'points'))} điểm" for row in params["choices"])
    return f"Chọn một mức. {rows}."


def _describe_steps(params: Params) -> str:
    unit = f"\u00a0{params['measure']}" if params.get("measure") else ""
    rows = "; ".join(
        f"{OPERATORS[row['op']]} {number(_value(row, 'v'))}{unit}: {number(_value(row, 'points'))} điểm"
        for row in params["steps"]
    )
    return f"Theo mức đạt được. {rows[:1].upper()}{rows[1:]}."


MAX = Parameter("max", "Điểm tối đa")
MEASURE = Parameter("measure", "Đơn vị tính", Kind.TEXT, "Ví dụ: lần, việc, sáng kiến, %")

METHODS: dict[str, Method] = {
    method.id: method
    for method in [
        Method(
            "typed",
            "Nhập điểm trong khoảng",
            "Người chấm nhập điểm trong khoảng cho phép, theo bước.",
            (
                Parameter("min", "Điểm thấp nhất"),
                Parameter("max", "Điểm cao nhất"),
                Parameter("step", "Bước điểm", hint="Ví dụ 0,5: nhận 1; 1,5; 2…"),
            ),
            _max,
            lambda p: f"Nhập điểm từ {_shown(p, 'min')} đến {_shown(p, 'max')}, bước {_shown(p, 'step')}.",
            _typed,
        ),
        Method(
            "all_or_nothing",
            "Đạt hoặc không đạt",
            "Đạt thì được trọn điểm, không đạt thì 0 điểm.",
            (MAX,),
            _max,
            lambda p: f"Đạt: {_shown(p, 'max')} điểm; không đạt: 0 điểm.",
            _positive_max,
        ),
        Method(
            "tiered_choice",
            "Chọn một mức",
            "Người chấm chọn một trong các mức đã nêu.",
            (Parameter("choices", "Các mức", Kind.CHOICES, "Tên mức và điểm của mức"),),
            _highest("choices"),
            _describe_choices,
            _choices,
        ),
        Method(
            "tiered_threshold",
            "Theo ngưỡng",
            "Nhập kết quả; điểm theo ngưỡng đầu tiên đạt được, đọc từ trên xuống.",
            (MEASURE, Parameter("steps", "Các ngưỡng", Kind.STEPS, "Từ cao xuống thấp")),
            _highest("steps"),
            _describe_steps,
            _steps,
        ),
        Method(
            "proportional",
            "Theo tỷ lệ",
            "Tử số chia mẫu số, nhân với điểm tối đa.",
            (
                MAX,
                Parameter("numerator", "Tử số là", Kind.TEXT, "Ví dụ: số việc hoàn thành đúng hạn"),
                Parameter("denominator", "Mẫu số là", Kind.TEXT, "Ví dụ: số việc được giao"),
            ),
            _max,
            lambda p: f"({p['numerator']}) ÷ ({p['denominator']}) × {_shown(p, 'max')} điểm.",
            _positive_max,
        ),
        Method(
            "count_capped",
            "Đếm có giới hạn",
            "Số lần nhân với điểm mỗi lần, không quá điểm tối đa.",
            (
                Parameter("points_each", "Điểm cho mỗi lần"),
                MAX,
                MEASURE,
                Parameter(
                    "from_achievements",
                    "Đếm theo thành tích đã xác nhận trên cổng",
                    Kind.FLAG,
                    is_required=False,
                ),
            ),
            _max,
            _describe_count,
            _count,
        ),
        Method(
            "deduct_per_case",
            "Trừ theo lần",
            "Bắt đầu từ điểm tối đa, mỗi lần vi phạm trừ một số điểm.",
            (MAX, Parameter("deduct_each", "Trừ mỗi lần"), Parameter("floor", "Không thấp hơn"), MEASURE),
            _max,
            lambda p: (
                f"{_shown(p, 'max')} điểm, mỗi {p['measure']} trừ {_shown(p, 'deduct_each')} điểm, "
                f"không dưới {_shown(p, 'floor')} điểm."
            ),
            _deduct,
        ),
    ]
}
NAMES = [(method.id, method.name) for method in METHODS.values()]
