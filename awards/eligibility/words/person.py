"""Words about a person's year: discipline, holds, time worked, absence, training, transfer, post. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from awards.eligibility.facts import ABSENCES, DISCIPLINES, HOLDS, Candidate, Discipline
from awards.eligibility.findings import Finding, left_open, met, unmet

Asked = Mapping[str, Any]
EMPLOYMENTS = {"cong-chuc": "công chức", "vien-chuc": "viên chức", "nguoi-lao-dong": "người lao động"}


def not_disciplined(candidate: Candidate, asked: Asked) -> Finding:
    """No disciplinary decision of form ``from`` or heavier is in effect in the year, or was taken in it."""
    forms = list(DISCIPLINES)
    heavy = set(forms[forms.index(asked["from"]) :])
    found = [one for one in candidate.disciplines if one.form in heavy and _touches(one, candidate.year)]
    if not found:
        return met(f"Không bị kỷ luật từ {DISCIPLINES[asked['from']]} trở lên trong năm {candidate.year}.")
    last = max(found, key=lambda one: one.ended_on or date.max)
    fact = f"Bị kỷ luật {DISCIPLINES[last.form]} ngày {day(last.decided_on)}"
    if last.ended_on is None:
        return unmet(f"{fact}, chưa hết thời hạn kỷ luật.", "Chờ hết thời hạn kỷ luật.")
    return unmet(
        f"{fact}, hết thời hạn ngày {day(last.ended_on)}.",
        f"Thành tích được tính lại sau ngày {day(last.ended_on)}.",
        earliest=max(candidate.year, last.ended_on.year) + 1,
    )


def no_hold(candidate: Candidate, asked: Asked) -> Finding:
    """Nothing is under verification on the day of the review."""
    active = [
        hold
        for hold in candidate.holds
        if hold.started_on <= candidate.day and (hold.ended_on is None or hold.ended_on >= candidate.day)
    ]
    if not active:
        return met("Không có vụ việc đang được xem xét, xác minh.")
    told = "; ".join(f"{HOLDS[hold.reason]} từ ngày {day(hold.started_on)}" for hold in active)
    return unmet(f"{told[0].upper()}{told[1:]}.", "Chưa xét cho đến khi có kết luận.")


def worked(candidate: Candidate, asked: Asked) -> Finding:
    """At least ``months`` months of the year since joining: whole calendar months, the month of joining included."""
    needed = figure(asked["months"])
    if candidate.joined_on is None:
        return left_open("Chưa có ngày vào cơ quan.", "Ghi ngày vào cơ quan.")
    months = _months_of_year(candidate.joined_on, candidate.year)
    fact = f"Vào cơ quan ngày {day(candidate.joined_on)}, làm việc {months} tháng của năm {candidate.year}"
    if months >= needed:
        return met(f"{fact} (cần từ {number(needed)} tháng).")
    return unmet(
        f"{fact}.",
        f"Thiếu {number(needed - months)} tháng so với {number(needed)} tháng.",
        earliest=candidate.year + 1,
    )


def absence(candidate: Candidate, asked: Asked) -> Finding:
    """Fewer than ``fewer_than_days`` working days away, without the kinds that count as working time."""
    limit, counted = figure(asked["fewer_than_days"]), set(asked.get("counts_as_work", ()))
    away = sum(one.working_days for one in candidate.absences if one.kind not in counted)
    spared = sorted({ABSENCES[one.kind] for one in candidate.absences if one.kind in counted})
    note = f" ({', '.join(spared)} được tính là thời gian làm việc)" if spared else ""
    if away < limit:
        return met(f"Nghỉ {away} ngày làm việc trong năm{note}, dưới {number(limit)} ngày.")
    return unmet(
        f"Nghỉ {away} ngày làm việc trong năm{note}.",
        f"Phải dưới {number(limit)} ngày.",
        earliest=candidate.year + 1,
    )


def training(candidate: Candidate, asked: Asked) -> Finding:
    """A training of ``months`` months or longer needs one of the ``results``; a shorter one counts as work."""
    results, needed = asked["results"], figure(asked["months"])
    long = [one for one in candidate.absences if one.kind == "training" and one.months >= needed]
    if not long:
        return met(f"Không đi đào tạo từ {number(needed)} tháng trở lên.")
    if any(not one.result for one in long):
        return left_open(
            f"Đi đào tạo {long[0].months} tháng, chưa có kết quả học tập.", "Ghi kết quả học tập trong năm."
        )
    low = [one for one in long if one.result not in results]
    if low:
        return unmet(
            f"Đi đào tạo {low[0].months} tháng, kết quả {low[0].result}.",
            f"Kết quả học tập phải là {' hoặc '.join(results)}.",
            earliest=candidate.year + 1,
        )
    return met(f"Đi đào tạo {long[0].months} tháng, kết quả {long[0].result}.")


def transfer(candidate: Candidate, asked: Asked) -> Finding:
    """Who spent ``months`` months or more of the year in a unit that he left needs that unit's comment."""
    needed = figure(asked["months"])
    left = [place for place in candidate.places if not place.is_present and place.months >= needed]
    if not left:
        return met(f"Không có đơn vị cũ nào mà trong năm đã công tác từ {number(needed)} tháng.")
    missing = [place for place in left if not place.has_comment]
    if missing:
        names = ", ".join(f"{place.unit} ({number(place.months)} tháng)" for place in missing)
        return left_open(f"Trong năm đã công tác tại {names}.", "Cần ý kiến nhận xét của đơn vị cũ.")
    return met(f"Đã có ý kiến nhận xét của {', '.join(place.unit for place in left)}.")


