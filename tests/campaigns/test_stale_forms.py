"""A form or a list that somebody else has overtaken: the second is told, nothing is overwritten, nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.actions import campaigns as acts
from campaigns.actions import criteria as criteria_acts
from campaigns.actions import registrations
from campaigns.models import CampaignYear, Recipient, Registration
from organization.models import User
from tests.campaigns.stories import hidden

Browser = Callable[[User], Client]
BANDS = [("Tốt", Decimal(50), "green"), ("Yếu", Decimal(0), "red")]


def test_the_calendar(client_of: Browser, campaign_year: CampaignYear, office: User) -> None:
    url, client = reverse("campaigns:deadlines_change", args=[campaign_year.pk]), client_of(office)
    due = timezone.localdate() + timedelta(days=5)
    typed = {"approval": f"{due:%d/%m/%Y}", "approval_note": "Theo công văn 15"}
    version = hidden(client.get(url))
    acts.set_deadlines(campaign_year, by=office, deadlines={"registration": due})
    answer = client.post(url, {**typed, "version": version})
    assert answer.status_code == 422
    assert "Đỗ Thị Hà đã sửa lúc" in answer.content.decode()
    assert "Theo công văn 15" in answer.content.decode()
    assert [one.stage for one in campaign_year.deadlines.all()] == ["registration"]
    assert client.post(url, {**typed, "version": hidden(answer)}).status_code == 302  # read, and decided
    assert [one.stage for one in campaign_year.deadlines.all()] == ["approval"]


def test_the_classes(client_of: Browser, campaign_year: CampaignYear, office: User) -> None:
    url, client = reverse("campaigns:bands_change", args=[campaign_year.pk]), client_of(office)
    typed: dict[str, Any] = {}
    for recipient in Recipient.values:
        rows = [("Đạt", "60"), ("Chưa đạt", "0")]
        typed |= {f"{recipient}-TOTAL_FORMS": 2, f"{recipient}-INITIAL_FORMS": 0}
        for place, (name, bound) in enumerate(rows):
            row = {"name": name, "lower_bound": bound, "colour": "blue"}
            typed |= {f"{recipient}-{place}-{field}": value for field, value in row.items()}
    version = hidden(client.get(url))
    acts.set_bands(campaign_year, by=office, bands=dict.fromkeys(Recipient.values, BANDS))
    answer = client.post(url, {**typed, "version": version})
    assert answer.status_code == 422
    assert "đã sửa lúc" in answer.content.decode()
    assert "Chưa đạt" in answer.content.decode()
    assert {band.name for band in campaign_year.bands.all()} == {"Tốt", "Yếu"}
    assert client.post(url, {**typed, "version": hidden(answer)}).status_code == 302
    assert {band.name for band in campaign_year.bands.all()} == {"Đạt", "Chưa đạt"}


def test_the_head_of_a_criteria_set(client_of: Browser, campaign_year: CampaignYear, office: User) -> None:
    draft = criteria_acts.correct(campaign_year.criteria_sets.get(), by=office)
    url, client = reverse("campaigns:criteria_set_change", args=[draft.pk]), client_of(office)
    version = hidden(client.get(url))
    criteria_acts.change_set(draft, by=office, title="Tên của người thứ nhất")
    typed = {
        "title": "Tên của người thứ hai",
        "declared_max_collective": "50",
        "declared_max_individual": "50",
    }
    answer = client.post(url, {**typed, "version": version})
    assert answer.status_code == 422
    assert "đã sửa lúc" in answer.content.decode()
    assert "Tên của người thứ hai" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Tên của người thứ nhất"
    assert client.post(url, {**typed, "version": hidden(answer)}).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Tên của người thứ hai"


def test_registrations_approved_together(
    client_of: Browser, campaign_year: CampaignYear, clerk: User, colleague: User, head: User
) -> None:
    rows = []
    for user in (clerk, colleague):
        rows.append(registrations.start(campaign_year, by=user))
        registrations.save(rows[-1], by=user, pledge="Làm tốt.", items=[])
        registrations.submit(rows[-1], by=user)
    client, url = client_of(head), reverse("campaigns:registration_bulk")
    page = client.get(url)
    shown = {f"version_{row.pk}": hidden(page, f"version_{row.pk}") for row in rows}
    registrations.send_back(rows[0], by=head, comment="Ghi rõ chỉ tiêu")
    registrations.save(rows[0], by=clerk, pledge="Đã viết lại.", items=[])
    registrations.submit(rows[0], by=clerk)
    answer = client.post(url, {"chon": [row.pk for row in rows], **shown}, follow=True).content.decode()
    assert "Nguyễn Văn An: Nguyễn Văn An đã sửa lúc" in answer
    assert {row.pk: row.state for row in Registration.objects.all()} == {
        rows[0].pk: "waiting",
        rows[1].pk: "approved",
    }
