"""State × role × act, for the acts that move nothing: whoever may not, or comes too early or late, is refused and
leaves no trace."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

import pytest
from django.db.models import Model

from awards import actions
from awards.actions import council, decisions, proposals, ratings, verifying, voting
from awards.models import (
    AgendaItem,
    Award,
    CouncilSession,
    Decision,
    DecisionEntry,
    Hold,
    Nomination,
    Proposal,
    Review,
    RuleDocument,
)
from awards.queries.decisions import waiting
from awards.workflow import DECISION, PROPOSAL, REVIEW, SESSION
from core import clock
from core.workflow import Workflow
from organization.models import Unit, User
from tests.awards.council.builders import SEATS, item_of, members, opened, review_at_council, user_of
from tests.awards.refusals import happens, what_is_wrong
from tests.awards.seasons import (
    DECISION_HEAD,
    FIGHTER,
    LABORER,
    begin,
    carried_review,
    open_review,
    propose,
    qualify,
)

REASON = "Có lý do"
LETTER = {"letter_number": "7/TTr", "letter_date": date(2025, 2, 1)}
PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
OFFICE = {"office"}
OF_UNIT = {"clerk", "colleague", "head", "deputy"}  # Phòng CCHC


class Story(NamedTuple):
    """An act by a part on a document whose state is turned, and who may do it in which of its states."""

    document: Model
    workflow: Workflow | None
    act: Callable[[str, User], object]
    states: Iterable[str]
    parts: set[str]


Cast, Units = dict[str, User], dict[str, Unit]
STORIES: dict[str, Callable[[Cast, Units], Story]] = {}


def story(begin_it: Callable[[Cast, Units], Story]) -> Callable[[Cast, Units], Story]:
    STORIES[begin_it.__name__] = begin_it
    return begin_it


# --- reviews --------------------------------------------------------------------------------------------
@story
def explain_list(cast: Cast, units: Units) -> Story:
    review = open_review(cast["office"])
    return Story(
        review,
        REVIEW,
        lambda part, user: verifying.explain_list(Review.objects.get(), REASON, by=user),
        {"open"},
        OFFICE,
    )


@story
def take_over_rules(cast: Cast, units: Units) -> Story:
    """One law has been worded anew since the review was opened."""
    review = open_review(cast["office"])
    old = RuleDocument.objects.current().get(legal_document__code="luat-06-2022")
    content = {**old.content, "awards": old.content["awards"][1:]}
    RuleDocument.objects.filter(pk=old.pk).update(superseded_at=clock.now())
    RuleDocument.objects.create(
        legal_document=old.legal_document, effective_from=old.effective_from, content=content, digest="new"
    )
    return Story(
        review,
        REVIEW,
        lambda part, user: actions.take_over_rules(Review.objects.get(), by=user, reason=REASON),
        {"open", "notice", "council"},
        OFFICE,
    )


@story
def drop(cast: Cast, units: Units) -> Story:
    review = carried_review(cast["office"], cast["clerk"], units["cchc"])
    one = review.nominations.filter(award__code=FIGHTER)
    return Story(
        review,
        REVIEW,
        lambda part, user: decisions.drop(one.get(), reason=REASON, by=user),
        {"deciding"},
        OFFICE,
    )


# --- proposals ------------------------------------------------------------------------------------------
def proposed(cast: Cast, units: Units) -> Proposal:
    review = open_review(cast["office"])
    qualify(review, cast["clerk"], cast["office"])
    made = begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)  # type: ignore[attr-defined]
    propose(made, LABORER, cast["clerk"].person, by=cast["clerk"])  # type: ignore[attr-defined]
    Proposal.objects.update(nobody_reason=REASON)  # what one of the states needs
    return made


def write_votes(part: str, user: User) -> None:
    one = Nomination.objects.get()
    proposals.record_votes(Proposal.objects.get(), {one.pk: (3, 1)}, by=user)


@story
def record_votes(cast: Cast, units: Units) -> Story:
    return Story(proposed(cast, units), PROPOSAL, write_votes, {"draft", "returned"}, OF_UNIT)


@story
def record_votes_in_the_review(cast: Cast, units: Units) -> Story:
    return Story(proposed(cast, units).review, REVIEW, write_votes, {"open"}, OF_UNIT)


# --- decisions ------------------------------------------------------------------------------------------
def drafted(cast: Cast, units: Units, level: str) -> Decision:
    review = carried_review(cast["office"], cast["clerk"], units["cchc"])
    Award.objects.update(level=level)
    made = decisions.draft(review, level, waiting(review), DECISION_HEAD, by=cast["office"])
    Decision.objects.update(**LETTER, **PAPER)  # what some of the states need
    made.refresh_from_db()
    return made


def entry() -> DecisionEntry:
    return DecisionEntry.objects.get(nomination__award__code=LABORER)


@story
def write_merits(cast: Cast, units: Units) -> Story:
    def act(part: str, user: User) -> None:
        decisions.write_merits(Decision.objects.get(), {entry().pk: "Lời khen khác"}, by=user)

    return Story(drafted(cast, units, "so"), DECISION, act, DECISION.moves["send_up"].source, OFFICE)


@story
def refuse_one(cast: Cast, units: Units) -> Story:
    decision = drafted(cast, units, "tinh")
    decisions.send_up(decision, LETTER, by=cast["office"])
    return Story(
        decision,
        DECISION,
        lambda part, user: decisions.refuse_one(entry(), reason=REASON, by=user),
        DECISION.moves["refuse"].source,
        OFFICE,
    )


@story
def take_back_refusal(cast: Cast, units: Units) -> Story:
    decision = drafted(cast, units, "tinh")
    decisions.send_up(decision, LETTER, by=cast["office"])
    decisions.refuse_one(entry(), reason=REASON, by=cast["office"])
    return Story(
        decision,
        DECISION,
        lambda part, user: decisions.take_back_refusal(entry(), by=user),
        {"draft", "sent", "queried"},
        OFFICE,
    )


@story
def enter_aside(cast: Cast, units: Units) -> Story:
    """The province had signed while the clerk was held; nothing stops him any more."""
    office, decision = cast["office"], drafted(cast, units, "tinh")
    decisions.send_up(decision, LETTER, by=office)
    hold = Hold.objects.create(
        person=cast["clerk"].person, reason="inspection", paper="12/TTr", started_on=date(2025, 2, 5), placed_by=office  # type: ignore[attr-defined]
    )  # fmt: skip
    decisions.issue(decision, PAPER, by=office)
    Hold.objects.filter(pk=hold.pk).update(ended_on=clock.today(), released_by=office, release_reason="Xong")
    return Story(
        decision,
        DECISION,
        lambda part, user: decisions.enter_aside(entry(), by=user),
        {"issued"},
        OFFICE | {"director"},
    )


# --- the council ----------------------------------------------------------------------------------------
def item() -> AgendaItem:
    return item_of(CouncilSession.objects.get(), FIGHTER)


def in_session(cast: Cast, units: Units) -> CouncilSession:
    return opened(review_at_council(cast, units), cast)


@story
def write_course(cast: Cast, units: Units) -> Story:
    return Story(
        in_session(cast, units),
        SESSION,
        lambda part, user: council.write_course(
            CouncilSession.objects.get(), "Thảo luận.", by=user, reason=REASON
        ),
        {"open", "closed"},
        OFFICE,
    )


@story
def defer(cast: Cast, units: Units) -> Story:
    return Story(
        in_session(cast, units),
        SESSION,
        lambda part, user: voting.defer(item(), by=user, reason=REASON),
        {"open"},
        OFFICE,
    )


@story
def step_aside(cast: Cast, units: Units) -> Story:
    """For himself; who has no seat tries it for a member."""
    session = in_session(cast, units)
    seats = members(session, cast)
    return Story(
        session,
        SESSION,
        lambda part, user: voting.step_aside(
            item(), seats.get(part, seats["appraiser"]), by=user, reason=REASON
        ),
        {"invited", "open"},
        set(SEATS),
    )


# --- ratings --------------------------------------------------------------------------------------------
@story
def rate_collectives(cast: Cast, units: Units) -> Story:
    unit = units["cchc"].pk
    return Story(
        units["cchc"],
        None,
        lambda part, user: ratings.rate_collectives(2024, {unit: "good"}, by=user, seen={unit: ""}),
        {""},
        OFFICE,
    )


@pytest.mark.parametrize("name", STORIES)
def test_who_may_when(name: str, cast: dict[str, User], units: dict[str, Unit]) -> None:
    told = STORIES[name](cast, units)
    document, wrong, seen = told.document, [], 0
    for state in told.workflow.states if told.workflow else [""]:
        if state:
            type(document)._base_manager.filter(pk=document.pk).update(state=state)
        for part in cast:
            user = user_of(cast, part)

            def act(part: str = part, user: User = user) -> Any:
                return told.act(part, user)

            if state in told.states and part in told.parts:
                found = "" if happens(act) else "không làm được"
                seen += 1
            else:
                found = what_is_wrong(act, document)
            wrong += [f"{state}, {part}: {found}"] if found else []
    assert not wrong, "\n".join(wrong)
    assert seen == len(set(told.states)) * len(told.parts)
