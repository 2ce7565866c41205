"""What the Office enters of the initiative council: its minutes, and what was entered wrongly of them."""

from collections.abc import Mapping
from typing import Any

import rules
from django.db import transaction

from awards.actions.initiatives import COUNCIL, change, move
from awards.models import Initiative
from awards.queries import evaluations
from awards.workflow import INITIATIVE
from core.journal import record
from core.vietnamese import format_date
from core.workflow import Refused, check_version, lock

COUNTS = COUNCIL[2:5]


@transaction.atomic
def evaluate(
    initiative: Initiative, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> None:
    """Enter what the minutes of the initiative council say: who was there, how many agree, what it proposes."""
    lock(initiative)
    if (
        initiative.state in INITIATIVE.moves["evaluate"].source
    ):  # an evaluated one is whole from the first moment on
        for name, value in _checked(initiative, values).items():
            setattr(initiative, name, value)
        initiative.save(update_fields=COUNCIL)
    move(initiative, "evaluate", by=by, version=version, comment=_in_words(initiative))


@transaction.atomic
def correct_evaluation(
    initiative: Initiative, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> None:
    """Put right what was entered wrongly of the minutes, until the initiative is decided on."""
    lock(initiative)
    if not rules.has_perm("awards.decide_initiative", by, initiative):
        raise Refused("Bạn không sửa được kết quả đánh giá này.")
    if initiative.state != Initiative.State.EVALUATED:
        raise Refused("Chỉ sửa được kết quả đánh giá của sáng kiến đang chờ quyết định.")
    check_version(initiative, version)
    if changes := change(initiative, _checked(initiative, values)):
        record(initiative, "correct_evaluation", by=by, label="Sửa kết quả đánh giá", comment=changes)


def _checked(initiative: Initiative, values: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: values.get(name) for name in COUNCIL}
    facts["evaluation"] = facts["evaluation"] or ""
    is_counted = all(facts[name] is not None for name in COUNTS) and facts["council_members"]
    if not (
        is_counted and all(facts[name] for name in ("council_met_on", "council_minutes", "council_advice"))
    ):
        raise Refused(
            "Hãy ghi đủ ngày họp, số biên bản, tổng số thành viên, số có mặt, số phiếu đồng ý và kết luận của Hội đồng."
        )
    if problems := evaluations.problems_of(initiative, facts):
        raise Refused(*problems.values())
    return facts


def _in_words(initiative: Initiative) -> str:
    return (
        f"Họp ngày {format_date(initiative.council_met_on)}, biên bản số {initiative.council_minutes}: có mặt"
        f" {initiative.council_present}/{initiative.council_members}, đồng ý {initiative.council_in_favour}."
        f" {initiative.get_council_advice_display()}."
    )
