"""The council's pages: who finds them, what they say, and that nothing typed in secret is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.actions import ballots, voting
from awards.models import Ballot, CouncilSession, Kinship, Proposal, Recusal, Review, VoteRound
from awards.queries.agenda import tasks_of as review_tasks
from awards.queries.council import tasks_of
from organization.models import Post, Unit, User
from tests.awards.builders import hire
from tests.awards.council.builders import codes_of, item_of, members, nominate, planned, user_of
from tests.awards.seasons import FIGHTER, LABORER

ClientOf = Callable[[User], Client]


def page(name: str, pk: int) -> str:
    return reverse(f"awards:{name}", args=[pk])


def test_a_session_is_planned_prepared_and_opened_on_its_pages(
    review: Review, cast: dict[str, User], client_of: ClientOf
) -> None:
    office = client_of(cast["office"])
    assert "Chuẩn bị phiên họp Hội đồng: Bình xét năm 2024" in [
        one.title for one in review_tasks(cast["office"])
    ]
    form = {"held_on": "20/01/2025", "starts_at": "8 giờ", "place": "Phòng họp số 1"}
    answer = office.post(page("council_plan", review.pk), form)
    assert answer.status_code == 422
    assert "Phòng họp số 1" in answer.content.decode()
    office.post(page("council_plan", review.pk), {**form, "starts_at": "08:00"})
    session = CouncilSession.objects.get()
    sitting = members(session, cast)
    seats = {f"seat_{one.pk}": "member" for one in sitting.values()}
    seats |= {
        f"seat_{sitting['director'].pk}": "chair",
        f"seat_{sitting['office'].pk}": "secretary",
        f"teller_{sitting['appraiser'].pk}": "on",
        f"teller_{sitting['stranger_head'].pk}": "on",
    }
    office.post(page("council_roster", session.pk), seats)
    assert "không đủ số phiếu" not in office.get(page("council_session", session.pk)).content.decode()
    office.post(reverse("awards:council_move", args=[session.pk, "invite"]))
    marks = {f"mark_{one.pk}": "present" for one in sitting.values()}
    absent = {**marks, f"mark_{sitting['director'].pk}": "absent"}
    answer = office.post(page("council_attendance", session.pk), absent)
    assert (answer.status_code, "Hãy ghi lý do vắng." in answer.content.decode()) == (422, True)
    office.post(page("council_attendance", session.pk), marks)
    office.post(reverse("awards:council_move", args=[session.pk, "open_session"]))
    session.refresh_from_db()
    assert session.state == "open"
    assert "Họp Hội đồng: Bình xét năm 2024" in [
        one.title for one in review_tasks(user_of(cast, "appraiser"))
    ]
    text = office.get(page("council_session", session.pk)).content.decode()
    assert "cần ít nhất 3/5 phiếu đồng ý" in text
    assert "Chờ Văn phòng Sở xác nhận" in text


def test_votes_are_begun_and_counted_on_pages(
    session: CouncilSession, cast: dict[str, User], client_of: ClientOf
) -> None:
    office, teller = client_of(cast["office"]), client_of(user_of(cast, "appraiser"))
    items = [one.pk for one in session.items.all()]
    answer = office.post(page("council_vote", session.pk), {"way": "papers"})
    assert answer.status_code == 422
    office.post(page("council_vote", session.pk), {"way": "papers", "items": items[:2]})
    awards = set(session.items.filter(pk__in=items[2:]).values_list("nomination__award", flat=True))
    office.post(
        page("council_vote", session.pk), {"way": "hands", "awards": sorted(awards), "items": items[2:]}
    )
    first, second, third, fourth = VoteRound.objects.order_by("pk")
    assert teller.get(page("council_count", session.pk)).context["form"].rounds == [first, second]
    numbers = {"issued": 5, "collected": 5, "in_favour": 5, "against": 0}
    other = office.get(page("council_count", session.pk)).context["form"]
    assert [one.pk for one in other.rounds] == [third.pk, fourth.pk]
    wrong = {f"{name}_{first.pk}": value for name, value in {**numbers, "in_favour": 4}.items()}
    answer = teller.post(page("council_count", session.pk), wrong)
    assert answer.status_code == 422
    assert "cộng lại là 4" in answer.content.decode()
    teller.post(
        page("council_count", session.pk), {f"{name}_{first.pk}": value for name, value in numbers.items()}
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("counted", "open")  # the row left empty waits
    hands = {f"in_favour_{one.pk}": 5 for one in (third, fourth)} | {
        f"against_{one.pk}": 0 for one in (third, fourth)
    }
    office.post(page("council_count", session.pk), hands)
    third.refresh_from_db()
    assert (third.collected, third.carried) == (5, True)
    again = {f"{name}_{first.pk}": value for name, value in {**numbers, "in_favour": 3, "against": 2}.items()}
    assert teller.post(page("round_recount", first.pk), again).status_code == 422
    teller.post(page("round_recount", first.pk), {**again, "reason": "Đếm lại"})
    first.refresh_from_db()
    assert first.in_favour == 3
    minutes = office.get(page("council_minutes", session.pk)).content.decode()
    assert "Đồng ý 3/5 = <strong>60%</strong>" in minutes


def test_a_member_votes_in_secret_on_a_page(
    session: CouncilSession, cast: dict[str, User], client_of: ClientOf
) -> None:
    items = [item_of(session, FIGHTER).pk]
    answer = client_of(cast["office"]).post(
        page("council_vote", session.pk), {"way": "electronic", "items": items}
    )
    box = session.boxes.get()
    assert answer["Location"] == page("ballot_box", box.pk)
    one = box.rounds.get()
    codes = []
    for part in ("appraiser", "stranger_head"):
        teller = client_of(user_of(cast, part))
        assert "Nhận mã kiểm phiếu" in [task.title for task in tasks_of(user_of(cast, part))]
        shown = teller.post(page("ballot_key", box.pk))
        codes.append(shown.context["code"])
        assert codes[-1] in shown.content.decode()
        assert codes[-1] not in teller.get(page("ballot_box", box.pk)).content.decode()
    client_of(cast["office"]).post(reverse("awards:box_move", args=[box.pk, "open_box"]))
    mai = client_of(user_of(cast, "council_member"))
    assert "Bỏ phiếu kín của Hội đồng" in [task.title for task in tasks_of(user_of(cast, "council_member"))]
    assert mai.post(page("ballot_box", box.pk), {}).status_code == 422
    sealed = mai.post(page("ballot_box", box.pk), {f"secret_{one.pk}": "against"})
    [(_, receipt)] = sealed.context["receipts"]
    assert receipt in sealed.content.decode()
    assert "Bỏ phiếu kín của Hội đồng" not in [
        task.title for task in tasks_of(user_of(cast, "council_member"))
    ]
    shown = client_of(cast["office"]).get(page("ballot_box", box.pk)).content.decode()
    assert "Vũ Thị Mai" not in shown.partition("Chưa bỏ phiếu")[2].partition("Mã kiểm phiếu")[0]
    assert receipt not in shown

    for part in ("director", "appraiser"):
        ballots.cast(box, {one.pk: "for"}, by=user_of(cast, part))
    teller = client_of(user_of(cast, "appraiser"))
    form = {"secret_first": codes[0], "secret_second": "sai", "despite_missing": "on"}
    answer = teller.post(page("box_count", box.pk), form)
    assert answer.status_code == 422
    hasty = teller.post(page("box_count", box.pk), {"secret_first": codes[0], "secret_second": codes[1]})
    assert "Còn 2 người chưa bỏ phiếu (Hồ Thị Yến, Đỗ Thị Hà)" in hasty.content.decode()
    teller.post(page("box_count", box.pk), {**form, "secret_second": codes[1]})
    one.refresh_from_db()
    assert (one.collected, one.against, one.carried) == (3, 1, False)
    text = mai.get(page("ballot_box", box.pk)).content.decode()
    assert receipt in text
    assert "Khớp với các lá phiếu đang lưu" in text


def test_a_ballot_that_comes_after_the_session_ended_is_not_held(
    session: CouncilSession, cast: dict[str, User], client_of: ClientOf, settings: Any
) -> None:
    """Other forms wait for their writer; this one would tell whose it is."""
    box = voting.open_votes(session, [item_of(session, FIGHTER)], "electronic", by=cast["office"])
    assert box is not None
    codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    browser = client_of(user_of(cast, "council_member"))
    browser.get(page("ballot_box", box.pk))
    settings.SESSION_IDLE_MINUTES = -1
    answer = browser.post(page("ballot_box", box.pk), {f"secret_{box.rounds.get().pk}": "against"})
    assert answer.status_code == 302
    assert not [one for one in kept_forms() if "against" in one]

    browser = client_of(user_of(cast, "council_member"))
    settings.SESSION_IDLE_MINUTES = 15
    browser.get(page("ballot_box", box.pk))
    settings.SESSION_IDLE_MINUTES = -1
    browser.post(page("item_step_aside", item_of(session, FIGHTER).pk), {"reason": "Bạn học"})
    assert [one for one in kept_forms() if "Bạn học" in one]


def kept_forms() -> list[str]:
    return [str(one.get_decoded()) for one in Session.objects.all()]


def test_strangers_find_nothing(session: CouncilSession, cast: dict[str, User], client_of: ClientOf) -> None:
    box = voting.open_votes(session, [item_of(session, FIGHTER)], "electronic", by=cast["office"])
    assert box is not None
    for part in ("clerk", "head", "technician"):
        browser = client_of(cast[part])
        assert browser.get(page("council_list", session.review_id)).status_code == 404, part
        for name in ("council_session", "council_minutes", "council_attendance"):
            assert browser.get(page(name, session.pk)).status_code == 404, (part, name)
        assert browser.get(page("ballot_box", box.pk)).status_code == 404
    reader = client_of(cast["inspector"])
    assert reader.get(page("council_session", session.pk)).status_code == 200
    for name in ("council_attendance", "council_roster", "council_vote", "council_course"):
        assert reader.get(page(name, session.pk)).status_code == 404, name


def test_which_kin_it_is_stays_hidden_from_the_others(
    review: Review, cast: dict[str, User], client_of: ClientOf
) -> None:
    mai = client_of(user_of(cast, "council_member"))
    code = cast["clerk"].person.code  # type: ignore[attr-defined]
    mai.post(reverse("awards:kin_list"), {"relative": code, "relation": "em trai"})
    assert Kinship.objects.get().relation == "em trai"
    assert "em trai" in client_of(cast["office"]).get(reverse("awards:kin_list")).content.decode()
    assert (
        "em trai"
        not in client_of(user_of(cast, "appraiser")).get(reverse("awards:kin_list")).content.decode()
    )
    assert client_of(cast["clerk"]).get(reverse("awards:kin_list")).status_code == 404

    session = planned(review, cast)
    office = client_of(cast["office"])
    office.post(reverse("awards:council_move", args=[session.pk, "invite"]))
    office.post(
        page("council_attendance", session.pk), {f"mark_{one.pk}": "present" for one in session.members.all()}
    )
    office.post(reverse("awards:council_move", args=[session.pk, "open_session"]))
    assert Recusal.objects.filter(kind="kin").count() == 2
    assert (
        "Vũ Thị Mai (người thân đã khai)" in office.get(page("council_session", session.pk)).content.decode()
    )
    other = client_of(user_of(cast, "appraiser")).get(page("council_session", session.pk)).content.decode()
    assert "Vũ Thị Mai (có liên quan)" in other
    assert "người thân đã khai" not in other


@pytest.mark.parametrize("part", ["office", "appraiser"])
def test_the_room_asks_no_more_for_a_longer_agenda(
    part: str, session: CouncilSession, cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf
) -> None:
    browser = client_of(user_of(cast, part))
    address = page("council_session", session.pk)
    voting.open_votes(session, session.items.all(), "papers", by=cast["office"])
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    proposal = Proposal.objects.get()
    post = Post.objects.get(code="chuyen-vien")
    for number in range(12):
        person = hire(f"Lê Văn {'ABCDEĐGHIKLM'[number]}a", units["cchc"], post)
        nomination = nominate(session.review, proposal, LABORER, person=person)
        item = session.items.create(nomination=nomination, percent="50", is_more_than=True, base="members")
        VoteRound.objects.create(item=item, number=1, way="papers", may_vote=5, base=5)
    with CaptureQueriesContext(connection) as many:
        assert browser.get(address).status_code == 200
    assert len(many) == len(few)
    assert Ballot.objects.count() == 0
