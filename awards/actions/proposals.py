"""What a unit does with its proposal: begin it, write the minutes, choose candidates, sign, take back."""

from collections.abc import Mapping
from typing import Any

import rules
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from awards import mails
from awards.models import Award, Flag, Nomination, Proposal, Review
from awards.queries import nominations as queries
from awards.queries.occasions import KEPT, keep_kind
from awards.queries.reports import written
from awards.queries.reviews import rulebook_of
from awards.workflow import PROPOSAL
from core import clock
from core.attachments import store
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, check_version, lock
from organization.models import Person, Unit

State = Proposal.State
Verdict = Nomination.Verdict
MEETING = (
    "letter_number", "letter_date", "met_on", "place", "chair", "secretary", "members", "present", "absent", "course",
    "reason",
)  # fmt: skip


@transaction.atomic
def begin_proposal(review: Review, unit: Unit, *, by: Any) -> Proposal:
    """Anybody of the unit begins; there is one proposal of a unit in a review."""
    lock(review)
    if not rules.has_perm("awards.begin_proposal", by, unit):
        raise Refused(f"Bạn không lập tờ trình cho {unit.name} được.")
    if review.state != Review.State.OPEN:
        raise Refused("Đợt bình xét không ở bước đơn vị đề nghị.")
    if not queries.proposing_units(review).filter(pk=unit.pk).exists():
        raise Refused(f"{unit.name} không lập tờ trình riêng trong đợt này.")
    known = review.proposals.filter(unit=unit).first()
    if known:
        raise AlreadyDone("Đơn vị đã có tờ trình của đợt này.")
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(review=review, unit=unit, prepared_by=by)
    except IntegrityError as error:
        raise AlreadyDone("Đơn vị đã có tờ trình của đợt này.") from error
    record(proposal, "begin", by=by, label="Lập tờ trình của đơn vị", after=State.DRAFT)
    return proposal


@transaction.atomic
def write_minutes(
    proposal: Proposal,
    values: Mapping[str, Any],
    *,
    by: Any,
    version: int | None = None,
    upload: UploadedFile | None = None,
) -> None:
    """The meeting's minutes as far as they are written, and the signed paper."""
    hold(proposal, by)
    check_version(proposal, version)
    people = queries.people_of(proposal.review, proposal.unit)
    present, members = values.get("present"), values.get("members")
    if present is not None and members is not None and present > members:
        raise Refused("Số người có mặt không được nhiều hơn số người của đơn vị.")
    if wrong := queries.met_too_early_or_late(proposal.review, values.get("met_on")):
        raise Refused(wrong)
    for name in ("chair", "secretary"):
        one = values.get(name)
        if one is not None and proposal.unit.parent_id and not people.filter(pk=one.pk).exists():
            raise Refused(f"{one} không thuộc đơn vị.")
    _votes_fit(proposal, present)
    changed = [name for name in MEETING if name in values and getattr(proposal, name) != values[name]]
    for name in changed:
        setattr(proposal, name, values[name])
    if upload:
        proposal.minutes = _stored(upload, by)
        changed.append("minutes")
    if not changed:
        return
    if not set(changed) <= queries.editable_minutes(proposal):
        raise Refused(
            "Khi được trả lại, chỉ sửa được biên bản nếu Văn phòng Sở yêu cầu hoàn thiện phiếu của đơn vị."
        )
    proposal.version += 1
    proposal.save()
    record(proposal, "minutes", by=by, label="Ghi biên bản, tờ trình", comment=_labels(changed))


