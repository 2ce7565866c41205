"""``manage.py assess``: findings as JSON, from the files or from the database, and refusals with lines."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from awards.models import Setting, SettingValue
from organization.models import User

FOLDER = Path(__file__).parent.parent / "cases" / "awards"
FIGHTER = "grassroots_emulation_fighter"
CASE = """
cases:
  - name: Xuất sắc, không có sáng kiến
    date: {day}
    year: 2023
    recipient: individual
    awards: [grassroots_emulation_fighter]
    facts:
      joined_on: 2015-03-01
      is_registered: true
      affirmed: {{solidarity: true}}
      ratings: {{2023: excellent}}
"""
Told = dict[str, Any]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "ho-so.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def load() -> None:
    call_command("load_reference", verbosity=0, stdout=StringIO())


def assess(path: Path, **options: Any) -> Told:
    out = StringIO()
    call_command("assess", path, stdout=out, **options)
    return json.loads(out.getvalue())


def refused(path: Path, **options: Any) -> tuple[str, str]:
    """What the command complains about, and what it had printed by then."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("assess", path, stdout=out, **options)
    return str(error.value), out.getvalue()


def test_the_same_person_gets_different_explained_findings(write: Callable[[str], Path]) -> None:
    old = assess(write(CASE.format(day="2023-12-31")), source="reference")
    new = assess(write(CASE.format(day="2024-01-01")), source="reference")

    (before,), (after,) = old["cases"][0]["awards"], new["cases"][0]["awards"]
    assert (old["source"], before["state"], before["earliest"]) == ("reference", "unmet", 2024)
    assert (before["name"], after["state"]) == ("Chiến sĩ thi đua cơ sở", "met")
    wanting = next(one for one in before["findings"] if one["word"] == "initiative")
    assert wanting["state"] == "unmet"
    assert wanting["number"] == "Luật 15/2003/QH11"
    assert wanting["fact"] == "Chưa có sáng kiến hoặc đề tài, đề án phù hợp."
    assert "Cần 1 sáng kiến" in wanting["wanting"]
    choice = next(one for one in after["findings"] if one["word"] == "any")
    assert [part["state"] for part in choice["parts"]] == ["met", "unmet"]
    assert choice["parts"][0]["fact"] == "Năm 2023 hoàn thành xuất sắc nhiệm vụ."
    assert (choice["citation"], choice["number"]) == ("Khoản 2 Điều 23", "Luật 06/2022/QH15")
    numbers = [[one["number"] for one in answer["cases"][0]["documents"]] for answer in (old, new)]
    assert numbers[0][:2] == ["Luật 15/2003/QH11", "Nghị định 91/2017/NĐ-CP"]
    assert numbers[1][0] == "Luật 06/2022/QH15"
    assert "Nghị định 98/2023/NĐ-CP" in numbers[1]


def test_without_awards_everything_for_the_recipient_is_assessed(write: Callable[[str], Path]) -> None:
    path = write("cases: [{name: Một đơn vị, date: 2025-12-01, recipient: collective, facts: {}}]")

    found = assess(path, source="reference")["cases"][0]["awards"]
    assert len(found) == 8
    assert {one["award"] for one in found} >= {"advanced_labor_collective", "government_emulation_flag"}


def test_bases_are_told(write: Callable[[str], Path]) -> None:
    text = CASE.format(day="2023-12-31") + "      initiatives: [{name: Số hóa, recognised_on: 2023-05-05}]\n"
    (found,) = assess(write(text), source="reference")["cases"][0]["awards"]
    assert found["bases"] == [{"kind": "initiative", "key": "Số hóa", "name": "Số hóa"}]


@pytest.mark.django_db
def test_files_and_database_say_the_same() -> None:
    load()
    for path in sorted(FOLDER.glob("*.yaml")):
        files, database = assess(path, source="reference"), assess(path, source="database")
        assert (files["source"], database["source"]) == ("reference", "database")
        assert files["cases"] == database["cases"], path.stem
        assert all(case["disagreements"] == [] for case in files["cases"])


