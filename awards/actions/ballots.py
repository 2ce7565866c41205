"""The secret electronic ballot: tellers take codes, members vote, two tellers count. ADR 13 says what it promises.

No act here writes a journal line, a letter or a time that belongs to one vote.
"""

import json
import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.db import transaction

from awards import mails
from awards.actions.voting import end_count, settle
from awards.calculations import sealing
from awards.calculations.votes import Count
from awards.models import Ballot, BallotBox, CouncilMember, Envelope, TellerKey, VoteRound
from awards.models.votes import FEW
from awards.queries import council as queries
from awards.queries.ballots import are_true, prints_of
from awards.rules import seat_of
from awards.workflow import BOX, ROUND
from core.journal import history_of
from core.vietnamese import normalize
from core.workflow import Refused, lock

Choice, State = Ballot.Choice, BallotBox.State
Written = tuple[int, int, int]  # in favour, against, invalid
log = logging.getLogger("portal.ballots")


@transaction.atomic
def take_key(box: BallotBox, *, by: Any) -> str:
    """A teller's code, shown to him now and never again. Until the box opens he may take a new one for a lost one."""
    lock(box)
    member = _member(box, by)
    if not member.is_teller or member.attendance != CouncilMember.Attendance.PRESENT:
        raise Refused("Chỉ thành viên Ban kiểm phiếu có mặt nhận mã.")
    if box.state != State.PREPARED:
        raise Refused(f"Hòm phiếu: {BOX.states[box.state][0].lower()}; không nhận mã mới được nữa.")
    code = sealing.new_code()
    half = sealing.public_half(sealing.tidy(code) or "")
    TellerKey.objects.update_or_create(box=box, member=member, defaults={"public_key": half})
    return code


