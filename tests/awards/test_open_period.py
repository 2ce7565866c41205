"""The open period: the list is public, people comment, the Office answers, then the council may be called."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from awards import actions
from awards.actions import notices
from awards.models import Comment, Hold, OpenPeriod, Review, ReviewDeadline, Setting, SettingValue
from awards.queries import notices as queries
from awards.queries import tasks_of
from awards.workflow import COMMENT
from core import clock
from core.models import Entry, Letter
from core.reminding import WorkDay
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Unit, User
from tests.awards.open_periods import LAST, PUBLISHED, moment, nominate, of, publish, season

WITHIN = moment(date(2025, 1, 8), 10)
OVER = moment(date(2025, 1, 14), 8)
ANSWER: dict[str, Any] = {"verdict": "accepted", "text": "Sẽ bổ sung minh chứng.", "is_published": False}


@pytest.fixture(autouse=True)
def within_the_period() -> Iterator[None]:
    with clock.at(WITHIN):
        yield


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return publish(season(office, cast, units), office)


# --- until when -----------------------------------------------------------------------------------------
def test_the_publication_is_noted_and_the_calendar_gives_the_last_day(review: Review, office: User) -> None:
    period = OpenPeriod.objects.get()
    assert (period.opened_at, period.opened_by, period.closed_at) == (PUBLISHED, office, None)
    assert queries.last_day(period) == LAST
    assert queries.left_in_words(LAST, date(2025, 1, 8)) == "còn 3 ngày làm việc"
    assert queries.left_in_words(LAST, date(2025, 1, 11)) == "còn 1 ngày làm việc"
    assert queries.left_in_words(LAST, LAST) == "hôm nay là ngày cuối"


def test_without_a_day_in_the_calendar_working_days_are_counted(
    office: User, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    """As the figures and the calendar stand when it is published: later ones change nothing that was told."""
    WorkDay.objects.create(day=date(2025, 1, 10), kind="off", name="Nghỉ")
    review = season(office, cast, units)
    ReviewDeadline.objects.filter(step="open_period").delete()
    publish(review, office)
    period = OpenPeriod.objects.get()
    assert queries.last_day(period) == date(2025, 1, 21)  # ten working days after Monday the 6th
    setting = Setting.objects.get(code="open-period-days")
    SettingValue.objects.create(setting=setting, value=3, basis="Quy chế", set_by=office)
    assert queries.last_day(period) == date(2025, 1, 21)
    actions.move_review(review, "withdraw_notice", by=office, comment="Thẩm định lại")
    publish(review, office)
    assert queries.last_day(review.open_periods.get(number=2)) == date(2025, 1, 9)


def test_where_nothing_sets_a_day_the_office_ends_it(
    office: User, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    review = season(office, cast, units)
    ReviewDeadline.objects.filter(step="open_period").delete()
    setting = Setting.objects.get(code="open-period-days")
    SettingValue.objects.create(setting=setting, value=None, basis="Quy chế", set_by=office)
    publish(review, office)
    assert queries.last_day(OpenPeriod.objects.get()) is None
    notices.answer(notices.send_comment(review, "Đồng ý.", by=cast["clerk"]), **ANSWER, by=office)
    actions.move_review(review, "call_council", by=office)


def test_the_last_day_may_be_prolonged_and_not_shortened(review: Review, office: User) -> None:
    values = {"letter_number": review.letter_number, "letter_date": review.letter_date, "guidance": ""}

    def set_day(day: date | None) -> None:
        actions.change_review(
            Review.objects.get(),
            values,
            awards=[],
            deadlines={"open_period": day, "council": None},
            by=office,
        )

    with pytest.raises(Refused, match="công khai đến hết ngày 13/01/2025; hạn lấy ý kiến chỉ gia hạn"):
        set_day(date(2025, 1, 12))
    assert queries.last_day(OpenPeriod.objects.get()) == LAST
    set_day(date(2025, 1, 22))
    assert queries.last_day(OpenPeriod.objects.get()) == date(2025, 1, 22)
    with pytest.raises(Refused, match="đến hết ngày 22/01/2025"):
        set_day(None)  # the province's ten days would end on the 20th


def test_a_day_that_had_passed_when_it_was_published_gives_nobody_time(
    office: User, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    review = publish(season(office, cast, units), office, moment(date(2025, 1, 14), 9))
    assert queries.last_day(review.open_periods.get()) == date(2025, 1, 28)


@pytest.mark.parametrize(
    ("at", "is_taken"),
    [
        (moment(LAST, 23, 59, 59), True),
        (moment(LAST + timedelta(days=1), 0), False),
        (moment(date(2025, 1, 6), 9, 30), True),
    ],
)
def test_the_last_day_counts_to_midnight_in_vietnam(
    at: datetime, is_taken: bool, review: Review, clerk: User
) -> None:
    with clock.at(at):
        if is_taken:
            assert notices.send_comment(review, "Đồng ý.", by=clerk).sent_at == at
            return
        with pytest.raises(
            Refused, match="Đã hết thời gian góp ý: cổng nhận ý kiến trước 24 giờ 00 ngày 13/01/2025"
        ):
            notices.send_comment(review, "Đồng ý.", by=clerk)


# --- comments -------------------------------------------------------------------------------------------
def test_a_comment_is_answered_and_its_author_told_without_a_word_of_it(
    review: Review, cast: dict[str, User], office: User
) -> None:
    clerk, stranger = cast["clerk"], cast["stranger"]
    said = notices.send_comment(
        review, "Bình đã nghỉ nhiều.", by=stranger, nomination=of(review, cast["colleague"])
    )
    [letter] = Letter.objects.filter(kind="awards/private/comment_came")
    assert letter.recipient == office
    with pytest.raises(AlreadyDone):
        notices.send_comment(
            review, "Bình đã nghỉ nhiều.", by=stranger, nomination=of(review, cast["colleague"])
        )
    notices.answer(said, **ANSWER, by=office, version=1)
    [letter] = Letter.objects.filter(kind="awards/private/comment_answered")
    assert letter.recipient == stranger
    for one in Letter.objects.filter(kind__startswith="awards/private/comment"):
        words = f"{one.subject} {one.body} {one.body_html}"
        assert not any(word in words for word in ("Bình đã nghỉ", "Trần Thị Bình", "minh chứng", "tiếp thu"))
    assert [one.verb for one in Entry.objects.about(said)] == ["answer", "send"]
    with pytest.raises(Refused):
        notices.take_back(said, by=stranger)
    assert not Comment.objects.visible_to(clerk).exists()


def test_a_comment_may_be_taken_back_until_it_is_answered(review: Review, clerk: User, office: User) -> None:
    said = notices.send_comment(review, "Nhầm.", by=clerk)
    notices.take_back(said, by=clerk)
    with pytest.raises(AlreadyDone):
        notices.take_back(said, by=clerk)
    with pytest.raises(Refused, match="đang ở trạng thái “Đã rút”"):
        notices.answer(said, **ANSWER, by=office)
    assert not Comment.objects.visible_to(office).exists()
    assert Comment.objects.visible_to(clerk).get() == said
    assert notices.send_comment(review, "Nhầm.", by=clerk).pk != said.pk  # said anew it is another one


def test_what_is_refused(review: Review, cast: dict[str, User], units: dict[str, Unit], office: User) -> None:
    clerk = cast["clerk"]
    with pytest.raises(Refused, match="Hãy ghi nội dung góp ý"):
        notices.send_comment(review, "  ", by=clerk)
    other = nominate(review, units["tccb"], cast["appraiser"], office)
    other.verdict = "rejected"
    other.save()
    with pytest.raises(Refused, match="không có trong danh sách"):
        notices.send_comment(review, "Vì sao?", by=clerk, nomination=other)
    said = notices.send_comment(review, "Đồng ý.", by=clerk)
    with pytest.raises(Refused, match="tiếp thu hay không"):
        notices.answer(said, **{**ANSWER, "verdict": ""}, by=office)
    with pytest.raises(Refused, match="Hãy ghi câu trả lời"):
        notices.answer(said, **{**ANSWER, "text": " "}, by=office)
    assert Comment.objects.get().state == "sent"


def test_nobody_answers_his_own_comment_or_one_about_himself(
    review: Review, office: User, clerk: User, units: dict[str, Unit], second_office: User
) -> None:
    """Hà of the Office is on the list herself, and says something too; Hải heads the Office's unit."""
    about_her = notices.send_comment(review, "Chưa xứng đáng.", by=clerk, nomination=of(review, office))
    own = notices.send_comment(review, "Danh sách hợp lý.", by=office)
    nominate(review, units["vp"], units["vp"], office, "advanced_labor_collective")
    about_his_unit = notices.send_comment(
        review, "Tập thể tốt.", by=clerk, nomination=of(review, units["vp"])
    )
    for said, who in ((about_her, office), (own, office), (about_his_unit, second_office)):
        with pytest.raises(Refused, match="không có quyền"):
            notices.answer(said, **ANSWER, by=who)
    assert about_her not in Comment.objects.visible_to(office)
    recipients = Letter.objects.filter(kind="awards/private/comment_came", target_id=about_her.pk)
    assert [one.recipient for one in recipients] == [second_office]
    [task] = [one for one in tasks_of(office) if "góp ý" in one.title]
    assert task.count == 1  # only the one about Hải's unit
    notices.answer(about_her, **{**ANSWER, "is_published": True}, by=second_office)
    assert about_her in Comment.objects.visible_to(office)  # as everybody


