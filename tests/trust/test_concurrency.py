"""Twenty at once: one act, one line, one letter; the others are told, and nobody's text is overwritten."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from campaigns.actions import registrations
from campaigns.models import CampaignYear, Registration
from core.journal import history_of
from core.models import Entry, Letter
from core.outbox import post
from core.tasks import deliver
from core.workflow import AlreadyDone, Refused, Stale
from organization import roles
from organization.actions import open_account
from organization.models import Appointment, Person, User
from scoring.actions import achievements, lines, sheets
from scoring.models import Achievement, Line, Scorecard
from tests.cast import SINCE, build_campaign_year, build_cast, fresh
from tests.trust.racing import RUNNERS, race, shared_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None, tmp_path: Path) -> Iterator[dict[str, User]]:
    with shared_database(tmp_path):
        yield build_cast()


@pytest.fixture
def year(cast: dict[str, User]) -> CampaignYear:
    return build_campaign_year()


@pytest.fixture
def registration(year: CampaignYear, cast: dict[str, User]) -> Registration:
    """The clerk's registration, with something in it, not yet sent."""
    made = registrations.start(year, by=cast["clerk"])
    return registrations.save(made, by=cast["clerk"], pledge="Hoàn thành nhiệm vụ.", items=[])


@pytest.fixture
def deciders(cast: dict[str, User]) -> list[User]:
    """The head and somebody who holds the same role beside her."""
    for part in ("deputy", "colleague"):
        Appointment.objects.create(
            person=cast[part].person,
            role=roles.HEAD,
            unit=cast["head"].person.postings.get().unit,
            started_on=SINCE,
            ended_on="2099-12-31",
            delegated_by=cast["head"].person,
        )
    return [cast["head"], cast["deputy"], cast["colleague"]]


def kinds(results: list[Any]) -> tuple[int, int]:
    """How many went through and how many were refused; anything else is an error."""
    odd = [
        result for result in results if isinstance(result, BaseException) and not isinstance(result, Refused)
    ]
    assert not odd, odd
    refused = sum(isinstance(result, Refused) for result in results)
    return len(results) - refused, refused


def test_one_of_twenty_approvals_wins(
    registration: Registration, deciders: list[User], cast: dict[str, User]
) -> None:
    registrations.submit(registration, by=cast["clerk"])
    before = Letter.objects.count()

    def approve(number: int) -> Any:
        document = Registration.objects.get(pk=registration.pk)
        return registrations.approve(document, by=fresh(deciders[number % len(deciders)]))

    results = race(approve)
    assert kinds(results) == (1, RUNNERS - 1)
    registration.refresh_from_db()
    assert registration.state == "approved"
    assert history_of(registration).filter(verb="approve").count() == 1
    assert (
        Letter.objects.filter(kind__endswith="registration_approved").count()
        == Letter.objects.count() - before
    )
    winner = history_of(registration).get(verb="approve")
    strangers = [one for one in results if isinstance(one, Refused) and not isinstance(one, AlreadyDone)]
    assert strangers
    assert all(winner.actor_name in one.reasons[0] for one in strangers)


def test_approving_and_returning_at_once_ends_in_one_of_them(
    registration: Registration, deciders: list[User], cast: dict[str, User]
) -> None:
    registrations.submit(registration, by=cast["clerk"])

    def decide(number: int) -> Any:
        document, by = Registration.objects.get(pk=registration.pk), fresh(deciders[number % len(deciders)])
        if number % 2:
            return registrations.approve(document, by=by)
        return registrations.send_back(document, by=by, comment="Bổ sung.")

    assert kinds(race(decide)) == (1, RUNNERS - 1)
    registration.refresh_from_db()
    [line] = history_of(registration).filter(verb__in=["approve", "send_back"])
    assert registration.state == line.to_state


def test_twenty_presses_of_submit_are_one(registration: Registration, cast: dict[str, User]) -> None:
    def submit(number: int) -> Any:
        return registrations.submit(Registration.objects.get(pk=registration.pk), by=fresh(cast["clerk"]))

    results = race(submit)
    assert kinds(results) == (1, RUNNERS - 1)
    assert all(isinstance(one, AlreadyDone) for one in results if isinstance(one, Refused))
    assert history_of(registration).filter(verb="submit").count() == 1


def test_twenty_presses_of_new_make_one(year: CampaignYear, cast: dict[str, User]) -> None:
    results = race(lambda number: registrations.start(year, by=fresh(cast["clerk"])))
    assert kinds(results)[0] == RUNNERS
    assert Registration.objects.filter(person=cast["clerk"].person).count() == 1
    drafts = race(lambda number: achievements.start(year, by=fresh(cast["clerk"])))
    assert kinds(drafts)[0] == RUNNERS
    assert Achievement.objects.filter(person=cast["clerk"].person).count() == 1


def test_of_twenty_who_edit_the_same_version_one_saves(
    registration: Registration, cast: dict[str, User]
) -> None:
    def save(number: int) -> Any:
        return registrations.save(
            Registration.objects.get(pk=registration.pk),
            by=fresh(cast["clerk"]),
            pledge=f"Câu số {number}",
            items=[],
            version=registration.version,
        )

    results = race(save)
    assert kinds(results) == (1, RUNNERS - 1)
    assert all(isinstance(one, Stale) for one in results if isinstance(one, Refused))
    kept = Registration.objects.get(pk=registration.pk)
    assert kept.version == registration.version + 1
    [won] = [number for number, one in enumerate(results) if not isinstance(one, Refused)]
    assert kept.pledge == f"Câu số {won}"


