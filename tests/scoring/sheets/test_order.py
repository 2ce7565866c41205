"""The order in which the lines of a sheet are saved changes nothing of what it comes to."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organization.models import Unit, User
from scoring.actions import lines as line_actions
from scoring.models import Line, Scorecard

Find = Callable[..., Any]
POINTS = st.integers(0, 40).map(lambda quarters: Decimal(quarters) / 4)


@pytest.mark.django_db
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(
    edits=st.permutations(["1.1", "1.2", "2.1", "2.3"]),
    typed=POINTS,
    count=st.integers(0, 3),
    met=st.booleans(),
)
def test_no_order_of_saved_lines_changes_the_sheet(
    edits: list[str],
    typed: Decimal,
    count: int,
    met: bool,
    sheet_of: Find,
    units: dict[str, Unit],
    clerk: User,
) -> None:
    answers: dict[str, dict[str, Any]] = {
        "1.1": {"inputs": {}, "self_score": typed},
        "1.2": {"inputs": {"count": str(count)}, "note": "Theo sổ theo dõi của phòng."},
        "2.1": {"inputs": {"numerator": "45", "denominator": "50"}},
        "2.3": {"inputs": {"choice": "Kịp thời" if met else ""}},
    }
    sheet = sheet_of(units["cchc"])
    came_to = []
    for order in (sorted(edits), edits):
        with transaction.atomic():
            for code in order:
                line = Line.objects.select_related("criterion", "scorecard__campaign_year").get(
                    scorecard=sheet, criterion__code=code
                )
                line_actions.save_line(line, by=clerk, **answers[code])
            after = Scorecard.objects.get(pk=sheet.pk)
            came_to.append((after.self_total, after.applicable_max, after.components))
            transaction.set_rollback(True)
    assert came_to[0] == came_to[1]
    assert came_to[0][0] >= typed + 18 + 10 * met
