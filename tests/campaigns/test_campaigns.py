"""A campaign from its draft to its conclusion."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from campaigns.actions import campaigns as acts
from campaigns.models import EMULATION_STAGES, Campaign, CampaignYear, Recipient, Stage
from campaigns.queries import deadline_of, next_deadline, open_calendar, open_years, readiness, tasks_of
from core import clock
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import User
from tests.campaigns.stories import BANDS, TEXTS, draft_campaign, paper, post, ready_campaign, text_of


# --- readiness and launch ----------------------------------------------------------------------------
def test_an_empty_draft_says_what_is_missing(office):
    campaign = draft_campaign(office, plan=None, **dict.fromkeys(TEXTS, ""))
    campaign.legal_basis.clear()
    missing = {point.sentence for point in readiness(campaign) if point.is_required and not point.ok}
    assert len(missing) == 10
    assert {
        "Có mục đích, yêu cầu",
        "Có kế hoạch phát động",
        "Năm 2025: bộ tiêu chí đã được áp dụng",
    } <= missing
    with pytest.raises(Refused) as refusal:
        acts.launch(campaign, by=office)
    assert len(refusal.value.reasons) == 10
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.DRAFT
    assert not Letter.objects.exists()


def test_launch_writes_one_letter_to_every_account(office, head, clerk, director, client_of):
    campaign = ready_campaign(office)
    response = post(client_of(office), "campaign_move", campaign.pk, "launch")
    assert response.status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.LAUNCHED
    letters = Letter.objects.filter(kind="campaigns/launched")
    assert letters.count() == User.objects.filter(is_active=True).count()
    assert "duyệt đăng ký của từng người" in letters.get(recipient=head).body
    mine = letters.get(recipient=clerk)
    assert "lập đăng ký thi đua năm 2025 của bạn" in mine.body
    assert "trước 24 giờ 00 ngày 01/02/2025" in mine.body
    assert "<strong>" in mine.body_html
    assert "bạn không phải lập đăng ký" in letters.get(recipient=director).body
    assert "trước 24 giờ 00" not in letters.get(recipient=director).body
    with pytest.raises(AlreadyDone):
        acts.launch(campaign, by=office)
    assert letters.count() == User.objects.filter(is_active=True).count()


def test_a_draft_is_hidden_from_everybody_but_readers_of_all(office, clerk, inspector, client_of):
    campaign = draft_campaign(office)
    address = reverse("campaigns:campaign_detail", args=[campaign.pk])
    assert client_of(clerk).get(address).status_code == 404
    assert client_of(inspector).get(address).status_code == 200
    year = reverse("campaigns:year_detail", args=[campaign.years.get().pk])
    assert client_of(clerk).get(year).status_code == 404
    assert "Phong trào thử" not in text_of(client_of(clerk).get(reverse("campaigns:campaign_list")))


def test_readiness_page_offers_the_launch_only_when_ready(office, clerk, client_of):
    campaign = draft_campaign(office)
    page = reverse("campaigns:campaign_readiness", args=[campaign.pk])
    assert "viec/launch/" not in text_of(client_of(office).get(page))
    campaign.years.all().delete()
    assert "Có ít nhất một năm" in text_of(client_of(office).get(page))
    assert client_of(clerk).get(page).status_code == 404


# --- the matrix state × role × verb ------------------------------------------------------------------
@pytest.mark.parametrize("state", Campaign.State.values)
@pytest.mark.parametrize("verb", ["launch", "conclude", "reopen"])
@pytest.mark.parametrize(
    "part", ["office", "clerk", "head", "director", "inspector", "technician", "council_member"]
)
def test_campaign_matrix(cast, state, verb, part):
    campaign = ready_campaign(cast["office"])
    acts.add_paper(campaign, by=cast["office"], **paper())
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    source = {"launch": "draft", "conclude": "launched", "reopen": "concluded"}[verb]
    target = {"launch": "launched", "conclude": "concluded", "reopen": "launched"}[verb]
    allowed = part == "office" and state == source
    act = getattr(acts, verb)
    if allowed:
        assert act(campaign, by=cast[part], comment="Có lý do").state == target
    else:
        with pytest.raises(Refused):
            act(campaign, by=cast[part], comment="Có lý do")
        campaign.refresh_from_db()
        assert campaign.state == state


@pytest.mark.parametrize("state", CampaignYear.State.values)
@pytest.mark.parametrize("verb", ["open_year", "close_year", "reopen_year"])
@pytest.mark.parametrize("part", ["office", "clerk", "head", "director", "inspector", "technician"])
def test_year_matrix(cast, state, verb, part):
    campaign = ready_campaign(cast["office"])
    acts.launch(campaign, by=cast["office"])
    year = campaign.years.get()
    CampaignYear.objects.filter(pk=year.pk).update(state=state)
    source = {"open_year": "planned", "close_year": "open", "reopen_year": "closed"}[verb]
    target = {"open_year": "open", "close_year": "closed", "reopen_year": "open"}[verb]
    act = getattr(acts, verb)
    if part == "office" and state == source:
        assert act(year, by=cast[part], comment="Có lý do").state == target
    else:
        with pytest.raises(Refused):
            act(year, by=cast[part], comment="Có lý do")
        year.refresh_from_db()
        assert year.state == state


def test_reopening_asks_for_a_reason(office):
    campaign = ready_campaign(office)
    acts.launch(campaign, by=office)
    year = acts.open_year(campaign.years.get(), by=office)
    acts.close_year(year, by=office)
    with pytest.raises(Refused, match="lý do mở lại"):
        acts.reopen_year(year, by=office, comment="  ")
    acts.reopen_year(year, by=office, comment="Sót một đơn vị")
    assert history_of(year).first().comment == "Sót một đơn vị"


def test_conclusion_needs_closed_years_and_a_final_paper(office):
    campaign = ready_campaign(office)
    acts.launch(campaign, by=office)
    acts.open_year(campaign.years.get(), by=office)
    with pytest.raises(Refused) as refusal:
        acts.conclude(campaign, by=office)
    assert "2025" in refusal.value.reasons[0]
    assert "tổng kết" in refusal.value.reasons[1]
    acts.close_year(campaign.years.get(), by=office)
    acts.add_paper(campaign, by=office, **paper())
    assert acts.conclude(campaign, by=office).state == Campaign.State.CONCLUDED
    with pytest.raises(Refused, match="tổng kết"):
        acts.change(campaign, by=office, name="Khác")
    with pytest.raises(Refused):
        acts.add_year(campaign, by=office, year=2026)


def test_a_year_does_not_open_before_the_launch(office):
    campaign = ready_campaign(office)
    with pytest.raises(Refused, match="chưa được phát động"):
        acts.open_year(campaign.years.get(), by=office)


# --- editing -----------------------------------------------------------------------------------------
def campaign_data(campaign, **changes):
    data = {
        "version": campaign.version,
        "code": campaign.code,
        "name": campaign.name,
        "short_name": campaign.short_name,
        "kind": campaign.kind,
        "plan": campaign.plan_id or "",
        "starts_on": "01/01/2025",
        "ends_on": "31/12/2025",
        **dict.fromkeys(TEXTS, "Có ghi."),
        "commendation": "",
    }
    return {**data, **changes}


def test_create_through_the_page(office, clerk, client_of, db):
    data = {
        "code": "moi",
        "name": "Phong trào mới",
        "short_name": "Mới",
        "kind": "thematic",
        "starts_on": "02/09/2025",
        "ends_on": "31.12.2026",
        "objective": "Mục đích",
    }
    assert post(client_of(clerk), "campaign_create", **data).status_code == 404
    assert post(client_of(office), "campaign_create", **data).status_code == 302
    made = Campaign.objects.get(code="moi")
    assert made.starts_on == date(2025, 9, 2)
    assert sorted(made.years.values_list("year", flat=True)) == [2025, 2026]
    again = post(client_of(office), "campaign_create", **data)
    assert again.status_code == 422
    assert "Phong trào mới" in text_of(again)


def test_dates_turned_round_keep_what_was_typed(office, client_of):
    campaign = draft_campaign(office)
    response = post(
        client_of(office),
        "campaign_change",
        campaign.pk,
        **campaign_data(campaign, name="Tên đang gõ", ends_on="01/01/2020"),
    )
    assert response.status_code == 422
    assert "Tên đang gõ" in text_of(response)
    assert "không sớm hơn ngày bắt đầu" in text_of(response)
    campaign.refresh_from_db()
    assert campaign.name == "Phong trào thử"


def test_the_second_editor_is_told_and_loses_nothing(office, client_of):
    campaign = draft_campaign(office)
    acts.change(campaign, by=office, version=1, name="Người thứ nhất")
    response = post(
        client_of(office),
        "campaign_change",
        campaign.pk,
        **campaign_data(campaign, version=1, name="Người thứ hai"),
    )
    assert response.status_code == 422
    assert "Người thứ hai" in text_of(response)
    assert "so lại rồi lưu" in text_of(response)
    with pytest.raises(Stale):
        acts.change(campaign, by=office, version=1, name="Khác")
    campaign.refresh_from_db()
    assert (campaign.name, campaign.version) == ("Người thứ nhất", 2)
    assert "Tên phong trào" in history_of(campaign).first().comment


def test_an_unchanged_form_writes_nothing(office):
    campaign = draft_campaign(office)
    acts.change(campaign, by=office, version=1, name=campaign.name)
    assert campaign.version == 1
    assert history_of(campaign).count() == 1


# --- calendar and bands ------------------------------------------------------------------------------
def test_deadlines_through_the_page(office, clerk, client_of):
    year = ready_campaign(office).years.get()
    data = {stage: f"{number:02d}/03/2025" for number, stage in enumerate(EMULATION_STAGES, start=1)}
    data |= {"registration_note": "gia hạn", "version": str(year.version)}
    assert post(client_of(clerk), "deadlines_change", year.pk, **data).status_code == 404
    assert post(client_of(office), "deadlines_change", year.pk, **data).status_code == 302
    assert deadline_of(year, Stage.REGISTRATION) == date(2025, 3, 1)
    assert year.deadlines.get(stage=Stage.REGISTRATION).note == "gia hạn"
    line = history_of(year).first()
    assert "Đăng ký thi đua: 01/02/2025 → 01/03/2025" in line.comment


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"registration": "31/12/2025"}, "phải không sớm hơn Đăng ký thi đua"),
        ({"registration": "01/01/1999"}, "nằm ngoài khoảng"),
        ({"registration": "hôm qua"}, "ngày/tháng/năm"),
    ],
)
def test_bad_deadlines_are_refused_and_kept(office, client_of, changes, said):
    year = ready_campaign(office).years.get()
    data = {stage: f"{number:02d}/03/2025" for number, stage in enumerate(EMULATION_STAGES, start=1)}
    data["version"] = str(year.version)
    response = post(client_of(office), "deadlines_change", year.pk, **{**data, **changes})
    assert response.status_code == 422
    assert said in text_of(response)
    assert changes["registration"] in text_of(response)
    assert deadline_of(year, Stage.REGISTRATION) == date(2025, 2, 1)


def band_data(rows):
    data = {}
    for recipient in Recipient.values:
        data |= {f"{recipient}-TOTAL_FORMS": str(len(rows)), f"{recipient}-INITIAL_FORMS": "0"}
        for number, (name, bound, colour) in enumerate(rows):
            data |= {
                f"{recipient}-{number}-name": name,
                f"{recipient}-{number}-lower_bound": bound,
                f"{recipient}-{number}-colour": colour,
            }
    return data


def test_bands_through_the_page(office, client_of):
    year = ready_campaign(office).years.get()
    rows = [("Giỏi", "85,5", "teal"), ("Vừa", "0", "blue"), ("", "", "green")]
    data = band_data(rows) | {"version": year.version}
    assert post(client_of(office), "bands_change", year.pk, **data).status_code == 302
    kept = year.bands.filter(recipient=Recipient.INDIVIDUAL).values_list("name", "lower_bound")
    assert list(kept) == [("Giỏi", Decimal("85.5")), ("Vừa", Decimal(0))]


def test_there_is_room_for_the_usual_classes(office, client_of):
    year = ready_campaign(office).years.get()
    form = f"/phong-trao/nam/{year.pk}/xep-loai/"
    year.bands.all().delete()
    assert "collective-4-name" in text_of(client_of(office).get(form))
    acts.set_bands(
        year, by=office, bands=dict.fromkeys(Recipient.values, [(str(n), n, "blue") for n in range(5)])
    )
    assert "collective-6-name" in text_of(client_of(office).get(form))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("Giỏi", "85", "teal")], "bắt đầu từ 0"),
        ([("Giỏi", "-1", "teal"), ("Vừa", "0", "blue")], "không âm"),
        ([("Giỏi", "", "teal"), ("Vừa", "0", "blue")], "Nhập điểm thấp nhất"),
        ([("", "5", "teal"), ("Vừa", "0", "blue")], "Nhập tên mức"),
        ([("Giỏi", "abc", "teal"), ("Vừa", "0", "blue")], "Nhập một số"),
    ],
)
def test_bad_bands(office, client_of, rows, said):
    year = ready_campaign(office).years.get()
    response = post(client_of(office), "bands_change", year.pk, version=year.version, **band_data(rows))
    assert response.status_code == 422
    assert said in text_of(response)
    assert list(year.bands.values_list("name", flat=True).distinct().order_by("name")) == ["Chưa tốt", "Tốt"]


def test_a_closed_year_is_locked(office):
    campaign = ready_campaign(office)
    acts.launch(campaign, by=office)
    year = acts.close_year(acts.open_year(campaign.years.get(), by=office), by=office)
    with pytest.raises(Refused, match="khóa sổ"):
        acts.set_deadlines(year, by=office, deadlines={})
    with pytest.raises(Refused, match="khóa sổ"):
        acts.set_bands(year, by=office, bands={Recipient.COLLECTIVE: BANDS})


def test_a_new_year_takes_calendar_and_bands_along(office, client_of):
    campaign = ready_campaign(office)
    assert post(client_of(office), "year_create", campaign.pk, year="2026").status_code == 302
    made = campaign.years.get(year=2026)
    assert deadline_of(made, Stage.REGISTRATION) == date(2026, 2, 1)
    assert made.bands.count() == 4
    with pytest.raises(Refused, match="đã có năm 2026"):
        acts.add_year(campaign, by=office, year=2026)
    with pytest.raises(Refused, match="từ 2000"):
        acts.add_year(campaign, by=office, year=1900)


# --- pages and first page ----------------------------------------------------------------------------
@pytest.mark.parametrize("section", ["", "van-ban", "lich", "tieu-chi", "dang-ky", "nhat-ky"])
@pytest.mark.parametrize("part", ["office", "clerk", "head", "inspector"])
def test_every_section_opens_for_everybody(cast, campaign_year, client_of, section, part):
    address = reverse("campaigns:campaign_detail", args=[campaign_year.campaign_id]) + f"?muc={section}"
    response = client_of(cast[part]).get(address)
    assert response.status_code == 200
    assert ("Sửa thông tin" in text_of(response)) == (part == "office")


def test_an_unknown_section_or_verb_is_not_found(office, campaign_year, client_of):
    address = reverse("campaigns:campaign_detail", args=[campaign_year.campaign_id])
    assert client_of(office).get(address + "?muc=la").status_code == 404
    assert post(client_of(office), "campaign_move", campaign_year.campaign_id, "xoa").status_code == 404


def test_a_clerk_who_presses_a_button_of_the_office_is_refused(clerk, campaign_year, client_of):
    response = client_of(clerk).post(
        reverse("campaigns:campaign_move", args=[campaign_year.campaign_id, "conclude"]), follow=True
    )
    assert "không có quyền" in text_of(response)
    campaign_year.campaign.refresh_from_db()
    assert campaign_year.campaign.state == Campaign.State.LAUNCHED


def test_list_and_export(office, campaign_year, client_of, assert_same_queries):
    address = reverse("campaigns:campaign_list")

    def grow():
        for number in range(2):
            draft = Campaign.objects.get(pk=campaign_year.campaign_id)
            draft.pk, draft.code = None, f"khac-{number}"
            draft.save()

    assert_same_queries(client_of(office), address, grow)
    assert client_of(office).get(address + "?xuat=xlsx")["Content-Type"].endswith("sheet")


def test_open_years_and_next_deadline(campaign_year):
    (found,) = open_years(open_calendar(), clock.today())
    assert found.name == str(campaign_year)
    assert found.next_deadline.days_left == 30
    assert found.href == reverse("campaigns:year_detail", args=[campaign_year.pk])
    assert next_deadline(campaign_year, date(2999, 1, 1)) is None
    CampaignYear.objects.update(state=CampaignYear.State.CLOSED)
    assert open_years(open_calendar(), clock.today()) == []


def test_the_office_is_told_of_drafts_and_years_to_open(office, clerk):
    campaign = ready_campaign(office)
    assert "Chuẩn bị phát động phong trào" in [task.title for task in tasks_of(office, open_calendar())]
    acts.launch(campaign, by=office)
    assert "Mở năm thi đua" in [task.title for task in tasks_of(office, open_calendar())]
    assert tasks_of(clerk, open_calendar()) == []
