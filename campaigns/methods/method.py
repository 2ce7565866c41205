"""What one way of scoring consists of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from campaigns.methods.parameters import Kind, Parameter, problems_of
from campaigns.methods.values import LIMIT, ZERO, Field, Inputs, Params, value_of


def nothing(params: Params) -> Iterator[str]:
    """No conditions that concern several parameters."""
    yield from ()


def no_points(params: Params) -> Decimal:
    return ZERO


def no_step(params: Params) -> Decimal | None:
    return None


class Filler(StrEnum):
    """Who gives the inputs of a criterion, and so whose column its points stand in."""

    UNIT = "unit"
    OFFICE = "office"
    CLOSING = "closing"  # the unit gives figures, the points follow when all figures are closed


@dataclass(frozen=True)
class Method:
    """One way of scoring a criterion.

    ``top`` and ``bottom`` give the most and the fewest points (``top`` None: no upper bound); ``together`` adds
    what the parameters must fulfil together; ``asks`` names the inputs; ``compute`` gives the points or raises
    ``Ask``. All but ``problems`` want valid parameters.
    """

    id: str
    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    top: Callable[[Params], Decimal | None]
    words: Callable[[Params], str]
    asks: Callable[[Params], list[Field]]
    compute: Callable[[Params, Inputs], Decimal]
    together: Callable[[Params], Iterator[str]] = nothing
    bottom: Callable[[Params], Decimal] = no_points
    step: Callable[[Params], Decimal | None] = no_step
    filler: Filler = Filler.UNIT

    def maximum(self, params: Params) -> Decimal:
        """What the criterion adds to the table's maximum: nothing where points have no upper bound, a bonus."""
        top = self.top(params)
        return ZERO if top is None else top

    def bounds(self, params: Params) -> tuple[Decimal, Decimal, Decimal | None]:
        """The most and the fewest points that a person may give here, and their step."""
        top = self.top(params)
        return LIMIT if top is None else top, self.bottom(params), self.step(params)

    def describe(self, params: Params) -> str:
        """The parameters as a Vietnamese sentence for the criteria table."""
        return self.words(params)

    def problems(self, params: Params) -> list[str]:
        """What is wrong with the parameters, in Vietnamese; an empty list means they are valid."""
        if not isinstance(params, dict):
            return ["Tham số của cách chấm phải là một danh sách tên và giá trị."]
        known = {parameter.name for parameter in self.parameters}
        found = [
            f"Cách chấm “{self.name}” không có tham số “{name}”." for name in params if name not in known
        ]
        for parameter in self.parameters:
            found += problems_of(parameter, params.get(parameter.name))
        return found or list(self.together(params))


def highest(name: str) -> Callable[[Params], Decimal]:
    """The largest points of a parameter that is a list of rows."""
    return lambda params: max(value_of(row, "points") for row in params[name])


def own_max(params: Params) -> Decimal:
    return value_of(params, "max")


def positive_max(params: Params) -> Iterator[str]:
    if value_of(params, "max") <= 0:
        yield "Điểm tối đa phải lớn hơn 0."


MAX = Parameter("max", "Điểm tối đa")
MEASURE = Parameter("measure", "Đơn vị tính", Kind.TEXT, "Ví dụ: lần, việc, sáng kiến, %")
