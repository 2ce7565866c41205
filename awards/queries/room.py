"""What the council's room shows of its agenda: every item with its votes, who keeps out of it, what may go wrong."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from awards.calculations.votes import Electorate, base_of, votes_needed
from awards.models import AgendaItem, Award, CouncilMember, CouncilSession, Hold, Recusal, VoteRound
from awards.queries.conflicts import electorate_of, missing_recusals, recused_of
from awards.queries.council import conclusion_of, held_items, items_of, with_items

Seat, Attendance = CouncilMember.Seat, CouncilMember.Attendance
BEFORE = (CouncilSession.State.PLANNED, CouncilSession.State.INVITED)


@dataclass
class Line:
    """An item as the room, the minutes and the ballot show it."""

    item: AgendaItem
    rounds: list[VoteRound]
    recused: list[Recusal]
    electorate: Electorate
    base: int
    wanted: int
    hold: Hold | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def is_out_of_reach(self) -> bool:
        """Even if everybody who may vote were in favour."""
        return self.wanted > self.electorate.present + self.electorate.written

    def is_decided_by(self, presider: CouncilMember | None) -> bool:
        """Whether his side would decide a tie in an open vote: he has to have a vote on it himself."""
        out = {one.member_id for one in self.recused}
        return self.item.chair_decides_tie and presider is not None and presider.pk not in out

    @property
    def was_counted(self) -> bool:
        """Annulled or not: a further vote says why."""
        return any(one.counted_at for one in self.rounds)

    @property
    def latest(self) -> VoteRound | None:
        return next((one for one in reversed(self.rounds) if one.state != VoteRound.State.ANNULLED), None)

    @property
    def conclusion(self) -> str:
        """What is concluded, or would be if the session closed now; empty while nothing is known."""
        if self.item.conclusion:
            return self.item.conclusion
        latest = self.latest
        if self.item.deferral or (latest and latest.state == VoteRound.State.COUNTED):
            return conclusion_of(self.item, latest)
        return ""


def lines_of(session: CouncilSession, members: list[CouncilMember]) -> list[Line]:
    """A constant number of questions, however long the agenda is. Before the session opens who keeps out is what
    the opening would find, and whoever has not been marked is expected."""
    items, is_before = items_of(session), session.state in BEFORE
    recused, held = recused_of(items), held_items(items) if session.state != session.State.CLOSED else {}
    if is_before:
        by_pk = {one.pk: one for one in members}
        for one in missing_recusals(session, items, members):
            one.member = by_pk[one.member_id]
            recused[one.item_id][one.member_id] = one
    rounds: dict[int, list[VoteRound]] = defaultdict(list)
    voted = VoteRound.objects.filter(item__in=items).select_related("box", "chair")
    for found in with_items(session, voted.prefetch_related("present")):
        rounds[found.item_id].append(found)
    lines = []
    for item in items:
        electorate = electorate_of(members, recused[item.pk], expects_all=is_before)
        rule = item.rule
        base = base_of(rule, electorate, counts_recused=item.counts_recused) if rule else 0
        wanted = votes_needed(base, rule) if rule else 0
        out = list(recused[item.pk].values())
        line = Line(item, rounds[item.pk], out, electorate, base, wanted, held.get(item.pk))
        if is_before:
            line.warnings = list(_warnings(line, members))
        lines.append(line)
    return lines


def _warnings(line: Line, members: Iterable[CouncilMember]) -> Iterable[str]:
    """For whoever prepares the session: what those who keep out make impossible or awkward on this item."""
    out = {one.member_id for one in line.recused}
    coming = [one for one in members if one.attendance in (Attendance.UNKNOWN, Attendance.PRESENT)]
    left = line.electorate.present + line.electorate.written
    if line.is_out_of_reach:
        yield (
            f"Chỉ có {left} thành viên bỏ phiếu được ({len(out)} người có liên quan), cần ít nhất {line.wanted} phiếu"
            " đồng ý: hồ sơ này không thể đạt."
        )
        rule, free = line.item.rule, line.electorate.members - line.electorate.recused
        if rule and line.item.counts_recused and votes_needed(free, rule) <= left < line.wanted:
            yield (
                "Nếu quy chế của Hội đồng không tính người có liên quan vào tổng số thành viên thì vẫn xét được: hãy"
                " ghi “Thành viên không được bỏ phiếu vì có liên quan” ở trang “Quy định của tỉnh”, rồi áp dụng quy"
                " định mới ở trang của đợt."
            )
    presiding = [one.pk for one in coming if one.seat in (Seat.CHAIR, Seat.VICE)]
    if presiding and out.issuperset(presiding):
        yield "Mọi người chủ trì được phiên họp đều có liên quan: cần thống nhất trước ai chủ trì khi xét hồ sơ này."
    if any(one.pk in out and one.seat == Seat.SECRETARY for one in coming):
        yield "Thư ký có liên quan: nên để người khác ghi kết quả của hồ sơ này."
    tellers = [one.pk for one in coming if one.is_teller]
    if tellers and out.issuperset(tellers):
        yield "Mọi thành viên Ban kiểm phiếu đều có liên quan: nên cử thêm người kiểm phiếu."


@dataclass(frozen=True)
class KeptOut:
    """A member, and what he does not vote on."""

    member: CouncilMember
    items: list[tuple[AgendaItem, Recusal]]


def kept_out(lines: Iterable[Line], members: Iterable[CouncilMember]) -> list[KeptOut]:
    """By member, in the order of the roster and of the agenda."""
    found: dict[int, list[tuple[AgendaItem, Recusal]]] = defaultdict(list)
    for line in lines:
        for one in line.recused:
            found[one.member_id].append((line.item, one))
    return [KeptOut(one, found[one.pk]) for one in members if one.pk in found]


def hide_expected(lines: Iterable[Line], me: CouncilMember | None) -> None:
    """Until the session opens a member reads of himself only; what is written down stands for everybody."""
    for line in lines:
        line.recused = [one for one in line.recused if one.pk or (me and one.member_id == me.pk)]


def by_award(lines: Iterable[Line]) -> list[tuple[Award, list[Line]]]:
    """The agenda's lines under their award, whose rule they share."""
    groups: dict[Award, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.item.nomination.award].append(line)
    return list(groups.items())