def test_who_reads_what(review: Review, cast: dict[str, User], office: User) -> None:
    hidden = notices.send_comment(review, "Một", by=cast["clerk"])
    shown = notices.send_comment(review, "Hai", by=cast["clerk"], is_named=True)
    unnamed = notices.send_comment(review, "Ba", by=cast["clerk"])
    kept = notices.send_comment(review, "Bốn", by=cast["clerk"])
    for said, public in ((hidden, False), (shown, True), (unnamed, True)):
        notices.answer(said, **{**ANSWER, "is_published": public}, by=office)
    everything, public = {hidden, shown, unnamed, kept}, {shown, unnamed}
    for part, user in cast.items():
        seen = everything if part in ("clerk", "office", "inspector") else public
        assert set(Comment.objects.visible_to(user)) == seen, part
    stranger = cast["stranger"]
    assert queries.name_shown(shown, stranger) == "Nguyễn Văn An"
    assert queries.name_shown(unnamed, stranger) == "Một người làm việc tại Sở"
    assert queries.name_shown(unnamed, cast["inspector"]) == "Nguyễn Văn An"
    assert queries.name_shown(unnamed, cast["clerk"]) == "Bạn"
    notices.reopen_answer(unnamed, by=office, comment="Trả lời chưa đủ")
    assert set(Comment.objects.visible_to(stranger)) == {shown}


