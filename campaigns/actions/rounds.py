"""Acts on a round of an index: which units it scores, how strictly its calendar holds, more time for one unit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from campaigns import mails
from campaigns.calculations import days_of, months_between, months_of, shift_months
from campaigns.models import (
    Band,
    Campaign,
    CampaignYear,
    Deadline,
    Extension,
    Participant,
    People,
    QuarterDeadline,
    Stage,
)
from campaigns.rules import require
from campaigns.workflow import MANAGE
from core import clock
from core.journal import record
from core.vietnamese import format_date, normalize
from core.workflow import Refused, check_version, lock
from organization.models import Unit

OPTIONS = {
    "people": "Cá nhân được chấm",
    "locks": "Khóa cột chấm khi hết hạn",
    "needs_council": "Hội đồng kết luận trước khi công bố",
}
LONGEST_EXTENSION = 366  # days


@transaction.atomic
def set_participants(
    campaign_year: CampaignYear,
    *,
    by: Any,
    units: Mapping[int, tuple[bool, str]],
    version: int | None = None,
) -> None:
    """Which units the round scores, each with whether it is ranked and a note. Sheets that are open stay."""
    hold_round(campaign_year, by)
    check_version(campaign_year, version)
    before = {one.unit_id: one for one in campaign_year.participants.select_related("unit")}
    known = {unit.pk: unit for unit in Unit.objects.filter(pk__in=units)}
    if len(known) != len(units):
        raise Refused("Có đơn vị không còn trên cổng; hãy tải lại trang.")
    gone = [one for pk, one in before.items() if pk not in units]
    said = [f"Bỏ {one.unit.short_name}" for one in gone]
    Participant.objects.filter(pk__in=[one.pk for one in gone]).delete()
    for pk, (is_ranked, note) in units.items():
        was, note = before.get(pk), normalize(note)
        if was is None:
            campaign_year.participants.create(unit=known[pk], is_ranked=is_ranked, note=note)
            said.append(f"Thêm {known[pk].short_name}{'' if is_ranked else ' (không xếp hạng)'}")
        elif (was.is_ranked, was.note) != (is_ranked, note):
            was.is_ranked, was.note = is_ranked, note
            was.save(update_fields=["is_ranked", "note"])
            said.append(f"{known[pk].short_name}: {'xếp hạng' if is_ranked else 'không xếp hạng'}")
    if said:
        tell(campaign_year, "set_participants", by, "Đặt đơn vị được đánh giá", "\n".join(said))


@transaction.atomic
def set_options(
    campaign_year: CampaignYear, *, by: Any, version: int | None = None, **options: bool | str
) -> CampaignYear:
    """How the round is run: ``people``, ``locks``, ``needs_council``. Sheets that are open stay."""
    hold_round(campaign_year, by)
    check_version(campaign_year, version)
    changed = [name for name in OPTIONS if name in options and getattr(campaign_year, name) != options[name]]
    for name in changed:
        setattr(campaign_year, name, options[name])
    if changed:
        campaign_year.save(update_fields=changed)
        said = [f"{OPTIONS[name]}: {_option_in_words(options[name])}" for name in changed]
        tell(campaign_year, "set_options", by, "Đặt cách tổ chức đợt đánh giá", "\n".join(said))
    return campaign_year


@transaction.atomic
def extend(
    campaign_year: CampaignYear, *, by: Any, stage: str, unit: Unit, until: date, reason: str
) -> Extension:
    """More time for one unit in one stage; the calendar of the others stays. A second time replaces the first."""
    hold_round(campaign_year, by)
    reason = normalize(reason)
    due = campaign_year.deadlines.filter(stage=stage).values_list("due_on", flat=True).first()
    if due is None:
        raise Refused("Công đoạn này chưa có thời hạn nên không cần gia hạn.")
    if not reason:
        raise Refused("Hãy ghi lý do gia hạn.")
    if until <= due:
        raise Refused(f"Ngày gia hạn phải sau thời hạn chung ({format_date(due)}).")
    if until < clock.today() or (until - clock.today()).days > LONGEST_EXTENSION:
        raise Refused("Ngày gia hạn phải từ hôm nay và trong vòng một năm.")
    facts = {"until": until, "reason": reason, "given_by": by, "given_at": clock.now()}
    made, _ = Extension.objects.update_or_create(
        campaign_year=campaign_year, stage=stage, unit=unit, defaults=facts
    )
    label = f"Gia hạn {Stage(stage).label.lower()} cho {unit.short_name} đến {format_date(until)}"
    entry = record(campaign_year, "extend", by=by, label=label, comment=reason)
    mails.extended(made, entry)
    return made


@transaction.atomic
def end_extension(extension: Extension, *, by: Any) -> None:
    """Take an extension back: the common calendar holds again."""
    campaign_year = extension.campaign_year
    hold_round(campaign_year, by)
    entry = record(campaign_year, "end_extension", by=by, label="Bỏ gia hạn", comment=str(extension))
    mails.extension_ended(extension, entry)
    extension.delete()


def earlier_round(campaign: Campaign, year: int, period: str) -> CampaignYear | None:
    """The nearest round before this part of a year, an equally long one if there is any."""
    begins = days_of(year, period)[0]
    before = [one for one in campaign.years.all() if one.first_day < begins]
    alike = [one for one in before if months_of(one.period) == months_of(period)]
    return max(alike or before, key=lambda one: (one.first_day, one.last_day), default=None)


def take_over(earlier: CampaignYear, made: CampaignYear) -> None:
    """Give a new round the calendar, classes, units and settings of an earlier one, the days moved to its time."""
    shift = months_between((earlier.year, earlier.period), (made.year, made.period))
    Deadline.objects.bulk_create(
        [
            Deadline(
                campaign_year=made, stage=one.stage, due_on=shift_months(one.due_on, shift), note=one.note
            )
            for one in earlier.deadlines.all()
        ]
    )
    QuarterDeadline.objects.bulk_create(
        [
            QuarterDeadline(campaign_year=made, quarter=one.quarter, due_on=shift_months(one.due_on, shift))
            for one in earlier.quarter_deadlines.all()
        ]
    )
    facts = ("recipient", "name", "lower_bound", "colour", "gates", "ceiling_percent")
    Band.objects.bulk_create([Band(campaign_year=made, **row) for row in earlier.bands.values(*facts)])
    for name in OPTIONS:
        setattr(made, name, getattr(earlier, name))
    made.save(update_fields=[*OPTIONS])
    Participant.objects.bulk_create(
        [
            Participant(campaign_year=made, unit=one.unit, is_ranked=one.is_ranked, note=one.note)
            for one in earlier.participants.filter(unit__closed_on__isnull=True).select_related("unit")
        ]
    )


def _option_in_words(value: bool | str) -> str:
    return People(value).label if isinstance(value, str) else ("có" if value else "không")


def hold_round(campaign_year: CampaignYear, by: Any) -> None:
    lock(campaign_year)
    require(MANAGE, by, campaign_year.campaign)
    if campaign_year.state == CampaignYear.State.CLOSED:
        raise Refused(f"Đợt {campaign_year.when} đã khóa sổ nên không sửa được.")


def tell(campaign_year: CampaignYear, verb: str, by: Any, label: str, comment: str) -> None:
    """One more version of the round's settings, and its line in the journal."""
    campaign_year.version += 1
    campaign_year.save(update_fields=["version"])
    record(campaign_year, verb, by=by, label=label, comment=comment)
