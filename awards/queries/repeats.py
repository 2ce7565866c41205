"""One achievement is rewarded once (Law 06/2022, Điều 5.1): forms of commendation of one person or unit whose words of
merit are the same, or nearly. A title may stand beside a form. Whether it is one achievement only a person can say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q

from awards.models import Award, DecisionEntry, Honour, Nomination, Review
from core.vietnamese import fold, format_date
from scoring.queries.duplicates import alike


def same_merit(one: str, other: str) -> bool:
    """Letter case, diacritics and punctuation do not matter, nor a few other words."""
    first, second = _words(one), _words(other)
    return bool(first) and (first == second or alike(first, second))


def repeats_of(
    nominations: Iterable[Nomination], merits: Mapping[int, str] | None = None
) -> dict[int, list[str]]:
    """By nomination of a form, the other forms of the same subject and year, proposed or given, for what seems to be
    the same achievement. ``merits``: by nomination, where a decision says other words. Two queries for all."""
    forms = [one for one in nominations if one.award.kind == Award.Kind.COMMENDATION]
    if not forms:
        return {}
    said = {one.pk: (merits or {}).get(one.pk) or one.merit for one in forms}
    others = _others(forms)
    found: dict[int, list[str]] = {}
    for one in forms:
        year = one.review.year
        for pk, merit, told in others[one.person_id, one.unit_id, year]:
            if pk != one.pk and same_merit(said[one.pk], said.get(pk, merit)):
                found.setdefault(one.pk, []).append(told)
    return found


def unanswered(
    nominations: Iterable[Nomination], merits: Mapping[int, str] | None = None
) -> dict[int, list[str]]:
    """Those of which nobody has written why they are not the same achievement."""
    return repeats_of([one for one in nominations if not one.distinct_because], merits)


Known = dict[tuple[int | None, int | None, int], list[tuple[int, str, str]]]


def _others(forms: list[Nomination]) -> Known:
    """By person, unit and year: the nomination or 0, its merit, how it is told. What stands in the register already is
    not told a second time as a nomination."""
    same = Q(person__in={one.person_id for one in forms if one.person_id})
    same |= Q(unit__in={one.unit_id for one in forms if one.unit_id})
    years, kind = {one.review.year for one in forms}, Award.Kind.COMMENDATION
    found: Known = defaultdict(list)
    rows = Nomination.objects.in_question().filter(same, award__kind=kind, review__year__in=years)
    given = DecisionEntry.objects.filter(is_in_force=True, honour__isnull=False)
    never_came_through = Q(review__state=Review.State.STOPPED) | Q(
        review__state=Review.State.CLOSED, outcome=""
    )
    rows = rows.exclude(pk__in=given.values("nomination")).exclude(never_came_through)
    for pk, person, unit, year, merit, name, review in rows.values_list(
        "pk", "person_id", "unit_id", "review__year", "merit", "award__name", "review__title"
    ):
        found[person, unit, year].append((pk, merit, f"{name} (đang đề nghị, {review})"))
    honours = Honour.objects.in_force().filter(same, award__kind=kind, year__in=years)
    for pk, person, unit, year, merit, name, number, day in honours.values_list(
        "entry__nomination",
        "person_id",
        "unit_id",
        "year",
        "merit",
        "award__name",
        "decision_number",
        "decided_on",
    ):
        told = f"{name} (quyết định {number} ngày {format_date(day)})"
        found[person, unit, year].append((pk or 0, merit, told))
    return found


def _words(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in fold(text)).split())
