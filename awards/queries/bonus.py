"""Questions about bonus money: the decisions of the register, what each pays, and the list for the cashier."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from awards.calculations.bonus import AGENCY, FUNDS, PROVINCE, Bonus, Item, Rounding, base_on, bonus, in_words
from awards.eligibility.rulebook import Rulebook
from awards.eligibility.sources import RuleSource, in_force
from awards.models import Award, BaseSalary, Honour, rule_source
from awards.models import Decision as IssuedHere
from awards.queries.lists import DOTS, paper_head
from core import clock
from core.papers import Align, Column, Head, Kind, Paper, Row, Signature, Table
from core.vietnamese import fold, format_date, format_decimal
from organization.models import Unit

SHOWN = 50
DIFFERENCE = "bonus-difference"
USED = {  # figures of the province that a list of money rests on, besides its coefficients
    "bonus-rounding": "cách làm tròn",
    "bonus-rounding-to": "mức làm tròn",
    DIFFERENCE: "chỉ chi phần chênh lệch so với danh hiệu đã chi của cùng năm",
}
# Who decides pays from its own fund; of what the State gives, the province that has proposed it.
FUND_OF = {Award.Level.AGENCY: AGENCY, Award.Level.PROVINCE: PROVINCE, Award.Level.STATE: PROVINCE}


@dataclass(frozen=True)
class Decision:
    """Honours given by one paper: a number alone may be that of another year."""

    number: str
    day: date
    issuer: str
    count: int = 0
    pk: int | None = None  # of a decision of the portal, when it was asked for as one

    def __str__(self) -> str:
        return f"Quyết định {self.number} ngày {format_date(self.day)}"


@dataclass(frozen=True)
class BonusList:
    decision: Decision
    money: Bonus
    honours: dict[int, Honour]
    unconfirmed: tuple[str, ...] = ()
    unsure_figures: tuple[str, ...] = ()


def decisions(words: str = "") -> list[Decision]:
    """The newest decisions, or those whose number contains the words."""
    rows = Honour.objects.order_by()
    if key := fold(words):
        rows = rows.filter(search_key__contains=key)
    found = rows.values_list("decision_number", "decided_on", "decided_by").annotate(count=Count("pk"))
    newest = found.order_by("-decided_on", "decision_number", "decided_by")
    if not key:
        return _papers(newest[: 2 * SHOWN])[:SHOWN]  # one paper may name its issuer in some spellings
    return _papers(one for one in newest if key in fold(one[0]))[:SHOWN]


def decisions_numbered(number: str, day: date | None = None, issuer: str = "") -> list[Decision]:
    """Those of this number, however it is spelled: of several years, or of several issuers on one day."""
    rows = Honour.objects.order_by().filter(search_key__contains=fold(number))
    if day:
        rows = rows.filter(decided_on=day)
    found = rows.values_list("decision_number", "decided_on", "decided_by").annotate(count=Count("pk"))
    facts = found.order_by("decided_on", "decision_number", "decided_by")
    same = [one for one in facts if fold(one[0]) == fold(number)]
    return _papers(one for one in same if not issuer or fold(one[2]) == fold(issuer))


def _papers(rows: Iterable[tuple[str, date, str, int]]) -> list[Decision]:
    """Two issuers may give the same number on the same day; one issuer may be spelled in two ways."""
    found: dict[tuple[str, date, str], Decision] = {}
    for number, on, issuer, count in rows:
        key = (number, on, fold(issuer))
        known = found.get(key, Decision(number, on, issuer))
        found[key] = replace(known, count=known.count + count)
    return list(found.values())


def _honours(decision: Decision) -> QuerySet[Honour]:
    if decision.pk:
        return Honour.objects.filter(entry__decision=decision.pk)
    rows = Honour.objects.filter(decision_number=decision.number, decided_on=decision.day)
    spelled = set(rows.order_by().values_list("decided_by", flat=True))
    return rows.filter(decided_by__in=[one for one in spelled if fold(one) == fold(decision.issuer)])


def decision_of_portal(pk: int) -> Decision | str:
    """A decision that was issued here, by its key; or why it pays nothing."""
    one = IssuedHere.objects.filter(pk=pk).first()
    if one is None:
        return f"Không có quyết định nào có mã {pk}."
    if one.signed_on is None or one.state not in (IssuedHere.State.ISSUED, IssuedHere.State.CANCELLED):
        return f"“{one}” chưa ban hành nên chưa có tiền thưởng ({one.get_state_display().lower()})."
    count = one.entries.filter(honour__isnull=False).count()
    return Decision(one.number, one.signed_on, one.issuer, count, one.pk)


def bonus_list(decision: Decision, rulebook: Rulebook | None = None) -> BonusList:
    """What the decision pays, by the rules, the figures and the base salary of its day. Raises ``RuleError``."""
    rows = _honours(decision).select_related("award")
    asked = list(rows.order_by("award__recipient", "award__order", "sort_key", "pk"))
    source = rule_source()
    rulebook = rulebook or source.rulebook(decision.day)
    force = in_force(source.figures, decision.day)
    settings = {code: figure.value for code, figure in force.items()}
    salaries = list(BaseSalary.objects.values_list("valid_from", "amount"))
    coefficients = {code: one.value for code, one in rulebook.coefficients.items()}
    only_difference = bool(settings.get(DIFFERENCE))
    beside = _beside(asked)
    if only_difference:
        beside = _with_given(beside, decision.day, source, salaries)
    money = bonus(
        [_item(honour, is_asked=True) for honour in asked] + beside,
        coefficients,
        base_on(decision.day, salaries),
        _rounding(settings),
        only_difference=only_difference,
    )
    used = {row.item.award for row in money.rows}
    unsure = [one for code, one in rulebook.coefficients.items() if code in used and not one.is_confirmed]
    told = tuple(f"{rulebook.name(one.award)}: {one.citation}" for one in unsure)
    waiting = {code for code, figure in force.items() if not figure.is_confirmed} & set(USED)
    if not any(row.deducted for row in money.rows):
        waiting.discard(DIFFERENCE)
    figures = tuple(USED[code] for code in USED if code in waiting)
    return BonusList(decision, money, {honour.pk: honour for honour in asked}, told, figures)


def _rounding(settings: Mapping[str, Any]) -> Rounding:
    mode, to = settings.get("bonus-rounding"), settings.get("bonus-rounding-to")
    return Rounding(str(mode or "up"), Decimal(str(to or 10_000)))


def _with_given(
    items: list[Item], day: date, source: RuleSource, salaries: Sequence[tuple[date, Decimal]]
) -> list[Item]:
    """What each earlier decision gave, by the rules, the figures and the base salary of its own day."""
    earlier = {one.decided_on for one in items if one.decided_on < day}
    books = {on: source.rulebook(on) for on in earlier}
    found = []
    for one in items:
        book, base = books.get(one.decided_on), base_on(one.decided_on, salaries)
        worth = book.coefficients.get(one.award) if book else None
        if book and worth and base is not None:
            one = replace(one, given=_rounding(book.settings).apply(worth.value * base))
        found.append(one)
    return found


def _beside(asked: Sequence[Honour]) -> list[Item]:
    """Titles that the same people and units have for the same years by other decisions."""
    same = Q(person__in={one.person_id for one in asked if one.person_id})
    same |= Q(unit__in={one.unit_id for one in asked if one.unit_id})
    rows = Honour.objects.in_force().filter(same, award__kind=Award.Kind.TITLE)
    rows = rows.filter(year__in={one.year for one in asked}).exclude(pk__in=[one.pk for one in asked])
    return [_item(honour, is_asked=False) for honour in rows.select_related("award")]


def _item(honour: Honour, *, is_asked: bool) -> Item:
    return Item(
        key=honour.pk,
        award=honour.award.code,
        name=honour.award.name,
        is_title=honour.award.kind == Award.Kind.TITLE,
        recipient=honour.recipient,
        who=honour.person_id or honour.unit_id or 0,
        year=honour.year,
        decided_on=honour.decided_on,
        fund=FUND_OF[Award.Level(honour.award.level)],
        unit=honour.unit_then if honour.person_id else honour.name_then,
        is_asked=is_asked,
        paper=f"Quyết định {honour.decision_number} ngày {format_date(honour.decided_on)}",
        is_cancelled=honour.cancelled_on is not None,
    )


# --- the list for the cashier ---------------------------------------------------------------------------
COLUMNS = (
    Column("STT", 1.0, Align.CENTRE),
    Column("Họ và tên (tên tập thể)", 4.6, grows=True),
    Column("Đơn vị", 4.0, grows=True),
    Column("Danh hiệu, hình thức", 4.6, grows=True),
    Column("Hệ số", 1.5, Align.CENTRE),
    Column("Mức lương cơ sở", 2.4, Align.RIGHT, places=0),
    Column("Tiền thưởng (đồng)", 2.7, Align.RIGHT, places=0),
    Column("Ký nhận", 2.6),
)
SUMS = (
    Column("STT", 1.2, Align.CENTRE),
    Column("Đơn vị", 9.0, grows=True),
    Column("Số lượt chi", 2.6, Align.CENTRE),
    Column("Số tiền (đồng)", 3.4, Align.RIGHT, places=0),
)


def bonus_paper(one: BonusList) -> Paper:
    head = paper_head()
    root = Unit.objects.filter(parent__isnull=True).order_by("pk").first()
    total = one.money.total
    return Paper(
        head=Head(
            parent_agency=(head.parent_agency or f"Ủy ban nhân dân tỉnh {DOTS}").upper(),
            agency=(head.agency or (root.name if root else "") or DOTS).upper(),
            number=f"Số: {DOTS}/{head.symbol or DOTS}",
            dated=f"{head.place or DOTS}, ngày …… tháng …… năm {clock.today().year}",
        ),
        title="DANH SÁCH CHI TIỀN THƯỞNG",
        subtitle=f"Theo {str(one.decision)[:1].lower()}{str(one.decision)[1:]} của {one.decision.issuer}",
        note=f"Mức lương cơ sở {format_decimal(one.money.base)} đồng/tháng"
        if one.money.base
        else "Chưa có mức lương cơ sở",
        facts=(
            ("Tổng số tiền", f"{format_decimal(total)} đồng"),
            ("Bằng chữ", f"{in_words(total).capitalize()}."),
        ),
        tables=tuple(table for table in (_details(one), _sums(one)) if table.rows),
        signatures=(
            Signature("NGƯỜI LẬP"),
            Signature("KẾ TOÁN TRƯỞNG"),
            Signature("THỦ TRƯỞNG ĐƠN VỊ", name=head.signer_name),
        ),
    )


def _details(one: BonusList) -> Table:
    rows: list[Row] = []
    number = 0
    for fund, name in FUNDS.items():
        paid = [row for row in one.money.of_fund(fund) if row.is_paid]
        if not paid:
            continue
        rows.append(Row(("", name, *[""] * 6), Kind.HEADING))
        for row in paid:
            number += 1
            honour = one.honours[row.item.key]
            unit = honour.unit_then if honour.person_id else ""
            award = f"{honour.award.name}. {row.note}" if row.note else honour.award.name
            cells = (number, honour.name_then, unit, award, row.coefficient, one.money.base, row.sum, "")
            rows.append(Row(cells))
        amount = sum((row.sum for row in paid), Decimal(0))
        rows.append(Row(("", "Cộng", "", "", "", "", amount, ""), Kind.TOTAL))
    return Table(COLUMNS, tuple(rows))


def _sums(one: BonusList) -> Table:
    rows = [
        Row((number, unit.name, unit.count, unit.amount))
        for number, unit in enumerate(one.money.units, start=1)
    ]
    if rows:
        rows.append(
            Row(("", "Tổng cộng", sum(unit.count for unit in one.money.units), one.money.total), Kind.TOTAL)
        )
    return Table(SUMS, tuple(rows), caption="Tổng hợp theo đơn vị")
