"""The council of the demo office sits on the finished review, and its decisions are signed: the way to the register."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from awards import actions
from awards.actions import ballots, council, decisions, voting
from awards.calculations.votes import Count
from awards.models import AgendaItem, Ballot, CouncilMember, CouncilSession, Review, VoteRound
from awards.queries.council import may_vote_in
from awards.queries.decisions import proposed_head, waiting
from emulation_portal.demo.index import moments_from
from emulation_portal.demo.merits import FIGHTER, office_pair
from organization.models import Posting, User

HELD_ON, SIGNED_ON, SENT_ON, ANSWERED_ON = (
    date(2025, 2, 18),
    date(2025, 2, 24),
    date(2025, 2, 25),
    date(2025, 4, 8),
)
SEATS = {
    ("bgd", "giam-doc"): ("chair", False),
    ("bgd", "pho-giam-doc"): ("vice", False),
    ("vp", "chanh-van-phong"): ("standing", False),
    ("vp", "pho-chanh-van-phong"): ("secretary", False),
    ("tdkt", "truong-phong"): ("member", True),
    ("ttra", "chanh-thanh-tra"): ("member", True),
}
ABSENT = "Đi công tác theo phân công của Giám đốc"
COURSE = (
    "Thư ký trình bày tổng hợp hồ sơ và kết quả lấy ý kiến. Hội đồng trao đổi từng trường hợp, thống nhất số liệu rồi "
    "bỏ phiếu. Thành viên có liên quan không bỏ phiếu với hồ sơ của mình, của đơn vị mình."
)
NUMBER = "96/QĐ-SNV"


def conclude(review: Review) -> None:
    """From the invitation to the signed decisions."""
    session = _sit(review)
    moments = moments_from(HELD_ON)
    with next(moments):
        _by_hand(session)
    with next(moments):
        _on_paper(session)
    with next(moments):
        _in_secret(session)
    with next(moments):
        secretary = _of_seat(session, "secretary")
        council.write_course(session, COURSE, by=secretary)
        council.close_session(session, by=secretary)
        actions.move_review(review, "conclude_council", by=office_pair()[0])
    _decide(review)


def _sit(review: Review) -> CouncilSession:
    office, _ = office_pair()
    values = {"held_on": HELD_ON, "starts_at": time(8, 0), "place": "Phòng họp tầng 3", "agenda_note": ""}
    moments = moments_from(HELD_ON - timedelta(days=5))
    with next(moments):
        session = council.plan_session(review, values, by=office)
        council.set_roster(session, _seats(session), by=office)
        council.invite(session, by=office)
    with next(moments_from(HELD_ON)):
        marks = {
            one.pk: ("absent", ABSENT) if one.seat == "vice" else ("present", "")
            for one in session.members.all()
        }
        council.mark_attendance(session, marks, by=office)
        council.open_session(session, by=office)
    return session


def _seats(session: CouncilSession) -> dict[int, tuple[str, bool]]:
    places = Posting.objects.on(HELD_ON).filter(person__in=session.members.values("person"))
    known = {
        person: (unit, post)
        for person, unit, post in places.values_list("person", "unit__code", "post__code")
    }
    return {
        one.pk: SEATS.get(known.get(one.person_id, ("", "")), ("member", False))
        for one in session.members.all()
    }


# --- three ways to vote -----------------------------------------------------------------------------------
def _by_hand(session: CouncilSession) -> None:
    """What the Director decides, but for the fighters: recorded by the secretary, his own vote by a colleague."""
    items = session.items.filter(nomination__award__level="so").exclude(nomination__award__code=FIGHTER)
    secretary, (office, _) = _of_seat(session, "secretary"), office_pair()
    voting.open_votes(session, items, "hands", by=secretary)
    _count(session, items, secretary, office)


def _on_paper(session: CouncilSession) -> None:
    """The fighters: the last of them does not carry."""
    items = list(session.items.filter(nomination__award__code=FIGHTER))
    voting.open_votes(session, items, "papers", by=_of_seat(session, "secretary"))
    tellers = [_account(one) for one in session.members.filter(is_teller=True)]
    _count(session, items, *tellers, failing=items[-1].pk)


def _in_secret(session: CouncilSession) -> None:
    """What goes to the province, electronically: everybody in favour but one."""
    items = list(session.items.exclude(nomination__award__level="so"))
    if not items:
        return
    secretary = _of_seat(session, "secretary")
    box = voting.open_votes(session, items, "electronic", by=secretary)
    tellers = [_account(one) for one in session.members.filter(is_teller=True)]
    if box is None:
        return
    codes = [ballots.take_key(box, by=teller) for teller in tellers]
    ballots.open_box(box, by=secretary)
    for number, member in enumerate(session.members.filter(attendance="present")):
        choice = Ballot.Choice.ABSTAINED if number == 0 else Ballot.Choice.IN_FAVOUR
        rounds = may_vote_in(member).filter(box=box).values_list("pk", flat=True)
        if rounds:
            ballots.cast(box, dict.fromkeys(rounds, choice), by=_account(member))
    ballots.count_box(box, codes, {}, by=tellers[0])


def _count(
    session: CouncilSession, items: Iterable[AgendaItem], first: User, second: User, *, failing: int = 0
) -> None:
    """By the first, what is about him by the second."""
    mine: dict[int, Count] = {}
    others: dict[int, Count] = {}
    for one in VoteRound.objects.filter(item__in=list(items), state="open").select_related(
        "item__nomination"
    ):
        there = one.may_vote
        yes = 2 if one.item_id == failing else there
        is_about_first = one.item.nomination.person_id == first.person.pk
        (others if is_about_first else mine)[one.pk] = Count(there, there, yes, there - yes)
    for who, counts in ((first, mine), (second, others)):
        if counts:
            voting.count_rounds(session, counts, by=who, versions={})


# --- decisions --------------------------------------------------------------------------------------------
def _decide(review: Review) -> None:
    """The Director's is signed; the province gives its own later."""
    office, _ = office_pair()
    with next(moments_from(SIGNED_ON)):
        own = decisions.draft(review, "so", waiting(review, "so"), proposed_head(review, "so"), by=office)
        decisions.issue(own, {"number": NUMBER, "signed_on": SIGNED_ON}, by=office)
    if not waiting(review, "tinh").exists():
        return
    with next(moments_from(SENT_ON)):
        above = decisions.draft(
            review, "tinh", waiting(review, "tinh"), proposed_head(review, "tinh"), by=office
        )
        decisions.send_up(above, {"letter_number": "210/TTr-SNV", "letter_date": SENT_ON}, by=office)
    with next(moments_from(ANSWERED_ON)):
        decisions.issue(above, {"number": "871/QĐ-UBND", "signed_on": ANSWERED_ON}, by=office)
        actions.move_review(review, "close_review", by=office)


# --- who acts ---------------------------------------------------------------------------------------------
def _of_seat(session: CouncilSession, seat: str) -> User:
    return _account(session.members.select_related("person").get(seat=seat))


def _account(member: CouncilMember) -> User:
    """Anew each time: what somebody may do follows from the day on which he acts."""
    return User.objects.select_related("person").get(person=member.person_id)
