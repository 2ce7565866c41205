"""Votes of an open session: begun on items, counted, put right, annulled; items put off; who keeps out of a vote."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import rules
from django.db import transaction

from awards.actions.attendance import keep_board
from awards.actions.council import recuse
from awards.calculations.votes import Count, carries, is_tied, problems_of
from awards.models import (
    AgendaItem,
    BallotBox,
    CouncilMember,
    CouncilSession,
    Kinship,
    Recusal,
    VoteRound,
)
from awards.models.votes import FEW
from awards.queries import council as queries
from awards.queries import room
from awards.queries.holds import sentence_for_all
from awards.rules import presider_of
from awards.workflow import ROUND
from core import clock
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, lock
from organization.models import Person

Way, Round = VoteRound.Way, VoteRound.State
Open = CouncilSession.State.OPEN
LABEL = 200  # what a journal line holds
LONGEST = 300


@transaction.atomic
def open_votes(
    session: CouncilSession, items: Iterable[AgendaItem], way: str, *, by: Any, reason: str = ""
) -> BallotBox | None:
    """Begin the vote on these items in one way. A further round needs its reason. Electronic: gives the ballot box."""
    hold_open(session, by)
    known = {one.pk: one for one in queries.items_of(session)}  # with what they are about, in one question
    chosen, kept = [known[one.pk] for one in items], normalize(reason)
    if not chosen:
        raise Refused("Hãy chọn ít nhất một hồ sơ để bỏ phiếu.")
    if way not in Way.values:
        raise Refused("Hãy chọn cách bỏ phiếu.")
    recuse(session, chosen)  # kin declared since the session opened
    members = queries.roster_of(session)
    lines = {line.item.pk: line for line in room.lines_of(session, members)}
    present = [one for one in members if one.attendance == CouncilMember.Attendance.PRESENT]
    tellers = [one for one in present if one.is_teller]
    told = list(queries.problems_of_presence(session, members))
    told += [sentence for one in chosen for sentence in _obstacles(lines[one.pk], way, kept, tellers)]
    if way == Way.ELECTRONIC and len(tellers) < 2:
        told.append("Bỏ phiếu kín điện tử cần ít nhất hai thành viên Ban kiểm phiếu có mặt.")
    if told:
        raise Refused(*told)
    box = _box(session, by) if way == Way.ELECTRONIC else None
    presider = presider_of(members) if way == Way.HANDS else None
    begun = VoteRound.objects.bulk_create(
        VoteRound(
            item=one.item,
            number=len(one.rounds) + 1,
            way=way,
            reason=kept if one.was_counted else "",
            box=box,
            may_vote=one.electorate.present,
            may_write=one.electorate.written,
            base=one.base,
            chair=presider if one.is_decided_by(presider) else None,
        )
        for one in (lines[item.pk] for item in chosen)
    )
    there = VoteRound.present.through
    there.objects.bulk_create(
        there(voteround=vote, councilmember=member) for vote in begun for member in present
    )
    keep_board(session, members)
    names = [str(lines[one.pk].item) for one in chosen]
    label = f"Bắt đầu bỏ phiếu ({Way(way).label.lower()}): {names[0] if len(names) == 1 else f'{len(names)} hồ sơ'}"
    record(session, "open_vote", by=by, label=label[:LABEL], comment=kept, data={"items": names})
    return box


@transaction.atomic
def count_rounds(
    session: CouncilSession,
    counts: Mapping[int, Count],
    *,
    by: Any,
    versions: Mapping[int, int],
    chair_sides: Mapping[int, str] | None = None,
) -> list[VoteRound]:
    """Write what was counted of shows of hands or paper ballots; all of them or none. Of a tie that the chair decides
    his side too."""
    lock(session)
    sides = chair_sides or {}
    found = []
    rounds = VoteRound.objects.filter(item__session=session, pk__in=counts).exclude(way=Way.ELECTRONIC)
    known = {one.pk: one for one in queries.with_items(session, rounds)}
    for pk, count in counts.items():
        one = known.get(pk)
        if one is None:
            raise Refused("Lượt bỏ phiếu này không thuộc phiên họp.")
        settle(one, count, "count", by=by, version=versions.get(pk), chair_side=sides.get(pk, ""))
        found.append(one)
    end_count(session, found, by=by)
    return found


@transaction.atomic
def recount(
    one: VoteRound,
    count: Count,
    *,
    by: Any,
    comment: str = "",
    version: int | None = None,
    chair_side: str = "",
) -> None:
    """Put wrongly written numbers right while the session is open; the journal keeps both."""
    lock(one.item.session)
    lock(one)
    if one.way == Way.ELECTRONIC:
        raise Refused("Kết quả phiếu kín điện tử do cổng kiểm, không sửa tay được.")
    before = f"đồng ý {one.count.all_in_favour}, không đồng ý {one.all_against}"
    if one.chair_side:
        before += f", người chủ trì {one.get_chair_side_display().lower()}"
    said = normalize(comment)
    settle(one, count, "recount", by=by, comment=said, version=version, chair_side=chair_side)
    _remark(one, f"Đã sửa (trước đó {before}): {normalize(comment)}")


@transaction.atomic
def annul(one: VoteRound, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The round counts no more; it stays in the record with the reason."""
    lock(one.item.session)
    if one.box and one.box.state in (BallotBox.State.PREPARED, BallotBox.State.OPEN):
        raise Refused("Hồ sơ này đang ở hòm phiếu kín; hãy hủy cả hòm phiếu.")
    ROUND.advance(one, "annul", by=by, comment=normalize(comment), version=version)
    _step(one)
    _remark(one, f"Lý do hủy: {normalize(comment)}")
    _note(one.item.session, "annul_vote", f"Hủy lượt bỏ phiếu: {one.item}", by, normalize(comment))


