"""Whom a round scores, and the round after it: one press, everything taken over, taken back while nobody uses it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from campaigns.actions import campaigns, following, rounds
from campaigns.calculations import months_between, period_after, periods_around, shift_months
from campaigns.models import CampaignYear, CriteriaSet, People
from campaigns.reference import load_plan
from core.journal import history_of
from core.workflow import Refused
from organization.models import Post, Posting, Unit, User
from scoring.actions import sheets
from scoring.actions.publication import publish
from scoring.models import Scorecard
from tests.scoring.people.conftest import FOLDER, fill, lead

Find = Callable[..., Any]


def scored(campaign_year: CampaignYear) -> set[str]:
    rows = Scorecard.objects.filter(campaign_year=campaign_year).select_related("person")
    return {str(sheet) for sheet in rows}


def test_staff_and_leaders_have_rounds_of_their_own(
    staff_round: CampaignYear, leader_round: CampaignYear, office: User
) -> None:
    """Of the two units chosen; a post of the day decides, not the role on the portal."""
    opened = sheets.open_sheets(staff_round, by=office), sheets.open_sheets(leader_round, by=office)
    assert [(one.units, one.people) for one in opened] == [(0, 3), (0, 3)]
    assert scored(staff_round) == {"Nguyễn Văn An", "Trần Thị Bình", "Phan Thị Thu"}
    assert scored(leader_round) == {"Lê Minh Châu", "Phạm Quốc Duy", "Vũ Thị Mai"}


def test_who_was_promoted_in_the_round_is_scored_as_what_he_became(
    staff_round: CampaignYear, leader_round: CampaignYear, clerk: User, office: User, units: dict[str, Unit]
) -> None:
    Posting.objects.filter(person=clerk.person).update(ended_on=date(2026, 2, 14))
    deputy = Post.objects.get(code="pho-truong-phong")
    Posting.objects.create(person=clerk.person, unit=units["cchc"], post=deputy, started_on=date(2026, 2, 15))
    for campaign_year in (staff_round, leader_round):
        sheets.open_sheets(campaign_year, by=office)
    assert "Nguyễn Văn An" in scored(leader_round) - scored(staff_round)
    with pytest.raises(Refused, match="không thuộc đối tượng được chấm: không giữ chức vụ"):
        sheets.open_sheet(staff_round, by=clerk, person=clerk.person)


def test_the_next_round_in_one_press(
    staff_round: CampaignYear, office: User, clerk: User, units: dict[str, Unit], client_of: Find
) -> None:
    address = f"/phong-trao/nam/{staff_round.pk}/"
    assert "Lập đợt quý II năm 2026" in client_of(office).get(address).content.decode()
    assert client_of(clerk).post(f"{address}dot-tiep/").status_code == 404
    answer = client_of(office).post(f"{address}dot-tiep/")
    made = CampaignYear.objects.get(campaign=staff_round.campaign, period="q2")
    assert answer.headers["Location"] == f"/phong-trao/nam/{made.pk}/"
    assert (made.state, made.people, made.locks) == ("planned", People.STAFF, False)
    assert dict(made.deadlines.values_list("stage", "due_on")) == {
        "self_score": date(2026, 6, 30),
        "approval": date(2026, 7, 6),
        "appraisal": date(2026, 7, 10),
        "publication": date(2026, 7, 15),
    }
    facts = ("name", "lower_bound", "gates", "ceiling_percent")
    assert list(made.bands.values_list(*facts)) == list(staff_round.bands.values_list(*facts))
    assert set(made.participants.values_list("unit", flat=True)) == {units["cchc"].pk, units["tccb"].pk}
    [taken] = made.criteria_sets.all()
    assert (taken.state, taken.is_sample, taken.criteria.count()) == (CriteriaSet.State.IN_USE, True, 7)
    page = client_of(office).get(f"/phong-trao/nam/{made.pk}/").content.decode()
    assert "Chưa mở được năm này" not in page
    assert "Không quá 20 % mức liền dưới" in page
    campaigns.open_year(made, by=office)
    assert sheets.open_sheets(made, by=office, today=date(2026, 6, 30)).people == 3
    with pytest.raises(Refused, match="đã có quý II năm 2026"):
        following.plan_next(staff_round, by=office)


def test_a_round_that_nobody_uses_is_taken_back(
    staff_round: CampaignYear, office: User, clerk: User, client_of: Find
) -> None:
    made = following.plan_next(staff_round, by=office)
    address = f"/phong-trao/nam/{made.pk}/bo/"
    assert client_of(clerk).post(address).status_code == 404
    assert client_of(office).post(address).status_code == 302
    assert not CampaignYear.objects.filter(pk=made.pk).exists()
    assert history_of(staff_round.campaign)[0].label == "Bỏ đợt đánh giá quý II năm 2026 chưa mở"
    assert following.plan_next(staff_round, by=office).period == "q2"
    sheets.open_sheets(staff_round, by=office)
    with pytest.raises(Refused, match="Chỉ bỏ được đợt đánh giá chưa mở"):
        following.remove_round(staff_round, by=office)
    CampaignYear.objects.filter(pk=staff_round.pk).update(state="planned")
    staff_round.refresh_from_db()
    with pytest.raises(Refused, match="đã có phiếu"):
        following.remove_round(staff_round, by=office)
    assert Scorecard.objects.filter(campaign_year=staff_round).count() == 3


def test_what_the_office_took_back_the_file_does_not_plan_again(
    staff_round: CampaignYear, office: User
) -> None:
    made = following.plan_next(staff_round, by=office)
    CampaignYear.objects.filter(pk=staff_round.pk).update(state="planned")
    staff_round.refresh_from_db()
    following.remove_round(staff_round, by=office)
    changes = load_plan(FOLDER / "campaigns" / "nd335-staff.yaml")
    assert {one.kind for one in changes} == {"unchanged"}
    assert "quý I năm 2026 (Văn phòng Sở đã bỏ)" in [one.what for one in changes]
    assert list(CampaignYear.objects.filter(campaign__code="nd335-chuyen-mon")) == [made]


def test_a_round_shows_its_own_results_and_only_whom_it_scores(
    staff_round: CampaignYear, sheet_in: Find, clerk: User, head: User, office: User, client_of: Find
) -> None:
    """What was published of the quarter before stands on the page of that quarter alone."""
    sheets.open_sheets(staff_round, by=office)
    lead(fill(sheet_in(staff_round, clerk), clerk), by=clerk, head=head, appraiser=office)
    others = staff_round.scorecards.exclude(state="appraised").values_list("pk", flat=True)
    publish(staff_round, "individual", by=office, confirmation="CÔNG BỐ", not_scored=list(others))
    following_round = following.plan_next(staff_round, by=office)
    campaigns.open_year(following_round, by=office)
    page = client_of(clerk).get(f"/cham-diem/xep-hang/?nam={staff_round.pk}").content.decode()
    assert ("Nguyễn Văn An" in page, ">Tập thể</a>" in page) == (True, False)
    page = client_of(clerk).get(f"/cham-diem/xep-hang/?nam={following_round.pk}").content.decode()
    assert "Kết quả chưa được công bố" in page
    page = client_of(office).get(f"/phong-trao/nam/{staff_round.pk}/").content.decode()
    assert ("Ma trận điểm" in page, "Lấy chỉ số" in page, "Mở phiếu cho" in page) == (False, False, True)
    listed = client_of(clerk).get("/cham-diem/phieu/").content.decode()
    assert "quý I năm 2026" in listed


def test_figures_of_a_formula_carry_their_names(
    staff_round: CampaignYear, sheet_in: Find, clerk: User, office: User, client_of: Find
) -> None:
    sheets.open_sheets(staff_round, by=office)
    sheet = fill(sheet_in(staff_round, clerk), clerk)
    page = client_of(clerk).get(f"/cham-diem/phieu/{sheet.pk}/").content.decode()
    assert '<label class="g-figure"><span>Số được giao</span>' in page
    page = client_of(office).get(f"/cham-diem/phieu/{sheet.pk}/").content.decode()
    assert "Số được giao: 10; Số hoàn thành: 10; Số lỗi lớn: 0; Số lần chậm: 0" in page


def test_a_month_takes_over_from_the_nearest_round(staff_round: CampaignYear, office: User) -> None:
    """From a longer one while there is no month yet; then from the month before."""
    march = campaigns.add_year(staff_round.campaign, by=office, year=2026, period="m04")
    assert march.deadlines.get(stage="self_score").due_on == date(2026, 4, 30)
    rounds.set_options(march, by=office, people="all")
    later = campaigns.add_year(staff_round.campaign, by=office, year=2026, period="m06")
    assert (later.people, later.deadlines.get(stage="self_score").due_on) == ("all", date(2026, 6, 30))
    assert "Cá nhân được chấm: Mọi cá nhân" in history_of(march)[0].comment


def test_the_people_of_a_round_are_an_option_of_it(
    staff_round: CampaignYear, office: User, client_of: Find
) -> None:
    address = f"/phong-trao/nam/{staff_round.pk}/to-chuc/"
    page = client_of(office).get(address)
    assert "Lãnh đạo, quản lý" in page.content.decode()
    version = page.context["form"]["version"].value()
    assert client_of(office).post(address, {"version": version, "people": "xyz"}).status_code == 422
    assert client_of(office).post(address, {"version": version, "people": "leaders"}).status_code == 302
    assert sheets.open_sheets(CampaignYear.objects.get(pk=staff_round.pk), by=office).people == 3
    assert "Lê Minh Châu" in scored(staff_round)


def test_the_calendar_of_rounds() -> None:
    assert period_after(2026, "m12") == (2027, "m01")
    assert period_after(2026, "q1") == (2026, "q2")
    assert period_after(2026, "h2") == (2027, "h1")
    assert period_after(2026, "year") == (2027, "year")
    assert periods_around("m10") == ["m10", "q4", "h2", "year"]
    assert periods_around("q1") == ["q1", "h1", "year"]
    assert periods_around("year") == ["year"]
    assert months_between((2026, "m12"), (2027, "m01")) == 1
    assert months_between((2025, "year"), (2026, "q1")) == 3
    assert shift_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert shift_months(date(2026, 2, 28), 1) == date(2026, 3, 31)
    assert shift_months(date(2026, 12, 15), 3) == date(2027, 3, 15)
    assert shift_months(date(2026, 1, 30), 13) == date(2027, 2, 28)
