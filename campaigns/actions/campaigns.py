"""Acts on a campaign and its years: draft, launch, calendar, classes, papers, conclusion."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from campaigns import mails
from campaigns.actions.rounds import earlier_round, take_over
from campaigns.calculations import band_problems, deadline_problems, time_in_words
from campaigns.models import (
    QUARTERS,
    Band,
    Campaign,
    CampaignYear,
    Paper,
    Period,
    Recipient,
    Stage,
)
from campaigns.queries import criteria_in_use
from campaigns.rules import require
from campaigns.workflow import CAMPAIGN, CAMPAIGN_YEAR, MANAGE
from core import clock
from core.attachments import store
from core.journal import record
from core.vietnamese import format_date, format_decimal
from core.workflow import Refused, check_version, lock

TEXTS = ("objective", "scope", "subject", "content", "measures", "commendation")
FACTS = ("code", "name", "short_name", "kind", "plan", "launched_by", "starts_on", "ends_on", *TEXTS)
FIRST_YEAR, LAST_YEAR = 2000, 2100


@transaction.atomic
def create(*, by: Any, legal_basis: Sequence[Any] = (), **facts: Any) -> Campaign:
    """Begin the draft of a campaign; one year is planned for every calendar year that it touches."""
    require(MANAGE, by)
    _check_dates(facts["starts_on"], facts["ends_on"])
    if Campaign.objects.filter(code=facts["code"]).exists():
        raise Refused(f"Đã có phong trào mang mã “{facts['code']}”.")
    campaign = Campaign.objects.create(**facts)
    campaign.legal_basis.set(legal_basis)
    CampaignYear.objects.bulk_create(
        [
            CampaignYear(campaign=campaign, year=year, locks=campaign.is_index)
            for year in range(facts["starts_on"].year, facts["ends_on"].year + 1)
        ]
    )
    record(campaign, "create", by=by, label="Lập phong trào", after=campaign.state)
    return campaign


@transaction.atomic
def change(
    campaign: Campaign,
    *,
    by: Any,
    version: int | None = None,
    legal_basis: Sequence[Any] | None = None,
    **facts: Any,
) -> Campaign:
    """Change the campaign's facts; after the conclusion nothing changes any more."""
    lock(campaign)
    require(MANAGE, by, campaign)
    if campaign.state == Campaign.State.CONCLUDED:
        raise Refused("Phong trào đã tổng kết nên không sửa được.")
    check_version(campaign, version)
    _check_dates(facts.get("starts_on", campaign.starts_on), facts.get("ends_on", campaign.ends_on))
    changes = []
    for name, value in facts.items():
        field = Campaign._meta.get_field(name)
        if getattr(campaign, name) != value:
            changes.append(str(getattr(field, "verbose_name", name)))
            setattr(campaign, name, value)
    if legal_basis is not None and set(legal_basis) != set(campaign.legal_basis.all()):
        changes.append("Căn cứ pháp lý")
        campaign.legal_basis.set(legal_basis)
    if changes:
        campaign.version += 1
        campaign.save()
        record(campaign, "change", by=by, label="Sửa thông tin", comment=f"Đã sửa: {', '.join(changes)}.")
    return campaign


@transaction.atomic
def launch(campaign: Campaign, *, by: Any, comment: str = "") -> Campaign:
    """Publish the campaign to all units and write to everybody; refused while something of the list is missing."""
    CAMPAIGN.advance(campaign, "launch", by=by, comment=comment)
    mails.launched(campaign)
    return campaign


@transaction.atomic
def conclude(campaign: Campaign, *, by: Any, comment: str = "") -> Campaign:
    CAMPAIGN.advance(campaign, "conclude", by=by, comment=comment)
    return campaign


@transaction.atomic
def reopen(campaign: Campaign, *, by: Any, comment: str = "") -> Campaign:
    CAMPAIGN.advance(campaign, "reopen", by=by, comment=comment)
    return campaign


@transaction.atomic
def add_paper(campaign: Campaign, *, by: Any, upload: UploadedFile | None = None, **facts: Any) -> Paper:
    """Add a paper of the campaign: plan, guidance, follow-up, sơ kết, tổng kết; with its file if there is one."""
    lock(campaign)
    require(MANAGE, by, campaign)
    if facts["on"] > clock.today():
        raise Refused("Ngày của văn bản không được ở tương lai.")
    try:
        file = store(upload, by=by) if upload else None
    except ValidationError as error:
        raise Refused(*error.messages) from error
    paper = Paper.objects.create(campaign=campaign, file=file, **facts)
    record(
        campaign,
        "add_paper",
        by=by,
        label="Thêm văn bản",
        comment=f"{paper.get_kind_display()}: {paper.title}",
    )
    return paper