@transaction.atomic
def defer(item: AgendaItem, *, by: Any, reason: str) -> None:
    """Put an item off (để lại): a held candidate, or when the council wants to know more."""
    session = item.session
    hold_open(session, by)
    item.refresh_from_db()
    kept = normalize(reason)
    if _is_about(by, item):
        raise Refused(
            "Bạn không để lại hồ sơ của chính mình, của đơn vị mình phụ trách; hãy nhờ người khác ghi."
        )
    if item.deferral == kept and kept:
        raise AlreadyDone("Hồ sơ này đã được để lại.")
    if not kept:
        raise Refused("Hãy ghi lý do để lại.")
    if item.rounds.filter(state=Round.OPEN).exists():
        raise Refused("Hồ sơ này đang lấy phiếu; hãy kiểm phiếu hoặc hủy lượt bỏ phiếu trước.")
    item.deferral = kept
    item.save(update_fields=["deferral"])
    _note(session, "defer", f"Để lại: {item}", by, kept)


@transaction.atomic
def defer_all(session: CouncilSession, items: Iterable[AgendaItem], *, by: Any, reason: str) -> None:
    """When a meeting breaks up: what it did not come to, all for one reason; all of it or nothing."""
    for one in items:
        defer(one, by=by, reason=reason)


@transaction.atomic
def take_up(item: AgendaItem, *, by: Any) -> None:
    """Undo the putting off."""
    session = item.session
    hold_open(session, by)
    item.refresh_from_db()
    if not item.deferral:
        raise AlreadyDone("Hồ sơ này không còn bị để lại.")
    item.deferral = ""
    item.save(update_fields=["deferral"])
    _note(session, "take_up", f"Xét tiếp: {item}", by)


# --- who keeps out ----------------------------------------------------------------------------------------
@transaction.atomic
def step_aside(item: AgendaItem, member: CouncilMember, *, by: Any, reason: str) -> None:
    """A member asks not to vote on an item, himself or through the secretary. Not while votes are being taken."""
    session = item.session
    lock(session)
    if member.session_id != session.pk or not _speaks_for(member, session, by):
        raise Refused("Chỉ chính thành viên đó, thư ký hoặc Văn phòng Sở ghi được.")
    if session.state not in (CouncilSession.State.INVITED, Open):
        raise Refused("Chỉ ghi được từ khi mời họp đến khi kết thúc phiên họp.")
    if item.rounds.exclude(state=Round.ANNULLED).exists():
        raise Refused("Hồ sơ này đã lấy phiếu.")
    if member.person_id != by.acting.person_id and _is_about(by, item):
        raise Refused("Bạn không ghi việc này với hồ sơ của chính mình, của đơn vị mình phụ trách.")
    if not normalize(reason) or len(normalize(reason)) > LONGEST:
        raise Refused(f"Hãy ghi lý do không tham gia bỏ phiếu, không quá {LONGEST} ký tự.")
    _, created = Recusal.objects.get_or_create(
        item=item, member=member, defaults={"kind": Recusal.Kind.DECLARED, "reason": normalize(reason)}
    )
    if not created:
        raise AlreadyDone(f"{member} đã được ghi là không bỏ phiếu với hồ sơ này.")
    _note(session, "step_aside", f"{member} không bỏ phiếu: {item}", by)  # the reason is not for every reader


