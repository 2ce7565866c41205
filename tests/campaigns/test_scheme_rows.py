"""Schemes as offices really type them: head rows, totals, wrapped headings, days instead of codes, second thoughts."""

import csv
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError

from campaigns.actions.criteria import change_criterion, correct
from campaigns.actions.schemes import round_of, write_scheme
from campaigns.exports import scheme_file
from campaigns.importing import plan_scheme, read_rows
from campaigns.importing.rows import number_of
from campaigns.methods import EXAMPLES, GROUPS, METHODS, NAMES, method_named
from campaigns.models import AppliesTo, Campaign, CampaignYear, Criterion
from campaigns.queries import problems_in_set
from campaigns.queries.schemes import scheme_of, unit_numbers
from core.workflow import Refused
from scoring.importing.catalogue import _LINES as LINES
from tests.campaigns.test_scheme_files import HEAD, book, command, plan, refused

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parent.parent / "cases"
ONE = (1, "1", "Một", 5, "all_or_nothing")


def test_the_whole_known_part_of_a_real_table() -> None:
    with (CASES / "scheme_ca_mau_2013.csv").open(encoding="utf-8") as source:
        rows = [
            (int(one["level"]), one["code"], f"Dòng {one['code']}", one["max"], one["method"], params)
            for one in csv.DictReader(source, delimiter=";")
            if (params := one["params"].replace("\\n", "\n")) is not None
        ]
    made = plan(rows)
    assert made.refusals == []
    # All but 1.3, of which the source says nothing: it becomes a typed score.
    assert [one.code for one in made.nodes if one.method == "typed"] == ["1.3"]
    assert made.total["collective"] == 10
    assert [warning.split(":")[0] for warning in made.warnings] == [
        "Dòng 11, cột E “Cách chấm”",
        "Dòng 2",  # 20 points are stated, 10 are known
    ]


# --- around the table --------------------------------------------------------------------------------
def test_what_stands_between_headings_and_first_row_is_skipped_and_told() -> None:
    rows = [tuple(f"({number})" for number in range(1, 10)), (None, "A", "PHẦN TỰ CHẤM"), ONE]
    made = plan(rows, above=[["UBND TỈNH"], ["BỘ CHỈ SỐ"], []])
    assert ([one.code for one in made.nodes], made.refusals) == (["1"], [])
    assert made.warnings == ["Dòng 6: đứng trước dòng cấp 1 đầu tiên nên bỏ qua."]
    assert len(plan([tuple(range(1, 10)), ONE]).nodes) == 1  # columns counted without brackets


def test_wrapped_headings_in_another_order_with_more_columns() -> None:
    head = ["STT", "Nội\ndung", "Điểm\ntối đa *", "cap", "Tự chấm"]
    made = plan([(1, "Một", 2, 1, ""), (2, "Hai", "1,5", 1, "")], head=head)
    assert [(one.name, str(one.max_score)) for one in made.nodes] == [("Một", "2"), ("Hai", "1.5")]


@pytest.mark.parametrize("name", ["Công tác chỉ đạo, điều hành", "Công khai", "Tổng hợp báo cáo", "Tổng kết"])
def test_a_criterion_without_its_level_never_counts_as_the_total(name: str) -> None:
    assert refused([ONE, (None, "2", name, 20)]) == ["Dòng 3, cột A “Cấp”: còn trống."]
    assert refused([ONE, (None, None, name, 20)]) == ["Dòng 3, cột A “Cấp”: còn trống."]


@pytest.mark.parametrize(
    "total",
    [
        (None, None, "TỔNG CỘNG", 5),
        (None, "Tổng điểm:", None, 5),
        ("Tổng cộng (I + II)", None, None, "5,0"),  # a merged cell
        (None, None, "Cộng", None),
    ],
)
def test_the_row_of_the_total(total: tuple[Any, ...]) -> None:
    made = plan([ONE, total])
    assert (len(made.nodes), made.refusals, made.warnings) == (1, [], [])


def test_a_total_that_cannot_be_read_is_told() -> None:
    made = plan([ONE, (None, None, "Tổng cộng", "=SUM(D2:D2)")])
    assert made.refusals == []
    assert made.warnings == ["Dòng 3, cột D “Điểm tối đa”: là công thức; hãy dán dạng giá trị."]


# --- cells -------------------------------------------------------------------------------------------
def test_numbers_as_people_write_them() -> None:
    read = {text: number_of(text) for text in ("0,5", "0.5", "0.125", "1.234,5", " 1 000 ", "-1")}
    assert [str(value) for value in read.values()] == ["0.5", "0.5", "0.125", "1234.5", "1000", "-1"]
    for text in ("1.2,3", "1,234,5", "1.234.5", "+2", "1e3", "", "-", "½", "٣"):
        assert number_of(text) is None, text
    assert number_of(0.1 + 0.2) == number_of("0,3")


def test_a_number_that_may_mean_two_things_is_asked_about() -> None:
    assert refused([(1, "1", "Một", "1.234", "all_or_nothing")]) == [
        "Dòng 2, cột D “Điểm tối đa”: “1.234” có thể là 1234 hoặc 1,234; hãy ghi một trong hai."
    ]
    assert refused([(1, "1", "Một", "0.125", "all_or_nothing")]) == []


