"""Questions about decisions: what waits for one, what is on one, what its honours carry on."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from awards.models import (
    Award,
    BasisUse,
    Decision,
    DecisionEntry,
    Dropping,
    Hold,
    Honour,
    Nomination,
    Review,
    RuleDocument,
)
from awards.queries.holds import held_people, held_units
from awards.queries.lists import paper_head
from core import clock
from core.models import LegalDocument

Outcome = Nomination.Outcome
OVER = (Decision.State.ISSUED, Decision.State.REFUSED, Decision.State.CANCELLED)


def waiting(review: Review, level: str | None = None) -> QuerySet[Nomination]:
    """Carried by the council and on no decision yet: what the review has to decide before it is over."""
    rows = review.nominations.undecided()
    return rows.filter(award__level=level) if level else rows


def decidable(review: Review, level: str | None = None) -> QuerySet[Nomination]:
    """What a list may be made of: what waits, and what may be decided anew; after the end of the review only that of
    which the decision, or the honour alone, was cancelled."""
    rows = review.nominations.decidable()
    if review.state == Review.State.CLOSED:
        over = Q(decision__state=Decision.State.CANCELLED) | Q(honour__cancelled_on__isnull=False)
        rows = rows.filter(pk__in=DecisionEntry.objects.filter(over).values("nomination"))
    return rows.filter(award__level=level) if level else rows


def listable(review: Review, level: str, decision: Decision | None = None) -> QuerySet[Nomination]:
    """The choices of a draft's form, with what was decided before; of a decision also what it has already,
    but not what the level above has left out of it."""
    chosen = set(decidable(review, level).values_list("pk", flat=True))
    if decision:
        chosen |= set(decision.entries.values_list("nomination_id", flat=True))
        chosen -= set(decision.entries.exclude(refusal="").values_list("nomination_id", flat=True))
    ended = (
        DecisionEntry.objects.filter(is_in_force=False).select_related("decision", "honour").order_by("pk")
    )
    rows = (
        Nomination.objects.filter(pk__in=chosen)
        .select_related("person", "unit", "award", "proposal__unit")
        .annotate(is_again=Exists(ended.filter(nomination=OuterRef("pk")).order_by()))
        .order_by(
            "is_again", "award__recipient", "-award__order", "proposal__unit__order", "person__sort_key", "pk"
        )
    )
    return rows.prefetch_related(Prefetch("entries", ended, to_attr="ended_entries"))


def by_award(choices: Iterable[Nomination]) -> list[tuple[int, str, int]]:
    """How many of the choices are for which award, the highest first."""
    awards = {one.award_id: one.award for one in choices}
    counts = Counter(one.award_id for one in choices)
    return [(one.pk, one.name, counts[one.pk]) for one in sorted(awards.values(), key=lambda one: -one.order)]


def entries_of(decision: Decision) -> list[DecisionEntry]:
    """In the order of the paper: collectives, then people, by award, unit and name."""
    rows = decision.entries.select_related(
        "honour", "nomination__award", "nomination__person", "nomination__unit", "nomination__proposal__unit",
        "nomination__review",
    )  # fmt: skip
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


def undecided(review: Review) -> Iterable[str]:
    """Why the review is not over."""
    count = waiting(review).count()
    if count:
        yield f"Còn {count} trường hợp Hội đồng đề nghị chưa có trong quyết định, tờ trình nào."
    aside = put_aside().filter(decision__review=review).count()
    if aside:
        yield (
            f"Còn {aside} trường hợp để lại khi ghi quyết định, chưa vào Sổ khen thưởng, cũng chưa ghi không khen"
            " thưởng."
        )
    for one in review.decisions.exclude(state__in=OVER):
        yield f"“{one}”: {one.get_state_display().lower()}, chưa có kết quả."


def put_aside() -> QuerySet[DecisionEntry]:
    """On a paper noted as signed, but stopped on that day: not in the register until somebody puts it there."""
    rows = DecisionEntry.objects.filter(decision__state=Decision.State.ISSUED)
    return rows.filter(honour=None, refusal="", is_in_force=True)


def dropped(review: Review) -> QuerySet[Dropping]:
    """What the council carried and nobody rewards."""
    rows = Dropping.objects.filter(nomination__review=review)
    return rows.select_related("nomination__award", "nomination__person", "nomination__unit")


def in_waiting(review: Review) -> QuerySet[Nomination]:
    """What waits, as a list to read: the nearest level first."""
    rows = waiting(review).select_related("person", "unit", "award", "proposal__unit")
    return rows.order_by("award__level", "-award__order", "proposal__unit__order", "person__sort_key", "pk")


@dataclass(frozen=True)
class Left:
    """How many of a level wait for a decision or a letter, and how many may be decided anew."""

    level: str
    label: str
    waiting: int
    again: int


def left_by_level(review: Review) -> list[Left]:
    """The nearest level first."""
    rows = decidable(review).order_by().values_list("award__level")
    free = dict(rows.annotate(count=Count("pk", distinct=True)))
    first = dict(waiting(review).order_by().values_list("award__level").annotate(count=Count("pk")))
    return [
        Left(level.value, level.label, first.get(level, 0), free[level] - first.get(level, 0))
        for level in Award.Level
        if free.get(level)
    ]


def resting_on(honours: Iterable[Honour]) -> list[Honour]:
    """Honours in force that rest on these, and on those again; themselves left out."""
    own = {one.pk for one in honours}
    found, level = set[int](), set(own)
    while level:
        rows = BasisUse.objects.filter(honour__in=level, gave__cancelled_on__isnull=True)
        level = set(rows.exclude(gave=None).values_list("gave_id", flat=True)) - found - own
        found |= level
    rest = Honour.objects.filter(pk__in=found).select_related("award", "person", "unit")
    return list(rest.order_by("-year", "-award__order", "sort_key", "pk"))


def proposed_head(review: Review, level: str) -> dict[str, str]:
    """What a draft begins with: who issues it, and the documents that the review rests on."""
    paper = paper_head()
    own = level == Award.Level.AGENCY
    rows = review.rule_documents.select_related("legal_document").order_by("effective_from")
    kinds = LegalDocument.Kind.values  # laws stand before decrees
    papers = [one.legal_document for one in rows if _holds(one, review)]
    named = [one for one in papers if "…" not in one.number]  # whose number the Office has still to confirm
    basis = [f"Căn cứ {one}" for one in sorted(named, key=lambda one: kinds.index(one.kind))]
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
