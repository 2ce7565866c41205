"""Acts on registrations: draft, send, approve, return, reopen.

A registration sent after the deadline is taken, and its line in the journal says so ("Nộp muộn").
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from campaigns import mails
from campaigns.models import CampaignYear, Criterion, Registration, RegistrationItem, Stage
from campaigns.queries import last_day_for, registration_of
from campaigns.rules import require
from campaigns.workflow import REGISTRATION, year_is_open
from core import clock
from core.agenda import closing_in_words
from core.journal import history_of, record
from core.prepared import Prepared, Slot
from core.vietnamese import fold
from core.workflow import AlreadyDone, Refused, Stale, check_version, lock
from organization.models import Person, Unit
from organization.queries import approving_unit, colleagues_without_account
from organization.rules import speaks_for

EDITABLE = (Registration.State.NOT_SENT, Registration.State.RETURNED)
ITEM_FACTS = ("criterion", "target", "quantity", "measure")
Item = Mapping[str, Any]


HOME = Prepared(lambda: Unit.objects.filter(pk=Slot("pk")))


def blank(
    campaign_year: CampaignYear, *, by: Any, for_unit: bool = False, person: Person | None = None
) -> Registration:
    """The registration that ``by`` would begin, not yet written: his own, his unit's, or that of ``person``.

    ``person`` is a colleague of the unit who has no account.
    """
    acting = by.acting
    if not acting.person_id or not acting.unit_id:
        raise Refused("Tài khoản của bạn chưa gắn với người và đơn vị nên chưa đăng ký được.")
    [unit] = HOME.rows(pk=acting.unit_id)
    if person and person not in colleagues_without_account(unit):
        raise Refused(f"{person.full_name} có tài khoản riêng hoặc không công tác tại {unit.name}.")
    if for_unit and not (unit.is_collective and unit.parent_id):
        raise Refused(f"{unit.name} không tham gia thi đua với tư cách tập thể.")
    made = Registration(campaign_year=campaign_year, unit=unit, unit_name=unit.name, prepared_by=by)
    if not for_unit:
        made.person = person or by.person
    if not speaks_for(by, unit.pk, made.person):
        raise Refused("Quản trị kỹ thuật chỉ đăng ký cho chính mình.")
    made.search_key = fold(f"{made} {unit.name}")
    return made


@transaction.atomic
def start(
    campaign_year: CampaignYear, *, by: Any, for_unit: bool = False, person: Person | None = None
) -> Registration:
    """The registration of this person or of his unit; begun when there is none yet."""
    lock(campaign_year)
    made = blank(campaign_year, by=by, for_unit=for_unit, person=person)
    known = registration_of(campaign_year, person_id=made.person_id, unit_id=made.unit_id)
    if known:
        return known
    reasons = list(year_is_open(made))
    if reasons:
        raise Refused(*reasons)
    made.save()
    record(made, "start", by=by, label="Lập đăng ký", after=made.state)
    return made


@transaction.atomic
def save(
    registration: Registration, *, by: Any, pledge: str, items: Sequence[Item], version: int | None = None
) -> Registration:
    """Save the draft. A row of saves by the same person leaves one line in the journal."""
    lock(registration)
    require("campaigns.prepare_registration", by, registration)
    if registration.state not in EDITABLE:
        raise Stale(f"Đăng ký đang ở trạng thái “{registration.get_state_display()}” nên không sửa được.")
    reasons = list(year_is_open(registration))
    if reasons:
        raise Refused(*reasons)
    check_version(registration, version)
    _check_items(registration, items)
    before = [
        tuple(getattr(one, name) for name in ITEM_FACTS)
        for one in registration.items.select_related("criterion")
    ]
    after = [tuple(item.get(name) for name in ITEM_FACTS) for item in items]
    if registration.pledge == pledge and before == after:
        return registration
    registration.pledge = pledge
    registration.version += 1
    registration.save(update_fields=["pledge", "version"])
    if before != after:
        registration.items.all().delete()
        RegistrationItem.objects.bulk_create(
            [
                RegistrationItem(registration=registration, **dict(zip(ITEM_FACTS, row, strict=True)))
                for row in after
            ]
        )
    last = history_of(registration).first()
    if not (last and last.verb in ("save", "start") and last.actor_id == by.pk):
        record(registration, "save", by=by, label="Sửa đăng ký")
    return registration


@transaction.atomic
def submit(registration: Registration, *, by: Any, comment: str = "") -> Registration:
    """Send to the head who decides: never the person himself nor whoever sends it, else one level up."""
    late = _late_note(registration)
    entry = REGISTRATION.advance(
        registration,
        "submit",
        by=by,
        comment="\n".join(filter(None, [comment, late])),
        data={"late": bool(late)},
    )
    registration.prepared_by = by
    if registration.person_id == by.acting.person_id and registration.unit_id != by.acting.unit_id:
        registration.unit = Unit.objects.get(pk=by.acting.unit_id)  # transferred since the draft was begun
        registration.unit_name = registration.unit.name
    registration.approving_unit = approving_unit(
        registration.unit, excluding=[registration.person_id, by.acting.person_id]
    )
    registration.version += 1
    registration.save(update_fields=["unit", "unit_name", "prepared_by", "approving_unit", "version"])
    mails.registration_submitted(registration, entry)
    return registration


@transaction.atomic
def approve(
    registration: Registration, *, by: Any, comment: str = "", version: int | None = None
) -> Registration:
    entry = _decide(registration, "approve", by, comment, version)
    mails.registration_approved(registration, entry)
    return registration


@transaction.atomic
def send_back(
    registration: Registration, *, by: Any, comment: str, version: int | None = None
) -> Registration:
    entry = _decide(registration, "send_back", by, comment, version)
    mails.registration_returned(registration, entry)
    return registration


@transaction.atomic
def reopen(registration: Registration, *, by: Any, comment: str, version: int | None = None) -> Registration:
    """Give an approved registration back for a correction."""
    entry = _decide(registration, "reopen", by, comment, version)
    mails.registration_returned(registration, entry)
    return registration


def approve_many(
    registrations: Iterable[Registration], *, by: Any, versions: Mapping[int, int] | None = None
) -> tuple[list[Registration], list[str]]:
    """Approve each in a transaction of its own; gives the approved ones and a sentence for each refusal.

    ``versions`` are those of the rows that were shown: what was changed since is refused by name.
    """
    done, refused = [], []
    for registration in registrations:
        try:
            done.append(
                approve(
                    registration,
                    by=by,
                    version=None if versions is None else versions.get(registration.pk, 0),
                )
            )
        except AlreadyDone:
            done.append(registration)
        except Refused as refusal:
            refused.append(f"{registration}: {' '.join(refusal.reasons)}")
    return done, refused


def _decide(registration: Registration, verb: str, by: Any, comment: str, version: int | None) -> Any:
    entry = REGISTRATION.advance(registration, verb, by=by, comment=comment, version=version)
    registration.version += 1
    registration.save(update_fields=["version"])
    return entry


def _late_note(registration: Registration) -> str:
    due = last_day_for(registration.campaign_year, Stage.REGISTRATION, registration.unit_id)
    if due is None or clock.today() <= due:
        return ""
    return f"Nộp muộn: hạn đăng ký là {closing_in_words(due)}."


def _check_items(registration: Registration, items: Sequence[Item]) -> None:
    criteria = [one for item in items if isinstance(one := item.get("criterion"), Criterion)]
    if any(one.criteria_set.campaign_year_id != registration.campaign_year_id for one in criteria):
        raise Refused("Nội dung thi đua được chọn không thuộc năm này.")
    if any((item.get("quantity") or 0) < 0 for item in items):
        raise Refused("Số lượng đăng ký không được âm.")
