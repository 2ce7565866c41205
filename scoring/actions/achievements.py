"""What people do with an achievement: write it, submit it, decide on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import rules
from django.db import transaction

from campaigns.models import Campaign, CampaignYear
from core import clock
from core.journal import history_of, record
from core.vietnamese import fold, normalize
from core.workflow import AlreadyDone, Refused, Stale, lock
from organization.models import Person, Unit
from organization.queries import colleagues_without_account
from organization.rules import speaks_for
from scoring.mails import achievements as mails
from scoring.models import Achievement, CoAuthor, Flag
from scoring.queries.achievements import POINTS, closed_year, deciding_unit, open_points, sheets_behind
from scoring.workflow.achievements import ACHIEVEMENT

State = Achievement.State
FIELDS = [name for point in POINTS.values() for name in point.fields]
JOURNAL_PAUSE = timedelta(minutes=10)
Shares = Sequence[tuple[Person, Decimal]]


@transaction.atomic
def start(
    campaign_year: CampaignYear, *, by: Any, collective: bool = False, person: Person | None = None
) -> Achievement:
    """An empty draft for oneself, one's unit, or ``person``: a colleague of the unit who has no account.

    An empty one that was never touched is taken up again.
    """
    unit = _unit_of(by)
    lock(by.person)  # two clicks at once: the second finds the first one's draft
    if (
        campaign_year.state != CampaignYear.State.OPEN
        or campaign_year.campaign.state != Campaign.State.LAUNCHED
    ):
        raise Refused(f"{campaign_year} hiện không nhận thành tích.")
    if collective and not Unit.objects.scored().filter(pk=unit.pk).exists():
        raise Refused(f"{unit.name} không tham gia thi đua với tư cách tập thể.")
    if person and person not in colleagues_without_account(unit):
        raise Refused(f"{person.full_name} có tài khoản riêng hoặc không công tác tại {unit.name}.")
    person = None if collective else person or by.person
    if not speaks_for(by, unit.pk, person):
        raise Refused("Quản trị kỹ thuật chỉ báo cáo thành tích của chính mình.")
    untouched = Achievement.objects.filter(
        campaign_year=campaign_year,
        unit=unit,
        person=person,
        prepared_by=by,
        state=State.DRAFT,
        version=1,
        evidence_links__isnull=True,
    ).first()
    if untouched:
        return untouched
    achievement = Achievement.objects.create(
        campaign_year=campaign_year, unit=unit, person=person, prepared_by=by
    )
    record(achievement, "start", by=by, label="Tạo bản nháp", after=State.DRAFT)
    return achievement


@transaction.atomic
def save(
    achievement: Achievement,
    *,
    by: Any,
    values: Mapping[str, Any] | None = None,
    co_authors: Shares | None = None,
    answers: Mapping[int, str] | None = None,
    version: int | None = None,
) -> Achievement:
    """Keep what was written so far, complete or not. What is not given stays as it is."""
    lock(achievement)
    require_open(achievement, by)
    changed = _changes(achievement, values or {})
    points = {point.code for point in POINTS.values() if set(point.fields) & changed.keys()}
    if co_authors is not None and _differs(achievement, co_authors):
        points.add("co_authors")
    if points:
        _check_same(achievement, version)
        locked = points - open_points(achievement)
        if locked:
            names = ", ".join(f"“{POINTS[code].label}”" for code in POINTS if code in locked)
            raise Refused(f"Thành tích bị trả lại chỉ mở các điểm cần sửa; không sửa được {names}.")
        _write(achievement, changed)
        if "co_authors" in points:
            _write_shares(achievement, co_authors or [])
        settle(achievement, points)
        _record_save(achievement, points, by)
    _answer(achievement, answers or {})
    return achievement


def set_co_authors(achievement: Achievement, shares: Shares, *, by: Any, version: int | None = None) -> None:
    """Who shares in the achievement, with which per cent; the rest is the reporter's."""
    save(achievement, by=by, co_authors=shares, version=version)


@transaction.atomic
def remove(achievement: Achievement, *, by: Any, version: int | None = None, **_: Any) -> None:
    """Throw a draft away; its journal stays, its documents stay in the store."""
    try:
        lock(achievement)
    except Achievement.DoesNotExist as error:
        raise AlreadyDone("Bản nháp này đã được xóa rồi.") from error
    if achievement.state != State.DRAFT:
        raise Refused("Chỉ xóa được bản nháp.")
    if not rules.has_perm("scoring.prepare_achievement", by, achievement):
        raise Refused("Bạn không có quyền xóa bản nháp này.")
    record(
        achievement,
        "remove",
        by=by,
        label="Xóa bản nháp",
        before=State.DRAFT,
        data={"title": achievement.title},
    )
    achievement.delete()


