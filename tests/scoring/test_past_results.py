"""Published tables of past years: computed again, every row that differs is named, nothing is put right silently."""

import csv
import json
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import CampaignYear
from core.workflow import Refused
from scoring.calculations import Class, ComputedRow, PublishedRow, compute_again, rank
from scoring.importing.results import Table, read_results
from scoring.models import PastResult

CASES = Path(__file__).parent.parent / "cases"
# Published by the provinces; sources in the shared notes on the index (Huế 2021, Hà Nội 2022, Thanh Hóa 2023).
HUE, HA_NOI, THANH_HOA = (
    CASES / f"published_{name}.csv" for name in ("hue_2021", "ha_noi_2022", "thanh_hoa_2023")
)
BANDS = "Xuất sắc=90;Tốt=80;Khá=70;Trung bình=50;Yếu=0"
HEAD = "Đơn vị,Điểm tối đa áp dụng,Điểm đạt,Chỉ số,Xếp hạng,Xếp loại\n"


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places))


def again(*rows: PublishedRow, classes: tuple[Class, ...] = (), **more: Any) -> list[ComputedRow]:
    return compute_again(rows, classes, rounded, places=2, **more)


def command(name: str, *args: Any) -> str:
    out = StringIO()
    call_command(name, *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


def table(text: str) -> Table:
    return read_results(BytesIO(text.encode()), "bang.csv")


# --- real tables -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_hue_2021_agrees_in_every_rank_and_class() -> None:
    told = command("import_results", HUE, "--scheme", "hue-so", "--year", 2021, "--bands", BANDS)
    assert "21 đơn vị, 0 dòng khác" in told
    assert not PastResult.objects.exclude(differences=[]).exists()
    rows = json.loads(command("ranking", "--scheme", "hue-so", "--year", 2021, "--format", "json"))
    with HUE.open(encoding="utf-8") as source:
        published = [(row["Đơn vị"], int(row["Xếp hạng"]), row["Xếp loại"]) for row in csv.DictReader(source)]
    assert [(row["unit"], row["rank"], row["band"]) for row in rows] == published
    assert rows[0] == {
        "rank": 1,
        "unit": "Văn phòng UBND tỉnh",
        "score": None,
        "applicable_max": None,
        "index": "97.685",
        "band": "Xuất sắc",
        "tied": False,
    }


@pytest.mark.django_db
def test_ha_noi_2022_names_the_rows_that_stand_out_of_order() -> None:
    told = command("import_results", HA_NOI, "--scheme", "hn-so", "--year", 2022)
    strays = [line.split(":")[0].removeprefix("KHÁC  ") for line in told.splitlines() if "sai thứ tự" in line]
    assert strays == ["Sở Giao thông vận tải", "Sở Ngoại vụ"]
    assert "Sở Tài nguyên và Môi trường: Không xếp hạng được" in told
    kept = {one.unit_name: one for one in PastResult.objects.all()}
    assert (kept["Sở Giao thông vận tải"].published_rank, kept["Sở Giao thông vận tải"].rank) == (9, 17)
    assert [kept[name].differences for name in ("Sở Lao động - TB và XH", "Sở Nội vụ", "Sở Du lịch")] == [
        [],
        [],
        [],
    ]
    assert kept["Sở Tài nguyên và Môi trường"].rank is None
    assert "22 đơn vị, 14 dòng khác" in told


@pytest.mark.django_db
def test_ha_noi_2022_every_other_rank_is_that_of_the_index() -> None:
    """Two rows stand out of order and one has no index; the ranks around them move by one and say so."""
    command("import_results", HA_NOI, "--scheme", "hn-so", "--year", 2022)
    found = {one.published_rank: (one.rank, " ".join(one.differences)) for one in PastResult.objects.all()}
    assert {rank: found[rank] for rank in range(1, 9)} == {rank: (rank, "") for rank in range(1, 9)}
    moved = {**{rank: rank - 1 for rank in range(10, 18)}, 19: 18, 21: 20, 22: 21}
    for published, computed in moved.items():
        words = f"Xếp hạng: công bố {published}, tính lại {computed} (đúng thứ tự, lệch vì dòng khác)."
        assert found[published] == (computed, words)
    out_of_order = "đứng sai thứ tự theo chỉ số"
    assert found[9] == (17, f"Xếp hạng: công bố 9, tính lại 17: {out_of_order} 81,41.")
    assert found[18] == (19, f"Xếp hạng: công bố 18, tính lại 19: {out_of_order} 81,21.")
    assert found[20] == (None, "Không xếp hạng được: không có điểm và chỉ số.")
    assert len(found) == 22


@pytest.mark.django_db
def test_thanh_hoa_2023_is_ranked_on_the_re_scaled_index() -> None:
    command("import_results", THANH_HOA, "--scheme", "th-so", "--year", 2023)
    small = PastResult.objects.get(unit_name="Ban Dân tộc")
    assert (small.score, small.applicable_max, small.index) == (Decimal("68.32"), 84, Decimal("81.333"))
    assert not any("Chỉ số" in sentence for sentence in small.differences)  # 68,32 ÷ 84 = 81,33 %


# --- the rules ---------------------------------------------------------------------------------------
def test_a_wrong_index_rank_and_class_are_named_with_both_values() -> None:
    classes = (Class("Tốt", Decimal(80)), Class("Khá", Decimal(0)))
    first, second = again(
        PublishedRow("A", Decimal(100), Decimal("85"), Decimal("86.00"), 1, "Khá"),
        PublishedRow("B", Decimal(50), Decimal("45"), Decimal("90.00"), 2, "Tốt"),
        classes=classes,
    )
    assert (first.index, first.rank, first.band) == (85, 2, "Tốt")
    assert "Chỉ số: công bố 86, tính lại 85." in first.differences
    assert "Xếp loại: công bố Khá, tính lại Tốt." in first.differences
    assert any("tính lại 1" in sentence for sentence in second.differences)


def test_equal_indexes_share_a_rank() -> None:
    rows = again(
        PublishedRow("A", index=Decimal("90.02"), rank=1),
        PublishedRow("B", index=Decimal("90.02"), rank=2),
        PublishedRow("C", index=Decimal("80"), rank=3),
    )
    assert [(one.rank, one.is_tied) for one in rows] == [(1, True), (1, True), (3, False)]
    assert rows[1].differences == ["Xếp hạng: công bố 2, tính lại 1 (đồng hạng)."]


def test_without_classes_a_class_against_the_order_is_named() -> None:
    rows = again(
        PublishedRow("A", index=Decimal(91), band="Tốt"),
        PublishedRow("B", index=Decimal(90), band="Khá"),
        PublishedRow("C", index=Decimal(89), band="Tốt"),
        PublishedRow("D", index=Decimal(70), band="Khá"),
        PublishedRow("E", index=Decimal(60), band="Khá"),
    )
    assert [one.row.unit for one in rows if one.differences] == ["B"]


def test_the_order_of_the_rows_changes_nothing() -> None:
    rows = [
        PublishedRow(name, index=Decimal(value)) for name, value in zip("abcde", (5, 3, 5, 1, 4), strict=True)
    ]
    ranks = {one.row.unit: one.rank for one in again(*rows)}
    assert ranks == {one.row.unit: one.rank for one in again(*reversed(rows))}
    assert ranks == {"a": 1, "c": 1, "e": 3, "b": 4, "d": 5}


def test_ranks_that_leave_none_out_and_named_criteria_that_decide() -> None:
    rows = [("a", Decimal(9)), ("b", Decimal(8)), ("c", Decimal(8)), ("d", Decimal(7))]
    assert [place.rank for place in rank(rows)] == [1, 2, 2, 4]
    assert [place.rank for place in rank(rows, dense=True)] == [1, 2, 2, 3]
    decided = rank(rows, breakers={"b": (Decimal(1),), "c": (Decimal(2),)})
    assert [(place.key, place.rank, place.is_tied) for place in decided] == [
        ("a", 1, False),
        ("c", 2, False),
        ("b", 3, False),
        ("d", 4, False),
    ]


# --- files -------------------------------------------------------------------------------------------
def test_numbers_as_people_write_them() -> None:
    found = table("Đơn vị;Điểm tối đa;Điểm đạt;Chỉ số\nSở A;100;85,5;85,50%\nSở B;1.000;900;90\n").rows
    assert found[0] == PublishedRow("Sở A", Decimal(100), Decimal("85.5"), Decimal("85.50"))
    assert found[1].applicable_max == 1000 or found[1].applicable_max == Decimal("1.000")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Sở A,,,cao,1,", "Dòng 2, cột “Chỉ số”: cần một số, đang là “cao”"),
        ("Sở A,,,-3,1,", "Dòng 2, cột “Chỉ số”: số -3 nằm ngoài khoảng"),
        ("Sở A,0,5,,1,", "Dòng 2, cột “Điểm tối đa áp dụng”: số 0 nằm ngoài khoảng"),
        ("Sở A,,,80,nhất,", "Dòng 2, cột “Xếp hạng”: cần số nguyên dương"),
        (",,,80,1,", "Dòng 2, cột “Đơn vị”: còn trống"),
        ("Sở A,,,80,1,\nsở a,,,70,2,", "Dòng 3: “sở a” đã có ở dòng 2"),
    ],
)
def test_what_makes_no_sense_is_refused_with_row_and_column(line: str, told: str) -> None:
    assert any(told in one for one in table(HEAD + line).refusals)


