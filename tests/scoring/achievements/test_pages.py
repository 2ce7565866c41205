"""The pages: written, saved by themselves, checked, submitted, read; strangers find nothing."""

import json
from collections.abc import Callable
from decimal import Decimal

from django.test import Client

from campaigns.models import CampaignYear, Criterion
from core.journal import history_of
from organization.models import User
from scoring.actions import achievements as actions
from scoring.models import Achievement
from tests.scoring.achievements.pages import address, typed

Maker = Callable[..., Achievement]
Browser = Callable[[User], Client]


def test_the_whole_way_in_the_browser(
    client_of: Browser, clerk: User, head: User, campaign_year: CampaignYear, criteria: dict[str, Criterion]
) -> None:
    client = client_of(clerk)
    response = client.post(
        address("achievement_create"), {"whose": "person", "campaign_year": campaign_year.pk}
    )
    achievement = Achievement.objects.get()
    assert response["Location"] == address("achievement_edit", achievement)
    data = typed(
        achievement,
        title="Số hóa hồ sơ",
        criterion=criteria["1.1"].pk,
        quantity="2,5",
        result="Xong.",
        then="check",
    )
    response = client.post(address("achievement_edit", achievement), data)
    assert response["Location"] == address("achievement_check", achievement)
    page = client.get(address("achievement_check", achievement)).content.decode()
    assert "Nộp thành tích" in page
    assert "2,5" in page
    achievement.refresh_from_db()
    sent = {"version": achievement.version}
    response = client.post(address("achievement_move", achievement, "submit"), sent, follow=True)
    assert "Bước tiếp theo: thủ trưởng Phòng CCHC xác nhận" in response.content.decode()
    assert "Phòng CCHC – Lê Minh Châu" in response.content.decode()
    page = client_of(head).get(address("achievement_detail", achievement)).content.decode()
    assert "Xác nhận thành tích" in page
    response = client_of(head).post(address("achievement_move", achievement, "confirm"))
    achievement.refresh_from_db()
    assert achievement.state == "confirmed"


def test_missing_facts_link_to_their_fields(
    client_of: Browser, clerk: User, campaign_year: CampaignYear
) -> None:
    achievement = actions.start(campaign_year, by=clerk)
    page = client_of(clerk).get(address("achievement_check", achievement)).content.decode()
    assert f"{address('achievement_edit', achievement)}?kiem-tra=1#id_happened_on" in page
    assert "Nộp thành tích</button>" not in page
    response = client_of(clerk).post(address("achievement_move", achievement, "submit"))
    assert response.status_code == 422
    assert "Chọn tiêu chí" in response.content.decode()


def test_autosave_answers_with_the_new_version(client_of: Browser, clerk: User, draft_of: Maker) -> None:
    achievement = draft_of(clerk)
    url = address("achievement_autosave", achievement)
    response = client_of(clerk).post(url, typed(achievement, title="Đang gõ"), headers={"X-Autosave": "1"})
    assert response.status_code == 200
    achievement.refresh_from_db()
    assert response.json()["version"] == achievement.version
    assert len(response.json()["saved_at"]) == 5
    assert achievement.title == "Đang gõ"


def test_autosave_keeps_the_good_and_reports_the_unreadable(
    client_of: Browser, clerk: User, draft_of: Maker
) -> None:
    achievement = draft_of(clerk)
    data = typed(
        achievement,
        title="Tên mới",
        quantity="hai",
        happened_on="31/02/2025",
        **{"co-0-person": "Không Có Ai", "co-0-share": "5"},
    )
    response = client_of(clerk).post(address("achievement_autosave", achievement), data)
    assert response.status_code == 422
    assert set(response.json()["errors"]) == {"quantity", "happened_on", "co-0-person"}
    achievement.refresh_from_db()
    assert (achievement.title, achievement.quantity) == ("Tên mới", Decimal(1))
    assert response.json()["version"] == achievement.version


def test_fields_that_were_not_sent_stay(client_of: Browser, clerk: User, draft_of: Maker) -> None:
    achievement = draft_of(clerk)
    client_of(clerk).post(
        address("achievement_autosave", achievement), {"version": achievement.version, "title": "Chỉ tên"}
    )
    achievement.refresh_from_db()
    assert (achievement.title, achievement.quantity) == ("Chỉ tên", Decimal(1))
    assert achievement.result


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    client_of: Browser, clerk: User, colleague: User, draft_of: Maker
) -> None:
    achievement = draft_of(clerk, collective=True)
    late = typed(achievement, title="Bản của Bình", result="Bình viết")
    client_of(clerk).post(address("achievement_edit", achievement), typed(achievement, title="Bản của An"))
    response = client_of(colleague).post(address("achievement_edit", achievement), late)
    page = response.content.decode()
    assert response.status_code == 409
    for text in ["Nguyễn Văn An đã sửa thành tích này", "Bản của An", "Bản của Bình", "Bình viết"]:
        assert text in page
    achievement.refresh_from_db()
    assert achievement.title == "Bản của An"
    url = address("achievement_autosave", achievement)
    answer = client_of(colleague).post(url, late)
    assert answer.status_code == 409
    assert answer.json()["theirs"]["Thành tích"] == "Bản của An"
    again = client_of(colleague).post(
        address("achievement_edit", achievement), {**late, "version": achievement.version}
    )
    assert again.status_code == 302
    achievement.refresh_from_db()
    assert achievement.title == "Bản của Bình"