def test_matrix_of_roles_states_and_moves(review: Review, cast: dict[str, User]) -> None:
    said = notices.send_comment(review, "Đồng ý.", by=cast["clerk"])
    of_part = {
        ("office", "sent"): {"answer"},
        ("office", "answered"): {"reopen_answer"},
        ("clerk", "sent"): {"take_back"},
    }
    whole = {"verdict": "declined", "answer": "Không", "answered_by": cast["office"], "answered_at": WITHIN}
    acts: dict[str, Callable[..., None]] = {
        "take_back": notices.take_back,
        "reopen_answer": notices.reopen_answer,
        "answer": lambda said, *, by, comment: notices.answer(said, **ANSWER, by=by),
    }
    for state in Comment.State.values:
        for part, user in cast.items():
            allowed = of_part.get((part, state), set())
            Comment.objects.filter(pk=said.pk).update(state=state, **whole)
            said.refresh_from_db()
            assert {move.verb for move in COMMENT.available(said, user)} == allowed, (part, state)
            for verb in set(acts) - allowed:
                with pytest.raises(Refused):
                    acts[verb](said, by=user, comment="Lý do")
                said.refresh_from_db()
                assert said.state == state
            for verb in allowed:
                acts[verb](said, by=user, comment="Lý do")
                assert said.state == COMMENT.moves[verb].target


