"""The method that follows a formula with named variables and branches, as the table of the office says it."""

from collections.abc import Iterator
from decimal import Decimal

from campaigns.methods.formulas import Formula, condition, expression
from campaigns.methods.method import MAX, Method, own_max, positive_max
from campaigns.methods.parameters import Kind, Parameter
from campaigns.methods.values import ANSWER, Ask, Asked, Field, Inputs, Params, number, number_in


def _names(params: Params) -> list[str]:
    return [str(row["name"]) for row in params["variables"]]


def _formulas(row: Params) -> Iterator[Formula]:
    if row.get("when"):
        yield condition(str(row["when"]))
    yield expression(str(row["score"]))


def _together(params: Params) -> Iterator[str]:
    yield from positive_max(params)
    names = _names(params)
    if len(set(names)) < len(names):
        yield "Hai biến không được trùng tên."
    branches = params["branches"]
    for place, row in enumerate(branches, start=1):
        for formula in _formulas(row):
            for name in sorted(formula.names - set(names)):
                yield f"Nhánh {place}: công thức dùng “{name}” mà danh sách biến không có."
        if not row.get("when") and place < len(branches):
            yield f"Nhánh {place}: chỉ nhánh cuối được để trống điều kiện."


def _words(params: Params) -> str:
    rows = "; ".join(
        f"khi {row['when']}: {row['score']}" if row.get("when") else f"còn lại: {row['score']}"
        for row in params["branches"]
    )
    variables = "; ".join(f"{row['name']} là {row['label']}" for row in params["variables"])
    return f"{rows[:1].upper()}{rows[1:]}. Trong đó {variables}."


def _compute(params: Params, inputs: Inputs) -> Decimal:
    """The first branch whose condition holds; what cannot be computed, or leaves the scale, is a question."""
    values = {
        str(row["name"]): number_in(inputs, str(row["name"]), f"Hãy nhập {row['label']}.")
        for row in params["variables"]
    }
    try:
        for row in params["branches"]:
            if not row.get("when") or condition(str(row["when"])).value(values):
                return _within(params, expression(str(row["score"])).value(values))
    except ArithmeticError:
        raise Ask(f"Công thức phải chia cho 0 nên không tính được: {ANSWER}", Asked.UNDECIDED) from None
    raise Ask(f"Số liệu không thuộc nhánh nào của công thức: {ANSWER}", Asked.UNDECIDED)


def _within(params: Params, points: Decimal) -> Decimal:
    most = own_max(params)
    if 0 <= points <= most:
        return points
    said = f"Công thức cho {number(points.quantize(Decimal('0.0001')).normalize())} điểm"
    raise Ask(f"{said}, ngoài khoảng 0 đến {number(most)}: {ANSWER}", Asked.UNDECIDED)


METHODS = [
    Method(
        "formula_branches",
        "Theo công thức",
        "Điểm theo công thức với các biến có tên; nhánh đầu tiên có điều kiện đúng được dùng.",
        (
            MAX,
            Parameter("variables", "Các biến", Kind.VARIABLES, "Tên ngắn không dấu và nội dung của số liệu"),
            Parameter(
                "branches",
                "Các nhánh",
                Kind.BRANCHES,
                "Dùng + - * / ( ), so sánh >= > <= < =, “và”, “hoặc”, min(a; b), max(a; b)",
            ),
        ),
        own_max,
        _words,
        lambda p: [Field(str(row["name"]), str(row["label"])) for row in p.get("variables", [])],
        _compute,
        _together,
    )
]
