"""People without an account: a colleague of their unit writes for them, and somebody else decides."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.actions import registrations
from campaigns.models import CampaignYear, Registration
from core.journal import history_of
from core.workflow import Refused
from organization.models import Person, User
from scoring.actions import achievements, lines, sheets
from scoring.models import Achievement, Scorecard
from tests.cast import fresh


@pytest.fixture
def driver(colleague: User) -> Person:
    """Trần Thị Bình, from whom the account was taken."""
    person = colleague.person
    Person.objects.filter(pk=person.pk).update(user=None)
    return Person.objects.get(pk=person.pk)


def test_a_colleague_reports_the_achievement_and_stands_in_the_journal(
    campaign_year: CampaignYear, clerk: User, driver: Person
) -> None:
    written = achievements.start(campaign_year, by=clerk, person=driver)
    assert written.person == driver
    assert history_of(written).get().actor == clerk
    assert written in Achievement.objects.visible_to(fresh(clerk))


def test_nobody_of_another_unit_writes_for_him(
    campaign_year: CampaignYear, stranger: User, driver: Person
) -> None:
    with pytest.raises(Refused, match="không công tác tại"):
        achievements.start(campaign_year, by=stranger, person=driver)


def test_who_has_an_account_writes_himself(campaign_year: CampaignYear, clerk: User, head: User) -> None:
    with pytest.raises(Refused, match="có tài khoản riêng"):
        achievements.start(campaign_year, by=clerk, person=head.person)


def test_a_colleague_fills_his_sheet_and_cannot_approve_it(
    campaign_year: CampaignYear, office: User, head: User, driver: Person
) -> None:
    sheets.open_sheets(campaign_year, by=office)
    sheet = Scorecard.objects.get(person=driver)
    line = sheet.lines.get(criterion__code="2.2")
    lines.save_line(line, by=fresh(head), inputs={"met": "1"})
    sheet.refresh_from_db()
    assert sheet.self_total == 20
    assert sheet in Scorecard.objects.visible_to(fresh(head))


def test_the_registration_is_found_written_and_sent_on_the_page(
    campaign_year: CampaignYear,
    clerk: User,
    stranger: User,
    driver: Person,
    client_of: Callable[[User], Client],
) -> None:
    page = client_of(clerk).get(reverse("campaigns:year_detail", args=[campaign_year.pk]))
    address = reverse("campaigns:registration_edit", args=[campaign_year.pk, f"nguoi-{driver.pk}"])
    assert address in page.content.decode()
    form = {
        "pledge": "Lái xe an toàn.",
        "version": "1",
        "items-TOTAL_FORMS": "0",
        "items-INITIAL_FORMS": "0",
        "send": "1",
    }
    client_of(clerk).post(address, form)
    sent = Registration.objects.get(person=driver)
    assert (sent.state, sent.prepared_by) == ("waiting", clerk)
    assert client_of(stranger).get(address).status_code == 404


def test_the_head_who_wrote_it_does_not_decide_it(
    campaign_year: CampaignYear, head: User, driver: Person
) -> None:
    written = registrations.start(campaign_year, by=head, person=driver)
    registrations.save(written, by=head, pledge="Lái xe an toàn.", items=[])
    registrations.submit(written, by=head)
    assert written.approving_unit.code == "so"
    with pytest.raises(Refused, match="không có quyền"):
        registrations.approve(written, by=head)
