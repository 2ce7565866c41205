"""Complaints about a review: received, accepted within their days, resolved with a paper, and what follows."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from awards import actions
from awards.actions import complaints
from awards.models import Complaint, Decision, Hold, Review, Setting, SettingValue
from awards.queries import notices as queries
from awards.queries import tasks_of
from awards.workflow import COMPLAINT
from core import clock
from core.models import Entry, Letter
from core.reminding import WorkDay
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Unit, User
from tests.awards.open_periods import moment, nominate, of, publish, season

WITHIN = moment(date(2025, 1, 8), 10)
OVER = moment(date(2025, 1, 14), 8)
PAPER = {"document_number": "45/TB-SNV", "document_date": date(2025, 1, 8)}
UPHELD: dict[str, Any] = {"outcome": "upheld", "resolution": "Nội dung đơn là đúng.", **PAPER}
FORWARDED: dict[str, Any] = {
    "forwarded_to": "UBND tỉnh", "forward_number": "45/SNV-TTr", "forwarded_on": date(2025, 1, 8),
}  # fmt: skip
REJECTED: dict[str, Any] = {"outcome": "rejected", "resolution": "Không có căn cứ.", **PAPER}


@pytest.fixture(autouse=True)
def within_the_period() -> Iterator[None]:
    with clock.at(WITHIN):
        yield


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return publish(season(office, cast, units), office)


def written(review: Review, **changes: Any) -> dict[str, Any]:
    return {"kind": "complaint", "text": "Kê khai thành tích không đúng.", **changes}


@pytest.fixture
def complaint(review: Review, cast: dict[str, User]) -> Complaint:
    """Tùng of another unit, about Bình."""
    about = of(review, cast["colleague"])
    return complaints.complain(review, written(review, nomination=about), by=cast["stranger"])


def test_from_the_receipt_to_the_result(complaint: Complaint, cast: dict[str, User], office: User) -> None:
    stranger = cast["stranger"]
    assert (complaint.received_on, complaint.accept_by) == (
        date(2025, 1, 8),
        date(2025, 1, 20),
    )  # the 18th: Saturday
    assert complaint.due == date(2025, 1, 20)
    [came] = Letter.objects.filter(kind="awards/private/complaint_came")
    [received] = Letter.objects.filter(kind="awards/private/complaint_received")
    assert (came.recipient, received.recipient) == (office, stranger)
    with clock.at(moment(date(2025, 1, 9), 8)):
        complaints.accept(complaint, by=office, version=1)
        assert (complaint.accepted_on, complaint.due) == (
            date(2025, 1, 9),
            date(2025, 2, 10),
        )  # the 8th: Saturday
    with clock.at(moment(date(2025, 1, 20), 8)):
        values = {**REJECTED, "document_date": date(2025, 1, 20)}
        complaints.resolve(complaint, values, by=office, version=2)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.outcome, complaint.ended_on) == (
        "resolved",
        "rejected",
        date(2025, 1, 20),
    )
    assert complaint.due is None
    letters = Letter.objects.filter(kind="awards/private/complaint_decided")
    assert [one.recipient for one in letters] == [stranger, stranger]
    for one in Letter.objects.filter(kind__startswith="awards/private/complaint"):
        words = f"{one.subject} {one.body} {one.body_html}"
        assert not any(word in words for word in ("Trần Thị Bình", "Kê khai", "căn cứ", "Lao động tiên tiến"))
    assert [one.verb for one in Entry.objects.about(complaint)] == ["resolve", "accept", "receive"]


def test_the_days_are_figures_of_the_province(review: Review, cast: dict[str, User], office: User) -> None:
    WorkDay.objects.create(day=date(2025, 1, 20), kind="off", name="Nghỉ")
    one = complaints.complain(review, written(review), by=cast["clerk"])
    assert one.accept_by == date(2025, 1, 21)
    for code, value in (("complaint-days-counted", "working"), ("complaint-accept-days", 5)):
        SettingValue.objects.create(
            setting=Setting.objects.get(code=code), value=value, basis="Quy chế", set_by=office
        )
    two = complaints.complain(review, written(review, text="Khác"), by=cast["clerk"])
    assert two.accept_by == date(2025, 1, 15)
    SettingValue.objects.create(
        setting=Setting.objects.get(code="complaint-resolve-days"), value=None, basis="Quy chế", set_by=office
    )
    complaints.accept(two, by=office)
    assert (two.resolve_by, two.due) == (None, None)


def test_it_may_be_sent_from_the_publication_until_the_term_after_the_end(
    office: User, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    review, clerk = season(office, cast, units), cast["clerk"]
    with pytest.raises(Refused, match="từ khi danh sách đề nghị được công khai"):
        complaints.complain(review, written(review), by=clerk)
    publish(review, office)
    for state in (Review.State.COUNCIL, Review.State.DECIDING, Review.State.NOTICE):
        Review.objects.filter(pk=review.pk).update(state=state)
        review.refresh_from_db()
        complaints.complain(review, written(review, text=state), by=clerk)
    actions.move_review(review, "stop_review", by=office, comment="Dừng")
    with clock.at(moment(date(2025, 4, 8), 23, 59)):
        complaints.complain(review, written(review), by=clerk)
    with clock.at(moment(date(2025, 4, 9), 0)):
        with pytest.raises(Refused, match="kết thúc ngày 08/01/2025; cổng nhận đơn đến hết ngày 08/04/2025"):
            complaints.complain(review, written(review, text="Muộn"), by=clerk)
        late = {"author_name": "Ông Ba", "received_on": date(2025, 4, 8), **written(review)}
        assert complaints.enter(review, late, by=office).author is None  # it came in time


def test_the_office_enters_what_came_on_paper(review: Review, cast: dict[str, User], office: User) -> None:
    facts = {"author_name": "Bà Tư", "address": "Phường 3", "received_on": date(2025, 1, 7)}
    for lacking in ({**facts, "author_name": " "}, {**facts, "received_on": None}):
        with pytest.raises(Refused, match="người gửi đơn và ngày nhận"):
            complaints.enter(review, {**written(review), **lacking}, by=office)
    with pytest.raises(Refused, match="không được sau hôm nay"):
        complaints.enter(review, {**written(review), **facts, "received_on": date(2025, 1, 9)}, by=office)
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở nhập đơn giấy"):
        complaints.enter(review, {**written(review), **facts}, by=cast["clerk"])
    one = complaints.enter(review, {**written(review, kind="denunciation"), **facts}, by=office)
    assert (one.author_name, one.accept_by, one.entered_by) == ("Bà Tư", date(2025, 1, 14), office)
    assert not Letter.objects.filter(kind="awards/private/complaint_received").exists()
    with pytest.raises(AlreadyDone):
        complaints.enter(review, {**written(review, kind="denunciation"), **facts}, by=office)
    with pytest.raises(Refused, match="không có quyền"):  # a denunciation is the Director's
        complaints.withdraw(one, by=office, comment="Bà Tư gửi giấy rút đơn")
    complaints.withdraw(one, by=cast["director"], comment="Bà Tư gửi giấy rút đơn")
    assert (one.state, one.ended_on) == ("withdrawn", date(2025, 1, 8))


def test_what_is_refused(review: Review, cast: dict[str, User], units: dict[str, Unit], office: User) -> None:
    clerk = cast["clerk"]
    hidden = nominate(review, units["tccb"], cast["appraiser"], office)
    hidden.verdict = "rejected"
    hidden.save()
    for wrong, why in (
        (written(review, kind="x"), "Hãy chọn loại đơn"),
        (written(review, text=" "), "Hãy ghi nội dung đơn"),
        (written(review, nomination=hidden), "không có trong danh sách"),
        (written(review, decision=Decision(review=review)), "đã ban hành"),
    ):
        with pytest.raises(Refused, match=why):
            complaints.complain(review, wrong, by=clerk)
    own = complaints.complain(
        review, written(review, nomination=hidden), by=cast["appraiser"]
    )  # his own dossier
    with pytest.raises(Refused, match="lý do không thụ lý"):
        complaints.decline(own, by=office, comment=" ")
    complaints.decline(own, by=office, comment="Không thuộc thẩm quyền.")
    own.refresh_from_db()
    assert (own.state, own.reply) == ("declined", "Không thuộc thẩm quyền.")


def test_a_result_is_whole_or_not_written(complaint: Complaint, office: User) -> None:
    with pytest.raises(Refused, match="đang ở trạng thái “Đã tiếp nhận”"):
        complaints.resolve(complaint, UPHELD, by=office)
    complaints.accept(complaint, by=office)
    for changes, why in (
        ({"outcome": ""}, "kết luận"),
        ({"resolution": " "}, "nội dung giải quyết"),
        ({"document_number": ""}, "số và ngày văn bản"),
        ({"document_date": None}, "số và ngày văn bản"),
        ({"document_date": date(2025, 1, 9)}, "không được sau hôm nay"),
        ({"document_date": date(2025, 1, 7)}, "trước ngày thụ lý"),
        ({"outcome": "rejected", "consequence": "hold"}, "không tạm dừng xét"),
    ):
        with pytest.raises(Refused, match=why):
            complaints.resolve(complaint, {**UPHELD, **changes}, by=office)
        complaint.refresh_from_db()
        assert (complaint.state, complaint.outcome) == ("accepted", "")


def test_upheld_it_may_stop_the_person(complaint: Complaint, cast: dict[str, User], office: User) -> None:
    complaints.accept(complaint, by=office)
    complaints.resolve(complaint, {**UPHELD, "consequence": "hold"}, by=office)
    hold = Hold.objects.get()
    assert (hold.person, hold.reason) == (cast["colleague"].person, "complaint")
    assert (hold.paper, complaint.hold) == ("45/TB-SNV ngày 08/01/2025", hold)
    again = complaints.complain(
        complaint.review, written(complaint.review, nomination=complaint.nomination), by=cast["clerk"]
    )
    complaints.accept(again, by=office)
    complaints.resolve(again, {**UPHELD, "consequence": "hold"}, by=office)
    assert (again.hold, Hold.objects.count()) == (hold, 1)


def test_upheld_it_may_send_the_dossier_back(complaint: Complaint, office: User, clerk: User) -> None:
    review, nomination = complaint.review, complaint.nomination
    assert nomination
    complaints.accept(complaint, by=office)
    Review.objects.filter(pk=review.pk).update(state=Review.State.COUNCIL)
    with pytest.raises(Refused, match="khi đợt đang công khai lấy ý kiến"):
        complaints.resolve(complaint, {**UPHELD, "consequence": "return"}, by=office)
    Review.objects.filter(pk=review.pk).update(state=Review.State.NOTICE)
    complaints.resolve(complaint, {**UPHELD, "consequence": "return"}, by=office)
    nomination.refresh_from_db()
    assert (nomination.verdict, nomination.version) == ("pending", 2)
    assert nomination not in review.nominations.forwarded()
    assert Entry.objects.about(nomination).first().label == "Đưa trở lại thẩm định"  # type: ignore[union-attr]
    names = [line.name for _, lines in queries.listed(review) for line in lines]
    assert "Trần Thị Bình" not in names


def test_about_the_whole_review_no_dossier_is_touched(review: Review, clerk: User, office: User) -> None:
    one = complaints.complain(review, written(review), by=clerk)
    complaints.accept(one, by=office)
    with pytest.raises(Refused, match="không nêu hồ sơ nào"):
        complaints.resolve(one, {**UPHELD, "consequence": "return"}, by=office)


# --- who ------------------------------------------------------------------------------------------------
def test_who_reads_it(complaint: Complaint, cast: dict[str, User]) -> None:
    readers = {part for part, user in cast.items() if Complaint.objects.visible_to(user).exists()}
    assert readers == {"stranger", "office", "inspector", "director"}


def test_it_is_hidden_from_whom_it_is_about(
    review: Review, cast: dict[str, User], office: User, second_office: User, client_of: Any
) -> None:
    """Hà of the Office is complained of: she reads nothing of it, is not written to, and may not handle it."""
    one = complaints.complain(review, written(review, nomination=of(review, office)), by=cast["stranger"])
    assert [letter.recipient for letter in Letter.objects.filter(kind="awards/private/complaint_came")] == [
        second_office
    ]
    assert not Complaint.objects.visible_to(office).exists()
    assert not Letter.objects.visible_to(office).filter(kind__contains="complaint").exists()
    assert Letter.objects.visible_to(cast["stranger"]).filter(kind__contains="complaint").count() == 1
    assert not [task for task in tasks_of(office) if "đơn" in task.title]
    assert [task.due for task in tasks_of(second_office) if "đơn" in task.title] == [date(2025, 1, 20)]
    client = client_of(office)
    for address in ("", "giai-quyet/", "tep/"):
        assert client.get(f"/khen-thuong/binh-xet/don/{one.pk}/{address}").status_code == 404
    assert client.post(f"/khen-thuong/binh-xet/don/{one.pk}/chuyen/accept/").status_code == 404
    assert "Tùng" not in client.get(f"/khen-thuong/binh-xet/{review.pk}/don/").content.decode()
    with pytest.raises(Refused, match="không có quyền"):
        complaints.accept(one, by=office)
    complaints.accept(one, by=second_office)


def test_nobody_handles_his_own(review: Review, office: User) -> None:
    own = complaints.complain(review, written(review), by=office)
    with pytest.raises(Refused, match="không có quyền"):
        complaints.accept(own, by=office)
    assert not [task for task in tasks_of(office) if "đơn" in task.title]
    complaints.withdraw(own, by=office, comment="Đã rõ")


def test_who_is_rewarded_by_the_decision_does_not_judge_it(
    review: Review, office: User, cast: dict[str, User], second_office: User
) -> None:
    decision = Decision.objects.create(
        review=review, level="so", title="Khen thưởng", number="41/QĐ-SNV", signed_on=date(2025, 1, 7),
        issuer="Giám đốc Sở Nội vụ", state="issued", prepared_by=office,
    )  # fmt: skip
    decision.entries.create(nomination=of(review, office))
    one = complaints.complain(review, written(review, decision=decision), by=cast["clerk"])
    assert str(one) == "Khiếu nại về Quyết định 41/QĐ-SNV"
    with pytest.raises(Refused, match="không có quyền"):
        complaints.accept(one, by=office)
    complaints.accept(one, by=second_office)


def test_matrix_of_roles_states_and_moves(complaint: Complaint, cast: dict[str, User], office: User) -> None:
    of_part = {
        ("office", "received"): {"accept", "decline", "forward_complaint"},
        ("office", "accepted"): {"resolve", "forward_complaint"},
        ("office", "forwarded"): {"answer_from_above"},
        ("stranger", "received"): {"withdraw_complaint"},
        ("stranger", "accepted"): {"withdraw_complaint"},
        ("stranger", "forwarded"): {"withdraw_complaint"},
    }
    acts: dict[str, Callable[..., None]] = {
        "accept": complaints.accept,
        "decline": complaints.decline,
        "withdraw_complaint": complaints.withdraw,
        "resolve": lambda one, *, by, comment: complaints.resolve(one, REJECTED, by=by),
        "forward_complaint": lambda one, *, by, comment: complaints.forward(one, FORWARDED, by=by),
        "answer_from_above": lambda one, *, by, comment: complaints.answer_from_above(one, REJECTED, by=by),
    }
    whole = {**UPHELD, **FORWARDED, "ended_on": date(2025, 1, 8), "reply": "Lý do"}
    for state in Complaint.State.values:
        for part, user in cast.items():
            allowed = of_part.get((part, state), set())
            Complaint.objects.filter(pk=complaint.pk).update(state=state, **whole)
            complaint.refresh_from_db()
            assert {move.verb for move in COMPLAINT.available(complaint, user)} == allowed, (part, state)
            for verb in set(acts) - allowed:
                with pytest.raises(Refused):
                    acts[verb](complaint, by=user, comment="Lý do")
                complaint.refresh_from_db()
                assert complaint.state == state
            for verb in allowed:
                Complaint.objects.filter(pk=complaint.pk).update(state=state, **whole)
                acts[verb](complaint, by=user, comment="Lý do")
                assert complaint.state == COMPLAINT.moves[verb].target


def test_two_of_the_office_decide_at_the_same_moment(
    complaint: Complaint, office: User, second_office: User
) -> None:
    mine, yours = Complaint.objects.get(), Complaint.objects.get()
    complaints.accept(mine, by=office, version=1)
    with pytest.raises(Refused, match="Đỗ Thị Hà đã thực hiện|đang ở trạng thái “Đang giải quyết”"):
        complaints.decline(yours, by=second_office, comment="Không thuộc thẩm quyền", version=1)
    with pytest.raises(AlreadyDone):
        complaints.accept(mine, by=office)
    with pytest.raises(Stale):
        complaints.resolve(Complaint.objects.get(), UPHELD, by=second_office, version=1)
    assert Complaint.objects.get().reply == ""
    assert Letter.objects.filter(kind="awards/private/complaint_decided").count() == 1


# --- the council, the first page ------------------------------------------------------------------------
def test_the_council_waits_for_it_unless_the_nominee_is_held(
    complaint: Complaint, cast: dict[str, User], office: User
) -> None:
    review = complaint.review
    complaints.complain(review, written(review), by=cast["clerk"])  # about the review: keeps nobody waiting
    with clock.at(OVER):
        with pytest.raises(Refused, match="Còn 1 đơn khiếu nại, kiến nghị, tố cáo về hồ sơ trong danh sách"):
            actions.move_review(review, "call_council", by=office)
        Hold.objects.create(
            person=cast["colleague"].person, reason="complaint", paper="1/TB", started_on=date(2025, 1, 14),
            placed_by=office,
        )  # fmt: skip
        actions.move_review(review, "call_council", by=office)
    assert queries.open_complaints(review).count() == 2


def test_what_waits_for_the_office_and_until_when(complaint: Complaint, office: User, clerk: User) -> None:
    def waiting() -> list[tuple[str, date | None]]:
        return [(one.title, one.due) for one in tasks_of(office) if "đơn" in one.title]

    assert waiting() == [("Thụ lý đơn khiếu nại: Bình xét năm 2024", date(2025, 1, 20))]
    complaints.accept(complaint, by=office)
    assert waiting() == [("Giải quyết đơn khiếu nại: Bình xét năm 2024", date(2025, 2, 7))]
    complaints.resolve(complaint, REJECTED, by=office)
    assert waiting() == []
    assert not [one for one in tasks_of(clerk) if "đơn" in one.title]


def test_nothing_is_received_twice(complaint: Complaint, cast: dict[str, User]) -> None:
    again = written(complaint.review, nomination=complaint.nomination)
    with pytest.raises(AlreadyDone):
        complaints.complain(complaint.review, again, by=cast["stranger"])
    with clock.at(WITHIN + timedelta(hours=1)):
        complaints.withdraw(complaint, by=cast["stranger"], comment="Nhầm người")
        complaints.complain(complaint.review, again, by=cast["stranger"])
    assert Complaint.objects.count() == 2
