"""Questions about proposals: who is proposed by whom, what a proposal lacks, how a dossier is judged, what waits."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from awards.eligibility.assessing import Assessment, assess
from awards.eligibility.provisions import PAPERS
from awards.eligibility.rulebook import Rulebook
from awards.eligibility.telling import told
from awards.models import Flag, Honour, Nomination, Proposal, Prospect, Review, ReviewDeadline
from awards.queries.facts import candidates_of_people, candidates_of_units, people_of_year, units_of_year
from awards.queries.reviews import asked_of, rulebook_of, year_of
from core import clock
from core.vietnamese import format_date
from organization import roles
from organization.models import Person, Posting, Unit

State = Proposal.State
Verdict = Nomination.Verdict
STOPPING, OF_INITIATIVE = "papers-required", "initiative_certificate"
POINT_OF = {"report": Flag.Point.REPORT}  # by paper; the others are added
MINUTES = ("met_on", "place", "chair", "secretary", "members", "present", "course", "minutes")


# --- who is proposed by whom ----------------------------------------------------------------------------
def proposing_units(review: Review) -> QuerySet[Unit]:
    """Every collective of the year that takes part, and the Sở itself for its leadership."""
    asked = collectives_that_may_propose(review).exclude(pk__in=review.left_out.values("pk"))
    own = Q(pk__in=asked.values("pk")) | Q(parent__isnull=True)
    return Unit.objects.filter(own).exclude(pk__in=review.left_out.values("pk")).order_by("order", "pk")


def collectives_that_may_propose(review: Review) -> QuerySet[Unit]:
    """Those of the year, whether the Office leaves them out or not."""
    return units_of_year(year_of(review)).order_by("order", "pk")


def people_of(review: Review, unit: Unit) -> QuerySet[Person]:
    """Who is proposed by the unit: the people of its branch; by the Sở those who belong to no collective."""
    asked = year_of(review)
    day = min(asked.last_day, asked.day)
    places = Posting.objects.on(day)
    if unit.parent_id is None:
        for path in units_of_year(asked).values_list("path", flat=True):
            places = places.exclude(unit__path__startswith=path)
    else:
        places = places.filter(unit__path__startswith=unit.path)
    return people_of_year(asked).filter(pk__in=places.values("person")).order_by("sort_key", "pk")


def collectives_of(review: Review, unit: Unit) -> QuerySet[Unit]:
    """The unit itself and the collectives inside it; the Sở does not propose itself."""
    inside = units_of_year(year_of(review)).order_by("order", "pk")
    return inside.filter(path__startswith=unit.path) if unit.parent_id else inside.none()


def prospects_of(review: Review, unit: Unit, user: Any) -> dict[tuple[str, int], dict[int, Prospect]]:
    """By person or unit and by award, what the last judging said; why is for those who may read it."""
    people = people_of(review, unit).values("pk")
    units = collectives_of(review, unit).values("pk")
    rows = list(review.prospects.filter(Q(person__in=people) | Q(is_collective=True, unit__in=units)))
    found: dict[tuple[str, int], dict[int, Prospect]] = defaultdict(dict)
    own = Prospect.objects.visible_to(user).filter(review=review)
    own = own.filter(Q(person__in=people) | Q(is_collective=True, unit__in=units))
    readable = set(own.values_list("pk", flat=True))
    for one in rows:
        if one.pk not in readable:
            one.missing = ""
        key = ("unit", one.unit_id) if one.is_collective else ("person", one.person_id)
        found[key][one.award_id] = one
    return found


def reads_findings(user: Any, nomination: Nomination) -> bool:
    """Why somebody qualifies or not (his discipline, his absences) is not for every colleague."""
    acting = user.acting
    about_himself = nomination.person_id is not None and nomination.person_id == acting.person_id
    decides = acting.reads_everything or acting.is_(roles.COUNCIL) or acting.heads_the_agency
    return bool(about_himself or decides or nomination.unit_id or acting.heads(nomination.proposal.unit_id))


# --- judging what is proposed ---------------------------------------------------------------------------
def assessed(
    review: Review, nominations: Iterable[Nomination], book: Rulebook | None = None
) -> dict[int, Assessment]:
    """Every dossier judged now, what is proposed in the same review counting as held. Some queries for all."""
    wanted = list(nominations)
    book = book or rulebook_of(review)
    asked = asked_of(review, book, with_nominated=True)
    persons, collectives = (
        [one.person_id for one in wanted if one.person_id],
        [one.unit_id for one in wanted if one.unit_id],
    )
    people = candidates_of_people(asked, persons) if persons else {}
    units = candidates_of_units(asked, collectives) if collectives else {}
    return {
        one.pk: assess(
            one.award.code, people[one.person_id] if one.person_id else units[one.unit_id or 0], book
        )
        for one in wanted
        if one.award.code in book.conditions
    }


def as_kept(assessment: Assessment, book: Rulebook) -> list[dict[str, Any]]:
    return told(assessment, book)["findings"]


def changed_since(nomination: Nomination, now: Assessment, book: Rulebook) -> list[dict[str, Any]]:
    """The findings of today that are not as they were when the dossier was handed in. By which article a rule is
    confirmed meanwhile changes nothing about the dossier."""
    kept = [_said(one) for one in nomination.findings]
    return [one for one in as_kept(now, book) if _said(one) not in kept]


def _said(finding: dict[str, Any]) -> tuple[Any, ...]:
    own = (finding[name] for name in ("word", "wording", "state", "fact"))
    return (*own, [_said(one) for one in finding["parts"]])


def beside(nomination: Nomination, user: Any) -> tuple[list[Nomination], list[Honour]]:
    """What else the person or unit is proposed for this year, in any review, and has been given for it: one achievement
    is rewarded once (Law 06/2022, Điều 5), and whether it is the same only a reader can say."""
    whose = {"person": nomination.person_id, "unit": nomination.unit_id}
    others = (
        Nomination.objects.visible_to(user).counted().filter(**whose, review__year=nomination.review.year)
    )
    others = others.exclude(pk=nomination.pk).select_related("award", "review", "proposal")
    given = (
        Honour.objects.visible_to(user)
        .in_force()
        .filter(**whose, year=nomination.review.year)
        .select_related("award")
    )
    return list(others.order_by("-award__order", "pk")), list(given.order_by("-decided_on"))


# --- what is lacking ------------------------------------------------------------------------------------
def deadline_of(review: Review) -> Any:
    step = ReviewDeadline.Step.NOMINATION
    return review.deadlines.filter(step=step).values_list("due_on", flat=True).first()


def deadline_passed(proposal: Proposal) -> Iterable[str]:
    """What the Office has returned may be handed in again at any time."""
    if proposal.state == State.DRAFT:
        yield from late(proposal.review)


def late(review: Review) -> Iterable[str]:
    due = deadline_of(review)
    if due and due < clock.today():
        yield (
            f"Đã hết hạn nộp hồ sơ đề nghị (hết ngày {due:%d/%m/%Y}). Hãy đề nghị Văn phòng Sở gia hạn"
            " trong lịch của đợt."
        )


def label_of(name: str) -> str:
    """What a field of the minutes is called."""
    return "Biên bản đã ký" if name == "minutes" else str(Proposal._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def met_too_early_or_late(review: Review, met_on: date | None) -> str:
    """Why the unit cannot have met on that day for this review, in a sentence."""
    if met_on is None:
        return ""
    if met_on > clock.today():
        return "Ngày họp không được sau hôm nay."
    if met_on.year < review.year:
        return f"Ngày họp {format_date(met_on)} trước năm xét {review.year}."
    return ""


def doubts_of(proposal: Proposal) -> Iterable[str]:
    """What may be so and is worth a look, for the unit and for whoever verifies."""
    met_on, letter = proposal.met_on, proposal.review.letter_date
    if met_on and letter and met_on < letter:
        yield (
            f"Ngày họp bình xét {format_date(met_on)} trước văn bản mở đợt bình xét ({format_date(letter)}); hãy xem"
            " lại ngày họp."
        )


def problems_of(proposal: Proposal) -> Iterable[str]:
    """What the proposal itself lacks before it can be signed."""
    lacking = [
        label_of(name).lower()
        for name in MINUTES
        if getattr(proposal, f"{name}_id" if name in ("chair", "secretary", "minutes") else name)
        in (None, "")
    ]
    if lacking:
        yield f"Biên bản họp còn thiếu: {', '.join(lacking)}."
    rows = list(proposal.nominations.standing().select_related("person", "unit", "award"))
    if not rows:
        yield "Chưa có hồ sơ đề nghị nào."
    if wrong := met_too_early_or_late(proposal.review, proposal.met_on):
        yield wrong
    if proposal.present and proposal.members and proposal.present < proposal.members and not proposal.absent:
        yield "Hãy ghi người vắng mặt và lý do."
    for one in rows:
        if one.verdict == Verdict.REJECTED:
            continue
        if one.votes_for is None or one.votes_against is None:
            yield f"{one}: chưa ghi số phiếu."
        elif proposal.present is not None and one.votes_for + one.votes_against > proposal.present:
            yield f"{one}: số phiếu nhiều hơn số người có mặt ({proposal.present})."
        elif one.votes_for == 0:
            yield f"{one}: không có phiếu đồng ý nào nên không đề nghị được; hãy rút khỏi danh sách."
        if not one.merit:
            yield f"{one}: chưa có tóm tắt thành tích."
    yield from papers_missing(proposal.review, [one for one in rows if one.verdict != Verdict.REJECTED])
    if proposal.state == State.RETURNED:
        open_flags = Flag.objects.filter(nomination__in=rows, closed_at=None, answer="")
        for flag in open_flags.select_related("nomination__person", "nomination__unit", "nomination__award"):
            yield f"{flag.nomination}: chưa trả lời yêu cầu “{flag.text}”."


def papers_of(nomination: Nomination, book: Rulebook) -> list[tuple[str, str, bool]]:
    """The checklist: code, name, and whether the portal holds it or it was uploaded."""
    given = {one.paper for one in nomination.papers.all()}
    here = {
        "proposal": bool(nomination.proposal.letter_number),
        "report": any(nomination.report.values()),
        "unit_minutes": nomination.proposal.minutes_id is not None,
    }
    wanted = book.papers.get(nomination.award.code, ())
    wanted = (*wanted, *(code for code in nomination.review.papers if code not in wanted))
    return [
        (code, PAPERS.get(code, code), here.get(code, False) or code in given)
        for code in wanted
        if code != "ballot_minutes"  # comes from the council
    ]


def stopping_papers(nomination: Nomination, book: Rulebook, assessment: Assessment | None) -> set[str]:
    """Those of its checklist without which it is not handed in: by the province's figure, and what the review itself
    wants. A certificate of an initiative is asked of whoever rests on one."""
    asked = set(book.settings.get(STOPPING) or ()) & set(book.papers.get(nomination.award.code, ()))
    asked |= set(nomination.review.papers)
    rests = assessment and any(basis.kind == "initiative" for basis in assessment.spent_bases)
    return asked if rests else asked - {OF_INITIATIVE}


def papers_missing(review: Review, rows: list[Nomination]) -> Iterable[str]:
    """By dossier; nothing is asked while neither the figure nor the review names a paper, and of what was returned only
    what the unit may still add."""
    book = rulebook_of(review)
    if not book.settings.get(STOPPING) and not review.papers:
        return
    judged = assessed(review, rows)
    prefetch_related_objects(rows, "papers", "proposal__review", "review", "flags")
    for one in rows:
        stopping = stopping_papers(one, book, judged.get(one.pk))
        if one.proposal.state == State.RETURNED:
            points = editable_points(one)
            stopping = {code for code in stopping if POINT_OF.get(code, Flag.Point.PAPERS) in points}
        lacking = [name for code, name, ok in papers_of(one, book) if code in stopping and not ok]
        if lacking:
            yield f"{one}: còn thiếu {', '.join(lacking).lower()}."


def editable_points(nomination: Nomination) -> set[str]:
    """What of a dossier the unit may change now: everything of a draft, of what was returned what is flagged."""
    proposal = nomination.proposal
    if nomination.withdrawn_at or proposal.review.state != Review.State.OPEN:
        return set()
    if proposal.state == State.DRAFT or proposal.is_asked_again:
        return set(Flag.Point.values)
    if proposal.state == State.RETURNED:
        return {flag.point for flag in nomination.flags.all() if flag.closed_at is None}
    return set()


def editable_minutes(proposal: Proposal) -> set[str]:
    """What of the minutes the unit may change; of a returned proposal its reason, and all where votes are flagged."""
    everything = {*MINUTES, "letter_number", "letter_date", "absent", "reason"}
    if proposal.state != State.RETURNED or proposal.is_asked_again:
        return everything
    flags = Flag.objects.filter(nomination__proposal=proposal, closed_at=None)
    return everything if flags.filter(point__in=("votes", "other")).exists() else {"reason"}
