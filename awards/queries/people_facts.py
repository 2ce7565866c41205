"""Questions about facts kept by hand: the tabs of their pages, and everything that is kept of one person."""

from typing import Any

import rules
from django.db.models import Model
from django.urls import reverse

from awards.models import Absence, Discipline, Hold, UnitComment
from awards.queries.holds import knows_reason
from core.models import Entry
from organization.models import Person, Posting

KEPT: tuple[type[Model], ...] = (Discipline, Absence, UnitComment)
WITHDRAWN = [f"awards.{kind.__name__.lower()}" for kind in KEPT]
MOST = 30


def tabs_of(user: Any) -> list[tuple[str, str, str]]:
    """Code, name and address of the pages beside each other that this user may open."""
    kinds = [
        ("ky-luat", "Kỷ luật"),
        ("nghi", "Thời gian nghỉ, đào tạo"),
        ("nhan-xet", "Nhận xét của đơn vị cũ"),
    ]
    tabs = [("ratings", "Xếp loại năm", reverse("awards:rating_board"))]
    kept = [(code, name, reverse("awards:fact_list", args=[code])) for code, name in kinds]
    holds = ("hold_list", "Tạm dừng xét", reverse("awards:hold_list"))
    return [*(tabs if rules.has_perm("awards.view_ratings", user) else []), *kept, holds]


def reads_facts_of(person: Person, user: Any) -> bool:
    """The same people as ``visible_to`` of the facts, asked of somebody of whom nothing may be written."""
    acting = user.acting
    if acting.reads_everything or acting.heads_the_agency or person.pk == acting.person_id:
        return True
    present = Posting.objects.current().filter(person=person, unit__in=acting.units_below)
    return bool(acting.units_below) and present.exists()


def all_facts_of(person: Person, user: Any) -> dict[Any, Any] | None:
    """By model; under "withdrawn" what was taken back, as the journal keeps it. None for whom it does not concern."""
    if not reads_facts_of(person, user):
        return None
    withdrawn = Entry.objects.filter(
        target_type__in=WITHDRAWN, verb="withdraw", data__person=person.pk
    ).order_by("-at")
    return {
        Discipline: list(Discipline.objects.filter(person=person).select_related("person")),
        Absence: list(Absence.objects.filter(person=person).select_related("person")),
        UnitComment: list(UnitComment.objects.filter(person=person).select_related("person", "unit")),
        "holds": (holds := list(Hold.objects.filter(person=person))),
        "knows": all(knows_reason(one, user) for one in holds),
        "withdrawn": list(withdrawn[:MOST]),
    }
