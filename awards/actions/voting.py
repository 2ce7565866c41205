"""Votes of an open session: begun on items, counted, put right, annulled; items put off; who keeps out of a vote."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import rules
from django.db import transaction

from awards.actions.council import recuse
from awards.calculations.votes import Count, Electorate, base_of, carries, problems_of
from awards.models import (
    AgendaItem,
    BallotBox,
    CouncilMember,
    CouncilSession,
    Kinship,
    Recusal,
    VoteRound,
)
from awards.queries import council as queries
from awards.queries.conflicts import standing_electorate
from awards.workflow import ROUND
from core import clock
from core.journal import record
from core.vietnamese import normalize
from core.workflow import AlreadyDone, Refused, lock
from organization.models import Person

Way, Round = VoteRound.Way, VoteRound.State
Open = CouncilSession.State.OPEN
LABEL = 200  # what a journal line holds


@transaction.atomic
def open_votes(
    session: CouncilSession, items: Iterable[AgendaItem], way: str, *, by: Any, reason: str = ""
) -> BallotBox | None:
    """Begin the vote on these items in one way. A further round needs its reason. Electronic: gives the ballot box."""
    hold_open(session, by)
    chosen, kept = list(items), normalize(reason)
    if not chosen:
        raise Refused("Hãy chọn ít nhất một hồ sơ để bỏ phiếu.")
    if way not in Way.values:
        raise Refused("Hãy chọn cách bỏ phiếu.")
    recuse(session, chosen)  # kin declared since the session opened
    lines = {line.item.pk: line for line in queries.lines_of(session, list(session.members.all()))}
    told = [sentence for one in chosen for sentence in _obstacles(lines[one.pk], way, kept)]
    if way == Way.ELECTRONIC and session.members.filter(is_teller=True, attendance="present").count() < 2:
        told.append("Bỏ phiếu kín điện tử cần ít nhất hai thành viên Ban kiểm phiếu có mặt.")
    if told:
        raise Refused(*told)
    box = _box(session, by) if way == Way.ELECTRONIC else None
    for one in chosen:
        line = lines[one.pk]
        made = VoteRound.objects.create(
            item=one, number=len(line.rounds) + 1, way=way, reason=kept if line.latest else "", box=box
        )
        how = made.get_way_display().lower()
        _note(session, "open_vote", f"Bắt đầu bỏ phiếu ({how}): {line.item}", by, made.reason)
    return box


@transaction.atomic
def count_rounds(
    session: CouncilSession, counts: Mapping[int, Count], *, by: Any, versions: Mapping[int, int]
) -> list[VoteRound]:
    """Write what was counted of shows of hands or paper ballots; all of them or none."""
    lock(session)
    found = []
    for pk, count in counts.items():
        one = _round(session, pk)
        settle(one, count, "count", by=by, version=versions.get(pk))
        found.append(one)
    return found


@transaction.atomic
def recount(one: VoteRound, count: Count, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """Put wrongly written numbers right while the session is open; the journal keeps both."""
    lock(one.item.session)
    if one.way == Way.ELECTRONIC:
        raise Refused("Kết quả phiếu kín điện tử do cổng kiểm, không sửa tay được.")
    settle(one, count, "recount", by=by, comment=normalize(comment), version=version)


@transaction.atomic
def annul(one: VoteRound, *, by: Any, comment: str = "", version: int | None = None) -> None:
    """The round counts no more; it stays in the record with the reason."""
    lock(one.item.session)
    if one.box and one.box.state in (BallotBox.State.PREPARED, BallotBox.State.OPEN):
        raise Refused("Hồ sơ này đang ở hòm phiếu kín; hãy hủy cả hòm phiếu.")
    ROUND.advance(one, "annul", by=by, comment=normalize(comment), version=version)
    _step(one)


@transaction.atomic
def defer(item: AgendaItem, *, by: Any, reason: str) -> None:
    """Put an item off (để lại): a held candidate, or when the council wants to know more."""
    session = item.session
    hold_open(session, by)
    item.refresh_from_db()
    kept = normalize(reason)
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
    if item.rounds.filter(state=Round.OPEN).exists():
        raise Refused("Hồ sơ này đang lấy phiếu.")
    if not normalize(reason):
        raise Refused("Hãy ghi lý do không tham gia bỏ phiếu.")
    _, created = Recusal.objects.get_or_create(
        item=item, member=member, defaults={"kind": Recusal.Kind.DECLARED, "reason": normalize(reason)}
    )
    if not created:
        raise AlreadyDone(f"{member} đã được ghi là không bỏ phiếu với hồ sơ này.")
    _note(session, "step_aside", f"{member} không bỏ phiếu: {item}", by, normalize(reason))


@transaction.atomic
def step_back(recusal: Recusal, *, by: Any) -> None:
    """Take back one's own wish to keep out; what the portal found itself stays."""
    session = recusal.item.session
    lock(session)
    if not _speaks_for(recusal.member, session, by):
        raise Refused("Chỉ chính thành viên đó, thư ký hoặc Văn phòng Sở bỏ được.")
    if not Recusal.objects.filter(pk=recusal.pk).exists():
        raise AlreadyDone("Việc này đã được bỏ rồi.")
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


