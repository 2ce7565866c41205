"""What is known of a person or a unit on the day of a review. Pure: plain values, no database.

The same words stand in the cases of ``manage.py assess`` (``reference/README.md``); ``None`` means "nobody has said".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# The four classes of the annual rating, from the lowest to the highest (Decree 90/2020, Decree 335/2025).
GRADES = {
    "failed": "không hoàn thành nhiệm vụ",
    "completed": "hoàn thành nhiệm vụ",
    "good": "hoàn thành tốt nhiệm vụ",
    "excellent": "hoàn thành xuất sắc nhiệm vụ",
}
# Disciplinary forms for staff, from the lightest to the heaviest.
DISCIPLINES = {
    "reprimand": "khiển trách",
    "warning": "cảnh cáo",
    "pay_cut": "hạ bậc lương",
    "demotion": "giáng chức",
    "removal": "cách chức",
    "dismissal": "buộc thôi việc",
}
# How far an initiative or a project is recognised, and how far it reaches.
LEVELS = {"agency": "cấp cơ sở", "province": "cấp tỉnh", "nation": "toàn quốc"}
# Who launched a movement, from the nearest to the farthest.
LAUNCHERS = {
    "agency": "cơ quan",
    "province": "tỉnh",
    "ministry": "bộ, ngành",
    "prime_minister": "Thủ tướng Chính phủ",
}
STAGES = {"running": "đang thực hiện", "interim": "sơ kết", "final": "tổng kết"}
OCCASIONS = {
    "regular": "công trạng",
    "thematic": "chuyên đề",
    "sudden": "đột xuất",
    "contribution": "quá trình cống hiến",
}
ABSENCES = {
    "maternity": "nghỉ thai sản",
    "brave_injury": "điều trị thương tích do hành động dũng cảm",
    "training": "đi đào tạo, bồi dưỡng",
    "sick": "nghỉ ốm",
    "unpaid": "nghỉ không hưởng lương",
    "other": "nghỉ khác",
}
HOLDS = {
    "discipline": "đang xem xét kỷ luật",
    "investigation": "đang bị điều tra, truy tố, xét xử",
    "inspection": "đang thanh tra, kiểm tra",
    "complaint": "có đơn khiếu nại, tố cáo đang được xác minh",
    "press": "báo chí phản ánh đang được xác minh",
}


@dataclass(frozen=True)
class Use:
    """An earlier use of a title or an initiative as a basis: for which award of which year."""

    award: str
    year: int


@dataclass(frozen=True)
class Title:
    """A title or a form of commendation held: for the achievement of ``year``, decided on a day."""

    award: str
    year: int
    decided_on: date | None = None
    occasion: str = "regular"
    key: str = ""
    spent_on: tuple[Use, ...] = ()


@dataclass(frozen=True)
class Initiative:
    """A recognised initiative (sáng kiến) or an accepted project (đề tài, đề án)."""

    name: str
    recognised_on: date
    level: str = "agency"
    reach: str = "agency"
    kind: str = "initiative"
    key: str = ""
    spent_on: tuple[Use, ...] = ()


@dataclass(frozen=True)
class Discipline:
    """A disciplinary decision and the last day of its effect; ``None`` while it lasts."""

    form: str
    decided_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class Hold:
    """Something under verification stops every award from one day to another."""

    reason: str
    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class Absence:
    """Days away from work; ``working_days`` are those of the reviewed year, ``result`` that of a training."""

    kind: str
    working_days: int
    months: int = 0
    result: str = ""


@dataclass(frozen=True)
class Place:
    """Months of the reviewed year in one unit; ``comment`` says whether a unit that was left has given its own."""

    unit: str
    months: Decimal
    is_present: bool = True
    has_comment: bool = False


@dataclass(frozen=True)
class Result:
    """A published result: one's own, that of the unit one leads, or of the unit one belongs to."""

    campaign: str
    year: int
    whose: str = "own"
    band: str = ""
    score: Decimal | None = None
    rank: int | None = None


@dataclass(frozen=True)
class Members:
    """What a collective's members have for the year: how many, in which class, with which title, disciplined how.

    ``awaited``: who of them is proposed for the year's titles is still being decided.
    """

    count: int
    grades: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, int] = field(default_factory=dict)
    disciplines: Mapping[str, int] = field(default_factory=dict)
    awaited: bool = False


@dataclass(frozen=True)
class Movement:
    """The emulation movement whose result is rewarded: who launched it, how long it lasts, which stage is reviewed."""

    launched_by: str
    months: int
    stage: str = "final"


@dataclass(frozen=True)
class Candidate:
    """Everything that a condition may ask about a person or a unit, as known on ``day`` for ``year``.

    ``is_leader`` is somebody who leads or manages, a deputy too; ``heads_unit`` only who answers for a unit himself.
    ``awaited`` are the awards of whose holders for ``year`` nothing has been decided yet.
    """

    recipient: str
    day: date
    year: int
    employment: str | None = None
    is_leader: bool | None = None
    heads_unit: bool | None = None
    joined_on: date | None = None
    founded_on: date | None = None
    is_registered: bool | None = None
    ratings: Mapping[int, str] = field(default_factory=dict)
    titles: tuple[Title, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    disciplines: tuple[Discipline, ...] = ()
    holds: tuple[Hold, ...] = ()
    absences: tuple[Absence, ...] = ()
    places: tuple[Place, ...] = ()
    results: tuple[Result, ...] = ()
    members: Members | None = None
    movement: Movement | None = None
    affirmed: Mapping[str, bool] = field(default_factory=dict)
    awaited: tuple[str, ...] = ()
