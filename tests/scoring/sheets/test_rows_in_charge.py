"""Single rows that wait: for the unit in charge, for the Office, for who asked; and who stands in for the Office."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.actions import rounds
from campaigns.models import CampaignYear, Criterion, Deadline, Stage
from campaigns.queries import open_calendar
from core import clock
from core.agenda import Task
from core.workflow import Refused
from organization.models import Unit, User
from scoring.actions import appraisal, columns
from scoring.actions import lines as line_actions
from scoring.models import Scorecard
from scoring.queries import tasks_of
from tests.cast import fresh
from tests.scoring.sheets.conftest import again

Find = Callable[..., Any]


def waiting(user: User) -> dict[str, Task]:
    return {task.title: task for task in tasks_of(fresh(user), open_calendar())}


@pytest.fixture
def approved(sheet_of: Find, led_to: Find, units: dict[str, Unit], clerk: User, head: User) -> Scorecard:
    return led_to(sheet_of(units["cchc"]), "approved", by=clerk, head=head)


@pytest.fixture
def in_charge(campaign_year: CampaignYear, criteria: dict[str, Criterion], units: dict[str, Unit]) -> None:
    """Of an index row 1.1 belongs to the appraiser's Phòng TCCB, row 2.1 to the archive."""
    type(campaign_year.campaign).objects.update(kind="index")
    Criterion.objects.filter(pk=criteria["1.1"].pk).update(in_charge=units["tccb"])
    Criterion.objects.filter(pk=criteria["2.1"].pk).update(in_charge=units["ttlt"])


GIVEN, WHOLE = "Thẩm định tiêu chí được giao năm 2025", "Thẩm định phiếu chấm điểm năm 2025"


def test_the_first_page_leads_an_appraiser_to_the_rows_of_his_unit(
    in_charge: None, approved: Scorecard, line_of: Find, client_of: Find, appraiser: User, office: User
) -> None:
    task = waiting(appraiser)[GIVEN]
    assert (task.count, task.detail) == (1, "1 tiêu chí ở 1 phiếu, Đẩy mạnh CCHC – năm 2025")
    assert WHOLE not in waiting(appraiser)  # a row of another unit keeps him from ending it
    assert GIVEN not in waiting(office)
    assert WHOLE in waiting(office)
    listed = client_of(appraiser).get(task.href).content.decode()
    assert f"/cham-diem/phieu/{approved.pk}/" in listed
    page = client_of(appraiser).get(f"/cham-diem/phieu/{approved.pk}/").content.decode()
    assert "Phụ trách: Phòng TCCB" in page
    assert page.count("data-keep") == 1
    assert page.count("Cần thẩm định") == 1
    line_actions.save_appraised(line_of(approved, "1.1"), by=appraiser, score=Decimal("8.5"))
    assert not {GIVEN, WHOLE} & waiting(appraiser).keys()
    assert "Giữ điểm" in client_of(office).get(f"/cham-diem/phieu/{approved.pk}/").content.decode()
    line_actions.save_appraised(line_of(approved, "2.1"), by=office, score=Decimal(18))
    assert WHOLE in waiting(appraiser)


def test_rows_of_ones_own_sheets_and_of_units_sheets_do_not_wait(
    in_charge: None, sheet_of: Find, led_to: Find, units: dict[str, Unit], cast: dict[str, User]
) -> None:
    sheet = led_to(sheet_of(units["tccb"]), "approved", by=cast["appraiser"], head=cast["council_member"])
    assert not {GIVEN, WHOLE} & waiting(cast["appraiser"]).keys()
    with pytest.raises(Refused, match="không có quyền"):
        line_actions.save_appraised(
            sheet.lines.select_related("criterion", "scorecard__campaign_year").get(criterion__code="1.1"),
            by=cast["appraiser"],
            score=Decimal(1),
        )


