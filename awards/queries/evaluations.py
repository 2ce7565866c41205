"""The initiative council: what the province asks of its session, whether its vote carries, and that in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from awards.calculations.votes import (
    MEMBERS,
    PRESENT,
    Rule,
    carries,
    needed_for_quorum,
    share_of,
    shown,
    votes_needed,
)
from awards.eligibility.sources import in_force
from awards.models import Initiative, figures
from core import clock
from core.vietnamese import format_date, format_decimal

Advice, State = Initiative.Advice, Initiative.State
PREFIX = "initiative-"  # of the figures that are read on the day of the council's session, never pinned by a review
QUORUM, PERCENT, MARK = "initiative-quorum", "initiative-vote-percent", "initiative-mark-percent"
MORE_THAN, BASE = "initiative-vote-more-than", "initiative-vote-base"
BASES = {MEMBERS: "tổng số thành viên Hội đồng", PRESENT: "số thành viên có mặt"}
SOURCES = {
    QUORUM: "tỷ lệ có mặt",
    PERCENT: "tỷ lệ đồng ý",
    MORE_THAN: "trên hay bằng tỷ lệ đó",
    BASE: "số để tính tỷ lệ",
    MARK: "điểm tối thiểu",
}
UNKNOWN = (
    "Quy định của tỉnh chưa có tỷ lệ phiếu đồng ý của Hội đồng sáng kiến vào ngày họp; hãy bổ sung ở trang “Quy định"
    " của tỉnh” trước khi ghi đề nghị công nhận."
)


# --- what is asked --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Demand:
    """What the province asks of the council before it may propose to recognise; ``least_mark`` in percent."""

    quorum: Fraction
    vote: Rule
    least_mark: Decimal | None
    sources: tuple[str, ...]

    @property
    def share(self) -> str:
        percent = f"{format_decimal(self.vote.percent)}%"
        return f"trên {percent}" if self.vote.is_more_than else f"từ {percent} trở lên"


def rule_on(day: date) -> dict[str, dict[str, Any]]:
    """The province's figures on the council that are in force on a day, as an initiative keeps them."""
    return {
        code: {"value": one.value, "basis": one.basis, "is_confirmed": one.is_confirmed}
        for code, one in in_force(figures(), day).items()
        if code.startswith(PREFIX)
    }


def demand(rule: Mapping[str, Mapping[str, Any]]) -> Demand | None:
    """Nothing where the province has set no share: then nobody can say that a vote carries."""
    value = {code: one["value"] for code, one in rule.items()}
    if not value.get(QUORUM) or value.get(PERCENT) is None:
        return None
    least = value.get(MARK)
    return Demand(
        Fraction(value[QUORUM]),
        Rule(Decimal(value[PERCENT]), bool(value.get(MORE_THAN)), value.get(BASE) or MEMBERS),
        None if least is None else Decimal(least),
        _sources(rule),
    )


