"""Loading the catalogue and the conditions."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from awards.models import Award, Condition
from awards.reference import load
from campaigns.models import Campaign, CampaignYear
from campaigns.reference import load_legal_documents
from core.reference import ReferenceError

FOLDER = settings.BASE_DIR / "reference" / "awards"


@pytest.fixture
def plan(campaign_year: CampaignYear) -> CampaignYear:
    Campaign.objects.filter(pk=campaign_year.campaign_id).update(code="kh-412")
    load_legal_documents(FOLDER.parent / "legal_documents.yaml")
    return campaign_year


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "awards"))


def edit(folder: Path, before: str, after: str, file: str = "campaign-412.yaml") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_the_real_file_loads_and_the_second_time_nothing_changes(plan: CampaignYear) -> None:
    first = load(FOLDER)
    second = load(FOLDER)

    assert {change.kind for change in first} == {"added"}
    assert {change.kind for change in second} == {"unchanged"}
    assert Condition.objects.count() == 3
    letter = Condition.objects.get(award__code="certificate_of_commendation_individual")
    assert (letter.bands, letter.minimum_score, letter.is_confirmed) == (["Xuất sắc"], Decimal(90), False)
    order = list(
        Award.objects.filter(kind="commendation", recipient="collective").values_list("code", flat=True)
    )
    assert order == [
        "certificate_of_commendation_collective",
        "certificate_of_merit_collective",
        "prime_minister_merit_collective",
        "labor_order_third_collective",
    ]
    assert Award.objects.count() == 16


def test_a_changed_file_changes_the_row(plan: CampaignYear, folder: Path) -> None:
    load(folder)
    edit(folder, 'minimum_score: "95"', 'minimum_score: "96.5"')

    assert [change.kind for change in load(folder)].count("changed") == 1
    assert Condition.objects.get(award__code="certificate_of_merit_collective").minimum_score == Decimal(
        "96.5"
    )


def test_what_the_office_edited_is_kept(plan: CampaignYear, folder: Path) -> None:
    load(folder)
    award = Award.objects.get(code="certificate_of_merit_collective")
    own = Condition.objects.create(campaign=plan.campaign, year=2025, award=award, minimum_score=Decimal(97))
    edit(folder, 'minimum_score: "95"', 'minimum_score: "96.5"')
    load(folder)

    own.refresh_from_db()
    assert own.minimum_score == Decimal(97)


CONDITIONS, CATALOGUE, SETTINGS = "campaign-412.yaml", "catalogue.yaml", "settings.yaml"
SALARIES, LAW, OLD_LAW = "base_salaries.yaml", "rules/law-06-2022.yaml", "rules/law-15-2003.yaml"
REPORT = "report.yaml"
PROVINCE, DECREE = "rules/province.yaml", "rules/decree-152-2025.yaml"
MISTAKES = [
    (CONDITIONS, "bands: [Xuất sắc]", "bands: [Tuyệt vời]", "không có mức xếp loại Tuyệt vời"),
    (CONDITIONS, 'minimum_score: "90"', "minimum_score: chín mươi", "không phải là số"),
    (CONDITIONS, "campaign: kh-412", "campaign: kh-000", "chưa có"),
    (CONDITIONS, "- award: certificate_of_merit_collective", "- award: khac", "không có danh hiệu"),
    (CATALOGUE, "document: luat-06-2022", "document: luat-khac", "không có trong legal_documents.yaml"),
    (CATALOGUE, "kind: commendation", "kind: medal", "kind"),
    (CATALOGUE, "code: advanced_laborer", "code: grassroots_emulation_fighter", "lặp lại"),
    (SETTINGS, "kind: yes_no\n    values", "kind: tỷ lệ\n    values", "không có loại giá trị"),
    (SETTINGS, "value: reprimand", "value: nhắc nhở", "phải là một lựa chọn"),
    (SETTINGS, "from: 2024-01-01, value: false", "from: null, value: false", "cùng áp dụng từ một ngày"),
    (SETTINGS, "from: 2024-01-01, value: false", "from: năm 2024, value: false", "from phải là ngày"),
    (SETTINGS, "code: absence-days", "code: months-worked", "lặp lại"),
    (SALARIES, 'amount: "1490000"', "amount: nhiều", "không phải là số"),
    (SALARIES, "document: nd-38-2019", "document: nd-0", "không có trong legal_documents.yaml"),
    (REPORT, "prefill: person", "prefill: khac", "prefill phải là một trong"),
    (REPORT, "recipient: collective", "recipient: khac", "không có đối tượng"),
    (LAW, "- rating: {at_least: good}", "- ratng: {at_least: good}", "không có “ratng”"),
    (LAW, "rating: {at_least: good}", "rating: {at_most: good}", "không có “at_most”"),
    (LAW, "rating: {at_least: good}", "rating: {}", "“rating” thiếu at_least"),
    (LAW, "rating: {at_least: good}", "rating: {at_least: tốt}", "“at_least” ghi “tốt”, phải là một mức"),
    (LAW, 'at_least_percent: "70"', "at_least_percent: 70", "“at_least_percent” ghi “70”, phải là tỷ lệ"),
    (LAW, 'at_least_percent: "70"', 'at_least_percent: "170"', "phải là tỷ lệ từ 0 đến 100"),
    (LAW, "        citation: Khoản 1 Điều 23\n", "", "thiếu citation"),
    (LAW, "        wording: Hoàn thành tốt nhiệm vụ trở lên\n", "", "thiếu wording"),
    (
        "rules/decree-152-2025.yaml",
        "- no_hold: {}",
        "- no_hold: {}\n        worked: {months: 3}",
        "đúng một từ điều kiện",
    ),
    (LAW, "count: 1}", 'count: 1, more_than_percent: "5"}', "phải có đúng một trong at_least_percent"),
    (LAW, "in_a_row: 3,", "in_a_row: 3, times: 2,", "in_a_row không đi cùng times"),
    (
        LAW,
        "- code: advanced_laborer",
        "- code: lao_dong_gioi",
        "không có danh hiệu, hình thức “lao_dong_gioi”",
    ),
    (LAW, "- code: advanced_laborer", "- code: provincial_emulation_fighter", "ghi hai lần trong một tệp"),
    (LAW, "meets: advanced_laborer", "meets: grassroots_emulation_fighter", "vòng tròn"),
    (LAW, "title: advanced_laborer", "title: khac", "không có danh hiệu, hình thức “khac”"),
    (LAW, "awards: [provincial_emulation_fighter]", "awards: [khac]", "không có danh hiệu, hình thức “khac”"),
    (LAW, "setting: fighter-streak-ending", "setting: khac", "settings.yaml không có quy định “khac”"),
    (LAW, "document: luat-06-2022", "document: luat-khac", "không có trong legal_documents.yaml"),
    (LAW, "papers: [proposal", "papers: [letter", "“papers” ghi “letter”"),
    (OLD_LAW, "document: luat-15-2003", "document: nd-91-2017", "hai tệp cùng ghi văn bản"),
    (PROVINCE, "order: 90", "order: 90\neffective_to: 2000-01-01", "effective_to sớm hơn"),
    (PROVINCE, "effective_from: 2004-07-01\n", "", "ghi effective_from"),
    (PROVINCE, "effective_from: 2004-07-01", "effective_from: năm 2004", "phải là ngày dạng"),
    (PROVINCE, "base: {setting: vote-base}", "base: all", "“base” ghi “all”, phải là members hoặc present"),
    (
        DECREE,
        "  - award: advanced_laborer\n",
        "  - award: advanced_labor_collective\n",
        "cùng quy định hệ số",
    ),
    (DECREE, "coefficient:", "bội số:", "không có “bội số”"),
]


@pytest.mark.parametrize(("file", "before", "after", "sentence"), MISTAKES)
def test_what_is_wrong_is_told_with_its_line(
    plan: CampaignYear, folder: Path, file: str, before: str, after: str, sentence: str
) -> None:
    edit(folder, before, after, file)

    with pytest.raises(ReferenceError, match=re.escape(sentence)) as told:
        load(folder)
    assert f"{Path(file).name}, dòng" in str(told.value)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReferenceError, match="Không thấy tệp"):
        load(tmp_path)
