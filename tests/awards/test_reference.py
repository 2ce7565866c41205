"""Loading the catalogue and the conditions."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from awards.models import Award, Condition
from awards.reference import load
from campaigns.models import Campaign, CampaignYear
from core.models import LegalDocument
from core.reference import ReferenceError

FOLDER = settings.BASE_DIR / "reference" / "awards"


@pytest.fixture
def plan(campaign_year: CampaignYear) -> CampaignYear:
    Campaign.objects.filter(pk=campaign_year.campaign_id).update(code="kh-412")
    LegalDocument.objects.create(
        code="luat-06-2022", number="06/2022/QH15", title="Luật", kind="law", issuer="Quốc hội"
    )
    return campaign_year


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "awards"))


def edit(folder: Path, before: str, after: str) -> None:
    path = folder / "campaign-412.yaml"
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
    assert order == ["certificate_of_commendation_collective", "certificate_of_merit_collective"]


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


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("bands: [Xuất sắc]", "bands: [Tuyệt vời]", "không có mức xếp loại Tuyệt vời"),
        ('minimum_score: "90"', "minimum_score: chín mươi", "không phải là số"),
        ("document: luat-06-2022", "document: luat-khac", "không có trong legal_documents.yaml"),
        ("campaign: kh-412", "campaign: kh-000", "chưa có"),
        ("- award: certificate_of_merit_collective", "- award: huan_chuong", "không có danh hiệu"),
        ("kind: commendation", "kind: medal", "kind"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    plan: CampaignYear, folder: Path, before: str, after: str, sentence: str
) -> None:
    edit(folder, before, after)

    with pytest.raises(ReferenceError, match=sentence) as told:
        load(folder)
    assert "campaign-412.yaml, dòng" in str(told.value)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReferenceError, match="Không thấy tệp"):
        load(tmp_path)
