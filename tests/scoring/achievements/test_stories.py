"""An achievement from the first word to the head's decision."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import CampaignYear, Criterion, Deadline, Stage
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization import roles
from organization.models import Appointment, User
from scoring.actions import achievements as actions
from scoring.actions import evidence
from scoring.models import Achievement, CoAuthor, Scorecard
from scoring.queries.achievements import (
    open_points,
    own_share,
    problems_of,
    whereabouts,
)
from tests.cast import fresh
from tests.letters.reading import only_behind

Maker = Callable[..., Achievement]


def verbs(achievement: Achievement) -> list[str]:
    return [entry.verb for entry in history_of(achievement)]


def sentences(achievement: Achievement, **more: Any) -> str:
    return " ".join(problem.sentence for problem in problems_of(achievement, **more))


def test_the_head_confirms_what_the_clerk_reports(submitted_by: Maker, clerk: User, head: User) -> None:
    achievement = submitted_by(clerk)
    assert achievement.approving_unit.code == "cchc"
    assert achievement.submitted_at is not None
    assert whereabouts(achievement).holder == "Phòng CCHC – Lê Minh Châu"
    actions.confirm(achievement, by=head)
    achievement.refresh_from_db()
    assert achievement.state == "confirmed"
    assert verbs(achievement) == ["confirm", "submit", "save", "start"]
    letters = {letter.kind: letter.recipient for letter in Letter.objects.all()}
    assert letters == {"scoring/achievement_submitted": head, "scoring/achievement_confirmed": clerk}
    body = Letter.objects.get(recipient=head).body
    assert "Nguyễn Văn An" in body
    assert "“Rút ngắn thời gian giải quyết hồ sơ”" in body


def test_the_heads_own_achievement_goes_one_level_up(submitted_by: Maker, head: User, director: User) -> None:
    achievement = submitted_by(head)
    assert achievement.approving_unit.code == "so"
    with pytest.raises(Refused, match="không có quyền"):
        actions.confirm(achievement, by=head)
    actions.confirm(achievement, by=director)
    assert achievement.state == "confirmed"


def test_a_head_who_is_co_author_does_not_decide(draft_of: Maker, clerk: User, head: User) -> None:
    achievement = draft_of(clerk)
    actions.set_co_authors(achievement, [(head.person, Decimal(30))], by=clerk)
    actions.submit(achievement, by=clerk)
    assert achievement.approving_unit.code == "so"


def test_a_collective_one_written_by_the_head_goes_up(submitted_by: Maker, head: User) -> None:
    achievement = submitted_by(head, collective=True)
    assert achievement.person is None
    assert achievement.approving_unit.code == "so"


def test_nobody_is_above_the_director(draft_of: Maker, director: User) -> None:
    achievement = draft_of(director)
    with pytest.raises(Refused, match="Chưa xác định được ai xác nhận"):
        actions.submit(achievement, by=director)
    achievement.refresh_from_db()
    assert achievement.state == "draft"


def test_a_deputy_decides_only_with_a_delegation(
    submitted_by: Maker, clerk: User, head: User, deputy: User
) -> None:
    achievement = submitted_by(clerk)
    with pytest.raises(Refused, match="không có quyền"):
        actions.confirm(achievement, by=deputy)
    today = timezone.localdate()
    Appointment.objects.create(
        person=deputy.person, role=roles.HEAD, unit=achievement.unit, started_on=today, ended_on=today,
        delegated_by=head.person, basis="Giấy ủy quyền số 5",
    )  # fmt: skip
    actions.confirm(achievement, by=fresh(deputy))
    assert achievement.state == "confirmed"


def test_an_incomplete_draft_is_kept_and_told_what_is_missing(
    campaign_year: CampaignYear, clerk: User
) -> None:
    achievement = actions.start(campaign_year, by=clerk)
    actions.save(achievement, by=clerk, values={"title": "Mới chỉ có tên"})
    with pytest.raises(Refused) as refusal:
        actions.submit(achievement, by=clerk)
    text = " ".join(refusal.value.reasons)
    for part in ["Chọn tiêu chí", "ngày hoàn thành", "số lượng", "kết quả"]:
        assert part in text
    achievement.refresh_from_db()
    assert (achievement.state, achievement.title) == ("draft", "Mới chỉ có tên")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"happened_on": date(2024, 12, 31)}, "không thuộc năm 2025"),
        ({"quantity": Decimal(0)}, "lớn hơn 0"),
        ({"result": ""}, "Ghi kết quả"),
        ({"title": "   "}, "Ghi tên"),
    ],
)
def test_what_is_wrong_is_said(draft_of: Maker, clerk: User, changes: dict[str, Any], sentence: str) -> None:
    assert sentence in sentences(draft_of(clerk, **changes))


def test_a_day_that_has_not_come_is_refused(draft_of: Maker, clerk: User) -> None:
    achievement = draft_of(clerk, happened_on=date(2025, 12, 20))
    assert "chưa đến" in sentences(achievement, today=date(2025, 12, 19))
    assert sentences(achievement, today=date(2025, 12, 20)) == ""


def test_a_criterion_for_others_or_of_another_year_is_refused(
    draft_of: Maker, clerk: User, criteria: dict[str, Criterion], campaign_year: CampaignYear
) -> None:
    assert "không chấm cho cá nhân" in sentences(draft_of(clerk, criterion=criteria["2.1"]))
    criteria["1.1"].criteria_set.state = "superseded"
    criteria["1.1"].criteria_set.save()
    achievement = draft_of(clerk, title="Cái khác", criterion=Criterion.objects.get(code="1.1"))
    assert "không thuộc bộ tiêu chí đang áp dụng" in sentences(achievement)


def test_required_evidence(draft_of: Maker, clerk: User, criteria: dict[str, Criterion], stored: Any) -> None:
    achievement = draft_of(clerk, criterion=criteria["1.2"])
    assert achievement.measure == "giải pháp"
    assert "bắt buộc có tài liệu" in sentences(achievement)
    evidence.add_evidence(achievement, stored(clerk), by=clerk, page="3")
    assert sentences(achievement) == ""


def test_the_criterion_gives_the_measure(
    campaign_year: Any, criteria: dict[str, Criterion], clerk: User
) -> None:
    achievement = actions.start(campaign_year, by=clerk)
    actions.save(achievement, by=clerk, values={"criterion": criteria["1.2"]})
    assert achievement.measure == "sáng kiến"


def test_shares_must_leave_something_for_the_reporter(
    draft_of: Maker, clerk: User, colleague: User, head: User
) -> None:
    achievement = draft_of(clerk)
    actions.set_co_authors(
        achievement, [(colleague.person, Decimal(60)), (head.person, Decimal(40))], by=clerk
    )
    achievement = Achievement.objects.get(pk=achievement.pk)
    assert "không còn phần cho người báo cáo" in sentences(achievement)
    actions.set_co_authors(achievement, [(colleague.person, Decimal("33.33"))], by=clerk)
    assert own_share(Achievement.objects.get(pk=achievement.pk)) == Decimal("66.67")


@pytest.mark.parametrize("share", ["0", "100", "-5"])
def test_impossible_shares(draft_of: Maker, clerk: User, colleague: User, share: str) -> None:
    with pytest.raises(Refused, match="lớn hơn 0"):
        actions.set_co_authors(draft_of(clerk), [(colleague.person, Decimal(share))], by=clerk)


def test_nobody_is_his_own_co_author_nor_twice(draft_of: Maker, clerk: User, colleague: User) -> None:
    achievement = draft_of(clerk)
    with pytest.raises(Refused, match="là người báo cáo"):
        actions.set_co_authors(achievement, [(clerk.person, Decimal(10))], by=clerk)
    twice = [(colleague.person, Decimal(10)), (colleague.person, Decimal(20))]
    with pytest.raises(Refused, match="một lần"):
        actions.set_co_authors(achievement, twice, by=clerk)
    assert not CoAuthor.objects.exists()


def test_after_the_deadline_only_returned_ones_come_in(
    in_state: Callable[[str], Achievement], clerk: User, campaign_year: CampaignYear
) -> None:
    returned = in_state("returned")
    draft = in_state("draft")
    waiting = in_state("submitted")
    yesterday = timezone.localdate() - timedelta(days=1)
    Deadline.objects.filter(campaign_year=campaign_year, stage=Stage.ACHIEVEMENTS).update(due_on=yesterday)
    with pytest.raises(Refused, match=f"hết ngày {yesterday:%d/%m/%Y}.*Văn phòng Sở"):
        actions.submit(draft, by=clerk)
    with pytest.raises(Refused, match="không nộp lại được"):
        actions.withdraw(waiting, by=clerk)
    actions.save(returned, by=clerk, values={"title": "Tên rõ hơn"})
    actions.submit(returned, by=clerk)
    assert returned.state == "submitted"


def test_a_closed_year_takes_nothing(draft_of: Maker, clerk: User, campaign_year: CampaignYear) -> None:
    achievement = draft_of(clerk)
    CampaignYear.objects.update(state="closed")
    achievement = Achievement.objects.get(pk=achievement.pk)
    with pytest.raises(Refused, match="không nhận thành tích"):
        actions.submit(achievement, by=clerk)
    with pytest.raises(Refused, match="không nhận thành tích"):
        actions.start(CampaignYear.objects.get(), by=clerk)


def test_only_flagged_points_reopen(submitted_by: Maker, clerk: User, head: User, colleague: User) -> None:
    achievement = submitted_by(clerk)
    actions.send_back(achievement, by=head, flags={"quantity": "Ghi đúng số.", "result": "Thiếu số liệu."})
    assert open_points(achievement) == {"quantity", "result"}
    assert only_behind(Letter.objects.get(kind="scoring/achievement_returned"), "Thiếu số liệu.")
    with pytest.raises(Refused, match="“Tên thành tích”"):
        actions.save(achievement, by=clerk, values={"title": "Tên khác", "quantity": Decimal(3)})
    with pytest.raises(Refused, match="“Đồng tác giả”"):
        actions.set_co_authors(achievement, [(colleague.person, Decimal(10))], by=clerk)
    achievement.refresh_from_db()
    assert (achievement.title, achievement.quantity) == ("Rút ngắn thời gian giải quyết hồ sơ", Decimal(1))
    actions.save(achievement, by=clerk, values={"quantity": Decimal(3)})
    with pytest.raises(Refused, match="“Kết quả đạt được” bị trả lại"):
        actions.submit(achievement, by=clerk)
    flag = achievement.flags.get(point="result")
    actions.save(achievement, by=clerk, answers={flag.pk: "Số liệu ở phụ lục 2."})
    actions.submit(achievement, by=clerk)
    assert achievement.state == "submitted"
    submission = history_of(achievement).filter(verb="submit").first()
    assert submission.comment == "Kết quả đạt được: Số liệu ở phụ lục 2."
    returned = Letter.objects.get(kind="scoring/achievement_returned")
    assert returned.recipient == clerk


def test_sending_back_needs_points_with_reasons(submitted_by: Maker, clerk: User, head: User) -> None:
    achievement = submitted_by(clerk)
    for flags in [{}, {"state": "x"}, {"title": "  "}]:
        with pytest.raises(Refused):
            actions.send_back(achievement, by=head, flags=flags)
    with pytest.raises(Refused, match="lý do"):
        actions.refuse(achievement, by=head, comment="  ")
    achievement.refresh_from_db()
    assert achievement.state == "submitted"


def test_reopening_a_confirmed_one(in_state: Callable[[str], Achievement], office: User, clerk: User) -> None:
    achievement = in_state("confirmed")
    actions.reopen(achievement, by=office, flags={"evidence": "Thiếu quyết định."}, comment="Theo kiểm tra")
    assert achievement.state == "returned"
    assert "Theo kiểm tra" in history_of(achievement).first().comment
    assert open_points(achievement) == {"evidence"}


def test_a_published_result_keeps_its_achievements(
    in_state: Callable[[str], Achievement], office: User, clerk: User, campaign_year: CampaignYear
) -> None:
    achievement = in_state("confirmed")
    Scorecard.objects.create(
        campaign_year=campaign_year, criteria_set=campaign_year.criteria_sets.get(), unit=achievement.unit,
        unit_name="x", person=clerk.person, state="published",
    )  # fmt: skip
    with pytest.raises(Refused, match="đã công bố"):
        actions.reopen(achievement, by=office, flags={"title": "Sai tên"})


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("draft", ""),
        ("submitted", ""),
        ("approved", "đã được thủ trưởng duyệt"),
        ("appraised", "đã thẩm định"),
    ],
)
def test_what_a_decided_sheet_counts_is_not_reopened(
    state: str, sentence: str, in_state: Callable[[str], Achievement], head: User, colleague: User,
    campaign_year: CampaignYear, client_of: Callable[[User], Client], draft_of: Maker,
) -> None:  # fmt: skip
    """The co-author's sheet counts as much as the author's own."""
    clerk = in_state("draft").prepared_by
    achievement = draft_of(clerk, title="Sáng kiến chung của hai người")
    actions.set_co_authors(achievement, [(colleague.person, Decimal(30))], by=clerk)
    actions.submit(achievement, by=clerk)
    actions.confirm(achievement, by=head)
    Scorecard.objects.create(
        campaign_year=campaign_year, criteria_set=campaign_year.criteria_sets.get(), unit=achievement.unit,
        unit_name="x", person=colleague.person, state=state,
    )  # fmt: skip
    url = reverse("scoring:achievement_detail", args=[achievement.pk])
    page = client_of(head).get(url).content.decode()
    if not sentence:
        assert "Mở lại để sửa" in page
        actions.reopen(achievement, by=head, flags={"title": "Sai tên"})
        return
    told = f"Phiếu chấm điểm năm 2025 của Trần Thị Bình {sentence} có tính thành tích này."
    assert told in page
    assert "Mở lại để sửa" not in page
    with pytest.raises(Refused, match=f"{told} Muốn mở lại, phải trả lại phiếu đó trước"):
        actions.reopen(achievement, by=head, flags={"title": "Sai tên"})
    achievement.refresh_from_db()
    assert achievement.state == "confirmed"


def test_a_refused_one_counts_nowhere_and_may_be_taken_up_again(
    in_state: Callable[[str], Achievement], head: User, clerk: User, campaign_year: CampaignYear
) -> None:
    achievement = in_state("refused")
    Scorecard.objects.create(
        campaign_year=campaign_year, criteria_set=campaign_year.criteria_sets.get(), unit=achievement.unit,
        unit_name="x", person=clerk.person, state="approved",
    )  # fmt: skip
    actions.reopen(achievement, by=head, flags={"result": "Xem lại"})
    assert achievement.state == "returned"


def test_submitting_twice_is_harmless(submitted_by: Maker, clerk: User) -> None:
    achievement = submitted_by(clerk)
    with pytest.raises(AlreadyDone, match="rồi"):
        actions.submit(achievement, by=clerk)
    assert Letter.objects.count() == 1


def test_of_two_deciders_the_second_is_told(
    submitted_by: Maker, head: User, director: User, clerk: User
) -> None:
    achievement = submitted_by(clerk)
    Appointment.objects.create(
        person=director.person, role=roles.HEAD, unit=achievement.unit, started_on=date(2020, 1, 1)
    )
    seen_by_head = Achievement.objects.get(pk=achievement.pk)
    actions.confirm(achievement, by=fresh(director))
    with pytest.raises(Refused, match="Đã xác nhận"):
        actions.refuse(seen_by_head, by=head, comment="Không đúng")
    seen_by_head.refresh_from_db()
    assert seen_by_head.state == "confirmed"


def test_a_decision_on_an_older_text_is_refused(submitted_by: Maker, clerk: User, head: User) -> None:
    achievement = submitted_by(clerk)
    read = achievement.version
    actions.withdraw(achievement, by=clerk)
    actions.save(achievement, by=clerk, values={"quantity": Decimal(99)})
    actions.submit(achievement, by=clerk)
    with pytest.raises(Stale):
        actions.confirm(achievement, by=head, version=read)


def test_starting_twice_gives_one_empty_draft(campaign_year: CampaignYear, clerk: User, office: User) -> None:
    first = actions.start(campaign_year, by=clerk)
    assert actions.start(campaign_year, by=clerk) == first
    actions.save(first, by=clerk, values={"title": "Đã viết"})
    assert actions.start(campaign_year, by=clerk) != first
    assert actions.start(campaign_year, by=clerk, collective=True).person is None


def test_a_unit_that_takes_no_part_reports_nothing(campaign_year: CampaignYear, director: User) -> None:
    with pytest.raises(Refused, match="không tham gia"):
        actions.start(campaign_year, by=director, collective=True)


def test_only_drafts_are_removed(
    in_state: Callable[[str], Achievement], clerk: User, colleague: User
) -> None:
    draft, waiting = in_state("draft"), in_state("submitted")
    with pytest.raises(Refused):
        actions.remove(draft, by=colleague)
    with pytest.raises(Refused, match="Chỉ xóa được bản nháp"):
        actions.remove(waiting, by=clerk)
    actions.remove(draft, by=clerk)
    assert Achievement.objects.get() == waiting


def test_text_in_decomposed_form_is_stored_composed_and_found(draft_of: Maker, clerk: User) -> None:
    achievement = draft_of(clerk, title="Sa\u0301ng kie\u0302\u0301n")
    achievement.refresh_from_db()
    assert achievement.title == "Sáng kiến"
    assert achievement.title_key == "sang kien"
    assert "nguyen van an" in achievement.search_key


def test_a_sitting_of_saves_is_one_line_of_the_journal(draft_of: Maker, clerk: User) -> None:
    achievement = draft_of(clerk)
    for number in range(3):
        actions.save(achievement, by=clerk, values={"title": f"Lần {number}"})
    actions.save(achievement, by=clerk, values={"title": "Lần 2"})
    assert verbs(achievement) == ["save", "start"]
    assert achievement.version == 5
