"""The appraisal of an index: questions and answers, rows of other units, survey, leading unit, council, reopening."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from campaigns.actions import rounds
from campaigns.models import Campaign, CampaignYear, Criterion, Deadline, Stage
from campaigns.queries import open_calendar
from core import clock
from core.journal import history_of
from core.models import Letter
from core.workflow import Refused
from organization.models import Unit, User
from scoring.actions import appraisal, closing, columns, publication
from scoring.actions import lines as line_actions
from scoring.actions import sheets as actions
from scoring.models import Line, Scorecard
from scoring.queries.ranking import provisional_ranking, published_results
from scoring.queries.sheets import tasks_of
from tests.cast import fresh
from tests.scoring.sheets.conftest import again, publish_all

Find = Callable[..., Any]
BOUGHT = Decimal("36.5")  # what the usual answers give a unit


def make_index(sheet: Scorecard) -> None:
    """The rows of an index are divided among appraisers; the cast's campaign is a movement."""
    Campaign.objects.filter(years=sheet.campaign_year_id).update(kind=Campaign.Kind.INDEX)
    sheet.campaign_year.campaign.refresh_from_db()


# --- questions and answers ---------------------------------------------------------------------------
def test_only_questioned_lines_open_and_only_who_asked_looks_again(
    approved: Scorecard, line_of: Find, clerk: User, office: User, appraiser: User
) -> None:
    asked = line_of(approved, "1.1")
    appraisal.ask(approved, by=appraiser, flags={asked.pk: "Nêu số văn bản bị trả lại"}, comment="Xem lại")
    assert Letter.objects.filter(kind="scoring/sheet_asked").exists()
    with pytest.raises(Refused, match="chưa giải trình: 1.1"):
        appraisal.explain(again(approved), by=clerk)
    with pytest.raises(Refused, match="không có yêu cầu giải trình"):
        columns.save_explanation(line_of(approved, "2.1"), by=clerk, text="Thêm cho chắc")
    columns.save_explanation(line_of(approved, "1.1"), by=clerk, text="Hai văn bản, đã sửa trong ngày")
    appraisal.explain(again(approved), by=clerk)
    assert [
        letter.recipient.username for letter in Letter.objects.filter(kind="scoring/sheet_explained")
    ] == [appraiser.username]
    with pytest.raises(Refused, match="người đó thẩm định lại"):
        columns.save_second(line_of(approved, "1.1"), by=office, score=Decimal(8), reason="Chưa rõ")
    with pytest.raises(Refused, match="hãy ghi lý do"):
        columns.save_second(line_of(approved, "1.1"), by=appraiser, score=Decimal(8))
    with pytest.raises(Refused, match="Chỉ thẩm định lần 2"):
        columns.save_second(line_of(approved, "2.3"), by=appraiser, score=Decimal(0), reason="Sai")
    columns.save_second(line_of(approved, "1.1"), by=appraiser, score=Decimal(8), reason="Một văn bản chậm")
    appraisal.appraise_again(again(approved), by=appraiser)
    sheet, line = again(approved), line_of(approved, "1.1")
    assert (sheet.state, sheet.appraised_total, sheet.second_total) == (
        "appraised",
        BOUGHT,
        BOUGHT - Decimal("0.5"),
    )
    assert sheet.result_total == BOUGHT - Decimal("0.5")
    assert (line.self_score, line.approved_score, line.appraised_score, line.second_score) == (
        Decimal("8.5"),
        Decimal("8.5"),
        Decimal("8.5"),
        8,
    )
    assert (line.flag_reason, line.explanation) == (
        "Nêu số văn bản bị trả lại",
        "Hai văn bản, đã sửa trong ngày",
    )


def test_without_a_question_nothing_is_sent(approved: Scorecard, office: User) -> None:
    with pytest.raises(Refused, match="cần giải trình"):
        appraisal.ask(approved, by=office, flags={})
    assert again(approved).state == "approved"


