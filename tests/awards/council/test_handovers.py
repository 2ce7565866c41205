"""The chair or the secretary leaves in the middle: who takes over, who may say so, and what the minutes tell."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from awards.actions import council, voting
from awards.actions.handovers import hand_over
from awards.calculations.votes import Count
from awards.models import CouncilMember, CouncilSession, Handover, Review
from awards.queries.council import roster_of
from awards.rules import holder_of, presider_of
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused
from organization.models import User
from tests.awards.council.builders import item_of, members, planned, user_of
from tests.awards.seasons import COLLECTIVE, LABORER
from tests.letters.reading import only_behind

ClientOf = Callable[[User], Client]
CHAIR, RECORD = "presides", "records"
YES = Count(issued=5, collected=5, in_favour=5, against=0)
SEATS = {
    "director": ("chair", False),
    "council_member": ("vice", False),
    "office": ("member", True),
    "appraiser": ("secretary", False),
    "stranger_head": ("member", False),
}


@pytest.fixture
def meeting(review: Review, cast: dict[str, User]) -> CouncilSession:
    """Open, with a secretary who is not of the Office, and one teller."""
    session, office = planned(review, cast), cast["office"]
    sitting = members(session, cast)
    council.set_roster(session, {sitting[part].pk: seat for part, seat in SEATS.items()}, by=office)
    council.invite(session, by=office)
    council.mark_attendance(session, {one.pk: ("present", "") for one in sitting.values()}, by=office)
    council.open_session(session, by=office)
    return session


def give(
    session: CouncilSession,
    cast: dict[str, User],
    duty: str,
    giver: str,
    taker: str,
    by: str,
    reason: str = "Họp gấp",
) -> Handover:
    sitting = members(session, cast)
    who = user_of(cast, by)
    return hand_over(session, duty, sitting[taker], giver=sitting[giver], by=who, reason=reason)


def test_who_takes_the_record_runs_the_session_and_who_gave_it_does_not(
    meeting: CouncilSession, cast: dict[str, User]
) -> None:
    first, second = user_of(cast, "appraiser"), user_of(cast, "stranger_head")
    before = item_of(meeting, LABORER, cast["clerk"].person)  # type: ignore[attr-defined]
    voting.open_votes(meeting, [before], "hands", by=first)
    counted = before.rounds.get()
    voting.count_rounds(meeting, {counted.pk: YES}, by=first, versions={})
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở và thư ký"):
        voting.open_votes(meeting, [item_of(meeting, COLLECTIVE)], "hands", by=second)

    made = give(meeting, cast, RECORD, "appraiser", "stranger_head", by="appraiser")
    assert (str(made.taker), made.reason, made.noted_by) == ("Hồ Thị Yến", "Họp gấp", first)
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở và thư ký"):
        voting.open_votes(meeting, [item_of(meeting, COLLECTIVE)], "hands", by=first)
    with pytest.raises(Refused, match="không có quyền"):
        voting.annul(counted, by=first, comment="Nhầm")
    voting.open_votes(meeting, [item_of(meeting, COLLECTIVE)], "hands", by=second)
    voting.count_rounds(meeting, {item_of(meeting, COLLECTIVE).rounds.get().pk: YES}, by=second, versions={})
    old, new = history_of(counted)[0], history_of(item_of(meeting, COLLECTIVE).rounds.get())[0]
    assert (old.actor, new.actor) == (first, second)
    line = history_of(meeting).get(verb="hand_over")
    assert (line.label, line.comment) == ("Bàn giao việc thư ký: Phan Thị Thu → Hồ Thị Yến", "Họp gấp")

    letter = Letter.objects.get(kind="awards/duty_taken")
    assert letter.recipient == second
    assert "làm thư ký phiên họp thay Phan Thị Thu" in letter.body
    assert only_behind(letter, "Họp gấp")
    give(meeting, cast, RECORD, "stranger_head", "appraiser", by="stranger_head", reason="Đã trở lại")
    assert Letter.objects.filter(kind="awards/duty_taken", recipient=first).count() == 1
    voting.annul(counted, by=first, comment="Nhầm")  # handed back


def test_the_chair_names_who_presides_while_he_is_away(
    meeting: CouncilSession, cast: dict[str, User]
) -> None:
    """Without the vice-chair too: whoever the chair named presides, and votes go on."""
    give(meeting, cast, CHAIR, "director", "stranger_head", by="director")
    sitting = members(meeting, cast)
    gone = {sitting["director"].pk: ("absent", "Họp gấp")}
    council.mark_attendance(meeting, gone, by=user_of(cast, "appraiser"))
    assert str(presider_of(roster_of(meeting))) == "Hồ Thị Yến"
    voting.open_votes(meeting, [item_of(meeting, COLLECTIVE)], "hands", by=user_of(cast, "appraiser"))


def test_the_office_notes_who_took_over_from_somebody_gone_without_a_word(
    meeting: CouncilSession, cast: dict[str, User]
) -> None:
    sitting = members(meeting, cast)
    gone = {sitting["appraiser"].pk: ("absent", "Không rõ")}
    council.mark_attendance(meeting, gone, by=cast["office"])
    with pytest.raises(Refused, match="Thư ký vắng mặt"):
        voting.open_votes(meeting, [item_of(meeting, COLLECTIVE)], "hands", by=cast["office"])
    with pytest.raises(Refused, match="Chỉ người đang giữ việc này"):
        give(meeting, cast, RECORD, "appraiser", "stranger_head", by="council_member")
    give(meeting, cast, RECORD, "appraiser", "stranger_head", by="office")
    voting.open_votes(meeting, [item_of(meeting, COLLECTIVE)], "hands", by=user_of(cast, "stranger_head"))

    voting.annul(item_of(meeting, COLLECTIVE).rounds.get(), by=cast["office"], comment="Chờ chủ trì")
    gone = {sitting["director"].pk: ("absent", "Không rõ")}
    council.mark_attendance(meeting, gone, by=user_of(cast, "stranger_head"))
    give(meeting, cast, CHAIR, "director", "council_member", by="office")
    assert str(holder_of(roster_of(meeting), CHAIR)) == "Vũ Thị Mai"


@pytest.mark.parametrize(
    ("duty", "giver", "taker", "sentence"),
    [
        (RECORD, "appraiser", "director", "không vừa chủ trì vừa làm thư ký"),
        (CHAIR, "director", "appraiser", "không vừa chủ trì vừa làm thư ký"),
        (RECORD, "appraiser", "office", "thuộc Ban kiểm phiếu"),
        (RECORD, "appraiser", "council_member", "không có mặt"),
        (RECORD, "appraiser", "appraiser", "đang giữ việc này rồi"),
    ],
)
def test_who_may_not_take_over(
    duty: str, giver: str, taker: str, sentence: str, meeting: CouncilSession, cast: dict[str, User]
) -> None:
    mai = members(meeting, cast)["council_member"]
    council.mark_attendance(meeting, {mai.pk: ("absent", "Ốm")}, by=cast["office"])
    with pytest.raises(Refused, match=sentence):
        give(meeting, cast, duty, giver, taker, by="office")
    assert not Handover.objects.exists()


def test_it_needs_a_reason_and_an_open_session(meeting: CouncilSession, cast: dict[str, User]) -> None:
    with pytest.raises(Refused, match="Hãy ghi lý do bàn giao"):
        give(meeting, cast, RECORD, "appraiser", "stranger_head", by="appraiser", reason=" ")
    CouncilSession.objects.filter(pk=meeting.pk).update(state="closed")
    with pytest.raises(Refused, match="khi Hội đồng đang họp"):
        give(meeting, cast, RECORD, "appraiser", "stranger_head", by="appraiser")


def test_the_second_of_two_is_told_who_has_it_now(meeting: CouncilSession, cast: dict[str, User]) -> None:
    give(meeting, cast, RECORD, "appraiser", "stranger_head", by="office")
    with pytest.raises(Refused, match="Hồ Thị Yến giữ lúc"):
        give(meeting, cast, RECORD, "appraiser", "council_member", by="appraiser")
    with pytest.raises(AlreadyDone):
        give(meeting, cast, RECORD, "appraiser", "stranger_head", by="office")
    assert Handover.objects.count() == 1


def test_the_database_knows_one_of_each(meeting: CouncilSession, cast: dict[str, User]) -> None:
    duties = set(meeting.members.exclude(duty="").values_list("name_then", "duty"))
    assert duties == {("Hoàng Đức Long", CHAIR), ("Phan Thị Thu", RECORD)}
    with pytest.raises(IntegrityError), transaction.atomic():
        CouncilMember.objects.filter(pk=members(meeting, cast)["office"].pk).update(duty=RECORD)
    with pytest.raises(Refused, match="không vào Ban kiểm phiếu"):
        council.set_roster(
            meeting, {members(meeting, cast)["director"].pk: ("chair", True)}, by=cast["office"]
        )


# --- its pages --------------------------------------------------------------------------------------------
def test_it_is_handed_over_on_a_page_and_stands_in_the_minutes(
    meeting: CouncilSession, cast: dict[str, User], client_of: ClientOf
) -> None:
    address = reverse("awards:council_hand_over", args=[meeting.pk, RECORD])
    room = reverse("awards:council_session", args=[meeting.pk])
    sitting = members(meeting, cast)
    form = {"giver": sitting["appraiser"].pk, "taker": sitting["stranger_head"].pk, "reason": "Đi họp gấp"}
    chair, clerk = client_of(user_of(cast, "director")), client_of(cast["clerk"])
    assert clerk.get(address).status_code == clerk.post(address, form).status_code == 404
    assert chair.get(address).status_code == 404  # the record is not his to give
    assert "Giao quyền chủ trì" in chair.get(room).content.decode()
    assert "Giao việc thư ký" not in chair.get(room).content.decode()
    thu = client_of(user_of(cast, "appraiser"))
    shown = thu.get(address)
    assert [pk for pk, _ in shown.context["form"].fields["taker"].choices] == [
        sitting["council_member"].pk, sitting["stranger_head"].pk,
    ]  # fmt: skip
    assert thu.post(address, {**form, "reason": ""}).status_code == 422
    assert thu.post(address, form)["Location"] == room
    again = thu.post(address, {**form, "taker": sitting["council_member"].pk})
    assert "Hồ Thị Yến giữ" in again.content.decode()
    assert thu.get(address).status_code == 404
    minutes = client_of(user_of(cast, "stranger_head")).get(
        reverse("awards:council_minutes", args=[meeting.pk])
    )
    text = minutes.content.decode()
    assert "bà Hồ Thị Yến thay bà Phan Thị Thu làm thư ký phiên họp; lý do: Đi họp gấp." in text
    assert [str(one) for one in minutes.context["secretaries"]] == ["Phan Thị Thu", "Hồ Thị Yến"]
    assert [str(one) for one in minutes.context["chairs"]] == ["Hoàng Đức Long"]


def test_who_notes_that_he_takes_over_himself_gets_no_letter(
    meeting: CouncilSession, cast: dict[str, User]
) -> None:
    council.set_roster(
        meeting, {one.pk: (one.seat, False) for one in meeting.members.all()}, by=cast["office"]
    )
    give(meeting, cast, RECORD, "appraiser", "office", by="office")
    assert not Letter.objects.filter(kind="awards/duty_taken").exists()
    give(meeting, cast, CHAIR, "director", "council_member", by="office")
    assert Letter.objects.get(kind="awards/duty_taken").recipient == cast["council_member"]