def test_a_page_never_stands_in_its_own_way(client_of: Browser, clerk: User, draft_of: Maker) -> None:
    """The answer of an autosave was lost on the way; the page still carries the old version."""
    achievement = draft_of(clerk)
    client = client_of(clerk)
    client.post(address("achievement_autosave", achievement), typed(achievement, title="Một"))
    response = client.post(address("achievement_edit", achievement), typed(achievement, title="Hai"))
    assert response.status_code == 302
    other_tab = client.post(
        address("achievement_edit", achievement), typed(achievement, title="Ba", page="trang-b")
    )
    assert other_tab.status_code == 409


def test_the_same_form_twice_changes_nothing_more(client_of: Browser, clerk: User, draft_of: Maker) -> None:
    achievement = draft_of(clerk)
    data = typed(achievement, title="Một lần")
    for _ in range(2):
        assert client_of(clerk).post(address("achievement_edit", achievement), data).status_code == 302
    before = achievement.version
    achievement.refresh_from_db()
    assert achievement.version == before + 1


def test_bad_input_stays_on_the_page(client_of: Browser, clerk: User, draft_of: Maker) -> None:
    achievement = draft_of(clerk)
    long = "x" * 301
    data = typed(achievement, title=long, quantity="-3", happened_on="hôm qua")
    response = client_of(clerk).post(address("achievement_edit", achievement), data)
    page = response.content.decode()
    assert response.status_code == 422
    for text in [long, 'value="-3"', 'value="hôm qua"', "Nhập ngày theo dạng", "Nhập số lớn hơn 0"]:
        assert text in page
    achievement.refresh_from_db()
    assert achievement.quantity == Decimal(1)


def test_co_authors_by_code_and_by_name(
    client_of: Browser, clerk: User, colleague: User, head: User, draft_of: Maker
) -> None:
    achievement = draft_of(clerk)
    rows = {
        "co-0-person": f"Bất kỳ – {colleague.person.code}", "co-0-share": "12,5",
        "co-1-person": "le minh chau", "co-1-share": "20",
    }  # fmt: skip
    response = client_of(clerk).post(address("achievement_edit", achievement), typed(achievement, **rows))
    assert response.status_code == 302
    shares = {one.person: one.share for one in achievement.co_authors.all()}
    assert shares == {colleague.person: Decimal("12.50"), head.person: Decimal(20)}
    rows["co-0-person"] = clerk.person.code
    response = client_of(clerk).post(
        address("achievement_edit", achievement), typed(Achievement.objects.get(), **rows)
    )
    assert response.status_code == 422
    assert "là người báo cáo" in response.content.decode()
    assert achievement.co_authors.count() == 2


def test_state_and_owner_cannot_be_posted(
    client_of: Browser, clerk: User, head: User, draft_of: Maker
) -> None:
    achievement = draft_of(clerk)
    forged = {"state": "confirmed", "person": head.person.pk, "unit": 1, "approving_unit": 1, "prepared_by": head.pk,
              "campaign_year": 99, "submitted_at": "2025-01-01"}  # fmt: skip
    for name in ["achievement_edit", "achievement_autosave"]:
        client_of(clerk).post(address(name, achievement), typed(achievement, **forged))
    after = Achievement.objects.get()
    assert (after.state, after.person, after.prepared_by) == ("draft", clerk.person, clerk)
    assert (after.unit, after.approving_unit, after.submitted_at) == (achievement.unit, None, None)


def test_a_criterion_of_another_set_is_refused(
    client_of: Browser, clerk: User, draft_of: Maker, criteria: dict[str, Criterion]
) -> None:
    achievement = draft_of(clerk)
    foreign = (
        criteria["1.1"]
        .criteria_set.campaign_year.criteria_sets.create(title="Nháp", version_number=2)
        .criteria.create(code="9", name="Ngoài bộ")
    )
    for forged in [foreign.pk, criteria["2.1"].pk, criteria["1"].pk, 10**9, "1 OR 1=1"]:
        response = client_of(clerk).post(
            address("achievement_edit", achievement), typed(achievement, criterion=forged)
        )
        assert response.status_code == 422
    achievement.refresh_from_db()
    assert achievement.criterion == criteria["1.1"]


