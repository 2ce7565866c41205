"""Calendars, bands and sums."""

from datetime import date
from decimal import Decimal

from campaigns.calculations import band_problems, deadline_problems, shift_year, sums

TODAY = date(2025, 1, 1)


def test_a_calendar_in_order_is_fine() -> None:
    assert (
        deadline_problems(2025, [("Đăng ký", date(2025, 3, 1)), ("Khen thưởng", date(2026, 1, 30))], TODAY)
        == []
    )


def test_a_calendar_out_of_order_or_far_away() -> None:
    found = deadline_problems(2025, [("Đăng ký", date(2025, 5, 1)), ("Chấm", date(2025, 4, 1))], TODAY)
    assert found == ["Chấm (01/04/2025) phải không sớm hơn Đăng ký (01/05/2025)."]
    assert "nằm ngoài khoảng" in deadline_problems(2025, [("Đăng ký", date(2024, 12, 31))], TODAY)[0]
    assert deadline_problems(2025, [("Đăng ký", date(2027, 1, 5))], date(2026, 6, 1)) == []
    assert deadline_problems(2025, [("Đăng ký", date(2027, 1, 5))], TODAY)


def test_bands() -> None:
    good = [("Tốt", Decimal(80), "green"), ("Yếu", Decimal(0), "red")]
    assert band_problems("Tập thể", good) == []
    assert "chưa có mức" in band_problems("Tập thể", [])[0]
    assert "bắt đầu từ 0" in band_problems("Tập thể", good[:1])[0]
    assert "phải thấp hơn" in band_problems("Tập thể", good[::-1])[0]
    assert "trùng tên" in band_problems("Tập thể", [*good, ("tốt", Decimal(-1), "green")])[0]
    assert "màu lạ" in band_problems("Tập thể", [("Tốt", Decimal(0), "hồng")])[0]


def test_both_counts_for_everyone() -> None:
    total = sums([("both", Decimal(3)), ("collective", Decimal("0.5"))], ["collective", "individual"])
    assert total == {"collective": Decimal("3.5"), "individual": Decimal(3)}


def test_leap_day() -> None:
    assert shift_year(date(2024, 2, 29), 1) == date(2025, 2, 28)
