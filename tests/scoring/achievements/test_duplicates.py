"""Achievements that look alike are pointed out, in plain sight only of those who may see them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Criterion
from organization.models import User
from scoring.models import Achievement
from scoring.queries.duplicates import alike, near_duplicates, same_titles

Maker = Callable[..., Achievement]
TITLE = "Sáng kiến số hóa hồ sơ một cửa tại Trung tâm"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("sang kien so hoa ho so mot cua", "sang kien so hoa ho so mot cua tai trung tam", True),
        ("sang kien so hoa ho so", "so hoa ho so sang kien", True),
        ("rut ngan thoi gian giai quyet ho so", "rut nganthoi gian giai quyet hoso", True),
        ("rut ngan thoi gian giai quyet ho so", "to chuc hoi thi cai cach hanh chinh", False),
        ("bao cao", "bao cao", False),
    ],
)
def test_alike(one: str, other: str, expected: bool) -> None:
    assert alike(one, other) is expected


def test_the_head_sees_what_looks_alike(
    submitted_by: Maker, clerk: User, colleague: User, head: User
) -> None:
    first = submitted_by(clerk, title=TITLE)
    same = submitted_by(colleague, title="SANG KIEN SO HOA ho so mot cua tai trung tam")
    near = submitted_by(colleague, title="Số hóa hồ sơ một cửa tại Trung tâm", happened_on=date(2025, 1, 5))
    submitted_by(colleague, title="Tổ chức hội thi", happened_on=date(2025, 1, 5))
    found = dict(near_duplicates(first, head).visible)
    assert found == {same: "trùng tên", near: "tên gần giống"}
    assert same_titles([first, near]) == {first.pk}


def test_same_person_same_criterion_within_days(
    submitted_by: Maker, clerk: User, head: User, criteria: dict[str, Criterion]
) -> None:
    first = submitted_by(clerk, title="Một tên nào đó")
    near = submitted_by(clerk, title="Tiêu đề hoàn toàn khác biệt", happened_on=date(2025, 5, 23))
    submitted_by(clerk, title="Ngày xa hơn ba hôm", happened_on=date(2025, 5, 24))
    submitted_by(clerk, title="Khác tiêu chí hẳn hoi", criterion=criteria["2.2"])
    assert near_duplicates(first, head).visible == [(near, "cùng người, cùng tiêu chí, ngày gần nhau")]


def test_the_author_learns_of_hidden_ones_only_their_number(
    submitted_by: Maker, draft_of: Maker, clerk: User, stranger: User, client_of: Callable[[User], Client]
) -> None:
    submitted_by(stranger, title=TITLE)
    draft = draft_of(clerk, title=TITLE)
    found = near_duplicates(draft, clerk)
    assert (found.visible, found.hidden) == ([], 1)
    page = client_of(clerk).get(reverse("scoring:achievement_check", args=[draft.pk])).content.decode()
    assert "1 thành tích khác mà bạn không có quyền xem" in page
    assert "Đặng Văn Tùng" not in page


def test_drafts_of_others_are_nobodys_business(
    draft_of: Maker, clerk: User, colleague: User, head: User
) -> None:
    draft_of(colleague, title=TITLE)
    found = near_duplicates(draft_of(clerk, title=TITLE), head)
    assert (found.visible, found.hidden) == ([], 0)


def test_duplicates_do_not_block_and_cost_two_queries(
    submitted_by: Maker,
    clerk: User,
    head: User,
    client_of: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    first = submitted_by(clerk, title=TITLE)
    second = submitted_by(clerk, title=TITLE)
    assert second.state == "submitted"
    _ = (head.acting, first.criterion, first.campaign_year)
    with django_assert_max_num_queries(4):
        near_duplicates(first, head)
    page = client_of(head).get(reverse("scoring:achievement_detail", args=[second.pk])).content.decode()
    assert "Có thành tích gần giống" in page
    assert "trùng tên" in page
