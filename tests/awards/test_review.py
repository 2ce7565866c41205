"""What a reviewer found: numbers that no column holds, a list whose results were taken back."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from awards import actions, queries
from awards.models import AwardList, Condition
from campaigns.models import CampaignYear
from core.workflow import Refused
from organization.models import User
from scoring.actions import publication as publishing

ClientOf = Callable[[User], Client]


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "1" * 19])
def test_a_rank_that_no_column_holds_is_refused_at_the_field(
    number: str, client_of: ClientOf, office: User, published: CampaignYear
) -> None:
    award = queries.conditions_in_force(published)[0].award
    form = {f"a{award.pk}-is_used": "on", f"a{award.pk}-maximum_rank": number}
    answer = client_of(office).post(reverse("awards:conditions", args=[published.pk]), form)
    assert answer.status_code == 422
    assert not Condition.objects.filter(year=published.year).exists()


@pytest.mark.parametrize("number", ["9" * 30, "9" * 3000])
def test_a_forged_sheet_is_not_found(
    number: str, client_of: ClientOf, office: User, award_list: AwardList
) -> None:
    address = reverse("awards:entry_add", args=[award_list.pk])
    assert client_of(office).get(address, {"phieu": number}).status_code == 404


def test_a_list_does_not_stand_on_results_that_were_taken_back(
    award_list: AwardList, office: User, second_office: User
) -> None:
    publication = queries.publications_in_force(award_list.campaign_year).filter(recipient="individual").get()
    publishing.withdraw_publication(publication, by=second_office, reason="Sai số liệu")
    with pytest.raises(Refused, match="rút lại"):
        actions.settle(award_list, by=office)