@transaction.atomic
def propose(proposal: Proposal, award: Award, subject: Person | Unit, *, by: Any) -> Nomination:
    """Put somebody on the list; who was withdrawn comes back with his dossier."""
    hold(proposal, by)
    review = proposal.review
    whose = {"person": subject} if isinstance(subject, Person) else {"unit": subject}
    free = proposal.state == State.DRAFT or proposal.is_asked_again
    if not free and not _award_is_flagged(proposal, whose):
        raise Refused(
            "Tờ trình được trả lại; chỉ đề nghị danh hiệu khác cho hồ sơ được yêu cầu đổi danh hiệu."
        )
    _fits(proposal, award, subject)
    known = review.nominations.filter(award=award, **whose).select_related("proposal__unit").first()
    if known and known.proposal_id != proposal.pk:
        raise Refused(f"{subject} đã được {known.proposal.unit.name} đề nghị {award}.")
    if known and not known.withdrawn_at:
        raise AlreadyDone(f"{known} đã có trong danh sách.")
    if known:
        known.withdrawn_at, known.withdrawal_reason = None, ""
        known.version += 1
        known.save(update_fields=["withdrawn_at", "withdrawal_reason", "version"])
    else:
        report = written(review, subject, award.recipient)
        known = Nomination.objects.create(
            review=review, proposal=proposal, award=award, report=report, **whose
        )
    record(proposal, "propose", by=by, label=f"Đề nghị {known}")
    record(known, "propose", by=by, label="Đưa vào danh sách đề nghị")
    return known


@transaction.atomic
def set_votes(
    nomination: Nomination,
    votes_for: int | None,
    votes_against: int | None,
    *,
    by: Any,
    version: int | None = None,
) -> None:
    """What the meeting voted; never more than were present."""
    proposal = hold_dossier(nomination, by, point=Flag.Point.VOTES, permission="awards.prepare_proposal")
    check_version(nomination, version)
    total = (votes_for or 0) + (votes_against or 0)
    if proposal.present is not None and total > proposal.present:
        raise Refused(f"Số phiếu ({total}) không được nhiều hơn số người có mặt ({proposal.present}).")
    if (nomination.votes_for, nomination.votes_against) == (votes_for, votes_against):
        return
    nomination.votes_for, nomination.votes_against = votes_for, votes_against
    nomination.version += 1
    nomination.save(update_fields=["votes_for", "votes_against", "version"])
    told = ["–" if many is None else str(many) for many in (votes_for, votes_against)]
    said = f"Đồng ý {told[0]}, không đồng ý {told[1]}"
    record(nomination, "votes", by=by, label="Ghi số phiếu", comment=said)


@transaction.atomic
def record_votes(
    proposal: Proposal,
    votes: Mapping[int, tuple[int | None, int | None]],
    *,
    by: Any,
    version: int | None = None,
) -> None:
    """The whole meeting's votes at once."""
    hold(proposal, by)
    check_version(proposal, version)
    rows = proposal.nominations.standing().select_related("award", "person", "unit")
    for one in rows.filter(pk__in=votes):
        if (one.votes_for, one.votes_against) != votes[one.pk]:
            set_votes(one, *votes[one.pk], by=by)
    proposal.version += 1
    proposal.save(update_fields=["version"])


@transaction.atomic
def withdraw(nomination: Nomination, *, by: Any, reason: str) -> None:
    """Take a candidate off the unit's list; the dossier and the reason stay."""
    lock_both(nomination)
    proposal = nomination.proposal
    if not rules.has_perm("awards.prepare_proposal", by, proposal):
        raise Refused("Chỉ người của đơn vị rút hồ sơ khỏi danh sách.")
    _open(proposal, (State.DRAFT, State.RETURNED))
    if nomination.withdrawn_at:
        raise AlreadyDone("Hồ sơ này đã được rút rồi.")
    if nomination.verdict in (Verdict.ACCEPTED, Verdict.EXCEPTION):
        raise Refused("Hồ sơ đã được thẩm định đủ điều kiện; hãy đề nghị Văn phòng Sở mở lại trước khi rút.")
    kept = normalize(reason)
    if not kept:
        raise Refused("Hãy ghi lý do rút.")
    _take_off(nomination, by=by, reason=kept)
    record(proposal, "withdraw_candidate", by=by, label=f"Rút {nomination}", comment=kept)


