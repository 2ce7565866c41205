"""What a reviewer found: a colleague's draft, forged numbers, journal lines that are not for everybody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.actions import campaigns as acts
from campaigns.actions import registrations
from campaigns.models import CampaignYear, Registration
from core.journal import history_of, record
from core.workflow import Refused
from organization.actions import merge_units
from organization.models import Person, Unit, User
from tests.cast import fresh

Clients = Callable[[User], Client]


def test_the_draft_of_a_colleague_without_account_is_edited_as_his(
    campaign_year: CampaignYear, clerk: User, colleague: User, client_of: Clients
) -> None:
    Person.objects.filter(user=colleague).update(user=None)
    driver = Person.objects.get(pk=colleague.person.pk)
    row = registrations.start(campaign_year, by=clerk, person=driver)
    page = client_of(clerk).get(reverse("campaigns:registration_detail", args=[row.pk])).content.decode()
    assert reverse("campaigns:registration_edit", args=[campaign_year.pk, f"nguoi-{driver.pk}"]) in page
    assert reverse("campaigns:registration_edit", args=[campaign_year.pk, "toi"]) not in page


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "٣"])
def test_forged_numbers_are_no_server_error(
    number: str, campaign_year: CampaignYear, clerk: User, head: User, office: User, client_of: Clients
) -> None:
    row = registrations.start(campaign_year, by=clerk)
    registrations.save(row, by=clerk, pledge="Làm tốt.", items=[])
    registrations.submit(row, by=clerk)
    boss = client_of(head)
    assert boss.post(reverse("campaigns:registration_bulk"), {"chon": [number]}).status_code == 302
    move = reverse("campaigns:registration_move", args=[row.pk, "approve"])
    assert boss.post(move, {"version": number}).status_code == 302
    change = reverse("campaigns:campaign_change", args=[campaign_year.campaign_id])
    assert client_of(office).post(change, {"legal_basis": [number], "version": number}).status_code == 422


def test_a_note_beside_a_deadline_is_journaled(campaign_year: CampaignYear, office: User) -> None:
    days = {one.stage: one.due_on for one in campaign_year.deadlines.all()}
    acts.set_deadlines(campaign_year, by=office, deadlines=days, notes={"approval": "Gia hạn theo CV 15"})
    line = history_of(campaign_year).first()
    assert line is not None
    assert "Gia hạn theo CV 15" in line.comment


def test_who_does_not_run_the_campaign_reads_no_lines_of_the_office(
    campaign_year: CampaignYear, office: User, clerk: User, inspector: User, client_of: Clients
) -> None:
    """The year's lines tell of award conditions and drafts that their own pages hide."""
    record(
        campaign_year, "set_conditions", by=office, label="Sửa điều kiện khen thưởng", comment="Từ 95 điểm"
    )
    days = {one.stage: one.due_on + timedelta(days=1) for one in campaign_year.deadlines.all()}
    acts.set_deadlines(campaign_year, by=office, deadlines=days)
    address = reverse("campaigns:campaign_detail", args=[campaign_year.campaign_id]) + "?muc=nhat-ky"
    seen = client_of(clerk).get(address).content.decode()
    assert "Đặt lịch" in seen
    assert "Từ 95 điểm" not in seen
    for reader in (office, inspector):
        assert "Từ 95 điểm" in client_of(reader).get(address).content.decode()


def test_the_technician_registers_only_himself(
    campaign_year: CampaignYear, technician: User, client_of: Clients
) -> None:
    with pytest.raises(Refused, match="Quản trị kỹ thuật"):
        registrations.start(campaign_year, by=technician, for_unit=True)
    address = reverse("campaigns:registration_edit", args=[campaign_year.pk, "don-vi"])
    assert client_of(technician).get(address).status_code == 302
    assert registrations.start(campaign_year, by=technician).person == technician.person


def test_a_registration_that_waited_in_a_merged_unit_is_not_stuck(
    campaign_year: CampaignYear, clerk: User, office: User, council_member: User, units: dict[str, Unit]
) -> None:
    row = registrations.start(campaign_year, by=clerk)
    registrations.save(row, by=clerk, pledge="Làm tốt.", items=[])
    registrations.submit(row, by=clerk)
    yesterday = timezone.localdate() - timedelta(days=1)
    merge_units([units["cchc"]], into=units["tccb"], on=yesterday, basis="12/QĐ-SNV", by=office)
    boss = fresh(council_member)
    assert list(Registration.objects.waiting_for(boss)) == [row]
    registrations.approve(Registration.objects.get(pk=row.pk), by=boss)
