"""Questions about recovery (thu hồi): what a cancelled honour had brought, what is still out, sums."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from awards.eligibility.rulebook import RuleError
from awards.models import Honour, Payment, Recovery
from awards.queries.bonus import Decision, bonus_list
from core.agenda import Task
from core.prepared import Prepared
from organization import roles

State = Recovery.State
Kind = Recovery.Kind


@dataclass(frozen=True)
class Worth:
    """What was paid for an honour, where that was noted, or else what its bonus list gave; None when nobody can tell.
    ``reason`` says why nothing, why unknown."""

    amount: Decimal | None
    reason: str = ""


def worth_of(honours: Iterable[Honour]) -> dict[int, Worth]:
    """By honour, as it was paid, or as the lists of their decisions stand now. Some queries for each decision."""
    asked = list(honours)
    papers: dict[tuple[str, date, str], list[Honour]] = {}
    for one in asked:
        papers.setdefault((one.decision_number, one.decided_on, one.decided_by), []).append(one)
    found: dict[int, Worth] = {}
    for paper, rows in papers.items():
        try:
            money = bonus_list(Decision(*paper)).money
        except RuleError as error:
            found |= {one.pk: Worth(None, f"Không tính được tiền thưởng: {error}") for one in rows}
            continue
        for row in money.rows:
            unknown = row.coefficient is None or money.base is None
            found[row.item.key] = Worth(None if unknown else row.sum, row.reason)
    paid = Payment.objects.in_force().filter(honour__in=asked).values_list("honour", "amount")
    return found | {pk: Worth(amount) for pk, amount in paid}


@dataclass(frozen=True)
class Total:
    """Of one kind: how many rows stand where, and how many đồng."""

    label: str
    is_money: bool
    due: int
    done: int
    nothing: int
    to_recover: Decimal
    recovered: Decimal
    unknown: int


def totals(rows: QuerySet[Recovery]) -> list[Total]:
    """What the rows add up to; one question."""
    facts: dict[tuple[str, str], tuple[int, Decimal, Decimal, int]] = {}
    counted = rows.order_by().values_list("kind", "state")
    for kind, state, count, amount, recovered, known in counted.annotate(
        Count("pk"), Sum("amount"), Sum("recovered"), Count("amount")
    ):
        facts[kind, state] = (count, amount or Decimal(0), recovered or Decimal(0), count - known)
    return [_total(kind, facts) for kind in Kind]


def _total(kind: Kind, facts: dict[tuple[str, str], Any]) -> Total:
    nothing = (0, Decimal(0), Decimal(0), 0)
    due, done, none = (facts.get((kind, state), nothing) for state in (State.DUE, State.DONE, State.NOTHING))
    return Total(
        kind.label, kind == Kind.MONEY, due[0], done[0], none[0], due[1], done[2], due[3] if due[0] else 0
    )


# --- what waits for whom --------------------------------------------------------------------------------
OUTSTANDING = Prepared(lambda: Recovery.objects.filter(state=State.DUE).order_by().values_list("pk"))
AT = "dang-cho"


def tasks_of(user: Any) -> list[Task]:
    """The Office: what of cancelled honours has not come back."""
    if not user.acting.is_(roles.OFFICE) or not (count := len(OUTSTANDING.ask())):
        return []
    return [
        Task(
            title="Thu hồi tiền thưởng, hiện vật của khen thưởng đã hủy",
            detail="Ghi ngày và chứng từ thu hồi, hoặc lý do không phải thu hồi.",
            href=f"{reverse('awards:recovery_list')}?tinh-trang={AT}",
            verb="Mở",
            count=count,
        )
    ]
