"""Complaints about a review: received on the portal or entered from paper, accepted or not, resolved, withdrawn."""

from collections.abc import Mapping
from typing import Any

import rules
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from awards import mails
from awards.actions.holds import hold_by_complaint
from awards.models import Complaint, Decision, Hold, Nomination, Review
from awards.queries.notices import (
    complained_of,
    complaints_closed,
    latest_extension,
    not_extended_because,
    term,
)
from awards.workflow import COMPLAINT
from core import clock
from core.attachments import store
from core.journal import record
from core.vietnamese import format_date, normalize
from core.workflow import AlreadyDone, Refused, check_version, lock
from organization.models import User

Step = Complaint.State
Consequence = Complaint.Consequence
OPEN = (Step.RECEIVED, Step.ACCEPTED)
RESOLUTION = ("outcome", "resolution", "document_number", "document_date", "consequence")


@transaction.atomic
def complain(
    review: Review,
    values: Mapping[str, Any],
    *,
    by: Any,
    upload: UploadedFile | None = None,
) -> Complaint:
    """Somebody of the Sở sends it himself: it is received today."""
    lock(review)
    if not rules.has_perm("awards.complain", by):
        raise Refused("Chỉ người đang làm việc tại Sở gửi đơn trên cổng được.")
    made = Complaint(
        **_facts(review, values, by, all_of_review=False),
        author=by,
        author_name=by.display_name,
        address=by.acting.label,
        received_on=clock.today(),
    )
    return _receive(made, by, upload, label="Gửi đơn")


@transaction.atomic
def enter(
    review: Review,
    values: Mapping[str, Any],
    *,
    by: Any,
    upload: UploadedFile | None = None,
) -> Complaint:
    """What came to the Office on paper, with the day on which it came."""
    lock(review)
    if not rules.has_perm("awards.enter_complaint", by):
        raise Refused("Chỉ Văn phòng Sở nhập đơn giấy; Giám đốc tự nhập được đơn gửi mình.")
    name, day = normalize(values.get("author_name") or ""), values.get("received_on")
    if not name or day is None:
        raise Refused("Hãy ghi người gửi đơn và ngày nhận.")
    made = Complaint(
        **_facts(review, values, by, all_of_review=True),
        author_name=name,
        address=values.get("address") or "",
        received_on=day,
    )
    return _receive(made, by, upload, label="Nhập đơn giấy")


