"""What everybody of the demo office owes, and what it costs to ask."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from emulation_portal.demo import bulk
from emulation_portal.reminding.gathering import gather
from organization.models import Person, User
from tests.reminding.test_owed import in_reminders, on_first_pages

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.usefixtures("demo_office")
def test_the_demo_office_owes_what_its_first_pages_say() -> None:
    """The ordinary demo has every procedure in some state: campaign, index, closed units, delegations."""
    said = on_first_pages()
    assert in_reminders() == said
    assert len(said) > 50


@pytest.mark.usefixtures("demo_office")
def test_as_many_questions_for_few_as_for_many() -> None:
    gather()

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            gather()
        return len(asked)

    before = cost()
    bulk.grow(people=300, units=30)
    people = User.objects.bulk_create(
        User(username=f"m{n}", email=f"m{n}@x.example", password="!") for n in range(150)
    )
    without = list(Person.objects.filter(user=None)[:150])
    for person, user in zip(without, people, strict=False):
        person.user = user
    Person.objects.bulk_update(without, ["user"])
    # 19 before comments and complaints were asked for, with one question each for everybody; one more reads the lists
    # of the decisions that are complained of, where there are any; the quarters' last days are one, units that a review
    # leaves out another.
    assert cost() == before < 25
