"""Không khen thưởng: what the council carried and nobody rewards, so that the review can end."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from awards.actions import decisions
from awards.models import Dropping, Nomination, Review
from awards.queries.decisions import decidable, undecided, waiting
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, LABORER, carried_review

PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return carried_review(office, cast["clerk"], units["cchc"])


def of(review: Review, code: str) -> Nomination:
    return review.nominations.get(award__code=code)


def test_who_is_not_rewarded_keeps_the_review_from_nothing(review: Review, office: User) -> None:
    fighter = of(review, FIGHTER)
    with pytest.raises(Refused, match="lý do"):
        decisions.drop(fighter, reason="  ", by=office)
    decisions.drop(fighter, reason="Bị kỷ luật khiển trách", paper="12/QĐ-SNV ngày 20/01/2025", by=office)
    with pytest.raises(AlreadyDone):
        decisions.drop(fighter, reason="Bị kỷ luật", by=office)
    assert [one.award.code for one in waiting(review)] == [LABORER]
    assert [one.award.code for one in decidable(review)] == [LABORER]
    decision = decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    with pytest.raises(Refused, match="không đưa vào được"):
        decisions.change(decision, review.nominations.all(), DECISION_HEAD, by=office)
    decisions.issue(decision, PAPER, by=office)
    assert list(undecided(review)) == []
    [line] = history_of(fighter).filter(verb="drop")
    assert line.comment == "Bị kỷ luật khiển trách\nVăn bản: 12/QĐ-SNV ngày 20/01/2025"
    letter = Letter.objects.get(kind="awards/nomination_dropped")
    assert letter.recipient
    assert letter.recipient.username == "head"
    assert "kỷ luật" not in letter.body  # the reason is read on the page by whom it concerns


def test_it_is_taken_back_while_decisions_are_made(review: Review, office: User, clerk: User) -> None:
    fighter = of(review, FIGHTER)
    for act in (
        lambda by: decisions.drop(fighter, reason="Giám đốc không đồng ý", by=by),
        lambda by: decisions.take_up(fighter, by=by),
    ):
        with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
            act(clerk)
        act(office)
    with pytest.raises(AlreadyDone):
        decisions.take_up(fighter, by=office)
    assert waiting(review).count() == 2
    decisions.drop(fighter, reason="Giám đốc không đồng ý", by=office)
    Review.objects.filter(pk=review.pk).update(state="closed")
    with pytest.raises(Refused, match="bước ra quyết định"):
        decisions.take_up(fighter, by=office)
    assert Dropping.objects.count() == 1


def test_what_stands_on_a_list_is_taken_off_it_first(review: Review, office: User) -> None:
    decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office)
    with pytest.raises(Refused, match="đưa ra khỏi danh sách"):
        decisions.drop(of(review, FIGHTER), reason="Đã mất", by=office)


def test_the_pages(review: Review, office: User, clerk: User, stranger: User, client_of: Any) -> None:
    review.proposals.update(state="verified")
    client, fighter = client_of(office), of(review, FIGHTER)
    listed, act = (
        reverse("awards:decision_list", args=[review.pk]),
        reverse("awards:nomination_drop", args=[fighter.pk]),
    )
    assert act in client.get(listed).content.decode()
    assert client_of(stranger).get(act).status_code == 404
    assert client.get(act).status_code == 200
    assert client.post(act, {"reason": ""}).status_code == 422
    assert client.post(act, {"reason": "Giám đốc không đồng ý"})["Location"] == listed
    page = client.get(listed).content.decode()
    assert "Không khen thưởng (1)" in page
    assert "Giám đốc không đồng ý" in page
    assert "Giám đốc không đồng ý" not in client_of(clerk).get(listed).content.decode()
    whole = client.get(reverse("awards:whole_list", args=[review.pk])).content.decode()
    assert "Không khen thưởng: Giám đốc không đồng ý" in whole
    client.post(reverse("awards:nomination_take_up", args=[fighter.pk]))
    assert "Không khen thưởng (1)" not in client.get(listed).content.decode()
