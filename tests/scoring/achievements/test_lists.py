"""Who finds and reads what, decisions on the page, many at once, and what pages cost."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organization.models import User
from scoring.actions import achievements as actions
from scoring.actions import evidence
from scoring.models import Achievement
from tests.scoring.achievements.pages import address

Maker = Callable[..., Achievement]
Browser = Callable[[User], Client]


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "confirmed", "refused"])
def test_who_reads_it(
    state: str, client_of: Browser, cast: dict[str, User], in_state: Callable[[str], Achievement]
) -> None:
    achievement = in_state(state)
    readers = {"clerk", "head", "deputy", "director", "office", "inspector"}
    if state == "confirmed":
        readers |= {"appraiser", "council_member"}
    for part, user in cast.items():
        client = client_of(user)
        expected = 200 if part in readers else 404
        assert client.get(address("achievement_detail", achievement)).status_code == expected, part
        for name in ["achievement_edit", "achievement_check", "achievement_evidence"]:
            status = client.get(address(name, achievement)).status_code
            if part == "clerk":
                assert status in (200, 302, 404)
            else:
                assert status == 404, (part, name)


def test_strangers_post_into_nothing(
    client_of: Browser, stranger: User, in_state: Callable[[str], Achievement]
) -> None:
    achievement = in_state("submitted")
    client = client_of(stranger)
    for verb in ["submit", "withdraw", "confirm", "send_back", "refuse", "reopen", "remove", "nonsense"]:
        assert client.post(address("achievement_move", achievement, verb)).status_code == 404
    for name in ["achievement_autosave", "achievement_edit", "achievement_evidence_link"]:
        assert client.post(address(name, achievement)).status_code == 404
    achievement.refresh_from_db()
    assert achievement.state == "submitted"


def test_sending_back_without_a_reason_keeps_what_was_ticked(
    client_of: Browser, head: User, in_state: Callable[[str], Achievement]
) -> None:
    achievement = in_state("submitted")
    url = address("achievement_move", achievement, "send_back")
    response = client_of(head).post(
        url, {"flag_title": "on", "reason_result": "Thiếu số", "version": achievement.version}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "Ghi điểm “Tên thành tích” cần sửa thế nào." in page
    assert "Thiếu số" in page
    response = client_of(head).post(url, {"reason_result": "Thiếu số", "version": achievement.version})
    assert response.status_code == 302
    assert [(flag.point, flag.reason) for flag in achievement.flags.all()] == [("result", "Thiếu số")]


def test_a_refusal_needs_its_reason(
    client_of: Browser, head: User, in_state: Callable[[str], Achievement]
) -> None:
    achievement = in_state("submitted")
    url = address("achievement_move", achievement, "refuse")
    assert client_of(head).post(url, {"comment": " "}).status_code == 422
    assert client_of(head).post(url, {"comment": "Ngoài phong trào"}).status_code == 302
    achievement.refresh_from_db()
    assert achievement.state == "refused"


def test_bulk_confirmation_tells_each_row(
    client_of: Browser,
    clerk: User,
    colleague: User,
    head: User,
    submitted_by: Maker,
    in_state: Callable[[str], Achievement],
) -> None:
    good = [submitted_by(clerk, title="Việc thứ nhất"), submitted_by(colleague, title="Việc thứ hai")]
    refused = in_state("refused")
    own = submitted_by(head, title="Của chính trưởng phòng")
    client = client_of(head)
    chosen = [row.pk for row in [*good, refused, own]]
    preview = client.post(address("achievement_confirm_many"), {"chon": chosen}).content.decode()
    assert "Xác nhận 2 thành tích" in preview
    assert "Đang ở trạng thái “Không công nhận”" in preview
    assert "không có quyền xác nhận" in preview
    assert not Achievement.objects.filter(state="confirmed").exists()
    data = {
        "chon": [*chosen],
        "confirm": "1",
        **{f"version_{row.pk}": row.version for row in [*good, refused, own]},
    }
    page = client.post(address("achievement_confirm_many"), data, follow=True).content.decode()
    assert page.count("Đã xác nhận</span>") == 2
    assert page.count("Chưa xác nhận</span>") == 2
    assert set(Achievement.objects.filter(state="confirmed")) == set(good)


def test_bulk_confirmation_of_something_else_than_was_read(
    client_of: Browser, clerk: User, head: User, submitted_by: Maker
) -> None:
    achievement = submitted_by(clerk)
    data = {"chon": [achievement.pk], "confirm": "1", f"version_{achievement.pk}": achievement.version - 1}
    page = client_of(head).post(address("achievement_confirm_many"), data, follow=True).content.decode()
    assert "Chưa xác nhận</span>" in page
    achievement.refresh_from_db()
    assert achievement.state == "submitted"


def test_bulk_confirmation_by_a_stranger(
    client_of: Browser, clerk: User, stranger_head: User, submitted_by: Maker
) -> None:
    achievement = submitted_by(clerk)
    data = {"chon": [achievement.pk, "x", "-1", "9" * 30], "confirm": "1"}
    page = (
        client_of(stranger_head).post(address("achievement_confirm_many"), data, follow=True).content.decode()
    )
    assert "Chưa chọn thành tích nào." in page
    achievement.refresh_from_db()
    assert achievement.state == "submitted"


def test_the_list_shows_what_one_may_see(
    client_of: Browser, cast: dict[str, User], submitted_by: Maker
) -> None:
    submitted_by(cast["clerk"], title="Của An")
    submitted_by(cast["stranger"], title="Của Tùng")
    seen = {
        part: [
            title
            for title in ("Của An", "Của Tùng")
            if title in client_of(user).get(address("achievement_list")).content.decode()
        ]
        for part, user in cast.items()
    }
    assert seen["clerk"] == seen["head"] == seen["deputy"] == ["Của An"]
    assert seen["stranger"] == seen["stranger_head"] == ["Của Tùng"]
    assert seen["office"] == seen["inspector"] == seen["director"] == ["Của An", "Của Tùng"]
    assert seen["technician"] == seen["colleague"] == seen["appraiser"] == []


def test_the_tabs_and_filters(
    client_of: Browser, clerk: User, head: User, colleague: User, submitted_by: Maker, draft_of: Maker
) -> None:
    submitted_by(clerk, title="Của An")
    submitted_by(head, title="Của trưởng phòng")
    draft_of(colleague, title="Nháp của Bình")

    def titles(user: User, view: str, query: str = "") -> set[str]:
        url = reverse("scoring:achievement_list_of", args=[view]) if view else address("achievement_list")
        page = client_of(user).get(url + query).content.decode()
        return {title for title in ("Của An", "Của trưởng phòng", "Nháp của Bình") if title in page}

    assert titles(head, "cho-toi") == {"Của An"}
    assert titles(head, "cua-toi") == {"Của trưởng phòng"}
    assert titles(head, "cua-don-vi") == {"Của An", "Của trưởng phòng", "Nháp của Bình"}
    assert titles(head, "", "?q=cua+truong+phong") == {"Của trưởng phòng"}
    assert titles(head, "", "?q=nguyen+van+an") == {"Của An"}
    assert titles(head, "", "?trang-thai=draft") == {"Nháp của Bình"}
    assert client_of(head).get(reverse("scoring:achievement_list_of", args=["khac"])).status_code == 404
    assert (
        client_of(head)
        .get(address("achievement_list") + "?xuat=xlsx")["Content-Type"]
        .endswith("spreadsheetml.sheet")
    )


def test_each_list_says_its_order_and_keeps_it(
    client_of: Browser, clerk: User, head: User, submitted_by: Maker, draft_of: Maker
) -> None:
    submitted_by(clerk, title="Việc tháng hai", happened_on=date(2025, 2, 3))
    submitted_by(clerk, title="Việc tháng năm", happened_on=date(2025, 5, 3))
    submitted_by(clerk, title="Việc tháng tư", happened_on=date(2025, 4, 3))
    draft_of(clerk, title="Nháp tháng một", happened_on=date(2025, 1, 3))

    def seen(user: User, view: str) -> tuple[str, list[str]]:
        page = client_of(user).get(reverse("scoring:achievement_list_of", args=[view])).content.decode()
        return page, re.findall(r">((?:Việc|Nháp) tháng \w+)</a>", page)

    page, titles = seen(clerk, "cua-toi")
    assert titles == ["Nháp tháng một", "Việc tháng năm", "Việc tháng tư", "Việc tháng hai"]
    assert "Bản nháp và bản bị trả lại đứng đầu" in page
    page, titles = seen(head, "cho-toi")
    assert titles == ["Việc tháng hai", "Việc tháng năm", "Việc tháng tư"]
    assert "Bản nộp trước đứng trước" in page
    page, titles = seen(head, "cua-don-vi")
    assert titles == ["Việc tháng năm", "Việc tháng tư", "Việc tháng hai", "Nháp tháng một"]
    assert "Ngày hoàn thành mới nhất đứng đầu" in page


@pytest.mark.parametrize("view", ["", "cho-toi", "cua-don-vi"])
def test_lists_cost_the_same_with_more_rows(
    view: str,
    client_of: Browser,
    clerk: User,
    colleague: User,
    head: User,
    submitted_by: Maker,
    assert_same_queries: Any,
) -> None:
    submitted_by(clerk, title="Một")
    url = reverse("scoring:achievement_list_of", args=[view]) if view else address("achievement_list")

    def grow() -> None:
        submitted_by(colleague, title="Hai")
        submitted_by(clerk, title="Ba", collective=True)

    assert_same_queries(client_of(head), url, grow)


@pytest.mark.parametrize("name", ["achievement_detail", "achievement_edit", "achievement_check"])
def test_the_dossier_costs_the_same_with_more_of_everything(
    name: str,
    client_of: Browser,
    clerk: User,
    colleague: User,
    deputy: User,
    draft_of: Maker,
    stored: Any,
    assert_same_queries: Any,
) -> None:
    achievement = draft_of(clerk)
    evidence.add_evidence(achievement, stored(clerk), by=clerk)
    actions.set_co_authors(achievement, [(colleague.person, Decimal(10))], by=clerk)

    def grow() -> None:
        for number in range(2):
            evidence.add_evidence(achievement, stored(clerk, f"%PDF-1.4\n{number}".encode()), by=clerk)
        shares = [(colleague.person, Decimal(10)), (deputy.person, Decimal(10))]
        actions.set_co_authors(achievement, shares, by=clerk)

    assert_same_queries(client_of(clerk), address(name, achievement), grow)
