"""The cast itself is as the stories assume."""

from campaigns.models import CampaignYear
from core.vietnamese import fold
from organization.models import User
from organization.queries import approving_unit


def test_the_head_decides_for_the_clerk_and_the_director_for_the_head(clerk: User, head: User) -> None:
    unit = clerk.person.postings.get().unit
    assert approving_unit(unit, excluding=[clerk.person.pk]).code == "cchc"
    assert approving_unit(unit, excluding=[head.person.pk]).code == "so"


def test_nobody_is_above_the_director(director: User) -> None:
    unit = director.person.postings.get().unit
    assert approving_unit(unit, excluding=[director.person.pk]) is None


def test_the_open_year_has_criteria_for_both(campaign_year: CampaignYear) -> None:
    criteria = campaign_year.criteria_sets.get().criteria.all()
    assert sum(row.max_score for row in criteria if row.scores("individual")) == 50
    assert sum(row.max_score for row in criteria if row.scores("collective")) == 50


def test_names_are_found_without_diacritics(clerk: User) -> None:
    assert fold("nguyen van") in clerk.person.search_key
