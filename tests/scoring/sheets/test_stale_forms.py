"""What the page showed and what is there when its button is pressed: approving many sheets, publishing a year."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignYear
from organization.models import User
from scoring.actions import sheets as actions
from scoring.models import Publication, Scorecard
from tests.campaigns.stories import hidden

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
        actions.appraise(sheet, by=office)
        sentence = "nay đã thẩm định xong: Nguyễn Văn An"
    else:
        actions.reopen(sheet, by=office, comment="Xem lại")
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
