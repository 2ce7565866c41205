"""Methods in which somebody says which level was reached."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from campaigns.methods.method import MAX, Method, highest, own_max, positive_max
from campaigns.methods.parameters import Kind, Parameter
from campaigns.methods.values import (
    HUNDRED,
    ZERO,
    Ask,
    Asked,
    Field,
    Inputs,
    Params,
    choice_in,
    number,
    shown,
    value_of,
)


def _levels(name: str) -> Callable[[Params], list[Field]]:
    def asks(params: Params) -> list[Field]:
        labels = [str(row["label"]) for row in params.get(name, [])]
        return [Field("choice", "Mức đạt được", tuple((label, label) for label in labels))]

    return asks


def _named(rows: list[Params]) -> Iterator[str]:
    labels = [str(row["label"]).strip().casefold() for row in rows]
    if len(rows) < 2:
        yield "Phải có ít nhất hai mức để chọn."
    if len(set(labels)) < len(labels):
        yield "Hai mức không được trùng tên."


def _met(params: Params, inputs: Inputs) -> Decimal:
    met = inputs.get("met")
    if met in (True, "1"):
        return value_of(params, "max")
    if met in (False, "0"):
        return ZERO
    raise Ask("Hãy chọn Đạt hoặc Không đạt.", Asked.MISSING)


def _choices(params: Params) -> Iterator[str]:
    yield from _named(params["choices"])
    if not any(value_of(row, "points") for row in params["choices"]):
        yield "Phải có ít nhất một mức cho điểm lớn hơn 0."


def _describe_choices(params: Params) -> str:
    rows = "; ".join(f"{row['label']}: {shown(row, 'points')} điểm" for row in params["choices"])
    return f"Chọn một mức. {rows}."


def _shares(params: Params) -> Iterator[str]:
    yield from positive_max(params)
    yield from _named(params["choices"])
    if not any(value_of(row, "percent") for row in params["choices"]):
        yield "Phải có ít nhất một mức lớn hơn 0 %."


def _describe_shares(params: Params) -> str:
    most = value_of(params, "max")
    rows = "; ".join(
        f"{row['label']}: {shown(row, 'percent')}\u00a0% = {number(_share(most, row))} điểm"
        for row in params["choices"]
    )
    return f"Chọn một mức, tính theo {number(most)} điểm tối đa. {rows}."


def _describe_deductions(params: Params) -> str:
    rows = "; ".join(f"{row['label']}: trừ {shown(row, 'percent')}\u00a0%" for row in params["choices"])
    return f"{shown(params, 'max')} điểm, trừ theo mức. {rows}."


def _share(most: Decimal, row: Params) -> Decimal:
    return most * value_of(row, "percent") / HUNDRED


METHODS = [
    Method(
        "all_or_nothing",
        "Đạt hoặc không đạt",
        "Đạt thì được trọn điểm, không đạt thì 0 điểm.",
        (MAX,),
        own_max,
        lambda p: f"Đạt: {shown(p, 'max')} điểm; không đạt: 0 điểm.",
        lambda p: [Field("met", "Kết quả", (("1", "Đạt"), ("0", "Không đạt")))],
        _met,
        positive_max,
    ),
    Method(
        "tiered_choice",
        "Chọn một mức",
        "Người chấm chọn một trong các mức đã nêu.",
        (Parameter("choices", "Các mức", Kind.CHOICES, "Tên mức và điểm của mức"),),
        highest("choices"),
        _describe_choices,
        _levels("choices"),
        lambda p, inputs: value_of(choice_in(inputs, p["choices"]), "points"),
        _choices,
    ),
    Method(
        "tiered_percent_of_max",
        "Chọn một mức, tính theo % điểm tối đa",
        "Mỗi mức được một phần điểm tối đa, ghi bằng %.",
        (MAX, Parameter("choices", "Các mức", Kind.SHARES, "Tên mức và phần trăm điểm tối đa của mức")),
        own_max,
        _describe_shares,
        _levels("choices"),
        lambda p, inputs: _share(value_of(p, "max"), choice_in(inputs, p["choices"])),
        _shares,
    ),
    Method(
        "deduct_percent",
        "Trừ theo % điểm",
        "Bắt đầu từ điểm tối đa, trừ một phần theo mức vi phạm.",
        (MAX, Parameter("choices", "Các mức vi phạm", Kind.SHARES, "Tên mức và phần trăm bị trừ")),
        own_max,
        _describe_deductions,
        _levels("choices"),
        lambda p, inputs: value_of(p, "max") - _share(value_of(p, "max"), choice_in(inputs, p["choices"])),
        _shares,
    ),
]