def test_a_lawyer_needs_no_database(write: Callable[[str], Path], tmp_path: Path) -> None:
    path = write(CASE.format(day="2024-01-01"))
    away = {"DATA_DIR": str(tmp_path / "empty"), "PATH": os.environ["PATH"]}
    command = [sys.executable, "manage.py", "assess", str(path)]
    ran = subprocess.run(
        command, cwd=settings.BASE_DIR, env=away, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["source"] == "reference"


@pytest.mark.django_db
def test_without_loaded_rules_the_files_are_read(write: Callable[[str], Path]) -> None:
    path = write(CASE.format(day="2024-01-01"))
    assert assess(path)["source"] == "reference"
    assert "load_reference" in refused(path, source="database")[0]


def test_figures_of_the_office_hold_in_the_database_only(write: Callable[[str], Path], office: User) -> None:
    load()
    path = write(CASE.format(day="2024-01-01").replace("2015-03-01", "2023-06-01"))
    assert assess(path)["source"] == "database"
    assert assess(path)["cases"][0]["awards"][0]["state"] == "unmet"
    SettingValue.objects.create(
        setting=Setting.objects.get(code="months-worked"), value=6, basis="Quy chế", set_by=office
    )
    assert assess(path)["cases"][0]["awards"][0]["state"] == "met"
    assert assess(path, source="reference")["cases"][0]["awards"][0]["state"] == "unmet"


# --- what is expected --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("{state: met}", "mong đợi met, kết quả unmet"),
        ("{state: unmet, earliest: 2030}", "mong đợi sớm nhất năm 2030, kết quả 2024"),
        ("{state: unmet, because: [no_hold]}", "mong đợi vì “no_hold”, kết quả vì initiative"),
    ],
)
def test_a_disagreement_is_told_beside_the_findings(
    write: Callable[[str], Path], expected: str, sentence: str
) -> None:
    path = write(CASE.format(day="2023-12-31") + f"    expect: {{{FIGHTER}: {expected}}}\n")

    said, printed = refused(path, source="reference")
    assert sentence in said
    assert json.loads(printed)["cases"][0]["disagreements"] == [f"{FIGHTER}: {sentence}"]


# --- bad files -----------------------------------------------------------------------------------------
MISTAKES = [
    ("ratings: {2023: excellent}", "raitings: {2023: excellent}", 9, "“facts” không có “raitings”"),
    ("{2023: excellent}", "{2023: tuyệt vời}", 12, "“2023” ghi “tuyệt vời”, phải là failed"),
    ("{2023: excellent}", "{23: excellent}", 12, "“ratings” ghi “23”"),
    ("joined_on: 2015-03-01", "joined_on: 2015-02-30", 9, "ngày không có thật"),
    ("joined_on: 2015-03-01", "joined_on: hôm qua", 9, "“joined_on” ghi “hôm qua”, phải là ngày"),
    ("is_registered: true", "is_registered: rồi", 9, "phải là true hoặc false"),
    ("is_registered: true", "titles: [{award: khac, year: 2020}]", 3, "không có danh hiệu, hình thức “khac”"),
    ("is_registered: true", "titles: [{award: khac}]", 10, "thiếu year"),
    ("is_registered: true", "members: {count: -1}", 10, "“count” ghi “-1”, phải là số nguyên"),
    ("is_registered: true", "places: [{unit: A, months: sáu}]", 10, "“months” ghi “sáu”, phải là số"),
    ("    recipient: individual\n", "", 3, "thiếu recipient"),
    ("recipient: individual", "recipient: collective", 3, "không dành cho collective"),
    ("awards: [grassroots_emulation_fighter]", "awards: [khac]", 3, "không có danh hiệu, hình thức “khac”"),
    ("awards:", "settings: {khac: 1}\n    awards:", 3, "không có quy định của tỉnh “khac”"),
    ("awards:", "settings: {months-worked: mười}\n    awards:", 3, "“months-worked” phải là số nguyên"),
    (
        "awards:",
        "expect: {advanced_laborer: {state: met}}\n    awards:",
        3,
        "được mong đợi mà không được xét",
    ),
    ("awards:", "expect: {advanced_laborer: {state: ok}}\n    awards:", 7, "phải là met, unmet hoặc open"),
    ("date: 2023-12-31", "date: 1990-01-01", 3, "không có “Chiến sĩ thi đua cơ sở”"),
    ("cases:", "trường hợp:", 2, "thiếu cases"),
    ("joined_on: 2015-03-01", "joined_on: [", 0, "không đọc được YAML"),
]


@pytest.mark.parametrize(("before", "after", "line", "sentence"), MISTAKES)
def test_a_bad_file_is_refused_with_its_line(
    write: Callable[[str], Path], before: str, after: str, line: int, sentence: str
) -> None:
    text = CASE.format(day="2023-12-31")
    assert before in text
    said, printed = refused(write(text.replace(before, after, 1)), source="reference")

    assert sentence in said
    assert f"ho-so.yaml, dòng {line or ''}" in said
    assert printed == ""


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "Không thấy tệp" in refused(tmp_path / "khong-co.yaml", source="reference")[0]


def test_a_setting_that_contradicts_the_law_is_told(write: Callable[[str], Path]) -> None:
    text = CASE.format(day="2023-12-31").replace(
        "    awards:", '    settings: {fighter-percent: "20"}\n    awards:'
    )
    assert "cùng quy định chỉ tiêu" in refused(write(text), source="reference")[0]
