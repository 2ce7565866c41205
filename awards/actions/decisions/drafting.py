"""A decision before anybody signs it: its text and its list."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from awards.actions.decisions.parts import HEAD, demand
from awards.models import Award, Decision, DecisionEntry, Nomination, Review
from awards.queries.decisions import decidable
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, check_version, lock


@transaction.atomic
def draft(
    review: Review, level: str, nominations: Iterable[Nomination], values: Mapping[str, Any], *, by: Any
) -> Decision:
    """A decision of one level with its list; a review may have several."""
    lock(review)
    demand(by)
    if not review.may_be_decided:
        raise Refused("Chỉ lập quyết định khi Hội đồng đã xét xong.")
    if level not in Award.Level.values:
        raise Refused("Hãy chọn cấp ra quyết định.")
    decision = Decision(review=review, level=level, prepared_by=by, **{name: values[name] for name in HEAD})
    decision.save()
    _add(decision, nominations)
    record(decision, "draft", by=by, label="Lập quyết định", after=decision.state)
    return decision


@transaction.atomic
def change(
    decision: Decision,
    nominations: Iterable[Nomination],
    values: Mapping[str, Any],
    *,
    by: Any,
    version: int | None = None,
) -> None:
    """Text and list of a draft, or of what came back from above to be completed."""
    lock(decision.review)  # nobody drops meanwhile what is put on the list
    _hold_open(decision, by)
    check_version(decision, version)
    kept = {one.pk for one in nominations}
    for name in HEAD:
        setattr(decision, name, values[name])
    decision.version += 1
    decision.save()
    decision.entries.filter(refusal="").exclude(nomination__in=kept).delete()  # an answer from above stays
    present = set(decision.entries.values_list("nomination_id", flat=True))
    _add(decision, [one for one in nominations if one.pk not in present])
    record(decision, "change", by=by, label="Sửa quyết định, danh sách kèm theo")


@transaction.atomic
def write_merits(
    decision: Decision, merits: Mapping[int, str], *, by: Any, version: int | None = None
) -> None:
    """What is printed of each on the list, by entry; the dossier keeps its own words."""
    _hold_open(decision, by)
    check_version(decision, version)
    rows = list(decision.entries.filter(refusal="", pk__in=merits))
    changed = [one for one in rows if one.merit != normalize(merits[one.pk])]
    if not changed:
        return
    for one in changed:
        one.merit = normalize(merits[one.pk])
    DecisionEntry.objects.bulk_update(changed, ["merit"], batch_size=200)
    decision.version += 1
    decision.save(update_fields=["version"])
    record(decision, "merits", by=by, label=f"Sửa nội dung khen của {len(changed)} trường hợp")


@transaction.atomic
def tell_apart(entry: DecisionEntry, *, reason: str, by: Any) -> None:
    """Why what is on the list is not the achievement of another form of commendation of the same year; kept with the
    dossier."""
    decision = entry.decision
    lock(decision)
    demand(by)
    entry.refresh_from_db()
    _hold_reason(decision, entry)
    nomination = entry.nomination
    if nomination.award.kind != Award.Kind.COMMENDATION:
        raise Refused("Danh hiệu có thể đứng cạnh hình thức khen thưởng; không cần ghi lý do này.")
    lock(nomination)
    kept = normalize(reason)
    if kept == nomination.distinct_because:
        raise AlreadyDone("Lý do này đã được ghi." if kept else "Chưa ghi lý do nào.")
    nomination.distinct_because = kept
    nomination.version += 1
    nomination.save(update_fields=["distinct_because", "version"])
    said: dict[str, Any] = {
        "label": f"Không trùng thành tích: {entry}"[:200],
        "comment": kept or "Bỏ lý do đã ghi",
    }
    record(nomination, "tell_apart", by=by, **said)
    record(decision, "tell_apart", by=by, **said)


@transaction.atomic
def explain(entry: DecisionEntry, *, reason: str, by: Any) -> None:
    """A collective is rewarded although members on whom its share rests are held or put aside: why. Of a paper that is
    noted already only what was put aside; an empty reason takes back what was said."""
    decision = entry.decision
    lock(decision)
    demand(by)
    entry.refresh_from_db()
    _hold_reason(decision, entry)
    if entry.nomination.unit_id is None:
        raise Refused("Chỉ ghi lý do này với tập thể.")
    kept = normalize(reason)
    if kept == entry.explanation:
        raise AlreadyDone("Lý do này đã được ghi." if kept else "Chưa ghi lý do nào.")
    entry.explanation = kept
    entry.save(update_fields=["explanation"])
    record(decision, "explain", by=by, label=f"Lý do vẫn khen: {entry}", comment=kept or "Bỏ lý do đã ghi")


@transaction.atomic
def remove(decision: Decision, *, by: Any) -> None:
    """Throw a draft away; its nominations wait for another one, and its journal stays."""
    try:
        lock(decision)
    except Decision.DoesNotExist as error:
        raise AlreadyDone("Dự thảo này đã được xóa rồi.") from error
    demand(by)
    if decision.state != Decision.State.DRAFT:
        raise Refused("Chỉ xóa được dự thảo.")
    record(decision, "remove", by=by, label="Xóa dự thảo", data={"title": decision.title})
    decision.delete()


# --- parts ----------------------------------------------------------------------------------------------
def _hold_open(decision: Decision, by: Any) -> None:
    lock(decision)
    demand(by)
    if decision.state not in (Decision.State.DRAFT, Decision.State.QUERIED):
        raise Refused("Chỉ sửa được dự thảo, hoặc hồ sơ cấp trên yêu cầu bổ sung.")


def _hold_reason(decision: Decision, entry: DecisionEntry) -> None:
    if decision.state not in (Decision.State.DRAFT, Decision.State.QUERIED) and not entry.waits:
        raise Refused("Chỉ ghi lý do khi quyết định chưa trình, chưa ký, hoặc trường hợp được để lại.")


def _add(decision: Decision, nominations: Iterable[Nomination]) -> None:
    wanted = list(nominations)
    free = set(decidable(decision.review, decision.level).values_list("pk", flat=True))
    for one in wanted:
        if one.pk not in free:
            raise Refused(
                f"{one} không đưa vào được: chưa được Hội đồng đề nghị, thuộc cấp khác, hoặc đã ở quyết định khác."
            )
    try:
        with transaction.atomic():
            DecisionEntry.objects.bulk_create(
                DecisionEntry(decision=decision, nomination=one, merit=one.merit) for one in wanted
            )
    except IntegrityError as error:
        raise Refused("Một trường hợp vừa được đưa vào quyết định khác. Hãy tải lại trang.") from error
