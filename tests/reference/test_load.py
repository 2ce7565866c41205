"""Loading the reference files: twice is once, edits of the office stay, mistakes are told with their line."""

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from campaigns.actions import campaigns as acts
from campaigns.actions import criteria as criteria_acts
from campaigns.methods import problems_of
from campaigns.models import EMULATION_STAGES, Campaign, CampaignYear, CriteriaSet, Recipient, Stage
from campaigns.queries import differences, readiness, sum_warnings
from core.journal import history_of
from core.models import Entry, LegalDocument
from organization.models import Unit, UnitKind

PLAN = "campaigns/plan-412.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files that a test may spoil."""
    return Path(shutil.copytree(settings.BASE_DIR / "reference", tmp_path / "reference"))


@pytest.fixture
def spoil(folder: Path) -> Callable[..., None]:
    def change(old: str, new: str, *, file: str = PLAN, times: int = 1) -> None:
        path = folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, times))

    return change


def load(folder: Path, *, check: bool = False) -> str:
    out = StringIO()
    call_command("load_reference", folder=folder, check=check, stdout=out)
    return out.getvalue()


# --- what is shipped ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_shipped_files_load_and_the_second_time_change_nothing(folder):
    first = load(folder)
    assert "Thêm mới: phong trào kh-412" in first
    assert "thay đổi 0, không đổi 0" in first
    entries = Entry.objects.count()
    second = load(folder)
    assert "thêm mới 0, thay đổi 0" in second
    assert Entry.objects.count() == entries
    campaign = Campaign.objects.get(code="kh-412")
    assert campaign.state == Campaign.State.DRAFT
    assert campaign.plan.number == "412/KH-SNV"
    assert list(campaign.years.order_by("year").values_list("year", "state")) == [
        (year, "planned") for year in range(2022, 2026)
    ]
    for year in campaign.years.all():
        assert year.deadlines.count() == len(EMULATION_STAGES)
        assert year.bands.filter(recipient=Recipient.COLLECTIVE).count() == 5


@pytest.mark.django_db
def test_the_shipped_criteria_are_sound(folder):
    load(folder)
    for criteria_set in CriteriaSet.objects.all():
        assert criteria_set.is_sample
        assert sum_warnings(criteria_set) == []
        for one in criteria_set.criteria.filter(is_leaf=True):
            assert problems_of(one.method, one.params, one.max_score) == []
    first, third = (
        CriteriaSet.objects.get(campaign_year__year=2022),
        CriteriaSet.objects.get(campaign_year__year=2024),
    )
    changed = {one.criterion.code for one in differences(first, third)}
    assert changed == {"4.2", "4.3", "5.2", "5.3", "5.4", "6.2"}


@pytest.mark.django_db
def test_checking_writes_nothing(folder):
    said = load(folder, check=True)
    assert "Thêm mới: bộ tiêu chí năm 2022" in said
    assert "Chỉ kiểm tra, chưa ghi gì" in said
    assert not Campaign.objects.exists()
    assert not LegalDocument.objects.exists()


def test_the_loaded_campaign_only_waits_for_its_criteria(office, folder):
    load(folder)
    campaign = Campaign.objects.get(code="kh-412")
    missing = [point.sentence for point in readiness(campaign) if point.is_required and not point.ok]
    assert missing == ["Năm 2022: bộ tiêu chí đã được áp dụng"]
    criteria_acts.put_in_use(CriteriaSet.objects.get(campaign_year__year=2022), by=office)
    assert acts.launch(campaign, by=office).state == Campaign.State.LAUNCHED
    assert "thêm mới 0, thay đổi 0" in load(folder)


# --- units in charge ---------------------------------------------------------------------------------
@pytest.mark.django_db
def test_units_in_charge_are_linked_as_soon_as_they_exist(folder):
    load(folder)
    one = CriteriaSet.objects.get(campaign_year__year=2022).criteria.get(code="1.4")
    assert one.in_charge is None
    kind = UnitKind.objects.first()
    unit = Unit.objects.create(
        code="ttra", name="Thanh tra Sở", short_name="Thanh tra", kind=kind, opened_on=date(2020, 1, 1)
    )
    said = load(folder)
    assert "Thay đổi: bộ tiêu chí năm 2022 (nối 3 tiêu chí với đơn vị phụ trách)" in said
    one.refresh_from_db()
    assert one.in_charge == unit
    assert "thay đổi 0" in load(folder)


