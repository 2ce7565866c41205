"""A ballot box is sealed for its tellers' keys alone: a key slipped past the portal stops it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from awards.actions import ballots, voting
from awards.calculations import sealing
from awards.models import BallotBox, CouncilSession, Envelope, TellerKey
from awards.queries.ballots import are_true
from core.journal import history_of
from core.models import Entry
from core.workflow import Refused
from organization.models import User
from tests.awards.council.builders import codes_of, item_of, members, user_of
from tests.awards.seasons import FIGHTER

VOTERS = ("director", "council_member", "office", "appraiser", "stranger_head")


@pytest.fixture
def box(session: CouncilSession, cast: dict[str, User]) -> BallotBox:
    made = voting.open_votes(session, [item_of(session, FIGHTER)], "electronic", by=cast["office"])
    assert made is not None
    return made


def slip_in(box: BallotBox, cast: dict[str, User], *parts: str) -> list[str]:
    """By SQL, keys of somebody who keeps their secret halves himself."""
    codes, sitting = [sealing.new_code() for _ in parts], members(box.session, cast)
    with connection.cursor() as cursor:
        for part, code in zip(parts, codes, strict=True):
            half = sealing.public_half(sealing.tidy(code) or "")
            cursor.execute(
                "INSERT INTO awards_tellerkey (box_id, member_id, public_key) VALUES (%s, %s, %s)",
                [box.pk, sitting[part].pk, half],
            )
    return codes


def test_two_keys_slipped_in_after_the_opening_open_nothing(
    box: BallotBox, cast: dict[str, User], caplog: pytest.LogCaptureFixture
) -> None:
    codes = codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    one = box.rounds.get()
    for part in VOTERS[:3]:
        ballots.cast(box, {one.pk: "for"}, by=user_of(cast, part))
    stolen = slip_in(box, cast, "director", "council_member")
    with pytest.raises(Refused, match="không còn đúng như khi mở hòm"):
        ballots.cast(box, {one.pk: "for"}, by=user_of(cast, "appraiser"))
    for pair in (stolen, codes):
        with pytest.raises(Refused, match="không còn đúng như khi mở hòm"):
            ballots.count_box(box, pair, {}, by=user_of(cast, "appraiser"))
    assert Envelope.objects.count() == 3  # none was sealed for them
    assert f"keys of ballot box {box.pk}" in caplog.text
    TellerKey.objects.filter(member__in=[members(box.session, cast)[part].pk for part in VOTERS[:2]]).delete()
    ballots.cast(box, {one.pk: "for"}, by=user_of(cast, "appraiser"))
    ballots.count_box(box, codes, {}, by=user_of(cast, "appraiser"))
    assert box.state == "counted"


def test_a_key_that_is_changed_with_the_list_beside_it_stands_against_the_journal(
    box: BallotBox, cast: dict[str, User]
) -> None:
    codes_of(box, cast, "appraiser", "stranger_head")
    ballots.open_box(box, by=cast["office"])
    (line,) = history_of(box).filter(verb="open_box")
    assert line.data["keys"] == box.key_prints
    assert [one["name"] for one in box.key_prints] == [
        user_of(cast, part).person.full_name  # type: ignore[union-attr]
        for part in ("appraiser", "stranger_head")
    ]
    other = sealing.public_half(sealing.tidy(sealing.new_code()) or "")
    key = box.keys.get(member=members(box.session, cast)["appraiser"])
    TellerKey.objects.filter(pk=key.pk).update(public_key=other)
    changed = [{**box.key_prints[0], "sha256": sealing.fingerprint(other)}, box.key_prints[1]]
    BallotBox.objects.filter(pk=box.pk).update(key_prints=changed)
    one = box.rounds.get()
    with pytest.raises(Refused, match="không còn đúng"):
        ballots.cast(box, {one.pk: "for"}, by=user_of(cast, "office"))
    Entry.objects.bulk_create(
        [
            Entry(
                actor_name="x",
                target_type=line.target_type,
                target_id=box.pk,
                verb="open_box",
                data={"keys": changed},
            )
        ]
    )  # the journal can be added to: two openings of one box betray it
    box.refresh_from_db()
    assert not are_true(box, list(box.keys.select_related("member")))
    with pytest.raises(Refused, match="không còn đúng"):
        ballots.cast(box, {one.pk: "for"}, by=user_of(cast, "office"))


def test_a_box_does_not_open_with_the_key_of_somebody_who_is_no_teller(
    box: BallotBox, cast: dict[str, User]
) -> None:
    codes_of(box, cast, "appraiser", "stranger_head")
    slip_in(box, cast, "director")
    with pytest.raises(Refused, match="không phải của Ban kiểm phiếu"):
        ballots.open_box(box, by=cast["office"])


def test_every_teller_sees_his_own_fingerprint(
    box: BallotBox, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    page = reverse("awards:ballot_box", args=[box.pk])
    teller = client_of(user_of(cast, "appraiser"))
    given = teller.post(reverse("awards:ballot_key", args=[box.pk])).content.decode()
    key = box.keys.get()
    short = sealing.short(sealing.fingerprint(bytes(key.public_key)))
    assert len(short) == 24
    assert given.count(short) == 2  # beside the code, and in the list
    codes_of(box, cast, "stranger_head")
    ballots.open_box(box, by=cast["office"])
    seen = teller.get(page).content.decode()
    assert f"{key.member.name_then} <strong>(bạn)</strong>: vân tay <code>{short}</code>" in seen
    assert "không còn đúng như khi mở hòm" not in seen
    voter = client_of(user_of(cast, "office"))
    assert short in voter.get(page).content.decode()
    slip_in(box, cast, "director")
    assert "không còn đúng như khi mở hòm" in voter.get(page).content.decode()