@transaction.atomic
def submit(achievement: Achievement, *, by: Any, version: int | None = None, **_: Any) -> None:
    """Send it to the head who decides; complete, with every flagged point settled."""
    answers = "\n".join(
        f"{POINTS[flag.point].label}: {flag.answer}" for flag in achievement.flags.all() if flag.answer
    )
    _move(achievement, "submit", by=by, version=version, comment=answers)
    achievement.approving_unit = deciding_unit(achievement)
    if achievement.approving_unit is None:  # whoever submits has become one of its writers
        raise Refused(
            "Không có thủ trưởng nào ngoài những người viết hồ sơ này để xác nhận. Hãy báo Văn phòng Sở."
        )
    achievement.submitted_at = clock.now()
    achievement.save(update_fields=["approving_unit", "submitted_at"])
    mails.submitted(achievement, by=by)


@transaction.atomic
def withdraw(achievement: Achievement, *, by: Any, version: int | None = None, **_: Any) -> None:
    """Back to a draft while nobody has decided."""
    _move(achievement, "withdraw", by=by, version=version)


@transaction.atomic
def confirm(
    achievement: Achievement, *, by: Any, version: int | None = None, comment: str = "", **_: Any
) -> None:
    """The head stands for it: from now on it counts."""
    _move(achievement, "confirm", by=by, version=version, comment=comment)
    mails.confirmed(achievement, by=by)


@transaction.atomic
def send_back(
    achievement: Achievement,
    *,
    by: Any,
    flags: Mapping[str, str],
    comment: str = "",
    version: int | None = None,
) -> None:
    """Only the chosen points reopen, each with its reason."""
    _move(achievement, "send_back", by=by, version=version, comment=comment, flags=_checked(flags))
    mails.returned(achievement, by=by)


@transaction.atomic
def refuse(achievement: Achievement, *, by: Any, comment: str, version: int | None = None, **_: Any) -> None:
    """Not an achievement of this campaign; the reason is told to the author."""
    _move(achievement, "refuse", by=by, version=version, comment=comment)
    mails.refused(achievement, by=by)


@transaction.atomic
def reopen(
    achievement: Achievement,
    *,
    by: Any,
    flags: Mapping[str, str],
    comment: str = "",
    version: int | None = None,
) -> None:
    """Take a decision back: the achievement returns to its author at the chosen points."""
    list(sheets_behind(achievement).select_for_update())  # nobody approves one of them meanwhile
    _move(achievement, "reopen", by=by, version=version, comment=comment, flags=_checked(flags))
    mails.returned(achievement, by=by)


@dataclass(frozen=True)
class Outcome:
    """What became of one row of a bulk act."""

    achievement: Achievement
    is_done: bool
    sentence: str


def confirm_many(
    achievements: Sequence[Achievement], *, by: Any, versions: Mapping[int, int] | None = None
) -> list[Outcome]:
    """Confirm each in a transaction of its own: one that cannot be confirmed does not hinder the others."""
    outcomes = []
    for achievement in achievements:
        try:
            confirm(achievement, by=by, version=None if versions is None else versions.get(achievement.pk, 0))
        except Refused as refusal:
            outcomes.append(Outcome(achievement, False, " ".join(refusal.reasons)))
        else:
            outcomes.append(Outcome(achievement, True, "Đã xác nhận."))
    return outcomes


def require_open(achievement: Achievement, by: Any) -> None:
    """Its author, while it is a draft or was returned."""
    if not rules.has_perm("scoring.prepare_achievement", by, achievement):
        raise Refused("Bạn không có quyền sửa thành tích này.")
    if reasons := closed_year(achievement):
        raise Refused(*reasons)
    if achievement.state not in (State.DRAFT, State.RETURNED):
        state = ACHIEVEMENT.states[achievement.state][0]
        raise Refused(
            f"Thành tích đang ở trạng thái “{state}” nên không sửa được nữa. Nội dung bạn gõ còn trên trang."
        )


def settle(achievement: Achievement, points: set[str]) -> None:
    """A flagged point that was changed counts as corrected."""
    if achievement.state == State.RETURNED:
        achievement.flags.filter(point__in=points).update(is_settled=True)


def _unit_of(by: Any) -> Unit:
    if not rules.has_perm("scoring.report_achievement", by):
        raise Refused(
            "Tài khoản của bạn chưa gắn với một người đang công tác nên không báo cáo thành tích được."
        )
    return Unit.objects.get(pk=by.acting.unit_id)