def test_a_code_that_excel_made_a_day_of_is_refused() -> None:
    told = refused([(1, datetime(2024, 1, 1), "Một", 1, "all_or_nothing")])  # noqa: DTZ001 - as Excel gives it
    assert len(told) == 1
    assert told[0].startswith("Dòng 2, cột B “Mã”: cần chữ")


def test_decomposed_text_is_composed() -> None:
    made = plan([(1, "1", "Kế hoạch", 1, "Đạt hoặc không đạt")])
    assert (made.nodes[0].name, made.nodes[0].method) == ("Kế hoạch", "all_or_nothing")


def test_every_id_of_the_public_catalogue_names_our_method() -> None:
    """The same method as ``check_methods`` computes it with, wherever one line decides."""
    for theirs in LINES:
        ours = method_named(theirs, dict(NAMES))
        assert ours in METHODS, theirs
    for given, ours in {
        "count_times_points": "count_capped",
        "DEDUCT_PER_OCCURRENCE": "deduct_per_case",
        "Deduct_graded_may_go_negative": "deduct_graded",
        "declared_score": "typed",
        "dat hoac khong dat": "all_or_nothing",
        " Điều  tra xã hội học ": "survey",
        "khoi diem thuong, diem phat": "bonus_block",
    }.items():
        assert method_named(given, dict(NAMES)) == ours, given


# --- versions ----------------------------------------------------------------------------------------
def test_a_wrong_file_in_between_does_not_cut_the_lineage() -> None:
    year = round_of("cchc", 2024, by=None)
    first = write_scheme(year, plan([ONE]), by=None, use=True).criteria_set
    write_scheme(year, plan([(1, "1", "Gõ nhầm tên", 5, "all_or_nothing")]), by=None)
    again = write_scheme(year, plan([(1, "1", "Một", 6, "all_or_nothing")]), by=None).criteria_set
    assert again.criteria.get().lineage == first.criteria.get().lineage


def test_equal_siblings_keep_their_own_lineages() -> None:
    year = round_of("cchc", 2024, by=None)
    twice = [(1, "-", "Như nhau", 1, "all_or_nothing"), (1, "-", "Như nhau", 2, "all_or_nothing")]
    first = write_scheme(year, plan(twice), by=None, use=True).criteria_set
    second = write_scheme(year, plan([*twice, ONE]), by=None).criteria_set
    before = list(first.criteria.order_by("position").values_list("lineage", flat=True))
    after = list(second.criteria.order_by("position").values_list("lineage", flat=True))
    assert after[:2] == before
    assert len(set(after)) == 3


def test_a_renamed_criterion_of_the_draft_is_not_there_twice(office: Any) -> None:
    year = round_of("cchc", 2024, by=None)
    first = write_scheme(year, plan([ONE]), by=None, use=True).criteria_set
    draft = correct(first, by=office)
    change_criterion(draft.criteria.get(), by=office, name="Một, tên mới", **_leaf(draft.criteria.get()))
    rows = [(1, "1", "Một", 5, "all_or_nothing"), (1, "1", "Một, tên mới", 5, "all_or_nothing")]
    made = write_scheme(year, plan(rows), by=office).criteria_set
    old, new = made.criteria.order_by("position")
    assert new.lineage == first.criteria.get().lineage != old.lineage


def _leaf(one: Criterion) -> dict[str, Any]:
    return {"method": one.method, "params": one.params, "max_score": one.max_score}


def test_what_no_column_tells_stays_with_its_criterion() -> None:
    above = write_scheme(round_of("tinh", 2024, by=None), plan([ONE]), by=None).criteria_set
    year = round_of("so", 2024, by=None)
    first = write_scheme(year, plan([ONE]), by=None, use=True).criteria_set
    first.criteria.update(feeds=above.criteria.get(), is_of_frame=True)
    made = write_scheme(year, plan([ONE, (1, "2", "Hai", 1, "all_or_nothing")]), by=None).criteria_set
    one, two = made.criteria.order_by("position")
    assert (one.feeds, one.is_of_frame) == (above.criteria.get(), True)
    assert (two.feeds, two.is_of_frame) == (None, False)


def test_a_concluded_or_closed_campaign_takes_no_table(campaign_year: CampaignYear) -> None:
    code = campaign_year.campaign.code
    CampaignYear.objects.filter(pk=campaign_year.pk).update(state=CampaignYear.State.CLOSED)
    with pytest.raises(Refused, match="khóa sổ"):
        write_scheme(round_of(code, 2025, by=None), plan([ONE]), by=None)
    Campaign.objects.update(state=Campaign.State.CONCLUDED)
    with pytest.raises(Refused, match="đã tổng kết"):
        round_of(code, 2026, by=None)


def test_only_the_office_brings_a_table_in(head: Any, technician: Any, office: Any) -> None:
    year = round_of("cchc", 2024, by=office)
    for user in (head, technician):
        with pytest.raises(Refused, match="không có quyền"):
            write_scheme(year, plan([ONE]), by=user)
        with pytest.raises(Refused, match="không có quyền"):
            round_of("khac", 2024, by=user)
    assert not Campaign.objects.filter(code="khac").exists()


