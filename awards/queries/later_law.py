"""The law changes while a review runs: what is different, who would be judged otherwise. Changes nothing."""

from dataclasses import dataclass
from datetime import date

from awards.eligibility.rulebook import Rulebook
from awards.eligibility.sources import RuleSource
from awards.models import Nomination, Review, rule_source
from awards.queries.differences import Difference, between_books
from awards.queries.nominations import assessed
from awards.queries.reviews import missing_in_words, rulebook_of
from core import clock


@dataclass(frozen=True)
class LaterLaw:
    """The rules in force today, beside those of the review's reference date: ``documents`` have begun since then."""

    since: date
    documents: list[str]
    gone: list[str]
    book: Rulebook


@dataclass(frozen=True)
class Otherwise:
    """A dossier that today's rules would judge in another way."""

    nomination: Nomination
    before: str
    after: str
    missing: str


def later_law(review: Review, old: Rulebook, source: RuleSource) -> LaterLaw | None:
    """Nothing where the same documents hold today as on the review's day, before it is opened and after its end."""
    if review.pinned_at is None or review.is_over:
        return None
    since = [day for day in source.border_days() if review.reference_date < day <= clock.today()]
    changed = [day for day in since if source.rulebook(day).documents != old.documents]
    if not changed:
        return None
    new = source.rulebook(since[-1])
    if new.documents == old.documents:
        return None
    fresh = [new.title(code) for code in new.documents if code not in old.documents]
    gone = [old.title(code) for code in old.documents if code not in new.documents]
    return LaterLaw(changed[0], fresh, gone, new)


def compared(review: Review) -> tuple[LaterLaw, list[Difference], list[Otherwise]] | None:
    """The later law award by award, and everybody proposed whom it would judge otherwise."""
    old, source = rulebook_of(review), rule_source()
    later = later_law(review, old, source)
    if later is None:
        return None
    rows = list(review.nominations.standing().select_related("award", "person", "unit", "proposal__unit"))
    before, after = assessed(review, rows, old), assessed(review, rows, later.book)
    changed = [
        Otherwise(one, before[one.pk].state, after[one.pk].state, missing_in_words(after[one.pk]))
        for one in rows
        if one.pk in before and one.pk in after and before[one.pk].state != after[one.pk].state
    ]
    changed += [
        Otherwise(one, before[one.pk].state, "unmet", "Quy định hôm nay không có tiêu chuẩn này.")
        for one in rows
        if one.pk in before and one.pk not in after
    ]
    return later, between_books(review, old, later.book), changed
