"""The law changes while a review runs: it keeps the rules of its day, the Office sees what would differ."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from awards.models import Nomination, Proposal, Review
from awards.queries.differences import differences
from awards.queries.later_law import compared
from core import clock
from organization.models import Unit, User
from tests.awards.seasons import FIGHTER, LABORER, begin, open_review, propose, qualify

Browser = Callable[[User], Client]
DECEMBER, JANUARY = (datetime.fromisoformat(f"{day}T09:00+07:00") for day in ("2023-12-20", "2024-01-08"))


@pytest.fixture
def december() -> Iterator[None]:
    with clock.at(DECEMBER):
        yield


@pytest.fixture
def review(december: None, cast: dict[str, User]) -> Review:
    """Of 2023, by the law of 2003, opened in December."""
    return open_review(cast["office"], year=2023)


@pytest.fixture
def proposal(review: Review, units: dict[str, Unit], cast: dict[str, User]) -> Proposal:
    """The clerk did excellent work without an initiative: not enough for the old law, enough for the new one."""
    clerk = cast["clerk"]
    qualify(review, clerk, cast["office"], year=2023)
    days = {"letter_date": date(2023, 12, 19), "met_on": date(2023, 12, 18)}
    made = begin(review, units["cchc"], by=clerk, chair=cast["head"].person, **days)  # type: ignore[attr-defined]
    for code in (LABORER, FIGHTER):
        propose(made, code, clerk.person, by=clerk)  # type: ignore[attr-defined]
    return made


def test_before_the_law_changes_nothing_is_said(
    review: Review, cast: dict[str, User], client_of: Browser
) -> None:
    assert compared(review) is None
    page = reverse("awards:review_later_law", args=[review.pk])
    assert client_of(cast["office"]).get(page).status_code == 404


def test_the_change_is_shown_with_whom_it_would_judge_otherwise(
    review: Review, proposal: Proposal, cast: dict[str, User], client_of: Browser
) -> None:
    with clock.at(JANUARY):
        assert differences(review) == []  # the rules of its own day are as they were
        browser = client_of(cast["office"])
        page = browser.get(reverse("awards:review_detail", args=[review.pk])).content.decode()
        assert "Luật đã đổi giữa đợt, từ ngày 01/01/2024" in page
        found = compared(review)
        assert found is not None
        later, changed, others = found
        assert later.documents == ["Luật 06/2022/QH15", "Nghị định 98/2023/NĐ-CP"]
        assert "Luật 15/2003/QH11" in later.gone
        assert any("sáng kiến" in line.lower() for one in changed for line in one.gone)
        fighter = next(one for one in others if one.nomination.award.code == FIGHTER)
        assert (fighter.before, fighter.after) != ("met", "met")
        assert fighter.before == "unmet"
        shown = browser.get(reverse("awards:review_later_law", args=[review.pk])).content.decode()
        assert "Ai sẽ có kết quả khác" in shown
        assert str(cast["clerk"].person) in shown  # type: ignore[attr-defined]


def test_it_changes_nothing_and_is_for_whoever_prepares_the_review(
    review: Review, proposal: Proposal, cast: dict[str, User], client_of: Browser
) -> None:
    page = reverse("awards:review_later_law", args=[review.pk])
    with clock.at(JANUARY):
        before = list(Nomination.objects.values())
        assert client_of(cast["office"]).get(page).status_code == 200
        assert list(Nomination.objects.values()) == before
        for part in ("clerk", "head", "inspector", "stranger"):
            assert client_of(cast[part]).get(page).status_code == 404
            detail = client_of(cast[part]).get(reverse("awards:review_detail", args=[review.pk]))
            assert "Luật đã đổi giữa đợt" not in detail.content.decode()


def test_after_its_end_it_is_past(review: Review, cast: dict[str, User], client_of: Browser) -> None:
    Review.objects.filter(pk=review.pk).update(state=Review.State.CLOSED)
    review.refresh_from_db()
    with clock.at(JANUARY):
        assert compared(review) is None
