"""Writing a scheme that was read from Excel: a draft of its round, in one act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Max

from campaigns.actions.feeding import check_scheme
from campaigns.calculations import days_of
from campaigns.models import Campaign, CampaignYear, CriteriaSet, Criterion, Period, Recipient
from campaigns.queries import criteria_in_use, draft_of, problems_in_set
from campaigns.queries.frames import frame_faults
from campaigns.queries.schemes import SchemeRow, criteria_from, is_as_told, latest_set, outlook
from campaigns.rules import require
from campaigns.workflow import CRITERIA_SET, MANAGE, SUPERSESSION
from core.journal import record
from core.workflow import Refused, lock

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_NAME = 300
PUBLISHED_BY = ("places", "rounding", "ties", "tie_codes")
HEAD = ("title", "note", "is_sample", "frame")


class Plan(Protocol):
    """A whole table that may be written when nothing is refused."""

    refusals: list[str]
    total: dict[str, Decimal]

    @property
    def nodes(self) -> Sequence[SchemeRow]: ...
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True)
class Written:
    """What became of an import: the set, whether rows were written, whether it was put to use."""

    criteria_set: CriteriaSet
    is_new: bool
    is_changed: bool
    is_used: bool = False


@transaction.atomic
def round_of(code: str, year: int, *, by: Any, name: str = "", period: str = Period.YEAR) -> CampaignYear:
    """The round of a scheme in a year; a code that is not known begins an index, a year that is not known a round.

    ``by`` is None for a command of the technician.
    """
    longest = Campaign._meta.get_field("code").max_length or 0
    if len(code) > longest or len(name) > LONGEST_NAME:
        raise Refused(f"Mã dài nhất {longest} ký tự, tên dài nhất {LONGEST_NAME} ký tự.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}.")
    if by is not None:
        require(MANAGE, by)
    first, last = days_of(year, Period.YEAR)
    campaign = Campaign.objects.filter(code=code).first()
    if campaign is None:
        title = name or f"Bộ chỉ số {code}"
        campaign = Campaign.objects.create(
            code=code,
            name=title,
            short_name=title[:80],
            kind=Campaign.Kind.INDEX,
            starts_on=first,
            ends_on=last,
        )
        record(campaign, "create", by=by, label="Lập bộ chỉ số", after=campaign.state)
    lock(campaign)
    is_there = CampaignYear.objects.filter(campaign=campaign, year=year, period=period).exists()
    if campaign.state == Campaign.State.CONCLUDED and not is_there:
        raise Refused(f"“{campaign}” đã tổng kết nên không thêm được năm.")
    if campaign.is_index and not campaign.starts_on <= first <= last <= campaign.ends_on:
        _widen(campaign, first, last)
    found, is_new = campaign.years.get_or_create(
        year=year, period=period, defaults={"locks": campaign.is_index}
    )
    if is_new:
        record(found, "add_year", by=by, label="Thêm năm", after=found.state)
    return found


@transaction.atomic
def write_scheme(
    campaign_year: CampaignYear,
    plan: Plan,
    *,
    by: Any,
    shown: str | None = None,
    source: str = "",
    use: bool = False,
) -> Written:
    """Write the table as the draft of the round: the draft there is gets new rows, a set in use a new version.

    The same table again changes nothing. ``shown`` is the digest of the outlook that somebody confirmed. Criteria that
    keep code and name under the same parents stay the same criteria. ``use`` puts the draft to use at once.
    """
    if by is not None:
        require(MANAGE, by, campaign_year.campaign)
    lock(campaign_year)
    if plan.refusals:
        raise Refused(*plan.refusals)
    if shown is not None and shown != outlook(campaign_year, plan).digest:
        raise Refused("Tệp hoặc dữ liệu của cổng đã thay đổi từ lúc bạn xem. Hãy xem lại rồi xác nhận.")
    if campaign_year.state == CampaignYear.State.CLOSED:
        raise Refused(f"{campaign_year.when.capitalize()} đã khóa sổ nên không thay được bộ tiêu chí.")
    draft, in_use = draft_of(campaign_year), criteria_in_use(campaign_year)
    present = draft or in_use
    criteria = criteria_from(campaign_year, plan.nodes)
    if present is not None and is_as_told(present, plan.nodes, criteria):
        if use and draft:
            _put_in_use(draft, in_use, by)
        return Written(present, is_new=False, is_changed=False, is_used=bool(use and draft))
    if faults := frame_faults(campaign_year, plan.nodes):
        raise Refused(*faults)
    feeds = (one.feeds for one in criteria if one.feeds)
    for target in {one.criteria_set.campaign_year.campaign_id: one for one in feeds}.values():
        check_scheme(campaign_year, target)
    made = draft or _begin(campaign_year, in_use or latest_set(campaign_year))
    made.criteria.all().delete()
    _write_rows(made, criteria)
    made.declared_max_collective = plan.total[Recipient.COLLECTIVE]
    made.declared_max_individual = plan.total[Recipient.INDIVIDUAL]
    made.version += 1
    made.save()
    record(
        made,
        "import",
        by=by,
        label=f"Nạp bộ tiêu chí từ Excel: {len(plan.nodes)} dòng",
        after=made.state,
        comment=source,
    )
    if use:
        _put_in_use(made, in_use, by)
    return Written(made, is_new=draft is None, is_changed=True, is_used=use)


def _widen(campaign: Campaign, first: date, last: date) -> None:
    campaign.starts_on, campaign.ends_on = min(campaign.starts_on, first), max(campaign.ends_on, last)
    campaign.save(update_fields=["starts_on", "ends_on"])


def _begin(campaign_year: CampaignYear, earlier: CriteriaSet | None) -> CriteriaSet:
    """The next version keeps the head of the one before; another round takes over how figures are published."""
    last = campaign_year.criteria_sets.aggregate(last=Max("version_number"))["last"] or 0
    facts: dict[str, Any] = {"title": f"{campaign_year.campaign.short_name} {campaign_year.when}"}
    if earlier:
        is_same_round = earlier.campaign_year_id == campaign_year.pk
        facts |= {name: getattr(earlier, name) for name in (*PUBLISHED_BY, *(HEAD if is_same_round else ()))}
    return CriteriaSet.objects.create(
        campaign_year=campaign_year, version_number=last + 1, copied_from=earlier, **facts
    )


def _write_rows(made: CriteriaSet, criteria: Sequence[Criterion]) -> None:
    """Level by level, so that every parent has its key before its children are written."""
    for level in sorted({one.level for one in criteria}):
        here = [one for one in criteria if one.level == level]
        for one in here:
            one.criteria_set = made
            one.parent_id = one.parent.pk if one.parent else None
        Criterion.objects.bulk_create(here, batch_size=500)


def _put_in_use(made: CriteriaSet, in_use: CriteriaSet | None, by: Any) -> None:
    """As ``criteria.put_in_use`` does it, also for a command that no person runs."""
    if problems := problems_in_set(made):
        raise Refused(*problems)
    if in_use:
        SUPERSESSION.turn(in_use, "supersede")
        in_use.save(update_fields=["state"])
        record(in_use, "supersede", by=by, label="Đã thay thế", after=in_use.state)
    CRITERIA_SET.turn(made, "put_in_use")
    made.save(update_fields=["state"])
    record(made, "put_in_use", by=by, label=CRITERIA_SET.moves["put_in_use"].label, after=made.state)
