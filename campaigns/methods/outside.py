"""Methods whose points do not follow from what a unit enters about itself alone."""

from collections.abc import Iterator
from decimal import Decimal

from campaigns.methods.method import MAX, Filler, Method, own_max, positive_max
from campaigns.methods.parameters import Kind, Parameter
from campaigns.methods.values import (
    HUNDRED,
    Ask,
    Asked,
    Field,
    Inputs,
    Params,
    count_in,
    number,
    shown,
    value_of,
)

WHOSE = ("own", "below")
LATER = "Điểm được tính khi chốt số liệu của mọi đơn vị."


def _scale(params: Params) -> Iterator[str]:
    yield from positive_max(params)
    if value_of(params, "scale_max") <= 0:
        yield "Thang của kết quả điều tra phải lớn hơn 0."


def _surveyed(params: Params, inputs: Inputs) -> Decimal:
    result, top = count_in(inputs, "result", "Hãy nhập kết quả điều tra."), value_of(params, "scale_max")
    if result > top:
        raise Ask(f"Kết quả điều tra phải từ 0 đến {number(top)}.", Asked.WRONG)
    return result / top * value_of(params, "max")


def _against_leader(params: Params, inputs: Inputs) -> Decimal:
    """Asks for the figures; the points are ``relative_points`` when all figures are closed."""
    count_in(inputs, "achieved", "Hãy nhập kết quả đạt được.")
    if inputs.get("target") not in (None, "") and count_in(inputs, "target", "") == 0:
        raise Ask("Chỉ tiêu phải lớn hơn 0; không được giao chỉ tiêu thì để trống.", Asked.WRONG)
    raise Ask(LATER, Asked.LATER)


def _share_of_index(params: Params, inputs: Inputs) -> Decimal:
    index = count_in(inputs, "index", "Chưa có chỉ số: hãy lấy số liệu khi bộ chỉ số kia đã công bố.")
    if index > HUNDRED:
        raise Ask("Chỉ số phải từ 0 đến 100.", Asked.WRONG)
    return index / HUNDRED * value_of(params, "max")


def _source(params: Params) -> Iterator[str]:
    yield from positive_max(params)
    if str(params["whose"]) not in WHOSE:
        yield "“Của ai” phải là own (đơn vị của người hoặc tập thể được chấm) hoặc below (các đơn vị trực thuộc)."


def _describe_source(params: Params) -> str:
    whose = "của đơn vị" if params["whose"] == "own" else "bình quân của các đơn vị trực thuộc"
    return f"Chỉ số {whose} theo bộ chỉ số {params['scheme']} × {shown(params, 'max')} điểm ÷ 100."


def relative_points(maximum: Decimal, achieved: Decimal, target: Decimal, leader: Decimal) -> Decimal:
    """Points of a row that is measured against the leading unit; ``leader`` is the best achieved ÷ target.

    Below the target half the maximum in proportion, at the target half, the leader all, in between on the straight
    line (method ``relative_to_leader`` of the catalogue). Known only when every unit's figures are closed.
    """
    half, ratio = maximum / 2, achieved / target
    if ratio <= 1:
        return half * ratio
    return half + (ratio - 1) / (leader - 1) * half


METHODS = [
    Method(
        "survey",
        "Điều tra xã hội học",
        "Kết quả điều tra, quy theo thang của nó ra điểm; đơn vị không tự chấm.",
        (MAX, Parameter("scale_max", "Thang của kết quả điều tra", hint="Ví dụ 100 nếu kết quả tính bằng %")),
        own_max,
        lambda p: f"Kết quả điều tra ÷ {shown(p, 'scale_max')} × {shown(p, 'max')} điểm.",
        lambda p: [Field("result", "Kết quả điều tra")],
        _surveyed,
        _scale,
        filler=Filler.OFFICE,
    ),
    Method(
        "relative_to_leader",
        "So với đơn vị dẫn đầu",
        "Đạt chỉ tiêu được nửa số điểm, đơn vị dẫn đầu được trọn điểm; tính khi chốt số liệu của mọi đơn vị.",
        (MAX,),
        own_max,
        lambda p: (
            f"Dưới chỉ tiêu: theo tỷ lệ của {number(value_of(p, 'max') / 2)} điểm; đạt chỉ tiêu: "
            f"{number(value_of(p, 'max') / 2)} điểm; đơn vị dẫn đầu: {shown(p, 'max')} điểm."
        ),
        lambda p: [Field("achieved", "Kết quả đạt được"), Field("target", "Chỉ tiêu được giao")],
        _against_leader,
        positive_max,
        filler=Filler.CLOSING,
    ),
    Method(
        "index_share",
        "Theo chỉ số đã công bố",
        "Chỉ số (%) đã công bố của đơn vị, hoặc bình quân của các đơn vị trực thuộc, nhân với điểm tối đa.",
        (
            MAX,
            Parameter("scheme", "Mã bộ chỉ số", Kind.TEXT, "Ví dụ: cchc-phong"),
            Parameter("whose", "Của ai", Kind.TEXT, "own: của đơn vị; below: của các đơn vị trực thuộc"),
        ),
        own_max,
        _describe_source,
        lambda p: [Field("index", "Chỉ số", measure="%")],
        _share_of_index,
        _source,
    ),
]
