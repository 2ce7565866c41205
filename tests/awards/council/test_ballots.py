"""The secret electronic ballot: T1-T8 of what it promises (docs/adr/0013)."""

import json
import logging
from collections import Counter

import pytest
from django.db import connection

from awards.actions import ballots, voting
from awards.calculations import sealing
from awards.models import Ballot, BallotBox, CouncilSession, Envelope, Recusal, Review, VoteRound
from awards.workflow import BOX
from core.journal import history_of
from core.models import Entry, Letter
from core.workflow import AlreadyDone, Refused
from organization.models import User
from tests.awards.council.builders import SEATS, codes_of, item_of, members, opened, user_of
from tests.awards.seasons import COLLECTIVE, FIGHTER

YES, NO, BLANK = "for", "against", "blank"
VOTES = {"director": YES, "council_member": NO, "office": YES, "appraiser": YES, "stranger_head": BLANK}


@pytest.fixture
def box(session: CouncilSession, cast: dict[str, User]) -> BallotBox:
    """Two items; both tellers have their code in hand."""
    items = [item_of(session, FIGHTER), item_of(session, COLLECTIVE)]
    made = voting.open_votes(session, items, "electronic", by=cast["office"])
    assert made is not None
    return made


def cast_all(box: BallotBox, cast: dict[str, User], votes: dict[str, str]) -> dict[str, dict[int, str]]:
    rounds = list(box.rounds.values_list("pk", flat=True))
    return {
        part: ballots.cast(box, dict.fromkeys(rounds, vote), by=user_of(cast, part))
        for part, vote in votes.items()
    }


def test_the_whole_way(box: BallotBox, cast: dict[str, User]) -> None:
    with pytest.raises(Refused, match="cần ít nhất hai người"):
        ballots.open_box(box, by=cast["office"])
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    asked = Letter.objects.filter(kind="awards/ballot_opened")
    assert {one.recipient.username for one in asked} == set(SEATS)
    receipts = cast_all(box, cast, VOTES)
    ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    for one in box.rounds.all():
        assert (one.state, one.issued, one.collected, one.in_favour, one.against, one.abstained) == (
            "counted", 5, 5, 3, 1, 1,
        )  # fmt: skip
        assert (one.base, one.carried) == (5, True)
        kept = {ballot.receipt: ballot.choice for ballot in one.ballots.all()}
        assert kept == {
            receipts[part][one.pk]: vote for part, vote in VOTES.items()
        }  # T7: everybody finds his own
    assert not Envelope.objects.exists()
    assert ballots.still_holds(box)
    changed = Ballot.objects.filter(choice=NO).first()
    assert changed is not None
    Ballot.objects.filter(pk=changed.pk).update(choice=YES)
    assert not ballots.still_holds(box)
    Ballot.objects.filter(pk=changed.pk).update(choice=NO)
    assert ballots.still_holds(box)
    box.rounds.update(in_favour=4, against=0)
    assert not ballots.still_holds(box)  # the numbers are held against the ballots too


def test_t1_nothing_kept_joins_a_ballot_with_its_voter(box: BallotBox, cast: dict[str, User]) -> None:
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    cast_all(box, cast, VOTES)
    ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    names = {field.name for field in Ballot._meta.get_fields()}
    assert names == {"id", "round", "choice", "receipt"}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM awards_ballot")
            assert cursor.fetchone() == (1,)  # one transaction wrote them all
            cursor.execute("SELECT xmin::text FROM awards_ballot LIMIT 1")
            (written,) = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM awards_councilmember WHERE xmin::text = %s", [written])
            assert cursor.fetchone() == (0,)


def test_t1_ballots_do_not_lie_in_the_order_of_the_members(
    session: CouncilSession, cast: dict[str, User]
) -> None:
    """Six countings of five votes: that all of them keep one order has a chance of 1 in 25 billion."""
    seen = set()
    for number in range(6):
        item = item_of(session, FIGHTER)
        box = voting.open_votes(session, [item], "electronic", by=cast["office"], reason=f"Lượt {number}")
        assert box is not None
        codes = codes_of(box, cast, "appraiser", "stranger_head")
        ballots.open_box(box, by=cast["office"])
        receipts = cast_all(box, cast, VOTES)
        order = {next(iter(found.values())): at for at, found in enumerate(receipts.values())}
        ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
        with connection.cursor() as cursor:
            place = "ctid" if connection.vendor == "postgresql" else "rowid"
            cursor.execute(
                f"SELECT receipt FROM awards_ballot WHERE round_id = %s ORDER BY {place}",  # noqa: S608
                [box.rounds.get().pk],
            )
            seen.add(tuple(order[receipt] for (receipt,) in cursor.fetchall()))
    assert len(seen) > 1


