"""Questions about decisions: what waits for one, what keeps one from being signed, what its honours rest on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from awards.eligibility.assessing import Assessment
from awards.eligibility.findings import Basis
from awards.models import Award, Decision, DecisionEntry, Hold, Honour, Nomination, Review, RuleDocument
from awards.queries.holds import held_people, held_units
from awards.queries.lists import paper_head
from awards.queries.nominations import assessed
from core import clock

Outcome = Nomination.Outcome
OVER = (Decision.State.ISSUED, Decision.State.REFUSED, Decision.State.CANCELLED)


def waiting(review: Review, level: str | None = None) -> QuerySet[Nomination]:
    """Carried by the council and on no decision yet."""
    rows = review.nominations.undecided()
    return rows.filter(award__level=level) if level else rows


def entries_of(decision: Decision) -> list[DecisionEntry]:
    """In the order of the paper: collectives, then people, by award, unit and name."""
    rows = decision.entries.select_related(
        "honour", "nomination__award", "nomination__person", "nomination__unit", "nomination__proposal__unit"
    )
    return list(
        rows.order_by(
            "nomination__award__recipient",
            "-nomination__award__order",
            "nomination__proposal__unit__order",
            "nomination__person__sort_key",
            "pk",
        )
    )


def held_of(nominations: Iterable[Nomination]) -> dict[int, Hold]:
    """Those whose person or unit is stopped today, and by what."""
    rows, today = list(nominations), clock.today()
    people = held_people([one.person_id for one in rows if one.person_id], today)
    units = held_units([one.unit_id for one in rows if one.unit_id], today)
    found = {
        one.pk: people.get(one.person_id) if one.person_id else units.get(one.unit_id or 0) for one in rows
    }
    return {pk: hold for pk, hold in found.items() if hold}


def obstacles(decision: Decision) -> Iterable[str]:
    """Why the list cannot be signed or sent up as it stands."""
    entries = entries_of(decision)
    if not any(not one.refusal for one in entries):
        yield "Danh sách kèm quyết định chưa có ai."
    held = held_of(one.nomination for one in entries)
    for one in entries:
        if one.nomination.pk in held:
            yield f"{one.nomination.subject} đang tạm dừng xét khen thưởng; hãy đưa ra khỏi danh sách hoặc chờ gỡ."
        if one.nomination.withdrawn_at or one.nomination.outcome != Outcome.PASSED:
            yield f"{one.nomination} không còn được Hội đồng đề nghị."


@dataclass(frozen=True)
class Given:
    """An honour to be written, with what it rests on."""

    entry: DecisionEntry
    bases: tuple[Basis, ...]


def given_by(decision: Decision) -> list[Given]:
    """Lower awards first, because a higher one may rest on the title of the same year."""
    entries = [one for one in entries_of(decision) if not one.refusal]
    found = assessed(decision.review, [one.nomination for one in entries])
    entries.sort(key=lambda one: (one.nomination.award.order, one.pk))
    return [Given(one, _bases(found.get(one.nomination_id))) for one in entries]


def _bases(assessment: Assessment | None) -> tuple[Basis, ...]:
    """Each once: two conditions may rest on the same title."""
    return tuple({basis.key: basis for basis in assessment.bases}.values()) if assessment else ()


def honour_of_review(review: Review, nomination: Nomination, award: str) -> Honour | None:
    """What the same person or unit has received in this review already."""
    rows = Honour.objects.in_force().filter(
        entry__decision__review=review,
        award__code=award,
        person=nomination.person_id,
        unit=nomination.unit_id,
    )
    return rows.first()


def undecided(review: Review) -> Iterable[str]:
    """Why the review is not over."""
    count = waiting(review).count()
    if count:
        yield f"Còn {count} trường hợp Hội đồng đề nghị chưa có trong quyết định, tờ trình nào."
    for one in review.decisions.exclude(state__in=OVER):
        yield f"“{one}”: {one.get_state_display().lower()}, chưa có kết quả."


def left_by_level(review: Review) -> list[tuple[str, str, int]]:
    """How many of each level wait for a decision or a letter, the nearest level first."""
    counted = dict(waiting(review).order_by().values_list("award__level").annotate(count=Count("pk")))
    return [(level.value, level.label, counted[level]) for level in Award.Level if counted.get(level)]


def proposed_head(review: Review, level: str) -> dict[str, str]:
    """What a draft begins with: who issues it, and the documents that the review rests on."""
    paper = paper_head()
    own = level == Award.Level.AGENCY
    names = review.rule_documents.select_related("legal_document").order_by("effective_from")
    basis = [f"Căn cứ {one.legal_document}" for one in names if _holds(one, review)]
    return {
        "title": f"Về việc khen thưởng – {review.title}",
        "basis": "\n".join(basis),
        "issuer": "Giám đốc Sở Nội vụ" if own else "Chủ tịch Ủy ban nhân dân tỉnh" if level == "tinh" else "",
        "signer_title": paper.signer_title if own else "",
        "signer_name": paper.signer_name if own else "",
    }


def _holds(document: RuleDocument, review: Review) -> bool:
    day, ends = review.reference_date, document.effective_to
    return document.effective_from <= day and (ends is None or day <= ends)