def test_of_twenty_who_fill_the_same_line_one_saves(year: CampaignYear, cast: dict[str, User]) -> None:
    sheets.open_sheets(year, by=cast["office"])
    unit_sheet = Scorecard.objects.get(unit=cast["clerk"].person.postings.get().unit, person=None)
    line = Line.objects.get(scorecard=unit_sheet, criterion__code="1.1")
    people = [cast["clerk"], cast["colleague"], cast["head"]]

    def fill(number: int) -> Any:
        found = Line.objects.select_related("criterion", "scorecard__campaign_year").get(pk=line.pk)
        by = fresh(people[number % len(people)])
        return lines.save_line(found, by=by, inputs={}, self_score=Decimal(number) / 2, version=line.version)

    results = race(fill)
    assert kinds(results) == (1, RUNNERS - 1)
    assert all(isinstance(one, Stale) for one in results if isinstance(one, Refused))
    unit_sheet.refresh_from_db()
    line.refresh_from_db()
    assert unit_sheet.self_total == line.self_score


def test_totals_are_right_when_every_line_is_saved_at_once(year: CampaignYear, cast: dict[str, User]) -> None:
    sheets.open_sheets(year, by=cast["office"])
    sheet = Scorecard.objects.get(person=cast["clerk"].person)
    values = {
        "1.1": {"self_score": Decimal("8.5")},
        "2.1": {"inputs": {"numerator": "45", "denominator": "50"}},
        "2.2": {"inputs": {"met": "1"}},
        "2.3": {"inputs": {"choice": "Kịp thời"}},
    }
    codes = [code for code in values if sheet.lines.filter(criterion__code=code).exists()]  # type: ignore[attr-defined]

    def fill(number: int) -> Any:
        line = Line.objects.select_related("criterion", "scorecard__campaign_year").get(
            scorecard=sheet, criterion__code=codes[number]
        )
        return lines.save_line(line, by=fresh(cast["clerk"]), **{"inputs": {}, **values[codes[number]]})  # type: ignore[arg-type]

    assert kinds(race(fill, len(codes)))[1] == 0
    sheet.refresh_from_db()
    assert sheet.self_total == sum(line.self_score or 0 for line in sheet.lines.all())  # type: ignore[attr-defined]
    assert sheet.self_total > 0


def test_of_twenty_approvals_of_a_sheet_one_wins(
    year: CampaignYear, deciders: list[User], cast: dict[str, User]
) -> None:
    sheets.open_sheets(year, by=cast["office"])
    sheet = Scorecard.objects.get(person=cast["clerk"].person)
    Scorecard.objects.filter(pk=sheet.pk).update(
        state="submitted", approving_unit=sheet.unit, submitted_by=cast["clerk"]
    )
    sheet.lines.update(self_score=5)  # type: ignore[attr-defined]

    def approve(number: int) -> Any:
        found = Scorecard.objects.select_related("campaign_year", "unit", "person").get(pk=sheet.pk)
        return sheets.approve(found, by=fresh(deciders[number % len(deciders)]))

    assert kinds(race(approve)) == (1, RUNNERS - 1)
    assert history_of(sheet).filter(verb="approve").count() == 1
    assert Scorecard.objects.get(pk=sheet.pk).state == "approved"


def test_openings_of_the_year_at_once_make_each_sheet_once(year: CampaignYear, cast: dict[str, User]) -> None:
    results = race(lambda number: sheets.open_sheets(year, by=fresh(cast["office"])), 4)
    assert kinds(results)[1] == 0
    owners = list(Scorecard.objects.values_list("unit_id", "person_id"))
    people = [person for _, person in owners if person]
    assert len(people) == len(set(people))
    assert sum(one.people + one.units for one in results) == len(owners)


def test_an_account_is_opened_once(cast: dict[str, User]) -> None:
    newcomer = Person.objects.create(
        code="CB900", family_name="Lê", given_name="Mới", employment="cong-chuc", joined_on=SINCE
    )

    def open_one(number: int) -> Any:
        person = Person.objects.get(pk=newcomer.pk)
        return open_account(person, username=f"nguoi.moi{number}", by=fresh(cast["technician"]))

    assert kinds(race(open_one)) == (1, RUNNERS - 1)
    assert User.objects.filter(username__startswith="nguoi.moi").count() == 1


def test_a_letter_that_twenty_workers_take_is_sent_once(cast: dict[str, User]) -> None:
    [letter] = Letter.objects.bulk_create(
        [
            Letter(
                key="x",
                recipient=cast["clerk"],
                recipient_name="An",
                address="an@snv.example",
                kind="x",
                subject="Thư",
                body="x",
                body_html="x",
            )
        ]
    )
    mail.outbox.clear()
    results = race(lambda number: deliver([letter.pk]))
    assert results == [None] * RUNNERS
    assert len(mail.outbox) == 1


def test_twenty_ask_for_the_same_letter_and_one_is_written(cast: dict[str, User]) -> None:
    clerk = cast["clerk"]

    def write(number: int) -> Any:
        return post(
            "password_reset", "same", to=[clerk], about=clerk, link="/", context={"username": "clerk"}
        )

    results = race(write)
    assert not [one for one in results if isinstance(one, Exception)], results
    assert Letter.objects.filter(key__startswith="same").count() == 1


def test_twenty_clicks_in_the_browser_end_on_pages_and_not_in_errors(
    registration: Registration, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    registrations.submit(registration, by=cast["clerk"])
    address = reverse("campaigns:registration_move", args=[registration.pk, "approve"])
    clients = [client_of(cast["head"]) for _ in range(RUNNERS)]
    codes = race(lambda number: clients[number].post(address).status_code)
    assert codes == [302] * RUNNERS
    assert Entry.objects.filter(verb="approve").count() == 1
    assert connection.is_usable()
