"""What people do with initiatives: write the application, hand it in, recognise, refuse, keep the papers."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import rules
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from awards import mails
from awards.actions.register import doubt
from awards.eligibility.facts import LEVELS
from awards.models import Honour, Initiative, InitiativeAuthor, InitiativeFile
from awards.queries import evaluations
from awards.queries.initiatives import WHOLE, share_problems
from awards.workflow import INITIATIVE
from core import clock
from core.attachments import path_of, store
from core.journal import record
from core.vietnamese import fold, format_date, format_decimal, normalize
from core.workflow import AlreadyDone, Refused, check_version, lock
from organization.models import Person, Unit

State = Initiative.State
Shares = Sequence[tuple[Person, Decimal]]
APPLICATION = ("kind", "name", "summary", "effect", "unit", "first_used_on")
RECOGNITION = ("level", "reach", "decision_number", "recognised_on", "recognised_by", "evaluation")
COUNCIL = (
    "council_met_on", "council_minutes", "council_members", "council_present", "council_in_favour", "council_mark",
    "council_scale", "council_advice", "evaluation",
)  # fmt: skip
DECIDED = (*RECOGNITION, *COUNCIL[:-1], "council_rule")
MOST_FILES = 20


@transaction.atomic
def start(values: Mapping[str, Any], authors: Shares, *, by: Any) -> Initiative:
    """A draft, complete or not, for oneself and one's co-authors or for colleagues."""
    if not rules.has_perm("awards.start_initiative", by):
        raise Refused("Tài khoản của bạn chưa gắn với một người đang công tác nên không lập đơn được.")
    unit: Unit = values["unit"]
    if unit.pk not in by.acting.units:
        raise Refused(f"Bạn không lập đơn cho {unit.name} được.")
    initiative = Initiative(prepared_by=by)
    _write(initiative, {name: values[name] for name in APPLICATION if name in values})
    _write_authors(initiative, authors)
    record(initiative, "start", by=by, label="Lập đơn yêu cầu công nhận sáng kiến", after=State.DRAFT)
    return initiative


@transaction.atomic
def save(
    initiative: Initiative, values: Mapping[str, Any], authors: Shares, *, by: Any, version: int | None = None
) -> None:
    """Keep what was written so far."""
    _hold_draft(initiative, by)
    check_version(initiative, version)
    wanted = {name: values[name] for name in APPLICATION if name in values}
    unit = wanted.get("unit", initiative.unit)
    if unit.pk != initiative.unit_id and unit.pk not in by.acting.units:
        raise Refused(f"Bạn không lập đơn cho {unit.name} được.")
    changed = [name for name in wanted if getattr(initiative, name) != wanted[name]]
    if _differ(initiative, authors):
        _write_authors(initiative, authors)
        changed.append("authors")
    if not changed:
        return
    initiative.version += 1
    _write(initiative, wanted)
    _set_key(initiative)
    record(initiative, "save", by=by, label="Sửa đơn", comment=", ".join(_label(name) for name in changed))


@transaction.atomic
def submit(initiative: Initiative, *, by: Any, version: int | None = None, **_: Any) -> None:
    move(initiative, "submit", by=by, version=version)
    initiative.applied_on = clock.today()
    initiative.save(update_fields=["applied_on"])
    mails.initiative_submitted(initiative, by=by)


@transaction.atomic
def withdraw(initiative: Initiative, *, by: Any, version: int | None = None, **_: Any) -> None:
    move(initiative, "withdraw", by=by, version=version)


