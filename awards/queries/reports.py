"""What the portal can write into an achievement report from its own facts, in words that the unit then edits."""

from collections.abc import Callable
from datetime import date
from typing import Any

from awards.eligibility import facts
from awards.models import Initiative, Nomination, ReportSection, Review
from awards.queries.reviews import facts_day
from core.journal import history_of
from core.vietnamese import format_date, format_decimal
from organization.models import Person, Unit
from organization.queries import posting_on, unit_name_on
from scoring.models import Achievement, Result

YEARS = 5  # how far back ratings are told


def sections_of(nomination: Nomination) -> list[ReportSection]:
    return list(ReportSection.objects.filter(recipient=nomination.award.recipient))


def written(review: Review, subject: Person | Unit, recipient: str) -> dict[str, str]:
    """The first text of every section; empty where the portal knows nothing."""
    sections = ReportSection.objects.filter(recipient=recipient)
    return {one.code: WRITERS[one.prefill](review, subject) if one.prefill else "" for one in sections}


def fresh(nomination: Nomination, section: ReportSection) -> str:
    """What the facts say today of one section."""
    return WRITERS[section.prefill](nomination.review, nomination.subject) if section.prefill else ""


def replaced(nomination: Nomination, code: str) -> str:
    """What stood in a section before it was filled again the last time."""
    last = history_of(nomination).filter(verb="refill", data__section=code).first()
    return str(last.data["was"]) if last else ""


def _day(review: Review) -> date:
    return min(date(review.year, 12, 31), facts_day(review))


def _person(review: Review, subject: Any) -> str:
    posting = posting_on(subject, _day(review))
    lines = [f"Họ và tên: {subject.full_name}"]
    if subject.gender:
        lines.append(f"Giới tính: {subject.get_gender_display()}")
    if subject.born_on:
        lines.append(f"Ngày sinh: {format_date(subject.born_on)}")
    if posting:
        lines.append(f"Chức vụ, đơn vị: {posting.post.name}, {unit_name_on(posting.unit, _day(review))}")
    lines.append(f"Vào cơ quan ngày: {format_date(subject.joined_on)}")
    return "\n".join(lines)


def _unit(review: Review, subject: Any) -> str:
    return (
        f"Tên đơn vị: {unit_name_on(subject, _day(review))}\nThành lập ngày: {format_date(subject.opened_on)}"
    )


def _ratings(review: Review, subject: Any) -> str:
    rows = subject.ratings.filter(year__lte=review.year, year__gt=review.year - YEARS).order_by("year")
    return "\n".join(
        f"Năm {one.year}: {one.get_grade_display()}{f' ({one.basis})' if one.basis else ''}" for one in rows
    )


def _achievements(review: Review, subject: Any) -> str:
    rows = Achievement.objects.filter(
        state=Achievement.State.CONFIRMED, campaign_year__year=review.year, **_whose(subject)
    ).order_by("happened_on", "pk")
    return "\n".join(_achievement(one) for one in rows)


def _achievement(one: Achievement) -> str:
    day = f" ({format_date(one.happened_on)})" if one.happened_on else ""
    many = f", {format_decimal(one.quantity)} {one.measure}" if one.quantity is not None else ""
    result = f": {one.result}" if one.result else ""
    return f"– {one.title}{day}{many}{result}"


def _results(review: Review, subject: Any) -> str:
    whose = {f"scorecard__{name}": value for name, value in _whose(subject).items()}
    rows = Result.objects.filter(
        publication__withdrawn_at__isnull=True, publication__campaign_year__year=review.year, **whose
    ).select_related("publication__campaign_year__campaign")
    return "\n".join(
        f"– {one.publication.campaign_year.campaign.name}, năm {review.year}:"
        f" {format_decimal(one.index)} điểm, xếp loại {one.band or 'chưa xếp'}"
        for one in rows
    )


def _initiatives(review: Review, subject: Any) -> str:
    rows = Initiative.objects.filter(authors__person=subject, state=Initiative.State.RECOGNISED)
    kept = rows.filter(recognised_on__lte=facts_day(review)).order_by("recognised_on")
    return "\n".join(
        f"– {one.name} (công nhận {facts.LEVELS.get(one.level, '')}, quyết định số {one.decision_number} ngày"
        f" {format_date(one.recognised_on)})"
        for one in kept
    )


def _honours(review: Review, subject: Any) -> str:
    rows = subject.honours.in_force().filter(decided_on__lte=facts_day(review)).select_related("award")
    return "\n".join(
        f"Năm {one.year}: {one.award.name}, quyết định số {one.decision_number} ngày {format_date(one.decided_on)}"
        for one in rows.order_by("year", "decided_on")
    )


def _whose(subject: Person | Unit) -> dict[str, Any]:
    return {"person": subject} if isinstance(subject, Person) else {"person": None, "unit": subject}


WRITERS: dict[str, Callable[[Review, Any], str]] = {
    "person": _person,
    "unit": _unit,
    "ratings": _ratings,
    "achievements": _achievements,
    "results": _results,
    "initiatives": _initiatives,
    "honours": _honours,
}
