"""Everybody of the Office is meant by a comment, or wrote it: the Director answers, and does not learn whose it is."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import notices
from awards.models import Comment, Review
from awards.queries import tasks_of
from awards.workflow import COMMENT
from core import clock
from core.models import Letter
from core.workflow import Refused
from organization.models import Unit, User
from tests.awards.open_periods import moment, of, publish, season
from tests.cast import fresh
from tests.reminding.test_owed import in_reminders, on_first_pages

WITHIN = moment(date(2025, 1, 8), 10)
ANSWER: dict[str, Any] = {"verdict": "declined", "text": "Đã xem xét.", "is_published": False}


@pytest.fixture(autouse=True)
def within_the_period() -> Iterator[None]:
    with clock.at(WITHIN):
        yield


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return publish(season(office, cast, units), office)


@pytest.fixture
def about_her(review: Review, office: User, clerk: User) -> Comment:
    """Hà is all of the Office."""
    return notices.send_comment(review, "Chưa xứng đáng.", by=clerk, nomination=of(review, office))


def answerers(said: Comment, cast: dict[str, User]) -> set[str]:
    found = Comment.objects.get(pk=said.pk)
    return {
        part
        for part, user in cast.items()
        if any(move.verb == "answer" for move in COMMENT.available(found, fresh(user)))
    }


def told(user: User) -> list[tuple[str, int]]:
    return [(one.title, one.count) for one in tasks_of(fresh(user)) if "góp ý" in one.title]


def test_the_director_answers_it(
    review: Review, about_her: Comment, cast: dict[str, User], office: User, director: User
) -> None:
    other = notices.send_comment(review, "Rõ ràng.", by=cast["clerk"])
    own = notices.send_comment(review, "Của tôi.", by=office)
    assert answerers(about_her, cast) == answerers(own, cast) == {"director"}
    assert answerers(other, cast) == {"office"}
    assert set(Comment.objects.visible_to(director)) == {about_her, own}
    came = Letter.objects.filter(kind="awards/private/comment_came")
    assert came.get(target_id=about_her.pk).recipient == director
    assert came.get(target_id=other.pk).recipient == office
    assert (told(director), told(office)) == (
        [("Trả lời ý kiến góp ý: Bình xét năm 2024", 2)],
        [("Trả lời ý kiến góp ý: Bình xét năm 2024", 1)],
    )
    assert in_reminders() == on_first_pages()
    for user in (office, cast["inspector"], cast["deputy"]):
        with pytest.raises(Refused, match="không có quyền"):
            notices.answer(about_her, **ANSWER, by=user)
    notices.answer(about_her, **ANSWER, by=director)
    assert Comment.objects.get(pk=about_her.pk).answered_by == director
    assert told(director) == [("Trả lời ý kiến góp ý: Bình xét năm 2024", 1)]


def test_where_one_of_the_office_is_free_the_director_keeps_out(
    review: Review, office: User, second_office: User, director: User, cast: dict[str, User]
) -> None:
    said = notices.send_comment(review, "Chưa xứng đáng.", by=cast["clerk"], nomination=of(review, office))
    assert answerers(said, cast) == {"office_head"}
    assert not Comment.objects.visible_to(director).exists()
    assert told(director) == []


def test_what_the_director_has_written_himself_he_does_not_answer(
    review: Review, office: User, director: User, cast: dict[str, User]
) -> None:
    said = notices.send_comment(review, "Rất xứng đáng.", by=director, nomination=of(review, office))
    assert answerers(said, cast) == set()


def test_he_answers_on_its_page_and_does_not_learn_who_has_written_it(
    review: Review, about_her: Comment, director: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(director)
    listed = client.get(reverse("awards:comment_list", args=[review.pk])).content.decode()
    page = client.get(reverse("awards:comment_detail", args=[about_her.pk])).content.decode()
    for text in (listed, page):
        assert "Chưa xứng đáng." in text
        assert "Một người làm việc tại Sở" in text
        assert "Nguyễn Văn An" not in text
    address = reverse("awards:comment_answer", args=[about_her.pk])
    assert (
        client.post(address, {"verdict": "declined", "text": "Đã xem xét.", "version": 1}).status_code == 302
    )
    about_her.refresh_from_db()
    assert about_her.state == "answered"