def test_t2_no_line_of_any_journal_or_log_belongs_to_a_vote(
    box: BallotBox, cast: dict[str, User], caplog: pytest.LogCaptureFixture
) -> None:
    codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    before = (Entry.objects.count(), Letter.objects.count())
    with caplog.at_level(logging.INFO):
        cast_all(box, cast, VOTES)
        cast_all(box, cast, {"director": NO})
    assert (Entry.objects.count(), Letter.objects.count()) == before
    assert not [one for one in caplog.records if one.name.startswith("portal")]


def test_t3_nobody_counts_before_the_end(box: BallotBox, cast: dict[str, User]) -> None:
    """All envelopes are equally long and never alike, whatever is inside."""
    codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    cast_all(box, cast, VOTES)
    sealed = [bytes(one) for one in Envelope.objects.values_list("sealed", flat=True)]
    assert len(sealed) == len(set(sealed)) == 10
    assert len({len(one) for one in sealed}) == 1
    assert set(VoteRound.objects.filter(box=box).values_list("in_favour", "against")) == {(0, 0)}


def test_t4_who_may_not_vote_is_refused(review: Review, cast: dict[str, User]) -> None:
    session = opened(
        review, cast, office=("present", ""), stranger_head=("present", ""), council_member=("written", "")
    )
    item = item_of(session, FIGHTER)
    Recusal.objects.create(item=item, member=members(session, cast)["director"], kind="declared")
    box = voting.open_votes(session, [item], "electronic", by=cast["office"])
    assert box is not None
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    one = box.rounds.get()
    with pytest.raises(Refused, match="không mở"):
        ballots.cast(box, {one.pk: YES}, by=user_of(cast, "appraiser"))
    ballots.open_box(box, by=cast["office"])
    for part, sentence in (
        ("clerk", "không có trong danh sách Hội đồng"),
        ("director", "vắng mặt, hoặc có liên quan"),
        ("council_member", "vắng mặt, hoặc có liên quan"),
    ):
        with pytest.raises(Refused, match=sentence):
            ballots.cast(box, {one.pk: YES}, by=user_of(cast, part))
    with pytest.raises(Refused, match="từng hồ sơ"):
        ballots.cast(box, {}, by=cast["office"])
    with pytest.raises(Refused, match="không được bỏ phiếu"):
        ballots.cast(box, {one.pk: YES, 987_654: YES}, by=user_of(cast, "office"))
    ballots.cast(box, {one.pk: YES}, by=user_of(cast, "office"))
    ballots.cast(box, {one.pk: NO}, by=user_of(cast, "office"))  # replaces
    assert Envelope.objects.count() == 1
    with pytest.raises(Refused, match="mới có 1 phiếu, kiểm lúc này thì phiếu không còn kín"):
        ballots.count_box(box, codes, {one.pk: (1, 0, 0)}, by=user_of(cast, "appraiser"))
    for part in ("appraiser", "stranger_head"):
        ballots.cast(box, {one.pk: YES}, by=user_of(cast, part))
    ballots.count_box(box, codes, {one.pk: (1, 0, 0)}, by=user_of(cast, "appraiser"))
    one.refresh_from_db()
    assert (one.issued, one.collected, one.against, one.written_in_favour) == (3, 3, 1, 1)
    assert not one.tells_written  # one answer in writing stands beside one name
    with pytest.raises(Refused, match="không mở"):
        ballots.cast(box, {one.pk: YES}, by=user_of(cast, "office"))


def test_t5_one_code_opens_nothing_two_open_everything(box: BallotBox, cast: dict[str, User]) -> None:
    mine, other = codes_of(box, cast, "appraiser", "stranger_head")
    lost, mine = mine, ballots.take_key(box, by=user_of(cast, "appraiser"))
    ballots.open_box(box, by=cast["office"])
    with pytest.raises(Refused, match="không nhận mã mới"):
        ballots.take_key(box, by=user_of(cast, "appraiser"))
    cast_all(box, cast, VOTES)
    for codes, sentence in (
        ([mine, mine], "hai thành viên Ban kiểm phiếu khác nhau"),
        ([lost, other], "không phải mã của hòm phiếu này"),
        ([mine, other[:-1] + "?"], "thứ 2 gõ chưa đúng"),
        ([mine, ""], "thứ 2 gõ chưa đúng"),
    ):
        with pytest.raises(Refused, match=sentence):
            ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    with pytest.raises(Refused, match="không có quyền"):
        ballots.count_box(box, [mine, other], {}, by=cast["office"])
    typed = [other.lower().replace("-", " "), mine.replace("0", "O").replace("1", "l")]
    ballots.count_box(box, typed, {}, by=user_of(cast, "stranger_head"))
    assert box.state == "counted"
    with pytest.raises(AlreadyDone):
        ballots.count_box(box, typed, {}, by=user_of(cast, "stranger_head"))


