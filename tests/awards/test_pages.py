"""Pages: happy paths, errors that keep what was typed, strangers, and the number of queries."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from awards import actions, queries
from awards.models import Award, AwardEntry, AwardList, Condition, PaperHead
from campaigns.models import CampaignYear
from core.journal import history_of
from core.models import Entry
from organization.models import Person, Post, Unit, User
from scoring.models import Result, Scorecard
from tests.awards.builders import LETTER, LETTER_UNIT, band_for, hire
from tests.awards.builders import sheet_of as make_sheet

ClientOf = Callable[[User], Client]
EntryOf = Callable[[Person], AwardEntry]


def detail(award_list: AwardList) -> str:
    return reverse("awards:award_list_detail", args=[award_list.pk])


def test_from_published_results_to_a_settled_list(
    published: CampaignYear, client_of: ClientOf, office: User, director: User
) -> None:
    browser = client_of(office)
    page = browser.get(reverse("awards:award_list_list")).content.decode()
    assert "chưa có danh sách" in page

    response = browser.post(reverse("awards:award_list_compute", args=[published.pk]), follow=True)
    award_list = AwardList.objects.get()
    assert response.redirect_chain[-1][0] == detail(award_list)
    page = response.content.decode()
    assert "Chưa đủ điều kiện (3)" in page
    assert "xếp loại Tốt, cần Xuất sắc; 89,50 điểm, thiếu 0,50 điểm so với 90,00" in page
    assert client_of(director).get(detail(award_list)).status_code == 404

    browser.post(
        reverse("awards:award_list_move", args=[award_list.pk, "settle"]), {"version": award_list.version}
    )
    award_list.refresh_from_db()
    assert award_list.state == AwardList.State.SETTLED
    assert client_of(director).get(detail(award_list)).status_code == 200
    assert "Điều chỉnh Nguyễn Văn An" not in browser.get(detail(award_list)).content.decode()


def test_filter_by_recipient(award_list: AwardList, client_of: ClientOf, office: User) -> None:
    response = client_of(office).get(detail(award_list), {"doi-tuong": "individual"})

    (part,) = response.context["sections"]
    assert (part["section"].title, [row.number for row, *_ in part["rows"]]) == ("I. CÁ NHÂN", [1, 2, 3, 4])
    assert "Phòng Tổ chức cán bộ" not in [str(row.scorecard) for row, _ in response.context["missing"]]


def test_pages_of_a_long_list(
    award_list: AwardList, published: CampaignYear, units: dict[str, Unit], client_of: ClientOf, office: User
) -> None:
    grow(published, units, 60, "95")
    actions.compute(published, by=office)
    browser = client_of(office)

    pages = [browser.get(detail(award_list), {"trang": number}) for number in (1, 2, 3)]
    shown = [row.cells for page in pages for part in page.context["sections"] for row, *_ in part["rows"]]
    assert shown == [row.cells for row in queries.award_rows(award_list)]
    assert len(shown) == 66


def test_change_an_award_on_the_page(
    award_list: AwardList,
    awards: dict[str, Award],
    entry_of: EntryOf,
    client_of: ClientOf,
    office: User,
    clerk: User,
) -> None:
    browser, entry = client_of(office), entry_of(clerk.person)
    url = reverse("awards:entry_change", args=[entry.pk])
    assert "95,75 điểm (từ 90,00 điểm)" in browser.get(url).content.decode()

    response = browser.post(url, {"award": awards["bang-khen"].pk, "reason": "", "version": entry.version})
    assert response.status_code == 422
    assert "Hãy ghi lý do điều chỉnh." in response.content.decode()

    typed = {"award": awards["bang-khen"].pk, "reason": "Hội đồng nhất trí", "version": entry.version}
    assert browser.post(url, typed).status_code == 302
    entry.refresh_from_db()
    assert (entry.award.code, entry.reason) == ("bang-khen", "Hội đồng nhất trí")
    page = browser.get(detail(award_list)).content.decode()
    assert "Hội đồng nhất trí" in page


def test_a_stale_form_keeps_what_was_typed(
    entry_of: EntryOf, client_of: ClientOf, office: User, clerk: User
) -> None:
    entry = entry_of(clerk.person)
    actions.set_note(entry, note="Một", by=office)

    response = client_of(office).post(
        reverse("awards:entry_remove", args=[entry.pk]), {"reason": "Đang xem xét", "version": 1}
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "vừa sửa" in page
    assert "Đang xem xét" in page


def test_take_off_and_put_back_on_the_page(
    award_list: AwardList, entry_of: EntryOf, client_of: ClientOf, office: User, clerk: User
) -> None:
    browser, entry = client_of(office), entry_of(clerk.person)
    browser.post(reverse("awards:entry_remove", args=[entry.pk]), {"reason": "Kỷ luật"})
    page = browser.get(detail(award_list)).content.decode()
    assert "<s>Nguyễn Văn An" in page

    browser.post(reverse("awards:entry_restore", args=[entry.pk]), {"reason": "Không vi phạm"})
    browser.post(reverse("awards:entry_note", args=[entry.pk]), {"note": "Có sáng kiến"})
    entry.refresh_from_db()
    assert (entry.source, entry.note) == ("computed", "Có sáng kiến")


def test_find_and_add(
    award_list: AwardList, awards: dict[str, Award], client_of: ClientOf, office: User, colleague: User
) -> None:
    browser, url = client_of(office), reverse("awards:entry_add", args=[award_list.pk])
    found = browser.get(url, {"q": "tran thi binh"}).context["found"]
    assert [str(result.scorecard) for result, _ in found] == ["Trần Thị Bình"]
    assert browser.get(url, {"q": "nguyen van an"}).context["found"] == []

    chosen = f"{url}?phieu={found[0][0].scorecard_id}"
    assert awards[LETTER_UNIT] not in browser.get(chosen).context["form"].fields["award"].queryset
    typed = {"award": awards[LETTER].pk, "reason": " ", "note": "Đột xuất"}
    response = browser.post(chosen, typed)
    assert response.status_code == 422
    assert "Đột xuất" in response.content.decode()

    assert browser.post(chosen, {**typed, "reason": "Cứu tài liệu"}).status_code == 302
    assert award_list.entries.get(scorecard__person=colleague.person).reason == "Cứu tài liệu"
    assert browser.get(f"{url}?phieu=999999").status_code == 404
    assert browser.get(f"{url}?phieu=x").status_code == 200


def test_conditions_of_the_year(
    published: CampaignYear, awards: dict[str, Award], client_of: ClientOf, office: User
) -> None:
    browser, url = client_of(office), reverse("awards:conditions", args=[published.pk])
    form = browser.get(url).context["form"]
    assert "Mẫu, chờ Văn phòng Sở xác nhận" in browser.get(url).content.decode()
    typed = filled(form)
    key = f"a{awards[LETTER].pk}"
    assert (typed[f"{key}-bands"], typed[f"{key}-minimum_score"]) == (["Xuất sắc"], "90")

    typed |= {f"{key}-minimum_score": "92,5", f"{key}-maximum_rank": "10", f"{key}-is_confirmed": "on"}
    response = browser.post(url, typed)
    assert response.status_code == 302, response.context["form"].errors

    row = Condition.objects.get(campaign=published.campaign, year=2025)
    assert (row.award, row.minimum_score, row.maximum_rank, row.is_confirmed) == (
        awards[LETTER],
        Decimal("92.5"),
        10,
        True,
    )
    assert Condition.objects.filter(year__isnull=True).count() == 3
    (line,) = history_of(published).filter(verb="set_conditions")
    assert line.comment == (
        "Cá nhân – Giấy khen của Giám đốc Sở Nội vụ: xếp loại Xuất sắc, từ 92,50 điểm, trong 10 thứ hạng đầu"
    )
    assert browser.post(url, typed).status_code == 422, "the token is the old one"


def test_conditions_that_ask_nothing_or_nonsense(
    published: CampaignYear, awards: dict[str, Award], client_of: ClientOf, office: User
) -> None:
    browser, url = client_of(office), reverse("awards:conditions", args=[published.pk])
    typed, key = filled(browser.get(url).context["form"]), f"a{awards[LETTER].pk}"

    response = browser.post(url, {**typed, f"{key}-bands": [], f"{key}-minimum_score": ""})
    assert response.status_code == 422
    assert "ai cũng đủ điều kiện" in response.content.decode()
    for wrong in ["một trăm", "101", "-1"]:
        assert browser.post(url, {**typed, f"{key}-minimum_score": wrong}).status_code == 422
    assert not Condition.objects.filter(year=2025).exists()


def test_an_award_is_left_out_for_one_year(
    published: CampaignYear, awards: dict[str, Award], client_of: ClientOf, office: User
) -> None:
    browser, url = client_of(office), reverse("awards:conditions", args=[published.pk])
    typed = filled(browser.get(url).context["form"])
    del typed[f"a{awards[LETTER].pk}-is_used"]
    browser.post(url, typed)

    award_list = actions.compute(published, by=office)
    assert {row.recipient for row in queries.award_rows(award_list)} == {"collective"}


def test_paper_head(client_of: ClientOf, office: User, published: CampaignYear) -> None:
    browser, url = client_of(office), reverse("awards:paper_head")
    assert browser.get(url).status_code == 200
    typed = {"place": "Quảng Trị", "signer_title": "GIÁM ĐỐC", "version": "1"}
    assert browser.post(url, typed).status_code == 302

    head = PaperHead.objects.get()
    assert (head.place, head.version) == ("Quảng Trị", 2)
    assert Entry.objects.about(head).get().comment == "Địa danh, Quyền hạn, chức vụ người ký"
    response = browser.post(url, {**typed, "place": "Đông Hà"})
    assert response.status_code == 422
    assert "Đông Hà" in response.content.decode()


# --- who gets there -----------------------------------------------------------------------------------
READERS = {"office", "inspector"}
SETTLED_READERS = {"office", "inspector", "director", "council_member"}
EVERYBODY = [
    "clerk", "colleague", "head", "deputy", "office", "director", "council_member", "inspector", "technician",
    "appraiser", "stranger", "stranger_head",
]  # fmt: skip


@pytest.mark.parametrize("part", EVERYBODY)
def test_who_reads_and_exports_what(
    part: str, award_list: AwardList, cast: dict[str, User], client_of: ClientOf
) -> None:
    browser = client_of(cast[part])
    pages = [
        reverse(f"awards:{name}", args=[award_list.pk])
        for name in ("award_list_detail", "export_xlsx", "export_docx")
    ]

    assert {browser.get(page).status_code for page in pages} == {200 if part in READERS else 404}
    actions.settle(award_list, by=cast["office"])
    assert {browser.get(page).status_code for page in pages} == {200 if part in SETTLED_READERS else 404}


@pytest.mark.parametrize("part", [part for part in EVERYBODY if part != "office"])
def test_only_the_office_works_on_lists(
    part: str, award_list: AwardList, entry_of: EntryOf, cast: dict[str, User], client_of: ClientOf
) -> None:
    browser, entry = client_of(cast[part]), entry_of(cast["head"].person)
    year = award_list.campaign_year_id
    lines = Entry.objects.count()
    for name, pk in [
        ("entry_add", award_list.pk),
        ("entry_change", entry.pk),
        ("conditions", year),
        ("paper_head", None),
    ]:
        url = reverse(f"awards:{name}", args=[pk] if pk else [])
        assert browser.get(url).status_code == 404, name
        assert browser.post(url, {"reason": "x"}).status_code == 404, name
    for name, pk in [("entry_remove", entry.pk), ("entry_restore", entry.pk), ("entry_note", entry.pk),
                     ("award_list_compute", year)]:  # fmt: skip
        url = reverse(f"awards:{name}", args=[pk])
        assert browser.post(url, {"reason": "x", "note": "x"}).status_code == 404, name
        assert browser.get(url).status_code in (404, 405), name
    assert Entry.objects.count() == lines


@pytest.mark.parametrize("part", EVERYBODY)
def test_who_opens_the_page_of_lists(
    part: str, award_list: AwardList, cast: dict[str, User], client_of: ClientOf
) -> None:
    response = client_of(cast[part]).get(reverse("awards:award_list_list"))

    if part in {"clerk", "colleague", "deputy", "technician", "appraiser", "stranger"}:
        assert response.status_code == 404
        return
    assert [row.pk for row in response.context["list"].page] == ([award_list.pk] if part in READERS else [])


def test_unknown_moves_and_lists_are_not_there(
    award_list: AwardList, client_of: ClientOf, office: User
) -> None:
    browser = client_of(office)

    assert browser.post(reverse("awards:award_list_move", args=[award_list.pk, "burn"])).status_code == 404
    assert browser.get(reverse("awards:award_list_detail", args=[999])).status_code == 404
    assert (
        browser.get(detail(award_list), {"trang": "x", "trang-thieu": "99", "doi-tuong": "?"}).status_code
        == 200
    )


# --- queries ------------------------------------------------------------------------------------------
def grow(published: CampaignYear, units: dict[str, Unit], many: int, score: str) -> None:
    post = Post.objects.get(code="chuyen-vien")
    publication = published.publications.get(recipient="individual")
    for number in range(many):
        sheet: Scorecard = make_sheet(published, hire(f"Nguyễn Văn {number}", units["ttra"], post))
        Result.objects.create(
            publication=publication, scorecard=sheet, score=Decimal(score), applicable_max=100, index=Decimal(score),
            band=band_for(Decimal(score)), rank=50,
        )  # fmt: skip


def test_the_list_page_costs_the_same(
    award_list: AwardList, published: CampaignYear, units: dict[str, Unit], client_of: ClientOf, office: User,
    entry_of: EntryOf, clerk: User, assert_same_queries: Callable[..., None],
) -> None:  # fmt: skip
    actions.remove_entry(entry_of(clerk.person), reason="Kỷ luật", by=office)

    def more() -> None:
        grow(published, units, 3, "95")
        grow(published, units, 3, "70")
        actions.compute(published, by=office)
        for entry in award_list.entries.filter(scorecard__unit=units["ttra"])[:2]:
            actions.remove_entry(entry, reason="Kỷ luật", by=office)

    assert_same_queries(client_of(office), detail(award_list), more)


def test_the_page_of_lists_costs_the_same(
    award_list: AwardList, client_of: ClientOf, office: User, assert_same_queries: Callable[..., None]
) -> None:
    def more() -> None:
        for year in (2023, 2024):
            other = CampaignYear.objects.create(campaign=award_list.campaign_year.campaign, year=year)
            AwardList.objects.create(campaign_year=other, prepared_by=office)

    assert_same_queries(client_of(office), reverse("awards:award_list_list"), more)


def test_finding_somebody_costs_the_same(
    award_list: AwardList, published: CampaignYear, units: dict[str, Unit], client_of: ClientOf, office: User,
    assert_same_queries: Callable[..., None],
) -> None:  # fmt: skip
    url = reverse("awards:entry_add", args=[award_list.pk])
    assert_same_queries(client_of(office), url, lambda: grow(published, units, 3, "70"))


def filled(form: object) -> dict[str, object]:
    """What a browser would send back from the form as it is shown."""
    sent: dict[str, object] = {}
    for field in form:  # type: ignore[attr-defined]
        value = field.value()
        if isinstance(value, bool):
            if value:
                sent[field.html_name] = "on"
        elif isinstance(value, list):
            sent[field.html_name] = value
        elif isinstance(value, Decimal):
            sent[field.html_name] = str(value.normalize())
        elif value is not None:
            sent[field.html_name] = value
    return sent
