"""Initiatives of the demo office, recognised, waiting and begun, and facts about its people written by hand."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from awards.actions import evaluating, facts, holds, initiatives
from awards.models import Absence, Discipline, Initiative, UnitComment
from core import clock
from emulation_portal.demo.index import at_day
from emulation_portal.demo.merits import YEARS, merit_of, office_pair
from emulation_portal.demo.papers import pdf
from emulation_portal.demo.titles import Titles
from organization.models import Person, Posting, Unit, User

A_YEAR = 9  # so many initiatives are recognised in each
SUMMARY = (
    "Giải pháp thay cách làm thủ công bằng quy trình thống nhất; mỗi bước có mẫu, người làm và thời hạn."
)
PROVINCE = {1, 5}  # these of a year reach the whole province, as its chairman has recognised
BY_PROVINCE = "Chủ tịch Ủy ban nhân dân tỉnh"


def recognise_years() -> None:
    """The Office enters what the initiative council of each year recognised."""
    titles = Titles(Random(19))  # noqa: S311 - made up, the same at every run
    today = clock.today()
    for year in YEARS:
        day = min(date(year, 12, 8), today)
        with clock.at(at_day(day)):
            office, _ = office_pair()
            for place, (unit, authors) in enumerate(_authors_of(year, office)):
                initiatives.enter_recognised(
                    {
                        "kind": Initiative.Kind.INITIATIVE,
                        "name": titles.next(unit.code, "4.1"),
                        "summary": SUMMARY,
                        "effect": titles.result(),
                        "unit": unit,
                        "first_used_on": date(year, 2 + place % 6, 5 + place),
                        "level": "province" if place in PROVINCE else "agency",
                        "reach": "province" if place in PROVINCE else "agency",
                        "decision_number": f"{70 + year % 10}/QĐ-{'UBND' if place in PROVINCE else 'SNV'}",
                        "recognised_on": day,
                        "recognised_by": BY_PROVINCE if place in PROVINCE else "Giám đốc Sở Nội vụ",
                        "evaluation": "Có tính mới trong Sở; đã áp dụng từ sáu tháng trở lên, có số liệu chứng minh.",
                    },
                    authors,
                    by=office,
                )


def _authors_of(year: int, office: User) -> list[tuple[Unit, list[tuple[Person, Decimal]]]]:
    """The best of the year; every third initiative has a co-author of the same unit."""
    rows = Posting.objects.on(clock.today()).filter(unit__is_collective=True, person__user__isnull=False)
    places = list(rows.select_related("person__user", "unit").exclude(person=office.person))
    places.sort(key=lambda one: merit_of(one.person, year), reverse=True)
    found = []
    for place, one in enumerate(places[:A_YEAR]):
        shares = [(one.person, Decimal(100))]
        if place % 3 == 2:
            other = next(two for two in places[A_YEAR:] if two.unit_id == one.unit_id)
            shares = [(one.person, Decimal(60)), (other.person, Decimal(40))]
        found.append((one.unit, shares))
    return found


def apply_now() -> None:
    """This year: one application waits for its evaluation, one for its decision, one was refused, one is a draft."""
    today = clock.today()
    with clock.at(at_day(today - timedelta(days=18))):
        office, _ = office_pair()
        clerk = User.objects.select_related("person").get(username="chuyenvien")
        mate = _mate(clerk)
        waiting = _start(
            clerk,
            "Bảng theo dõi kiến nghị sau kiểm tra cải cách hành chính cấp xã",
            [(clerk.person, Decimal(70)), (mate.person, Decimal(30))],
        )
        paper = pdf("Đơn yêu cầu công nhận sáng kiến", "Sở Nội vụ")
        initiatives.add_file(waiting, paper, title="Đơn yêu cầu công nhận sáng kiến", by=clerk)
        initiatives.submit(waiting, by=clerk)
    with clock.at(at_day(today - timedelta(days=16))):
        writer = User.objects.select_related("person").get(username="thanhtra")
        refused = _start(writer, "Lịch tiếp công dân gửi qua tin nhắn", [(writer.person, Decimal(100))])
        initiatives.submit(refused, by=writer)
        carried = _start(
            mate, "Sổ tay điện tử hướng dẫn chấm điểm cải cách hành chính", [(mate.person, Decimal(100))]
        )
        initiatives.submit(carried, by=mate)
        _start(mate, "Mẫu phiếu khảo sát rút gọn tại bộ phận một cửa", [(mate.person, Decimal(100))])

    with clock.at(at_day(today - timedelta(days=6))):
        not_new = "Giải pháp đã được áp dụng ở nhiều đơn vị từ trước, chưa có tính mới."
        _evaluate(refused, Initiative.Advice.REFUSE, 2, not_new, by=office)
        _evaluate(
            carried,
            Initiative.Advice.RECOGNISE,
            7,
            "Có tính mới trong Sở, dễ áp dụng ở mọi đơn vị.",
            by=office,
        )
    with clock.at(at_day(today - timedelta(days=5))):
        initiatives.refuse(refused, by=office, comment=not_new)


def _evaluate(initiative: Initiative, advice: str, in_favour: int, opinion: str, *, by: User) -> None:
    """Both in the one session that the council of nine has held this season."""
    session = {"met_on": clock.today(), "minutes": "02/BB-HĐSK", "members": 9, "present": 8}
    values = {**session, "in_favour": in_favour, "advice": advice}
    evaluating.evaluate(
        initiative,
        {**{f"council_{name}": value for name, value in values.items()}, "evaluation": opinion},
        by=by,
    )


def _mate(user: User) -> User:
    rows = User.objects.filter(person__postings__unit=user.acting.unit_id, person__postings__ended_on=None)
    known = rows.exclude(pk=user.pk).exclude(username="truongphong")
    return known.select_related("person").order_by("-pk")[0]


def _start(by: User, name: str, authors: list[tuple[Any, Decimal]]) -> Initiative:
    return initiatives.start(
        {
            "kind": Initiative.Kind.INITIATIVE,
            "name": name,
            "summary": SUMMARY,
            "effect": "Số lần phải nhắc giảm một nửa sau ba tháng áp dụng thử.",
            "unit": Unit.objects.get(pk=by.acting.unit_id or 0),
            "first_used_on": clock.today() - timedelta(days=120),
        },
        authors,
        by=by,
    )


# --- facts by hand, holds ---------------------------------------------------------------------------------
def note_facts() -> None:
    """A discipline that has ended, absences, a training, a former unit's comment; a hold of before and one of now."""
    today = clock.today()
    _note(date(2023, 5, 16), Discipline, _member("xdcq", 6), {
        "form": "reprimand", "number": "96/QĐ-SNV", "decided_on": date(2023, 5, 15), "ended_on": date(2024, 5, 15),
        "note": "Chậm giải quyết hồ sơ nhiều lần.",
    })  # fmt: skip
    _note(date(2024, 12, 2), Absence, _member("tccb", 7), {
        "year": 2024, "kind": "maternity", "working_days": 128, "months": 0, "result": "", "note": "",
    })  # fmt: skip
    _note(date(2024, 12, 2), Absence, _member("ccvc", 5), {
        "year": 2024, "kind": "training", "working_days": 210, "months": 18, "result": "giỏi",
        "note": "Cao học Quản lý công, học tập trung.",
    })  # fmt: skip
    _note(min(date(2025, 12, 5), today), Absence, _member("tg", 5), {
        "year": 2025, "kind": "sick", "working_days": 52, "months": 0, "result": "", "note": "Có giấy ra viện.",
    })  # fmt: skip
    _comment_on_the_mover()
    with clock.at(at_day(date(2024, 11, 4))):
        office, _ = office_pair()
        paper = "Giấy mời làm việc số 21/TTr-SNV ngày 01/11/2024"
        held = holds.place_hold(
            reason="complaint", paper=paper, started_on=clock.today(), person=_member("ttdv", 4), by=office
        )
    with clock.at(at_day(date(2024, 12, 12))):
        holds.release_hold(
            held, reason="Kết luận số 30/KL-TTr ngày 10/12/2024: nội dung đơn không đúng.", by=office
        )
    with clock.at(at_day(today - timedelta(days=9))):
        office, _ = office_pair()
        paper = f"Quyết định kiểm tra số 210/QĐ-SNV ngày {clock.today():%d/%m/%Y}"
        holds.place_hold(
            reason="inspection", paper=paper, started_on=clock.today(), person=_member("ttdv", 5), by=office
        )


def _note(day: date, kind: Any, person: Person, values: dict[str, Any]) -> None:
    with clock.at(at_day(day)):
        facts.enter_fact(kind, person, values, by=office_pair()[0])


def _member(unit: str, place: int) -> Person:
    """Of today's people of a unit, the one at a place of its list."""
    rows = Posting.objects.current().filter(unit__code=unit).select_related("person")
    return rows.order_by("post__order", "person__code")[place].person


def _comment_on_the_mover() -> None:
    mover = (
        Posting.objects.filter(unit__code="tccb", ended_on__year=2024)
        .select_related("person", "unit")
        .first()
    )
    if mover:
        _note(date(2024, 12, 3), UnitComment, mover.person, {
            "year": 2024, "unit": mover.unit, "paper": "Văn bản số 44/TCBC ngày 01/12/2024",
            "given_on": date(2024, 12, 1), "content": "Hoàn thành tốt nhiệm vụ trong thời gian công tác tại phòng.",
        })  # fmt: skip
