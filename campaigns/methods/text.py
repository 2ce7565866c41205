"""Parameters as readable text, one line each, and back: what a cell of a scheme's Excel sheet holds.

    Điểm tối đa: 2
    Các mức:
    - kịp thời | 1
    - không kịp thời | 0,5

A label may be replaced by the parameter's short name (``max``). Numbers have a decimal comma; a point is read, too.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from campaigns.methods.groups import Group
from campaigns.methods.method import Method
from campaigns.methods.parameters import ROWS, Kind, Parameter, Part
from campaigns.methods.values import Params

YES, NO = "có", "không"
BAR = "|"
_NUMBERS = {"points", "percent", "bound"}
_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")


class TextError(ValueError):
    """The text does not say the parameters; the message says where, in Vietnamese."""


def to_text(method: Method | Group, params: Params) -> str:
    """Valid parameters in the order of the method."""
    return "\n".join(
        line
        for parameter in method.parameters
        if params.get(parameter.name) not in (None, "", [])
        for line in _lines(parameter, params[parameter.name])
    )


def from_text(method: Method | Group, text: str) -> dict[str, Any]:
    """The parameters that the text says; whether they make sense is asked of ``Method.problems``."""
    params: dict[str, Any] = {}
    rows_of: Parameter | None = None
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if line.startswith("- "):
            rows_of = rows_of or _only_list(method)
            if rows_of is None:
                raise TextError(f"“{line}” không thuộc tham số nào.")
            params.setdefault(rows_of.name, [])
            params[rows_of.name].append(_row(rows_of, line[2:]))
            continue
        label, colon, value = line.partition(":")
        parameter = _named(method, label.strip()) or (None if value.strip() else _only_list(method))
        if not colon or parameter is None:
            known = "; ".join(one.label for one in method.parameters)
            raise TextError(f"Không hiểu “{line}”. Cách chấm “{method.name}” có các tham số: {known}.")
        if parameter.name in params:
            raise TextError(f"“{parameter.label}” được ghi hai lần.")
        rows_of = parameter if parameter.kind in ROWS else None
        params[parameter.name] = [] if rows_of else _value(parameter, value.strip())
    return params


def _lines(parameter: Parameter, value: Any) -> Iterator[str]:
    if parameter.kind not in ROWS:
        yield f"{parameter.label}: {_shown(parameter.kind, value)}"
        return
    yield f"{parameter.label}:"
    for row in value:
        cells = [_cell(part, row) for part in ROWS[parameter.kind]]
        yield f"- {f' {BAR} '.join(cells)}"


def _shown(kind: Kind, value: Any) -> str:
    if kind == Kind.FLAG:
        return YES if value else NO
    return _comma(value) if kind == Kind.DECIMAL else " ".join(str(value).split())


def _cell(part: Part, row: Mapping[str, Any]) -> str:
    value = row.get(part.name, "")
    return _comma(value) if part.kind in _NUMBERS and value != "" else " ".join(str(value).split())


def _comma(value: Any) -> str:
    return f"{Decimal(str(value)).normalize():f}".replace(".", ",")


def _named(method: Method | Group, label: str) -> Parameter | None:
    wanted = label.casefold()
    for parameter in method.parameters:
        if wanted in (parameter.label.casefold(), parameter.name):
            return parameter
    return None


def _only_list(method: Method | Group) -> Parameter | None:
    """Where a method has one list of rows, rows are meant for it, whatever they are called."""
    lists = [parameter for parameter in method.parameters if parameter.kind in ROWS]
    return lists[0] if len(lists) == 1 else None


def _value(parameter: Parameter, text: str) -> Any:
    if parameter.kind == Kind.FLAG:
        if text.casefold() not in (YES, NO):
            raise TextError(f"“{parameter.label}” phải là “{YES}” hoặc “{NO}”.")
        return text.casefold() == YES
    return _number(parameter.label, text) if parameter.kind == Kind.DECIMAL else text


def _row(parameter: Parameter, text: str) -> dict[str, str]:
    parts = ROWS[parameter.kind]
    cells = [cell.strip() for cell in text.split(BAR)]
    if len(cells) != len(parts):
        form = f" {BAR} ".join(part.label for part in parts)
        raise TextError(f"“{text}”: mỗi dòng của “{parameter.label}” phải có dạng {form}.")
    return {
        part.name: _number(part.label, cell) if part.kind in _NUMBERS else cell
        for part, cell in zip(parts, cells, strict=True)
        if cell
    }


def _number(label: str, text: str) -> str:
    """As ``params`` hold it: "0.5"."""
    if not _NUMBER.fullmatch(text):
        raise TextError(f"“{label}” phải là một số, không phải “{text}”.")
    return f"{Decimal(text.replace(',', '.')).normalize():f}"
