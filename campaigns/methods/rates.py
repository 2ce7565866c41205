"""Methods in which a rate or a measured result decides."""

from collections.abc import Iterator
from decimal import Decimal

from campaigns.methods.method import MAX, MEASURE, Method, highest, own_max, positive_max
from campaigns.methods.parameters import OPERATORS, Kind, Parameter
from campaigns.methods.values import (
    ANSWER,
    ZERO,
    Ask,
    Asked,
    Field,
    Inputs,
    Params,
    count_in,
    number,
    number_in,
    sentence,
    shown,
    value_of,
)

RATIO = (
    MAX,
    Parameter("numerator", "Tử số là", Kind.TEXT, "Ví dụ: số việc hoàn thành đúng hạn"),
    Parameter("denominator", "Mẫu số là", Kind.TEXT, "Ví dụ: số việc được giao"),
)


def _result(params: Params) -> list[Field]:
    return [Field("value", "Kết quả đạt được", measure=str(params.get("measure", "")))]


def _parts(params: Params) -> list[Field]:
    return [
        Field("numerator", sentence(params.get("numerator")) or "Tử số"),
        Field("denominator", sentence(params.get("denominator")) or "Mẫu số"),
    ]


def _steps(params: Params) -> Iterator[str]:
    """Steps are read from the top, so a step that an earlier one covers would never be reached."""
    rows = params["steps"]
    reach = [(value_of(row, "v"), row["op"] == ">") for row in rows]
    for place, (upper, lower) in enumerate(zip(reach, reach[1:], strict=False), start=2):
        if lower >= upper:
            yield f"Mức {place} không bao giờ dùng đến: ngưỡng phải giảm dần từ trên xuống."
    if not any(value_of(row, "points") for row in rows):
        yield "Phải có ít nhất một mức cho điểm lớn hơn 0."


def _describe_steps(params: Params) -> str:
    unit = f"\u00a0{params['measure']}" if params.get("measure") else ""
    rows = "; ".join(
        f"{OPERATORS[row['op']]} {shown(row, 'v')}{unit}: {shown(row, 'points')} điểm"
        for row in params["steps"]
    )
    return f"Theo mức đạt được. {rows[:1].upper()}{rows[1:]}."


def _by_steps(params: Params, inputs: Inputs) -> Decimal:
    """The value is compared as it was given, never rounded before."""
    value = number_in(inputs, "value", "Hãy nhập kết quả đạt được.")
    for step in params["steps"]:
        bound = value_of(step, "v")
        if value > bound or (step["op"] == ">=" and value == bound):
            return value_of(step, "points")
    raise Ask(f"Kết quả {number(value)} không thuộc ngưỡng nào: {ANSWER}", Asked.UNDECIDED)


def _ratio(inputs: Inputs) -> tuple[Decimal, Decimal]:
    """Both parts of a rate from 0 to 1; 0/0 is neither 0 nor the full mark: a person has to answer."""
    top = count_in(inputs, "numerator", "Hãy nhập tử số.")
    bottom = count_in(inputs, "denominator", "Hãy nhập mẫu số.")
    if bottom == 0:
        raise Ask(f"Mẫu số bằng 0 nên không tính được tỷ lệ: {ANSWER}", Asked.UNDECIDED)
    if top > bottom:
        raise Ask(f"Tử số lớn hơn mẫu số; nếu đúng như vậy, {ANSWER}", Asked.UNDECIDED)
    return top, bottom


def _proportional(params: Params, inputs: Inputs) -> Decimal:
    top, bottom = _ratio(inputs)
    return top / bottom * value_of(params, "max")


def _above_floor(params: Params, inputs: Inputs) -> Decimal:
    """The floor itself still counts; compared without division, so that 2/3 is not below two thirds."""
    top, bottom = _ratio(inputs)
    if top * 100 < value_of(params, "floor") * bottom:
        return ZERO
    return top / bottom * value_of(params, "max")


def _floor(params: Params) -> Iterator[str]:
    yield from positive_max(params)
    if not 0 < value_of(params, "floor") <= 100:
        yield "Ngưỡng phải trên 0 % và không quá 100 %."


def _between(params: Params, inputs: Inputs) -> Decimal:
    """Straight from the first point to the second; outside of them their own points."""
    value = number_in(inputs, "value", "Hãy nhập kết quả đạt được.")
    x1, x2 = value_of(params, "x1"), value_of(params, "x2")
    p1, p2 = value_of(params, "p1"), value_of(params, "p2")
    held = min(max(value, min(x1, x2)), max(x1, x2))
    return p1 + (held - x1) * (p2 - p1) / (x2 - x1)


def _bounds(params: Params) -> Iterator[str]:
    if value_of(params, "x1") == value_of(params, "x2"):
        yield "Hai mốc phải khác nhau."
    if value_of(params, "p1") == value_of(params, "p2"):
        yield "Điểm ở hai mốc phải khác nhau."


METHODS = [
    Method(
        "tiered_threshold",
        "Theo ngưỡng",
        "Nhập kết quả; điểm theo ngưỡng đầu tiên đạt được, đọc từ trên xuống.",
        (MEASURE, Parameter("steps", "Các ngưỡng", Kind.STEPS, "Từ cao xuống thấp")),
        highest("steps"),
        _describe_steps,
        _result,
        _by_steps,
        _steps,
    ),
    Method(
        "proportional",
        "Theo tỷ lệ",
        "Tử số chia mẫu số, nhân với điểm tối đa.",
        RATIO,
        own_max,
        lambda p: f"({p['numerator']}) ÷ ({p['denominator']}) × {shown(p, 'max')} điểm.",
        _parts,
        _proportional,
        positive_max,
    ),
    Method(
        "proportional_with_floor",
        "Theo tỷ lệ, dưới ngưỡng thì 0 điểm",
        "Tử số chia mẫu số, nhân với điểm tối đa; tỷ lệ dưới ngưỡng thì không có điểm.",
        (*RATIO, Parameter("floor", "Ngưỡng (%)", hint="Bằng ngưỡng vẫn được tính điểm")),
        own_max,
        lambda p: (
            f"({p['numerator']}) ÷ ({p['denominator']}) × {shown(p, 'max')} điểm; "
            f"dưới {shown(p, 'floor')}\u00a0%: 0 điểm."
        ),
        _parts,
        _above_floor,
        _floor,
    ),
    Method(
        "linear_between",
        "Nội suy giữa hai mốc",
        "Điểm tăng hoặc giảm đều giữa hai mốc; ngoài hai mốc thì giữ điểm của mốc gần nhất.",
        (
            MEASURE,
            Parameter("x1", "Mốc thứ nhất"),
            Parameter("p1", "Điểm ở mốc thứ nhất"),
            Parameter("x2", "Mốc thứ hai"),
            Parameter("p2", "Điểm ở mốc thứ hai"),
        ),
        lambda p: max(value_of(p, "p1"), value_of(p, "p2")),
        lambda p: (
            f"Từ {shown(p, 'x1')} đến {shown(p, 'x2')}\u00a0{p['measure']}: "
            f"từ {shown(p, 'p1')} đến {shown(p, 'p2')} điểm, tính đều."
        ),
        _result,
        _between,
        _bounds,
    ),
]
