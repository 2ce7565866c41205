"""Who sees what is one policy: the prepared question of a page answers for everybody as ``visible_to`` does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet

from organization import roles
from organization.models import AskedBy, User
from scoring.models import Achievement, EvidenceDocument, Scorecard
from scoring.models.evidence import SEEN_BY
from scoring.queries.achievements import SEEN_ONE
from scoring.queries.sheets import SEEN_SHEET

pytestmark = [pytest.mark.usefixtures("demo_office"), pytest.mark.xdist_group("demo")]

ONE_BY_ONE = [
    pytest.param(Achievement, SEEN_ONE, id="achievements"),
    pytest.param(Scorecard, SEEN_SHEET, id="sheets"),
]


def everybody() -> list[User]:
    return list(User.objects.filter(is_active=True).order_by("pk"))


@pytest.mark.parametrize(("model", "question"), ONE_BY_ONE)
def test_one_dossier_is_seen_by_exactly_those_on_whose_list_it_is(model: Any, question: AskedBy) -> None:
    asked = [dossier.pk for dossier in model.objects.order_by("pk")[::9]]
    for user in everybody():
        listed = set(model.objects.visible_to(user).values_list("pk", flat=True))
        assert {pk for pk in asked if question.ask(user, pk=pk)} == listed.intersection(asked), user


def test_the_store_is_the_own_part_and_the_proofs_of_visible_dossiers() -> None:
    seen: Callable[[Any], QuerySet] = EvidenceDocument.objects.order_by().rested_on_by
    for user in everybody():
        if user.acting.person_id and not user.acting.reads_everything:
            assert {pk for (pk,) in SEEN_BY.ask(user)} == {row["pk"] for row in seen(user)}, user


def test_a_role_given_or_taken_changes_the_next_answer() -> None:
    clerk = User.objects.get(username="chuyenvien")
    foreign = Scorecard.objects.exclude(unit=clerk.acting.unit_id).order_by("pk")[0]
    assert not SEEN_SHEET.ask(clerk, pk=foreign.pk)
    clerk.person.appointments.create(role=roles.INSPECTOR, started_on=clerk.person.joined_on)
    assert SEEN_SHEET.ask(User.objects.get(pk=clerk.pk), pk=foreign.pk)
    clerk.person.appointments.all().delete()
    assert not SEEN_SHEET.ask(User.objects.get(pk=clerk.pk), pk=foreign.pk)


def test_who_stands_for_all_who_act_alike_has_nothing_of_his_own() -> None:
    """A question that would write somebody's own unit into what others ask fails at once."""
    question = AskedBy(lambda user: Scorecard.objects.filter(unit__path__startswith=user.acting.unit_path))
    with pytest.raises(AttributeError, match="unit_path"):
        question.ask(User.objects.get(username="chuyenvien"))