@transaction.atomic
def recognise(
    initiative: Initiative, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> None:
    """Enter the decision: level, reach, number, day, issuer. It follows an evaluation that carries."""
    lock(initiative)
    facts = _checked(values, initiative)
    for name, value in facts.items():
        setattr(initiative, name, value)
    initiative.save(update_fields=RECOGNITION)  # a recognised one is whole from the first moment on
    _set_key(initiative)
    said = f"Quyết định {facts['decision_number']} ngày {facts['recognised_on']:%d/%m/%Y}"
    move(initiative, "recognise", by=by, version=version, comment=said)
    _keep_rule(initiative)
    mails.initiative_recognised(initiative, by=by)


@transaction.atomic
def send_back(
    initiative: Initiative, *, by: Any, comment: str = "", version: int | None = None, **_: Any
) -> None:
    move(initiative, "send_back", by=by, version=version, comment=normalize(comment))
    mails.initiative_returned(initiative, by=by)


@transaction.atomic
def refuse(
    initiative: Initiative, *, by: Any, comment: str = "", version: int | None = None, **_: Any
) -> None:
    move(initiative, "refuse", by=by, version=version, comment=normalize(comment))
    _keep_rule(initiative)
    mails.initiative_refused(initiative, by=by)


@transaction.atomic
def reopen(
    initiative: Initiative, *, by: Any, comment: str = "", version: int | None = None, **_: Any
) -> None:
    """Take an evaluation, a recognition or a refusal back, as long as nothing rests on it."""
    move(initiative, "reopen", by=by, version=version, comment=normalize(comment))
    for name in DECIDED:
        setattr(initiative, name, Initiative._meta.get_field(name).get_default())  # type: ignore[union-attr]
    initiative.save(update_fields=DECIDED)


@transaction.atomic
def remove(initiative: Initiative, *, by: Any, **_: Any) -> None:
    """Throw a draft away with its papers; its journal stays."""
    try:
        lock(initiative)
    except Initiative.DoesNotExist as error:
        raise AlreadyDone("Đơn này đã được xóa rồi.") from error
    _hold_draft(initiative, by)
    record(initiative, "remove", by=by, label="Xóa đơn", before=State.DRAFT, data={"name": initiative.name})
    for one in initiative.files.select_related("file"):
        _take_away(one)
    initiative.delete()


@transaction.atomic
def enter_recognised(values: Mapping[str, Any], authors: Shares, *, by: Any) -> Initiative:
    """The Office enters what was recognised before the portal."""
    if not rules.has_perm("awards.enter_initiative", by):
        raise Refused("Chỉ Văn phòng Sở nhập sáng kiến đã được công nhận.")
    if any(person.pk == by.acting.person_id for person, _ in authors):
        raise Refused("Bạn không tự nhập sáng kiến của chính mình. Hãy nhờ người khác của Văn phòng Sở.")
    problems = list(share_problems([share for _, share in authors]))
    if problems:
        raise Refused(*problems)
    facts = _checked(values)
    initiative = Initiative(prepared_by=by, **facts, state=State.RECOGNISED)
    _write(initiative, {name: values[name] for name in APPLICATION if name in values})
    _write_authors(initiative, authors)
    record(
        initiative, "enter", by=by, label="Nhập sáng kiến đã được công nhận", after=State.RECOGNISED,
        comment=f"Quyết định {initiative.decision_number}",
    )  # fmt: skip
    return initiative


@transaction.atomic
def correct_recognition(
    initiative: Initiative, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> list[Honour]:
    """Put right what was entered wrongly of the decision. Gives the honours that somebody must look at, because they
    rest on a level or a reach that is lower now."""
    lock(initiative)
    if not rules.has_perm("awards.decide_initiative", by, initiative):
        raise Refused("Bạn không sửa được quyết định công nhận này.")
    if initiative.state != State.RECOGNISED:
        raise Refused("Chỉ sửa được quyết định của sáng kiến đã được công nhận.")
    check_version(initiative, version)
    facts, steps = _checked(values, initiative), list(LEVELS)
    is_lower = any(
        steps.index(facts[name]) < steps.index(getattr(initiative, name)) for name in RECOGNITION[:2]
    )
    if changes := change(initiative, facts):
        record(initiative, "correct", by=by, label="Sửa quyết định công nhận", comment=changes)
    return _shake(initiative, by) if is_lower else []


def _shake(initiative: Initiative, by: Any) -> list[Honour]:
    level, reach = LEVELS[initiative.level], LEVELS[initiative.reach]
    why = f"Sáng kiến làm căn cứ, “{initiative.name}”, nay được công nhận {level}, phạm vi {reach}."
    shaken = list(Honour.objects.in_force().filter(bases__initiative=initiative).distinct().order_by("pk"))
    for honour in shaken:
        doubt(honour, why, by=by)
    return shaken


# --- papers ---------------------------------------------------------------------------------------------
@transaction.atomic
def add_file(initiative: Initiative, upload: UploadedFile, *, title: str, by: Any) -> InitiativeFile:
    _hold_papers(initiative, by)
    if initiative.files.count() >= MOST_FILES:
        raise Refused(f"Mỗi sáng kiến có tối đa {MOST_FILES} tài liệu.")
    try:
        file = store(upload, by=by)
    except ValidationError as error:
        raise Refused(*error.messages) from error
    one = InitiativeFile.objects.create(
        initiative=initiative, title=(normalize(title) or file.name)[:200], file=file
    )
    record(initiative, "add_file", by=by, label="Thêm tài liệu", comment=one.title)
    return one


@transaction.atomic
def remove_file(one: InitiativeFile, *, by: Any) -> None:
    initiative = one.initiative
    _hold_papers(initiative, by)
    if not InitiativeFile.objects.filter(pk=one.pk).exists():
        raise AlreadyDone("Tài liệu này đã được gỡ rồi.")
    record(
        initiative, "remove_file", by=by, label="Gỡ tài liệu", comment=one.title,
        data={"sha256": one.file.sha256},
    )  # fmt: skip
    _take_away(one)


def _take_away(one: InitiativeFile) -> None:
    file, path = one.file, path_of(one.file)
    one.delete()
    file.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _hold_papers(initiative: Initiative, by: Any) -> None:
    """Of a draft its authors' business, afterwards the Office's."""
    lock(initiative)
    permission = "prepare" if initiative.state == State.DRAFT else "decide"
    if not rules.has_perm(f"awards.{permission}_initiative", by, initiative):
        raise Refused("Bạn không thêm, gỡ tài liệu của sáng kiến này được.")


# --- what they share --------------------------------------------------------------------------------------
def move(
    initiative: Initiative, verb: str, *, by: Any, version: int | None = None, comment: str = ""
) -> None:
    INITIATIVE.advance(initiative, verb, by=by, comment=comment, version=version)
    initiative.version += 1
    initiative.save(update_fields=["version"])


def _hold_draft(initiative: Initiative, by: Any) -> None:
    lock(initiative)
    if initiative.state != State.DRAFT:
        raise Refused("Đơn đã nộp nên không sửa được. Muốn sửa, hãy rút lại trước.")
    if not rules.has_perm("awards.prepare_initiative", by, initiative):
        raise Refused("Chỉ tác giả và người lập đơn sửa được đơn này.")


def _checked(values: Mapping[str, Any], initiative: Initiative | None = None) -> dict[str, Any]:
    """The decision as written. The council's words belong to its evaluation, where the portal has one."""
    facts = {name: values.get(name, "") for name in RECOGNITION}
    met_on = initiative.council_met_on if initiative else None
    if initiative and met_on:
        facts["evaluation"] = initiative.evaluation
    if not all(facts[name] for name in RECOGNITION[:4]):
        raise Refused("Hãy ghi đủ cấp công nhận, phạm vi ảnh hưởng, số và ngày quyết định công nhận.")
    if facts["recognised_on"] > clock.today():
        raise Refused("Ngày công nhận không được sau hôm nay.")
    if met_on and facts["recognised_on"] < met_on:
        raise Refused(f"Ngày công nhận không được trước ngày họp Hội đồng sáng kiến ({format_date(met_on)}).")
    return facts


def _keep_rule(initiative: Initiative) -> None:
    """What was decided stands on the figures of its day, whatever the Office writes of that day later."""
    if initiative.council_met_on:
        initiative.council_rule = evaluations.rule_on(initiative.council_met_on)
        initiative.save(update_fields=["council_rule"])


def change(initiative: Initiative, facts: Mapping[str, Any]) -> str:
    """Write what differs; the sentences say what it was and what it is."""
    changed = [name for name, value in facts.items() if getattr(initiative, name) != value]
    said = [
        f"{_label(name)}: {_word(name, getattr(initiative, name))} → {_word(name, facts[name])}"
        for name in changed
    ]
    for name in changed:
        setattr(initiative, name, facts[name])
    if changed:
        initiative.version += 1
        initiative.save()
        _set_key(initiative)
    return "\n".join(said)


def _word(name: str, value: Any) -> str:
    if value in (None, ""):
        return "(trống)"
    if isinstance(value, date):
        return format_date(value)
    known = dict(Initiative._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return known.get(value) or (format_decimal(value) if isinstance(value, Decimal) else str(value))


def _write(initiative: Initiative, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(initiative, name, value)
    initiative.save()


def _set_key(initiative: Initiative) -> None:
    """Found by its name, its decision and its authors."""
    names = [one.person.full_name for one in initiative.authors.select_related("person")]
    words = " ".join([initiative.name, initiative.decision_number, *names])
    initiative.search_key = fold(words)[:500]
    initiative.save(update_fields=["search_key"])


def _write_authors(initiative: Initiative, authors: Shares) -> None:
    people = [person.pk for person, _ in authors]
    if len(set(people)) != len(people):
        raise Refused("Một người chỉ đứng tên tác giả một lần.")
    total = sum((share for _, share in authors), Decimal(0))
    if total > WHOLE:
        raise Refused(
            f"Tỷ lệ đóng góp của các tác giả cộng lại là {format_decimal(total)}%, không được quá 100%."
        )
    initiative.authors.all().delete()
    InitiativeAuthor.objects.bulk_create(
        InitiativeAuthor(initiative=initiative, person=person, share=share) for person, share in authors
    )
    _set_key(initiative)


def _differ(initiative: Initiative, authors: Shares) -> bool:
    present = {one.person_id: one.share for one in initiative.authors.all()}
    return present != {person.pk: share for person, share in authors} or len(present) != len(authors)


def _label(name: str) -> str:
    if name == "authors":
        return "Tác giả"
    return str(Initiative._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
