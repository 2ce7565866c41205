"""A scheme in and out of Excel: what a row may say, what is warned about, what is refused; nothing half written."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from campaigns.actions.schemes import round_of, write_scheme
from campaigns.exports import scheme_file
from campaigns.importing import plan_scheme, read_rows
from campaigns.importing.plan import SchemePlan
from campaigns.methods import EXAMPLES, GROUPS, METHODS
from campaigns.methods.text import to_text
from campaigns.models import Campaign, CampaignYear, CriteriaSet, Criterion
from campaigns.queries.schemes import facts_of, outlook, scheme_of, unit_numbers
from core.journal import history_of
from core.workflow import Refused
from organization.models import Unit, User

HEAD = ["Cấp", "Mã", "Nội dung", "Điểm tối đa", "Cách chấm", "Tham số", "Tài liệu kiểm chứng"]
HEAD += ["Đơn vị phụ trách", "Ghi chú"]
Rows = Sequence[Sequence[Any]]
# The head of field 1 of a real table (Cà Mau, QĐ 1880/QĐ-UBND năm 2013): facts of its shape and points.
CA_MAU: Rows = [
    (1, "1", "Công tác chỉ đạo, điều hành", 20),
    (2, "1.1", "Kế hoạch năm", 5),
    (
        3,
        "1.1.1",
        "Ban hành kế hoạch",
        1,
        "Chọn một mức",
        "Các mức:\n- kịp thời | 1\n- không kịp thời | 0,5\n- không ban hành | 0",
    ),
    (3, "1.1.2", "Đầy đủ nhiệm vụ và kinh phí", "1", "đạt / không đạt"),
    (
        3,
        "1.1.4",
        "Mức độ hoàn thành kế hoạch",
        2,
        "tiered_threshold",
        "Đơn vị tính: %\nCác mức:\n- > | 90 | 2\n- >= | 70 | 1\n- >= | 0 | 0",
    ),
]


def book(rows: Rows, head: Sequence[str] = HEAD, above: Rows = ()) -> BytesIO:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in [*above, head, *rows]:
        sheet.append(list(row))
    target = BytesIO()
    made.save(target)
    target.seek(0)
    return target


def plan(rows: Rows, **given: Any) -> SchemePlan:
    return plan_scheme(read_rows(book(rows, **given)), unit_numbers())


def refused(rows: Rows, **given: Any) -> list[str]:
    return plan(rows, **given).refusals


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bo-chi-so.xlsx"


def command(name: str, *args: Any) -> str:
    out = StringIO()
    call_command(name, *map(str, args), stdout=out)
    return out.getvalue()


# --- what a table says -------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_head_of_a_real_table_is_read_with_its_methods() -> None:
    made = plan(CA_MAU, above=[["BỘ CHỈ SỐ CẢI CÁCH HÀNH CHÍNH"], []])
    assert made.refusals == []
    assert [(one.level, one.code, one.is_leaf, one.method) for one in made.nodes] == [
        (1, "1", False, ""),
        (2, "1.1", False, ""),
        (3, "1.1.1", True, "tiered_choice"),
        (3, "1.1.2", True, "all_or_nothing"),
        (3, "1.1.4", True, "tiered_threshold"),
    ]
    assert made.nodes[4].params["steps"][0] == {"op": ">", "v": "90", "points": "2"}
    assert made.total["collective"] == 4
    assert [warning.split(":")[0] for warning in made.warnings] == ["Dòng 4", "Dòng 5"]  # 20 ≠ 4, 5 ≠ 4


@pytest.mark.django_db
def test_the_leaf_may_stand_at_any_depth() -> None:
    made = plan(
        [
            (1, "1", "Tự chấm ngay ở cấp 1", 3, "Đạt hoặc không đạt"),
            (1, "2", "Nhóm", 5),
            (2, "2.1", "Con", 2, "all_or_nothing"),
            (2, "2.2", "Con sâu", 3),
            (3, "2.2.1", "Cháu", "3,0", "all_or_nothing"),
        ]
    )
    assert [one.is_leaf for one in made.nodes] == [True, False, True, False, True]
    assert (made.warnings, made.refusals, made.total["collective"]) == ([], [], 8)


@pytest.mark.django_db
def test_what_cannot_be_computed_becomes_a_typed_score_with_its_rule_kept() -> None:
    made = plan(
        [
            (1, "1", "Lạ", 2, "Bình chọn trên mạng", "theo số lượt thích"),
            (1, "2", "Không ghi", "1,5"),
            (1, "3", "Tham số sai", 2, "Chọn một mức", "Các mức:\n- tốt"),
            (1, "4", "Không bằng điểm tối đa", 3, "Chọn một mức", "Các mức:\n- tốt | 2\n- kém | 0"),
        ]
    )
    assert {one.method for one in made.nodes} == {"typed"}
    assert made.nodes[0].params == {"min": "0", "max": "2", "step": "0.01"}
    assert "Bình chọn trên mạng; theo số lượt thích" in made.nodes[0].guidance
    assert len(made.warnings) == 4
    assert "Dòng 2, cột E “Cách chấm”" in made.warnings[0]
    assert "khác điểm tối đa 3" in made.warnings[3]


@pytest.mark.django_db
def test_repeated_codes_and_unknown_units_are_told(cast: Any) -> None:
    made = plan(
        [
            (1, "-", "Một", 1, "all_or_nothing", "", "", "Phòng CCHC"),
            (1, "-", "Hai", 1, "all_or_nothing", "", "", "Phòng Không Có"),
        ]
    )
    assert made.nodes[0].in_charge == Unit.objects.get(code="cchc").pk
    assert made.nodes[1].in_charge is None
    assert made.warnings == [
        "Dòng 3, cột H “Đơn vị phụ trách”: cổng không có đơn vị “Phòng Không Có”; để trống.",
        "Mã “-” lặp lại ở các dòng 2, 3.",
    ]


@pytest.mark.django_db
def test_groups_that_join_and_a_block_outside_the_maximum() -> None:
    made = plan(
        [
            (1, "1", "Mọi điều kiện", 7, "Đạt khi mọi tiêu chí con đạt (VÀ)"),
            (2, "1.1", "Một", 1, "all_or_nothing"),
            (2, "1.2", "Hai", 1, "all_or_nothing"),
            (1, "T", "Thưởng, phạt", None, "bonus_penalty_block", "Thưởng nhiều nhất: 3"),
            (2, "T.1", "Sáng kiến", None, "bonus_uncapped", "Điểm cho mỗi lần: 1"),
            (2, "T.2", "Phê bình", None, "penalty_per_case", "Trừ mỗi lần: 0,5"),
        ]
    )
    assert (made.refusals, made.total["collective"]) == ([], 7)
    assert (made.nodes[0].method, made.nodes[0].max_score) == ("all_of", 7)
    assert made.nodes[3].params == {"bonus_cap": "3"}


@pytest.mark.django_db
def test_a_row_for_the_total_is_no_criterion() -> None:
    rows = [(1, "1", "Một", 3, "all_or_nothing"), (None, None, "Tổng cộng", 5)]
    assert plan(rows).warnings == ["Dòng 3: tổng ghi 5 điểm, các tiêu chí cộng lại được 3."]


# --- what makes no sense -----------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [(1, "1", "Một", None, "all_or_nothing")],
            "Dòng 2, cột D “Điểm tối đa”: tiêu chí chấm điểm phải có",
        ),
        (
            [(1, "1", "Một", "năm", "all_or_nothing")],
            "Dòng 2, cột D “Điểm tối đa”: cần một số, đang là “năm”",
        ),
        ([(1, "1", "Một", -1, "all_or_nothing")], "Dòng 2, cột D “Điểm tối đa”: điểm phải từ 0"),
        ([(1, "1", "Một", 0, "all_or_nothing")], "Dòng 2, cột D “Điểm tối đa”: điểm tối đa phải lớn hơn 0"),
        ([(2, "1", "Một", 1, "all_or_nothing")], "Dòng 2, cột A “Cấp”: phải bắt đầu từ cấp 1"),
        ([(1, "1", "A", 1), (3, "1.1", "B", 1)], "Dòng 3, cột A “Cấp”: nhảy từ cấp 1 sang cấp 3"),
        ([("một", "1", "Một", 1)], "Dòng 2, cột A “Cấp”: cần số nguyên"),
        ([(None, "1", "Một", 1)], "Dòng 2, cột A “Cấp”: còn trống"),
        ([(1, "1", None, 1)], "Dòng 2, cột C “Nội dung”: còn trống"),
        ([(1, "1", "=1+1", 1)], "Dòng 2, cột C “Nội dung”: là công thức"),
    ],
)
def test_what_makes_no_sense_is_refused_with_row_and_column(rows: Rows, told: str) -> None:
    assert any(told in one for one in refused(rows)), refused(rows)


@pytest.mark.django_db
def test_everything_wrong_is_said_at_once() -> None:
    assert len(refused([(1, "1", "Một", "x"), (1, "2", "Hai", "y"), (3, "", "", 1)])) == 4


def test_a_file_that_is_no_table() -> None:
    with pytest.raises(Refused, match=r"không phải tệp Excel"):
        read_rows(BytesIO(b"khong phai excel"))
    with pytest.raises(Refused, match="thiếu cột “Điểm tối đa”"):
        read_rows(book([(1, "1", "Một")], head=["Cấp", "Mã", "Nội dung"]))
    with pytest.raises(Refused, match="dòng tiêu đề"):
        read_rows(book([(1, 2, 3)], head=["a", "b", "c"]))
    with pytest.raises(Refused, match="chưa có tiêu chí nào"):
        read_rows(book([]))


# --- the commands ------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_commands_bring_a_scheme_in_and_out_again(file: Path, tmp_path: Path) -> None:
    file.write_bytes(book(CA_MAU).getvalue())
    assert "Chạy thử" in command("import_scheme", file, "--code", "ca-mau", "--year", 2013, "--dry-run")
    assert not Campaign.objects.filter(code="ca-mau").exists()
    told = command("import_scheme", file, "--code", "ca-mau", "--year", 2013)
    assert "Đã nạp" in told
    assert "Lưu ý: Dòng 2" in told
    assert Campaign.objects.get(code="ca-mau").is_index
    assert "Không đổi" in command("import_scheme", file, "--code", "ca-mau", "--year", 2013)
    assert CriteriaSet.objects.filter(campaign_year__campaign__code="ca-mau").count() == 1
    again = tmp_path / "ra.xlsx"
    command("export_scheme", "ca-mau", again, "--year", 2013)
    assert "Không đổi" in command("import_scheme", again, "--code", "ca-mau", "--year", 2013)
    made = scheme_of("ca-mau", 2013)
    assert made
    assert history_of(made).filter(verb="import", actor_name="Hệ thống").exists()


@pytest.mark.django_db
def test_a_refused_file_writes_nothing(file: Path) -> None:
    file.write_bytes(book([(1, "1", "Một", 1, "all_or_nothing"), (1, "2", "Hai", "hai")]).getvalue())
    with pytest.raises(CommandError, match="Dòng 3"):
        command("import_scheme", file, "--code", "moi", "--year", 2024)
    assert not Campaign.objects.filter(code="moi").exists()
    assert not Criterion.objects.exists()
    with pytest.raises(CommandError, match="Không mở được"):
        command("import_scheme", file.with_name("khong-co.xlsx"), "--code", "moi", "--year", 2024)
    with pytest.raises(CommandError, match="Không có bộ chỉ số"):
        command("export_scheme", "moi", file, "--year", 2024)


@pytest.mark.django_db
def test_a_set_in_use_gets_a_new_version_and_criteria_keep_their_lineage() -> None:
    year = round_of("cchc", 2024, by=None)
    first = write_scheme(year, plan([(1, "1", "Một", 1, "all_or_nothing")]), by=None, use=True).criteria_set
    assert first.state == "in_use"
    second = write_scheme(
        year,
        plan([(1, "1", "Một", 2, "all_or_nothing"), (1, "2", "Hai", 1, "all_or_nothing")]),
        by=None,
    )
    assert (second.criteria_set.version_number, second.criteria_set.state) == (2, "draft")
    before, after = first.criteria.get(), second.criteria_set.criteria.get(code="1")
    assert before.lineage == after.lineage
    write_scheme(year, plan([(1, "9", "Chín", 1, "all_or_nothing")]), by=None)
    assert second.criteria_set.criteria.get().code == "9"  # the draft is replaced, the set in use stays
    assert first.criteria.get().max_score == 1


@pytest.mark.django_db
def test_what_was_shown_is_what_is_written() -> None:
    year = round_of("cchc", 2024, by=None)
    shown = plan([(1, "1", "Một", 1, "all_or_nothing")])
    other = plan([(1, "1", "Một", 2, "all_or_nothing")])
    with pytest.raises(Refused, match="xem lại"):
        write_scheme(year, other, by=None, shown=outlook(year, shown).digest)
    assert not CriteriaSet.objects.filter(campaign_year=year).exists()


@pytest.mark.django_db
def test_every_method_and_group_comes_back_as_it_was(cast: Any) -> None:
    rows: list[tuple[Any, ...]] = []
    for number, (name, method) in enumerate(METHODS.items(), start=1):
        top = method.maximum(EXAMPLES[name])
        text = to_text(method, EXAMPLES[name])
        note = "Xem phụ lục 1"
        rows.append(
            (
                1,
                str(number),
                f"Tiêu chí {method.name}",
                top or None,
                method.name,
                text,
                "Báo cáo",
                "cchc",
                note,
            )
        )
    for group in GROUPS.values():
        top = 2 if group.has_points else None
        rows.append((1, group.id[:5], group.name, top, group.name, to_text(group, EXAMPLES[group.id])))
        rows.append((2, "", "Con", 1, "all_or_nothing"))
    year = round_of("moi", 2025, by=None)
    made = write_scheme(year, plan(rows), by=None).criteria_set
    assert {one.method for one in made.criteria.all()} >= {*METHODS, *GROUPS}
    back = plan_scheme(read_rows(BytesIO(scheme_file(made))), unit_numbers())
    assert (back.refusals, [one.facts for one in back.nodes]) == ([], facts_of(made))
    assert made.criteria.get(method="proportional").max_score == Decimal(2)


# --- the pages ---------------------------------------------------------------------------------------
def uploaded(rows: Rows, name: str = "bo-chi-so.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, book(rows).getvalue())


def test_the_office_uploads_looks_and_confirms(
    campaign_year: CampaignYear, office: User, clerk: User, client_of: Any
) -> None:
    address = f"/phong-trao/nam/{campaign_year.pk}/nap-excel/"
    assert client_of(clerk).get(address).status_code == 404
    client = client_of(office)
    assert client.get("/phong-trao/bo-tieu-chi/mau/").status_code == 200
    assert client.post(address, {"file": SimpleUploadedFile("a.xlsx", b"abc")}).status_code == 422
    sent = client.post(address, {"file": uploaded(CA_MAU)})
    preview = client.get(sent.url)
    assert "Ban hành kế hoạch" in preview.content.decode()
    assert "2 điều cần lưu ý" in preview.content.decode()
    assert client_of(clerk).get(sent.url).status_code == 404
    client.post(sent.url, {"digest": "khác"})
    assert not CriteriaSet.objects.filter(campaign_year=campaign_year, state="draft").exists()
    assert client.post(sent.url, {"digest": preview.context["outlook"].digest}).status_code == 302
    made = CriteriaSet.objects.get(campaign_year=campaign_year, state="draft")
    assert [one.code for one in made.criteria.all()] == ["1", "1.1", "1.1.1", "1.1.2", "1.1.4"]
    client.post(sent.url, {"digest": preview.context["outlook"].digest})  # pressing twice changes nothing
    assert CriteriaSet.objects.filter(campaign_year=campaign_year).count() == 2
    back = client.get(f"/phong-trao/bo-tieu-chi/{made.pk}/excel/")
    assert [one.code for one in plan_scheme(read_rows(BytesIO(back.content)), {}).nodes][-1] == "1.1.4"


def test_a_file_with_refused_rows_cannot_be_confirmed(
    campaign_year: CampaignYear, office: User, client_of: Any
) -> None:
    address = f"/phong-trao/nam/{campaign_year.pk}/nap-excel/"
    sent = client_of(office).post(address, {"file": uploaded([(1, "1", "Một", "hai", "typed")])})
    page = client_of(office).get(sent.url)
    assert "cần một số, đang là “hai”" in page.content.decode()
    client_of(office).post(sent.url, {"digest": page.context["plan"].digest})
    assert not CriteriaSet.objects.filter(campaign_year=campaign_year, state="draft").exists()
