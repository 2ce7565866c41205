"""A unit's proposal: people chosen, voted on, signed by the head, put right where the Office asks, verified."""

from datetime import timedelta

import pytest

from awards import actions
from awards.models import Nomination, Review
from core import clock
from organization.models import Unit, User
from tests.awards.seasons import begin, open_review, qualify
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser


@pytest.fixture
def review(cast: dict[str, User], units: dict[str, Unit]) -> Review:
    """Open, everybody judged; the minutes of Phòng CCHC are written."""
    review = open_review(cast["office"], 2025)
    review.deadlines.update(due_on=clock.today() + timedelta(days=30))
    qualify(review, cast["clerk"], cast["office"], year=2025)
    actions.judge(review)
    begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)  # type: ignore[attr-defined]
    return review


def test_from_the_meeting_to_the_verified_list(enter: Enter, review: Review) -> None:
    clerk = enter("clerk")
    clerk.go("Bình xét")
    clerk.follow("Bình xét năm 2025")
    clerk.follow("Phòng Cải cách hành chính")
    clerk.reads("Chưa có hồ sơ đề nghị nào.")
    clerk.follow("Chọn người, tập thể")
    clerk.press("Đề nghị Lao động tiên tiến cho Nguyễn Văn An")
    clerk.is_told("Đã đưa vào danh sách")
    clerk.follow("Tờ trình")
    clerk.follow("Ghi phiếu")
    clerk.field("Đồng ý").first.fill("5")
    clerk.press("Lưu")
    clerk.reads("Số phiếu (5) nhiều hơn số người có mặt (4).")
    clerk.field("Đồng ý").first.fill("4")
    clerk.field("Không đồng ý").first.fill("0")
    clerk.press("Lưu")
    clerk.follow("Nguyễn Văn An")
    clerk.follow("Viết báo cáo")
    clerk.field("Tóm tắt thành tích (ghi trong quyết định)").fill("Rút ngắn thời gian giải quyết hồ sơ")
    clerk.press("Lưu")
    clerk.reads("Rút ngắn thời gian giải quyết hồ sơ")
    clerk.reads("Họ và tên: Nguyễn Văn An")

    head = enter("head")
    head.go("Việc của tôi")
    head.task("ký trình đề nghị khen thưởng").click()
    head.decide("Ký trình")
    head.reads("Đã trình")

    office = enter("office")
    office.go("Việc của tôi")
    office.task("Thẩm định hồ sơ đề nghị").click()
    office.follow("Nguyễn Văn An")
    office.reads("Như lúc trình")
    office.field("Yêu cầu hoàn thiện").fill("Nêu số liệu so sánh")
    office.press("Ghi yêu cầu")
    office.follow("Tờ trình")
    office.decide("Trả lại hoàn thiện", "Bổ sung một điểm")

    clerk.go("Việc của tôi")
    clerk.task("Trả lời yêu cầu hoàn thiện").click()
    clerk.follow("Nguyễn Văn An")
    clerk.field("Trả lời của đơn vị").fill("Đã bổ sung số liệu")
    clerk.press("Ghi trả lời")
    head.go("Việc của tôi")
    head.task("Trả lời yêu cầu hoàn thiện").click()
    head.decide("Ký trình")

    office.go("Việc của tôi")
    office.task("Thẩm định hồ sơ đề nghị").click()
    office.follow("Nguyễn Văn An")
    office.reads("Đã bổ sung số liệu")
    office.page.get_by_role("radio", name="Đủ điều kiện", exact=True).check()
    office.press("Ghi kết luận")
    office.follow("Tờ trình")
    office.press("Kết thúc thẩm định")
    office.reads("Đã thẩm định")
    office.follow("Bình xét năm 2025")
    office.follow("Danh sách tổng hợp")
    office.reads("1 người: 0 lãnh đạo, quản lý; 1 trực tiếp công tác")
    assert Nomination.objects.get().verdict == Nomination.Verdict.ACCEPTED