# --- files that change -------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_changed_file_changes_an_untouched_draft(folder, spoil):
    load(folder)
    spoil("name: Nhiệm vụ do Giám đốc Sở giao", "name: Nhiệm vụ được giao cho")
    said = load(folder)
    assert "Thay đổi: bộ tiêu chí năm 2022" in said
    sets = CriteriaSet.objects.filter(campaign_year__year=2022)
    assert [one.version_number for one in sets] == [1]
    assert sets.get().criteria.get(code="1.2").name.startswith("Nhiệm vụ được giao cho")
    assert "thay đổi 0" in load(folder)


def test_a_set_in_use_is_never_overwritten(office, folder, spoil):
    load(folder)
    used = CriteriaSet.objects.get(campaign_year__year=2022)
    criteria_acts.put_in_use(used, by=office)
    spoil("name: Nhiệm vụ do Giám đốc Sở giao", "name: Nhiệm vụ được giao cho")
    assert "bản nháp phiên bản 2" in load(folder)
    assert used.criteria.get(code="1.2").name.startswith("Nhiệm vụ do Giám đốc")
    draft = CriteriaSet.objects.get(campaign_year__year=2022, version_number=2)
    assert (draft.state, draft.copied_from) == (CriteriaSet.State.DRAFT, used)
    assert "plan-412.yaml" in draft.change_note
    assert [one.criterion.code for one in differences(used, draft)] == ["1.2"]
    assert "thay đổi 0" in load(folder)


def test_what_the_office_edited_stays(office, folder, spoil):
    load(folder)
    campaign = Campaign.objects.get(code="kh-412")
    acts.change(campaign, by=office, version=1, short_name="Tên của Văn phòng")
    year = campaign.years.get(year=2025)
    days = {stage: date(2025, month, 7) for month, stage in enumerate(EMULATION_STAGES, start=3)}
    acts.set_deadlines(year, by=office, deadlines=days)
    bands = [("Đạt", Decimal(50), "green"), ("Chưa đạt", Decimal(0), "red")]
    acts.set_bands(year, by=office, bands=dict.fromkeys(Recipient.values, bands))
    draft = year.criteria_sets.get()
    criteria_acts.change_set(draft, by=office, title="Tên của Văn phòng")
    spoil("title: Tiêu chí thi đua cải cách hành chính năm 2025 (mẫu)", "title: Tên trong tệp")
    said = load(folder)
    for what in ("phong trào kh-412", "lịch năm 2025", "mức xếp loại năm 2025", "bộ tiêu chí năm 2025"):
        assert f"Không đổi: {what} (giữ nguyên bản đã sửa)" in said
    campaign.refresh_from_db()
    draft.refresh_from_db()
    assert campaign.short_name == draft.title == "Tên của Văn phòng"
    assert year.bands.count() == 4
    assert year.deadlines.get(stage=Stage.REGISTRATION).due_on == date(2025, 3, 7)


def test_a_closed_year_keeps_its_data(office, folder, spoil):
    load(folder)
    CampaignYear.objects.filter(year=2025).update(state=CampaignYear.State.CLOSED)
    spoil("title: Tiêu chí thi đua cải cách hành chính năm 2025 (mẫu)", "title: Tên trong tệp")
    spoil("due_on: 2025-03-14", "due_on: 2025-03-15")
    said = load(folder)
    assert "bộ tiêu chí năm 2025 (năm đã khóa sổ)" in said
    assert "thay đổi 0" in said


@pytest.mark.django_db
def test_changed_texts_dates_and_bands_follow_while_untouched(folder, spoil):
    load(folder)
    spoil("short_name: Đẩy mạnh CCHC 2022-2025", "short_name: Tên mới")
    spoil("    - nd-152-2025\n", "")
    spoil("due_on: 2025-03-14", "due_on: 2025-03-15")
    spoil('name: Khá, lower_bound: "70"', 'name: Khá, lower_bound: "65"', times=2)
    said = load(folder)
    for what in ("phong trào kh-412", "lịch năm 2025", "mức xếp loại năm 2022"):
        assert f"Thay đổi: {what}" in said
    campaign = Campaign.objects.get(code="kh-412")
    assert (campaign.short_name, campaign.legal_basis.count()) == ("Tên mới", 7)
    assert history_of(campaign).first().actor_name == "Hệ thống"


