"""A review whose dossiers wait for the council."""

import pytest

from awards.models import CouncilSession, Review
from organization.models import Unit, User
from tests.awards.council.builders import opened, review_at_council


@pytest.fixture
def review(cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return review_at_council(cast, units)


@pytest.fixture
def session(review: Review, cast: dict[str, User]) -> CouncilSession:
    """In the middle: everybody there, nothing voted yet."""
    return opened(review, cast)
