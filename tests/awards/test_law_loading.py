"""The law as rows: unchanged files change nothing, another text is another row, what the Office wrote stays."""

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from awards.eligibility import facts
from awards.eligibility.provisions import PAPERS
from awards.eligibility.rulebook import CONNECTIVES
from awards.eligibility.words import MEANING
from awards.models import BaseSalary, RuleDocument, Setting, SettingValue, rulebook_on, settings_on
from awards.reference import load
from awards.reference import load_law as load_rules
from campaigns.models import Campaign, CampaignYear
from campaigns.reference import load_legal_documents
from core.models import LegalDocument
from organization.models import User
from tests.awards.seasons import load_law

REFERENCE = settings.BASE_DIR / "reference"
LAW = "rules/law-06-2022.yaml"


@pytest.fixture
def folder(campaign_year: CampaignYear, tmp_path: Path) -> Path:
    """A copy of the shipped files that a test may spoil, already loaded once."""
    Campaign.objects.filter(pk=campaign_year.campaign_id).update(code="kh-412")
    load_legal_documents(REFERENCE / "legal_documents.yaml")
    copy = Path(shutil.copytree(REFERENCE / "awards", tmp_path / "awards"))
    load(copy)
    return copy


def edit(folder: Path, file: str, before: str, after: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def changed(folder: Path) -> list[str]:
    return [change.what for change in load(folder) if change.kind != "unchanged"]


def test_every_document_is_one_current_row_with_its_dates(folder: Path) -> None:
    dates = {
        row.legal_document.code: (row.effective_from, row.effective_to)
        for row in RuleDocument.objects.current()
    }
    assert dates["luat-15-2003"] == (date(2004, 7, 1), date(2023, 12, 31))
    assert dates["luat-06-2022"] == (date(2024, 1, 1), None)
    assert dates["nd-98-2023"] == (date(2024, 1, 1), date(2025, 6, 30))
    assert dates["nd-48-2023"] == (
        date(2023, 9, 15),
        date(2025, 12, 31),
    )  # the file ends it before the decree
    assert dates["quy-che-tdkt-tinh"] == (date(2004, 7, 1), None)
    assert changed(folder) == []


def test_another_text_is_another_row_and_the_old_one_stays(folder: Path) -> None:
    before = RuleDocument.objects.current().get(legal_document__code="luat-06-2022")
    edit(folder, LAW, "wording: Hoàn thành xuất sắc nhiệm vụ\n", "wording: Xuất sắc\n")

    assert changed(folder) == ["quy định khen thưởng luat-06-2022"]
    before.refresh_from_db()
    after = RuleDocument.objects.current().get(legal_document__code="luat-06-2022")
    assert before.superseded_at is not None
    assert (after.pk != before.pk, after.digest != before.digest) == (True, True)
    assert changed(folder) == []


def test_another_date_is_another_row(folder: Path) -> None:
    LegalDocument.objects.filter(code="luat-06-2022").update(effective_to=date(2030, 1, 1))

    assert changed(folder) == ["quy định khen thưởng luat-06-2022"]
    assert RuleDocument.objects.filter(legal_document__code="luat-06-2022").count() == 2


def test_a_file_that_is_gone_rules_no_more(folder: Path) -> None:
    (folder / "rules/decree-335-2025.yaml").unlink()

    assert changed(folder) == ["quy định khen thưởng nd-335-2025 (thôi áp dụng)"]
    assert "nd-335-2025" not in rulebook_on(date(2026, 6, 1)).documents


def test_what_the_office_set_is_kept_and_goes_before_the_file(folder: Path, office: User) -> None:
    setting = Setting.objects.get(code="fighter-percent")
    own = SettingValue.objects.create(
        setting=setting, valid_from=date(2024, 1, 1), value="20", basis="QĐ của tỉnh", set_by=office
    )
    edit(folder, "settings.yaml", '{from: 2024-01-01, value: "15"}', '{from: 2025-01-01, value: "12"}')

    assert changed(folder) == ["quy định của tỉnh fighter-percent"]
    own.refresh_from_db()
    assert (own.value, own.set_by) == ("20", office)
    assert settings_on(date(2025, 6, 1))["fighter-percent"] == "20"
    assert settings_on(date(2023, 6, 1))["fighter-percent"] is None
    assert {row.valid_from for row in setting.values.filter(set_by=None)} == {None, date(2025, 1, 1)}


def test_base_salaries_by_day(folder: Path) -> None:
    assert list(BaseSalary.objects.values_list("valid_from", "amount")) == [
        (date(2019, 7, 1), Decimal(1490000)),
        (date(2023, 7, 1), Decimal(1800000)),
        (date(2024, 7, 1), Decimal(2340000)),
        (date(2026, 7, 1), Decimal(2530000)),
    ]


def test_the_rulebook_changes_on_the_days_of_the_law(folder: Path) -> None:
    quota = {one.award: (one.percent, one.document) for one in rulebook_on(date(2023, 12, 31)).quotas}
    assert quota["grassroots_emulation_fighter"] == (Decimal(15), "nd-91-2017")
    assert quota["government_emulation_flag"] == (Decimal(20), "nd-91-2017")
    quota = {one.award: (one.percent, one.document) for one in rulebook_on(date(2024, 1, 1)).quotas}
    assert quota == {"grassroots_emulation_fighter": (Decimal(15), "quy-che-tdkt-tinh")}

    merit = "certificate_of_merit_individual"
    assert [
        rulebook_on(day).coefficients[merit].value
        for day in (date(2023, 12, 31), date(2024, 1, 1), date(2025, 7, 1))
    ] == [Decimal("1.0"), Decimal("1.5"), Decimal("1.5")]
    assert rulebook_on(date(2025, 6, 30)).excluded_occasions == {}
    assert set(rulebook_on(date(2025, 7, 1)).excluded_occasions) == {"thematic", "sudden"}
    ceilings = rulebook_on(date(2026, 1, 1)).ceilings
    assert [(one.employment, one.percent, one.raised_percent) for one in ceilings] == [
        ("cong-chuc", Decimal(20), Decimal(25)),
        ("vien-chuc", Decimal(20), None),
    ]


def test_what_rests_on_an_unconfirmed_figure_is_not_confirmed(folder: Path, office: User) -> None:
    day = date(2024, 6, 1)
    votes = rulebook_on(day).thresholds["advanced_laborer"]
    assert (votes.percent, votes.is_more_than, votes.base, votes.is_confirmed) == (
        Decimal(50), True, "members", False,
    )  # fmt: skip
    for code, value in (
        ("vote-agency-percent", "60"),
        ("vote-agency-more-than", False),
        ("vote-base", "present"),
    ):
        SettingValue.objects.create(
            setting=Setting.objects.get(code=code),
            value=value,
            basis="Quy chế",
            is_confirmed=True,
            set_by=office,
        )
    votes = rulebook_on(day).thresholds["advanced_laborer"]
    assert (votes.percent, votes.is_more_than, votes.base, votes.is_confirmed) == (
        Decimal(60), False, "present", True,
    )  # fmt: skip


def test_a_figure_of_zero_switches_its_condition_off(folder: Path, office: User) -> None:
    def words() -> list[str]:
        return [one.word for one in rulebook_on(date(2024, 6, 1)).conditions["advanced_laborer"]]

    assert words() == [
        "rating", "affirmed", "no_hold", "any", "absence", "training", "transfer", "not_disciplined",
    ]  # fmt: skip
    for code in ("months-worked", "absence-days", "training-months", "transfer-months"):
        SettingValue.objects.create(
            setting=Setting.objects.get(code=code), value=0, basis="Quy chế", set_by=office
        )
    assert words() == ["rating", "affirmed", "no_hold", "not_disciplined"]


# --- one vocabulary ----------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def rules_schema() -> dict[str, Any]:
    return json.loads((REFERENCE / "schemas" / "rulebook.schema.json").read_text(encoding="utf-8"))["$defs"]


@pytest.fixture(scope="module")
def facts_schema() -> dict[str, Any]:
    return json.loads((REFERENCE / "schemas" / "cases.schema.json").read_text(encoding="utf-8"))["$defs"]


def test_the_schema_knows_the_words_and_lists_of_the_code(
    rules_schema: dict[str, Any], facts_schema: dict[str, Any]
) -> None:
    about = {"wording", "citation", "document", "confirmed", "when", "occasion"}
    assert set(rules_schema["condition"]["properties"]) - about == set(MEANING) | set(CONNECTIVES)
    assert rules_schema["grade"]["enum"] == list(facts.GRADES)
    assert rules_schema["paper"]["enum"] == list(PAPERS)
    assert rules_schema["occasion"]["enum"] == list(facts.OCCASIONS)
    ways = rules_schema["condition"]["properties"]["occasion"]["enum"]
    assert (
        ["regular", *ways]
        == list(facts.OCCASIONS)
        == facts_schema["expected"]["properties"]["given_for"]["enum"]
    )
    assert rules_schema["absence"]["enum"] == list(facts.ABSENCES)
    assert rules_schema["launcher"]["enum"] == list(facts.LAUNCHERS)
    assert rules_schema["stage"]["enum"] == list(facts.STAGES)
    assert rules_schema["level"]["enum"] == list(facts.LEVELS)
    assert rules_schema["discipline"]["anyOf"][0]["enum"] == list(facts.DISCIPLINES)
    known = facts_schema["facts"]["properties"]
    assert known["holds"]["items"]["properties"]["reason"]["enum"] == list(facts.HOLDS)
    assert set(known) | {"recipient", "day", "year"} == set(facts.Candidate.__dataclass_fields__)
    for name, kind in (("titles", facts.Title), ("initiatives", facts.Initiative), ("places", facts.Place)):
        assert set(known[name]["items"]["properties"]) | {"key"} == set(kind.__dataclass_fields__) | {"key"}


def test_every_condition_word_is_explained_in_the_reference() -> None:
    text = (REFERENCE / "README.md").read_text(encoding="utf-8")
    missing = [word for word in [*MEANING, *CONNECTIVES] if f"`{word}`" not in text]
    missing += [name for name in facts.Candidate.__dataclass_fields__ if f"`{name}`" not in text]
    assert not missing


@pytest.mark.parametrize("time", [1, 2])
@pytest.mark.django_db
def test_the_stories_find_the_law_as_its_files_say_it(time: int) -> None:
    """What one story has loaded is written again, as rows, for the next: the files have nothing to add to it."""
    load_law()
    assert {one.kind for one in load_rules(REFERENCE / "awards")} == {"unchanged"}
