"""Methods that count: things done, cases of fault, days late; and points that a person gives directly."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from campaigns.methods.method import MAX, MEASURE, Method, own_max, positive_max
from campaigns.methods.parameters import Kind, Parameter
from campaigns.methods.values import (
    LIMIT,
    ZERO,
    Ask,
    Asked,
    Field,
    Inputs,
    Params,
    count_in,
    number,
    number_in,
    optional,
    shown,
    value_of,
)

EACH = Parameter("points_each", "Điểm cho mỗi lần")
FLOOR = Parameter("floor", "Không thấp hơn", hint="Để trống nếu điểm có thể âm", is_required=False)
FROM_ACHIEVEMENTS = Parameter(
    "from_achievements", "Đếm theo thành tích đã xác nhận trên cổng", Kind.FLAG, is_required=False
)


def _count_of(label: str) -> Callable[[Params], list[Field]]:
    return lambda params: [Field("count", label, measure=str(params.get("measure", "")))]


def _each(params: Params) -> Iterator[str]:
    if value_of(params, "points_each") <= 0:
        yield "Điểm cho mỗi lần phải lớn hơn 0."


def _count(params: Params) -> Iterator[str]:
    yield from positive_max(params)
    yield from _each(params)
    if value_of(params, "points_each") > value_of(params, "max"):
        yield "Điểm cho mỗi lần không được lớn hơn điểm tối đa."


def _describe_count(params: Params) -> str:
    words = f"Mỗi {params['measure']} được {shown(params, 'points_each')} điểm, "
    words += f"nhiều nhất {shown(params, 'max')} điểm" if "max" in params else "ngoài thang điểm"
    return f"{words}; đếm theo thành tích đã xác nhận." if params.get("from_achievements") else f"{words}."


def _earned(params: Params, inputs: Inputs) -> Decimal:
    return count_in(inputs, "count", "Hãy nhập số lượng.") * value_of(params, "points_each")


def _deduct(params: Params) -> Iterator[str]:
    if value_of(params, "deduct_each") <= 0:
        yield "Điểm trừ mỗi lần phải lớn hơn 0."
    floor = optional(params, "floor")
    if floor is not None and floor >= value_of(params, "max"):
        yield "Điểm thấp nhất phải nhỏ hơn điểm tối đa."


def _describe_deduct(params: Params) -> str:
    words = f"{shown(params, 'max')} điểm, mỗi {params['measure']} trừ {shown(params, 'deduct_each')} điểm, "
    return words + (
        f"không dưới {shown(params, 'floor')} điểm."
        if optional(params, "floor") is not None
        else "điểm có thể âm."
    )


def _deducted(params: Params, inputs: Inputs) -> Decimal:
    count = count_in(inputs, "count", "Hãy nhập số lần; không có lần nào thì nhập 0.")
    return _not_below(params, value_of(params, "max") - count * value_of(params, "deduct_each"))


def _not_below(params: Params, points: Decimal) -> Decimal:
    floor = optional(params, "floor")
    return points if floor is None else max(points, floor)


def _fewest(params: Params) -> Decimal:
    floor = optional(params, "floor")
    return -LIMIT if floor is None else min(floor, ZERO)


def _penalty(params: Params) -> Iterator[str]:
    if value_of(params, "deduct_each") <= 0:
        yield "Điểm trừ mỗi lần phải lớn hơn 0."


def _describe_penalty(params: Params) -> str:
    cap = optional(params, "cap")
    words = f"Mỗi {params['measure']} trừ {shown(params, 'deduct_each')} điểm"
    return f"{words}." if cap is None else f"{words}, trừ nhiều nhất {number(cap)} điểm."


def _penalised(params: Params, inputs: Inputs) -> Decimal:
    count = count_in(inputs, "count", "Hãy nhập số lần; không có lần nào thì nhập 0.")
    points, cap = count * value_of(params, "deduct_each"), optional(params, "cap")
    return -(points if cap is None else min(points, cap))


def _most_penalised(params: Params) -> Decimal:
    cap = optional(params, "cap")
    return -LIMIT if cap is None else -cap


def _ranges(params: Params) -> Iterator[str]:
    """From low to high without overlap; only the last may be open at its end."""
    yield from positive_max(params)
    rows = params["ranges"]
    for place, row in enumerate(rows, start=1):
        start, end = value_of(row, "from"), optional(row, "to")
        if end is None and place < len(rows):
            yield f"Mức {place}: chỉ mức cuối được để trống ô “Đến”."
        elif end is not None and end < start:
            yield f"Mức {place}: “Đến” phải không nhỏ hơn “Từ”."
        elif place > 1 and start <= (optional(rows[place - 2], "to") or ZERO):
            yield f"Mức {place}: phải bắt đầu sau khi mức {place - 1} kết thúc."


def _graded(params: Params, inputs: Inputs) -> Decimal:
    """Below the first range nothing is deducted; a value that falls between two ranges is a question."""
    value = count_in(inputs, "value", "Hãy nhập số liệu; không có thì nhập 0.")
    most, rows = value_of(params, "max"), params["ranges"]
    if value < value_of(rows[0], "from"):
        return most
    for row in rows:
        end = optional(row, "to")
        if value >= value_of(row, "from") and (end is None or value <= end):
            return _not_below(params, most - value_of(row, "points"))
    raise Ask(f"{number(value)} không thuộc mức nào: hãy nhập điểm và ghi giải trình.", Asked.UNDECIDED)


def _describe_ranges(params: Params) -> str:
    rows = "; ".join(
        f"{_range_words(row, params['measure'])}: trừ {shown(row, 'points')} điểm" for row in params["ranges"]
    )
    return f"{shown(params, 'max')} điểm. {rows[:1].upper()}{rows[1:]}."


def _range_words(row: Params, measure: str) -> str:
    start, end = shown(row, "from"), optional(row, "to")
    return f"từ {start} {measure} trở lên" if end is None else f"từ {start} đến {number(end)}\u00a0{measure}"


def _lowest_graded(params: Params) -> Decimal:
    deducted = max(value_of(row, "points") for row in params["ranges"])
    return min(_not_below(params, value_of(params, "max") - deducted), ZERO)


def _typed(params: Params) -> Iterator[str]:
    least, most, step = value_of(params, "min"), value_of(params, "max"), value_of(params, "step")
    if least >= most:
        yield "Điểm thấp nhất phải nhỏ hơn điểm cao nhất."
    if step <= 0:
        yield "Bước điểm phải lớn hơn 0."
    elif (most - least) % step:
        yield f"Khoảng điểm từ {number(least)} đến {number(most)} không chia hết cho bước {number(step)}."


def _given(params: Params, inputs: Inputs) -> Decimal:
    value = number_in(inputs, "value", "Hãy nhập điểm.")
    least, most, step = value_of(params, "min"), value_of(params, "max"), value_of(params, "step")
    if not least <= value <= most:
        raise Ask(
            f"Điểm phải từ {number(least)} đến {number(most)}; {number(value)} không hợp lệ.", Asked.WRONG
        )
    if (value - least) % step:
        raise Ask(f"Điểm phải theo bước {number(step)}, tính từ {number(least)}.", Asked.WRONG)
    return value


METHODS = [
    Method(
        "count_capped",
        "Đếm có giới hạn",
        "Số lần nhân với điểm mỗi lần, không quá điểm tối đa.",
        (EACH, MAX, MEASURE, FROM_ACHIEVEMENTS),
        own_max,
        _describe_count,
        _count_of("Số lượng"),
        lambda p, inputs: min(_earned(p, inputs), value_of(p, "max")),
        _count,
    ),
    Method(
        "bonus_uncapped",
        "Điểm cộng không giới hạn",
        "Số lần nhân với điểm mỗi lần, cộng thêm ngoài thang điểm và không giới hạn.",
        (EACH, MEASURE, FROM_ACHIEVEMENTS),
        lambda p: None,
        _describe_count,
        _count_of("Số lượng"),
        _earned,
        _each,
    ),
    Method(
        "deduct_per_case",
        "Trừ theo lần",
        "Bắt đầu từ điểm tối đa, mỗi lần vi phạm trừ một số điểm.",
        (MAX, Parameter("deduct_each", "Trừ mỗi lần"), FLOOR, MEASURE),
        own_max,
        _describe_deduct,
        _count_of("Số lượng"),
        _deducted,
        _deduct,
        _fewest,
    ),
    Method(
        "penalty_per_case",
        "Điểm phạt theo lần",
        "Điểm âm: số lần nhân với điểm trừ mỗi lần. Dùng trong khối điểm thưởng, điểm phạt.",
        (
            Parameter("deduct_each", "Trừ mỗi lần"),
            Parameter("cap", "Trừ nhiều nhất", hint="Để trống nếu không giới hạn", is_required=False),
            MEASURE,
        ),
        lambda p: ZERO,
        _describe_penalty,
        _count_of("Số lần"),
        _penalised,
        _penalty,
        _most_penalised,
    ),
    Method(
        "deduct_graded",
        "Trừ theo bậc",
        "Bắt đầu từ điểm tối đa, trừ theo bậc của số liệu (ví dụ số ngày chậm); điểm có thể âm.",
        (MAX, MEASURE, Parameter("ranges", "Các bậc", Kind.RANGES, "Từ thấp đến cao"), FLOOR),
        own_max,
        _describe_ranges,
        lambda p: [Field("value", "Số liệu", measure=str(p.get("measure", "")))],
        _graded,
        _ranges,
        _lowest_graded,
    ),
    Method(
        "typed",
        "Nhập điểm trong khoảng",
        "Người chấm nhập điểm trong khoảng cho phép, theo bước.",
        (
            Parameter("min", "Điểm thấp nhất"),
            Parameter("max", "Điểm cao nhất"),
            Parameter("step", "Bước điểm", hint="Ví dụ 0,5: nhận 1; 1,5; 2…"),
        ),
        own_max,
        lambda p: f"Nhập điểm từ {shown(p, 'min')} đến {shown(p, 'max')}, bước {shown(p, 'step')}.",
        lambda p: [],
        _given,
        _typed,
        lambda p: value_of(p, "min"),
        lambda p: value_of(p, "step"),
    ),
]
