"""The engine of procedures: order of checks, journal, repetition."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from campaigns.models import CampaignYear, Registration
from campaigns.workflow import REGISTRATION
from core.journal import history_of
from core.models import Entry
from core.workflow import AlreadyDone, Refused, Workflow
from organization.models import User


@pytest.fixture
def registration(campaign_year: CampaignYear, clerk: User) -> Registration:
    unit = clerk.person.postings.get().unit
    made = Registration.objects.create(
        campaign_year=campaign_year,
        unit=unit,
        unit_name=unit.name,
        person=clerk.person,
        approving_unit=unit,
        prepared_by=clerk,
        pledge="Hoàn thành 100 % nhiệm vụ.",
    )
    made.items.create(target="Một sáng kiến được công nhận", quantity=1, measure="sáng kiến")
    return made


def advance(document: Registration, verb: str, by: User, comment: str = "") -> Entry:
    with transaction.atomic():
        return REGISTRATION.advance(document, verb, by=by, comment=comment)


def test_a_move_changes_the_state_and_leaves_one_line(registration: Registration, clerk: User) -> None:
    advance(registration, "submit", clerk)
    line = history_of(registration).get()
    assert registration.state == "waiting"
    assert (line.actor_name, line.from_state, line.to_state) == ("Nguyễn Văn An", "not_sent", "waiting")
    assert line.actor_role == "Chuyên viên, Phòng CCHC"


def test_the_same_move_again_is_told_as_done(registration: Registration, clerk: User) -> None:
    advance(registration, "submit", clerk)
    with pytest.raises(AlreadyDone):
        advance(registration, "submit", clerk)
    assert history_of(registration).count() == 1


def test_the_second_of_two_is_told_who_was_first(
    registration: Registration, clerk: User, head: User, director: User
) -> None:
    advance(registration, "submit", clerk)
    advance(registration, "approve", head)
    with pytest.raises(Refused, match="Lê Minh Châu"):
        advance(registration, "approve", director)


def test_a_stale_instance_is_judged_by_the_row(registration: Registration, clerk: User, head: User) -> None:
    stale = Registration.objects.get(pk=registration.pk)
    advance(registration, "submit", clerk)
    advance(stale, "approve", head)
    assert stale.state == "approved"


def test_a_return_without_a_reason_is_refused(registration: Registration, clerk: User, head: User) -> None:
    advance(registration, "submit", clerk)
    with pytest.raises(Refused, match="Hãy ghi"):
        advance(registration, "send_back", head, comment="  ")
    registration.refresh_from_db()
    assert registration.state == "waiting"


def test_the_journal_cannot_be_changed(registration: Registration, clerk: User) -> None:
    advance(registration, "submit", clerk)
    with pytest.raises(ValidationError):
        Entry.objects.all().update(comment="khác")
    with pytest.raises(ValidationError):
        Entry.objects.all().delete()


# --- what a refusal calls the document -------------------------------------------------------------------
def test_a_refusal_names_the_document_by_its_noun(
    registration: Registration, clerk: User, head: User
) -> None:
    with pytest.raises(Refused, match="“Duyệt”: bản đăng ký đang ở trạng thái"):
        advance(registration, "approve", head)
    advance(registration, "submit", clerk)
    with pytest.raises(Refused, match="“Duyệt” với bản đăng ký này"):
        advance(registration, "approve", clerk)


def test_a_procedure_without_a_noun_speaks_of_a_dossier() -> None:
    assert Workflow(states={}, rows=()).noun == "hồ sơ"