def test_t6_a_killed_counting_leaves_everything_sealed(
    box: BallotBox, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    cast_all(box, cast, VOTES)

    def killed(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ballots, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    box.refresh_from_db()
    assert (box.state, Envelope.objects.count(), Ballot.objects.count()) == ("open", 10, 0)
    ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    assert (Envelope.objects.count(), Ballot.objects.count()) == (0, 10)


def test_an_envelope_that_was_changed_stops_the_count(box: BallotBox, cast: dict[str, User]) -> None:
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    cast_all(box, cast, VOTES)
    first, second = (box.rounds.order_by("pk")[at] for at in (0, 1))
    envelope = first.envelopes.first()
    other = second.envelopes.first()
    assert envelope is not None
    assert other is not None
    kept = bytes(envelope.sealed)
    for wrong, sentence in (
        (bytes(other.sealed), "phiếu của hồ sơ khác"),
        (json.dumps({"1-2": "00"}).encode(), "không mở được"),
        (b"nonsense", "không mở được"),
        (b"[1]", "không mở được"),
    ):
        Envelope.objects.filter(pk=envelope.pk).update(sealed=wrong)
        with pytest.raises(Refused, match=sentence):
            ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    Envelope.objects.filter(pk=envelope.pk).update(sealed=kept)
    Recusal.objects.create(item=first.item, member=envelope.member, kind="declared")
    with pytest.raises(Refused, match="người không được bỏ phiếu"):
        ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))


def test_lost_codes_cost_a_new_ballot_and_no_secret(box: BallotBox, cast: dict[str, User]) -> None:
    codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    cast_all(box, cast, VOTES)
    one = box.rounds.first()
    assert one is not None
    with pytest.raises(Refused, match="hủy cả hòm phiếu"):
        voting.annul(one, by=cast["office"], comment="x")
    ballots.annul_box(box, by=cast["office"], comment="Mất mã kiểm phiếu")
    assert not Envelope.objects.exists()
    assert set(box.rounds.values_list("state", flat=True)) == {"annulled"}
    again = voting.open_votes(box.session, [one.item], "electronic", by=cast["office"])
    assert again is not None  # nothing was counted, so no reason is asked for
    assert again.number == 2


def test_electronic_results_are_not_put_right_by_hand(box: BallotBox, cast: dict[str, User]) -> None:
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    cast_all(box, cast, VOTES)
    ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    one = box.rounds.first()
    assert one is not None
    with pytest.raises(Refused, match="không sửa tay"):
        voting.recount(one, one.count, by=user_of(cast, "appraiser"), comment="x")
    assert history_of(box).first() is not None


def test_the_electronic_ballot_needs_two_tellers_in_the_room(review: Review, cast: dict[str, User]) -> None:
    session = opened(review, cast, stranger_head=("absent", "Ốm"))
    with pytest.raises(Refused, match="ít nhất hai thành viên Ban kiểm phiếu"):
        voting.open_votes(session, [item_of(session, FIGHTER)], "electronic", by=cast["office"])


@pytest.mark.parametrize("state", list(BOX.states))
def test_who_may_do_what_with_a_box(state: str, box: BallotBox, cast: dict[str, User]) -> None:
    BallotBox.objects.filter(pk=box.pk).update(state=state)
    for part in cast:
        box.refresh_from_db()
        mine = {move.verb for move in BOX.available(box, user_of(cast, part))}
        wanted = set()
        if part == "office":
            wanted = {"prepared": {"open_box", "annul_box"}, "open": {"annul_box"}}.get(state, set())
        elif part == "director":
            wanted = {"replace_teller"} if state in ("prepared", "open") else set()
        elif part in ("appraiser", "stranger_head"):
            wanted = {"open": {"count_box"}}.get(state, set())
        assert mine == wanted, part


def test_a_code_survives_how_people_write() -> None:
    for _ in range(50):
        code = sealing.new_code()
        assert sealing.tidy(code.lower().replace("-", "")) == sealing.tidy(code)
        wrong = ("1" if code[0] != "1" else "2") + code[1:]
        assert sealing.tidy(wrong) in (None,) or Counter(wrong) != Counter(code)
    assert sealing.tidy("") is None
    assert sealing.tidy("không phải mã") is None