def test_rows_go_to_the_unit_in_charge_and_the_office_sends_all_questions_at_once(
    approved: Scorecard, line_of: Find, units: dict[str, Unit], office: User, appraiser: User, criteria: Any
) -> None:
    """The appraiser belongs to Phòng TCCB; row 2.1 is in the charge of the archive, row 1.1 of his own unit."""
    make_index(approved)
    Criterion.objects.filter(pk=criteria["2.1"].pk).update(in_charge=units["ttlt"])
    Criterion.objects.filter(pk=criteria["1.1"].pk).update(in_charge=units["tccb"])
    with pytest.raises(Refused, match="do đơn vị khác thẩm định"):
        line_actions.save_appraised(line_of(approved, "2.1"), by=appraiser, score=Decimal(10), reason="Sai")
    with pytest.raises(Refused, match="không có quyền"):
        appraisal.appraise(again(approved), by=appraiser)
    with pytest.raises(Refused, match="do đơn vị khác thẩm định"):
        appraisal.note_questions(approved, by=appraiser, flags={line_of(approved, "2.1").pk: "Số liệu?"})
    appraisal.note_questions(approved, by=appraiser, flags={line_of(approved, "1.1").pk: "Văn bản nào?"})
    with pytest.raises(Refused, match="đang chờ giải trình"):
        appraisal.appraise(again(approved), by=office)
    appraisal.ask(again(approved), by=office, flags={line_of(approved, "2.1").pk: "Số liệu tháng 12?"})
    asked = {line.criterion.code: line.flagged_by for line in approved.lines.filter(is_flagged=True)}
    assert asked == {"1.1": appraiser, "2.1": office}


def test_a_row_in_charge_must_be_looked_at(
    approved: Scorecard, line_of: Find, units: dict[str, Unit], office: User, criteria: Any
) -> None:
    make_index(approved)
    Criterion.objects.filter(pk=criteria["2.1"].pk).update(in_charge=units["ttlt"])
    with pytest.raises(Refused, match="đơn vị phụ trách chưa thẩm định: 2.1"):
        appraisal.appraise(again(approved), by=office)
    line_actions.save_appraised(line_of(approved, "2.1"), by=office, score=Decimal(18))
    appraisal.appraise(again(approved), by=office)
    assert again(approved).state == "appraised"


def test_in_a_movement_the_unit_in_charge_holds_nothing_up(
    approved: Scorecard, line_of: Find, units: dict[str, Unit], appraiser: User, criteria: Any
) -> None:
    """Units are linked when they exist, perhaps long after the sheets: nobody types every score again then."""
    Criterion.objects.filter(pk__in=[one.pk for one in criteria.values()]).update(in_charge=units["ttlt"])
    line_actions.save_appraised(line_of(approved, "2.1"), by=appraiser, score=Decimal(10), reason="Sai")
    appraisal.appraise(again(approved), by=appraiser)
    assert again(approved).state == "appraised"


# --- what does not apply -----------------------------------------------------------------------------
def test_a_row_that_does_not_apply_re_scales_the_index(
    approved: Scorecard, line_of: Find, clerk: User, office: User, campaign_year: CampaignYear
) -> None:
    with pytest.raises(Refused, match="lý do"):
        columns.exclude(line_of(approved, "2.3"), by=office, reason=" ")
    columns.exclude(line_of(approved, "2.3"), by=office, reason="Đơn vị không có hồ sơ loại này")
    with pytest.raises(Refused):
        columns.exclude(line_of(approved, "2.1"), by=clerk, reason="Tự bỏ")
    sheet = again(approved)
    most = sum(line.criterion.max_score for line in sheet.lines.select_related("criterion"))
    assert sheet.applicable_max == most - line_of(approved, "2.3").criterion.max_score
    appraisal.appraise(sheet, by=office)
    [standing] = provisional_ranking(campaign_year, "collective").values()
    share = again(approved).result_total / sheet.applicable_max * 100
    assert standing.index == share.quantize(Decimal("0.01"))
    assert line_of(approved, "2.3").appraised_score is None