@transaction.atomic
def submit(proposal: Proposal, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The head signs: findings are kept as they are today, answered flags are closed, the Office is told."""
    lock(proposal.review)
    again = Proposal.objects.filter(pk=proposal.pk, state=State.RETURNED).exists()
    own = _own_dossiers(proposal, by)
    PROPOSAL.advance(
        proposal, "submit", by=by, comment=comment, version=version, data={"own": own} if own else None
    )
    waiting = proposal.nominations.standing().filter(verdict__in=(Verdict.PENDING, Verdict.FLAGGED))
    rows = list(waiting.select_related("award", "person", "unit"))
    _keep_findings(proposal, rows)
    for one in rows:
        if one.verdict == Verdict.FLAGGED:
            one.verdict = Verdict.PENDING
            one.save(update_fields=["verdict"])
    Flag.objects.filter(nomination__in=rows, closed_at=None).update(closed_at=clock.now())
    _signed(proposal, by)
    mails.proposal_submitted(proposal, by=by, again=again)
    for one in rows:
        mails.nominated(one, proposal)


@transaction.atomic
def propose_nobody(proposal: Proposal, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The head signs that the unit proposes nobody in this review, and why: the unit has answered."""
    lock(proposal.review)
    lock(proposal)
    kept = _kept_reason(proposal, "propose_nobody", comment)
    PROPOSAL.advance(proposal, "propose_nobody", by=by, comment=kept, version=version)
    _signed(proposal, by, nobody_reason=kept)
    mails.proposes_nobody(proposal, by=by)


@transaction.atomic
def close_unsent(proposal: Proposal, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The Office notes that a unit hands nothing in: who stood on its draft is off the list, with the reason."""
    lock(proposal.review)
    lock(proposal)
    kept = _kept_reason(proposal, "close_unsent", comment)
    PROPOSAL.advance(proposal, "close_unsent", by=by, comment=kept, version=version)
    for one in proposal.nominations.standing().select_related("person", "unit", "award"):
        _take_off(one, by=by, reason=kept)
    proposal.version += 1
    proposal.save(update_fields=["version"])
    mails.proposal_closed(proposal, by=by)


@transaction.atomic
def take_back_proposal(proposal: Proposal, *, by: Any, comment: str = "", version: int | None = None) -> None:
    lock(proposal.review)
    PROPOSAL.advance(proposal, "take_back", by=by, comment=comment, version=version)
    proposal.nobody_reason = ""
    proposal.version += 1
    proposal.save(update_fields=["nobody_reason", "version"])


def _kept_reason(proposal: Proposal, verb: str, comment: str) -> str:
    """Written before the move, for the state asks for it; a refused move takes it away again."""
    kept = normalize(comment)
    if proposal.state in PROPOSAL.moves[verb].source and kept:
        proposal.nobody_reason = kept
        proposal.save(update_fields=["nobody_reason"])
    return kept


def _take_off(nomination: Nomination, *, by: Any, reason: str) -> None:
    nomination.withdrawn_at, nomination.withdrawal_reason = clock.now(), reason
    nomination.version += 1
    nomination.save(update_fields=["withdrawn_at", "withdrawal_reason", "version"])
    record(nomination, "withdraw", by=by, label="Rút khỏi danh sách đề nghị", comment=reason)


def _signed(proposal: Proposal, by: Any, *, nobody_reason: str = "") -> None:
    """Who signed and when; a list that is handed in takes the place of what the unit said of proposing nobody."""
    proposal.submitted_at, proposal.submitted_by = clock.now(), by
    proposal.nobody_reason = nobody_reason
    proposal.version += 1
    proposal.save(update_fields=["submitted_at", "submitted_by", "nobody_reason", "version"])


def _keep_findings(proposal: Proposal, rows: list[Nomination]) -> None:
    book = rulebook_of(proposal.review)
    judged = queries.assessed(proposal.review, rows, book)
    for one in rows:
        found = judged.get(one.pk)
        keep_kind(proposal.review, one, found, book)
        if found is None:
            one.save(update_fields=KEPT)
            continue
        one.findings, one.findings_state = queries.as_kept(found, book), found.state.value
        one.findings_at = clock.now()
        one.save(update_fields=["findings", "findings_state", "findings_at", *KEPT])


def _own_dossiers(proposal: Proposal, by: Any) -> list[int]:
    """The signer's own candidacies: allowed, for the list is the unit's, and written down."""
    if not by.acting.person_id:
        return []
    own = proposal.nominations.standing().filter(person=by.acting.person_id)
    return list(own.values_list("pk", flat=True))


# --- what the acts on proposals and dossiers share ------------------------------------------------------
def hold(proposal: Proposal, by: Any, states: tuple[str, ...] = (State.DRAFT, State.RETURNED)) -> None:
    """Lock the review first, then the proposal, so that no list is published under somebody's pen."""
    lock(proposal.review)
    lock(proposal)
    if not rules.has_perm("awards.prepare_proposal", by, proposal):
        raise Refused("Chỉ người của đơn vị lập và sửa tờ trình này.")
    _open(proposal, states)


def lock_both(nomination: Nomination) -> None:
    lock(nomination.review)
    lock(nomination.proposal)
    lock(nomination)


def hold_dossier(nomination: Nomination, by: Any, *, point: str, permission: str) -> Proposal:
    lock_both(nomination)
    proposal = nomination.proposal
    if not rules.has_perm(permission, by, nomination if permission == "awards.write_dossier" else proposal):
        raise Refused("Bạn không sửa được hồ sơ này.")
    _open(proposal, (State.DRAFT, State.RETURNED))
    if nomination.withdrawn_at:
        raise Refused("Hồ sơ đã được rút khỏi danh sách.")
    if point not in queries.editable_points(nomination):
        raise Refused("Khi được trả lại, chỉ sửa được nội dung Văn phòng Sở yêu cầu hoàn thiện.")
    return proposal


def _open(proposal: Proposal, states: tuple[str, ...]) -> None:
    if proposal.review.state != Review.State.OPEN:
        raise Refused("Đợt bình xét không còn ở bước đơn vị đề nghị nên hồ sơ không sửa được.")
    if proposal.state not in states:
        raise Refused(
            f"Tờ trình đang ở trạng thái “{PROPOSAL.states[proposal.state][0]}” nên không sửa được."
        )


def _award_is_flagged(proposal: Proposal, whose: dict[str, Any]) -> bool:
    theirs = proposal.nominations.filter(**whose)
    return Flag.objects.filter(nomination__in=theirs, point=Flag.Point.AWARD, closed_at=None).exists()


def _votes_fit(proposal: Proposal, present: int | None) -> None:
    if present is None:
        return
    for one in proposal.nominations.standing().select_related("award", "person", "unit"):
        if (one.votes_for or 0) + (one.votes_against or 0) > present:
            raise Refused(f"{one}: số phiếu đã ghi nhiều hơn {present} người có mặt. Hãy sửa số phiếu trước.")


def _fits(proposal: Proposal, award: Award, subject: Person | Unit) -> None:
    review = proposal.review
    if not review.awards.filter(pk=award.pk).exists():
        raise Refused(f"“{award}” không được xét trong đợt này.")
    if isinstance(subject, Person):
        of_unit = queries.people_of(review, proposal.unit).filter(pk=subject.pk).exists()
        right = award.recipient == "individual"
    else:
        of_unit = queries.collectives_of(review, proposal.unit).filter(pk=subject.pk).exists()
        right = award.recipient == "collective"
    if not of_unit:
        raise Refused(f"{subject} không thuộc diện đề nghị của {proposal.unit.name}.")
    if not right:
        raise Refused(f"“{award}” chỉ dành cho {award.get_recipient_display().lower()}.")


def _stored(upload: UploadedFile, by: Any) -> Any:
    try:
        return store(upload, by=by)
    except ValidationError as error:
        raise Refused(*error.messages) from error


def _labels(names: list[str]) -> str:
    return ", ".join(queries.label_of(name) for name in names)
