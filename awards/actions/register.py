"""What the Office does with the award register: enter an honour by hand, correct it, cancel it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import rules
from django.db import IntegrityError, transaction

from awards.eligibility.facts import OCCASIONS
from awards.eligibility.occasions import NO_BASIS
from awards.models import Award, DecisionEntry, Honour, Nomination, Recovery
from awards.queries.decisions import resting_on
from awards.queries.recoveries import Worth, worth_of
from awards.queries.register import of_that_day, review_of
from awards.queries.shaken import Shaken, shaken_collectives, shaken_without
from core import clock
from core.journal import record, record_many
from core.vietnamese import fold, format_date, name_sort_key, normalize, sort_key
from core.workflow import AlreadyDone, Refused, check_version, lock
from organization.models import Person, Unit

FACTS = (
    "award", "year", "occasion", "decision_number", "decided_on", "decided_by", "merit",
    "name_then", "post_then", "unit_then",
)  # fmt: skip
WORDS = ("merit", "name_then", "post_then", "unit_then")
PERMISSION = "awards.keep_register"


@transaction.atomic
def enter(
    *, by: Any, person: Person | None = None, unit: Unit | None = None, reason: str = "", **facts: Any
) -> Honour:
    """Write an honour of earlier years into the register; what is not told of that day is taken from the staff list.

    What a review of the portal decides enters by its decision: beside it by hand only with a reason.
    """
    _demand(by, person)
    subject = person or unit
    if subject is None or (person and unit):
        raise Refused("Hãy chọn một người hoặc một đơn vị được khen.")
    lock(subject)  # two people write the same row at once: the second one is told
    _check(facts["award"], subject, facts["year"], facts["decided_on"])
    kept, review = normalize(reason), review_of(facts["award"], facts["year"])
    if review and review.occasion == facts.get("occasion", review.occasion) and not kept:
        raise Refused(
            f"Năm {facts['year']} có “{review}” trên cổng: khen thưởng của đợt vào Sổ khi ghi quyết định đã ký. Nếu vẫn"
            " ghi bằng tay, hãy ghi lý do."
        )
    honour = Honour(person=person, unit=unit, entered_by=by, **{name: facts.get(name, "") for name in FACTS})
    fill_in(honour)
    save_honour(honour)
    record(honour, "enter", by=by, label=f"Ghi vào Sổ khen thưởng: {honour}", comment=kept)
    return honour


@transaction.atomic
def correct(honour: Honour, values: Mapping[str, Any], *, by: Any, version: int | None = None) -> Honour:
    """Put right what was written wrongly. Who received it stays: another recipient is another honour. Of what was
    decided here the award, year, number and day are those of the decision, and are put right there; that a form of
    commendation was given for a movement or for something sudden may be noted here, not the other way round."""
    _demand(by, honour.person)
    lock(honour)
    check_version(honour, version)
    if honour.cancelled_on:
        raise Refused("Khen thưởng này đã bị hủy nên không sửa được nữa.")
    wanted = {name: values[name] for name in FACTS if name in values}
    before = {name: getattr(honour, name) for name in wanted}
    changed = [name for name in wanted if wanted[name] != before[name]]
    if not changed:
        return honour
    stricter = (
        "occasion" in changed
        and wanted["occasion"] in NO_BASIS
        and honour.award.kind == Award.Kind.COMMENDATION
    )
    allowed = {*WORDS, "occasion"} if stricter else set(WORDS)
    if honour.source == Honour.Source.DECIDED and set(changed) - allowed:
        raise Refused(
            "Khen thưởng này theo quyết định đã ghi trên cổng: ở đây chỉ sửa thành tích, tên, chức vụ, đơn vị, và ghi"
            " hình thức khen là theo chuyên đề, đột xuất. Số, ngày sửa ở trang quyết định."
        )
    for name in changed:
        setattr(honour, name, wanted[name])
    _check(honour.award, honour.person or honour.unit, honour.year, honour.decided_on)
    if "occasion" in changed and honour.occasion_basis:
        honour.occasion_basis = "Sửa trong Sổ khen thưởng."
    fill_in(honour)
    honour.version += 1
    save_honour(honour)
    if stricter:
        _doubt_resting_on(honour, by)
    said = [f"{_label(name)}: {_shown(before[name])} → {_shown(wanted[name])}" for name in changed]
    record(honour, "correct", by=by, label="Sửa khen thưởng trong Sổ", comment="\n".join(said))
    return honour


@transaction.atomic
def cancel(
    honour: Honour,
    *,
    on: date,
    number: str,
    reason: str,
    by: Any,
    version: int | None = None,
    worth: Mapping[int, Worth] | None = None,
) -> list[Honour]:
    """Note a cancelling decision (hủy quyết định). Gives the honours in force that rest on the cancelled one.

    Its money and its paper are to be recovered from then on, and its nomination may be decided anew. ``worth`` says
    what was paid, where a whole decision is cancelled: then the noter may be among those whose honours fall.
    """
    _demand(by, honour.person if worth is None else None)
    lock(honour)
    if honour.cancelled_on:
        raise AlreadyDone(f"Khen thưởng này đã được ghi hủy từ ngày {format_date(honour.cancelled_on)}.")
    check_version(honour, version)
    if not normalize(reason) or not normalize(number):
        raise Refused("Hãy ghi số quyết định hủy và lý do hủy.")
    if on < honour.decided_on:
        raise Refused(
            f"Ngày hủy phải từ ngày quyết định khen thưởng ({format_date(honour.decided_on)}) trở đi."
        )
    if on > clock.today():
        raise Refused("Ngày hủy không được sau hôm nay.")
    paid = worth_of([honour]) if worth is None else worth
    honour.cancelled_on, honour.cancellation_number = on, normalize(number)
    honour.cancellation_reason = normalize(reason)
    honour.version += 1
    honour.save()
    said = f"Quyết định {honour.cancellation_number} ngày {format_date(on)}. {honour.cancellation_reason}"
    record(honour, "cancel", by=by, label="Hủy khen thưởng", comment=said)
    DecisionEntry.objects.filter(honour=honour).update(is_in_force=False)
    _to_recover(honour, paid.get(honour.pk, Worth(None)), by)
    return resting_on([honour]) + (doubt_collectives([honour], by) if worth is None else [])


def doubt_collectives(cancelled: Iterable[Honour], by: Any) -> list[Honour]:
    """Collectives that miss a share of their members now: somebody must look at them."""
    return _doubt_all(shaken_collectives(cancelled), by)


def doubt_without(nominations: Iterable[Nomination], by: Any) -> list[Honour]:
    """The same, where a title of a member was counted on and is not given after all."""
    return _doubt_all(shaken_without(nominations), by)


def _doubt_all(found: Iterable[Shaken], by: Any) -> list[Honour]:
    found = list(found)
    for honour, why in found:
        doubt(honour, why, by=by)
    return [honour for honour, _ in found]


def doubt(honour: Honour, why: str, *, by: Any) -> None:
    """What it stood on has changed. It stays in force until somebody keeps it with a reason or notes its cancelling."""
    lock(honour)
    honour.doubt = why
    honour.version += 1
    honour.save(update_fields=["doubt", "version"])
    record(honour, "doubt", by=by, label="Cần xem lại", comment=why)


@transaction.atomic
def keep(honour: Honour, *, reason: str, by: Any, version: int | None = None) -> None:
    """Looked at after something that it stood on fell, and kept."""
    _demand(by, honour.person)
    lock(honour)
    if honour.cancelled_on:
        raise Refused("Khen thưởng này đã bị hủy nên không giữ được.")
    gone = honour.bases.filter(honour__cancelled_on__isnull=False, kept_at=None)
    if not honour.doubt and not gone.exists():
        raise AlreadyDone("Khen thưởng này không còn gì phải xem lại.")
    check_version(honour, version)
    if not normalize(reason):
        raise Refused("Hãy ghi lý do giữ khen thưởng.")
    gone.update(kept_at=clock.now())
    honour.doubt = ""
    honour.version += 1
    honour.save(update_fields=["doubt", "version"])
    record(honour, "keep", by=by, label="Giữ khen thưởng sau khi xem lại", comment=normalize(reason))


def _doubt_resting_on(honour: Honour, by: Any) -> None:
    """It is no basis any more: what rests on it must be looked at."""
    why = f"Căn cứ {honour} nay được ghi là khen {OCCASIONS[honour.occasion]}; hãy xem lại."
    for use in honour.uses.filter(gave__cancelled_on__isnull=True).exclude(gave=None).select_related("gave"):
        if use.gave:
            doubt(use.gave, why, by=by)


def _to_recover(honour: Honour, worth: Worth, by: Any) -> None:
    """What was never paid needs no recovery; where nobody could tell, the Office does."""
    state = Recovery.State.NOTHING if worth.amount == 0 else Recovery.State.DUE
    money = Recovery(
        honour=honour, kind=Recovery.Kind.MONEY, amount=worth.amount, note=worth.reason, state=state
    )
    both = Recovery.objects.bulk_create([money, Recovery(honour=honour, kind=Recovery.Kind.GIFT)])
    said = {"label": f"Khen thưởng bị hủy theo quyết định {honour.cancellation_number}"}
    record_many(both, "begin", by=by, each=lambda one: {"after": one.state, "comment": one.note}, **said)


def fill_in(honour: Honour) -> None:
    """Names and post of the day where nobody told them, and the keys of search and order."""
    then = of_that_day(honour.person, honour.unit, honour.decided_on)
    honour.name_then = honour.name_then or then.name
    if honour.person_id:
        honour.post_then = honour.post_then or then.post
        honour.unit_then = honour.unit_then or then.unit_name
        honour.worked_in = honour.worked_in or then.unit
    set_keys(honour)


def set_keys(honour: Honour) -> None:
    subject = honour.person or honour.unit
    code = getattr(subject, "code", "")
    words = (honour.name_then, code, honour.decision_number, honour.award.name, honour.unit_then)
    honour.search_key = fold(" ".join(words))[:500]
    key = name_sort_key if honour.person_id else sort_key
    honour.sort_key = key(honour.name_then)[:500]


def _demand(by: Any, person: Person | None) -> None:
    if not rules.has_perm(PERMISSION, by):
        raise Refused("Chỉ Văn phòng Sở ghi và sửa Sổ khen thưởng.")
    if person is not None and person.pk == by.acting.person_id:
        raise Refused(
            "Bạn không tự ghi, sửa khen thưởng của chính mình. Hãy nhờ người khác của Văn phòng Sở."
        )


def _check(award: Award, subject: Person | Unit | None, year: int, decided_on: date) -> None:
    if award.recipient != ("individual" if isinstance(subject, Person) else "collective"):
        raise Refused(f"“{award}” chỉ dành cho {award.get_recipient_display().lower()}.")
    if decided_on > clock.today():
        raise Refused("Ngày quyết định không được sau hôm nay.")
    if year > decided_on.year:
        raise Refused(f"Năm thành tích {year} không thể sau năm của quyết định ({decided_on.year}).")
    if isinstance(subject, Unit) and subject.closed_on and year > subject.closed_on.year:
        raise Refused(
            f"{subject} đã kết thúc hoạt động ngày {format_date(subject.closed_on)}, trước năm thành tích {year}."
        )


def save_honour(honour: Honour) -> None:
    try:
        with transaction.atomic():
            honour.save()
    except IntegrityError as error:
        raise Refused(
            f"Sổ đã có “{honour.award}” năm {honour.year} theo quyết định {honour.decision_number} "
            f"của {honour.name_then}."
        ) from error


def _label(name: str) -> str:
    if name == "award":
        return "Danh hiệu, hình thức"
    return str(Honour._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _shown(value: Any) -> str:
    if value in OCCASIONS:
        return OCCASIONS[value]
    return format_date(value) if isinstance(value, date) else str(value if value != "" else "(trống)")
