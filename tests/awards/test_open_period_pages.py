"""The pages of the open period: for the right people, what was typed kept, queries that do not grow."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from awards.actions import complaints, notices
from awards.models import Comment, Complaint, OpenPeriod, Review, ReviewDeadline, Setting, SettingValue
from awards.queries.notices import DAYS
from core import clock
from core.models import StoredFile
from organization.models import Post, Unit, User
from tests.awards.builders import hire
from tests.awards.open_periods import moment, nominate, of, publish, season
from tests.trust.corpus import PDF
from tests.trust.routes import finish

Browser = Callable[[User], Client]
WITHIN = moment(date(2025, 1, 8), 10)
OVER = moment(date(2025, 1, 14), 0, 5)
ANSWER: dict[str, Any] = {"verdict": "accepted", "text": "Sẽ bổ sung.", "is_published": True}


@pytest.fixture(autouse=True)
def within_the_period() -> Iterator[None]:
    with clock.at(WITHIN):
        yield


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return publish(season(office, cast, units), office)


def at(name: str, *args: Any) -> str:
    return reverse(f"awards:{name}", args=args)


def text(page: Any) -> str:
    return page.content.decode()


# --- the list -------------------------------------------------------------------------------------------
def test_everybody_reads_who_is_proposed_and_nothing_else_of_the_dossiers(
    review: Review, cast: dict[str, User], client_of: Browser
) -> None:
    for part in ("stranger", "technician", "director", "inspector"):
        page = text(client_of(cast[part]).get(at("notice", review.pk)))
        names = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Minh Châu", "Phạm Quốc Duy", "Đỗ Thị Hà"]
        places = [page.index(f"<strong>{name}</strong>") for name in names]
        assert places == sorted(places)  # by given name
        assert page.index("Tập thể lao động tiên tiến") < page.index("Lao động tiên tiến (5)")
        assert "Hoàn thành xuất sắc nhiệm vụ." in page
        assert "Công khai từ 09:30 06/01/2025; nhận góp ý trước 24 giờ 00 ngày 13/01/2025, còn 3 ngày" in page
        assert "Đồng ý 4" not in page
    shown = text(client_of(cast["stranger"]).get(at("review_detail", review.pk)))
    assert at("notice", review.pk) in shown
    assert "Còn 3 ngày làm việc" in shown
    with clock.at(OVER):
        page = text(client_of(cast["stranger"]).get(at("notice", review.pk)))
        assert "Đã hết thời gian góp ý" in page
        assert at("comment_add", review.pk) not in page


def test_days_that_nobody_has_confirmed_are_marked_where_they_count(
    review: Review, office: User, client_of: Browser
) -> None:
    unsure = "Số ngày chờ Văn phòng Sở xác nhận"
    assert unsure not in text(
        client_of(office).get(at("review_detail", review.pk))
    )  # the calendar sets the day
    ReviewDeadline.objects.filter(step="open_period").delete()
    assert unsure in text(client_of(office).get(at("review_detail", review.pk)))


def test_before_it_is_published_there_is_no_page(
    office: User, cast: dict[str, User], units: dict[str, Unit], client_of: Browser
) -> None:
    review = season(office, cast, units)
    for user in (office, cast["stranger"]):
        for name in ("notice", "comment_list", "comment_add", "complaint_list", "complaint_add"):
            assert client_of(user).get(at(name, review.pk)).status_code == 404, name
    assert "Công khai lấy ý kiến</h2>" not in text(client_of(office).get(at("review_detail", review.pk)))


# --- comments -------------------------------------------------------------------------------------------
def test_from_the_comment_to_its_published_answer(
    review: Review, cast: dict[str, User], office: User, client_of: Browser
) -> None:
    stranger, about = client_of(cast["stranger"]), of(review, cast["colleague"])
    form = text(stranger.get(at("comment_add", review.pk), {"ho-so": about.pk}))
    assert f'<option value="{about.pk}" selected>' in form
    page = stranger.post(at("comment_add", review.pk), {"nomination": about.pk, "text": " "})
    assert page.status_code == 422
    page = stranger.post(at("comment_add", review.pk), {"nomination": "987654", "text": "Giữ lại câu này"})
    assert page.status_code == 422
    assert "Giữ lại câu này" in text(page)
    sent = {"nomination": about.pk, "text": "Thiếu minh chứng sáng kiến."}
    assert stranger.post(at("comment_add", review.pk), sent)["Location"] == at("notice", review.pk)
    said = Comment.objects.get()
    assert (said.nomination, said.is_named) == (about, False)

    client = client_of(office)
    listed = text(client.get(at("comment_list", review.pk)))
    assert "Đặng Văn Tùng" in listed
    assert "Thiếu minh chứng sáng kiến." in listed
    detail = at("comment_detail", said.pk)
    assert "Người góp ý không đồng ý hiện tên." in text(client.get(detail))
    page = client.post(at("comment_answer", said.pk), {"verdict": "accepted", "text": ""})
    assert page.status_code == 422
    answered = {"verdict": "accepted", "text": "Đã yêu cầu bổ sung.", "is_published": "on", "version": 1}
    assert client.post(at("comment_answer", said.pk), answered).status_code == 302

    page = text(client_of(cast["clerk"]).get(at("notice", review.pk)))
    assert "Đã yêu cầu bổ sung." in page
    assert "Một người làm việc tại Sở" in page
    assert "Đặng Văn Tùng" not in page
    other = text(client_of(cast["clerk"]).get(detail))
    assert "Đặng Văn Tùng" not in other
    assert "Diễn biến" not in other
    assert "Ý kiến của bạn" in text(stranger.get(at("notice", review.pk)))


def test_a_comment_is_nobody_else_s(
    review: Review, cast: dict[str, User], office: User, client_of: Browser
) -> None:
    said = notices.send_comment(review, "Riêng.", by=cast["clerk"], nomination=of(review, office))
    for part in (
        "colleague",
        "head",
        "technician",
        "council_member",
        "office",
    ):  # office: about her
        client = client_of(cast[part])
        assert client.get(at("comment_detail", said.pk)).status_code == 404, part
        assert client.post(at("comment_answer", said.pk), ANSWER).status_code == 404, part
        assert client.post(at("comment_move", said.pk, "take_back")).status_code == 404, part
        assert "Riêng." not in text(client.get(at("comment_list", review.pk)))
    inspector = client_of(cast["inspector"])  # reads, and does nothing
    assert inspector.get(at("comment_detail", said.pk)).status_code == 200
    assert inspector.post(at("comment_answer", said.pk), ANSWER).status_code == 404
    assert inspector.post(at("comment_move", said.pk, "take_back")).status_code == 404
    clerk = client_of(cast["clerk"])
    assert clerk.post(at("comment_move", said.pk, "answer")).status_code == 404
    assert clerk.post(at("comment_move", said.pk, "take_back"), {"version": 1}).status_code == 302
    assert Comment.objects.get().state == "taken_back"


def test_who_comes_second_is_told_and_keeps_his_words(
    review: Review, clerk: User, office: User, second_office: User, client_of: Browser
) -> None:
    said = notices.send_comment(review, "Đồng ý.", by=clerk)
    notices.answer(said, **{**ANSWER, "text": "Trước."}, by=second_office)
    late = {"verdict": "declined", "text": "Câu của người đến sau.", "version": 1}
    page = client_of(office).post(at("comment_answer", said.pk), late)
    assert page.status_code == 422
    assert "Lý Thanh Hải đã thực hiện" in text(page)
    assert "Câu của người đến sau." in text(page)


def test_late_the_page_says_so_and_keeps_the_words(review: Review, clerk: User, client_of: Browser) -> None:
    with clock.at(OVER):
        client = client_of(clerk)
        page = client.post(at("comment_add", review.pk), {"nomination": "", "text": "Tôi viết hơi lâu."})
        assert page.status_code == 422
        assert "cổng nhận ý kiến trước 24 giờ 00 ngày 13/01/2025" in text(page)
        assert "Tôi viết hơi lâu." in text(page)
        assert client.get(at("comment_add", review.pk))["Location"] == at("notice", review.pk)


# --- complaints -----------------------------------------------------------------------------------------
def test_a_complaint_from_the_form_to_the_result(
    review: Review, cast: dict[str, User], office: User, client_of: Browser
) -> None:
    stranger, about = client_of(cast["stranger"]), of(review, cast["colleague"])
    page = stranger.post(at("complaint_add", review.pk), {"kind": "", "text": "Câu đã gõ"})
    assert page.status_code == 422
    assert "Câu đã gõ" in text(page)
    sent = {
        "kind": "complaint", "about": f"ho-so-{about.pk}", "text": "Kê khai sai.",
        "file": SimpleUploadedFile("Đơn.pdf", PDF),
    }  # fmt: skip
    answer = stranger.post(at("complaint_add", review.pk), sent)
    one = Complaint.objects.get()
    assert answer["Location"] == at("complaint_detail", one.pk)
    assert (one.nomination, one.author, StoredFile.objects.get()) == (about, cast["stranger"], one.file)
    client = client_of(office)
    assert finish(client.get(at("complaint_file", one.pk))).status_code == 200
    listed = text(client.get(at("complaint_list", review.pk)))
    assert "Khiếu nại về hồ sơ Trần Thị Bình: Lao động tiên tiến" in listed
    assert client.post(at("complaint_move", one.pk, "accept"), {"version": 1}).status_code == 302
    assert client.post(at("complaint_move", one.pk, "resolve")).status_code == 404  # it has a page of its own
    result = at("complaint_resolve", one.pk)
    assert client.post(result, {"outcome": "upheld", "resolution": "Câu đã gõ"}).status_code == 422
    whole = {
        "outcome": "upheld", "resolution": "Đúng như đơn.", "document_number": "45/TB-SNV",
        "document_date": "08/01/2025", "consequence": "hold", "version": 2,
    }  # fmt: skip
    assert client.post(result, whole).status_code == 302
    page = text(stranger.get(at("complaint_detail", one.pk)))
    assert "Nội dung đơn là đúng." in page
    assert "45/TB-SNV ngày 08/01/2025" in page
    assert "Tạm dừng xét khen thưởng từ ngày 08/01/2025, đến khi có kết luận." in page
    again = client.post(result, whole)
    assert again.status_code == 302  # told, not done twice
    with clock.at(moment(date(2025, 3, 1), 8)):
        late = complaints.complain(review, {"kind": "petition", "text": "Khác"}, by=cast["stranger"])
        Complaint.objects.filter(pk=late.pk).update(accept_by=date(2025, 2, 1))
        client = client_of(office)
        assert "Quá hạn" in text(client.get(at("complaint_detail", late.pk)))
        assert "01/02/2025 (quá hạn)" in text(client.get(at("complaint_list", review.pk)))


def test_the_office_enters_a_paper(review: Review, office: User, clerk: User, client_of: Browser) -> None:
    assert client_of(clerk).get(at("complaint_enter", review.pk)).status_code == 404
    client = client_of(office)
    sent = {"kind": "complaint", "about": "", "text": "Đơn giấy.", "author_name": "Bà Tư"}
    page = client.post(at("complaint_enter", review.pk), {**sent, "received_on": "09/01/2025"})
    assert page.status_code == 422
    assert "Bà Tư" in text(page)
    assert (
        client.post(at("complaint_enter", review.pk), {**sent, "received_on": "07/01/2025"}).status_code
        == 302
    )
    one = Complaint.objects.get()
    page = text(client.get(at("complaint_detail", one.pk)))
    assert "Đơn giấy, người nhập" in page
    unsure = "là mức đề xuất, cần Văn phòng Sở xác nhận"
    assert unsure in text(client.get(at("complaint_list", review.pk)))
    for setting in Setting.objects.filter(code__in=DAYS):
        value = setting.values.get().value
        SettingValue.objects.create(
            setting=setting, value=value, basis="Quy chế", is_confirmed=True, set_by=office
        )
    assert unsure not in text(client.get(at("complaint_list", review.pk)))
    own = of(review, office)
    sent |= {"received_on": "07/01/2025", "about": f"ho-so-{own.pk}"}
    answer = client.post(at("complaint_enter", review.pk), sent)  # about herself: entered, and gone for her
    assert answer["Location"] == at("complaint_list", review.pk)


def test_a_complaint_is_nobody_else_s(review: Review, cast: dict[str, User], client_of: Browser) -> None:
    about = of(review, cast["colleague"])
    facts = {"kind": "complaint", "text": "Riêng.", "nomination": about}
    one = complaints.complain(review, facts, by=cast["clerk"])
    for part in ("colleague", "head", "technician", "council_member", "stranger"):
        client = client_of(cast[part])
        assert "Nguyễn Văn An" not in text(client.get(at("complaint_list", review.pk))), part
        for name in ("complaint_detail", "complaint_resolve", "complaint_file"):
            assert client.get(at(name, one.pk)).status_code == 404, (part, name)
        assert client.post(at("complaint_move", one.pk, "withdraw_complaint")).status_code == 404
    for part in ("inspector", "director"):
        client = client_of(cast[part])
        assert client.get(at("complaint_detail", one.pk)).status_code == 200
        assert client.get(at("complaint_resolve", one.pk)).status_code == 404
        assert client.post(at("complaint_move", one.pk, "accept")).status_code == 404


# --- queries --------------------------------------------------------------------------------------------
def test_pages_cost_the_same_however_much_is_said(
    review: Review, cast: dict[str, User], office: User, units: dict[str, Unit], client_of: Browser,
    assert_same_queries: Any,
) -> None:  # fmt: skip
    post, number = Post.objects.get(code="chuyen-vien"), iter(range(100))

    def grow() -> None:
        at_once = next(number)
        person = hire(f"Nguyễn Thị Lan{at_once}", units["cchc"], post)
        one = nominate(review, units["cchc"], person, cast["clerk"])
        for by in (cast["clerk"], cast["stranger"], office):
            said = notices.send_comment(review, f"Ý kiến {at_once}", by=by, nomination=one)
            if by != office:
                notices.answer(said, **ANSWER, by=office)
            notices.send_comment(review, f"Chưa trả lời {at_once}", by=by, nomination=one)
            facts = {"kind": "complaint", "text": f"Đơn {at_once}", "nomination": one}
            complaints.complain(review, facts, by=by)

    grow()
    pages = [at(name, review.pk) for name in ("notice", "comment_list", "complaint_list", "review_detail")]
    for user in (office, cast["clerk"], cast["director"], cast["inspector"]):
        client = client_of(user)
        for page in [*pages, "/", at("comment_add", review.pk), at("complaint_add", review.pk)]:
            assert_same_queries(client, page, grow)
    assert OpenPeriod.objects.count() == 1
