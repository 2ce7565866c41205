"""Questions about the moment of a decision: who on its list is stopped and why, and what each award rests on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from awards.eligibility.assessing import Assessment, assess
from awards.eligibility.facts import Candidate, Use
from awards.eligibility.findings import Basis, State
from awards.models import Complaint, Decision, DecisionEntry, Honour, Nomination, Review
from awards.queries.decisions import entries_of, held_of, put_aside
from awards.queries.facts import Asked, candidates_of_people, candidates_of_units
from awards.queries.occasions import GivenFor, given_for, resting_as
from awards.queries.repeats import unanswered
from awards.queries.reviews import asked_of, missing_in_words, rulebook_of
from core import clock
from organization.models import Posting

Outcome, Verdict = Nomination.Outcome, Nomination.Verdict
COMPLAINTS = (Complaint.Kind.COMPLAINT, Complaint.Kind.DENUNCIATION)
# To who may not read the complaint: neither about whom nor of what kind.
PENDING = "Danh sách có trường hợp phải chờ giải quyết; hãy hỏi Giám đốc Sở."
Key = tuple[str, int]
Member = tuple[int, str]  # a person and a title that he is proposed for


@dataclass(frozen=True)
class Given:
    """An honour to be written, with what it rests on, its kind, and what stops it today."""

    entry: DecisionEntry
    bases: tuple[Basis, ...]
    given_for: GivenFor
    stops: tuple[str, ...] = ()


def judged(decision: Decision, reader: Any = None) -> list[Given]:
    """What is on the list and not in the register, lower awards first: a higher one may rest on the title of the same
    year, for what it is given here, and what one award spends is not there for the next. A complaint stops whatever the
    reader may see of it; without a reader nobody is named for it. The questions asked do not grow with the list."""
    rows = [one for one in entries_of(decision) if not one.refusal and one.honour is None]
    rows.sort(key=lambda one: (one.nomination.award.order, one.pk))
    review, nominations = decision.review, [one.nomination for one in rows]
    held, open_ones = held_of(nominations), complaints_on(nominations)
    readable = complaints_on(nominations, reader) if reader and open_ones else {}
    book = rulebook_of(review)
    collectives = [one for one in nominations if one.unit_id]
    unsure = unsure_members(review) if collectives else {}
    asked = asked_of(review, book, with_nominated=True, is_today=True)
    same = unanswered(nominations, {one.nomination_id: one.merit for one in rows})
    people = [one for one in nominations if one.person_id]
    known = _candidates(_without(asked, _aside_members(review)), people)
    known |= _candidates(_without(asked, unsure), collectives)
    hoped = _candidates(asked, collectives) if unsure else {}
    spent: dict[tuple[Key, str], tuple[Use, ...]] = defaultdict(tuple)
    found = []
    for one in rows:
        nomination, key = one.nomination, _key(one.nomination)
        code, assessment, twice, short = nomination.award.code, None, "", None
        if code in book.conditions:
            assessment = assess(code, _with_uses(known[key], key, spent), book)
        kind = given_for(review, nomination, assessment, book)
        known[key] = _with_kind(known[key], code, kind.occasion)
        if key in hoped:
            hoped[key] = _with_kind(hoped[key], code, kind.occasion)
        if assessment:
            assessment = resting_as(assessment, kind)
            if assessment.state is State.UNMET and key in hoped:
                counted = assess(code, _with_uses(hoped[key], key, spent), book)
                if counted.state is not State.UNMET:
                    assessment, short = resting_as(counted, kind), assessment
            if assessment.state is State.UNMET:
                twice = _spent_twice(assess(code, known[key], book), key, spent)
            for basis in assessment.spent_bases:
                spent[_whose(key, basis.key), basis.key] += (Use(code, review.year),)
        pending = ""
        if nomination.pk in open_ones:
            pending = _complained_of(nomination) if nomination.pk in readable else PENDING
        stops = tuple(_stops(nomination, assessment, nomination.pk in held, pending))
        if twice and stops and not pending:
            stops = (*stops[:-1], f"{stops[-1]} {twice}")
        if nomination.pk in same:
            stops += (_same_achievement(nomination, same[nomination.pk]),)
        if short and not one.explanation and nomination.verdict != Verdict.EXCEPTION:
            stops += (_short_of_members(nomination, short, unsure),)
        found.append(Given(one, assessment.spent_bases if assessment else (), kind, stops))
    return found


def unsure_members(review: Review) -> dict[Member, str]:
    """Titles of people that a collective's share counts on, although nobody knows whether they are given: who is held
    today, or was put aside when the paper was noted; each with the place where he works."""
    rows = list(review.nominations.in_question().filter(person__isnull=False).select_related("award"))
    entered = DecisionEntry.objects.filter(nomination__in=rows, is_in_force=True)
    given = set(entered.filter(honour__isnull=False).values_list("nomination_id", flat=True))
    aside, held = (
        set(put_aside().filter(decision__review=review).values_list("nomination_id", flat=True)),
        held_of(rows),
    )
    found = [one for one in rows if one.pk not in given and (one.pk in held or one.pk in aside)]
    day = min(date(review.year, 12, 31), clock.today())
    people = [one.person_id for one in found]
    places = dict(Posting.objects.on(day).filter(person__in=people).values_list("person_id", "unit__path"))
    return {(one.person_id or 0, one.award.code): places.get(one.person_id, "") for one in found}


def obstacles(decision: Decision, known: list[Given] | None = None) -> Iterable[str]:
    """Why the list cannot be signed or sent up as it stands. Of what has gone up the signed paper is a fact: it is
    noted, and who is stopped is put aside."""
    rows = judged(decision) if known is None else known
    if not rows:
        yield "Danh sách kèm quyết định chưa có ai."
    if decision.state != Decision.State.SENT:
        yield from dict.fromkeys(said for one in rows for said in one.stops)


def complaints_on(nominations: Iterable[Nomination], reader: Any = None) -> dict[int, Complaint]:
    """By nomination, a complaint or denunciation about it that nobody has settled; of a reader what he may see of."""
    seen = Complaint.objects.visible_to(reader) if reader else Complaint.objects
    rows = seen.open().filter(nomination__in=[one.pk for one in nominations], kind__in=COMPLAINTS)
    return {one.nomination_id: one for one in rows if one.nomination_id}


def honour_of_review(review: Review, nomination: Nomination, award: str) -> Honour | None:
    """What the same person or unit has received in this review already."""
    rows = Honour.objects.in_force().filter(
        entry__decision__review=review,
        award__code=award,
        person=nomination.person_id,
        unit=nomination.unit_id,
    )
    return rows.first()


# --- parts ----------------------------------------------------------------------------------------------
def _stops(
    nomination: Nomination, assessment: Assessment | None, is_held: bool, pending: str
) -> Iterable[str]:
    """Who is held is told once, though proposed for two awards; the rules would only say it again. ``pending``: what
    the reader is told of a complaint."""
    if nomination.withdrawn_at or nomination.outcome != Outcome.PASSED:
        yield f"{nomination} không còn được Hội đồng đề nghị."
    if is_held:
        yield f"{nomination.subject} đang tạm dừng xét khen thưởng; hãy đưa ra khỏi danh sách hoặc chờ gỡ."
    if pending:
        yield pending
    elif (
        assessment
        and not is_held
        and nomination.verdict != Verdict.EXCEPTION
        and assessment.state is State.UNMET
    ):
        yield f"{nomination} không còn đủ điều kiện. {missing_in_words(assessment)}"


def _complained_of(nomination: Nomination) -> str:
    return f"{nomination}: có đơn khiếu nại, tố cáo chưa giải quyết; hãy đưa ra khỏi danh sách hoặc chờ giải quyết."


def _same_achievement(nomination: Nomination, others: list[str]) -> str:
    return (
        f"{nomination}: lời ghi thành tích trùng hoặc gần trùng với {'; '.join(others)}. Không khen nhiều lần cho một"
        " thành tích: hãy đưa ra khỏi danh sách, hoặc ghi vì sao không phải một thành tích."
    )


def _aside_members(review: Review) -> set[Member]:
    """Titles of people on papers that are signed, which carry nothing higher before they are in the register."""
    rows = put_aside().filter(decision__review=review, nomination__person__isnull=False)
    return {
        (person or 0, code)
        for person, code in rows.values_list("nomination__person", "nomination__award__code")
    }


def _without(asked: Asked, unsure: Iterable[Member]) -> Asked:
    gone = set(unsure)
    if not gone:
        return asked
    stay = {
        (kind, pk): {code: how for code, how in awards.items() if kind != "person" or (pk, code) not in gone}
        for (kind, pk), awards in asked.nominated.items()
    }
    return replace(asked, nominated=stay)


def _short_of_members(nomination: Nomination, found: Assessment, unsure: dict[Member, str]) -> str:
    path = nomination.unit.path if nomination.unit else ""
    count = len({person for (person, _), place in unsure.items() if place.startswith(path)})
    return (
        f"{nomination}: chưa đủ tỷ lệ khi chưa tính {count} người đang tạm dừng xét hoặc để lại."
        f" {missing_in_words(found)} Hãy chờ kết luận, hoặc ghi lý do vẫn khen."
    )


def _key(nomination: Nomination) -> Key:
    return ("person", nomination.person_id) if nomination.person_id else ("unit", nomination.unit_id or 0)


def _candidates(asked: Asked, nominations: Iterable[Nomination]) -> dict[Key, Candidate]:
    keys = {_key(one) for one in nominations}
    people, units = ([pk for kind, pk in keys if kind == wanted] for wanted in ("person", "unit"))
    found = {
        ("person", pk): one for pk, one in (candidates_of_people(asked, people) if people else {}).items()
    }
    return found | {
        ("unit", pk): one for pk, one in (candidates_of_units(asked, units) if units else {}).items()
    }


def _whose(key: Key, basis: str) -> Key:
    """An honour in the register is one thing for everybody, and may be carried on by two successors of a unit."""
    return ("honour", 0) if basis.startswith("honour-") else key


def _spent_twice(alone: Assessment, key: Key, spent: dict[tuple[Key, str], tuple[Use, ...]]) -> str:
    """Alone on the list it would be met: what lower awards of the same list have taken from it."""
    taken = [basis.name for basis in alone.spent_bases if spent.get((_whose(key, basis.key), basis.key))]
    if alone.state is State.UNMET or not taken:
        return ""
    return f"Căn cứ đã dùng cho danh hiệu, hình thức khác của danh sách này: {'; '.join(taken)}."


def _with_kind(candidate: Candidate, award: str, occasion: str) -> Candidate:
    """What is on the list counts for what it is given, whatever was kept with the dossier."""
    own = f"nominated-{award}"
    titles = tuple(replace(one, occasion=occasion) if one.key == own else one for one in candidate.titles)
    return replace(candidate, titles=titles)


def _with_uses(candidate: Candidate, key: Key, spent: dict[tuple[Key, str], tuple[Use, ...]]) -> Candidate:
    """What the awards before it on the same list spend counts as spent."""
    titles = tuple(
        replace(one, spent_on=one.spent_on + spent.get((_whose(key, one.key), one.key), ()))
        for one in candidate.titles
    )
    initiatives = tuple(
        replace(one, spent_on=one.spent_on + spent.get((key, one.key), ())) for one in candidate.initiatives
    )
    return replace(candidate, titles=titles, initiatives=initiatives)
