"""The award register: what everybody reads, what the Office writes, histories across mergers, the ledger."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import register as actions
from awards.models import Award, BasisUse, Honour
from awards.queries import tasks_of
from awards.queries.register import history_of_unit, lineage
from core import clock
from core.journal import history_of
from core.workflow import AlreadyDone, Refused, Stale
from organization.actions.units import merge_units, rename_unit
from organization.models import Unit, User
from tests.awards.builders import LETTER, LETTER_UNIT, TITLE
from tests.cast import fresh

ClientOf = Callable[[User], Client]
CAST = ["clerk", "colleague", "head", "deputy", "office", "director", "council_member", "inspector", "technician",
        "appraiser", "stranger", "stranger_head"]  # fmt: skip


def facts(award: Award, **more: Any) -> dict[str, Any]:
    return {
        "award": award,
        "year": 2022,
        "occasion": "regular",
        "decision_number": "15/QĐ-SNV",
        "decided_on": date(2023, 1, 10),
        "decided_by": "Giám đốc Sở Nội vụ",
        "merit": "Hoàn thành xuất sắc nhiệm vụ",
        **more,
    }


@pytest.fixture
def title(awards: dict[str, Award], clerk: User, office: User) -> Honour:
    return actions.enter(person=clerk.person, by=office, **facts(awards[TITLE]))


def test_what_nobody_told_is_taken_from_the_day_of_the_decision(
    title: Honour, units: dict[str, Unit]
) -> None:
    assert (title.name_then, title.post_then) == ("Nguyễn Văn An", "Chuyên viên")
    assert title.unit_then == "Phòng Cải cách hành chính"
    assert title.worked_in == units["cchc"]
    assert (
        history_of(title).get().label == "Ghi vào Sổ khen thưởng: Nguyễn Văn An: Lao động tiên tiến, năm 2022"
    )


def test_the_same_honour_is_not_written_twice(title: Honour, office: User) -> None:
    with pytest.raises(Refused, match="Sổ đã có"):
        actions.enter(person=title.person, by=office, **facts(title.award))
    assert Honour.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"year": 2024}, "không thể sau năm của quyết định"),
        ({"decided_on": date(2099, 1, 1), "year": 2098}, "không được sau hôm nay"),
    ],
)
def test_days_that_cannot_be(
    wrong: dict[str, Any], sentence: str, awards: dict[str, Award], clerk: User, office: User
) -> None:
    with pytest.raises(Refused, match=sentence):
        actions.enter(person=clerk.person, by=office, **facts(awards[TITLE], **wrong))


def test_an_award_of_collectives_is_not_for_a_person(
    awards: dict[str, Award], clerk: User, office: User
) -> None:
    with pytest.raises(Refused, match="chỉ dành cho tập thể"):
        actions.enter(person=clerk.person, by=office, **facts(awards[LETTER_UNIT]))


@pytest.mark.parametrize("part", CAST)
def test_only_the_office_writes_and_nobody_of_himself(
    part: str, title: Honour, awards: dict[str, Award], cast: dict[str, User]
) -> None:
    by = cast[part]
    acts: list[Callable[[], object]] = [
        lambda: actions.enter(person=cast["head"].person, by=by, **facts(awards[TITLE])),
        lambda: actions.correct(title, {"merit": "Khác"}, by=by),
        lambda: actions.cancel(title, on=date(2024, 1, 1), number="1/QĐ", reason="Sai", by=by),
    ]
    for act in acts:
        if part == "office":
            act()
        else:
            with pytest.raises(Refused, match="Chỉ Văn phòng"):
                act()
    if part == "office":
        with pytest.raises(Refused, match="chính mình"):
            actions.enter(person=by.person, by=by, **facts(awards[TITLE]))
    assert Honour.objects.filter(person=cast["head"].person).exists() == (part == "office")


def test_a_correction_tells_what_it_changed_and_refuses_an_old_page(title: Honour, office: User) -> None:
    actions.correct(title, {"decision_number": "16/QĐ-SNV"}, by=office, version=1)
    assert history_of(title).first().comment == "Số quyết định: 15/QĐ-SNV → 16/QĐ-SNV"  # type: ignore[union-attr]
    with pytest.raises(Stale):
        actions.correct(title, {"merit": "Khác"}, by=office, version=1)


def test_a_cancelled_honour_shows_what_was_built_on_it(
    title: Honour, awards: dict[str, Award], clerk: User, office: User, client_of: ClientOf
) -> None:
    letter = actions.enter(
        person=clerk.person, by=office, **facts(awards[LETTER], year=2023, decided_on=date(2024, 1, 9))
    )
    BasisUse.objects.create(honour=title, person=clerk.person, award=awards[LETTER], year=2023, gave=letter)
    page = client_of(office).get(reverse("awards:honour_cancel", args=[title.pk])).content.decode()
    assert "Giấy khen của Giám đốc Sở Nội vụ, năm 2023" in page

    with pytest.raises(Refused, match="từ ngày quyết định khen thưởng"):
        actions.cancel(title, on=date(2023, 1, 9), number="9/QĐ", reason="Sai", by=office)
    with pytest.raises(Refused, match="lý do hủy"):
        actions.cancel(title, on=date(2024, 5, 2), number="9/QĐ", reason=" ", by=office)
    shaken = actions.cancel(title, on=date(2024, 5, 2), number="9/QĐ-SNV", reason="Khai sai", by=office)
    assert shaken == [letter]
    with pytest.raises(AlreadyDone):
        actions.cancel(title, on=date(2024, 5, 2), number="9/QĐ-SNV", reason="Khai sai", by=office)
    with pytest.raises(Refused, match="đã bị hủy"):
        actions.correct(title, {"merit": "Khác"}, by=office)

    reader = client_of(clerk)
    shown = reader.get(reverse("awards:honour_detail", args=[title.pk])).content.decode()
    assert "Đã hủy theo quyết định 9/QĐ-SNV ngày 02/05/2024" in shown
    assert "Diễn biến" not in shown  # the journal is for the Office and the inspectors
    assert "cần xem lại" in reader.get(reverse("awards:honour_detail", args=[letter.pk])).content.decode()
    assert _names(reader, "?tinh-trang=can-xem-lai") == ["Giấy khen của Giám đốc Sở Nội vụ"]
    assert [task.title for task in tasks_of(office)] == [
        "Khen thưởng dựa trên căn cứ đã bị hủy",
        "Thu hồi tiền thưởng, hiện vật của khen thưởng đã hủy",
    ]
    assert tasks_of(clerk) == []
    actions.cancel(letter, on=date(2024, 6, 3), number="10/QĐ-SNV", reason="Mất căn cứ", by=office)
    assert [task.count for task in tasks_of(office)] == [4]  # money and paper of both are to be recovered


# --- histories ------------------------------------------------------------------------------------------
def test_a_unit_inherits_the_honours_of_its_predecessors_under_their_names(
    awards: dict[str, Award], units: dict[str, Unit], office: User, stranger: User, client_of: ClientOf
) -> None:
    cchc, tccb = units["cchc"], units["tccb"]
    actions.enter(unit=cchc, by=office, **facts(awards[LETTER_UNIT]))
    eve = clock.today() - timedelta(days=30)
    rename_unit(
        cchc, name="Phòng Cải cách, Chuyển đổi số", short_name="Phòng CCCĐS", on=eve, basis="1/QĐ", by=office
    )
    merge_units([cchc], into=tccb, on=eve + timedelta(days=9), basis="2/QĐ", by=office)
    own = actions.enter(
        unit=tccb, by=office,
        **facts(awards[LETTER_UNIT], year=eve.year, decided_on=clock.today(), decision_number="70/QĐ-SNV"),
    )  # fmt: skip

    assert lineage(tccb.pk) == {tccb.pk, cchc.pk}
    assert [one.name_then for one in history_of_unit(tccb).honours] == [
        own.name_then,
        "Phòng Cải cách hành chính",
    ]
    address = reverse("awards:honours_of_unit", args=[tccb.pk])
    panel = client_of(stranger).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel
    assert "Phòng Cải cách hành chính" in panel
    assert "1 đơn vị mà đơn vị này kế thừa" in panel
    assert "<html" in client_of(stranger).get(address).content.decode()


def test_the_pages_of_a_person_and_a_unit_ask_for_the_panel(
    clerk: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    reader = client_of(clerk)
    for kind, pk in (("person", clerk.person.pk), ("unit", units["cchc"].pk)):
        page = reader.get(reverse(f"organization:{kind}_detail", args=[pk])).content.decode()
        assert f'hx-get="{reverse(f"awards:honours_of_{kind}", args=[pk])}"' in page


def test_a_panel_costs_the_same_however_long_the_history(
    title: Honour, awards: dict[str, Award], office: User, clerk: User, client_of: ClientOf,
    assert_same_queries: Callable[..., None],
) -> None:  # fmt: skip
    def grow() -> None:
        for year in (2020, 2021):
            actions.enter(person=clerk.person, by=office, **facts(awards[TITLE], year=year))

    address = reverse("awards:honours_of_person", args=[clerk.person.pk])
    assert_same_queries(client_of(clerk), address, grow)


def test_a_ledger_costs_the_same_however_long(
    title: Honour,
    awards: dict[str, Award],
    clerk: User,
    client_of: ClientOf,
    assert_same_queries: Callable[..., None],
) -> None:
    def use(year: int) -> None:
        BasisUse.objects.create(honour=title, person=clerk.person, award=awards[LETTER], year=year)

    use(2020)
    address = reverse("awards:honour_detail", args=[title.pk])
    assert_same_queries(client_of(clerk), address, lambda: [use(2021), use(2022)])


def test_a_unit_that_was_gone_is_given_nothing(
    awards: dict[str, Award], units: dict[str, Unit], office: User
) -> None:
    merge_units([units["cchc"]], into=units["tccb"], on=date(2023, 3, 1), basis="1/QĐ", by=office)
    gone = Unit.objects.get(code="cchc")
    late = facts(awards[LETTER_UNIT], year=2024, decided_on=date(2025, 1, 9))
    with pytest.raises(Refused, match="đã kết thúc hoạt động ngày 01/03/2023"):
        actions.enter(unit=gone, by=office, **late)
    actions.enter(unit=gone, by=office, **facts(awards[LETTER_UNIT], year=2023, decided_on=date(2024, 1, 9)))
    assert [one.unit for one in history_of_unit(units["tccb"]).honours] == [gone]


# --- the list -------------------------------------------------------------------------------------------
def _names(client: Client, query: str) -> list[str]:
    page = client.get(reverse("awards:register") + query).context["list"].page
    return [row.award.name for row in page]


def test_everybody_reads_finds_and_takes_out(
    title: Honour,
    awards: dict[str, Award],
    units: dict[str, Unit],
    office: User,
    stranger: User,
    client_of: ClientOf,
) -> None:
    actions.enter(unit=units["vp"], by=office, **facts(awards[LETTER_UNIT], occasion="thematic"))
    reader = client_of(stranger)
    assert len(_names(reader, "")) == 2
    assert _names(reader, "?q=nguyen+van+an") == ["Lao động tiên tiến"]
    assert _names(reader, "?doi-tuong=tap-the") == ["Giấy khen của Giám đốc Sở Nội vụ"]
    assert _names(reader, f"?don-vi={units['cchc'].pk}") == ["Lao động tiên tiến"]
    assert _names(reader, "?loai=thematic") == ["Giấy khen của Giám đốc Sở Nội vụ"]
    assert _names(reader, "?nam=2022&tinh-trang=hieu-luc&danh-hieu=" + str(awards[TITLE].pk)) == [
        "Lao động tiên tiến"
    ]
    book = openpyxl.load_workbook(BytesIO(reader.get(reverse("awards:register") + "?xuat=xlsx").content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=4)]  # type: ignore[union-attr]
    assert rows[0][:3] == ["Năm", "Người, tập thể được khen", "Danh hiệu, hình thức"]
    assert sorted(row[1] for row in rows[1:]) == ["Nguyễn Văn An", "Văn phòng Sở"]
    assert Client().get(reverse("awards:register")).status_code == 302


def test_the_list_costs_the_same_however_long(
    title: Honour, awards: dict[str, Award], office: User, head: User, clerk: User, client_of: ClientOf,
    assert_same_queries: Callable[..., None],
) -> None:  # fmt: skip
    def grow() -> None:
        for number in ("1/QĐ", "2/QĐ"):
            actions.enter(person=head.person, by=office, **facts(awards[LETTER], decision_number=number))

    assert_same_queries(client_of(clerk), reverse("awards:register"), grow)


# --- forms ----------------------------------------------------------------------------------------------
def form(award: Award, **more: Any) -> dict[str, Any]:
    return {
        "award": award.pk, "year": "2022", "occasion": "regular", "decision_number": "15/QĐ-SNV",
        "decided_on": "10/01/2023", "decided_by": "Giám đốc Sở Nội vụ", **more,
    }  # fmt: skip


def test_the_office_enters_corrects_and_cancels_on_pages(
    awards: dict[str, Award], office: User, client_of: ClientOf
) -> None:
    client = client_of(office)
    answer = client.post(reverse("awards:honour_enter"), form(awards[TITLE], person="Nguyễn Văn An"))
    honour = Honour.objects.get()
    assert answer.status_code == 302
    assert honour.entered_by == office
    address = reverse("awards:honour_change", args=[honour.pk])
    assert client.get(address).status_code == 200
    stale = client.post(address, form(awards[TITLE], version="7", merit="Viết dở"))
    assert stale.status_code == 422
    assert "Viết dở" in stale.content.decode()
    assert client.post(address, form(awards[TITLE], version="1", merit="Xong")).status_code == 302
    cancel = reverse("awards:honour_cancel", args=[honour.pk])
    missing = client.post(cancel, {"version": "2", "number": "9/QĐ", "on": "01/02/2023"})
    assert missing.status_code == 422
    assert (
        client.post(
            cancel, {"version": "2", "number": "9/QĐ", "on": "01/02/2023", "reason": "Sai"}
        ).status_code
        == 302
    )
    honour.refresh_from_db()
    assert (honour.merit, honour.cancelled_on) == ("Xong", date(2023, 2, 1))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "Hãy ghi người hoặc đơn vị được khen."),
        ({"person": "Không Có Ai"}, "Không tìm thấy"),
        ({"person": "CB001", "year": "1900"}, "1945"),
        ({"person": "CB001", "decided_on": "31/02/2023"}, "ngày/tháng/năm"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_kept(
    more: dict[str, str], sentence: str, awards: dict[str, Award], office: User, client_of: ClientOf
) -> None:
    answer = client_of(office).post(reverse("awards:honour_enter"), form(awards[TITLE], **more))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "15/QĐ-SNV" in answer.content.decode()
    assert not Honour.objects.exists()


@pytest.mark.parametrize("part", [part for part in CAST if part != "office"])
def test_strangers_find_no_form(part: str, title: Honour, cast: dict[str, User], client_of: ClientOf) -> None:
    client = client_of(fresh(cast[part]))
    for route, args in (("honour_enter", []), ("honour_change", [title.pk]), ("honour_cancel", [title.pk])):
        assert client.get(reverse(f"awards:{route}", args=args)).status_code == 404
        assert client.post(reverse(f"awards:{route}", args=args), {"reason": "x"}).status_code == 404
    assert client.get(reverse("awards:honour_detail", args=[title.pk])).status_code == 200
    assert client.get(reverse("awards:honour_detail", args=[title.pk + 99])).status_code == 404
