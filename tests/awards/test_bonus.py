"""Bonus money: the table of the law row by row, what is paid and what is not, sums, the command, page and papers."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from docx import Document

from awards.actions import register
from awards.calculations.bonus import PROVINCE, Bonus, Item, Rounding, base_on, bonus, in_words
from awards.models import Award, BaseSalary, Honour, RuleDocument, Setting, SettingValue
from core.models import LegalDocument
from organization.models import Unit, User
from tests.awards.builders import LETTER, LETTER_UNIT, MERIT_UNIT, TITLE

ClientOf = Callable[[User], Client]
SALARIES = [
    (date(2019, 7, 1), Decimal(1_490_000)),
    (date(2023, 7, 1), Decimal(1_800_000)),
    (date(2024, 7, 1), Decimal(2_340_000)),
    (date(2026, 7, 1), Decimal(2_530_000)),
]
# Coefficient, and the amount under each base salary, rounded up to ten thousand.
LAW = {
    "Lao động tiên tiến": ("0.3", 450_000, 540_000, 710_000, 760_000),
    "Chiến sĩ thi đua cơ sở": ("1", 1_490_000, 1_800_000, 2_340_000, 2_530_000),
    "Chiến sĩ thi đua cấp tỉnh": ("3", 4_470_000, 5_400_000, 7_020_000, 7_590_000),
    "Chiến sĩ thi đua toàn quốc": ("4.5", 6_710_000, 8_100_000, 10_530_000, 11_390_000),
    "Tập thể lao động tiên tiến": ("0.8", 1_200_000, 1_440_000, 1_880_000, 2_030_000),
    "Tập thể lao động xuất sắc": ("1.5", 2_240_000, 2_700_000, 3_510_000, 3_800_000),
    "Cờ thi đua của tỉnh": ("8", 11_920_000, 14_400_000, 18_720_000, 20_240_000),
    "Cờ thi đua của Chính phủ": ("12", 17_880_000, 21_600_000, 28_080_000, 30_360_000),
    "Bằng khen của tỉnh (đến 2023)": ("1", 1_490_000, 1_800_000, 2_340_000, 2_530_000),
    "Bằng khen của tỉnh (từ 2024)": ("1.5", 2_240_000, 2_700_000, 3_510_000, 3_800_000),
    "Bằng khen của Thủ tướng": ("3.5", 5_220_000, 6_300_000, 8_190_000, 8_860_000),
    "Giấy khen của Giám đốc Sở": ("0.3", 450_000, 540_000, 710_000, 760_000),
    "Bằng khen của tỉnh, tập thể": ("3", 4_470_000, 5_400_000, 7_020_000, 7_590_000),
    "Giấy khen của Giám đốc Sở, tập thể": ("0.6", 900_000, 1_080_000, 1_410_000, 1_520_000),
}
DAY = date(2024, 1, 15)
COEFFICIENTS = {"ldtt": Decimal("0.3"), "cstd": Decimal(1), "cstdt": Decimal(3), "gk": Decimal("0.3")}


def item(key: int = 1, award: str = "ldtt", **more: Any) -> Item:
    given = {"recipient": "individual", "who": 7, "year": 2023, "decided_on": DAY, "is_title": award != "gk"}
    return Item(key=key, award=award, name=award, **{**given, **more})


def pay(*items: Item, base: Decimal | None = Decimal(1_800_000), rounding: Rounding | None = None) -> Bonus:
    return bonus(items, COEFFICIENTS, base, rounding or Rounding())


@pytest.mark.parametrize("name", LAW)
@pytest.mark.parametrize("place", range(4))
def test_the_table_of_the_law(name: str, place: int) -> None:
    coefficient, *amounts = LAW[name]
    base = base_on(SALARIES[place][0], SALARIES)
    (row,) = bonus([item(award="x")], {"x": Decimal(coefficient)}, base, Rounding()).rows
    assert (row.amount, row.is_paid) == (Decimal(amounts[place]), True)


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2019, 6, 30), None), (date(2019, 7, 1), 1_490_000), (date(2023, 6, 30), 1_490_000),
        (date(2023, 7, 1), 1_800_000), (date(2024, 6, 30), 1_800_000), (date(2024, 7, 1), 2_340_000),
        (date(2026, 6, 30), 2_340_000), (date(2026, 7, 1), 2_530_000),
    ],
)  # fmt: skip
def test_the_base_salary_is_that_of_the_day(day: date, amount: int | None) -> None:
    assert base_on(day, reversed(SALARIES)) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("mode", "to", "amount"),
    [("up", 10_000, 230_000), ("down", 10_000, 220_000), ("half_up", 10_000, 220_000), ("up", 1000, 224_000),
     ("half_up", 1000, 224_000), ("down", 1, 223_500), ("up", 1, 223_500)],
)  # fmt: skip
def test_rounding_is_a_setting(mode: str, to: int, amount: int) -> None:
    """0.15 × 1.490.000 = 223.500, which papers have rounded both ways."""
    assert Rounding(mode, Decimal(to)).apply(Decimal("0.15") * Decimal(1_490_000)) == Decimal(amount)


def test_what_is_round_already_is_not_rounded_up() -> None:
    assert Rounding().apply(Decimal(450_000)) == Decimal(450_000)


# --- what is paid ---------------------------------------------------------------------------------------
def test_of_several_titles_for_one_period_the_highest_is_paid() -> None:
    low, high = pay(item(1, "ldtt"), item(2, "cstd")).rows
    assert (low.is_paid, low.sum, low.amount) == (False, 0, Decimal(540_000))
    assert low.reason == "Cùng năm 2023 chi theo danh hiệu cao hơn: cstd."
    assert (high.is_paid, high.sum) == (True, Decimal(1_800_000))


def test_titles_for_different_periods_and_of_different_people_are_all_paid() -> None:
    assert pay(item(1, "ldtt"), item(2, "cstd", year=2022), item(3, "cstd", who=8)).total == Decimal(
        4_140_000
    )


def test_a_title_and_forms_of_commendation_are_paid_together() -> None:
    assert pay(item(1, "cstd"), item(2, "gk"), item(3, "gk")).total == Decimal(2_880_000)


def test_a_person_and_a_unit_of_the_same_number_are_two() -> None:
    assert all(row.is_paid for row in pay(item(1, "ldtt"), item(2, "cstd", recipient="collective")).rows)


def test_the_same_title_twice_is_paid_once() -> None:
    assert [row.is_paid for row in pay(item(2, "cstd"), item(1, "cstd")).rows] == [False, True]


def test_a_higher_title_of_an_earlier_decision_counts_and_of_a_later_one_is_told() -> None:
    before = item(2, "cstd", decided_on=date(2024, 1, 2), is_asked=False)
    after = item(3, "cstdt", decided_on=date(2024, 6, 2), is_asked=False)
    (row,) = pay(item(1, "ldtt"), before).rows
    assert not row.is_paid
    (row,) = pay(item(1, "ldtt"), after).rows
    assert (row.is_paid, row.note) == (
        True,
        "Quyết định sau công nhận cstdt của năm 2023: đối chiếu phần đã chi.",
    )
    (row,) = pay(item(1, "cstdt"), before).rows
    assert (row.is_paid, row.note) == (
        True, "Quyết định trước đã công nhận cstd của năm 2023: đối chiếu phần đã chi.",
    )  # fmt: skip


def test_an_earlier_decision_of_the_same_period_leaves_only_the_difference() -> None:
    """Lao động tiên tiến was paid by the base salary of its own day; the higher title came later."""
    day, more = date(2025, 3, 1), {"year": 2024}
    low = item(2, "ldtt", decided_on=date(2025, 1, 10), is_asked=False, given=Decimal(710_000),
               paper="Quyết định 5/QĐ-SNV ngày 10/01/2025", **more)  # fmt: skip
    base, only = Decimal(2_340_000), {"only_difference": True}
    [row] = bonus([item(1, "cstd", decided_on=day, **more), low], COEFFICIENTS, base, Rounding(), **only).rows
    assert (row.amount, row.deducted, row.sum) == (2_340_000, 710_000, 1_630_000)
    assert row.note == (
        "Mức 2.340.000 đồng, trừ 710.000 đồng tính chi cho ldtt của cùng năm 2024 theo"
        " Quyết định 5/QĐ-SNV ngày 10/01/2025; chi phần chênh lệch."
    )
    [row] = bonus(
        [item(1, "cstd", decided_on=day, year=2023), low], COEFFICIENTS, base, Rounding(), **only
    ).rows
    assert (row.sum, row.note) == (2_340_000, "")  # another period
    [row] = bonus([item(1, "cstd", decided_on=day, **more), low], COEFFICIENTS, base, Rounding()).rows
    assert row.sum == 2_340_000  # where the province pays both in full
    lower = item(1, "ldtt", decided_on=day, **more)
    much = item(2, "cstd0", decided_on=date(2025, 1, 10), is_asked=False, given=Decimal(900_000), **more)
    [row] = bonus([lower, much], COEFFICIENTS, base, Rounding(), **only).rows
    assert (row.is_paid, row.sum) == (False, 0)


def test_what_is_cancelled_is_not_paid_and_hinders_nobody() -> None:
    gone, title = pay(item(1, "cstd", is_cancelled=True), item(2, "ldtt")).rows
    assert (gone.is_paid, gone.reason) == (False, "Khen thưởng đã bị hủy; nếu đã chi thì phải thu hồi.")
    assert title.is_paid


def test_without_coefficient_or_base_salary_nothing_is_guessed() -> None:
    assert "không có hệ số" in pay(item(award="la")).rows[0].reason
    assert "mức lương cơ sở" in pay(item(), base=None).rows[0].reason


def test_sums_by_fund_and_unit() -> None:
    money = pay(
        item(1, "cstd", unit="Phòng A"), item(2, "gk", unit="Phòng A"), item(3, "ldtt", unit="Phòng A"),
        item(4, "cstdt", who=8, unit="Phòng B", fund=PROVINCE),
    )  # fmt: skip
    assert [(one.name, one.count, one.amount) for one in money.funds] == [
        ("Quỹ thi đua, khen thưởng của Sở", 2, Decimal(2_340_000)),
        ("Quỹ thi đua, khen thưởng của tỉnh", 1, Decimal(5_400_000)),
    ]
    assert [(one.name, one.count, one.amount) for one in money.units] == [
        ("Phòng A", 2, Decimal(2_340_000)), ("Phòng B", 1, Decimal(5_400_000)),
    ]  # fmt: skip
    assert money.total == sum(one.amount for one in money.units)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không đồng"), (540_000, "năm trăm bốn mươi nghìn đồng"),
        (1_230_000, "một triệu hai trăm ba mươi nghìn đồng"),
        (2_005_015, "hai triệu không trăm linh năm nghìn không trăm mười lăm đồng"),
        (21_000_000, "hai mươi mốt triệu đồng"), (1_000_000_000, "một tỷ đồng"),
        (105_025_001, "một trăm linh năm triệu không trăm hai mươi lăm nghìn không trăm linh một đồng"),
    ],
)  # fmt: skip
def test_sums_in_words(amount: int, words: str) -> None:
    assert in_words(Decimal(amount)) == words


# --- a decision of the register ---------------------------------------------------------------------------
@pytest.fixture
def law(db: None) -> None:
    """A small rulebook, the base salaries, the settings."""
    decree = LegalDocument.objects.create(
        code="nd-98", number="98/2023/NĐ-CP", title="Nghị định", kind="decree", issuer="Chính phủ"
    )
    RuleDocument.objects.create(
        legal_document=decree,
        effective_from=date(2024, 1, 1),
        digest="0" * 64,
        content={
            "bonus": [
                {"award": TITLE, "coefficient": "0.3", "citation": "Điều 54"},
                {"award": LETTER, "coefficient": "0.3", "citation": "Điều 55", "confirmed": False},
                {"award": LETTER_UNIT, "coefficient": "0.6", "citation": "Điều 55"},
                {"award": MERIT_UNIT, "coefficient": "3", "citation": "Điều 55"},
            ]
        },
    )
    for first, amount in SALARIES:
        BaseSalary.objects.create(legal_document=decree, valid_from=first, amount=amount)


@pytest.fixture
def decided(
    law: None, awards: dict[str, Award], clerk: User, head: User, units: dict[str, Unit], office: User
) -> list[Honour]:
    paper = {
        "year": 2023, "occasion": "regular", "decision_number": "15/QĐ-SNV", "decided_on": DAY,
        "decided_by": "Giám đốc Sở Nội vụ",
    }  # fmt: skip
    return [
        register.enter(person=clerk.person, award=awards[TITLE], by=office, **paper),
        register.enter(person=clerk.person, award=awards[LETTER], by=office, **paper),
        register.enter(person=head.person, award=awards[TITLE], by=office, **paper),
        register.enter(unit=units["cchc"], award=awards[LETTER_UNIT], by=office, **paper),
        register.enter(unit=units["vp"], award=awards[MERIT_UNIT], by=office, **paper),
    ]


def command(*args: str) -> str:
    out = StringIO()
    call_command("bonus", *args, stdout=out)
    return out.getvalue()


def test_the_command_tells_amounts_and_sums(decided: list[Honour], office: User) -> None:
    register.cancel(decided[2], on=date(2024, 2, 1), number="20/QĐ-SNV", reason="Khai sai", by=office)
    told = json.loads(command("--number", "15/QĐ-SNV", "--format", "json"))
    assert told["decision"] == {"number": "15/QĐ-SNV", "day": "2024-01-15", "issuer": "Giám đốc Sở Nội vụ"}
    assert told["base_salary"] == 1_800_000
    assert told["rounding"] == {"mode": "up", "to": 10_000}
    by_key = {one["honour"]: one for one in told["honours"]}
    first = by_key[decided[0].pk]
    assert (first["coefficient"], first["amount"], first["paid"], first["fund"]) == (
        "0.3",
        540_000,
        True,
        "agency",
    )
    assert by_key[decided[2].pk]["paid"] is False
    assert "thu hồi" in by_key[decided[2].pk]["reason"]
    assert told["funds"] == [
        {"name": "Quỹ thi đua, khen thưởng của Sở", "count": 3, "amount": 2_160_000},
        {"name": "Quỹ thi đua, khen thưởng của tỉnh", "count": 1, "amount": 5_400_000},
    ]
    assert {one["name"]: one["amount"] for one in told["units"]} == {
        "Phòng Cải cách hành chính": 2_160_000, "Văn phòng Sở": 5_400_000,
    }  # fmt: skip
    assert told["total"] == 7_560_000
    assert told["unconfirmed"] == ["Giấy khen của Giám đốc Sở Nội vụ: Điều 55"]
    table = command("--number", "15/QĐ-SNV")
    assert "7.560.000  Tổng số" in table
    assert "Nguyễn Văn An, Lao động tiên tiến" in table


def test_a_number_of_two_years_asks_for_the_day(decided: list[Honour], head: User, office: User) -> None:
    register.correct(decided[2], {"decided_on": date(2024, 8, 1)}, by=office)
    with pytest.raises(CommandError, match="15/01/2024, 01/08/2024"):
        command("--number", "15/QĐ-SNV")
    told = json.loads(command("--number", "15/qđ-snv", "--on", "01/08/2024", "--format", "json"))
    assert [(one["name"], one["amount"]) for one in told["honours"]] == [("Lê Minh Châu", 710_000)]
    with pytest.raises(CommandError, match="không có quyết định số 99"):
        command("--number", "99")
    with pytest.raises(CommandError, match="không phải ngày"):
        command("--number", "15/QĐ-SNV", "--on", "hôm qua")


def test_before_the_rules_begin_nothing_is_paid(decided: list[Honour], office: User) -> None:
    register.correct(decided[0], {"decided_on": date(2023, 12, 31)}, by=office)
    told = json.loads(command("--number", "15/QĐ-SNV", "--on", "31/12/2023", "--format", "json"))
    assert told["total"] == 0
    assert "không có hệ số" in told["honours"][0]["reason"]


def test_the_province_may_round_otherwise(decided: list[Honour]) -> None:
    for code, value in (("bonus-rounding", "down"), ("bonus-rounding-to", 100_000)):
        setting = Setting.objects.create(code=code, name=code, kind="choice")
        SettingValue.objects.create(setting=setting, value=value)
    told = json.loads(command("--number", "15/QĐ-SNV", "--format", "json"))
    assert told["rounding"] == {"mode": "down", "to": 100_000}
    assert told["unsure_figures"] == ["cách làm tròn", "mức làm tròn"]
    assert {one["deducted"] for one in told["honours"]} == {0}
    assert {one["award"]: one["amount"] for one in told["honours"]}[TITLE] == 500_000


def test_the_cashiers_list_says_what_was_taken_off(
    decided: list[Honour], awards: dict[str, Award], clerk: User, office: User, client_of: ClientOf
) -> None:
    setting = Setting.objects.create(code="bonus-difference", name="Chênh lệch", kind="yes_no")
    SettingValue.objects.create(setting=setting, value=True, is_confirmed=False)
    higher = Award.objects.create(
        code="cstd", name="Chiến sĩ thi đua cơ sở", kind="title", recipient="individual", level="so", order=99,
        decided_by="Giám đốc Sở Nội vụ",
    )  # fmt: skip
    content = RuleDocument.objects.get().content
    content["bonus"].append({"award": "cstd", "coefficient": "1", "citation": "Điều 54"})
    RuleDocument.objects.update(content=content)
    register.enter(
        person=clerk.person, award=higher, by=office, year=2023, occasion="regular",  # type: ignore[attr-defined]
        decision_number="40/QĐ-SNV", decided_on=date(2024, 8, 1), decided_by="Giám đốc Sở Nội vụ",
    )  # fmt: skip
    told = json.loads(command("--number", "40/QĐ-SNV", "--format", "json"))
    assert told["total"] == 2_340_000 - 540_000
    assert [(one["amount"], one["deducted"]) for one in told["honours"]] == [(1_800_000, 540_000)]
    assert "chỉ chi phần chênh lệch" in " ".join(told["unsure_figures"])
    assert "Cần Văn phòng Sở xác nhận: chỉ chi phần chênh lệch" in command("--number", "40/QĐ-SNV")
    address, client = "?so=40/Q%C4%90-SNV&ngay=2024-08-01", client_of(office)
    said = "trừ 540.000 đồng tính chi cho Lao động tiên tiến của cùng năm 2023 theo Quyết định 15/QĐ-SNV"
    page = client.get(reverse("awards:bonus_detail") + address).content.decode()
    assert said in page
    assert "chỉ chi phần chênh lệch" in page
    sheet = client.get(reverse("awards:bonus_export", args=["xlsx"]) + address)
    text = str(
        [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(sheet.content)).active]
    )
    assert said in text
    assert "1800000" in text
    word = Document(BytesIO(client.get(reverse("awards:bonus_export", args=["docx"]) + address).content))
    assert any(said in cell.text for table in word.tables for row in table.rows for cell in row.cells)


ADDRESS = "?so=15/Q%C4%90-SNV&ngay=2024-01-15"


def test_the_page_and_its_papers(decided: list[Honour], office: User, client_of: ClientOf) -> None:
    client = client_of(office)
    assert "15/QĐ-SNV" in client.get(reverse("awards:bonus_list") + "?q=15/").content.decode()
    page = client.get(reverse("awards:bonus_detail") + ADDRESS).content.decode()
    assert "Tổng cộng 8.100.000 đồng" in page
    assert "Hệ số cần Văn phòng Sở xác nhận" in page
    sheet = client.get(reverse("awards:bonus_export", args=["xlsx"]) + ADDRESS)
    cells = [
        cell.value
        for row in openpyxl.load_workbook(BytesIO(sheet.content)).active.iter_rows()
        for cell in row  # type: ignore[union-attr]
    ]
    for wanted in ("DANH SÁCH CHI TIỀN THƯỞNG", "Ký nhận", "Nguyễn Văn An", 540_000, 8_100_000):
        assert wanted in cells
    word = Document(BytesIO(client.get(reverse("awards:bonus_export", args=["docx"]) + ADDRESS).content))
    assert "Tám triệu một trăm nghìn đồng." in "\n".join(one.text for one in word.paragraphs)
    assert client.get(reverse("awards:bonus_export", args=["pdf"]) + ADDRESS).content[:5] == b"%PDF-"


@pytest.mark.parametrize("part", ["clerk", "head", "council_member", "technician", "stranger_head"])
def test_strangers_find_no_money(
    part: str, decided: list[Honour], cast: dict[str, User], client_of: ClientOf
) -> None:
    client = client_of(cast[part])
    for address in ("bonus_list", "bonus_detail"):
        assert client.get(reverse(f"awards:{address}") + ADDRESS).status_code == 404
    assert client.get(reverse("awards:bonus_export", args=["xlsx"]) + ADDRESS).status_code == 404
    assert client_of(cast["director"]).get(reverse("awards:bonus_detail") + ADDRESS).status_code == 200


@pytest.mark.parametrize("query", ["", "?so=15/Q%C4%90-SNV", "?so=99&ngay=2024-01-15", "?so=15&ngay=hom-qua"])
def test_no_such_decision(query: str, decided: list[Honour], office: User, client_of: ClientOf) -> None:
    assert client_of(office).get(reverse("awards:bonus_detail") + query).status_code == 404
    assert client_of(office).get(reverse("awards:bonus_export", args=["zip"]) + ADDRESS).status_code == 404


def test_the_page_costs_the_same_however_many_are_paid(
    decided: list[Honour], awards: dict[str, Award], cast: dict[str, User], office: User, client_of: ClientOf,
    assert_same_queries: Callable[..., None],
) -> None:  # fmt: skip
    def grow() -> None:
        for part in ("colleague", "deputy"):
            register.enter(
                person=cast[part].person, award=awards[TITLE], by=office, year=2023, occasion="regular",
                decision_number="15/QĐ-SNV", decided_on=DAY, decided_by="Giám đốc Sở Nội vụ",
            )  # fmt: skip

    assert_same_queries(client_of(office), reverse("awards:bonus_detail") + ADDRESS, grow)