def _move(
    achievement: Achievement,
    verb: str,
    *,
    by: Any,
    version: int | None,
    comment: str = "",
    flags: Mapping[str, str] | None = None,
) -> None:
    """One row of the table."""
    words = "\n".join(filter(None, [normalize(comment), _words(flags)]))
    data = {"flags": dict(flags)} if flags else None
    ACHIEVEMENT.advance(achievement, verb, by=by, comment=words, data=data, version=version)
    if flags:
        achievement.flags.all().delete()
        Flag.objects.bulk_create(
            [Flag(achievement=achievement, point=code, reason=flags[code]) for code in flags]
        )
    achievement.version += 1
    achievement.save(update_fields=["version"])


def _checked(flags: Mapping[str, str]) -> Mapping[str, str]:
    if not flags or set(flags) - set(POINTS):
        raise Refused("Chọn ít nhất một điểm cần sửa.")
    missing = [POINTS[code].label for code, reason in flags.items() if not normalize(reason)]
    if missing:
        raise Refused(*(f"Ghi lý do trả lại điểm “{label}”." for label in missing))
    return {code: normalize(reason) for code, reason in flags.items()}


def _words(flags: Mapping[str, str] | None) -> str:
    return "\n".join(f"{POINTS[code].label}: {reason}" for code, reason in (flags or {}).items())


def _changes(achievement: Achievement, values: Mapping[str, Any]) -> dict[str, Any]:
    """The given values that differ from the stored ones; only facts, whatever else was sent."""
    found = {}
    for name in FIELDS:
        if name in values:
            new = normalize(values[name]) if isinstance(values[name], str) else values[name]
            if new != getattr(achievement, name):
                found[name] = new
    return found


def _differs(achievement: Achievement, shares: Shares) -> bool:
    present = {one.person_id: one.share for one in achievement.co_authors.all()}
    return present != {person.pk: share for person, share in shares}


def _write(achievement: Achievement, changed: Mapping[str, Any]) -> None:
    for name, value in changed.items():
        setattr(achievement, name, value)
    if "criterion" in changed and not achievement.measure and achievement.criterion:
        achievement.measure = str(achievement.criterion.params.get("measure", ""))[:40]
    achievement.title_key = fold(achievement.title)[:500]
    whose = achievement.person.full_name if achievement.person else ""
    achievement.search_key = fold(f"{achievement.title} {whose} {achievement.unit.name}")[:1000]
    achievement.version += 1
    achievement.save(update_fields=[*FIELDS, "title_key", "search_key", "version"])


def _write_shares(achievement: Achievement, shares: Shares) -> None:
    if shares and not achievement.person_id:
        raise Refused("Thành tích tập thể không ghi đồng tác giả.")
    for person, share in shares:
        if person.pk == achievement.person_id:
            raise Refused(f"{person.full_name} là người báo cáo, không ghi thêm làm đồng tác giả.")
        if not 0 < share < 100:
            raise Refused(f"Tỷ lệ của {person.full_name} phải lớn hơn 0 và nhỏ hơn 100.")
    if len({person.pk for person, _ in shares}) < len(shares):
        raise Refused("Mỗi đồng tác giả chỉ ghi một lần.")
    achievement.co_authors.all().delete()
    CoAuthor.objects.bulk_create(
        [CoAuthor(achievement=achievement, person=person, share=share) for person, share in shares]
    )


def _check_same(achievement: Achievement, version: int | None) -> None:
    """As ``check_version``; the journal sums up a sitting, so it knows who and not which minute."""
    if version is not None and version != achievement.version:
        last = history_of(achievement).first()
        who = last.actor_name if last else "Người khác"
        raise Stale(
            f"{who} đã sửa thành tích này sau khi bạn mở trang. Nội dung bạn gõ vẫn còn trên trang; hãy so lại rồi lưu."
        )


def _record_save(achievement: Achievement, points: set[str], by: Any) -> None:
    """Drafts save themselves every few seconds: one line tells of a sitting, not of each keystroke."""
    last = history_of(achievement).first()
    if last and last.verb == "save" and last.actor_id == by.pk and clock.now() - last.at < JOURNAL_PAUSE:
        return
    record(achievement, "save", by=by, label="Sửa nội dung", data={"points": sorted(points)})


def _answer(achievement: Achievement, answers: Mapping[int, str]) -> None:
    """A flagged point may stay as it is when its author says why; the journal tells it when it is submitted."""
    if achievement.state == State.RETURNED:
        for flag in achievement.flags.filter(pk__in=answers):
            flag.answer = normalize(answers[flag.pk])
            flag.save(update_fields=["answer"])