@transaction.atomic
def open_box(box: BallotBox, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """From here on every member present who is not recused may vote, and vote again. Which keys seal and open is
    written down where nothing is ever changed: the journal."""
    lock(box.session)
    prints = prints_of(box.keys.select_related("member"))
    BOX.advance(box, "open_box", by=by, comment=comment, version=version, data={"keys": prints})
    box.key_prints = prints
    _step(box, "key_prints")
    mails.ballot_opened(box, queries.not_yet_voted(box), by=by)


@transaction.atomic
def cast(box: BallotBox, choices: Mapping[int, str], *, by: Any) -> dict[int, str]:
    """Seal one member's votes, replacing those he cast before. Gives by round the receipt that lies inside."""
    lock(box)
    member = _member(box, by)
    if box.state != State.OPEN:
        raise Refused("Hòm phiếu không mở: phiếu này không được nhận.")
    rounds = list(queries.may_vote_in(member).filter(box=box))
    if not rounds:
        raise Refused(
            "Bạn không bỏ phiếu trong hòm phiếu này: vắng mặt, hoặc có liên quan tới mọi hồ sơ, hoặc đến sau khi bắt"
            " đầu bỏ phiếu."
        )
    if any(choices.get(one.pk) not in Choice.values for one in rounds):
        raise Refused("Hãy chọn ý kiến với từng hồ sơ rồi gửi.")
    if set(choices) - {one.pk for one in rounds}:
        raise Refused("Có hồ sơ bạn không được bỏ phiếu. Hãy tải lại trang.")
    keys = {one.pk: bytes(one.public_key) for one in _true_keys(box)}
    receipts = {}
    for one in rounds:
        receipts[one.pk] = sealing.new_receipt()
        vote = sealing.seal(f"{one.pk} {choices[one.pk]} {receipts[one.pk]}", keys)
        Envelope.objects.update_or_create(
            round=one, member=member, defaults={"sealed": json.dumps(vote).encode()}
        )
    return receipts


@transaction.atomic
def count_box(
    box: BallotBox,
    codes: Sequence[str],
    written: Mapping[int, Written],
    *,
    by: Any,
    version: int | None = None,
) -> None:
    """Two tellers' codes open every envelope; ballots without names take their place; the numbers are written.

    Nothing of it is there until all of it is. Any envelope that does not open stops the whole count.
    """
    lock(box.session)
    lock(box)
    rounds = list(box.rounds.select_related("item__session", "item__nomination"))
    votes = _opened(box, rounds, codes)
    if box.state == State.OPEN:
        _check_envelopes(box, rounds, votes)
    digest = fingerprint((pk, receipt, choice) for pk, found in votes.items() for choice, receipt in found)
    BOX.advance(box, "count_box", by=by, version=version, data={"digest": digest})
    _replace(box, rounds, votes)
    for one in rounds:
        settle(one, _counted(one, votes[one.pk], written.get(one.pk, (0, 0, 0))), "count", by=by)
    end_count(box.session, rounds, by=by)
    box.digest = digest
    box.save(update_fields=["digest"])
    _step(box)


@transaction.atomic
def annul_box(box: BallotBox, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """Nobody will ever know what was in it: the envelopes are thrown away unopened."""
    lock(box.session)
    BOX.advance(box, "annul_box", by=by, comment=normalize(comment), version=version)
    Envelope.objects.filter(round__box=box).delete()
    for one in box.rounds.filter(state=VoteRound.State.OPEN).select_related("item__session"):
        ROUND.advance(one, "annul", by=by, comment=normalize(comment))
    _step(box)


def fingerprint(ballots: Iterable[tuple[int, str, str]]) -> str:
    """Of all ballots of a box (round, receipt, choice): one that is changed, added or lost later gives another one."""
    lines = sorted(f"{pk} {receipt} {choice}" for pk, receipt, choice in ballots)
    return sha256("\n".join(lines).encode()).hexdigest()


def still_holds(box: BallotBox) -> bool:
    """Whether ballots, the box's fingerprint, the journal's (which is only ever added to) and the numbers agree."""
    rows = list(Ballot.objects.filter(round__box=box).values_list("round_id", "receipt", "choice"))
    counted = history_of(box).filter(verb="count_box").first()
    noted = counted.data.get("digest") if counted else None
    found = Counter((pk, choice) for pk, _, choice in rows)
    for one in box.rounds.exclude(counted_at=None):
        numbers = (one.in_favour, one.against, one.abstained)
        if numbers != tuple(found[one.pk, choice] for choice in Choice.values):
            return False
    return fingerprint(rows) == box.digest == noted


# --- parts ------------------------------------------------------------------------------------------------
def _member(box: BallotBox, by: Any) -> CouncilMember:
    member = seat_of(by, box.session)
    if member is None:
        raise Refused("Bạn không có trong danh sách Hội đồng của phiên họp này.")
    return member


def _opened(
    box: BallotBox, rounds: Sequence[VoteRound], codes: Sequence[str]
) -> dict[int, list[tuple[str, str]]]:
    """By round the votes inside the envelopes: choice and receipt."""
    if box.state != State.OPEN:
        return defaultdict(list)  # the procedure's table says why not
    pair = _pair(box, codes)
    found: dict[int, list[tuple[str, str]]] = {one.pk: [] for one in rounds}
    for envelope in Envelope.objects.filter(round__in=rounds):
        try:
            number, choice, receipt = sealing.unseal(json.loads(bytes(envelope.sealed)), pair).split(" ")
            meant = int(number)
        except (sealing.Broken, ValueError, TypeError) as error:
            raise Refused(
                "Có phong bì không mở được: phiếu đã bị thay đổi. Hãy hủy hòm phiếu và bỏ phiếu lại."
            ) from error
        if meant != envelope.round_id or choice not in Choice.values:
            raise Refused("Có phong bì chứa phiếu của hồ sơ khác. Hãy hủy hòm phiếu và bỏ phiếu lại.")
        found[envelope.round_id].append((choice, receipt))
    return found


def _true_keys(box: BallotBox) -> list[TellerKey]:
    """The keys with which the box was opened, read once; nothing is sealed or opened with any other."""
    keys = list(box.keys.select_related("member"))
    if not are_true(box, keys):
        log.error("The keys of ballot box %s are not those with which it was opened; refused.", box.pk)
        raise Refused(
            "Mã kiểm phiếu của hòm này không còn đúng như khi mở hòm (vân tay không khớp với nhật ký): có người đã sửa"
            " dữ liệu. Không nhận phiếu, không kiểm phiếu; hãy hủy hòm phiếu và báo quản trị."
        )
    return keys


def _pair(box: BallotBox, codes: Sequence[str]) -> list[tuple[int, Any]]:
    """The two tellers whose codes these are."""
    known = {bytes(one.public_key): one.pk for one in _true_keys(box)}
    found = {}
    for number, code in enumerate(codes, start=1):
        tidy = sealing.tidy(code)
        if tidy is None:
            raise Refused(f"Mã kiểm phiếu thứ {number} gõ chưa đúng: mã có 28 ký tự, hãy so lại từng nhóm.")
        key = sealing.private_key(tidy)
        teller = known.get(bytes(key.public_key))
        if teller is None:
            raise Refused(f"Mã kiểm phiếu thứ {number} không phải mã của hòm phiếu này.")
        found[teller] = key
    if len(found) != 2:
        raise Refused("Cần mã của hai thành viên Ban kiểm phiếu khác nhau.")
    return list(found.items())


def _check_envelopes(box: BallotBox, rounds: Sequence[VoteRound], votes: Mapping[int, Sequence[Any]]) -> None:
    """An envelope of somebody who may not vote means that somebody has written past the portal; one or two envelopes
    would tell who chose what."""
    for one in rounds:
        free = one.present.exclude(recusals__item=one.item_id)  # whoever left since may have voted before
        if one.envelopes.exclude(member__in=free).exists():
            raise Refused(f"{one.item}: có phong bì của người không được bỏ phiếu. Hãy hủy hòm phiếu.")
        if len(votes[one.pk]) < FEW:
            raise Refused(
                f"{one.item}: mới có {len(votes[one.pk])} phiếu, kiểm lúc này thì phiếu không còn kín."
                " Hãy chờ thêm phiếu, hoặc hủy hòm phiếu và bỏ phiếu giấy."
            )


def _replace(
    box: BallotBox, rounds: Sequence[VoteRound], votes: Mapping[int, Sequence[tuple[str, str]]]
) -> None:
    """All at once and in an order that nobody chose, so that neither number nor place tells who it was."""
    ballots = [
        Ballot(round=one, choice=choice, receipt=receipt)
        for one in rounds
        for choice, receipt in votes[one.pk]
    ]
    secrets.SystemRandom().shuffle(ballots)
    Envelope.objects.filter(round__in=rounds).delete()
    Ballot.objects.bulk_create(ballots)


def _counted(one: VoteRound, votes: Sequence[tuple[str, str]], written: Written) -> Count:
    by_choice = Counter(choice for choice, _ in votes)
    in_favour, against, invalid = written
    return Count(
        issued=one.may_vote,
        collected=len(votes),
        in_favour=by_choice[Choice.IN_FAVOUR],
        against=by_choice[Choice.AGAINST],
        abstained=by_choice[Choice.ABSTAINED],
        written_in_favour=in_favour,
        written_against=against,
        written_invalid=invalid,
    )


def _step(box: BallotBox, *names: str) -> None:
    box.version += 1
    box.save(update_fields=[*names, "version"])