@transaction.atomic
def add_year(
    campaign: Campaign, *, by: Any, year: int, period: str = Period.YEAR, like: CampaignYear | None = None
) -> CampaignYear:
    """Plan one more year, or of an index a part of one; calendar, classes and participants are taken from ``like`` or
    else the nearest earlier round, equally long if there is one, moved to the new one."""
    lock(campaign)
    require(MANAGE, by, campaign)
    if campaign.state == Campaign.State.CONCLUDED:
        raise Refused("Phong trào đã tổng kết nên không thêm được năm.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}.")
    if period not in Period.values or (period != Period.YEAR and not campaign.is_index):
        raise Refused("Chỉ bộ chỉ số mới có đợt đánh giá theo quý, tháng hoặc nửa năm.")
    if campaign.years.filter(year=year, period=period).exists():
        raise Refused(f"{campaign.short_name} đã có {time_in_words(year, period)}.")
    earlier = like or earlier_round(campaign, year, period)
    made = CampaignYear.objects.create(campaign=campaign, year=year, period=period)
    if earlier:
        take_over(earlier, made)
    record(made, "add_year", by=by, label="Thêm năm", after=made.state)
    return made


@transaction.atomic
def open_year(campaign_year: CampaignYear, *, by: Any, comment: str = "") -> CampaignYear:
    CAMPAIGN_YEAR.advance(campaign_year, "open", by=by, comment=comment)
    return campaign_year


@transaction.atomic
def close_year(campaign_year: CampaignYear, *, by: Any, comment: str = "") -> CampaignYear:
    CAMPAIGN_YEAR.advance(campaign_year, "close", by=by, comment=comment)
    return campaign_year


@transaction.atomic
def reopen_year(campaign_year: CampaignYear, *, by: Any, comment: str = "") -> CampaignYear:
    CAMPAIGN_YEAR.advance(campaign_year, "reopen", by=by, comment=comment)
    return campaign_year


@transaction.atomic
def set_deadlines(
    campaign_year: CampaignYear,
    *,
    by: Any,
    deadlines: Mapping[str, date | None],
    notes: Mapping[str, str] | None = None,
    quarters: Mapping[str, date | None] | None = None,
    version: int | None = None,
) -> None:
    """Replace the year's calendar; a stage without a date has no deadline. ``quarters`` left out stay as they are."""
    _hold_open(campaign_year, by)
    check_version(campaign_year, version)
    stages = campaign_year.campaign.stages
    wanted = {stage: deadlines[stage] for stage in stages if deadlines.get(stage)}
    problems = deadline_problems(
        campaign_year.year, [(Stage(stage).label, due) for stage, due in wanted.items() if due], clock.today()
    )
    if problems:
        raise Refused(*problems)
    before = {one.stage: one for one in campaign_year.deadlines.all()}
    said = []
    for stage in stages:
        due, was, note = wanted.get(stage), before.get(stage), (notes or {}).get(stage, "")
        if due and (was is None or (was.due_on, was.note) != (due, note)):
            campaign_year.deadlines.update_or_create(stage=stage, defaults={"due_on": due, "note": note})
        elif due is None and was:
            was.delete()
        if due != (was.due_on if was else None):
            then = format_date(was.due_on) if was else "chưa có"
            said.append(f"{Stage(stage).label}: {then} → {format_date(due) or 'bỏ'}")
        elif due and was and was.note != note:
            said.append(f"{Stage(stage).label}, ghi chú: {was.note or '(trống)'} → {note or '(trống)'}")
    if quarters is None:
        quarters = {one.quarter: one.due_on for one in campaign_year.quarter_deadlines.all()}
    said += _set_quarters(campaign_year, quarters)
    if said:
        _changed(campaign_year)
        record(campaign_year, "set_deadlines", by=by, label="Đặt lịch", comment="\n".join(said))