def test_more_rows_cost_no_more_questions(
    in_charge: None, sheet_of: Find, led_to: Find, cast: dict[str, User], clerk: User, head: User
) -> None:
    def asked(user: User) -> int:
        user = fresh(user)
        user.acting.units  # noqa: B018 - read once per request, whatever waits
        with CaptureQueriesContext(connection) as captured:
            tasks_of(user, open_calendar())
        return len(captured)

    led_to(sheet_of(clerk), "approved", by=clerk, head=head)
    users = [cast[name] for name in ("appraiser", "office", "clerk")]
    before = [asked(user) for user in users]
    for name in ("colleague", "deputy"):
        led_to(sheet_of(cast[name]), "approved", by=cast[name], head=head)
    assert [asked(user) for user in users] == before


def test_the_office_is_told_what_it_must_enter_and_close(
    approved: Scorecard, criteria: dict[str, Criterion], line_of: Find, opened: CampaignYear, office: User
) -> None:
    type(opened.campaign).objects.update(kind="index")
    for code, method, params in (
        ("2.3", "survey", {"max": "10", "scale_max": "100"}),
        ("2.1", "relative_to_leader", {"max": "20"}),
    ):
        Criterion.objects.filter(pk=criteria[code].pk).update(method=method, params=params)
    found = waiting(office)
    survey, closing = found["Nhập kết quả điều tra năm 2025"], found["Chốt số liệu để so sánh năm 2025"]
    assert survey.detail == "1 kết quả chưa có, Đẩy mạnh CCHC – năm 2025"
    assert survey.href == closing.href == f"/cham-diem/dieu-tra/{opened.pk}/"
    columns.save_office(line_of(approved, "2.3"), by=office, inputs={"result": "80"})
    assert "Nhập kết quả điều tra năm 2025" not in waiting(office)


# --- the second look ---------------------------------------------------------------------------------
def test_nobody_ends_the_second_appraisal_before_who_asked_has_looked(
    in_charge: None, approved: Scorecard, line_of: Find, clerk: User, office: User, appraiser: User
) -> None:
    appraisal.note_questions(approved, by=appraiser, flags={line_of(approved, "1.1").pk: "Văn bản nào?"})
    appraisal.ask(again(approved), by=office, flags={line_of(approved, "2.1").pk: "Số liệu tháng 12?"})
    for code in ("1.1", "2.1"):
        columns.save_explanation(line_of(approved, code), by=clerk, text="Theo báo cáo")
    appraisal.explain(again(approved), by=clerk)
    with pytest.raises(Refused, match=r"chờ người đã yêu cầu .* 1\.1 \(Phan Thị Thu\)"):
        appraisal.appraise_again(again(approved), by=office)
    assert again(approved).state == "explained"
    columns.save_second(line_of(approved, "1.1"), by=appraiser, score=Decimal("8.5"))
    appraisal.appraise_again(again(approved), by=office)
    assert again(approved).state == "appraised"


def test_who_asked_nothing_does_not_end_the_second_appraisal(
    approved: Scorecard, line_of: Find, clerk: User, office: User, appraiser: User
) -> None:
    appraisal.ask(approved, by=office, flags={line_of(approved, "1.1").pk: "Văn bản nào?"})
    columns.save_explanation(line_of(approved, "1.1"), by=clerk, text="Theo báo cáo")
    appraisal.explain(again(approved), by=clerk)
    with pytest.raises(Refused):
        appraisal.appraise_again(again(approved), by=appraiser)


# --- what follows ------------------------------------------------------------------------------------
def test_a_score_that_was_only_taken_over_follows_when_the_one_before_it_changes(
    approved: Scorecard, line_of: Find, opened: CampaignYear, office: User
) -> None:
    """Without it, whoever corrects a reopened sheet would change nothing of its result."""
    rounds.set_options(opened, by=office, needs_council=True)
    appraisal.appraise(approved, by=office)
    columns.save_final(line_of(approved, "2.3"), by=office, score=Decimal(5), reason="Biên bản ngày 5/1")
    appraisal.conclude(again(approved), by=office)
    before = again(approved).result_total
    appraisal.reconsider(again(approved), by=office, comment="Xem lại")
    appraisal.reopen(again(approved), by=office, comment="Bổ sung minh chứng")
    for code, score in (("1.1", Decimal(9)), ("2.3", Decimal(0))):
        line_actions.save_appraised(line_of(approved, code), by=office, score=score, reason="Theo minh chứng")
    sheet = again(approved)
    assert before is not None
    assert line_of(approved, "1.1").final_score is None
    assert line_of(approved, "2.3").final_score == 5  # decided with a reason
    assert sheet.result_total == before + Decimal("0.5")


