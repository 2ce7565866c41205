"""The procedures: campaign, campaign year, criteria set, registration."""

from collections.abc import Iterator

from campaigns.models import Campaign, CampaignYear, CriteriaSet, Paper, Registration
from campaigns.queries import problems_in_set, readiness, year_readiness
from core.workflow import Move, Workflow

MANAGE = "campaigns.manage_campaign"


# --- guards ------------------------------------------------------------------------------------------
def ready_to_launch(campaign: Campaign) -> Iterator[str]:
    for point in readiness(campaign):
        if point.is_required and not point.ok:
            yield f"Chưa phát động được, còn thiếu: {point.sentence}."


def ready_to_conclude(campaign: Campaign) -> Iterator[str]:
    running = (
        campaign.years.filter(state=CampaignYear.State.OPEN).order_by("year").values_list("year", flat=True)
    )
    if running:
        yield f"Hãy khóa sổ các năm đang thực hiện trước khi tổng kết: {', '.join(map(str, running))}."
    if not campaign.papers.filter(kind=Paper.Kind.FINAL).exists():
        yield "Chưa có văn bản tổng kết phong trào (Luật Thi đua, khen thưởng 2022, Điều 17). Hãy thêm ở mục Văn bản."


def ready_to_open(campaign_year: CampaignYear) -> Iterator[str]:
    if campaign_year.campaign.state != Campaign.State.LAUNCHED:
        yield "Phong trào chưa được phát động hoặc đã tổng kết nên chưa mở được năm."
    for point in year_readiness(campaign_year):
        if point.is_required and not point.ok:
            yield f"Chưa mở được năm, còn thiếu: {point.sentence}."


def campaign_still_runs(campaign_year: CampaignYear) -> Iterator[str]:
    if campaign_year.campaign.state != Campaign.State.LAUNCHED:
        yield "Phong trào đã tổng kết; hãy mở lại phong trào trước."


def set_is_sound(criteria_set: CriteriaSet) -> Iterator[str]:
    if criteria_set.campaign_year.state == CampaignYear.State.CLOSED:
        yield "Năm này đã khóa sổ nên không thay được bộ tiêu chí."
    yield from problems_in_set(criteria_set)


def year_is_open(registration: Registration) -> Iterator[str]:
    year = registration.campaign_year
    if not year.is_running:
        yield f"Năm {year.year} của phong trào không còn mở nên không thay đổi được đăng ký."


def can_be_sent(registration: Registration) -> Iterator[str]:
    yield from year_is_open(registration)
    if not registration.pledge.strip() and not registration.items.exists():
        yield "Bản đăng ký còn trống. Hãy ghi nội dung giao ước hoặc ít nhất một chỉ tiêu."


# --- tables ------------------------------------------------------------------------------------------
CAMPAIGN = Workflow(
    noun="phong trào",
    states={
        Campaign.State.DRAFT: ("Đang soạn", "secondary"),
        Campaign.State.LAUNCHED: ("Đã phát động", "green"),
        Campaign.State.CONCLUDED: ("Đã tổng kết", "blue"),
    },
    rows=(
        Move(
            "launch",
            "Phát động",
            (Campaign.State.DRAFT,),
            Campaign.State.LAUNCHED,
            MANAGE,
            ready_to_launch,
            confirmation="Phong trào được công bố tới mọi đơn vị và mỗi tài khoản nhận một lá thư.",
        ),
        Move(
            "conclude",
            "Tổng kết",
            (Campaign.State.LAUNCHED,),
            Campaign.State.CONCLUDED,
            MANAGE,
            ready_to_conclude,
            confirmation="Sau khi tổng kết, phong trào chỉ còn để tra cứu.",
            style="outline-primary",
        ),
        Move(
            "reopen",
            "Mở lại phong trào",
            (Campaign.State.CONCLUDED,),
            Campaign.State.LAUNCHED,
            MANAGE,
            comment_required=True,
            comment_label="Lý do mở lại",
            style="outline-danger",
        ),
    ),
)

