"""A teller leaves while a box stands: the chair names another one, nothing that was sealed is opened, all vote anew."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import ballots, voting
from awards.actions.tellers import replace_teller
from awards.models import Ballot, BallotBox, CouncilSession, Envelope, Handover
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import User
from tests.awards.council.builders import codes_of, item_of, members, user_of
from tests.awards.seasons import FIGHTER

ClientOf = Callable[[User], Client]
VOTERS = ("director", "council_member", "office", "appraiser", "stranger_head")
WHY = "Đi cấp cứu"


@pytest.fixture
def box(session: CouncilSession, cast: dict[str, User]) -> BallotBox:
    """Prepared; the tellers are the appraiser and the head of another unit."""
    made = voting.open_votes(session, [item_of(session, FIGHTER)], "electronic", by=cast["office"])
    assert made is not None
    return made


def replace(box: BallotBox, cast: dict[str, User], leaver: str, taker: str, by: str = "director") -> Handover:
    sitting = members(box.session, cast)
    return replace_teller(box, sitting[leaver], sitting[taker], by=user_of(cast, by), reason=WHY)


def vote(box: BallotBox, cast: dict[str, User], *parts: str) -> None:
    only = box.rounds.get()
    for part in parts:
        ballots.cast(box, {only.pk: "for"}, by=user_of(cast, part))


def test_the_whole_way(box: BallotBox, cast: dict[str, User], client_of: ClientOf) -> None:
    kept, lost = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    vote(box, cast, *VOTERS[:3])
    chair, page = client_of(user_of(cast, "director")), reverse("awards:box_teller", args=[box.pk])
    assert page in chair.get(reverse("awards:ballot_box", args=[box.pk])).content.decode()
    assert "mọi người bỏ phiếu lại" in chair.get(page).content.decode()
    sitting = members(box.session, cast)
    box.refresh_from_db()
    typed = {
        "version": box.version,
        "leaver": sitting["stranger_head"].pk,
        "taker": sitting["council_member"].pk,
    }
    assert chair.post(page, {**typed, "reason": ""}).status_code == 422
    assert chair.post(page, {**typed, "reason": WHY}).status_code == 302

    box.refresh_from_db()
    assert (box.state, Envelope.objects.count(), Ballot.objects.count()) == ("prepared", 0, 0)
    with pytest.raises(Refused, match="cần ít nhất hai người"):
        ballots.open_box(box, by=cast["office"])
    with pytest.raises(Refused, match="Chỉ thành viên Ban kiểm phiếu"):
        ballots.take_key(box, by=user_of(cast, "stranger_head"))
    [new] = codes_of(box, cast, "council_member")
    ballots.open_box(box, by=cast["office"])
    assert Letter.objects.filter(kind="awards/ballot_opened", recipient=cast["director"]).count() == 2
    vote(box, cast, *VOTERS)
    for pair in ([kept, lost], [lost, new]):
        with pytest.raises(Refused, match="không phải mã của hòm phiếu này"):
            ballots.count_box(box, pair, {}, by=user_of(cast, "appraiser"))
    ballots.count_box(box, [kept, new], {}, by=user_of(cast, "council_member"))
    assert (box.state, box.rounds.get().in_favour) == ("counted", 5)

    letter = Letter.objects.get(kind="awards/duty_taken")
    assert letter.recipient == cast["council_member"]
    assert "bạn kiểm phiếu thay Hồ Thị Yến" in letter.body
    minutes = reverse("awards:council_minutes", args=[box.session_id])
    html = client_of(cast["office"]).get(minutes).content.decode()
    assert f"kiểm phiếu; lý do: {WHY}" in html
    first, second = box.session.boards.all()
    assert {str(one) for one in first.members.all()} == {"Phan Thị Thu", "Hồ Thị Yến"}
    assert {str(one) for one in second.members.all()} == {"Phan Thị Thu", "Vũ Thị Mai"}
    assert not box.rounds.filter(counted_at__lt=second.since).exists()
    assert html.count("Ban kiểm phiếu từ ") == 2
    assert history_of(box).get(verb="replace_teller").comment == f"Hồ Thị Yến → Vũ Thị Mai. {WHY}"
    assert history_of(box.session).filter(verb="hand_over").count() == 1
    assert (
        reverse("awards:box_teller", args=[box.pk])
        not in chair.get(reverse("awards:ballot_box", args=[box.pk])).content.decode()
    )
    assert chair.get(page).status_code == 302


def test_before_it_opens_only_the_code_changes_hands(box: BallotBox, cast: dict[str, User]) -> None:
    codes_of(box, cast, "appraiser", "stranger_head")
    replace(box, cast, "stranger_head", "council_member")
    assert [str(key.member) for key in box.keys.all()] == ["Phan Thị Thu"]
    with pytest.raises(AlreadyDone):
        replace(box, cast, "stranger_head", "council_member")
    replace(box, cast, "council_member", "stranger_head")  # he has come back
    codes_of(box, cast, "stranger_head")
    ballots.open_box(box, by=cast["office"])
    assert box.state == "open"


@pytest.mark.parametrize(
    "part", ["office", "council_member", "appraiser", "stranger_head", "clerk", "technician"]
)
def test_only_who_presides(part: str, box: BallotBox, cast: dict[str, User], client_of: ClientOf) -> None:
    with pytest.raises(Refused, match="Chỉ người chủ trì"):
        replace(box, cast, "stranger_head", "council_member", by=part)
    page = reverse("awards:box_teller", args=[box.pk])
    assert client_of(user_of(cast, part)).get(page).status_code == 404


def test_what_does_not_fit_is_refused(box: BallotBox, cast: dict[str, User]) -> None:
    sitting, chair = members(box.session, cast), user_of(cast, "director")
    for leaver, taker, said in (
        ("council_member", "office", "không ở Ban kiểm phiếu"),
        ("appraiser", "stranger_head", "đang ở Ban kiểm phiếu rồi"),
        ("appraiser", "director", "đang chủ trì hoặc làm thư ký"),
        ("appraiser", "office", "đang chủ trì hoặc làm thư ký"),
    ):
        with pytest.raises(Refused, match=said):
            replace(box, cast, leaver, taker)
    box.session.members.filter(pk=sitting["council_member"].pk).update(
        attendance="absent", absence_reason="Ốm"
    )
    with pytest.raises(Refused, match="không có mặt"):
        replace(box, cast, "appraiser", "council_member")
    with pytest.raises(Refused, match="Hãy chọn người rời"):
        replace_teller(box, None, sitting["council_member"], by=chair, reason=WHY)
    box.session.members.filter(pk=sitting["council_member"].pk).update(attendance="present")
    with pytest.raises(Refused, match="lý do thay"):
        replace_teller(box, sitting["appraiser"], sitting["council_member"], by=chair, reason=" ")
    with pytest.raises(Stale):
        replace_teller(
            box,
            sitting["appraiser"],
            sitting["council_member"],
            by=chair,
            reason=WHY,
            version=box.version + 7,
        )
    ballots.annul_box(box, by=cast["office"], comment="Bỏ phiếu giấy")
    with pytest.raises(Refused, match="đang ở trạng thái “Đã hủy”"):
        replace(box, cast, "appraiser", "council_member")
    assert not Handover.objects.exists()
    assert sorted(str(one) for one in box.session.members.filter(is_teller=True)) == [
        "Hồ Thị Yến",
        "Phan Thị Thu",
    ]
