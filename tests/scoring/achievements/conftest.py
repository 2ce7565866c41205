"""What the stories about achievements share: the year's dates, a complete draft, one in every state."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from campaigns.models import CampaignYear, Criterion
from organization.models import User
from scoring.actions import achievements as actions
from scoring.actions import evidence
from scoring.models import Achievement, EvidenceDocument
from tests.scoring.achievements.files import PDF, upload

DAY = date(2025, 5, 20)


@pytest.fixture
def facts(criteria: dict[str, Criterion]) -> dict[str, Any]:
    """Complete facts; criterion 1.1 needs no document."""
    return {
        "title": "Rút ngắn thời gian giải quyết hồ sơ",
        "criterion": criteria["1.1"],
        "happened_on": DAY,
        "quantity": Decimal(1),
        "measure": "giải pháp",
        "result": "Giảm từ 10 ngày xuống 6 ngày.",
        "role": Achievement.Role.LEAD,
    }


@pytest.fixture
def draft_of(campaign_year: CampaignYear, facts: dict[str, Any]) -> Callable[..., Achievement]:
    """A complete draft of this user."""

    def make(user: User, *, collective: bool = False, **changes: Any) -> Achievement:
        achievement = actions.start(campaign_year, by=user, collective=collective)
        return actions.save(achievement, by=user, values={**facts, **changes})

    return make


@pytest.fixture
def submitted_by(draft_of: Callable[..., Achievement]) -> Callable[..., Achievement]:
    def make(user: User, **more: Any) -> Achievement:
        achievement = draft_of(user, **more)
        actions.submit(achievement, by=user)
        return achievement

    return make


@pytest.fixture
def in_state(submitted_by: Any, draft_of: Any, clerk: User, head: User) -> Callable[[str], Achievement]:
    """The clerk's achievement in this state, brought there by the acts themselves."""

    def make(state: str) -> Achievement:
        if state == "draft":
            return draft_of(clerk)
        achievement = submitted_by(clerk)
        if state == "confirmed":
            actions.confirm(achievement, by=head)
        elif state == "returned":
            actions.send_back(achievement, by=head, flags={"title": "Nói rõ hơn."})
        elif state == "refused":
            actions.refuse(achievement, by=head, comment="Không thuộc phong trào.")
        return achievement

    return make


@pytest.fixture
def stored(cast: Any) -> Callable[..., EvidenceDocument]:
    def make(by: User, content: bytes = PDF, **facts: Any) -> EvidenceDocument:
        return evidence.upload_document(
            upload(content=content), by=by, **{"title": "Quyết định công nhận", **facts}
        )

    return make
