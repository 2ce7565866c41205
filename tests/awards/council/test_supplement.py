"""Xét bổ sung: what the council put off because somebody was held is taken up when the hold is released, though the
rest is decided; what was decided stays as it is."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from awards import actions
from awards.actions import council, decisions, voting
from awards.actions.holds import place_hold, release_hold
from awards.calculations.votes import Count
from awards.models import (
    AgendaItem,
    Award,
    CouncilSession,
    Decision,
    DecisionEntry,
    Honour,
    Nomination,
    Review,
)
from awards.queries import tasks_of
from awards.queries.council import put_off
from awards.queries.decisions import decidable, waiting
from awards.queries.differences import rules_stand
from core.journal import history_of
from core.workflow import Refused
from organization.models import User
from tests.awards.council.builders import DAY, SEATS, members, user_of
from tests.awards.seasons import COLLECTIVE, DECISION_HEAD, FIGHTER, LABORER, qualify

YES = Count(issued=5, collected=5, in_favour=5, against=0)
WHY = "Đã gỡ tạm dừng theo kết luận 3/KL-TTr"


def put_off_and_decide(review: Review, session: CouncilSession, cast: dict[str, User]) -> Nomination:
    """The head is held while the council sits; the clerk's title is carried and issued."""
    office = cast["office"]
    qualify(review, cast["clerk"], office)
    qualify(review, cast["head"], office)
    place_hold(
        reason="inspection",
        paper="1/TTr",
        started_on=date(2025, 1, 15),
        by=office,
        person=cast["head"].person,
    )
    of_head = review.nominations.get(person=cast["head"].person)
    for item in session.items.all():
        mine = item.nomination.person_id == cast["clerk"].person.pk and item.nomination.award.code == LABORER
        if mine:
            voting.open_votes(session, [item], "hands", by=office)
            voting.count_rounds(session, {item.rounds.get().pk: YES}, by=office, versions={})
        else:
            voting.defer(item, reason="Đang tạm dừng, để lại", by=office)
    council.close_session(session, by=office)
    actions.move_review(review, "conclude_council", by=office)
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    decisions.issue(decision, {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}, by=office)
    of_head.refresh_from_db()
    assert of_head.outcome == Nomination.Outcome.DEFERRED
    return of_head


def release(who: User, office: User) -> None:
    release_hold(who.person.holds.get(), reason="Không vi phạm", by=office)


@pytest.mark.parametrize("is_closed", [False, True])
def test_what_was_put_off_is_taken_up_after_the_release(
    review: Review, session: CouncilSession, cast: dict[str, User], is_closed: bool
) -> None:
    office = cast["office"]
    of_head = put_off_and_decide(review, session, cast)
    if is_closed:
        actions.move_review(review, "close_review", by=office)
    with pytest.raises(Refused, match="lý do xét bổ sung"):
        actions.move_review(review, "supplement", by=office)
    release(cast["head"], office)
    actions.move_review(review, "supplement", by=office, comment=WHY)
    assert (review.state, review.supplement) == (Review.State.COUNCIL, WHY)
    line = history_of(review)[0]
    assert (line.verb, line.from_state, line.comment) == (
        "supplement",
        "closed" if is_closed else "deciding",
        WHY,
    )
    assert any("Chuẩn bị phiên họp Hội đồng" in one.title for one in tasks_of(office))

    again = council.plan_session(review, DAY, by=office)
    assert of_head in [one.nomination for one in again.items.all()]
    assert not again.items.filter(
        nomination__person=cast["clerk"].person, nomination__award__code=LABORER
    ).exists()
    council.set_agenda(again, [of_head], by=office, again_because=WHY)
    assert again.items.get().again_because == WHY
    sitting = members(again, cast)
    council.set_roster(again, {sitting[part].pk: seat for part, seat in SEATS.items()}, by=office)
    council.invite(again, by=office)
    council.mark_attendance(again, {one.pk: ("present", "") for one in sitting.values()}, by=office)
    council.open_session(again, by=office)
    item = again.items.get()
    voting.open_votes(again, [item], "hands", by=office)
    voting.count_rounds(again, {item.rounds.get().pk: YES}, by=office, versions={})
    council.close_session(again, by=office)
    actions.move_review(review, "conclude_council", by=office)

    assert (review.state, review.supplement, review.supplement_since) == (Review.State.DECIDING, "", None)
    assert list(waiting(review)) == [of_head]
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    decisions.issue(decision, {"number": "52/QĐ-SNV", "signed_on": date(2025, 3, 10)}, by=office)
    actions.move_review(review, "close_review", by=office)
    assert set(Honour.objects.values_list("decision_number", flat=True)) == {"41/QĐ-SNV", "52/QĐ-SNV"}


