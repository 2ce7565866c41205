"""To whom letters go when somebody has moved, has left, has no account, or heads a unit beside another."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards import mails
from awards.actions import decisions
from awards.models import Award, Decision, Honour
from awards.queries.decisions import waiting
from campaigns.models import CampaignYear
from core import clock
from core.models import Letter
from organization import roles
from organization.models import Appointment, Posting, Unit, User
from scoring.actions import sheets
from scoring.mails.sheets import owners
from scoring.models import Scorecard
from tests.awards.seasons import COLLECTIVE, DECISION_HEAD, carried_review
from tests.cast import SINCE
from tests.letters.reading import behind

pytestmark = pytest.mark.django_db
PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}


def told(kind: str) -> set[str]:
    return set(Letter.objects.filter(kind=f"awards/{kind}").values_list("recipient__username", flat=True))


def decided(office: User, clerk: User, unit: Unit) -> Decision:
    made = carried_review(office, clerk, unit)
    decision = decisions.draft(made, "so", waiting(made), DECISION_HEAD, by=office)
    decisions.issue(decision, PAPER, by=office)
    return decision


# --- decisions ------------------------------------------------------------------------------------------
def test_whoever_was_told_of_a_decision_is_told_that_it_is_cancelled_and_may_read_it(
    office: User, clerk: User, stranger: User, units: dict[str, Unit], client: Client
) -> None:
    decision = decided(office, clerk, units["cchc"])
    decisions.cancel(decision, on=date(2025, 3, 1), number="50/QĐ-SNV", by=office, comment="Kê khai sai")
    assert told("decision_issued") == told("decision_revoked") == {"head"}
    letter = Letter.objects.get(kind="awards/decision_revoked")
    assert "Kê khai sai" not in letter.body
    page = behind(letter)
    assert "Quyết định này đã bị hủy theo quyết định 50/QĐ-SNV ngày 01/03/2025" in page
    assert "Kê khai sai" in page
    client.force_login(stranger)
    address = reverse("awards:decision_detail", args=[decision.pk])
    assert client.get(address).status_code == 200

    Decision.objects.filter(pk=decision.pk).update(cancelled_on=None)  # as one that was never signed
    assert client.get(address).status_code == 404


def test_a_collective_is_congratulated_through_all_who_head_it(
    office: User, clerk: User, deputy: User, units: dict[str, Unit]
) -> None:
    decision = decided(office, clerk, units["cchc"])
    honour = Honour.objects.earliest("pk")
    honour.person, honour.unit, honour.award = None, units["cchc"], Award.objects.get(code=COLLECTIVE)
    honour.save()
    Appointment.objects.create(
        person=deputy.person,  # type: ignore[attr-defined]
        role=roles.HEAD,
        unit=units["cchc"],
        started_on=SINCE,
    )
    Letter.objects.all().delete()
    mails.decided(decision, [honour], by=office)
    assert told("congratulation") == {"head", "deputy"}
    assert "chưa có tài khoản" not in Letter.objects.filter(kind="awards/congratulation")[0].body


def test_who_has_no_account_is_told_by_who_heads_him(
    office: User, clerk: User, units: dict[str, Unit]
) -> None:
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    decided(office, clerk, units["cchc"])
    assert told("congratulation") == {"head"}
    letter = Letter.objects.filter(kind="awards/congratulation")[0]
    assert "Nguyễn Văn An chưa có tài khoản trên cổng; đề nghị báo" in letter.body
    behind(letter)


# --- sheets ---------------------------------------------------------------------------------------------
def test_who_has_left_hears_no_more_of_the_units_sheet(
    campaign_year: CampaignYear, office: User, clerk: User, units: dict[str, Unit]
) -> None:
    sheets.open_sheets(campaign_year, by=office)
    sheet = Scorecard.objects.get(unit=units["cchc"], person=None)
    sheet.submitted_by = clerk
    sheet.save()
    assert names(sheet) == {"head", "clerk"}
    place: Any = Posting.objects.current().get(person=clerk.person)  # type: ignore[attr-defined]
    today = clock.today()
    Posting.objects.filter(pk=place.pk).update(ended_on=today)
    Posting.objects.create(person=place.person, unit=units["ttlt"], post=place.post, started_on=today)
    assert names(sheet) == {"head"}


def test_a_sheet_whose_owner_has_no_account_is_told_to_who_heads_him(
    campaign_year: CampaignYear, office: User, clerk: User
) -> None:
    sheets.open_sheets(campaign_year, by=office)
    sheet = Scorecard.objects.get(person=clerk.person)  # type: ignore[attr-defined]
    assert names(sheet) == {"clerk"}
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert names(sheet) == {"head"}


def names(sheet: Scorecard) -> set[str]:
    return {one.username for one in owners(Scorecard.objects.select_related("unit").get(pk=sheet.pk))}