@transaction.atomic
def accept(complaint: Complaint, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """From the day after, the term of the resolution runs."""
    _move(complaint, "accept", by=by, comment=comment, version=version)
    today = clock.today()
    complaint.accepted_on = today
    complaint.resolve_by = term(complaint.kind, "resolve", today)
    complaint.save(update_fields=["accepted_on", "resolve_by"])
    mails.complaint_decided(complaint)


@transaction.atomic
def decline(complaint: Complaint, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """Not accepted for handling, with the reason."""
    lock(complaint)
    if complaint.state == Step.RECEIVED and normalize(comment):
        complaint.reply, complaint.ended_on = normalize(comment), clock.today()
        complaint.save(update_fields=["reply", "ended_on"])
    _move(complaint, "decline", by=by, comment=comment, version=version)
    mails.complaint_decided(complaint)


@transaction.atomic
def extend(complaint: Complaint, values: Mapping[str, Any], *, by: Any, version: int | None = None) -> None:
    """More time for the resolution: once, with the reason and the paper, by at most the province's figure; its author
    is told. Overdue and what reminds of it follow the new day."""
    lock(complaint)
    number = normalize(values.get("document_number") or "")
    if complaint.extended_from and (complaint.extension_number, complaint.resolve_by) == (
        number,
        values.get("until"),
    ):
        raise AlreadyDone("Thời hạn giải quyết đơn này đã được gia hạn theo văn bản đó.")
    if reason := not_extended_because(complaint):
        raise Refused(reason)
    check_version(complaint, version)
    if not rules.has_perm("awards.handle_complaint", by, complaint):
        raise Refused("Chỉ người giải quyết đơn gia hạn thời hạn giải quyết.")
    _check_extension(complaint, values)
    complaint.extended_from, complaint.resolve_by = complaint.resolve_by, values["until"]
    complaint.extension_reason, complaint.extension_number = normalize(values["reason"]), number
    complaint.extension_date = values["document_date"]
    complaint.version += 1
    complaint.save()
    label = f"Gia hạn giải quyết đến hết ngày {format_date(complaint.resolve_by)}"
    record(complaint, "extend", by=by, label=label, comment=complaint.extension_reason)
    mails.complaint_extended(complaint)


@transaction.atomic
def resolve(complaint: Complaint, values: Mapping[str, Any], *, by: Any, version: int | None = None) -> None:
    """Upheld, partly or not, by which paper; what is upheld may stop the person or send the dossier back."""
    _settle(complaint, "resolve", values, by=by, version=version)


@transaction.atomic
def forward(complaint: Complaint, values: Mapping[str, Any], *, by: Any, version: int | None = None) -> None:
    """Handed to the level above, to whom and by which paper; until its answer is recorded it stops what it stopped."""
    lock(complaint)
    if complaint.state in OPEN:
        to, number = (
            normalize(values.get("forwarded_to") or ""),
            normalize(values.get("forward_number") or ""),
        )
        day = values.get("forwarded_on")
        if not to or not number or day is None:
            raise Refused("Hãy ghi cơ quan cấp trên, số và ngày văn bản chuyển đơn.")
        if not complaint.received_on <= day <= clock.today():
            raise Refused(
                f"Ngày chuyển đơn phải từ ngày nhận đơn ({format_date(complaint.received_on)}) đến hôm nay."
            )
        complaint.forwarded_to, complaint.forward_number, complaint.forwarded_on = to, number, day
        complaint.save()
    _move(complaint, "forward_complaint", by=by, comment=_forwarded(complaint), version=version)
    mails.complaint_decided(complaint)


@transaction.atomic
def answer_from_above(
    complaint: Complaint, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> None:
    """What the level above has found, by which paper, with the same consequences as a result of our own."""
    _settle(complaint, "answer_from_above", values, by=by, version=version)


def _settle(
    complaint: Complaint, verb: str, values: Mapping[str, Any], *, by: Any, version: int | None
) -> None:
    lock(complaint.review)
    lock(complaint)
    if complaint.state in COMPLAINT.moves[verb].source:
        _check_resolution(complaint, values)
        for name in RESOLUTION:
            setattr(complaint, name, values.get(name) or getattr(complaint, name))
        complaint.ended_on = clock.today()
        complaint.save()
    _move(complaint, verb, by=by, comment=complaint.get_outcome_display(), version=version)
    if complaint.consequence == Consequence.HOLD:
        complaint.hold = _held(complaint, by)
        complaint.save(update_fields=["hold"])
    elif complaint.consequence == Consequence.RETURN:
        _send_back(complaint, by)
    mails.complaint_decided(complaint)


@transaction.atomic
def withdraw(complaint: Complaint, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """By its author; what came on paper the Office notes as withdrawn."""
    lock(complaint)
    if complaint.state in COMPLAINT.moves["withdraw_complaint"].source:
        complaint.ended_on = clock.today()
        complaint.save(update_fields=["ended_on"])
    _move(complaint, "withdraw_complaint", by=by, comment=comment, version=version)


@transaction.atomic
def give(complaint: Complaint, to: User, *, by: Any, version: int | None = None) -> None:
    """Where the Office may not handle it, the Director names somebody of the Sở for this one complaint."""
    lock(complaint)
    if complaint.state not in OPEN:
        raise Refused("Đơn đã kết thúc nên không giao ai giải quyết nữa.")
    check_version(complaint, version)
    if not rules.has_perm("awards.give_complaint", by, complaint):
        raise Refused(
            "Chỉ Giám đốc giao người giải quyết, khi đơn là tố cáo hoặc mọi người của Văn phòng Sở đều liên quan đến"
            " đơn."
        )
    if not rules.has_perm("awards.take_complaint", to, complaint):
        raise Refused(
            f"Không giao cho {to.display_name} được: người này liên quan đến đơn hoặc không xử lý hồ sơ."
        )
    if complaint.handler_id == to.pk:
        raise AlreadyDone(f"Đơn này đã được giao cho {to.display_name}.")
    complaint.handler = to
    complaint.version += 1
    complaint.save(update_fields=["handler", "version"])
    record(complaint, "give", by=by, label=f"Giao giải quyết đơn: {to.display_name}")
    mails.complaint_given(complaint)


# --- parts ----------------------------------------------------------------------------------------------
def _facts(review: Review, values: Mapping[str, Any], by: Any, *, all_of_review: bool) -> dict[str, Any]:
    """What both ways in have in common, checked."""
    nomination: Nomination | None = values.get("nomination")
    decision: Decision | None = values.get("decision")
    if values.get("kind") not in Complaint.Kind.values:
        raise Refused("Hãy chọn loại đơn: khiếu nại, kiến nghị hay tố cáo.")
    if not normalize(values.get("text") or ""):
        raise Refused("Hãy ghi nội dung đơn.")
    if nomination and decision:
        raise Refused("Chỉ chọn một hồ sơ, hoặc một quyết định.")
    known = complained_of(review, by, all_of_review=all_of_review)
    if nomination and not known.filter(pk=nomination.pk).exists():
        raise Refused("Hồ sơ này không có trong danh sách đã công khai.")
    if decision and (decision.review_id, decision.state) != (review.pk, Decision.State.ISSUED):
        raise Refused("Chỉ chọn quyết định đã ban hành của đợt này.")
    return {
        "review": review,
        "kind": values["kind"],
        "nomination": nomination,
        "decision": decision,
        "accused": values.get("accused"),
        "text": normalize(values["text"]),
        "entered_by": by,
    }


def _receive(made: Complaint, by: Any, upload: UploadedFile | None, *, label: str) -> Complaint:
    day = made.received_on
    if day > clock.today():
        raise Refused("Ngày nhận đơn không được sau hôm nay.")
    if closed := complaints_closed(made.review, day):
        raise Refused(closed)
    same = Complaint.objects.filter(
        review=made.review,
        author=made.author,
        author_name=made.author_name,
        nomination=made.nomination,
        decision=made.decision,
        accused=made.accused,
        kind=made.kind,
        text=made.text,
    )
    if same.open().exists():
        raise AlreadyDone("Đơn này đã được gửi và đang được xử lý.")
    made.accept_by = term(made.kind, "accept", day)
    if upload:
        made.file = _stored(upload, by)
    made.save()
    record(made, "receive", by=by, label=label, after=made.state)
    mails.complaint_received(made)
    mails.complaint_came(made)
    return made


def _stored(upload: UploadedFile, by: Any) -> Any:
    try:
        return store(upload, by=by)
    except ValidationError as error:
        raise Refused(*error.messages) from error


def _move(complaint: Complaint, verb: str, *, by: Any, comment: str, version: int | None) -> None:
    COMPLAINT.advance(complaint, verb, by=by, comment=normalize(comment), version=version)
    complaint.version += 1
    complaint.save(update_fields=["version"])


def _check_resolution(complaint: Complaint, values: Mapping[str, Any]) -> None:
    if values.get("outcome") not in Complaint.Outcome.values or not values["outcome"]:
        raise Refused("Hãy chọn kết luận về nội dung đơn.")
    if not normalize(values.get("resolution") or ""):
        raise Refused("Hãy ghi nội dung giải quyết.")
    day = values.get("document_date")
    if not normalize(values.get("document_number") or "") or day is None:
        raise Refused("Hãy ghi số và ngày văn bản giải quyết.")
    if day > clock.today():
        raise Refused("Ngày văn bản giải quyết không được sau hôm nay.")
    if complaint.forwarded_on and day < complaint.forwarded_on:
        raise Refused(
            f"Văn bản trả lời không được trước ngày chuyển đơn ({format_date(complaint.forwarded_on)})."
        )
    if complaint.accepted_on and day < complaint.accepted_on:
        raise Refused(
            f"Văn bản giải quyết không được trước ngày thụ lý ({format_date(complaint.accepted_on)})."
        )
    wanted = values.get("consequence") or Consequence.NONE
    if wanted and values["outcome"] == Complaint.Outcome.REJECTED:
        raise Refused("Nội dung đơn không đúng thì không tạm dừng xét, không đưa hồ sơ trở lại.")
    if wanted and complaint.nomination is None:
        raise Refused("Đơn này không nêu hồ sơ nào để tạm dừng xét hoặc đưa trở lại.")


def _check_extension(complaint: Complaint, values: Mapping[str, Any]) -> None:
    accepted: Any = complaint.accepted_on  # there are these three days: it can be extended
    term_ends: Any = complaint.resolve_by
    latest: Any = latest_extension(complaint)
    until, signed = values.get("until"), values.get("document_date")
    if until is None or not term_ends < until <= latest:
        raise Refused(
            f"Gia hạn đến một ngày sau hạn hiện tại ({format_date(term_ends)}) và chậm nhất là {format_date(latest)}."
        )
    if not normalize(values.get("reason") or ""):
        raise Refused("Hãy ghi lý do gia hạn.")
    if not normalize(values.get("document_number") or "") or signed is None:
        raise Refused("Hãy ghi số và ngày văn bản gia hạn.")
    if signed > clock.today():
        raise Refused("Ngày văn bản gia hạn không được sau hôm nay.")
    if not accepted <= signed <= term_ends:
        raise Refused(
            f"Văn bản gia hạn phải ký từ ngày thụ lý ({format_date(accepted)}) và khi chưa hết hạn giải"
            f" quyết ({format_date(term_ends)})."
        )


def _held(complaint: Complaint, by: Any) -> Hold:
    """The hold that stops the nominee because of a complaint: the one that runs already, else a new one."""
    nomination = complaint.nomination
    assert nomination is not None  # noqa: S101 - checked with the resolution
    person, unit = nomination.person, nomination.unit
    running = Hold.objects.filter(person=person, unit=unit, reason="complaint", ended_on__isnull=True).first()
    return running or hold_by_complaint(person, unit, paper=_paper(complaint), by=by)


def _send_back(complaint: Complaint, by: Any) -> None:
    """The dossier leaves the list and has to be verified again; the review goes back to that step by its own move."""
    nomination = complaint.nomination
    assert nomination is not None  # noqa: S101 - checked with the resolution
    lock(nomination)
    if complaint.review.state != Review.State.NOTICE:
        raise Refused(
            "Chỉ đưa hồ sơ trở lại thẩm định khi đợt đang công khai lấy ý kiến; hãy chuyển đợt về bước đó trước,"
            " hoặc tạm dừng xét."
        )
    if not Nomination.objects.filter(pk=nomination.pk).forwarded().exists():
        raise Refused("Hồ sơ này không còn trong danh sách công khai nên không phải đưa trở lại.")
    said = f"Thẩm định lại theo kết quả giải quyết đơn: {_paper(complaint)}"
    nomination.verdict, nomination.verdict_reason = Nomination.Verdict.PENDING, said
    nomination.version += 1
    nomination.save(update_fields=["verdict", "verdict_reason", "version"])
    record(nomination, "sent_back", by=by, label="Đưa trở lại thẩm định", comment=said)


def _forwarded(complaint: Complaint) -> str:
    return f"{complaint.forwarded_to}; {complaint.forward_number} ngày {format_date(complaint.forwarded_on)}"


def _paper(complaint: Complaint) -> str:
    return f"{complaint.document_number} ngày {format_date(complaint.document_date)}"