def _sources(rule: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Every document once, with what it says."""
    found: dict[str, list[str]] = {}
    for code, label in SOURCES.items():
        if code in rule and rule[code]["value"] is not None:
            found.setdefault(_source(rule[code]), []).append(label)
    return tuple(f"{source}: {', '.join(labels)}" for source, labels in found.items())


def _source(figure: Mapping[str, Any]) -> str:
    known = figure["basis"] or "Đề xuất, chưa có văn bản"
    return known if figure["is_confirmed"] else f"{known} (cần Văn phòng Sở xác nhận)"


def demand_of(initiative: Initiative) -> Demand | None:
    """As it was when the initiative was decided on; before that the figures of the session's day as they stand now."""
    day = initiative.council_met_on
    if initiative.council_rule is not None:
        return demand(initiative.council_rule)
    return demand(rule_on(day)) if day else None


# --- whether it holds -----------------------------------------------------------------------------------
def problems_of(initiative: Initiative, values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with an evaluation as it was written, by field: impossible numbers, or a proposal without the share
    that the day of the session asks for. Proposing not to recognise needs none."""
    found = _impossible(initiative, values)
    if not found and values["council_advice"] == Advice.RECOGNISE:
        found = shortfalls(values, demand(rule_on(values["council_met_on"])))
    return found


def _impossible(initiative: Initiative, values: Mapping[str, Any]) -> dict[str, str]:
    day, applied = values["council_met_on"], initiative.applied_on
    members, present = values["council_members"], values["council_present"]
    mark, scale = values.get("council_mark"), values.get("council_scale")
    found = {}
    if day > clock.today():
        found["council_met_on"] = "Ngày họp không được sau hôm nay."
    elif applied and day < applied:
        found["council_met_on"] = f"Ngày họp không được trước ngày nộp đơn ({format_date(applied)})."
    if present > members:
        found["council_present"] = (
            f"Số thành viên có mặt ({present}) nhiều hơn tổng số thành viên ({members})."
        )
    elif values["council_in_favour"] > present:
        found["council_in_favour"] = (
            f"Số phiếu đồng ý ({values['council_in_favour']}) nhiều hơn số thành viên có mặt ({present})."
        )
    if mark is not None and not scale:
        found["council_scale"] = "Hãy ghi thang điểm, ví dụ 10 hoặc 100."
    elif mark is None and scale:
        found["council_mark"] = "Hãy ghi điểm trung bình, hoặc để trống thang điểm."
    elif mark is not None and mark > scale:
        found["council_mark"] = "Điểm trung bình không được lớn hơn thang điểm."
    return found


def shortfalls(values: Mapping[str, Any], asked: Demand | None) -> dict[str, str]:
    """Why the council may not propose to recognise, by field."""
    if asked is None:
        return {"council_advice": UNKNOWN}
    members, present, votes = (values[f"council_{name}"] for name in ("members", "present", "in_favour"))
    mark, scale = values.get("council_mark"), values.get("council_scale")
    found = {}
    least = needed_for_quorum(members, asked.quorum)
    if present < least:
        found["council_present"] = (
            f"Có mặt {present}/{members}, chưa đủ để phiên họp hợp lệ: cần ít nhất {least} thành viên"
            f" ({asked.quorum} tổng số thành viên)."
        )
    base = _base(asked, members, present)
    if not carries(votes, base, asked.vote):
        found["council_in_favour"] = (
            f"Đồng ý {votes}/{base} ({_percent(votes, base)}%), chưa đạt tỷ lệ đang áp dụng vào ngày họp: {asked.share}"
            f" {BASES[asked.vote.base]}, tức ít nhất {votes_needed(base, asked.vote)} phiếu đồng ý."
        )
    if asked.least_mark is not None:
        wanted = f"{format_decimal(asked.least_mark)}% thang điểm"
        if mark is None or scale is None:
            found["council_mark"] = f"Hãy ghi điểm trung bình: để công nhận phải từ {wanted}."
        elif mark * 100 < asked.least_mark * scale:
            given = f"{format_decimal(mark)}/{format_decimal(scale)}"
            found["council_mark"] = f"Điểm {given} chưa đạt {wanted}, là mức tối thiểu để công nhận."
    return found


def why_not_carried(initiative: Initiative) -> list[str]:
    """What keeps an evaluated initiative from being recognised: the council's advice, or a share that is missed now."""
    if initiative.council_advice != Advice.RECOGNISE:
        return [
            "Hội đồng sáng kiến đề nghị không công nhận. Muốn công nhận, phải mở lại việc đánh giá và ghi kết quả của"
            " phiên họp khác."
        ]
    return list(shortfalls(vars(initiative), demand_of(initiative)).values())


def _base(asked: Demand, members: int, present: int) -> int:
    return present if asked.vote.base == PRESENT else members


def _percent(votes: int, base: int) -> str:
    return format_decimal(shown(share_of(votes, base)))


# --- in words -------------------------------------------------------------------------------------------
def last_session(initiative: Initiative) -> dict[str, Any]:
    """What the session of the initiative that was evaluated last says of itself, if it may have been this one's too."""
    names = ("met_on", "minutes", "members", "present", "scale")
    rows = Initiative.objects.filter(council_met_on__isnull=False).order_by("-council_met_on", "-pk")
    if initiative.applied_on:
        rows = rows.filter(council_met_on__gte=initiative.applied_on)
    return rows.values(*(f"council_{name}" for name in names)).first() or {}


def asked_in_words(day: date) -> str:
    """What a proposal to recognise needs, for whoever fills in the numbers."""
    asked = demand(rule_on(day))
    if asked is None:
        return UNKNOWN
    mark = "" if asked.least_mark is None else f"; điểm từ {format_decimal(asked.least_mark)}% thang điểm"
    return (
        f"Theo quy định áp dụng ngày {format_date(day)}, đề nghị công nhận cần có mặt ít nhất {asked.quorum} tổng số"
        f" thành viên, đồng ý {asked.share} {BASES[asked.vote.base]}{mark}."
    )


def told(initiative: Initiative) -> list[tuple[str, str]]:
    """The council's result with the share, what was asked and on what that rests; the text alone for old ones."""
    said = [("Ý kiến đánh giá", initiative.evaluation)]
    if initiative.council_met_on is None:
        return said if initiative.evaluation else []
    asked = demand_of(initiative)
    return [
        (
            "Phiên họp",
            f"Ngày {format_date(initiative.council_met_on)}, biên bản số {initiative.council_minutes}",
        ),
        *_numbers(initiative, asked),
        ("Kết luận", initiative.get_council_advice_display()),
        *([("Căn cứ", "\n".join(asked.sources))] if asked else []),
        *said,
    ]


def _numbers(initiative: Initiative, asked: Demand | None) -> list[tuple[str, str]]:
    members, present = initiative.council_members or 0, initiative.council_present or 0
    votes, mark, scale = initiative.council_in_favour or 0, initiative.council_mark, initiative.council_scale
    there, agree = f"{present}/{members} thành viên", f"{votes}/{members} thành viên"
    graded = f"{format_decimal(mark)}/{format_decimal(scale)}"
    if asked:
        short, base = shortfalls(vars(initiative), asked), _base(asked, members, present)
        least = needed_for_quorum(members, asked.quorum)
        there += f"; cần ít nhất {least} ({asked.quorum}): {_met('council_present', short)}"
        agree = (
            f"{votes}/{base} {BASES[asked.vote.base]} ({_percent(votes, base)}%); cần {asked.share}:"
            f" {_met('council_in_favour', short)}"
        )
        if asked.least_mark is not None:
            graded += (
                f"; cần từ {format_decimal(asked.least_mark)}% thang điểm: {_met('council_mark', short)}"
            )
    rows = [("Có mặt", there), ("Đồng ý công nhận", agree)]
    return rows if mark is None else [*rows, ("Điểm trung bình", graded)]


def _met(field: str, short: Mapping[str, str]) -> str:
    return "chưa đạt" if field in short else "đạt"
