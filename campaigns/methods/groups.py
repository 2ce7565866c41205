"""How an inner node joins its children where it does not simply add them up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from campaigns.methods.parameters import Parameter, problems_of
from campaigns.methods.values import Params, optional, shown

ALL_OF, ANY_OF, BONUS_BLOCK = "all_of", "any_of", "bonus_block"


@dataclass(frozen=True)
class Group:
    """One way of joining. ``has_points``: the node has a maximum of its own instead of the sum of its children."""

    id: str
    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    words: Callable[[Params], str]
    has_points: bool = False

    def problems(self, params: Params) -> list[str]:
        known = {parameter.name for parameter in self.parameters}
        found = [f"“{self.name}” không có tham số “{name}”." for name in params if name not in known]
        for parameter in self.parameters:
            found += problems_of(parameter, params.get(parameter.name))
        return found


def _caps(params: Params) -> Iterator[str]:
    for name, words in (("bonus_cap", "cộng"), ("penalty_cap", "trừ")):
        if optional(params, name) is not None:
            yield f"{words} nhiều nhất {shown(params, name)} điểm"


def _describe_block(params: Params) -> str:
    return f"Điểm thưởng, điểm phạt ngoài thang điểm{''.join(f'; {words}' for words in _caps(params))}."


GROUPS: dict[str, Group] = {
    group.id: group
    for group in (
        Group(
            ALL_OF,
            "Đạt khi mọi tiêu chí con đạt (VÀ)",
            "Trọn điểm khi mọi tiêu chí con đạt điểm tối đa, ngược lại 0 điểm.",
            (),
            lambda p: "Trọn điểm khi mọi tiêu chí con đạt.",
            has_points=True,
        ),
        Group(
            ANY_OF,
            "Đạt khi một tiêu chí con đạt (HOẶC)",
            "Trọn điểm khi ít nhất một tiêu chí con đạt điểm tối đa, ngược lại 0 điểm.",
            (),
            lambda p: "Trọn điểm khi ít nhất một tiêu chí con đạt.",
            has_points=True,
        ),
        Group(
            BONUS_BLOCK,
            "Khối điểm thưởng, điểm phạt",
            "Nằm ngoài thang điểm: điểm dương là thưởng, điểm âm là phạt, mỗi phần có thể có giới hạn.",
            (
                Parameter(
                    "bonus_cap", "Thưởng nhiều nhất", hint="Để trống nếu không giới hạn", is_required=False
                ),
                Parameter(
                    "penalty_cap", "Phạt nhiều nhất", hint="Để trống nếu không giới hạn", is_required=False
                ),
            ),
            _describe_block,
        ),
    )
}
