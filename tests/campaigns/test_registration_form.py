"""The registration form: saving by itself, conflicts, mistakes."""

import pytest
from django.urls import reverse

from campaigns.actions import criteria as sets
from campaigns.actions import registrations as acts
from campaigns.models import CampaignYear, Registration
from tests.campaigns.stories import begun, post, registration_data, sent, text_of


def form(year, whose="toi"):
    return reverse("campaigns:registration_edit", args=[year.pk, whose])


def test_a_person_registers_in_the_browser(clerk, head, campaign_year, criteria, client_of):
    browser = client_of(clerk)
    assert browser.get(form(campaign_year)).status_code == 200
    assert not Registration.objects.exists()
    row = {
        "criterion": str(criteria["1.2"].pk),
        "target": "Một sáng kiến",
        "quantity": "1,5",
        "measure": "sáng kiến",
    }
    response = browser.post(
        form(campaign_year), registration_data(pledge="Cố gắng", rows=[row]) | {"save": "1"}
    )
    assert response.status_code == 302
    made = Registration.objects.get()
    assert (made.state, made.pledge, made.search_key) == (
        "not_sent",
        "Cố gắng",
        "nguyen van an phong cai cach hanh chinh",
    )
    assert "1,5" in text_of(browser.get(form(campaign_year)))
    response = browser.post(
        form(campaign_year),
        registration_data(made.version, "Cố gắng hơn", [row]) | {"send": "1"},
        follow=True,
    )
    assert "Đã gửi đăng ký" in text_of(response)
    assert "Đang ở: <strong>Thủ trưởng Phòng Cải cách hành chính</strong>" in text_of(response)
    made.refresh_from_db()
    assert made.state == "waiting"
    assert browser.get(form(campaign_year)).status_code == 302
    assert (
        post(client_of(head), "registration_move", made.pk, "approve", version=made.version).status_code
        == 302
    )
    made.refresh_from_db()
    assert made.state == "approved"


def test_autosave_begins_saves_and_gives_the_version(clerk, campaign_year, client_of):
    browser = client_of(clerk)
    answer = browser.post(
        form(campaign_year), registration_data(pledge="Đang gõ"), headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 200
    assert answer.json()["version"] == 2
    assert len(answer.json()["saved_at"]) == 5
    assert Registration.objects.get().pledge == "Đang gõ"
    again = browser.post(
        form(campaign_year), registration_data(2, "Gõ tiếp") | {"send": "1"}, headers={"X-Autosave": "1"}
    )
    assert again.json()["version"] == 3
    assert Registration.objects.get().state == "not_sent"


def test_autosave_conflicts_and_errors(clerk, colleague, campaign_year, client_of):
    begun(campaign_year, colleague, for_unit=True)
    answer = client_of(clerk).post(
        form(campaign_year, "don-vi"), registration_data(1, "Của tôi"), headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 409
    assert "Trần Thị Bình" in answer.json()["message"]
    rows = [{"target": "", "quantity": "5"}, {"target": "x", "quantity": "-1"}]
    answer = client_of(clerk).post(
        form(campaign_year, "don-vi"), registration_data(2, "", rows), headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"items-0-target", "items-1-quantity"}


def test_the_second_editor_sees_both_texts(clerk, colleague, campaign_year, client_of):
    begun(campaign_year, colleague, for_unit=True, pledge="Bản của Bình")
    response = client_of(clerk).post(
        form(campaign_year, "don-vi"), registration_data(1, "Bản của An") | {"save": "1"}
    )
    text = text_of(response)
    assert response.status_code == 422
    assert "Bản của An" in text
    assert "Bản của Bình" in text
    assert 'name="version" value="2"' in text
    assert Registration.objects.get().pledge == "Bản của Bình"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"target": "x", "quantity": "nhiều"}, "Nhập một số"),
        ({"target": "x", "quantity": "-2"}, "không âm"),
        ({"target": "", "measure": "việc"}, "Hãy ghi chỉ tiêu"),
        ({"target": "x" * 401}, "400"),
        ({"target": "x", "criterion": "99999"}, "hợp lệ"),
    ],
)
def test_bad_rows_keep_what_was_typed(clerk, campaign_year, client_of, row, said):
    data = registration_data(pledge="Đừng mất chữ này", rows=[row]) | {"send": "1"}
    response = client_of(clerk).post(form(campaign_year), data)
    assert response.status_code == 422
    assert said in text_of(response)
    assert "Đừng mất chữ này" in text_of(response)
    assert not Registration.objects.exists()


def test_sending_nothing_is_told_on_the_form(clerk, campaign_year, client_of):
    response = client_of(clerk).post(form(campaign_year), registration_data() | {"send": "1"})
    assert response.status_code == 422
    assert "còn trống" in text_of(response)


def test_typing_after_the_approval_is_told(clerk, head, campaign_year, client_of):
    made = acts.approve(sent(campaign_year, clerk), by=head)
    response = client_of(clerk).post(form(campaign_year), registration_data(made.version, "Muộn rồi"))
    assert response.status_code == 422
    assert "Muộn rồi" in text_of(response)
    assert "Đã duyệt" in text_of(response)


def test_a_closed_year_shows_no_form(clerk, campaign_year, client_of):
    CampaignYear.objects.update(state=CampaignYear.State.CLOSED)
    assert client_of(clerk).get(form(campaign_year)).status_code == 302
    assert client_of(clerk).get(form(campaign_year, "ai-do")).status_code == 404


def test_targets_keep_their_content_when_the_criteria_are_corrected(
    clerk, office, campaign_year, criteria, client_of
):
    """The criteria of the new version are other rows with the same lineage; what was left out is still named."""
    rows = [
        {"criterion": str(criteria[code].pk), "target": f"Chỉ tiêu {code}", "quantity": "", "measure": ""}
        for code in ("1.1", "1.2")
    ]
    client_of(clerk).post(form(campaign_year), registration_data(pledge="Cố gắng", rows=rows) | {"save": "1"})
    draft = sets.correct(campaign_year.criteria_sets.get(), by=office, change_note="Bỏ tiêu chí 1.2")
    sets.remove_criterion(draft.criteria.get(code="1.2"), by=office)
    sets.put_in_use(draft, by=office)
    html = text_of(client_of(clerk).get(form(campaign_year)))
    assert f'<option value="{draft.criteria.get(code="1.1").pk}" selected>' in html
    assert f'<option value="{criteria["1.2"].pk}" selected>' in html
    assert "(nội dung cũ)" in html
