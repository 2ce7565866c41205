"""Questions about initiatives: what is missing, what looks alike over the years, who is told, what waits for whom."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from awards.models import BasisUse, Initiative
from core.agenda import Task
from core.journal import history_of
from core.prepared import Prepared, Slot
from core.vietnamese import fold, format_decimal
from organization import roles
from organization.models import User
from scoring.queries.duplicates import alike

State = Initiative.State
WHOLE = Decimal(100)
LOOKED_AT = 5_000


# --- what is missing ------------------------------------------------------------------------------------
def problems_of(initiative: Initiative) -> Iterable[str]:
    """Why it cannot be handed in yet; every sentence at once."""
    for value, label in (
        (initiative.name, "Tên sáng kiến"),
        (initiative.summary, "Nội dung, tính mới"),
        (initiative.effect, "Hiệu quả áp dụng"),
        (initiative.first_used_on, "Ngày áp dụng lần đầu"),
    ):
        if not value:
            yield f"Còn thiếu: {label}."
    yield from share_problems([author.share for author in initiative.authors.all()])


def share_problems(shares: Iterable[Decimal]) -> Iterable[str]:
    """The shares of the authors add to exactly 100 per cent."""
    known = list(shares)
    total = sum(known, Decimal(0))
    if not known:
        yield "Còn thiếu: tác giả."
    elif total != WHOLE:
        yield f"Tỷ lệ đóng góp của các tác giả cộng lại là {format_decimal(total)}%, phải đúng 100%."


# --- what looks alike -----------------------------------------------------------------------------------
@dataclass
class Alike:
    """Initiatives of any year with nearly the same name: those this user may read, and how many he may not."""

    visible: list[tuple[Initiative, str]] = field(default_factory=list)
    hidden: int = 0

    @property
    def count(self) -> int:
        return len(self.visible) + self.hidden


def near_duplicates(initiative: Initiative, user: Any) -> Alike:
    """Diacritics, letter case and the order of words do not matter. Drafts of others are nobody's business."""
    key = fold(initiative.name)
    others = Initiative.objects.exclude(pk=initiative.pk).exclude(state=State.DRAFT)
    reasons = {}
    for pk, name in others.order_by("-pk").values_list("pk", "name")[:LOOKED_AT]:
        other = fold(name)
        if sorted(other.split()) == sorted(key.split()):
            reasons[pk] = "trùng tên"
        elif alike(key, other):
            reasons[pk] = "tên gần giống"
    if not reasons:
        return Alike()
    seen = (
        Initiative.objects.visible_to(user).filter(pk__in=reasons).select_related("unit").order_by("-pk")[:20]
    )
    rows = [(one, reasons[one.pk]) for one in seen]
    return Alike(rows, len(reasons) - len(rows) if len(rows) < 20 else 0)


def votes_of(initiative: Initiative) -> str:
    """How many of the initiative council agree, for a list."""
    if initiative.council_met_on is None:
        return ""
    return f"{initiative.council_in_favour}/{initiative.council_members}"


# --- the ledger, people, reasons --------------------------------------------------------------------------
def uses_of(initiative: Initiative) -> list[BasisUse]:
    return list(initiative.uses.select_related("award", "gave__award", "person", "unit"))


def tellers(initiative: Initiative) -> QuerySet[User]:
    """The accounts of its authors and of whoever wrote it down."""
    authors = initiative.authors.values("person")
    people = User.objects.filter(is_active=True, person__in=authors)
    return (people | User.objects.filter(is_active=True, pk=initiative.prepared_by_id)).select_related(
        "person"
    )


def returned_because(initiative: Initiative) -> str:
    """Why a draft has come back, until it is handed in again."""
    last = history_of(initiative).filter(verb__in=["submit", "send_back", "withdraw"]).first()
    return last.comment if last and last.verb == "send_back" and initiative.state == State.DRAFT else ""


def refused_because(initiative: Initiative) -> str:
    if initiative.state != State.REFUSED:
        return ""
    last = history_of(initiative).filter(verb="refuse").first()
    return last.comment if last else ""


# --- what waits for whom --------------------------------------------------------------------------------
WAITING = Prepared(
    lambda: (
        Initiative.objects.filter(state__in=(State.SUBMITTED, State.EVALUATED))
        .order_by()
        .values_list("state")
    )
)
OF_OFFICE = {
    State.SUBMITTED: (
        "Sáng kiến chờ đánh giá",
        "Ghi kết quả của Hội đồng sáng kiến, hoặc trả lại để hoàn thiện.",
    ),
    State.EVALUATED: ("Sáng kiến chờ quyết định công nhận", "Hội đồng sáng kiến đã họp; ghi quyết định."),
}

DRAFTS = Prepared(
    lambda: (
        Initiative.objects.filter(state=State.DRAFT, prepared_by=Slot("user"))
        .order_by("-pk")
        .values_list("pk", "name")[:10]
    )
)


def tasks_of(user: Any) -> list[Task]:
    """The Office: what waits to be evaluated, then decided on. An author: what was returned to him, what he began."""
    acting = user.acting
    tasks = []
    counts = Counter(state for (state,) in (WAITING.ask() if acting.is_(roles.OFFICE) else ()))
    for state, (title, detail) in OF_OFFICE.items():
        if count := counts[state]:
            href = f"{reverse('awards:initiative_list')}?trang-thai={state}"
            tasks.append(Task(title=title, detail=detail, href=href, verb="Xem", count=count))
    if acting.person_id is None:
        return tasks
    for pk, name in DRAFTS.ask(user=user.pk):
        tasks.append(
            Task(
                title=f"Hoàn thiện sáng kiến: {name}",
                detail="Đơn chưa nộp hoặc được trả lại để hoàn thiện.",
                href=reverse("awards:initiative_detail", args=[pk]),
                verb="Mở",
            )
        )
    return tasks
