"""What the page showed and what is there when its button is pressed: approving many sheets, publishing a year."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignYear
from core import clock
from organization.actions import delegate
from organization.models import User
from scoring.actions import appraisal
from scoring.actions import sheets as actions
from scoring.actions.lines import save_approved
from scoring.models import Publication, Scorecard
from tests.campaigns.stories import hidden
from tests.cast import fresh

Browser = Callable[[User], Client]


def test_sheets_approved_together(
    client_of: Browser,
    sheet_of: Any,
    led_to: Any,
    clerk: User,
    colleague: User,
    head: User,
) -> None:
    one, two = (led_to(sheet_of(user), "submitted", by=user) for user in (clerk, colleague))
    client = client_of(head)
    page = client.get(reverse("scoring:scorecard_list"))
    shown = {f"version_{sheet.pk}": hidden(page, f"version_{sheet.pk}") for sheet in (one, two)}
    actions.withdraw(one, by=clerk)
    actions.submit(one, by=clerk)
    answer = client.post(reverse("scoring:scorecard_bulk_approve"), {"chon": [one.pk, two.pk], **shown})
    assert "Nguyễn Văn An đã sửa lúc" in answer.content.decode()
    states = {sheet.pk: sheet.state for sheet in Scorecard.objects.filter(pk__in=[one.pk, two.pk])}
    assert states == {one.pk: "submitted", two.pk: "approved"}


def test_a_line_that_another_decider_changed_since(
    client_of: Browser, sheet_of: Any, led_to: Any, line_of: Any, clerk: User, head: User, deputy: User
) -> None:
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    client, url = client_of(head), reverse("scoring:scorecard_bulk_approve")
    page = client.get(reverse("scoring:scorecard_list"))
    shown = {f"version_{sheet.pk}": hidden(page, f"version_{sheet.pk}")}
    today = clock.today()
    delegate(sheet.unit, to=deputy.person, started_on=today, ended_on=today, basis="1/UQ", by=head)
    one = save_approved(line_of(sheet, "1.1"), by=fresh(deputy), score=Decimal("7"), reason="Nộp muộn")
    assert one.approved_score == Decimal("7")
    answer = client.post(url, {"chon": [sheet.pk], **shown}).content.decode()
    assert f"{deputy.display_name} đã sửa lúc" in answer
    assert Scorecard.objects.get(pk=sheet.pk).state == "submitted"
    page = client.get(reverse("scoring:scorecard_list"))
    shown = {f"version_{sheet.pk}": hidden(page, f"version_{sheet.pk}")}
    client.post(url, {"chon": [sheet.pk], **shown})
    assert Scorecard.objects.get(pk=sheet.pk).state == "approved"


def test_who_changes_a_line_himself_goes_on_with_the_sheet(
    client_of: Browser, sheet_of: Any, led_to: Any, line_of: Any, clerk: User, head: User
) -> None:
    """A saved line brings the page the new version of its sheet, so that its own buttons still work."""
    sheet = led_to(sheet_of(clerk), "submitted", by=clerk)
    client = client_of(head)
    page = client.get(reverse("scoring:scorecard_detail", args=[sheet.pk]))
    approve = reverse("scoring:scorecard_move", args=[sheet.pk, "approve"])
    old = hidden(page, "version")
    line = line_of(sheet, "1.1")
    typed = {f"l{line.pk}-version": line.version, f"l{line.pk}-score": "7", f"l{line.pk}-reason": "Nộp muộn"}
    saved = client.post(reverse("scoring:line_save", args=[sheet.pk, line.pk]), typed)
    assert client.post(approve, {"version": old}, follow=True).status_code == 200
    assert Scorecard.objects.get(pk=sheet.pk).state == "submitted"
    client.post(approve, {"version": hidden(saved, "version")})
    assert Scorecard.objects.get(pk=sheet.pk).state == "approved"


@pytest.mark.parametrize("change", ["appraised", "taken up again"])
def test_the_unready_list_of_a_publication(
    change: str, client_of: Browser, opened: CampaignYear, sheet_of: Any, led_to: Any, clerk: User,
    colleague: User, head: User, office: User,
) -> None:  # fmt: skip
    led_to(sheet_of(colleague), "appraised", by=colleague, head=head, appraiser=office)
    state = "approved" if change == "appraised" else "appraised"
    sheet = led_to(sheet_of(clerk), state, by=clerk, head=head, appraiser=office)
    client, url = client_of(office), reverse("scoring:publish", args=[opened.pk, "individual"])
    seen = hidden(client.get(url), "seen")
    if change == "appraised":
        appraisal.appraise(sheet, by=office)
        sentence = "nay đã thẩm định xong: Nguyễn Văn An"
    else:
        appraisal.reopen(sheet, by=office, comment="Xem lại")
        sentence = "nay chưa thẩm định xong: Nguyễn Văn An"
    typed = {"confirmation": "CÔNG BỐ", "without_unready": "on", "comment": "Theo kế hoạch", "seen": seen}
    answer = client.post(url, typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert "Theo kế hoạch" in text
    assert not answer.context["form"]["without_unready"].value()  # the present list is agreed to anew
    assert not Publication.objects.exists()
    assert client.post(url, {**typed, "seen": hidden(answer, "seen")}).status_code == 302
    assert Publication.objects.get().results.count() == (2 if change == "appraised" else 1)


def test_a_forged_list_is_no_error(client_of: Browser, opened: CampaignYear, office: User) -> None:
    url = reverse("scoring:publish", args=[opened.pk, "individual"])
    for seen in ["x", "1,,2", "٣", "9" * 40, ""]:
        data = {"confirmation": "CÔNG BỐ", "without_unready": "on", "seen": seen}
        assert client_of(office).post(url, data).status_code == 422
