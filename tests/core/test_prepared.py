"""A prepared question gives what its QuerySet would give, and reads the rows anew every time it is asked."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import CharField, Count, DateField, Exists, Min, OuterRef, QuerySet
from django.test import Client

from core.prepared import Prepared, Slot, Slots
from organization import roles
from organization.models import Appointment, Person, Posting, User
from tests.cast import SINCE

pytestmark = pytest.mark.django_db


def postings(user: Any, day: Any) -> QuerySet:
    """Where somebody works, since when (a date), and whether the person heads a unit (a truth value)."""
    heads = Exists(Appointment.objects.filter(person=OuterRef("person"), role=roles.HEAD))
    rows = Posting.objects.on(day).filter(person__user=user)
    return rows.values_list("unit__short_name", "started_on", heads)


PREPARED = Prepared(lambda: postings(Slot("user"), Slot("day", DateField())))


def test_it_answers_like_its_queryset(clerk: User, head: User, stranger_head: User) -> None:
    for user in (clerk, head, stranger_head):
        for day in (SINCE - timedelta(days=1), SINCE, date(2025, 6, 1)):
            assert PREPARED.ask(user=user.pk, day=day) == list(postings(user, day))
    assert PREPARED.ask(user=head.pk, day=SINCE) == [("Phòng CCHC", SINCE, True)]
    assert PREPARED.ask(user=clerk.pk, day=SINCE)[0][2] is False


def test_a_number_beyond_the_database_finds_nothing(clerk: User) -> None:
    assert PREPARED.ask(user=10**22, day=SINCE) == []
    assert PREPARED.ask(user=2**63, day=SINCE) == []


def test_rows_are_read_anew(clerk: User, head: User) -> None:
    assert PREPARED.ask(user=head.pk, day=SINCE)[0][2] is True
    Appointment.objects.filter(person__user=head).delete()
    assert PREPARED.ask(user=head.pk, day=SINCE)[0][2] is False


def test_a_value_is_a_value_whatever_it_holds(clerk: User) -> None:
    units = Prepared(
        lambda: Posting.objects.filter(unit__short_name=Slot("name", CharField())).values_list("pk")
    )
    assert units.ask(name="x' OR 1=1 --") == []


def test_a_role_taken_away_is_gone_at_the_next_request(head: User, client_of: Any) -> None:
    client: Client = client_of(head)
    assert client.get("/").context["user"].acting.headed
    Appointment.objects.filter(person__user=head).update(ended_on=SINCE)
    acting = client.get("/").context["user"].acting
    assert not acting.headed
    assert roles.HEAD not in acting.roles


PEOPLE = Prepared(
    lambda: (
        Person.objects.filter(code=Slot("code", CharField()))
        .select_related("user")
        .annotate(places=Count("postings"), known_since=Min("postings__started_on"))
    )
)


def test_rows_are_the_models_with_what_is_joined_and_annotated(clerk: User) -> None:
    (person,) = PEOPLE.rows(code=clerk.person.code)
    assert person == clerk.person
    assert (person.places, person.known_since) == (1, SINCE)
    assert person._state.fields_cache["user"] == clerk
    person.full_clean()
    Person.objects.filter(pk=person.pk).update(user=None)
    (person,) = PEOPLE.rows(code=clerk.person.code)
    assert person.user is None
    assert PEOPLE.rows(code="không-có") == []


def test_rows_ask_once(clerk: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [person.user.username for person in PEOPLE.rows(code=clerk.person.code)] == [clerk.username]


OF_PEOPLE = Prepared(
    lambda: (
        Person.objects.filter(pk__in=Slots("some") | Slots("more"))
        .exclude(code=Slot("code", CharField()))
        .values_list("pk")
        .order_by("pk")
    )
)


def test_a_set_of_values_may_hold_any_number(clerk: User, head: User, office: User) -> None:
    three = [user.person.pk for user in (clerk, head, office)]
    assert OF_PEOPLE.ask(some=three, more=[], code="") == [(pk,) for pk in sorted(three)]
    assert OF_PEOPLE.ask(some=three[:1], more=three[:2], code="") == [(pk,) for pk in sorted(three[:2])]
    assert OF_PEOPLE.ask(some=three, more=[], code=clerk.person.code) == [(pk,) for pk in sorted(three[1:])]
    assert OF_PEOPLE.ask(some=[], more=[], code="") == []


def test_sets_are_joined_and_taken_apart_like_sets() -> None:
    below, units = Slots("below"), Slots("units")
    assert (below | units).names == ("below", "units")
    assert ((below | units) - units).names == ("below",)
    assert not units - (below | units)
    assert not Slots()
    assert below


def test_a_prepared_question_stands_inside_another(clerk: User, head: User) -> None:
    inside = OF_PEOPLE.within(some=[clerk.person.pk, head.person.pk], more=[], code=head.person.code)
    assert list(User.objects.filter(person__in=inside)) == [clerk]


def test_what_can_have_no_rows_is_not_asked(clerk: User, django_assert_num_queries: Any) -> None:
    nobody = Prepared(lambda: Person.objects.none())
    with django_assert_num_queries(0):
        assert nobody.ask() == nobody.rows() == []
    assert not Person.objects.filter(pk__in=nobody.within()).exists()
