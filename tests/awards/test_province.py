"""The pages about the law: figures of the province with their basis, and what an award asks for on two days."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from awards import actions
from awards.models import Setting, SettingValue, rulebook_on, settings_on
from campaigns.models import CampaignYear
from core import clock
from core.journal import history_of
from core.workflow import Refused, Stale
from organization.models import User
from tests.awards.seasons import load_law

ClientOf = Callable[[User], Client]
READERS = {"office", "inspector", "director", "council_member", "head", "stranger_head"}
EVERYBODY = [
    "clerk", "colleague", "head", "deputy", "office", "director", "council_member", "inspector", "technician",
    "appraiser", "stranger", "stranger_head",
]  # fmt: skip


@pytest.fixture
def law(campaign_year: CampaignYear) -> None:
    load_law()


@pytest.fixture
def percent(law: None) -> Setting:
    return Setting.objects.get(code="fighter-percent")


def page_of(setting: Setting) -> str:
    return reverse("awards:figure", args=[setting.code])


def typed(**values: object) -> dict[str, object]:
    return {
        "value": "20",
        "valid_from": "01/01/2024",
        "basis": "Khoản 2 Điều 9 Quy chế",
        "is_confirmed": "on",
    } | values


# --- who -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", EVERYBODY)
def test_who_reads_the_law(part: str, percent: Setting, cast: dict[str, User], client_of: ClientOf) -> None:
    browser = client_of(cast[part])
    pages = [reverse("awards:province"), page_of(percent), reverse("awards:standards")]
    expected = 200 if part in READERS else 404
    assert {browser.get(page).status_code for page in pages} == {expected}


@pytest.mark.parametrize("part", [part for part in EVERYBODY if part != "office"])
def test_only_the_office_writes(
    part: str, percent: Setting, cast: dict[str, User], client_of: ClientOf
) -> None:
    row = actions.set_figure(
        percent,
        value="18",
        valid_from=date(2024, 1, 1),
        basis="Quy chế",
        is_confirmed=True,
        by=cast["office"],
    )
    browser = client_of(cast[part])
    assert browser.post(page_of(percent), typed()).status_code == 404
    assert browser.post(reverse("awards:figure_withdraw", args=[row.pk]), {"reason": "x"}).status_code == 404
    assert percent.values.filter(set_by__isnull=False).count() == 1
    with pytest.raises(Refused):
        actions.set_figure(
            percent, value="1", valid_from=date(2024, 1, 1), basis="x", is_confirmed=True, by=cast[part]
        )
    with pytest.raises(Refused):
        actions.withdraw_figure(row, reason="x", by=cast[part])


def test_strangers_find_no_button(percent: Setting, client_of: ClientOf, cast: dict[str, User]) -> None:
    assert "Ghi giá trị mới" not in client_of(cast["inspector"]).get(page_of(percent)).content.decode()
    assert "Ghi giá trị mới" in client_of(cast["office"]).get(page_of(percent)).content.decode()


# --- figures -------------------------------------------------------------------------------------------
def test_the_office_writes_a_figure_with_its_basis(
    percent: Setting, client_of: ClientOf, office: User
) -> None:
    browser = client_of(office)
    page = browser.get(reverse("awards:province")).content.decode()
    assert "Cần Văn phòng Sở xác nhận" in page

    answer = browser.post(page_of(percent), typed(value="12,5"), follow=True)
    assert "Đã ghi giá trị mới." in answer.content.decode()
    row = percent.values.get(set_by=office)
    assert (row.value, row.valid_from, row.is_confirmed) == ("12.5", date(2024, 1, 1), True)
    assert settings_on(date(2024, 1, 1))["fighter-percent"] == "12.5"
    (quota,) = rulebook_on(date(2024, 6, 1)).quotas
    assert (str(quota.percent), quota.is_confirmed) == ("12.5", True)
    (line,) = history_of(percent)
    assert line.comment == "12,5% từ 01/01/2024 (đã xác nhận). Căn cứ: Khoản 2 Điều 9 Quy chế"
    assert "12,5%" in browser.get(reverse("awards:province")).content.decode()


def test_a_later_figure_is_announced_and_holds_from_its_day(
    percent: Setting, client_of: ClientOf, office: User
) -> None:
    later = clock.today() + timedelta(days=30)
    for value, since in (("20", None), ("25", later)):
        actions.set_figure(
            percent,
            value=value,
            valid_from=since or date(2024, 1, 1),
            basis="Quy chế",
            is_confirmed=True,
            by=office,
        )
    assert settings_on(later - timedelta(days=1))["fighter-percent"] == "20"
    assert settings_on(later)["fighter-percent"] == "25"
    page = client_of(office).get(reverse("awards:province")).content.decode()
    assert "<strong>20%</strong>" in page
    assert f"25% từ {later:%d/%m/%Y}" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"basis": "  "}, "Hãy ghi văn bản làm căn cứ"),
        ({"value": "120"}, "100"),
        ({"value": "mười"}, "Nhập một số"),
        ({"value": "-1"}, "0"),
        ({"valid_from": "hôm nay"}, "Nhập ngày theo dạng"),
    ],
)
def test_nonsense_is_told_and_kept(
    percent: Setting, client_of: ClientOf, office: User, changes: dict[str, str], sentence: str
) -> None:
    answer = client_of(office).post(page_of(percent), typed(**changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert all(text.strip() in page for text in changes.values())
    assert not percent.values.filter(set_by=office).exists()


def test_a_figure_that_contradicts_the_decree_is_refused(
    percent: Setting, client_of: ClientOf, office: User
) -> None:
    answer = client_of(office).post(page_of(percent), typed(valid_from="01/06/2023"))
    assert answer.status_code == 422
    assert "trái với quy định khác vào ngày" in answer.content.decode()
    assert not percent.values.filter(set_by=office).exists()


@pytest.mark.parametrize(
    ("code", "sent", "kept", "shown"),
    [
        ("months-worked", "0", 0, "0"),
        ("months-worked", "6,5", "6.5", "6,5"),
        ("bonus-rounding-to", "10000", 10000, "10.000"),
        ("provincial-fighter-percent", "", None, "Không quy định"),
        ("registration-required", "no", False, "Không"),
        ("discipline-from", "warning", "warning", "Cảnh cáo"),
        ("quorum", "3/4", "3/4", "3/4"),
        ("excluded-occasions", ["thematic", "sudden"], ["thematic", "sudden"], "Theo chuyên đề; Đột xuất"),
        ("excluded-occasions", [], [], "Không có loại nào"),
    ],
)
def test_every_kind_of_figure(
    law: None, client_of: ClientOf, office: User, code: str, sent: object, kept: object, shown: str
) -> None:
    setting = Setting.objects.get(code=code)
    answer = client_of(office).post(page_of(setting), typed(value=sent))
    assert answer.status_code == 302
    row = setting.values.get(set_by=office)
    assert (row.value, row.shown) == (kept, shown)
    for one in Setting.objects.all():  # every page opens with what is stored
        assert client_of(office).get(page_of(one)).status_code == 200


@pytest.mark.parametrize("sent", ["3/2", "0/3", "hai phần ba"])
def test_a_fraction_is_one(law: None, client_of: ClientOf, office: User, sent: str) -> None:
    answer = client_of(office).post(page_of(Setting.objects.get(code="quorum")), typed(value=sent))
    assert answer.status_code == 422
    assert "phân số" in answer.content.decode()


def test_the_same_again_changes_nothing_and_the_second_of_two_is_told(percent: Setting, office: User) -> None:
    seen = percent.values.order_by("-pk").first()
    assert seen is not None
    told = {"value": "20", "valid_from": date(2024, 1, 1), "basis": "Quy chế", "is_confirmed": True}
    row = actions.set_figure(percent, by=office, seen=seen.pk, **told)
    assert actions.set_figure(percent, by=office, seen=seen.pk, **told) == row
    with pytest.raises(Stale):
        actions.set_figure(percent, by=office, seen=seen.pk, **told | {"value": "22"})
    assert history_of(percent).count() == 1


def test_what_was_written_by_mistake_is_taken_back_with_a_reason(
    percent: Setting, client_of: ClientOf, office: User
) -> None:
    row = actions.set_figure(
        percent, value="51", valid_from=date(2024, 1, 1), basis="Quy chế", is_confirmed=True, by=office
    )
    browser, page = client_of(office), reverse("awards:figure_withdraw", args=[row.pk])
    assert "51%" in browser.get(page).content.decode()
    assert browser.post(page, {"reason": " "}).status_code == 422
    assert browser.post(page, {"reason": "Gõ nhầm 15 thành 51"}).status_code == 302
    assert settings_on(date(2024, 6, 1))["fighter-percent"] == "15"
    assert "Gõ nhầm 15 thành 51" in history_of(percent)[0].comment
    assert browser.post(page, {"reason": "lần nữa"}).status_code == 404
    with pytest.raises(Refused, match="đã được bỏ"):
        actions.withdraw_figure(row, reason="lần nữa", by=office)


def test_a_value_of_the_file_is_not_taken_back(percent: Setting, client_of: ClientOf, office: User) -> None:
    row = percent.values.filter(set_by=None)[0]
    assert client_of(office).get(reverse("awards:figure_withdraw", args=[row.pk])).status_code == 404
    with pytest.raises(Refused):
        actions.withdraw_figure(row, reason="x", by=office)


# --- standards -----------------------------------------------------------------------------------------
def test_the_standard_of_a_day_and_what_has_changed(law: None, client_of: ClientOf, office: User) -> None:
    address = reverse("awards:standards")
    query = {"danh_hieu": "grassroots_emulation_fighter", "ngay": "01/01/2024", "so_voi": "31/12/2023"}
    answer = client_of(office).get(address, query)

    lines = answer.context["lines"]
    changes = {(line.change, line.text) for line in lines}
    assert (
        "added",
        "Hoàn thành xuất sắc nhiệm vụ, hoặc có sáng kiến, đề tài được công nhận: một trong các điều kiện sau",
    ) in changes  # noqa: E501
    assert (
        "removed",
        "Có sáng kiến được cơ sở công nhận hoặc đề tài nghiên cứu đã nghiệm thu (bắt buộc)",
    ) in changes
    assert ("same", "Không quá 15% số đạt “Lao động tiên tiến”") in changes
    sections = [line.section for line in lines]
    assert sections == sorted(sections, key=list(dict.fromkeys(sections)).index)  # each stands together
    quota = next(line for line in lines if line.section == "Tỷ lệ, chỉ tiêu")
    assert (quota.source, quota.is_confirmed) == ("Quyết định …/QĐ-UBND (chờ xác nhận)", False)
    page = answer.content.decode()
    assert "Khoản 2 Điều 23" in page
    assert "Luật 06/2022/QH15; Nghị định 48/2023/NĐ-CP; Nghị định 98/2023/NĐ-CP" in page


def test_the_figures_stand_in_the_words(law: None, client_of: ClientOf, office: User) -> None:
    answer = client_of(office).get(reverse("awards:standards"), {"danh_hieu": "advanced_laborer"})
    texts = [line.text for line in answer.context["lines"]]
    assert "Làm việc từ 10 tháng trở lên trong năm" in texts
    assert "Không bị kỷ luật từ khiển trách trở lên" in texts
    assert "Đi đào tạo từ 12 tháng trở lên phải có kết quả khá, giỏi, xuất sắc" in texts
    assert "Trên 50% tổng số thành viên Hội đồng" in texts
    assert "0,3 lần mức lương cơ sở" in texts
    assert not any("{" in text for text in texts)


def test_every_award_reads_on_every_border_day(law: None, client_of: ClientOf, office: User) -> None:
    browser = client_of(office)
    first = browser.get(reverse("awards:standards"))
    for day in first.context["border_days"]:
        for award in first.context["awards"]:
            page = browser.get(
                reverse("awards:standards"), {"danh_hieu": award.code, "ngay": f"{day:%d/%m/%Y}"}
            )
            assert page.context["lines"], (day, award)


def test_a_day_that_is_none_is_told(law: None, client_of: ClientOf, office: User) -> None:
    answer = client_of(office).get(
        reverse("awards:standards"), {"ngay": "32/01/2024", "danh_hieu": "khong-co"}
    )
    assert answer.status_code == 422
    assert "32/01/2024" in answer.content.decode()


def test_pages_without_loaded_rules(db: None, client_of: ClientOf, office: User) -> None:
    browser = client_of(office)
    assert "Chưa nạp quy định nào" in browser.get(reverse("awards:province")).content.decode()
    assert browser.get(reverse("awards:standards")).status_code == 200


def test_queries_do_not_grow(
    percent: Setting, client_of: ClientOf, office: User, assert_same_queries: Callable[..., None]
) -> None:
    def grow() -> None:
        for number in range(3):
            day = date(2024, 1, 1) + timedelta(days=SettingValue.objects.count() + number)
            SettingValue.objects.create(setting=percent, value="20", valid_from=day, basis="Q", set_by=office)
        for number in range(3):
            one = Setting.objects.create(code=f"moi-{number}", name="Mới", kind="number", order=900)
            SettingValue.objects.create(setting=one, value=number)

    for page in (reverse("awards:province"), page_of(percent), reverse("awards:standards")):
        assert_same_queries(client_of(office), page, grow)
        Setting.objects.filter(code__startswith="moi-").delete()


def test_an_earlier_figure_leaves_what_is_proposed_for_later_days(law: None, office: User) -> None:
    """The coefficient of Bằng khen rose on 01/01/2024: whoever confirms the old one does not undo that."""
    setting = Setting.objects.get(code="bonus-merit-individual")
    written = {"value": "1.0", "valid_from": date(2022, 1, 1), "basis": "Nghị định 91", "is_confirmed": True}
    row = actions.set_figure(setting, by=office, **written)
    assert actions.set_figure(setting, by=office, **written) == row  # the same again changes nothing
    old, new = (
        rulebook_on(day).coefficients["certificate_of_merit_individual"]
        for day in (date(2023, 6, 1), date(2024, 6, 1))
    )
    assert (str(old.value), old.is_confirmed, str(new.value), new.is_confirmed) == ("1.0", True, "1.5", False)
    assert list(setting.values.filter(set_by=office).values_list("valid_from", "value")) == [
        (date(2022, 1, 1), "1.0"),
        (date(2024, 1, 1), "1.5"),
    ]


def test_the_office_may_replace_them_too(law: None, office: User, client_of: ClientOf) -> None:
    setting = Setting.objects.get(code="bonus-merit-individual")
    page = page_of(setting)
    assert "Thay cả những giá trị mà cổng đề xuất" in client_of(office).get(page).content.decode()
    answer = typed(value="1,2", valid_from="01/01/2022", replaces_later="on")
    assert client_of(office).post(page, answer).status_code == 302
    assert settings_on(date(2024, 6, 1))["bonus-merit-individual"] == "1.2"
    once = Setting.objects.get(code="quorum")
    assert "Thay cả" not in client_of(office).get(page_of(once)).content.decode()
