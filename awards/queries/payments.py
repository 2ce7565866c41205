"""Questions about what was really paid: by line of a list, by decision, and what is still to be paid."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from awards.models import Payment
from awards.queries.bonus import BonusList, Decision
from core.vietnamese import fold


@dataclass(frozen=True)
class Balance:
    """Of one list: what was paid, and what is left of what has to be."""

    by_honour: dict[int, Payment]
    undone: list[Payment]
    due: dict[int, Decimal]

    @property
    def paid(self) -> Decimal:
        return sum((one.amount for one in self.by_honour.values()), Decimal(0))

    @property
    def open(self) -> dict[int, Decimal]:
        """By honour, the lines that nobody has paid yet."""
        return {pk: due for pk, due in self.due.items() if pk not in self.by_honour}

    @property
    def outstanding(self) -> Decimal:
        return sum(self.open.values(), Decimal(0))


def balance(one: BonusList) -> Balance:
    """One question, however many lines."""
    rows = list(Payment.objects.filter(honour__in=one.honours).select_related("honour", "noted_by__person"))
    due = {row.item.key: row.sum for row in one.money.rows if row.is_paid}
    in_force = {row.honour_id: row for row in rows if row.undone_at is None}
    return Balance(in_force, [row for row in rows if row.undone_at], due)


def paid_by_decision(decisions: Iterable[Decision]) -> dict[Decision, Decimal]:
    """What was paid of each of these decisions, its issuer however spelled; one question."""
    asked = {(one.number, one.day, fold(one.issuer)): one for one in decisions}
    numbers = {number for number, _, _ in asked}
    rows = Payment.objects.in_force().filter(honour__decision_number__in=numbers).order_by()
    paper = ("honour__decision_number", "honour__decided_on", "honour__decided_by")
    paid: dict[Decision, Decimal] = defaultdict(Decimal)
    for number, day, issuer, amount in rows.values_list(*paper).annotate(Sum("amount")):
        if one := asked.get((number, day, fold(issuer))):
            paid[one] += amount
    return dict(paid)
