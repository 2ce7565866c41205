"""A row feeds a row of a higher level's scheme: chosen on a page or in Excel, never in a circle."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.actions import criteria as acts
from campaigns.actions.feeding import feed
from campaigns.actions.schemes import round_of, write_scheme
from campaigns.exports import scheme_file
from campaigns.importing import plan_scheme, read_rows
from campaigns.importing.plan import SchemePlan
from campaigns.models import CriteriaSet, Criterion
from campaigns.queries.feeding import Above, search_above
from campaigns.queries.schemes import unit_numbers
from core.journal import history_of
from core.workflow import Refused, Stale
from organization.models import User
from tests.campaigns.frame_stories import FRAME, written
from tests.campaigns.stories import leaf, text_of
from tests.campaigns.test_scheme_files import HEAD, Rows, book

ROOM: Rows = [
    (1, "A", "Việc của phòng", None),
    (2, "A.1", "Đúng hạn", 3, "all_or_nothing"),
    (2, "A.2", "Kế hoạch", 2, "all_or_nothing"),
]
WITH_FEEDS = [*HEAD, "Cấp số liệu cho"]


@pytest.fixture
def upper(cast: Any, office: User) -> CriteriaSet:
    """The scheme of the Sở."""
    return written(round_of("cchc-so", 2025, by=office, name="Chỉ số cấp Sở"), FRAME, office)


@pytest.fixture
def room(cast: Any, office: User) -> CriteriaSet:
    """The scheme of the phòng, in use."""
    return written(round_of("cchc-phong", 2025, by=office, name="Chỉ số cấp phòng"), ROOM, office)


def told(rows: Rows, feeds: dict[str, str]) -> SchemePlan:
    """The table with the column of links."""
    wide = [[*row, *[None] * (len(HEAD) - len(row)), feeds.get(str(row[1]), "")] for row in rows]
    source = book(wide, head=WITH_FEEDS)
    return plan_scheme(read_rows(source), unit_numbers(), above=Above("cchc-phong", 2025).find)


def back(criteria_set: CriteriaSet) -> SchemePlan:
    above = Above(criteria_set.campaign_year.campaign.code, criteria_set.campaign_year.year)
    return plan_scheme(read_rows(BytesIO(scheme_file(criteria_set))), unit_numbers(), above=above.find)


# --- the act -----------------------------------------------------------------------------------------
def test_a_row_in_use_feeds_another_and_the_journal_knows(
    upper: CriteriaSet, room: CriteriaSet, office: User, clerk: User
) -> None:
    row, target = room.criteria.get(code="A.1"), upper.criteria.get(code="2.1")
    feed(row, target, by=office)
    assert list(target.fed_by.all()) == [row]
    entry = history_of(room).filter(verb="feed").first()
    assert entry
    assert (entry.actor, entry.comment) == (office, "A.1. Đúng hạn → cchc-so/2.1")
    with pytest.raises(Stale):
        feed(row, None, by=office, version=1)
    feed(row, None, by=office, version=2)
    assert not target.fed_by.exists()
    with pytest.raises(Refused, match="không có quyền"):
        feed(row, target, by=clerk)
    acts.put_in_use(acts.correct(room, by=office), by=office)
    with pytest.raises(Refused, match="đã được thay thế"):
        feed(row, target, by=office)


def test_no_scheme_comes_back_to_itself(upper: CriteriaSet, room: CriteriaSet, office: User) -> None:
    nation = written(round_of("par-index", 2025, by=office), FRAME, office)
    row, middle, top = (
        room.criteria.get(code="A.1"),
        upper.criteria.get(code="2.1"),
        nation.criteria.get(code="1.1"),
    )
    feed(row, middle, by=office)
    feed(middle, top, by=office)
    for one, target, words in (
        (row, room.criteria.get(code="A.2"), "bộ chỉ số khác"),
        (middle, room.criteria.get(code="A.2"), "đã cấp số liệu cho bộ chỉ số này"),
        (top, room.criteria.get(code="A.2"), "đã cấp số liệu cho bộ chỉ số này"),
    ):
        with pytest.raises(Refused, match=words):
            feed(one, target, by=office)
    draft = acts.correct(nation, by=office)
    with pytest.raises(Refused, match="đã cấp số liệu cho bộ chỉ số này"):
        acts.change_criterion(
            draft.criteria.get(code="1.1"), by=office, feeds=row, **_leaf(draft.criteria.get(code="1.1"))
        )
    with pytest.raises(Refused, match="đã cấp số liệu cho bộ chỉ số này"):
        acts.add_criterion(draft, by=office, feeds=row, **leaf("9", "Mới", "1"))
    assert [one.pk for one in search_above(upper.campaign_year, "", "", None).schemes] == [nation.pk]


def _leaf(one: Criterion) -> dict[str, Any]:
    return {"method": one.method, "params": one.params, "max_score": one.max_score}


# --- the pages ---------------------------------------------------------------------------------------
def test_the_row_is_searched_and_chosen_for_a_set_in_use(
    upper: CriteriaSet, room: CriteriaSet, office: User, client_of: Any
) -> None:
    client, row = client_of(office), room.criteria.get(code="A.1")
    page = client.get(reverse("campaigns:criteria_set_detail", args=[room.pk]) + "?cap-so-lieu=1")
    address = reverse("campaigns:criterion_feed", args=[row.pk])
    assert address in text_of(page)
    assert client.get(address).context["feeding"].found == []
    found = client.post(
        reverse("campaigns:feeding_search", args=[room.pk]), {"tim-dong": "thu tuc hanh", "feeds": ""}
    )
    assert [one.code for one in found.context["feeding"].found] == ["2"]  # a group too
    found = client.post(address, {"find": "1", "tim-bo": str(upper.pk), "feeds": ""})  # without scripts
    assert (found.status_code, len(found.context["feeding"].found)) == (200, 5)
    target = upper.criteria.get(code="2.1")
    data = {"version": row.version, "feeds": target.pk}
    page = client.post(address, data, follow=True)
    assert "cchc-so/2.1" in text_of(page)
    row.refresh_from_db()
    assert row.feeds == target
    stale = client.post(address, {"version": 1, "feeds": ""})
    assert stale.status_code == 422
    own = room.criteria.get(code="A.2")
    wrong = client.post(address, {"version": 2, "feeds": own.pk})
    assert wrong.status_code == 422
    assert "Dòng này không còn để chọn" in text_of(wrong)


def test_the_form_of_a_draft_s_row_keeps_and_changes_the_link(
    upper: CriteriaSet, room: CriteriaSet, office: User, client_of: Any
) -> None:
    client = client_of(office)
    feed(room.criteria.get(code="A.1"), upper.criteria.get(code="2.1"), by=office)
    draft = acts.correct(room, by=office)
    row, group = draft.criteria.get(code="A.1"), draft.criteria.get(code="A")
    address = reverse("campaigns:criterion_change", args=[row.pk])
    assert "<strong>cchc-so/2.1</strong>" in text_of(client.get(address))
    data = {"version": 1, "code": "A.1", "name": "Đúng hạn", "applies_to": "collective"}
    data |= {"method": "all_or_nothing", "param_max": "3"}
    shown = client.post(address, {**data, "find": "1", "tim-dong": "ke hoach", "feeds": row.feeds_id})
    assert [one.code for one in shown.context["feeding"].found] == ["1.1"]
    assert client.post(address, data).status_code == 302  # asked nothing about it
    row.refresh_from_db()
    assert row.feeds == upper.criteria.get(code="2.1")
    target = upper.criteria.get(code="1.1")
    assert client.post(address, {**data, "version": row.version, "feeds": target.pk}).status_code == 302
    row.refresh_from_db()
    assert row.feeds == target
    address = reverse("campaigns:criterion_change", args=[group.pk])
    above = upper.criteria.get(code="1")
    client.post(address, {"version": 1, "code": "A", "name": "Việc", "rule": "", "feeds": above.pk})
    group.refresh_from_db()
    assert group.feeds == above


def test_links_are_the_office_s(room: CriteriaSet, clerk: User, inspector: User, client_of: Any) -> None:
    row = room.criteria.get(code="A.1")
    for user in (clerk, inspector):
        client = client_of(user)
        assert client.get(reverse("campaigns:criterion_feed", args=[row.pk])).status_code == 404
        assert client.post(reverse("campaigns:feeding_search", args=[room.pk])).status_code == 404


def test_the_table_asks_as_often_for_many_links(
    upper: CriteriaSet,
    room: CriteriaSet,
    office: User,
    client_of: Any,
    assert_same_queries: Callable[..., None],
) -> None:
    feed(room.criteria.get(code="A"), upper.criteria.get(code="2.1"), by=office)

    def grow() -> None:
        for code in ("A.1", "A.2"):
            feed(room.criteria.get(code=code), upper.criteria.get(code="1.1"), by=office)

    assert_same_queries(client_of(office), reverse("campaigns:criteria_set_detail", args=[room.pk]), grow)


# --- in and out of Excel -----------------------------------------------------------------------------
def test_links_go_out_and_come_back(upper: CriteriaSet, room: CriteriaSet, office: User) -> None:
    feed(room.criteria.get(code="A.1"), upper.criteria.get(code="2.1"), by=office)
    again = back(room)
    assert (again.warnings, again.refusals) == ([], [])
    assert not write_scheme(room.campaign_year, again, by=office).is_changed
    acts.put_in_use(acts.correct(upper, by=office), by=office)  # the same row in a newer version
    assert not write_scheme(room.campaign_year, back(room), by=office).is_changed


def test_a_file_sets_changes_and_takes_links_away(
    upper: CriteriaSet, room: CriteriaSet, office: User
) -> None:
    made = write_scheme(room.campaign_year, told(ROOM, {"A.1": "CCHC-SO/2.1", "A": "cchc-so/1"}), by=office)
    assert made.is_changed
    draft = made.criteria_set
    links = dict(draft.criteria.values_list("code", "feeds__code"))
    assert links == {"A": "1", "A.1": "2.1", "A.2": None}
    without = plan_scheme(read_rows(book(ROOM)), unit_numbers())
    assert not write_scheme(room.campaign_year, without, by=office).is_changed  # no column: as before
    write_scheme(room.campaign_year, told(ROOM, {"A.1": "cchc-so/1.1"}), by=office)
    assert dict(draft.criteria.values_list("code", "feeds__code")) == {"A": None, "A.1": "1.1", "A.2": None}


def test_what_cannot_be_found_is_told_and_stays(upper: CriteriaSet, room: CriteriaSet, office: User) -> None:
    target = upper.criteria.get(code="2.1")
    feed(room.criteria.get(code="A.1"), target, by=office)
    written(upper.campaign_year, [*FRAME, (2, "2.1", "Trùng mã", 1, "typed")], office)
    made = told(ROOM, {"A": "khong-co/1", "A.1": "cchc-so/2.1", "A.2": "tự do"})
    assert made.warnings == [
        "Dòng 2, cột J “Cấp số liệu cho”: không có bộ chỉ số cấp trên “khong-co”; giữ như trước.",
        "Dòng 3, cột J “Cấp số liệu cho”: có nhiều dòng cùng mã, hãy ghi thêm “ – ” và nội dung “cchc-so/2.1”; "
        "giữ như trước.",
        "Dòng 4, cột J “Cấp số liệu cho”: “tự do” phải có dạng MÃ-BỘ-CHỈ-SỐ/mã; giữ như trước.",
    ]
    assert not write_scheme(room.campaign_year, made, by=office).is_changed
    named = told(ROOM, {"A.1": "cchc-so/2.1 – Trùng mã"})
    assert named.warnings == []
    draft = write_scheme(room.campaign_year, named, by=office).criteria_set
    assert str(draft.criteria.get(code="A.1").feeds) == "2.1. Trùng mã"
    assert back(draft).warnings == []  # written with its name, because the code does not tell it


def test_the_preview_names_changed_links(
    upper: CriteriaSet, room: CriteriaSet, office: User, client_of: Any
) -> None:
    wide = [
        [*row, *[None] * (len(HEAD) - len(row)), "cchc-so/2.1" if row[1] == "A.1" else ""] for row in ROOM
    ]
    client = client_of(office)
    file = SimpleUploadedFile("bang.xlsx", book(wide, head=WITH_FEEDS).getvalue())
    sent = client.post(reverse("campaigns:scheme_upload", args=[room.campaign_year_id]), {"file": file})
    page = client.get(sent.url)
    assert [one.changes for one in page.context["outlook"].differences] == [
        [("Cấp số liệu cho", "", "cchc-so/2.1")]
    ]