def test_locked_points_are_not_changed_by_a_forged_form(
    client_of: Browser, clerk: User, in_state: Callable[[str], Achievement]
) -> None:
    achievement = in_state("returned")
    data = typed(achievement, title="Tên đã rõ", quantity="99", result="Bịa")
    response = client_of(clerk).post(address("achievement_edit", achievement), data)
    assert response.status_code == 302
    achievement.refresh_from_db()
    assert (achievement.title, achievement.quantity) == ("Tên đã rõ", Decimal(1))
    assert achievement.flags.get().is_settled


def test_an_answer_settles_a_flag(
    client_of: Browser, clerk: User, head: User, in_state: Callable[[str], Achievement]
) -> None:
    achievement = in_state("returned")
    flag = achievement.flags.get()
    data = typed(achievement, **{f"answer_{flag.pk}": "Tên này theo quyết định."})
    client_of(clerk).post(address("achievement_autosave", achievement), data)
    assert (
        "Tên này theo quyết định."
        in client_of(clerk).get(address("achievement_edit", achievement)).content.decode()
    )
    response = client_of(clerk).post(address("achievement_move", achievement, "submit"))
    assert response.status_code == 302
    assert history_of(achievement).first().comment == "Tên thành tích: Tên này theo quyết định."
    page = client_of(head).get(address("achievement_detail", achievement)).content.decode()
    assert page.count("Tên này theo quyết định.") == 2


def test_typed_text_is_shown_as_text(
    client_of: Browser, clerk: User, head: User, submitted_by: Maker
) -> None:
    bad = "<script>alert(1)</script>"
    achievement = submitted_by(clerk, title=bad, result=bad, measure="<b>")
    client = client_of(head)
    pages = [
        client.get(address("achievement_detail", achievement)),
        client.get(address("achievement_list")),
        client.post(address("achievement_confirm_many"), {"chon": [achievement.pk]}),
        client.post(address("achievement_move", achievement, "refuse"), {"comment": ""}),
    ]
    for page in pages:
        text = page.content.decode()
        assert bad not in text
        assert "&lt;script&gt;" in text


def test_moves_are_posts(client_of: Browser, clerk: User, in_state: Callable[[str], Achievement]) -> None:
    achievement = in_state("draft")
    assert client_of(clerk).get(address("achievement_move", achievement, "submit")).status_code == 405
    assert client_of(clerk).get(address("achievement_autosave", achievement)).status_code == 405
    assert client_of(clerk).post(address("achievement_move", achievement, "save")).status_code == 404


def test_the_author_reads_no_decision_panel(
    client_of: Browser, clerk: User, in_state: Callable[[str], Achievement]
) -> None:
    page = client_of(clerk).get(address("achievement_detail", in_state("submitted"))).content.decode()
    assert "Quyết định của thủ trưởng" not in page
    assert "Rút lại" in page


def test_removing_a_draft(client_of: Browser, clerk: User, draft_of: Maker) -> None:
    achievement = draft_of(clerk)
    response = client_of(clerk).post(address("achievement_move", achievement, "remove"), follow=True)
    assert "Đã xóa bản nháp" in response.content.decode()
    assert not Achievement.objects.exists()


def test_nothing_open_nothing_to_report(client_of: Browser, clerk: User, campaign_year: CampaignYear) -> None:
    CampaignYear.objects.update(state="closed")
    page = client_of(clerk).get(address("achievement_create")).content.decode()
    assert "không có phong trào nào" in page
    response = client_of(clerk).post(
        address("achievement_create"), {"whose": "person", "campaign_year": campaign_year.pk}
    )
    assert response.status_code == 422
    assert not Achievement.objects.exists()


def test_an_expired_session_answers_the_autosave_with_401(
    client_of: Browser, clerk: User, draft_of: Maker
) -> None:
    achievement = draft_of(clerk)
    client = client_of(clerk)
    session = client.session
    session["seen_at"] = "2020-01-01T00:00:00+00:00"
    session.save()
    response = client.post(
        address("achievement_autosave", achievement), typed(achievement), headers={"X-Autosave": "1"}
    )
    assert response.status_code == 401


def test_json_of_the_autosave_is_json(client_of: Browser, clerk: User, draft_of: Maker) -> None:
    achievement = draft_of(clerk)
    response = client_of(clerk).post(address("achievement_autosave", achievement), typed(achievement))
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["version"] == achievement.version
