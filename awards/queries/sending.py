"""How a decision's proposal goes up: in how many sets, and until when, by the rules of today."""

from collections.abc import Iterable

from awards.eligibility.figures import day_of
from awards.models import Decision, DecisionEntry, rulebook_on
from core import clock
from core.vietnamese import format_date


def sending_of(decision: Decision, entries: Iterable[DecisionEntry]) -> list[str]:
    """One line for the awards that go the same way; nothing of what the Director decides himself."""
    if not decision.goes_up or decision.state not in (Decision.State.DRAFT, Decision.State.QUERIED):
        return []
    book = rulebook_on(clock.today())
    ways: dict[str, list[str]] = {}
    for award in dict.fromkeys(one.nomination.award for one in entries):
        if rule := book.sending.get(award.code):
            sets = f"{rule.sets:02d} bộ hồ sơ" if rule.sets is not None else "Hồ sơ"
            until = day_of(rule.until, decision.review.year + 1) if rule.until else None
            way = f"{sets}, trình đến hết ngày {format_date(until)}" if until else sets
            sure = "" if rule.is_confirmed else " (chờ Văn phòng Sở xác nhận)"
            ways.setdefault(f"{way}{sure}", []).append(award.name)
    return [f"{way}: {', '.join(dict.fromkeys(names))}" for way, names in ways.items()]
