"""Schemes with a frame."""

from typing import Any

import pytest

from campaigns.actions import criteria as acts
from campaigns.actions import frames
from campaigns.actions.schemes import round_of
from campaigns.models import CampaignYear, CriteriaSet
from organization.models import User
from tests.campaigns.frame_stories import FRAME, written
from tests.campaigns.stories import leaf


@pytest.fixture
def province(cast: Any, office: User) -> CriteriaSet:
    """The frame that the province gives to the phòng, in use."""
    return written(round_of("khung-tinh", 2025, by=office, name="Khung của tỉnh"), FRAME, office)


@pytest.fixture
def phong_year(cast: Any, office: User) -> CampaignYear:
    return round_of("cchc-phong", 2025, by=office, name="Chỉ số cấp phòng")


@pytest.fixture
def framed(province: CriteriaSet, phong_year: CampaignYear, office: User) -> CriteriaSet:
    """The frame with an own row in its first group and an own group behind it."""
    made = frames.begin_on_frame(phong_year, province, by=office)
    group = made.criteria.get(code="1")
    acts.add_criterion(made, by=office, parent=group, **leaf("1.R", "Việc riêng", "4"))
    acts.move_criterion(made.criteria.get(code="1.R"), by=office, up=True)  # between 1.1 and 1.2
    own = acts.add_criterion(made, by=office, is_leaf=False, code="R", name="Nhóm riêng")
    acts.add_criterion(made, by=office, parent=own, **leaf("R.1", "Riêng một", "1"))
    return made