def test_a_file_without_units() -> None:
    with pytest.raises(Refused, match="cột “Đơn vị”"):
        table("Tên,Chỉ số\nA,1\n")
    with pytest.raises(Refused, match="chưa có đơn vị nào"):
        table(HEAD)
    with pytest.raises(Refused, match="UTF-8"):
        read_results(BytesIO("Đơn vị\nSở A".encode("utf-16")), "a.csv")


@pytest.mark.django_db
def test_a_refused_file_writes_nothing_and_a_trial_neither(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEAD + "Sở A,,,cao,1,", encoding="utf-8")
    with pytest.raises(CommandError, match="chưa ghi gì"):
        command("import_results", file, "--scheme", "moi", "--year", 2022)
    command("import_results", HUE, "--scheme", "moi", "--year", 2021, "--dry-run")
    assert not CampaignYear.objects.exists()
    with pytest.raises(CommandError, match="Không có bộ chỉ số"):
        command("ranking", "--scheme", "moi", "--year", 2021)


@pytest.mark.django_db
def test_reading_a_table_again_updates_it(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEAD + "Sở A,,,90,1,\nSở B,,,80,2,", encoding="utf-8")
    command("import_results", file, "--scheme", "moi", "--year", 2022)
    file.write_text(HEAD + "Sở A,,,90,1,\nSở C,,,85,2,", encoding="utf-8")
    told = command("import_results", file, "--scheme", "moi", "--year", 2022)
    assert "thêm 1, thay đổi 0, không đổi 1, bỏ 1" in told
    assert set(PastResult.objects.values_list("unit_name", flat=True)) == {"Sở A", "Sở C"}