def test_a_row_applies_again_with_a_reason(approved: Scorecard, line_of: Find, office: User) -> None:
    columns.exclude(line_of(approved, "2.3"), by=office, reason="Không có hồ sơ")
    with pytest.raises(Refused, match="lý do áp dụng lại"):
        columns.include(line_of(approved, "2.3"), by=office)
    columns.include(line_of(approved, "2.3"), by=office, reason="Có hai hồ sơ")
    assert again(approved).applicable_max == 50
    verbs = history_of(line_of(approved, "2.3")).values_list("verb", flat=True)
    assert set(verbs) >= {"exclude", "include"}


# --- what the Office enters --------------------------------------------------------------------------
@pytest.fixture
def surveyed(campaign_year: CampaignYear, criteria: dict[str, Criterion]) -> Criterion:
    """Row 2.3 is a survey on a scale of 100."""
    row = criteria["2.3"]
    Criterion.objects.filter(pk=row.pk).update(
        method="survey", params={"max": str(row.max_score), "scale_max": "100"}
    )
    return row


def test_nobody_scores_a_survey_himself(
    surveyed: Criterion,
    sheet_of: Find,
    line_of: Find,
    units: dict[str, Unit],
    clerk: User,
    head: User,
    office: User,
) -> None:
    sheet = sheet_of(units["cchc"])
    for line in sheet.lines.select_related("criterion").exclude(criterion=surveyed):
        answer = {
            "1.1": {"inputs": {}, "self_score": Decimal("8.5")},
            "1.2": {"inputs": {"count": "0"}},
            "2.1": {"inputs": {"numerator": "45", "denominator": "50"}},
        }
        line_actions.save_line(line_of(sheet, line.criterion.code), by=clerk, **answer[line.criterion.code])
    with pytest.raises(Refused, match="trạng thái"):
        columns.save_office(line_of(sheet, "2.3"), by=office, inputs={"result": "86"})
    actions.submit(again(sheet), by=clerk)
    actions.approve(again(sheet), by=head)
    before = again(sheet).approved_total
    with pytest.raises(Refused, match="quyền"):
        columns.save_office(line_of(sheet, "2.3"), by=clerk, inputs={"result": "86"})
    with pytest.raises(Refused, match="từ 0 đến 100"):
        columns.save_office(line_of(sheet, "2.3"), by=office, inputs={"result": "120"})
    columns.save_office(line_of(sheet, "2.3"), by=office, inputs={"result": "86.5"})
    assert line_of(sheet, "2.3").office_score == surveyed.max_score * Decimal("0.865")
    appraisal.appraise(again(sheet), by=office)
    assert before is not None
    assert again(sheet).result_total == before + surveyed.max_score * Decimal("0.865")


def test_the_survey_page_keeps_what_is_wrong_and_saves_the_rest(
    surveyed: Criterion, approved: Scorecard, line_of: Find, client_of: Find, office: User, clerk: User
) -> None:
    address, line = f"/cham-diem/dieu-tra/{approved.campaign_year_id}/", line_of(approved, "2.3")
    assert client_of(clerk).get(address).status_code == 404
    client = client_of(office)
    assert "Phòng Cải cách hành chính" in client.get(address).content.decode()
    wrong = client.post(address, {f"l{line.pk}-result": "abc", f"l{line.pk}-version": line.version})
    assert wrong.status_code == 422
    assert 'value="abc"' in wrong.content.decode()
    assert (
        client.post(address, {f"l{line.pk}-result": "90,5", f"l{line.pk}-version": line.version}).status_code
        == 302
    )
    assert line_of(approved, "2.3").office_inputs == {"result": "90.5"}


