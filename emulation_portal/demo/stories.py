"""What people of the demo office write and enter: pledges, achievements, figures, reasons. All made up."""

from decimal import Decimal
from random import Random
from typing import Any

from campaigns.models import CampaignYear, Criterion
from campaigns.queries import criteria_in_use
from organization.models import User

APPROVAL_REASON = "Điều chỉnh theo kết quả họp đơn vị: còn một văn bản tham mưu chậm tiến độ."
APPRAISAL_REASON = "Đối chiếu báo cáo quý và phần mềm theo dõi nhiệm vụ: có nội dung phải bổ sung."
STEP_DOWN = Decimal("0.5")
# Of all years so many are up to here: the share of years below, and the quality from worst to best.
QUALITY = [
    (0.04, (0.6, 0.7)),
    (0.1, (0.85, 0.9)),
    (0.4, (0.93, 0.96)),
    (0.87, (0.972, 0.993)),
    (1, (0.995, 1)),
]
ACHIEVEMENTS = [(0.995, 5), (0.985, 3), (0.93, 2), (0, 1)]

PLEDGES = [
    "Hoàn thành 100 % nhiệm vụ cải cách hành chính được giao, đúng tiến độ; không để hồ sơ quá hạn.",
    "Chấp hành nghiêm kỷ luật, kỷ cương hành chính; thực hiện tốt văn hóa công sở.",
]
TARGETS = [
    ("4", "Sáng kiến, giải pháp được công nhận", Decimal(1), "sáng kiến"),
    ("2", "Nhiệm vụ hoàn thành đúng hạn", Decimal(100), "%"),
    ("5", "Văn bản xử lý trên môi trường điện tử", Decimal(98), "%"),
    ("6", "Không vi phạm kỷ luật, kỷ cương", None, ""),
]


def pledge(year: int) -> str:
    return "\n".join(PLEDGES) + f"\nThực hiện từ nay đến hết năm {year}."


def targets(campaign_year: CampaignYear, chance: Random) -> list[dict[str, Any]]:
    """Two or three registered targets under the campaign's contents."""
    in_use = criteria_in_use(campaign_year)
    contents = {one.code: one for one in in_use.criteria.filter(parent__isnull=True)} if in_use else {}
    return [
        {"criterion": contents.get(code), "target": target, "quantity": quantity, "measure": measure}
        for code, target, quantity, measure in chance.sample(TARGETS, chance.choice([2, 3]))
    ]


def quality_of(user: User, campaign_year: CampaignYear, *, collective: bool) -> float:
    """How good the year of this person, or of the unit he leads, is: few are weak, most are good, some excellent."""
    chance = Random(f"{campaign_year.year} {user.username} {collective}")  # noqa: S311 - the same at every run
    # The units of a year take turns; people are many enough for chance.
    turn = (user.acting.unit_id or 0) * 3 + campaign_year.year
    share = (turn % 10 + 0.5) / 10 if collective else chance.random()
    worst, best = next(limits for bound, limits in QUALITY if share < bound)
    return worst + (best - worst) * chance.random()


def how_many(quality: float) -> int:
    """How many kinds of achievements a year of this quality brings."""
    return next(count for bound, count in ACHIEVEMENTS if quality >= bound)


def inputs_for(
    criterion: Criterion, quality: float, chance: Random
) -> tuple[dict[str, str], Decimal | None, str]:
    """Inputs, typed score and note for one line of a sheet, as somebody of this quality would give them."""
    params, good = criterion.params, chance.random() < quality
    match criterion.method:
        case "typed":
            step = Decimal(params["step"])
            steps = int(
                (Decimal(params["max"]) - Decimal(params["min"])) / step * Decimal(str(round(quality, 2)))
            )
            return {}, Decimal(params["min"]) + steps * step, ""
        case "all_or_nothing":
            return {"met": "1" if good else "0"}, None, ""
        case "tiered_choice":
            return {"choice": params["choices"][0 if good else 1]["label"]}, None, ""
        case "tiered_threshold":
            return {"value": str(92 + chance.randrange(8) if good else 75 + chance.randrange(10))}, None, ""
        case "proportional":
            whole = 80 + chance.randrange(120)
            done = whole if good else whole - chance.randrange(1, 12)
            return {"numerator": str(done), "denominator": str(whole)}, None, ""
        case "deduct_per_case":
            return {"count": "0" if good else "1"}, None, ""
    return {"count": "0"}, None, ""
