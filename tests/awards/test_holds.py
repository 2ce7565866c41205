"""Holds: placed and released by the Office, told without the reason, and passed by no list while they run."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards import actions
from awards.actions.holds import place_hold, release_hold
from awards.models import Award, AwardEntry, AwardList, Hold, Prospect, Review
from awards.queries import paper
from awards.queries.facts import Asked, candidates_of_people
from awards.queries.holds import held_people, held_units, hold_sentence
from core import clock
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Person, Unit, User
from tests.awards.builders import LETTER, TITLE
from tests.cast import CAST, fresh
from tests.letters.reading import behind, said

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
DAY = date(2025, 11, 3)
PAPER = "Thông báo 15/TB-TTr ngày 03/11/2025"
FACTS = {"reason": "complaint", "paper": PAPER, "started_on": DAY}
WHY = "khiếu nại"


@pytest.fixture
def hold(clerk: User, office: User) -> Hold:
    return place_hold(person=person_of(clerk), by=office, **FACTS)


def person_of(user: User) -> Person:
    return user.person  # type: ignore[attr-defined, no-any-return]


def told(kind: str) -> set[str]:
    return set(Letter.objects.filter(kind=f"awards/{kind}").values_list("recipient__username", flat=True))


# --- placing and releasing --------------------------------------------------------------------------------
def test_a_hold_is_told_to_those_it_concerns_but_not_why(hold: Hold, office: User, clerk: User) -> None:
    assert told("hold_placed") == {"clerk", "head", "office"}
    for letter in Letter.objects.filter(kind="awards/hold_placed").select_related("recipient"):
        knows = letter.recipient.username != "head"  # type: ignore[union-attr]
        assert (WHY in said(letter).lower(), "15/TB-TTr" in said(letter)) == (False, False)
        assert (WHY in behind(letter).lower(), "15/TB-TTr" in behind(letter)) == (knows, knows)
    assert [line.verb for line in history_of(hold)] == ["place"]

    release_hold(hold, reason="Kết luận 20/KL: không vi phạm", by=office)
    assert told("hold_released") == {"clerk", "head", "office"}
    assert held_people([person_of(clerk).pk], clock.today()) == {}
    with pytest.raises(AlreadyDone):
        release_hold(hold, reason="Lần nữa", by=office)
    assert Letter.objects.filter(kind="awards/hold_released").count() == 3


def test_the_head_of_a_held_head_is_the_one_above(head: User, office: User) -> None:
    place_hold(person=person_of(head), by=office, **FACTS)
    assert told("hold_placed") == {"head", "director", "office"}


def test_a_unit_is_held_as_a_collective_only(units: dict[str, Unit], head: User, office: User) -> None:
    unit = units["cchc"]
    hold = place_hold(unit=unit, by=office, **FACTS)
    today = clock.today()
    assert held_units([unit.pk, units["vp"].pk], today) == {unit.pk: hold}
    assert held_people(None, today) == {}
    assert told("hold_placed") == {"head", "office"}


@pytest.mark.parametrize("part", [part for part in CAST if part != "office"])
def test_nobody_else_places_or_releases(part: str, hold: Hold, cast: dict[str, User]) -> None:
    by = fresh(cast[part])
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        place_hold(person=person_of(cast["stranger"]), by=by, **FACTS)
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        release_hold(hold, reason="Xong", by=by)
    assert Hold.objects.get().ended_on is None


def test_nobody_of_the_office_on_himself(office: User, second_office: User, units: dict[str, Unit]) -> None:
    with pytest.raises(Refused, match="của chính mình"):
        place_hold(person=person_of(office), by=office, **FACTS)
    hold = place_hold(person=person_of(office), by=second_office, **FACTS)
    with pytest.raises(Refused, match="của chính mình"):
        release_hold(hold, reason="Xong", by=office)
    with pytest.raises(Refused, match="đứng đầu đơn vị"):
        place_hold(unit=units["vp"], by=second_office, **FACTS)


def test_what_does_not_fit_is_refused(hold: Hold, clerk: User, office: User, second_office: User) -> None:
    person = person_of(clerk)
    with pytest.raises(AlreadyDone):
        place_hold(person=person, by=office, **FACTS)
    with pytest.raises(Refused, match="đang tạm dừng xét vì lý do này"):
        place_hold(person=person, by=second_office, **FACTS)
    with pytest.raises(Refused, match="sau hôm nay"):
        place_hold(
            person=person, by=office, reason="press", paper="1", started_on=clock.today() + timedelta(1)
        )
    with pytest.raises(Refused, match="số, ngày văn bản"):
        place_hold(person=person, by=office, reason="press", paper=" ", started_on=DAY)
    with pytest.raises(Refused, match="lý do gỡ"):
        release_hold(hold, reason=" ", by=office)
    with pytest.raises(Stale):
        release_hold(hold, reason="Xong", by=office, version=7)
    assert Hold.objects.count() == 1


def test_two_holds_and_one_released(hold: Hold, clerk: User, office: User) -> None:
    person = person_of(clerk)
    second = place_hold(person=person, by=office, reason="press", paper="CV 9", started_on=DAY)
    release_hold(hold, reason="Kết luận", by=office)
    assert held_people([person.pk], clock.today()) == {person.pk: second}
    assert "Vẫn còn" in Letter.objects.filter(kind="awards/hold_released")[0].body


def test_the_rules_free_him_on_the_day_of_the_release(hold: Hold, clerk: User, office: User) -> None:
    pk, today = person_of(clerk).pk, clock.today()
    asked = Asked(2025, today)
    [known] = candidates_of_people(asked, [pk])[pk].holds
    assert (known.started_on, known.ended_on) == (DAY, None)
    release_hold(hold, reason="Kết luận", by=office)
    [known] = candidates_of_people(asked, [pk])[pk].holds
    assert known.ended_on == today - timedelta(days=1)


def test_the_reason_is_told_to_those_it_concerns(hold: Hold, cast: dict[str, User]) -> None:
    for part in ("office", "inspector", "director", "clerk"):
        assert WHY in hold_sentence(hold, cast[part])
    for part in ("council_member", "colleague", "stranger_head"):
        said = hold_sentence(hold, cast[part])
        assert "Tạm dừng xét khen thưởng từ ngày 03/11/2025" in said
        assert WHY not in said
        assert "15/TB" not in said


def test_pages_tell_why_only_to_those_it_concerns(
    hold: Hold, cast: dict[str, User], client_of: ClientOf
) -> None:
    """Who heads him learns that he is held, and no more: the paper alone may say that there is a complaint."""
    release_hold(hold, reason="Kết luận 20/KL: không vi phạm", by=cast["office"])
    pages = [
        reverse("awards:hold_list"),
        reverse("awards:hold_detail", args=[hold.pk]),
        reverse("awards:facts_of_person", args=[person_of(cast["clerk"]).pk]),
    ]
    for part, knows in {"office": True, "director": True, "head": False}.items():
        for address in pages:
            page = client_of(cast[part]).get(address).content.decode()
            assert ("15/TB-TTr" in page, "Nguyễn Văn An" in page) == (knows, True), (part, address)
            assert knows or (WHY not in page.lower() and "20/KL" not in page)
    assert "15/TB-TTr" in client_of(cast["clerk"]).get(pages[1]).content.decode()


# --- the award list -----------------------------------------------------------------------------------------
def test_a_list_with_a_held_row_is_marked_and_not_settled(
    award_list: AwardList, entry_of: Callable[[Person], AwardEntry], clerk: User, office: User, client_of: ClientOf
) -> None:  # fmt: skip
    hold = place_hold(person=person_of(clerk), by=office, **FACTS)
    page = client_of(office).get(reverse("awards:award_list_detail", args=[award_list.pk]))
    assert page.content.decode().count("Tạm dừng xét từ ngày") == 1
    rows = [row for part in paper(award_list).sections for row in part.rows]
    assert [row.name for row in rows if "Tạm dừng xét khen thưởng" in row.note] == ["Nguyễn Văn An"]
    with pytest.raises(Refused, match=r"Đang tạm dừng xét khen thưởng: .*Nguyễn Văn An"):
        actions.settle(award_list, by=office)
    entry = entry_of(person_of(clerk))
    actions.remove_entry(entry, reason="Tạm dừng xét", by=office)
    with pytest.raises(Refused, match="Tạm dừng xét khen thưởng"):
        actions.restore_entry(entry, reason="Trở lại", by=office)
    release_hold(hold, reason="Kết luận", by=office)
    actions.restore_entry(entry, reason="Trở lại", by=office)
    actions.settle(award_list, by=office)
    assert award_list.state == AwardList.State.SETTLED


def test_a_held_unit_stops_its_own_row_only(
    award_list: AwardList, units: dict[str, Unit], office: User
) -> None:
    place_hold(unit=units["cchc"], by=office, **FACTS)
    with pytest.raises(Refused, match=r"khen thưởng: Phòng Cải cách hành chính\. "):
        actions.settle(award_list, by=office)


def test_nobody_held_is_added_by_hand(
    award_list: AwardList, awards: dict[str, Award], colleague: User, office: User
) -> None:
    sheet = award_list.campaign_year.scorecards.get(person=person_of(colleague))
    place_hold(person=person_of(colleague), by=office, **FACTS)
    with pytest.raises(Refused, match="Tạm dừng xét"):
        actions.add_entry(award_list, sheet, award=awards[LETTER], reason="Đột xuất", by=office)


def test_the_list_costs_the_same_with_more_held(
    award_list: AwardList,
    cast: dict[str, User],
    client_of: ClientOf,
    assert_same_queries: Callable[..., None],
) -> None:
    def grow() -> None:
        for part in ("clerk", "head", "stranger"):
            place_hold(person=person_of(cast[part]), by=cast["office"], **FACTS)

    inspector = client_of(cast["inspector"])
    assert_same_queries(inspector, reverse("awards:award_list_detail", args=[award_list.pk]), grow)


# --- the review -------------------------------------------------------------------------------------------
def test_a_review_shows_who_is_held(
    hold: Hold, awards: dict[str, Award], cast: dict[str, User], units: dict[str, Unit], client_of: ClientOf,
    assert_same_queries: Callable[..., None],
) -> None:  # fmt: skip
    office = cast["office"]
    review = Review.objects.create(
        kind="annual", year=2025, title="Bình xét 2025", reference_date=DAY, state="open", prepared_by=office
    )
    review.awards.set([awards[TITLE]])
    common = {"review": review, "award": awards[TITLE], "state": "met", "unit": units["cchc"]}
    for part in ("clerk", "colleague"):
        Prospect.objects.create(person=person_of(cast[part]), **common)
    listed = reverse("awards:prospect_list", args=[review.pk])
    client = client_of(office)
    assert client.get(listed).content.decode().count(">Tạm dừng xét<") == 1

    def page_of(part: str, reader: str = "office") -> str:
        args = [review.pk, "nguoi", person_of(cast[part]).pk]
        return client_of(cast[reader]).get(reverse("awards:findings", args=args)).content.decode()

    assert PAPER in page_of("clerk")
    assert "Dữ kiện đã ghi" in page_of("clerk")
    assert "Tạm dừng xét khen thưởng từ ngày" not in page_of("colleague")
    seen_by_council = page_of("clerk", "council_member")
    assert "Tạm dừng xét khen thưởng từ ngày 03/11/2025, đến khi có kết luận." in seen_by_council
    assert PAPER not in seen_by_council
    assert "Dữ kiện đã ghi" not in seen_by_council

    def grow() -> None:
        place_hold(person=person_of(cast["colleague"]), by=office, **FACTS)
        place_hold(unit=units["cchc"], by=office, **FACTS)

    assert_same_queries(client, listed, grow)


# --- pages ------------------------------------------------------------------------------------------------
def form(**more: Any) -> dict[str, Any]:
    return {"person": "CB001", "reason": "press", "paper": "CV 9/SNV", "started_on": "03/11/2025", **more}


def test_the_office_places_and_releases_on_pages(
    cast: dict[str, User], office: User, client_of: ClientOf
) -> None:
    client = client_of(office)
    answer = client.post(reverse("awards:hold_place"), form())
    hold = Hold.objects.get()
    assert answer.status_code == 302
    detail = reverse("awards:hold_detail", args=[hold.pk])
    assert "Đang tạm dừng xét" in client.get(detail).content.decode()
    release = reverse("awards:hold_release", args=[hold.pk])
    assert client.get(release).status_code == 200
    assert client.post(release, {"version": "1", "reason": ""}).status_code == 422
    assert client.post(release, {"version": "1", "reason": "KL 7: không vi phạm"}).status_code == 302
    assert client.post(release, {"version": "1", "reason": "KL 7: không vi phạm"}).status_code == 302
    text = client.get(detail).content.decode()
    assert "KL 7: không vi phạm" in text
    assert "Nguyễn Văn An" in client.get(reverse("awards:hold_list")).content.decode()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"person": ""}, "một trong hai ô"),
        ({"person": "Không Ai"}, "Không tìm thấy"),
        ({"started_on": "31/12/2099"}, "sau hôm nay"),
        ({"paper": ""}, "CB001"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_kept(
    more: dict[str, str], sentence: str, office: User, client_of: ClientOf
) -> None:
    answer = client_of(office).post(reverse("awards:hold_place"), form(**more))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Hold.objects.exists()


def test_who_reads_a_hold(hold: Hold, cast: dict[str, User], client_of: ClientOf) -> None:
    readers = {"office", "inspector", "director", "clerk", "head"}
    for part in CAST:
        client = client_of(fresh(cast[part]))
        read = client.get(reverse("awards:hold_detail", args=[hold.pk])).status_code == 200
        listed = (
            "Nguyễn Văn An" in client.get(reverse("awards:hold_list")).content.decode().partition("<main")[2]
        )
        assert (part, read) == (part, part in readers)
        assert listed == (part in readers) or part == "clerk"
        if part != "office":
            for route in ("hold_release", "hold_correct"):
                assert client.get(reverse(f"awards:{route}", args=[hold.pk])).status_code == 404
            assert client.get(reverse("awards:hold_place")).status_code == 404


def test_the_list_of_holds_costs_the_same_with_more(
    hold: Hold, cast: dict[str, User], client_of: ClientOf, assert_same_queries: Callable[..., None]
) -> None:
    def grow() -> None:
        for part in ("head", "stranger"):
            place_hold(person=person_of(cast[part]), by=cast["office"], **FACTS)

    assert_same_queries(client_of(cast["inspector"]), reverse("awards:hold_list"), grow)
