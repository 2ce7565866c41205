"""Changes by hand: every one with its reason, none about oneself."""

from typing import Any

from django.db import transaction

from awards import queries
from awards.actions.computing import figures
from awards.actions.guards import fits, given_reason, not_about, not_held, open_for_changes
from awards.models import Award, AwardEntry, AwardList
from core.journal import record
from core.vietnamese import normalize
from core.workflow import Refused, check_version, lock
from scoring.models import Scorecard

Source = AwardEntry.Source


@transaction.atomic
def add_entry(
    award_list: AwardList, scorecard: Scorecard, *, award: Award, reason: str, note: str = "", by: Any
) -> AwardEntry:
    """Put somebody on the list who does not meet the conditions."""
    open_for_changes(award_list, by)
    not_about(by, scorecard)
    not_held(by, scorecard)
    reason = given_reason(reason)
    if award_list.entries.filter(scorecard=scorecard).exists():
        raise Refused(f"{scorecard} đã có trong danh sách hoặc trong phần đưa ra khỏi danh sách.")
    result = queries.missing(award_list).filter(scorecard=scorecard).first()
    if result is None:
        raise Refused(f"{scorecard} chưa có kết quả đã công bố của năm này.")
    fits(award_list, scorecard, award)
    entry = AwardEntry.objects.create(
        award_list=award_list,
        scorecard=scorecard,
        award=award,
        source=Source.ADDED,
        reason=reason,
        note=normalize(note),
        **figures(result),
    )
    _tell(entry, "add_entry", "Bổ sung vào danh sách", by, f"{award}. Lý do: {reason}")
    return entry


@transaction.atomic
def remove_entry(entry: AwardEntry, *, reason: str, by: Any, version: int | None = None) -> None:
    """Take somebody off the list; the row stays, struck through, with the reason."""
    reason = _hold(entry, by, version, reason)
    if entry.source == Source.REMOVED:
        raise Refused(f"{entry.scorecard} đã được đưa ra khỏi danh sách trước đó.")
    entry.source, entry.reason = Source.REMOVED, reason
    _save(entry, "remove_entry", "Đưa ra khỏi danh sách", by, f"{entry.award}. Lý do: {reason}")


@transaction.atomic
def restore_entry(entry: AwardEntry, *, reason: str, by: Any, version: int | None = None) -> None:
    """Put a row back; when the conditions propose it, it is an ordinary row again."""
    reason = _hold(entry, by, version, reason)
    if entry.source != Source.REMOVED:
        raise Refused(f"{entry.scorecard} đang có trong danh sách.")
    not_held(by, entry.scorecard)
    _settle_source(entry, reason)
    _save(entry, "restore_entry", "Đưa trở lại danh sách", by, f"{entry.award}. Lý do: {reason}")


@transaction.atomic
def change_award(
    entry: AwardEntry, *, award: Award, reason: str, by: Any, version: int | None = None
) -> None:
    """Propose another award than the conditions do."""
    reason = _hold(entry, by, version, reason)
    if entry.source == Source.REMOVED:
        raise Refused(
            f"{entry.scorecard} đã được đưa ra khỏi danh sách. Hãy đưa trở lại trước khi đổi hình thức."
        )
    if award == entry.award:
        raise Refused("Hãy chọn một hình thức khác với hình thức đang đề nghị.")
    fits(entry.award_list, entry.scorecard, award)
    before, entry.award = entry.award, award
    entry.also_meets = ""
    _settle_source(entry, reason)
    _save(entry, "change_award", "Đổi hình thức khen thưởng", by, f"{before} → {award}. Lý do: {reason}")


@transaction.atomic
def set_note(entry: AwardEntry, *, note: str, by: Any, version: int | None = None) -> None:
    """The remark printed in the last column."""
    _hold_without_reason(entry, by, version)
    note = normalize(note)
    if note == entry.note:
        return
    entry.note = note
    _save(entry, "set_note", "Sửa ghi chú", by, note or "(xóa ghi chú)")


def _settle_source(entry: AwardEntry, reason: str) -> None:
    """A row as the conditions propose it needs no reason; every other row keeps the one just given."""
    if entry.award_id == entry.computed_award_id:
        entry.source, entry.reason = Source.COMPUTED, ""
    else:
        entry.source = Source.CHANGED if entry.computed_award_id else Source.ADDED
        entry.reason = reason


def _hold(entry: AwardEntry, by: Any, version: int | None, reason: str) -> str:
    _hold_without_reason(entry, by, version)
    return given_reason(reason)


def _hold_without_reason(entry: AwardEntry, by: Any, version: int | None) -> None:
    open_for_changes(entry.award_list, by)
    lock(entry)
    not_about(by, entry.scorecard)
    check_version(entry, version)


def _save(entry: AwardEntry, verb: str, label: str, by: Any, comment: str) -> None:
    entry.version += 1
    entry.change = ""
    entry.save()
    _tell(entry, verb, label, by, comment)


def _tell(entry: AwardEntry, verb: str, label: str, by: Any, comment: str) -> None:
    award_list = entry.award_list
    award_list.version += 1
    award_list.save(update_fields=["version"])
    record(
        award_list,
        verb,
        by=by,
        label=label,
        comment=f"{entry.scorecard} – {comment}",
        data={"entry": entry.pk},
    )
