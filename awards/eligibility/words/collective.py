"""Words about a collective: shares of its members, its age, the movement it took part in. Pure, exact."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from awards.eligibility.facts import DISCIPLINES, LAUNCHERS, STAGES, Candidate, Members
from awards.eligibility.findings import Finding, State, left_open, met, unmet
from awards.eligibility.words.person import day, number

Asked = Mapping[str, Any]
WHOLE = 100


def members(candidate: Candidate, asked: Asked) -> Finding:
    """Members who hold ``title`` this year: ``at_least_percent`` or ``more_than_percent`` of them, or a ``count``.

    While it is still being decided who is proposed for the year's titles, too few are no answer yet.
    """
    finding, found = _members(candidate, asked), candidate.members
    if finding.state is State.UNMET and found is not None and found.awaited:
        return left_open(
            finding.fact, f"{finding.wanting} Tính lại khi đơn vị đề nghị danh hiệu cho cá nhân."
        )
    return finding


def _members(candidate: Candidate, asked: Asked) -> Finding:
    found = candidate.members
    if found is None or not found.count:
        return _nobody()
    holders, name = found.titles.get(asked["title"], 0), asked["name"]
    fact = f"{holders}/{found.count} người đạt {name}"
    if "count" in asked:
        if holders >= asked["count"]:
            return met(f"{fact} (cần ít nhất {asked['count']} người).")
        return unmet(
            f"{fact}.", f"Cần ít nhất {asked['count']} người đạt {name}.", earliest=candidate.year + 1
        )
    return _share(candidate, asked, holders, found, fact)


def members_complete(candidate: Candidate, asked: Asked) -> Finding:
    """The share of members rated "completed" or better: ``at_least_percent``."""
    found = candidate.members
    if found is None or not found.count:
        return _nobody()
    rated = sum(found.grades.values())
    if rated < found.count:
        return left_open(
            f"{found.count - rated}/{found.count} người chưa có xếp loại năm.", "Nhập đủ xếp loại năm."
        )
    done = found.count - found.grades.get("failed", 0)
    return _share(candidate, asked, done, found, f"{done}/{found.count} người hoàn thành nhiệm vụ trở lên")


def members_not_disciplined(candidate: Candidate, asked: Asked) -> Finding:
    """No member was disciplined in form ``from`` or heavier."""
    found = candidate.members
    if found is None:
        return _nobody()
    forms = list(DISCIPLINES)
    heavy = forms[forms.index(asked["from"]) :]
    many = sum(found.disciplines.get(form, 0) for form in heavy)
    bound = f"từ {DISCIPLINES[asked['from']]} trở lên"
    if not many:
        return met(f"Không có người bị kỷ luật {bound}.")
    return unmet(f"Có {many} người bị kỷ luật {bound}.", earliest=candidate.year + 1)


def existed(candidate: Candidate, asked: Asked) -> Finding:
    """Founded at least ``years`` years before the day of the review."""
    if candidate.founded_on is None:
        return left_open("Chưa có ngày thành lập.", "Ghi ngày thành lập.")
    years = candidate.day.year - candidate.founded_on.year
    if (candidate.day.month, candidate.day.day) < (candidate.founded_on.month, candidate.founded_on.day):
        years -= 1
    fact = f"Thành lập ngày {day(candidate.founded_on)}, được {years} năm"
    if years >= asked["years"]:
        return met(f"{fact}.")
    earliest = candidate.founded_on.year + asked["years"]
    return unmet(f"{fact}.", f"Cần từ {asked['years']} năm.", earliest=earliest)


def movement(candidate: Candidate, asked: Asked) -> Finding:
    """The movement was launched by one of ``launched_by``, lasts ``months`` or longer, and is at one of ``stages``."""
    found = candidate.movement
    if found is None:
        return left_open("Chưa gắn với phong trào thi đua nào.", "Chọn phong trào thi đua.")
    launcher, stage = LAUNCHERS[found.launched_by], STAGES[found.stage]
    fact = f"Phong trào do {launcher} phát động, kéo dài {found.months} tháng, {stage}."
    wants = []
    if found.launched_by not in asked.get("launched_by", LAUNCHERS):
        wants.append(f"phải do {' hoặc '.join(LAUNCHERS[one] for one in asked['launched_by'])} phát động")
    if found.months < asked.get("months", 0):
        wants.append(f"phải kéo dài từ {asked['months']} tháng")
    if found.stage not in asked.get("stages", STAGES):
        wants.append(f"chỉ xét khi {' hoặc '.join(STAGES[one] for one in asked['stages'])}")
    if not wants:
        return met(fact)
    told = "; ".join(wants)
    return unmet(fact, f"{told[0].upper()}{told[1:]}.")


def _share(candidate: Candidate, asked: Asked, many: int, found: Members, fact: str) -> Finding:
    """Compared by cross-multiplying, so that 70 % of 7 is neither rounded up nor down."""
    share = number((Decimal(many * WHOLE) / found.count).quantize(Decimal("0.01")))
    if "more_than_percent" in asked:
        bound = Decimal(str(asked["more_than_percent"]))
        holds, sign = many * WHOLE > bound * found.count, "trên"
    else:
        bound = Decimal(str(asked["at_least_percent"]))
        holds, sign = many * WHOLE >= bound * found.count, "từ"
    fact = f"{fact}, bằng {share}%"
    if holds:
        return met(f"{fact} (cần {sign} {number(bound)}%).")
    return unmet(f"{fact}.", f"Cần {sign} {number(bound)}%.", earliest=candidate.year + 1)


def _nobody() -> Finding:
    return left_open("Chưa có số người của tập thể.", "Nhập xếp loại và danh hiệu của các thành viên.")