def _set_quarters(campaign_year: CampaignYear, quarters: Mapping[str, date | None]) -> list[str]:
    """Until when each quarter's achievements are reported, in order, the year's own last day at the end."""
    wanted = {quarter: due for quarter in QUARTERS if (due := quarters.get(quarter))}
    ordered = [(f"Thành tích {Period(quarter).label}", due) for quarter, due in wanted.items()]
    last = campaign_year.deadlines.filter(stage=Stage.ACHIEVEMENTS).values_list("due_on", flat=True).first()
    if last:
        ordered.append((Stage.ACHIEVEMENTS.label, last))
    if problems := deadline_problems(campaign_year.year, ordered, clock.today()):
        raise Refused(*problems)
    before = {one.quarter: one for one in campaign_year.quarter_deadlines.all()}
    said = []
    for quarter in QUARTERS:
        due, was = wanted.get(quarter), before.get(quarter)
        if due == (was.due_on if was else None):
            continue
        if due:
            campaign_year.quarter_deadlines.update_or_create(quarter=quarter, defaults={"due_on": due})
        elif was:
            was.delete()
        then = format_date(was.due_on) if was else "chưa có"
        said.append(f"Thành tích {Period(quarter).label}: {then} → {format_date(due) or 'bỏ'}")
    return said


@transaction.atomic
def set_bands(
    campaign_year: CampaignYear,
    *,
    by: Any,
    bands: Mapping[str, Sequence[tuple[str, Decimal, str]]],
    conditions: Mapping[str, Mapping[str, tuple[list[dict[str, str]], Decimal | None]]] | None = None,
    version: int | None = None,
) -> None:
    """Replace the year's classes, given per recipient as (name, lower bound, colour).

    ``conditions`` gives, per recipient and name, the gates of a class and its ceiling in percent.
    """
    _hold_open(campaign_year, by)
    check_version(campaign_year, version)
    ordered = {recipient: sorted(rows, key=lambda row: -row[1]) for recipient, rows in bands.items()}
    problems = [
        problem
        for recipient, rows in ordered.items()
        for problem in band_problems(Recipient(recipient).label, rows)
    ]
    more = conditions or {}
    problems += _unknown_codes(campaign_year, more)
    if problems:
        raise Refused(*problems)
    wanted = [
        (recipient, *row, *more.get(recipient, {}).get(row[0], ([], None)))
        for recipient, rows in ordered.items()
        for row in rows
    ]
    before = list(
        campaign_year.bands.filter(recipient__in=ordered).values_list(
            "recipient", "name", "lower_bound", "colour", "gates", "ceiling_percent"
        )
    )
    if sorted(before, key=str) == sorted(wanted, key=str):
        return
    campaign_year.bands.filter(recipient__in=ordered).delete()
    Band.objects.bulk_create(
        [
            Band(
                campaign_year=campaign_year,
                recipient=recipient,
                name=name,
                lower_bound=bound,
                colour=colour,
                gates=gates,
                ceiling_percent=ceiling,
            )
            for recipient, name, bound, colour, gates, ceiling in wanted
        ]
    )
    said = [
        f"{Recipient(recipient).label}: "
        + ", ".join(f"{name} từ {format_decimal(bound)}" for name, bound, _ in rows)
        for recipient, rows in ordered.items()
    ]
    _changed(campaign_year)
    record(campaign_year, "set_bands", by=by, label="Đặt mức xếp loại", comment="\n".join(said))


def _unknown_codes(
    campaign_year: CampaignYear,
    conditions: Mapping[str, Mapping[str, tuple[list[dict[str, str]], Decimal | None]]],
) -> list[str]:
    """A gate about a criterion that is not there would never open."""
    asked = {gate["code"] for rows in conditions.values() for gates, _ in rows.values() for gate in gates}
    if not asked:
        return []
    in_use = criteria_in_use(campaign_year)
    known = set(in_use.criteria.filter(is_leaf=True).values_list("code", flat=True)) if in_use else set()
    return [
        f"Điều kiện của mức xếp loại nêu tiêu chí “{code}” mà bộ tiêu chí đang áp dụng không có."
        for code in sorted(asked - known)
    ]


def _changed(campaign_year: CampaignYear) -> None:
    campaign_year.version += 1
    campaign_year.save(update_fields=["version"])


def _check_dates(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Refused("Ngày kết thúc phải không sớm hơn ngày bắt đầu.")
    if ends_on.year - starts_on.year > 10 or not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
        raise Refused("Thời gian của phong trào phải nằm trong mười năm và trong thế kỷ này.")


def _hold_open(campaign_year: CampaignYear, by: Any) -> None:
    lock(campaign_year)
    require(MANAGE, by, campaign_year.campaign)
    if campaign_year.state == CampaignYear.State.CLOSED:
        raise Refused(f"Năm {campaign_year.year} đã khóa sổ nên không sửa được.")