# --- the commands ------------------------------------------------------------------------------------
def test_a_movement_scores_units_and_people_an_index_units(
    campaign_year: CampaignYear, tmp_path: Path
) -> None:
    file = tmp_path / "bang.xlsx"
    file.write_bytes(book([ONE]).getvalue())
    command("import_scheme", file, "--code", "chi-so", "--year", 2025)
    command("import_scheme", file, "--code", campaign_year.campaign.code, "--year", 2025)
    index, movement = scheme_of("chi-so", 2025), campaign_year.criteria_sets.get(state="draft")
    assert index
    assert index.criteria.get().applies_to == AppliesTo.COLLECTIVE
    assert movement.criteria.get().applies_to == AppliesTo.BOTH


def test_a_trial_says_what_would_become_of_the_draft(tmp_path: Path) -> None:
    file = tmp_path / "bang.xlsx"
    file.write_bytes(book([ONE]).getvalue())
    asked = ("import_scheme", file, "--code", "thu", "--year", 2025)
    assert "sẽ nạp, lập Thử 2025 năm 2025 (phiên bản 1) (bản nháp)" in command(
        *asked, "--name", "Thử 2025", "--dry-run"
    )
    command(*asked)
    assert "áp dụng, nội dung không đổi" in command(*asked, "--use", "--dry-run")
    assert scheme_of("thu", 2025).state == "draft"  # type: ignore[union-attr]
    assert "Đã áp dụng, nội dung không đổi: Bộ chỉ số thu năm 2025 (phiên bản 1) (đang áp dụng)" in command(
        *asked, "--use"
    )
    assert "Không đổi" in command(*asked, "--use")
    file.write_bytes(book([(1, "1", "Một", 6, "all_or_nothing")]).getvalue())
    assert "sẽ nạp, lập Bộ chỉ số thu năm 2025 (phiên bản 2)" in command(*asked, "--dry-run")
    command(*asked)
    file.write_bytes(book([(1, "1", "Một", 7, "all_or_nothing")]).getvalue())
    assert "sẽ nạp, thay nội dung Bộ chỉ số thu năm 2025 (phiên bản 2)" in command(*asked, "--dry-run")
    assert scheme_of("thu", 2025).criteria.get().max_score == 5  # type: ignore[union-attr]


def test_what_is_put_in_use_at_once_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "bang.xlsx"
    file.write_bytes(book([ONE]).getvalue())
    command("import_scheme", file, "--code", "thu", "--year", 2025, "--use")
    made = scheme_of("thu", 2025)
    assert made
    assert (made.state, problems_in_set(made)) == ("in_use", [])


@pytest.mark.parametrize(
    "more", [["--code", "Mã có dấu"], ["--code", "a" * 41], ["--code", "x", "--year", 1800]]
)
def test_codes_and_years_that_no_campaign_has(tmp_path: Path, more: list[Any]) -> None:
    file = tmp_path / "bang.xlsx"
    file.write_bytes(book([ONE]).getvalue())
    with pytest.raises(CommandError):
        command("import_scheme", file, "--year", 2025, *more)
    assert not Campaign.objects.exists()


# --- the file that goes out --------------------------------------------------------------------------
def test_the_file_looks_like_one_of_an_office(cast: Any) -> None:
    year = round_of("cchc", 2024, by=None)
    rows = [(1, "1", "Nhóm"), (2, "1.1", "Con", 2, "all_or_nothing", "", "Báo cáo", "cchc")]
    made = write_scheme(year, plan(rows), by=None).criteria_set
    made.criteria.filter(code="1").update(name="=1+1 là tên")
    sheets = openpyxl.load_workbook(BytesIO(scheme_file(made)))
    first, guide = sheets.worksheets
    assert [cell.value for cell in first[3]][: len(HEAD)] == HEAD
    assert (first["C4"].value, first["C4"].data_type) == ("=1+1 là tên", "s")
    assert first["H5"].value == "cchc"
    assert first.freeze_panes == "D4"
    assert {cell.font.name for row in first["A3:I5"] for cell in row} == {"Times New Roman"}
    assert first["C5"].alignment.wrap_text
    assert {row[1].value for row in guide.iter_rows(min_row=2)} == {*METHODS, *GROUPS}


def test_the_template_is_read_and_its_examples_too() -> None:
    with pytest.raises(Refused, match="chưa có tiêu chí nào"):
        read_rows(BytesIO(scheme_file(None)))
    guide = openpyxl.load_workbook(BytesIO(scheme_file(None)))["Cách chấm"]
    rows: list[tuple[Any, ...]] = []
    for name, key, _, params in guide.iter_rows(min_row=2, values_only=True):
        if key in METHODS:
            most = METHODS[key].maximum(EXAMPLES[key]) or None
            rows.append((1, "", name, most, name, params))
    made = plan_scheme(read_rows(book(rows)), unit_numbers())
    assert ([one.params for one in made.nodes], made.warnings) == ([EXAMPLES[key] for key in METHODS], [])