CAMPAIGN_YEAR = Workflow(
    noun="năm của phong trào",
    states={
        CampaignYear.State.PLANNED: ("Chưa mở", "secondary"),
        CampaignYear.State.OPEN: ("Đang thực hiện", "green"),
        CampaignYear.State.CLOSED: ("Đã khóa sổ", "blue"),
    },
    rows=(
        Move(
            "open",
            "Mở năm",
            (CampaignYear.State.PLANNED,),
            CampaignYear.State.OPEN,
            MANAGE,
            ready_to_open,
            explanation="Cho phép đăng ký, báo cáo thành tích và chấm điểm của năm",
        ),
        Move(
            "close",
            "Khóa sổ",
            (CampaignYear.State.OPEN,),
            CampaignYear.State.CLOSED,
            MANAGE,
            confirmation="Sau khi khóa sổ không ai sửa được đăng ký, thành tích và phiếu của năm.",
            style="outline-primary",
        ),
        Move(
            "reopen",
            "Mở lại năm",
            (CampaignYear.State.CLOSED,),
            CampaignYear.State.OPEN,
            MANAGE,
            campaign_still_runs,
            comment_required=True,
            comment_label="Lý do mở lại",
            style="outline-danger",
        ),
    ),
)

SET_STATES: dict[str, tuple[str, str]] = {
    CriteriaSet.State.DRAFT: ("Bản nháp", "secondary"),
    CriteriaSet.State.IN_USE: ("Đang áp dụng", "green"),
    CriteriaSet.State.SUPERSEDED: ("Đã thay thế", "yellow"),
}
CRITERIA_SET = Workflow(
    noun="bộ tiêu chí",
    states=SET_STATES,
    rows=(
        Move(
            "put_in_use",
            "Áp dụng",
            (CriteriaSet.State.DRAFT,),
            CriteriaSet.State.IN_USE,
            MANAGE,
            set_is_sound,
            confirmation="Từ lúc áp dụng, bộ tiêu chí được khóa; sửa đổi về sau là một phiên bản mới.",
        ),
    ),
)
# What befalls the old version when a new one is put in use: no button of its own.
SUPERSESSION = Workflow(
    noun="bộ tiêu chí",
    states=SET_STATES,
    rows=(
        Move("supersede", "Được thay thế", (CriteriaSet.State.IN_USE,), CriteriaSet.State.SUPERSEDED, MANAGE),
    ),
)

NOT_SENT, WAITING = Registration.State.NOT_SENT, Registration.State.WAITING
RETURNED, APPROVED = Registration.State.RETURNED, Registration.State.APPROVED
REGISTRATION = Workflow(
    noun="bản đăng ký",
    states={
        NOT_SENT: ("Chưa gửi", "secondary"),
        WAITING: ("Chờ duyệt", "yellow"),
        RETURNED: ("Trả lại", "red"),
        APPROVED: ("Đã duyệt", "green"),
    },
    rows=(
        Move(
            "submit",
            "Gửi đăng ký",
            (NOT_SENT, RETURNED),
            WAITING,
            "campaigns.prepare_registration",
            can_be_sent,
        ),
        Move("approve", "Duyệt", (WAITING,), APPROVED, "campaigns.approve_registration", year_is_open),
        Move(
            "send_back",
            "Trả lại",
            (WAITING,),
            RETURNED,
            "campaigns.approve_registration",
            year_is_open,
            comment_required=True,
            comment_label="Lý do trả lại",
            style="outline-danger",
        ),
        Move(
            "reopen",
            "Mở lại để sửa",
            (APPROVED,),
            RETURNED,
            "campaigns.reopen_registration",
            year_is_open,
            comment_required=True,
            comment_label="Lý do mở lại",
            style="outline-danger",
        ),
    ),
)