def test_rows_against_the_leading_unit_are_computed_for_all_at_once(
    campaign_year: CampaignYear,
    criteria: dict[str, Criterion],
    sheet_of: Find,
    led_to: Find,
    units: dict[str, Unit],
    cast: dict[str, User],
    office: User,
) -> None:
    """The catalogue's example: below the target in proportion, the leader all points, nobody before closing."""
    row = criteria["2.3"]
    Criterion.objects.filter(pk=row.pk).update(
        method="relative_to_leader", params={"max": str(row.max_score)}
    )
    figures = {"cchc": ("clerk", "head", "90"), "ttlt": ("stranger", "stranger_head", "120")}
    for code, (clerk, head, achieved) in figures.items():
        answer = {"inputs": {"achieved": achieved, "target": "100"}}
        led_to(sheet_of(units[code]), "approved", by=cast[clerk], head=cast[head], c2_3=answer)
    assert closing.waits_for_closing(campaign_year)
    closing.close_figures(campaign_year, by=office)
    points = {
        line.scorecard.unit.code: line.office_score
        for line in Line.objects.filter(criterion=row, office_score__isnull=False).select_related(
            "scorecard__unit"
        )
    }
    assert points == {"cchc": row.max_score / 2 * Decimal("0.9"), "ttlt": row.max_score}
    assert closing.close_figures(campaign_year, by=office) == 0
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        closing.close_figures(campaign_year, by=cast["clerk"])