@transaction.atomic
def step_back(recusal: Recusal, *, by: Any) -> None:
    """Take back one's own wish to keep out; what the portal found itself stays."""
    session = recusal.item.session
    lock(session)
    if not _speaks_for(recusal.member, session, by):
        raise Refused("Chỉ chính thành viên đó, thư ký hoặc Văn phòng Sở bỏ được.")
    if not Recusal.objects.filter(pk=recusal.pk).exists():
        raise AlreadyDone("Việc này đã được bỏ rồi.")
    if recusal.member.person_id != by.acting.person_id and _is_about(by, recusal.item):
        raise Refused("Bạn không ghi việc này với hồ sơ của chính mình, của đơn vị mình phụ trách.")
    if recusal.kind != Recusal.Kind.DECLARED:
        raise Refused("Trường hợp có liên quan do cổng phát hiện, không bỏ được.")
    if session.state not in (CouncilSession.State.INVITED, Open):
        raise Refused("Phiên họp đã kết thúc.")
    if recusal.item.rounds.exclude(state=Round.ANNULLED).exists():
        raise Refused("Hồ sơ này đã lấy phiếu.")
    _note(session, "step_back", f"{recusal.member} bỏ phiếu trở lại: {recusal.item}", by)
    recusal.delete()


@transaction.atomic
def declare_kin(relative: Person, relation: str, *, by: Any) -> Kinship:
    """A member of the council says who of the staff is his kin. The journal does not say who: it is confidential."""
    member = by.acting.person_id
    if not by.acting.is_("council") or member is None:
        raise Refused("Chỉ thành viên Hội đồng khai người thân.")
    if relative.pk == member:
        raise Refused("Người thân phải là người khác.")
    if not normalize(relation):
        raise Refused("Hãy ghi quan hệ.")
    made, created = Kinship.objects.get_or_create(
        member_id=member, relative=relative, withdrawn_at=None, defaults={"relation": normalize(relation)}
    )
    if not created:
        raise AlreadyDone("Bạn đã khai người này.")
    record(made, "declare_kin", by=by, label="Khai người thân")
    return made


@transaction.atomic
def withdraw_kin(kinship: Kinship, *, by: Any) -> None:
    """It keeps him from votes no more; what was recorded in a session stays."""
    lock(kinship)
    if kinship.member_id != by.acting.person_id:
        raise Refused("Chỉ người khai rút được.")
    if kinship.withdrawn_at:
        raise AlreadyDone("Khai báo này đã rút.")
    kinship.withdrawn_at = clock.now()
    kinship.save(update_fields=["withdrawn_at"])
    record(kinship, "withdraw_kin", by=by, label="Rút khai người thân")


# --- parts ------------------------------------------------------------------------------------------------
def hold_open(session: CouncilSession, by: Any) -> None:
    """Lock a session that is being held, for those who keep its record."""
    lock(session)
    if not rules.has_perm("awards.run_council", by, session):
        raise Refused("Chỉ Văn phòng Sở và thư ký phiên họp làm được việc này.")
    if session.state != Open:
        raise Refused("Chỉ làm việc này khi Hội đồng đang họp.")


def end_count(session: CouncilSession, rounds: Iterable[VoteRound], *, by: Any) -> None:
    """As a count closes: whoever left while votes were taken may have been one too many, and whoever is held since the
    vote began is put off as if he had been held before. The votes stay as they were cast."""
    members = queries.roster_of(session)
    for told in queries.problems_of_quorum(session, members):
        raise Refused(f"{told} Hãy chờ thành viên trở lại rồi kiểm phiếu, hoặc hủy lượt bỏ phiếu.")
    counted = list(rounds)
    keep_board(session, members, min((one.counted_at for one in counted if one.counted_at), default=None))
    voted = {one.item_id for one in counted}
    items = {one.pk: one for one in queries.items_of(session) if one.pk in voted}
    for pk, hold in queries.held_items(items.values()).items():
        item = items[pk]
        if not item.deferral:
            item.deferral = f"{sentence_for_all(hold)} Phiếu đã bỏ được giữ nguyên, chưa dùng để kết luận."
            item.save(update_fields=["deferral"])
            _note(session, "defer", f"Để lại: {item}", by, item.deferral)