def test_what_is_under_way_is_followed_beside_the_sitting(
    review: Review, session: CouncilSession, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    """A file with the province, a title for which nothing is drafted yet, and a decision nobody is given."""
    office = cast["office"]
    put_off_and_decide(review, session, cast)
    above = review.nominations.get(award__code=COLLECTIVE)
    Nomination.objects.filter(award__code__in=(COLLECTIVE, FIGHTER)).update(outcome="passed")
    Award.objects.filter(code__in=(COLLECTIVE, FIGHTER)).update(level="tinh")
    file = decisions.draft(review, "tinh", [above], DECISION_HEAD, by=office)
    letter = {"letter_number": "9/TTr", "letter_date": date(2025, 2, 12)}
    Decision.objects.filter(pk=file.pk).update(state="sent", **letter)
    release(cast["head"], office)
    before = {(one.title, one.detail, one.due) for one in tasks_of(office) if title_of_decisions(one.title)}
    assert len(before) == 2
    actions.move_review(review, "supplement", by=office, comment=WHY)
    now = {(one.title, one.detail, one.due) for one in tasks_of(office) if title_of_decisions(one.title)}
    assert now == before

    page = client_of(office).get(reverse("awards:decision_list", args=[review.pk])).content.decode()
    assert reverse("awards:decision_draft", args=[review.pk, "tinh"]) in page
    fighter = review.nominations.get(award__code=FIGHTER)
    assert reverse("awards:nomination_drop", args=[fighter.pk]) in page
    decisions.drop(fighter, reason="Giám đốc không đồng ý", by=office)
    decisions.take_up(fighter, by=office)
    assert fighter in waiting(review)

    DecisionEntry.objects.filter(nomination=above).update(honour=None)
    Decision.objects.filter(pk=file.pk).update(
        state="issued", number="5/QĐ-UBND", signed_on=date(2025, 2, 20)
    )
    assert any("Ghi vào Sổ khen thưởng hoặc" in one.title for one in tasks_of(office))
    Review.objects.filter(pk=review.pk).update(state="closed", supplement="", supplement_since=None)
    decisions.drop(above, reason="Không khen", by=office)  # it is asked for after the end, too
    decisions.take_up(above, by=office)


def title_of_decisions(title: str) -> bool:
    return title.startswith(("Ra quyết định", "Theo dõi hồ sơ trình tỉnh"))


def test_what_was_decided_stays_as_it_is(
    review: Review, session: CouncilSession, cast: dict[str, User]
) -> None:
    office = cast["office"]
    of_head = put_off_and_decide(review, session, cast)
    Nomination.objects.filter(review=review, unit__isnull=False).update(outcome="failed")
    release(cast["head"], office)
    actions.move_review(review, "supplement", by=office, comment=WHY)
    again = council.plan_session(review, DAY, by=office)
    for other in review.nominations.exclude(outcome="deferred"):
        with pytest.raises(Refused, match="không đưa vào phiên này được"):
            council.set_agenda(again, [of_head, other], by=office, again_because="Xét lại")
    for verb, why in (("stop_review", "xét bổ sung"), ("return_to_notice", "đã kết luận")):
        with pytest.raises(Refused, match=why):
            actions.move_review(review, verb, by=office, comment="Dừng")
    assert "giữ quy định đã ghim" in rules_stand(review)
    session.refresh_from_db()
    with pytest.raises(Refused, match="biên bản không sửa được"):
        council.write_course(session, "Khác", by=office)
    council.cancel_session(again, by=office, comment="Chưa cần")
    actions.move_review(review, "conclude_council", by=office)
    assert review.state == Review.State.DECIDING


def test_nothing_is_taken_up_while_everybody_is_held_still(
    review: Review, session: CouncilSession, cast: dict[str, User]
) -> None:
    office = cast["office"]
    of_head = put_off_and_decide(review, session, cast)
    Nomination.objects.filter(outcome="deferred").exclude(pk=of_head.pk).update(outcome="failed")
    assert list(put_off(review)) == [of_head]
    with pytest.raises(Refused, match="gỡ tạm dừng trước"):
        actions.move_review(review, "supplement", by=office, comment=WHY)
    of_head.outcome = Nomination.Outcome.FAILED
    of_head.save()
    with pytest.raises(Refused, match="Không có hồ sơ nào"):
        actions.move_review(review, "supplement", by=office, comment=WHY)
    assert not decidable(review).exists()
    assert AgendaItem.objects.filter(session__review=review).count() == 4


def test_the_pages(
    review: Review, session: CouncilSession, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    office = cast["office"]
    put_off_and_decide(review, session, cast)
    release(cast["head"], office)
    client, address = client_of(office), reverse("awards:review_detail", args=[review.pk])
    page = client.get(address).content.decode()
    assert "hồ sơ Hội đồng đã để lại nay không còn tạm dừng xét" in page
    assert "Lê Minh Châu: Lao động tiên tiến" in page
    client.post(f"{address}chuyen/supplement/", {"comment": WHY})
    review.refresh_from_db()
    assert review.is_supplementary
    page = client.get(address).content.decode()
    assert WHY in page
    assert reverse("awards:decision_list", args=[review.pk]) in page
    assert WHY in client.get(reverse("awards:council_list", args=[review.pk])).content.decode()
    assert client_of(user_of(cast, "clerk")).post(f"{address}chuyen/supplement/").status_code == 404