# --- mistakes ----------------------------------------------------------------------------------------
MISTAKES = [
    (PLAN, "kind: thematic ", "kind: lạ ", "không có hình thức phong trào “lạ”"),
    (PLAN, "launched_by: agency ", "launched_by: xã ", "launched_by là một trong agency"),
    (PLAN, "    - nd-98-2023\n", "    - nd-không-có\n", "văn bản “nd-không-có” không có"),
    (PLAN, "ends_on: 2025-12-31", "ends_on: 2021-12-31", "ends_on sớm hơn starts_on"),
    (PLAN, "due_on: 2022-04-15", "due_on: 2022-12-15", "phải không sớm hơn"),
    (PLAN, "due_on: 2022-04-15", "due_on: 1999-04-15", "nằm ngoài khoảng"),
    (PLAN, "due_on: 2022-04-15", "due_on: mai", "due_on phải là ngày"),
    (
        PLAN,
        "{stage: achievements, due_on: 2022-11-25}",
        "{stage: nghi, due_on: 2022-11-25}",
        "không có công đoạn",
    ),
    (PLAN, '{name: Tốt, lower_bound: "80"', '{name: Tốt, lower_bound: "95"', "phải thấp hơn"),
    (PLAN, '{name: Tốt, lower_bound: "80"', "{name: Tốt, lower_bound: 80", "lower_bound trong dấu nháy"),
    (PLAN, 'code: "1.2"', 'code: "1.1"', "mã tiêu chí “1.1” lặp lại"),
    (
        PLAN,
        'max_score: "8"\n            applies_to: collective',
        'max_score: "7"\n            applies_to: collective',
        "khác điểm tối đa 7",
    ),
    (PLAN, 'declared_max: {collective: "100"', 'declared_max: {collective: "90"', "cộng lại được 100 điểm"),
    (PLAN, "applies_to: individual", "applies_to: ai đó", "applies_to phải là"),
    (PLAN, "method: typed", "method: boi", "Không có cách chấm “boi”"),
    (PLAN, 'params: {min: "0", max: "8", step: "0.5"}', "params: {min: 0, max: 8, step: 0.5}", "Bước điểm"),
    (PLAN, "in_charge: cchc", "phu_trach: cchc", "khóa lạ: phu_trach"),
    (PLAN, "same_as: 2022", "same_as: 2030", "same_as phải là"),
    (PLAN, "  - year: 2025\n    same_as", "  - year: 2031\n    same_as", "năm 2031 không có trong danh sách"),
    ("legal_documents.yaml", "code: nd-91-2017", "code: luat-15-2003", "mã “luat-15-2003” lặp lại"),
    ("legal_documents.yaml", "kind: law", "kind: thơ", "không có loại văn bản"),
    ("legal_documents.yaml", "documents:", "documents: [", "không đọc được YAML"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("file", "old", "new", "said"), MISTAKES)
@pytest.mark.parametrize("check", [True, False])
def test_a_mistake_is_told_with_file_and_line_and_nothing_is_written(
    folder, spoil, file, old, new, said, check
):
    spoil(old, new, file=file)
    with pytest.raises(CommandError) as error:
        load(folder, check=check)
    assert said in str(error.value)
    assert f"{Path(file).name}, dòng " in str(error.value)
    assert not LegalDocument.objects.exists()
    assert not Campaign.objects.exists()


@pytest.mark.django_db
def test_the_line_is_the_right_one_and_all_mistakes_are_told(folder, spoil):
    spoil('code: "1.2"', 'code: "1.1"')
    spoil("due_on: 2022-04-15", "due_on: mai")
    lines = (folder / PLAN).read_text().splitlines()
    day = next(number for number, line in enumerate(lines, start=1) if "mai" in line)
    with pytest.raises(CommandError) as error:
        load(folder, check=True)
    assert f"plan-412.yaml, dòng {day}: due_on" in str(error.value)
    assert "lặp lại" in str(error.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", ["", "- một\n- hai\n", "campaign: 5\n", "campaign: {}\nyears: []\nbands: {}\n"]
)
def test_a_file_of_another_shape_is_refused(folder, content):
    (folder / PLAN).write_text(content)
    with pytest.raises(CommandError):
        load(folder)


@pytest.mark.django_db
def test_a_missing_file_is_told(folder):
    (folder / "legal_documents.yaml").unlink()
    with pytest.raises(CommandError, match="Không thấy tệp"):
        load(folder)
