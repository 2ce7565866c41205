"""What people do with whole score sheets: open, submit, approve, send back, appraise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import rules
from django.db import transaction
from django.db.models import F, Q

from campaigns.models import CampaignYear, CriteriaSet, Criterion, People, Recipient, Stage
from core import clock
from core.journal import record, record_many
from core.models import Entry
from core.vietnamese import fold
from core.workflow import Refused, lock
from organization import roles
from organization.models import Appointment, Person, Posting, Unit, UnitName
from organization.queries import approving_unit
from scoring.actions.lines import keep_sheet
from scoring.mails import sheets as mails
from scoring.models import Line, Scorecard
from scoring.queries.deadlines import last_day_of
from scoring.queries.totals import nodes_of, sum_up
from scoring.rules.sheets import may_appraise_row
from scoring.workflow.sheets import SCORECARD

OPEN_LABEL = "Mở phiếu chấm điểm"
OVER = "Công đoạn này đã khóa vì hết hạn ngày"
ASK_FOR_MORE = "Văn phòng Sở có thể gia hạn cho đơn vị, có lý do."


@dataclass
class Opened:
    """What opening the year's sheets has made, and who gets none because nobody is above him."""

    units: int = 0
    people: int = 0
    without_superior: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What became of one sheet in a bulk act."""

    sheet: Scorecard
    is_done: bool
    sentence: str


# --- opening -----------------------------------------------------------------------------------------
@transaction.atomic
def open_sheets(campaign_year: CampaignYear, *, by: Any, today: date | None = None) -> Opened:
    """Give every participating unit and everybody who worked at least one day of the year his sheet.

    Unit, its name and the post are those of the year's last day, or of today before it. Repeating adds who is new.
    """
    if not rules.has_perm("scoring.open_scorecards", by, campaign_year):
        raise Refused("Chỉ Văn phòng Sở mở phiếu chấm điểm của năm.")
    lock(campaign_year)
    criteria_set = _criteria_set(campaign_year)
    day = min(today or clock.today(), campaign_year.last_day)
    known = set(Scorecard.objects.filter(campaign_year=campaign_year).values_list("unit_id", "person_id"))
    known_people = {person for _, person in known if person}
    above = _Superiors()
    opened, fresh = Opened(), []
    names = _UnitNames()
    scored = {recipient for recipient, leaves in _leaves(criteria_set).items() if leaves}
    ranked = dict(campaign_year.participants.values_list("unit_id", "is_ranked"))
    units = Unit.objects.filter(pk__in=ranked) if ranked else Unit.objects.scored()
    for unit in units.open_on(day) if Recipient.COLLECTIVE in scored else []:
        if (unit.pk, None) in known:
            continue
        if above.exist(unit.pk, None):
            fresh.append(_blank(campaign_year, criteria_set, unit, names.on(unit, day), by))
            opened.units += 1
        else:
            opened.without_superior.append(unit.name)
    for posting in _postings_of(campaign_year, day) if Recipient.INDIVIDUAL in scored else []:
        if posting.person_id in known_people or (ranked and posting.unit_id not in ranked):
            continue
        if above.exist(posting.unit_id, posting.person_id):
            name = names.on(posting.unit, min(posting.ended_on or day, day))
            fresh.append(_blank(campaign_year, criteria_set, posting.unit, name, by, posting))
            opened.people += 1
        else:
            opened.without_superior.append(posting.person.full_name)
    for sheet in fresh:
        sheet.is_ranked = ranked.get(sheet.unit_id, True)
    if fresh:
        _create(fresh, criteria_set, by)
        entry = record(campaign_year, "open_sheets", by=by, label=f"{OPEN_LABEL}: {len(fresh)} phiếu mới")
        mails.sheets_opened(campaign_year, fresh, entry)
    return opened


@transaction.atomic
def open_sheet(
    campaign_year: CampaignYear,
    *,
    by: Any,
    person: Person | None = None,
    unit: Unit | None = None,
    today: date | None = None,
) -> Scorecard:
    """The sheet of one person, or of one unit when no person is given; made if it is not there yet."""
    acting = by.acting
    is_own = person.pk == acting.person_id if person else unit is not None and unit.pk == acting.unit_id
    if not is_own and not rules.has_perm("scoring.open_scorecards", by, campaign_year):
        raise Refused("Bạn chỉ mở được phiếu của mình hoặc của đơn vị mình.")
    lock(campaign_year)
    wanted = Q(person=person) if person else Q(person__isnull=True, unit=unit)
    known = Scorecard.objects.filter(wanted, campaign_year=campaign_year).first()
    if known:
        return known
    day = min(today or clock.today(), campaign_year.last_day)
    posting = next(iter(_postings_of(campaign_year, day, person)), None) if person else None
    home = posting.unit if posting else unit
    ranked = dict(campaign_year.participants.values_list("unit_id", "is_ranked"))
    if home is None:
        raise Refused(_nowhere(campaign_year, person))
    if ranked and home.pk not in ranked:
        raise Refused(f"Đơn vị này không được đánh giá trong {campaign_year.when}.")
    if not _Superiors().exist(home.pk, person.pk if person else None):
        raise Refused("Không có thủ trưởng phía trên để duyệt nên không mở phiếu.")
    criteria_set = _criteria_set(campaign_year)
    if not _leaves(criteria_set)[Recipient.INDIVIDUAL if person else Recipient.COLLECTIVE]:
        raise Refused("Bộ tiêu chí của năm không có tiêu chí nào chấm cho đối tượng này.")
    name = _UnitNames().on(home, min((posting and posting.ended_on) or day, day))
    blank = _blank(campaign_year, criteria_set, home, name, by, posting)
    blank.is_ranked = ranked.get(home.pk, True)
    [sheet] = _create([blank], criteria_set, by)
    return sheet


def _nowhere(campaign_year: CampaignYear, person: Person | None) -> str:
    words = f"{person} không làm việc tại Sở ngày nào trong {campaign_year.when}"
    if campaign_year.people == People.ALL:
        return f"{words}."
    return f"{words}, hoặc không thuộc đối tượng được chấm: {campaign_year.get_people_display().lower()}."


def _criteria_set(campaign_year: CampaignYear) -> CriteriaSet:
    if campaign_year.state != CampaignYear.State.OPEN:
        raise Refused("Năm này của phong trào chưa mở hoặc đã khóa sổ.")
    found = campaign_year.criteria_sets.in_use().first()
    if not found:
        raise Refused("Chưa có bộ tiêu chí nào được áp dụng cho năm này.")
    return found


def _postings_of(campaign_year: CampaignYear, day: date, person: Person | None = None) -> Iterable[Posting]:
    """The last posting in the round of everybody who worked at least one day of it; whether that is a leader's post
    decides whether the round scores him."""
    rows = Posting.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=campaign_year.first_day), started_on__lte=day
    ).select_related("person", "unit", "post")
    if person:
        rows = rows.filter(person=person)
    last: dict[int, Posting] = {}
    for posting in rows.order_by("person_id", "-started_on"):
        last.setdefault(posting.person_id, posting)
    return [posting for posting in last.values() if campaign_year.scores_post(posting.post)]


class _Superiors:
    """Whether somebody else decides for a unit or above it, for many people with two queries."""

    def __init__(self) -> None:
        self.parents = dict(Unit.objects.values_list("pk", "parent_id"))
        self.heads: dict[int | None, list[set[int | None]]] = {}
        held = Appointment.objects.today().filter(role=roles.HEAD, person__left_on__isnull=True)
        for unit_id, person_id, giver_id in held.values_list("unit_id", "person_id", "delegated_by_id"):
            self.heads.setdefault(unit_id, []).append({person_id, giver_id} - {None})

    def exist(self, unit_id: int | None, person_id: int | None) -> bool:
        while unit_id is not None:
            if any(person_id not in deciders for deciders in self.heads.get(unit_id, [])):
                return True
            unit_id = self.parents.get(unit_id)
        return False


class _UnitNames:
    """What units were called on a day, for many units with one query."""

    def __init__(self) -> None:
        self.names: dict[int, list[UnitName]] = {}
        for name in UnitName.objects.order_by("-started_on"):
            self.names.setdefault(name.unit_id, []).append(name)

    def on(self, unit: Unit, day: date) -> str:
        for name in self.names.get(unit.pk, []):
            if name.started_on <= day and (name.ended_on is None or name.ended_on >= day):
                return name.name
        return unit.name


def _blank(
    campaign_year: CampaignYear,
    criteria_set: CriteriaSet,
    unit: Unit,
    unit_name: str,
    by: Any,
    posting: Posting | None = None,
) -> Scorecard:
    person = posting.person if posting else None
    return Scorecard(
        campaign_year=campaign_year,
        criteria_set=criteria_set,
        unit=unit,
        unit_name=unit_name,
        person=person,
        post_name=posting.post.name if posting else "",
        post_order=posting.post.order if posting else 0,
        prepared_by=by,
        search_key=fold(
            f"{person.code} {person.full_name} {unit_name}" if person else f"{unit.code} {unit_name}"
        ),
        sort_key=person.sort_key if person else "",
    )


def _leaves(criteria_set: CriteriaSet) -> dict[str, list[Criterion]]:
    """What the set scores, by recipient."""
    leaves = list(Criterion.objects.filter(criteria_set=criteria_set, is_leaf=True))
    return {recipient: [leaf for leaf in leaves if leaf.scores(recipient)] for recipient in Recipient.values}


def _create(fresh: list[Scorecard], criteria_set: CriteriaSet, by: Any) -> list[Scorecard]:
    of = _leaves(criteria_set)
    _sum_up_blank(fresh, criteria_set)
    sheets = Scorecard.objects.bulk_create(fresh, batch_size=1000)
    Line.objects.bulk_create(
        [Line(scorecard=sheet, criterion=leaf) for sheet in sheets for leaf in of[sheet.recipient]],
        batch_size=2000,
    )
    record_many(list(sheets), "open", by=by, label=OPEN_LABEL, after=Scorecard.State.DRAFT)
    return sheets


def _sum_up_blank(fresh: list[Scorecard], criteria_set: CriteriaSet) -> None:
    """What blank sheets come to is the same for all of one recipient."""
    for recipient in {sheet.recipient for sheet in fresh}:
        same = [sheet for sheet in fresh if sheet.recipient == recipient]
        sum_up(same[0], nodes_of(criteria_set.pk, recipient), [])
        for sheet in same[1:]:
            sheet.applicable_max, sheet.components = same[0].applicable_max, same[0].components


# --- the procedure -----------------------------------------------------------------------------------
@transaction.atomic
def submit(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    """Hand the sheet to the nearest head upwards who is neither its subject nor the one who submits it."""
    entry = advance_sheet(sheet, "submit", by, comment, version, stage=Stage.SELF_SCORE)
    decides = approving_unit(sheet.unit, excluding=[sheet.person_id, by.acting.person_id])
    if decides is None:
        raise Refused("Không có thủ trưởng nào phía trên để duyệt phiếu này, nên phiếu không nộp được.")
    sheet.approving_unit, sheet.submitted_by, sheet.submitted_at = decides, by, clock.now()
    sheet.approved_by = sheet.appraised_by = None
    keep_sheet(sheet, "approving_unit", "submitted_by", "submitted_at", "approved_by", "appraised_by")
    mails.submitted(sheet, entry)
    return entry


@transaction.atomic
def withdraw(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    entry = advance_sheet(sheet, "withdraw", by, comment, version)
    sheet.approving_unit, sheet.submitted_at = None, None
    keep_sheet(sheet, "approving_unit", "submitted_at")
    return entry


@transaction.atomic
def approve(sheet: Scorecard, *, by: Any, comment: str = "", version: int | None = None) -> Entry:
    """Where the head has changed nothing, the self-score is approved."""
    entry = advance_sheet(sheet, "approve", by, comment, version, stage=Stage.APPROVAL)
    sheet.lines.filter(approved_score__isnull=True).update(
        approved_score=F("self_score"), version=F("version") + 1
    )
    sheet.lines.filter(is_flagged=True).update(is_flagged=False)  # corrected; what was asked stays readable
    sheet.approved_by = by
    keep_sheet(sheet, "approved_by")
    mails.approved(sheet, entry)
    return entry


def bulk_approve(
    sheets: Iterable[Scorecard], *, by: Any, versions: Mapping[int, int] | None = None
) -> list[Outcome]:
    """Each sheet in a transaction of its own: one refusal does not hold up the others.

    ``versions`` are those of the rows that were shown: a sheet that was changed since is refused.
    """
    outcomes = []
    for sheet in sheets:
        try:
            approve(sheet, by=by, version=None if versions is None else versions.get(sheet.pk, 0))
        except Refused as refusal:
            outcomes.append(Outcome(sheet, False, " ".join(refusal.reasons)))
        else:
            outcomes.append(Outcome(sheet, True, "Đã duyệt."))
    return outcomes


@transaction.atomic
def send_back(
    sheet: Scorecard,
    *,
    by: Any,
    flags: Mapping[int, str],
    comment: str = "",
    version: int | None = None,
    verb: str = "send_back",
) -> Entry:
    """Return the sheet for correction: ``flags`` gives, by line, the reason why it reopens; the rest is kept."""
    reasons = {line_id: reason for line_id, reason in flags.items() if reason.strip()}
    if not reasons:
        raise Refused("Hãy ghi lý do ở ít nhất một tiêu chí cần sửa.")
    entry = advance_sheet(sheet, verb, by, comment, version)
    flag_lines(sheet, reasons, by=by)
    keep_sheet(sheet)
    mails.returned(sheet, entry)
    return entry


def flag_lines(sheet: Scorecard, flags: Mapping[int, str], *, by: Any, keep: bool = False) -> list[Line]:
    """Mark lines of a held sheet, each with its reason; ``keep`` leaves standing what others have marked.

    Gives every line that is marked then. Somebody's mark is changed by himself alone or by the Office.
    """
    reasons = {line_id: reason.strip() for line_id, reason in flags.items() if reason.strip()}
    known = {line.pk: line for line in sheet.lines.select_related("criterion", "flagged_by")}
    if not reasons.keys() <= known.keys():
        raise Refused("Có tiêu chí không thuộc phiếu này.")
    changed = []
    for pk, line in known.items():
        reason = reasons.get(pk, line.flag_reason if keep and line.is_flagged else "")
        if pk in reasons and keep and not may_appraise_row(by, sheet, line.criterion.in_charge_id):
            raise Refused(f"Tiêu chí {line.criterion.code} do đơn vị khác thẩm định.")
        is_same = line.is_flagged == bool(reason) and (not reason or line.flag_reason == reason)
        if not is_same:
            line.is_flagged, line.flag_reason, line.flagged_by = bool(reason), reason, by if reason else None
            line.explanation, line.version = "", line.version + 1
            changed.append(line)
    Line.objects.bulk_update(changed, ["is_flagged", "flag_reason", "flagged_by", "explanation", "version"])
    return [line for line in known.values() if line.is_flagged]


def return_to_unit(sheet: Scorecard, *, by: Any, flags: Mapping[int, str], **rest: Any) -> Entry:
    """The appraising side returns an approved sheet to the unit."""
    return send_back(sheet, by=by, flags=flags, verb="return_to_unit", **rest)


def advance_sheet(
    sheet: Scorecard, verb: str, by: Any, comment: str, version: int | None, stage: str | None = None
) -> Entry:
    """Move the sheet. After the last day of its stage the journal says so, or the round that locks refuses."""
    due = last_day_of(sheet, stage) if stage else None
    late = due is not None and clock.today() > due
    if late and sheet.campaign_year.locks:
        raise Refused(f"{OVER} {due:%d/%m/%Y}. {ASK_FOR_MORE}")
    data = {"late": True} if late else None
    return SCORECARD.advance(sheet, verb, by=by, comment=comment, data=data, version=version)
