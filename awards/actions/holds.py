"""Pausing the review of somebody's commendation (tạm dừng xét khen thưởng), and letting it go on."""

from datetime import date
from typing import Any

import rules
from django.db import transaction

from awards import mails
from awards.models import Hold
from core import clock
from core.journal import record
from core.vietnamese import format_date, normalize
from core.workflow import AlreadyDone, Refused, check_version, lock
from organization.models import Person, Unit

PERMISSION = "awards.place_hold"


@transaction.atomic
def place_hold(
    *,
    reason: str,
    paper: str,
    started_on: date,
    by: Any,
    person: Person | None = None,
    unit: Unit | None = None,
) -> Hold:
    """No list, vote or decision passes him until it is released. The subject's row is the lock of two at once."""
    if (person is None) == (unit is None):
        raise Refused("Hãy chọn một người hoặc một đơn vị.")
    _demand(by, person, unit)
    return _placed(person, unit, reason, paper, started_on, by)


def hold_by_complaint(person: Person | None, unit: Unit | None, *, paper: str, by: Any) -> Hold:
    """Part of resolving a complaint: by whoever may handle it, of the Office or not."""
    return _placed(person, unit, "complaint", paper, clock.today(), by)


def _placed(
    person: Person | None, unit: Unit | None, reason: str, paper: str, started_on: date, by: Any
) -> Hold:
    subject: Any = person or unit
    lock(subject)
    paper = normalize(paper)
    if not paper:
        raise Refused("Hãy ghi số, ngày văn bản làm căn cứ tạm dừng.")
    if started_on > clock.today():
        raise Refused("Ngày bắt đầu tạm dừng không được sau hôm nay.")
    if unit and unit.closed_on:
        raise Refused(
            f"{unit} đã kết thúc hoạt động ngày {format_date(unit.closed_on)}; hãy chọn đơn vị kế thừa."
        )
    _refuse_second(Hold(person=person, unit=unit, reason=reason, paper=paper, started_on=started_on), by)
    hold = Hold.objects.create(
        person=person, unit=unit, reason=reason, paper=paper, started_on=started_on, placed_by=by
    )
    said = f"{hold.get_reason_display()}. Văn bản: {paper}. Từ ngày {format_date(started_on)}."
    record(hold, "place", by=by, label=f"Tạm dừng xét khen thưởng: {subject}", comment=said)
    mails.hold_placed(hold)
    return hold


@transaction.atomic
def release_hold(hold: Hold, *, reason: str, by: Any, version: int | None = None) -> Hold:
    """From today on the person or unit is reviewed again, unless another hold still runs."""
    _demand(by, hold.person, hold.unit)
    lock(hold)
    if hold.ended_on:
        raise AlreadyDone(f"Việc tạm dừng này đã được gỡ ngày {format_date(hold.ended_on)}.")
    check_version(hold, version)
    reason = normalize(reason)
    if not reason:
        raise Refused("Hãy ghi lý do gỡ tạm dừng: kết luận và văn bản kết luận.")
    hold.ended_on, hold.released_by, hold.release_reason = clock.today(), by, reason
    hold.version += 1
    hold.save()
    record(hold, "release", by=by, label=f"Gỡ tạm dừng xét khen thưởng: {hold.subject}", comment=reason)
    mails.hold_released(hold)
    return hold


@transaction.atomic
def correct_paper(hold: Hold, paper: str, *, reason: str, by: Any, version: int | None = None) -> Hold:
    """The paper was right and the note of it was not: put right while the hold stands, told to whom it was told."""
    _demand(by, hold.person, hold.unit)
    lock(hold)
    if hold.ended_on:
        raise Refused(f"Việc tạm dừng này đã được gỡ ngày {format_date(hold.ended_on)}, không sửa được nữa.")
    check_version(hold, version)
    wanted, reason = normalize(paper), normalize(reason)
    if not wanted:
        raise Refused("Hãy ghi số, ngày văn bản làm căn cứ tạm dừng.")
    if wanted == hold.paper:
        raise Refused("Không có nội dung nào thay đổi.")
    if not reason:
        raise Refused("Hãy ghi lý do sửa.")
    said = f"{hold.paper} → {wanted}\nLý do: {reason}"
    hold.paper = wanted
    hold.version += 1
    hold.save(update_fields=["paper", "version"])
    record(hold, "correct", by=by, label="Sửa văn bản tạm dừng xét khen thưởng", comment=said)
    mails.hold_corrected(hold)
    return hold


def _refuse_second(wanted: Hold, by: Any) -> None:
    rows = Hold.objects.filter(
        person=wanted.person, unit=wanted.unit, reason=wanted.reason, ended_on__isnull=True
    )
    present = rows.first()
    if present is None:
        return
    if present.placed_by_id == by.pk and (present.paper, present.started_on) == (
        wanted.paper,
        wanted.started_on,
    ):
        raise AlreadyDone("Bạn đã ghi tạm dừng này rồi.")
    raise Refused(
        f"{wanted.subject} đang tạm dừng xét vì lý do này từ ngày {format_date(present.started_on)}, "
        f"theo {present.paper}."
    )


def _demand(by: Any, person: Person | None, unit: Unit | None) -> None:
    if not rules.has_perm(PERMISSION, by):
        raise Refused("Chỉ Văn phòng Sở ghi, sửa và gỡ tạm dừng xét khen thưởng.")
    if person and person.pk == by.acting.person_id:
        raise Refused("Bạn không ghi, sửa, gỡ tạm dừng của chính mình. Hãy nhờ người khác của Văn phòng Sở.")
    if unit and by.acting.heads(unit.pk):
        raise Refused(
            "Bạn đang đứng đầu đơn vị này nên không ghi, sửa, gỡ tạm dừng của đơn vị. "
            "Hãy nhờ người khác của Văn phòng Sở."
        )