def employment(candidate: Candidate, asked: Asked) -> Finding:
    """The kind of employment is one of ``one_of``."""
    allowed = asked["one_of"]
    if candidate.employment is None:
        return left_open("Chưa ghi loại lao động.", "Ghi loại lao động.")
    fact = f"Là {EMPLOYMENTS.get(candidate.employment, candidate.employment)}."
    if candidate.employment in allowed:
        return met(fact)
    return unmet(fact, f"Chỉ xét {', '.join(EMPLOYMENTS.get(one, one) for one in allowed)}.")


def post(candidate: Candidate, asked: Asked) -> Finding:
    """A leader (``leader: true``) or somebody who works directly (``leader: false``)."""
    words = {True: "lãnh đạo, quản lý", False: "người trực tiếp công tác"}
    if candidate.is_leader is None:
        return left_open("Chưa ghi chức vụ.", "Ghi chức vụ.")
    fact = f"Là {words[candidate.is_leader]}."
    if candidate.is_leader == asked["leader"]:
        return met(fact)
    return unmet(fact, f"Chỉ xét {words[asked['leader']]}.")


def registered(candidate: Candidate, asked: Asked) -> Finding:
    """Registered for the year's emulation, where the rules make that a basis (``required``)."""
    if not asked.get("required", True):
        return met("Quy định đang áp dụng không lấy việc đăng ký làm điều kiện.")
    if candidate.is_registered is None:
        return left_open("Chưa rõ có đăng ký thi đua hay không.", "Ghi việc đăng ký thi đua đầu năm.")
    if candidate.is_registered:
        return met(f"Đã đăng ký thi đua năm {candidate.year}.")
    return unmet(
        f"Không đăng ký thi đua năm {candidate.year}.",
        "Phải có đăng ký thi đua.",
        earliest=candidate.year + 1,
    )


def affirmed(candidate: Candidate, asked: Asked) -> Finding:
    """A matter of judgement that somebody has to sign for: ``point`` names it.

    ``presumed: false`` is for what is so only of few: while nobody has signed, it is not so.
    """
    said = candidate.affirmed.get(asked["point"])
    if said is None and asked.get("presumed") is False:
        return unmet("Chưa có ai xác nhận.", "Nếu đúng như vậy, người có trách nhiệm xác nhận.")
    if said is None:
        return left_open("Chưa có ý kiến xác nhận.", "Người có trách nhiệm xác nhận nội dung này.")
    if said:
        return met("Đã được xác nhận.")
    return unmet("Xác nhận là không đạt.")


def figure(value: int | str) -> Decimal:
    """A number of the rules, which may be written as text."""
    return Decimal(str(value))


@lru_cache(maxsize=4096)
def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def number(value: Decimal) -> str:
    """A figure as people write it, without needless decimals."""
    return f"{value.normalize():f}".replace(".", ",")


def _touches(one: Discipline, year: int) -> bool:
    """Decided in the year, or still in effect in it."""
    return one.decided_on.year <= year and (one.ended_on is None or one.ended_on.year >= year)


def _months_of_year(joined_on: date, year: int) -> int:
    if joined_on.year < year:
        return 12
    return 0 if joined_on.year > year else 13 - joined_on.month