def test_two_of_the_office_answer_at_the_same_moment(
    review: Review, clerk: User, office: User, second_office: User
) -> None:
    said = notices.send_comment(review, "Đồng ý.", by=clerk)
    mine, yours = Comment.objects.get(pk=said.pk), Comment.objects.get(pk=said.pk)
    notices.answer(mine, **ANSWER, by=office, version=1)
    with pytest.raises(Refused, match="Đỗ Thị Hà đã thực hiện"):
        notices.answer(yours, **{**ANSWER, "text": "Khác"}, by=second_office, version=1)
    assert Comment.objects.get().answer == ANSWER["text"]
    assert Letter.objects.filter(kind="awards/private/comment_answered").count() == 1
    notices.reopen_answer(mine, by=office, comment="Bổ sung", version=2)
    with pytest.raises(Stale):
        notices.answer(yours, **ANSWER, by=second_office, version=1)


# --- the council ----------------------------------------------------------------------------------------
def test_the_council_waits_for_the_last_day_and_the_answers(
    review: Review, clerk: User, office: User
) -> None:
    said = notices.send_comment(review, "Đồng ý.", by=clerk)
    with clock.at(moment(LAST, 23, 59)), pytest.raises(Refused) as refused:
        actions.move_review(review, "call_council", by=office)
    assert refused.value.reasons == [
        "Danh sách còn công khai lấy ý kiến trước 24 giờ 00 ngày 13/01/2025.",
        "Còn 1 ý kiến góp ý chưa được trả lời.",
    ]
    with clock.at(OVER):
        with pytest.raises(Refused, match="Còn 1 ý kiến"):
            actions.move_review(review, "call_council", by=office)
        notices.answer(said, **ANSWER, by=office)  # late comments are refused, late answers are not
        actions.move_review(review, "call_council", by=office)
        assert (review.state, OpenPeriod.objects.get().closed_at) == (Review.State.COUNCIL, OVER)
        with pytest.raises(Refused, match="không ở bước công khai"):
            notices.send_comment(review, "Muộn.", by=clerk)
        with pytest.raises(Refused, match="khi danh sách đang công khai"):
            notices.reopen_answer(said, by=office, comment="Lý do")
        actions.move_review(review, "return_to_notice", by=office, comment="Còn ý kiến")
        assert queries.last_day(review.open_periods.get(number=2)) == date(2025, 1, 28)
        notices.send_comment(review, "Kịp rồi.", by=clerk)


def test_what_was_said_of_a_list_that_was_taken_back_stays(
    review: Review, clerk: User, office: User, client_of: Any
) -> None:
    said = notices.send_comment(review, "Thiếu minh chứng.", by=clerk)
    actions.move_review(review, "withdraw_notice", by=office, comment="Thẩm định lại")
    with pytest.raises(Refused, match="không ở bước công khai"):
        notices.send_comment(review, "Còn nữa.", by=clerk)
    page = client_of(clerk).get(f"/khen-thuong/binh-xet/{review.pk}/cong-khai/").content.decode()
    assert "đã được đưa về thẩm định lại" in page
    assert "Thiếu minh chứng." in page
    assert "Trần Thị Bình" not in page
    assert list(queries.unanswered_comments(review)) == [said]
    actions.move_review(review, "publish_notice", by=office)
    assert [one.number for one in review.open_periods.all()] == [1, 2]
    page = client_of(clerk).get(f"/khen-thuong/binh-xet/{review.pk}/cong-khai/").content.decode()
    assert "Lần công khai 1" in page
    with clock.at(OVER), pytest.raises(Refused, match="Còn 1 ý kiến"):
        actions.move_review(review, "call_council", by=office)


def test_who_is_held_is_marked_and_why_is_not_told(
    review: Review, cast: dict[str, User], office: User, client_of: Any
) -> None:
    Hold.objects.create(
        person=cast["colleague"].person, reason="inspection", paper="12/TTr", started_on=date(2025, 1, 7),
        placed_by=office,
    )  # fmt: skip
    address = f"/khen-thuong/binh-xet/{review.pk}/cong-khai/"
    page = client_of(cast["stranger"]).get(address).content.decode()
    assert "Tạm dừng xét khen thưởng từ ngày 07/01/2025, đến khi có kết luận." in page
    assert "12/TTr" not in page
    assert "12/TTr" in client_of(cast["inspector"]).get(address).content.decode()