def settle(
    one: VoteRound,
    count: Count,
    verb: str,
    *,
    by: Any,
    comment: str = "",
    version: int | None = None,
) -> None:
    """Check the numbers against who was there, and write them with their denominator and what follows."""
    item = one.item
    electorate = standing_electorate(item)
    told = problems_of(count, may_vote=electorate.present, may_write=electorate.written)
    if told:
        raise Refused(*(f"{item}: {sentence}" for sentence in told))
    numbers = {**asdict(count), **_outcome(item, electorate, count)}
    before = {name: getattr(one, name) for name in asdict(count)} if verb == "recount" else None
    for name, value in numbers.items():
        setattr(one, name, value)
    one.counted_at = clock.now()
    one.save(update_fields=[*numbers, "counted_at"])  # before the state says that they are there
    ROUND.advance(
        one, verb, by=by, comment=comment, version=version, data={"before": before} if before else None
    )
    _step(one)


def _outcome(item: AgendaItem, electorate: Electorate, count: Count) -> dict[str, Any]:
    rule = item.rule
    if rule is None:
        raise Refused(f"{item}: chưa có quy định tỷ lệ phiếu.")
    base = base_of(rule, electorate, counts_recused=item.counts_recused)
    return {"base": base, "carried": carries(count.all_in_favour, base, rule)}


def _obstacles(line: queries.Line, way: str, reason: str) -> Iterable[str]:
    item = line.item
    if line.hold:
        yield f"{item}: đang tạm dừng xét khen thưởng, không bỏ phiếu được; hãy để lại."
    if item.deferral:
        yield f"{item}: đã để lại; hãy chọn “Xét tiếp” trước."
    if item.is_secret and way == Way.HANDS:
        yield f"{item}: quy định phải bỏ phiếu kín ({item.citation})."
    if line.latest and line.latest.state == Round.OPEN:
        yield f"{item}: đang lấy phiếu."
    elif line.latest and not reason:
        yield f"{item}: đã bỏ phiếu; hãy ghi lý do bỏ phiếu lại."
    if line.electorate.present < 1:
        yield f"{item}: không có thành viên nào được bỏ phiếu."


def _box(session: CouncilSession, by: Any) -> BallotBox:
    return BallotBox.objects.create(session=session, number=session.boxes.count() + 1, prepared_by=by)


def _round(session: CouncilSession, pk: int) -> VoteRound:
    found = VoteRound.objects.filter(item__session=session, pk=pk).exclude(way=Way.ELECTRONIC).first()
    if found is None:
        raise Refused("Lượt bỏ phiếu này không thuộc phiên họp.")
    return found


def _note(session: CouncilSession, verb: str, label: str, by: Any, comment: str = "") -> None:
    """The names of long units are cut: the item itself has them whole."""
    record(session, verb, by=by, label=label[:LABEL], comment=comment)


def _step(one: VoteRound) -> None:
    one.version += 1
    one.save(update_fields=["version"])


def _speaks_for(member: CouncilMember, session: CouncilSession, by: Any) -> bool:
    return member.person_id == by.acting.person_id or rules.has_perm("awards.run_council", by, session)
