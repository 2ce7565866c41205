"""What a campaign or a year still needs before it is launched or opened."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from campaigns.models import AppliesTo, Campaign, CampaignYear, Recipient, Stage
from campaigns.queries.criteria import criteria_in_use, draft_of
from core import clock
from organization import roles
from organization.models import Unit


@dataclass(frozen=True)
class Point:
    """One point of the readiness list; one that is not required is told but does not stop the launch."""

    ok: bool
    sentence: str
    href: str
    is_required: bool = True


def readiness(campaign: Campaign) -> list[Point]:
    """What a campaign needs before it is launched: its texts (Law 06/2022, Điều 17), its first year, its readers."""
    change = reverse("campaigns:campaign_change", args=[campaign.pk])
    if campaign.is_index:
        return [
            Point(campaign.plan_id is not None, "Có văn bản ban hành bộ chỉ số", change, is_required=False),
            *_first_year(campaign),
        ]
    named = [
        ("objective", "mục đích, yêu cầu"),
        ("scope", "phạm vi"),
        ("subject", "đối tượng"),
        ("content", "nội dung thi đua"),
        ("measures", "biện pháp tổ chức thực hiện"),
    ]
    points = [Point(bool(getattr(campaign, name).strip()), f"Có {label}", change) for name, label in named]
    points.append(Point(campaign.plan_id is not None, "Có kế hoạch phát động", change))
    points.append(Point(campaign.legal_basis.exists(), "Có căn cứ pháp lý", change))
    points.append(
        Point(bool(campaign.commendation.strip()), "Có nội dung khen thưởng", change, is_required=False)
    )
    return [*points, *_first_year(campaign)]


def _first_year(campaign: Campaign) -> list[Point]:
    # Of several rounds in the first year a part of it comes before the whole (q1, year).
    first = campaign.years.select_related("campaign").order_by("year", "period").first()
    if first is None:
        years = reverse("campaigns:campaign_detail", args=[campaign.pk]) + "?muc=lich"
        return [Point(False, "Có ít nhất một năm thực hiện", years)]
    return [*year_readiness(first), _unit_heads()]


def year_readiness(campaign_year: CampaignYear) -> list[Point]:
    """What a round needs before it is opened: a calendar, classes for whom it scores, criteria in use; of an index the
    units, and of its calendar the stages that every round has."""
    if campaign_year.campaign.is_index:
        return _round_readiness(campaign_year)
    year, args = campaign_year.year, [campaign_year.pk]
    stages = set(campaign_year.deadlines.values_list("stage", flat=True))
    banded = set(campaign_year.bands.values_list("recipient", flat=True))
    in_use = criteria_in_use(campaign_year)
    draft = draft_of(campaign_year)
    here = reverse("campaigns:year_detail", args=args)
    criteria = reverse("campaigns:criteria_set_detail", args=[draft.pk]) if draft else here
    return [
        Point(
            stages >= set(campaign_year.campaign.stages),
            f"Năm {year}: đủ {len(campaign_year.campaign.stages)} thời hạn trong lịch",
            reverse("campaigns:deadlines_change", args=args),
        ),
        Point(
            banded >= set(Recipient.values),
            f"Năm {year}: có mức xếp loại cho tập thể và cá nhân",
            reverse("campaigns:bands_change", args=args),
        ),
        Point(in_use is not None, f"Năm {year}: bộ tiêu chí đã được áp dụng", criteria),
        Point(
            in_use is not None and not in_use.is_sample,
            f"Năm {year}: bộ tiêu chí không còn là bản mẫu",
            criteria,
            is_required=False,
        ),
    ]


def _round_readiness(campaign_year: CampaignYear) -> list[Point]:
    args = [campaign_year.pk]
    stages = set(campaign_year.deadlines.values_list("stage", flat=True))
    in_use = criteria_in_use(campaign_year)
    applied = (
        set(in_use.criteria.filter(is_leaf=True).values_list("applies_to", flat=True)) if in_use else set()
    )
    scored = set(Recipient.values) if AppliesTo.BOTH in applied else applied
    banded = set(campaign_year.bands.values_list("recipient", flat=True))
    draft = draft_of(campaign_year)
    here = reverse("campaigns:year_detail", args=args)
    criteria = reverse("campaigns:criteria_set_detail", args=[draft.pk]) if draft else here
    return [
        Point(
            stages >= {Stage.SELF_SCORE, Stage.APPROVAL, Stage.APPRAISAL, Stage.PUBLICATION},
            f"{campaign_year.when.capitalize()}: có thời hạn tự chấm, duyệt, thẩm định và công bố",
            reverse("campaigns:deadlines_change", args=args),
        ),
        Point(
            campaign_year.participants.exists(),
            f"{campaign_year.when.capitalize()}: đã chọn đơn vị được đánh giá",
            reverse("campaigns:participants_change", args=args),
        ),
        Point(
            in_use is not None, f"{campaign_year.when.capitalize()}: bộ tiêu chí đã được áp dụng", criteria
        ),
        Point(
            banded >= scored,
            f"{campaign_year.when.capitalize()}: có mức xếp loại cho đối tượng được chấm",
            reverse("campaigns:bands_change", args=args),
        ),
    ]


def _unit_heads() -> Point:
    today = clock.today()
    headed = Exists(
        Unit.objects.filter(
            Q(appointments__ended_on__isnull=True) | Q(appointments__ended_on__gte=today),
            pk=OuterRef("pk"),
            appointments__role=roles.HEAD,
            appointments__started_on__lte=today,
        )
    )
    missing = [unit.short_name for unit in Unit.objects.scored().open().exclude(headed)]
    sentence = "Mọi đơn vị đều có thủ trưởng trên cổng"
    if missing:
        sentence += f" (chưa có: {', '.join(missing[:5])}{'…' if len(missing) > 5 else ''})"
    return Point(not missing, sentence, reverse("organization:unit_list"), is_required=False)
