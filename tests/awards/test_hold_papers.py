"""The paper of a hold was noted wrongly: put right with a reason while it stands."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions.holds import correct_paper, place_hold, release_hold
from awards.models import Hold
from core.journal import history_of
from core.models import Letter
from core.workflow import Refused, Stale
from organization.models import User

WRONG, RIGHT = "Thông báo 15/TB-TTr ngày 03/11/2025", "Thông báo 51/TB-TTr ngày 03/11/2025 của Thanh tra Sở"


@pytest.fixture
def hold(clerk: User, office: User) -> Hold:
    return place_hold(
        reason="complaint", paper=WRONG, started_on=date(2025, 11, 3), by=office, person=clerk.person  # type: ignore[attr-defined]
    )  # fmt: skip


def test_the_paper_is_put_right_on_its_page_and_told_to_whom_it_was_told(
    hold: Hold, office: User, client_of: Callable[[User], Client]
) -> None:
    client, page = client_of(office), reverse("awards:hold_correct", args=[hold.pk])
    assert page in client.get(reverse("awards:hold_detail", args=[hold.pk])).content.decode()
    assert WRONG in client.get(page).content.decode()
    typed = {"version": "1", "paper": RIGHT, "reason": ""}
    assert client.post(page, typed).status_code == 422
    assert client.post(page, {**typed, "reason": "Ghi nhầm số"}).status_code == 302
    hold.refresh_from_db()
    assert (hold.paper, hold.version, hold.ended_on) == (RIGHT, 2, None)
    line = history_of(hold).filter(verb="correct").get()
    assert line.comment == f"{WRONG} → {RIGHT}\nLý do: Ghi nhầm số"
    letters = Letter.objects.filter(kind="awards/hold_corrected")
    assert set(letters.values_list("recipient__username", flat=True)) == {"clerk", "head", "office"}
    assert all("51/TB-TTr" not in one.body and "khiếu nại" not in one.body for one in letters)
    assert RIGHT in client.get(reverse("awards:hold_detail", args=[hold.pk])).content.decode()


def test_what_does_not_fit_is_refused(hold: Hold, clerk: User, office: User) -> None:
    for paper, reason, said in (
        (" ", "Nhầm", "số, ngày văn bản"),
        (WRONG, "Nhầm", "Không có nội dung nào thay đổi"),
        (RIGHT, " ", "lý do sửa"),
    ):
        with pytest.raises(Refused, match=said):
            correct_paper(hold, paper, reason=reason, by=office)
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        correct_paper(hold, RIGHT, reason="Nhầm", by=clerk)
    with pytest.raises(Stale):
        correct_paper(hold, RIGHT, reason="Nhầm", by=office, version=0)
    release_hold(hold, reason="Không vi phạm", by=office)
    with pytest.raises(Refused, match="đã được gỡ"):
        correct_paper(hold, RIGHT, reason="Nhầm", by=office)
    hold.refresh_from_db()
    assert hold.paper == WRONG
