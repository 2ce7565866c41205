"""The procedure of an award list."""

from collections.abc import Iterable

from awards import queries
from awards.models import AwardEntry, AwardList
from awards.queries.holds import held_names
from core import clock
from core.workflow import Move, Workflow

State = AwardList.State


def settling_guard(award_list: AwardList) -> Iterable[str]:
    """A list is settled when it has rows, every change by hand has its reason, and it stands on today's facts."""
    if not queries.on_list(award_list).exists():
        yield "Danh sách chưa có dòng nào nên chưa chốt được."
    by_hand = award_list.entries.exclude(source=AwardEntry.Source.COMPUTED)
    nameless = by_hand.filter(reason="").count()
    if nameless:
        yield f"Có {nameless} dòng điều chỉnh chưa ghi lý do."
    if held := held_names(award_list, clock.today()):
        yield (
            f"Đang tạm dừng xét khen thưởng: {', '.join(held)}. "
            "Hãy đưa ra khỏi danh sách, hoặc chốt sau khi được gỡ tạm dừng."
        )
    for sentence in queries.outdated(award_list):
        yield f"{sentence} Hãy bấm “Tính lại” trước khi chốt."


AWARD_LIST = Workflow(
    noun="danh sách",
    states={State.DRAFT: ("Đang lập", "yellow"), State.SETTLED: ("Đã chốt", "green")},
    rows=(
        Move(
            verb="settle",
            label="Chốt danh sách",
            source=(State.DRAFT,),
            target=State.SETTLED,
            permission="awards.prepare_list",
            guard=settling_guard,
            confirmation="Sau khi chốt, danh sách không sửa được nữa; Giám đốc và Hội đồng được báo bằng thư.",
            style="success",
        ),
        Move(
            verb="reopen",
            label="Mở lại",
            source=(State.SETTLED,),
            target=State.DRAFT,
            permission="awards.prepare_list",
            comment_required=True,
            comment_label="Lý do mở lại",
            style="warning",
        ),
    ),
)
