"""The page of a session that is prepared: who keeps out of what, told to whom, in how many questions."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.actions import council, voting
from awards.models import CouncilSession, Kinship, Proposal, Recusal, Review
from organization.models import Post, Unit, User
from tests.awards.builders import hire
from tests.awards.council.builders import nominate, planned, user_of
from tests.awards.seasons import LABORER

ClientOf = Callable[[User], Client]


@pytest.fixture
def prepared(review: Review, cast: dict[str, User]) -> CouncilSession:
    """Mai has declared the clerk her brother."""
    voting.declare_kin(cast["clerk"].person, "em trai", by=user_of(cast, "council_member"))  # type: ignore[attr-defined]
    return planned(review, cast)


def page_of(session: CouncilSession, user: User, client_of: ClientOf) -> str:
    return client_of(user).get(reverse("awards:council_session", args=[session.pk])).content.decode()


def test_the_office_sees_conflicts_before_and_a_member_his_own(
    prepared: CouncilSession, cast: dict[str, User], client_of: ClientOf
) -> None:
    office = page_of(prepared, cast["office"], client_of)
    assert "Ai không bỏ phiếu hồ sơ nào" in office
    assert office.count("Vũ Thị Mai (người thân đã khai)") == 2
    assert "em trai" not in office
    council.invite(prepared, by=cast["office"])
    mai = page_of(prepared, user_of(cast, "council_member"), client_of)
    assert "Bạn không bỏ phiếu với các hồ sơ có liên quan tới bạn" in mai
    assert mai.count("Vũ Thị Mai (người thân đã khai)") == 2
    assert mai.count("Tôi không bỏ phiếu…") == 2  # of four: of the others she is kept out already
    for part in ("appraiser", "director"):
        other = page_of(prepared, user_of(cast, part), client_of)
        assert "Bạn không bỏ phiếu" not in other, part
        assert "có liên quan" not in other, part
        assert "người thân đã khai" not in other, part
    assert not Recusal.objects.exists()


@pytest.mark.parametrize("part", ["office", "council_member"])
def test_conflicts_ask_no_more_for_a_longer_agenda(
    part: str, prepared: CouncilSession, cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf
) -> None:
    council.invite(prepared, by=cast["office"])
    browser = client_of(user_of(cast, part))
    address = reverse("awards:council_session", args=[prepared.pk])
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    proposal, post = Proposal.objects.get(), Post.objects.get(code="chuyen-vien")
    for number in range(9):
        person = hire(f"Lê Văn {'ABCDEĐGHI'[number]}a", units["cchc"], post)
        nomination = nominate(prepared.review, proposal, LABORER, person=person)
        prepared.items.create(nomination=nomination, percent="50", is_more_than=True, base="members")
        Kinship.objects.create(member=cast["council_member"].person, relative=person, relation="bà con")  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as many:
        text = browser.get(address).content.decode()
    assert "11 hồ sơ" in text
    assert len(many) == len(few)