# --- deadlines ---------------------------------------------------------------------------------------
def test_survey_results_too_are_entered_until_the_last_day_where_a_round_locks(
    surveyed: Criterion,
    approved: Scorecard,
    line_of: Find,
    opened: CampaignYear,
    client_of: Find,
    office: User,
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Deadline.objects.update_or_create(
        campaign_year=opened, stage=Stage.SURVEY, defaults={"due_on": yesterday}
    )
    columns.save_office(line_of(approved, "2.3"), by=office, inputs={"result": "80"})
    rounds.set_options(opened, by=office, locks=True)
    with pytest.raises(Refused, match="đã khóa vì hết hạn"):
        columns.save_office(line_of(approved, "2.3"), by=office, inputs={"result": "90"})
    line = line_of(approved, "2.3")
    assert line.office_inputs == {"result": "80"}
    page = client_of(office).get(f"/cham-diem/phieu/{approved.pk}/").content.decode()
    assert f'name="l{line.pk}-result"' not in page


# --- the council, reopening --------------------------------------------------------------------------
def test_the_council_concludes_before_publication(
    approved: Scorecard, line_of: Find, opened: CampaignYear, office: User
) -> None:
    rounds.set_options(opened, by=office, needs_council=True)
    appraisal.appraise(again(approved), by=office)
    with pytest.raises(Refused, match="Chưa có phiếu nào"):
        publication.publish(
            opened,
            "collective",
            by=office,
            confirmation="CÔNG BỐ",
            not_scored=list(Scorecard.objects.values_list("pk", flat=True)),
        )
    columns.save_final(line_of(approved, "1.1"), by=office, score=Decimal(9), reason="Biên bản họp ngày 5/1")
    appraisal.conclude(again(approved), by=office)
    sheet = again(approved)
    assert (sheet.state, sheet.result_total) == ("concluded", BOUGHT + Decimal("0.5"))
    with pytest.raises(Refused, match="lý do"):
        appraisal.reconsider(sheet, by=office)


def test_one_unit_is_reopened_after_publication_and_the_round_published_again(
    approved: Scorecard, line_of: Find, opened: CampaignYear, office: User, client_of: Find, clerk: User
) -> None:
    appraisal.appraise(again(approved), by=office)
    first = publish_all(opened, "collective", office)
    appraisal.reopen_published(again(approved), by=office, comment="Bổ sung minh chứng theo đơn đề nghị")
    assert [row.score for row in published_results(opened, "collective")] == [BOUGHT]
    line_actions.save_appraised(
        line_of(approved, "1.1"), by=office, score=Decimal(10), reason="Đủ minh chứng"
    )
    address = f"/cham-diem/cong-bo/{first.pk}/lai/"
    assert client_of(clerk).get(address).status_code == 404
    appraisal.appraise(again(approved), by=office)
    page = client_of(office).get(address)
    assert "Phòng Cải cách hành chính" in page.content.decode()
    typed = {
        "confirmation": "CÔNG BỐ",
        "comment": "Một phiếu được thẩm định lại",
        "without_unready": "on",
        "seen": page.context["form"]["seen"].value(),
    }
    assert client_of(office).post(address, typed).status_code == 302
    assert [row.score for row in published_results(opened, "collective")] == [BOUGHT + Decimal("1.5")]
    first.refresh_from_db()
    assert first.withdrawal_reason == "Một phiếu được thẩm định lại"


# --- the pages ---------------------------------------------------------------------------------------
def test_the_grid_opens_the_column_of_whoever_acts(
    approved: Scorecard, line_of: Find, client_of: Find, clerk: User, office: User
) -> None:
    address = f"/cham-diem/phieu/{approved.pk}/"
    line = line_of(approved, "1.1")
    client_of(office).post(f"{address}tra-lai/ask/", {f"l{line.pk}-flag": "Nêu rõ"})
    page = client_of(clerk).get(address).content.decode()
    assert page.count('data-col="reason"') == 1
    assert "Yêu cầu giải trình (Đỗ Thị Hà): Nêu rõ" in page
    saved = client_of(clerk).post(
        f"{address}dong/{line.pk}/",
        {f"l{line.pk}-reason": "Đã sửa", f"l{line.pk}-version": line_of(approved, "1.1").version},
    )
    assert saved.status_code == 200
    assert line_of(approved, "1.1").explanation == "Đã sửa"
    assert client_of(clerk).post(f"{address}viec/explain/").status_code == 302
    page = client_of(office).get(address).content.decode()
    assert "Thẩm định lần 2" in page
    assert page.count('data-col="score"') == 1


def test_saying_that_a_row_does_not_apply(
    approved: Scorecard, line_of: Find, client_of: Find, office: User, stranger: User
) -> None:
    address = f"/cham-diem/phieu/{approved.pk}/dong/{line_of(approved, '2.3').pk}/ap-dung/"
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(office).post(address, {"reason": ""}).status_code == 422
    assert client_of(office).post(address, {"reason": "Không có hồ sơ"}).status_code == 302
    assert line_of(approved, "2.3").is_excluded
    assert "Không có hồ sơ" in client_of(office).get(f"/cham-diem/phieu/{approved.pk}/").content.decode()


def test_the_first_page_counts_questions_second_looks_and_conclusions(
    approved: Scorecard, line_of: Find, opened: CampaignYear, clerk: User, office: User, stranger: User
) -> None:
    type(opened.campaign).objects.update(kind="index")
    rounds.set_options(opened, by=office, needs_council=True)

    def titles(user: User) -> list[str]:
        return [task.title for task in tasks_of(fresh(user), open_calendar())]

    asked = line_of(approved, "1.1")
    appraisal.ask(again(approved), by=office, flags={asked.pk: "Nêu rõ"})
    assert "Giải trình phiếu chấm điểm năm 2025" in titles(clerk)
    assert not any("Giải trình" in title for title in titles(stranger))
    columns.save_explanation(line_of(approved, "1.1"), by=clerk, text="Đã nêu")
    appraisal.explain(again(approved), by=clerk)
    assert "Thẩm định lần 2 năm 2025" in titles(office)
    assert not any("Giải trình" in title for title in titles(clerk))
    appraisal.appraise_again(again(approved), by=office)
    assert "Ghi kết luận của Hội đồng năm 2025" in titles(office)
    appraisal.conclude(again(approved), by=office)
    assert not any("Hội đồng" in title for title in titles(office))