def settle(
    one: VoteRound,
    count: Count,
    verb: str,
    *,
    by: Any,
    comment: str = "",
    version: int | None = None,
    chair_side: str = "",
) -> None:
    """Check the numbers against who was there, and write them with their denominator and what follows."""
    item = one.item
    told = problems_of(count, may_vote=one.may_vote, may_write=one.may_write)
    if told:
        raise Refused(*(f"{item}: {sentence}" for sentence in told))
    carried, side = _outcome(one, count, chair_side)
    numbers = {**asdict(count), "carried": carried, "chair_side": side}
    kept = (*asdict(count), "chair_side")
    before = {name: getattr(one, name) for name in kept} if verb == "recount" else None
    for name, value in numbers.items():
        setattr(one, name, value)
    one.counted_at = clock.now()
    one.save(update_fields=[*numbers, "counted_at"])  # before the state says that they are there
    ROUND.advance(
        one, verb, by=by, comment=comment, version=version, data={"before": before} if before else None
    )
    _step(one)


def _outcome(one: VoteRound, count: Count, chair_side: str) -> tuple[bool, str]:
    """Whether it carries, and the chair's side where that decided. Against the denominator of the moment when the
    vote began, whoever has come or gone since."""
    rule, base = one.item.rule, one.base or 0
    if rule is None:
        raise Refused(f"{one.item}: chưa có quy định tỷ lệ phiếu.")
    if one.chair is None or not is_tied(count, base, rule):
        return carries(count.all_in_favour, base, rule), ""
    if chair_side not in VoteRound.Side.values:
        raise Refused(
            f"{one.item}: số phiếu ngang nhau ({count.all_in_favour} – {count.all_against}); hãy ghi người chủ trì"
            f" ({one.chair}) đồng ý hay không đồng ý."
        )
    return chair_side == VoteRound.Side.IN_FAVOUR, chair_side


def _obstacles(line: room.Line, way: str, reason: str, tellers: Iterable[CouncilMember]) -> Iterable[str]:
    item = line.item
    if way == Way.PAPERS and all(one.person_id == item.nomination.person_id for one in tellers):
        yield f"{item}: không có thành viên Ban kiểm phiếu nào có mặt để kiểm phiếu của hồ sơ này."
    if way == Way.ELECTRONIC and line.electorate.present < FEW:
        yield f"{item}: dưới {FEW} người được bỏ phiếu thì phiếu không còn kín; hãy bỏ phiếu giấy hoặc để lại."
    if line.hold:
        yield f"{item}: đang tạm dừng xét khen thưởng, không bỏ phiếu được; hãy để lại."
    if item.deferral:
        yield f"{item}: đã để lại; hãy chọn “Xét tiếp” trước."
    if item.is_secret and way == Way.HANDS:
        yield f"{item}: quy định phải bỏ phiếu kín ({item.citation})."
    if line.latest and line.latest.state == Round.OPEN:
        yield f"{item}: đang lấy phiếu."
    elif line.was_counted and not reason:
        yield f"{item}: đã bỏ phiếu; hãy ghi lý do bỏ phiếu lại."
    if line.electorate.present < 1:
        yield f"{item}: không có thành viên nào được bỏ phiếu."


def _is_about(by: Any, item: AgendaItem) -> bool:
    nomination = item.nomination
    own = nomination.person_id is not None and nomination.person_id == by.acting.person_id
    return own or by.acting.heads(nomination.unit_id)


def _remark(one: VoteRound, text: str) -> None:
    one.remark = "\n".join(part for part in (one.remark, text) if part)
    one.save(update_fields=["remark"])


def _box(session: CouncilSession, by: Any) -> BallotBox:
    return BallotBox.objects.create(session=session, number=session.boxes.count() + 1, prepared_by=by)


def _note(session: CouncilSession, verb: str, label: str, by: Any, comment: str = "") -> None:
    """The names of long units are cut: the item itself has them whole."""
    record(session, verb, by=by, label=label[:LABEL], comment=comment)


def _step(one: VoteRound) -> None:
    one.version += 1
    one.save(update_fields=["version"])


def _speaks_for(member: CouncilMember, session: CouncilSession, by: Any) -> bool:
    return member.person_id == by.acting.person_id or rules.has_perm("awards.run_council", by, session)