def test_a_result_of_the_survey_that_changes_reaches_the_conclusion(
    approved: Scorecard, criteria: dict[str, Criterion], line_of: Find, opened: CampaignYear, office: User
) -> None:
    params = {"max": "10", "scale_max": "100"}
    Criterion.objects.filter(pk=criteria["2.3"].pk).update(method="survey", params=params)
    rounds.set_options(opened, by=office, needs_council=True)
    columns.save_office(line_of(approved, "2.3"), by=office, inputs={"result": "80"})
    appraisal.appraise(again(approved), by=office)
    appraisal.conclude(again(approved), by=office)
    appraisal.reconsider(again(approved), by=office, comment="Nhập nhầm")
    columns.save_office(line_of(approved, "2.3"), by=office, inputs={"result": "90"})
    appraisal.conclude(again(approved), by=office)
    assert line_of(approved, "2.3").final_score == 9


# --- who stands in for the Office --------------------------------------------------------------------
def test_another_appraiser_stands_in_where_the_office_is_of_the_unit(
    opened: CampaignYear, sheet_of: Find, led_to: Find, units: dict[str, Unit], cast: dict[str, User]
) -> None:
    rounds.set_options(opened, by=cast["office"], needs_council=True)
    type(opened.campaign).objects.update(kind="index")
    office, appraiser = cast["office"], cast["appraiser"]
    own = led_to(sheet_of(units["vp"]), "appraised", by=office, head=cast["office_head"], appraiser=appraiser)
    other = led_to(
        sheet_of(units["cchc"]), "appraised", by=cast["clerk"], head=cast["head"], appraiser=office
    )
    title = "Ghi kết luận của Hội đồng năm 2025"
    assert (waiting(appraiser)[title].count, waiting(office)[title].count) == (1, 1)
    with pytest.raises(Refused):
        appraisal.conclude(again(own), by=office)
    with pytest.raises(Refused):
        appraisal.conclude(again(other), by=appraiser)
    appraisal.conclude(again(own), by=appraiser)
    assert again(own).state == "concluded"


# --- deadlines ---------------------------------------------------------------------------------------
def test_a_locked_column_is_shown_closed_and_more_time_opens_it_again(
    opened: CampaignYear, sheet_of: Find, units: dict[str, Unit], clerk: User, office: User, client_of: Find
) -> None:
    type(opened.campaign).objects.update(kind="index")
    yesterday, friday = clock.today() - timedelta(days=1), clock.today() + timedelta(days=3)
    Deadline.objects.filter(campaign_year=opened, stage=Stage.SELF_SCORE).update(due_on=yesterday)
    rounds.set_options(opened, by=office, locks=True)
    address = f"/cham-diem/phieu/{sheet_of(units['cchc']).pk}/"
    page = client_of(clerk).get(address).content.decode()
    assert "nên cột này đã khóa" in page
    assert "data-col" not in page
    rounds.extend(
        opened, by=office, stage=Stage.SELF_SCORE, unit=units["cchc"], until=friday, reason="Mất điện ba ngày"
    )
    page = client_of(clerk).get(address).content.decode()
    assert "đã khóa" not in page
    assert f"hết ngày <strong>{friday:%d/%m/%Y}</strong>" in page
    dues = {task.detail.split(",")[0]: task.due for task in tasks_of(fresh(clerk), open_calendar())}
    assert dues["Phiếu tập thể Phòng Cải cách hành chính"] == friday
