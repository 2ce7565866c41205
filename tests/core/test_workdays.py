"""Working days: properties of the calendar, and the years of the reference data as they were announced."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import WorkDay, WorkYear
from core.reminding import workdays
from core.workdays import Workdays, before_in_words, left_in_words
from organization.reference import load_holidays

FILE = Path(__file__).resolve().parents[2] / "reference" / "organization" / "holidays.yaml"
DAYS = st.dates(date(2022, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(Workdays, st.frozensets(DAYS, max_size=40), st.frozensets(DAYS, max_size=8))


@given(CALENDARS, DAYS, st.integers(0, 60))
def test_a_term_ends_on_a_working_day_and_counts_back(calendar: Workdays, day: date, count: int) -> None:
    end = calendar.add(day, count)
    assert calendar.between(day, end) == count
    assert count == 0 or calendar.is_workday(end)
    back = calendar.add(end, -count)
    assert calendar.between(back, end) == count
    assert count == 0 or calendar.is_workday(back)


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_spans_add_up_and_turn_round(calendar: Workdays, one: date, two: date, three: date) -> None:
    assert calendar.between(one, two) + calendar.between(two, three) == calendar.between(one, three)
    assert calendar.between(one, two) == -calendar.between(two, one)
    assert calendar.between(one, one) == 0


@given(CALENDARS, DAYS, st.integers(0, 90))
def test_a_span_is_what_counting_the_days_gives(calendar: Workdays, start: date, length: int) -> None:
    days = [start + timedelta(days=number) for number in range(1, length + 1)]
    assert calendar.between(start, start + timedelta(days=length)) == sum(map(calendar.is_workday, days))


@given(CALENDARS, DAYS)
def test_the_nearest_working_days(calendar: Workdays, day: date) -> None:
    after, before = calendar.on_or_after(day), calendar.on_or_before(day)
    assert before <= day <= after
    assert calendar.is_workday(before)
    assert calendar.is_workday(after)
    assert (before == after) is calendar.is_workday(day)


def test_words_always_say_the_hour() -> None:
    assert before_in_words(date(2025, 12, 5), 17) == "trước 17 giờ 00 ngày 05/12/2025"
    assert [left_in_words(left) for left in (3, 0, -2)] == [
        "còn 3 ngày làm việc",
        "hạn hôm nay",
        "quá hạn 2 ngày làm việc",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (
            date(2025, 1, 24),
            1,
            date(2025, 2, 3),
        ),  # the last working day before Tết Ất Tỵ and the first after it
        (date(2025, 4, 29), 1, date(2025, 5, 5)),  # 02/05 was swapped with the Saturday before
        (date(2025, 4, 25), 1, date(2025, 4, 26)),
        (date(2024, 8, 30), 1, date(2024, 9, 4)),
        (date(2023, 4, 28), 1, date(2023, 5, 4)),
        (date(2022, 4, 29), 1, date(2022, 5, 4)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),
        (date(2025, 12, 31), 5, date(2026, 1, 9)),  # 01/01 and 02/01 off
    ],
)
def test_terms_across_the_holidays_of_the_office(start: date, count: int, end: date) -> None:
    load_holidays(FILE)
    assert workdays().add(start, count) == end


@pytest.mark.django_db
def test_what_the_law_fixes_is_in_every_year_and_no_year_is_confirmed_by_itself() -> None:
    changes = load_holidays(FILE)
    assert {change.kind for change in changes} == {"added"}
    assert [year.year for year in WorkYear.objects.order_by("year")] == list(range(2022, 2028))
    assert not WorkYear.objects.filter(is_confirmed=True).exists()
    for year in range(2022, 2028):
        days = {one.day: one for one in WorkDay.objects.filter(day__year=year)}
        for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
            assert days[date(year, month, day)].is_certain, (year, month, day)
        names = [one.name for one in days.values() if one.is_certain]
        assert sum("Giỗ Tổ Hùng Vương (10/3 âm lịch)" in name for name in names) == 1
        assert sum("mùng 1 tháng Giêng" in name for name in names) == 1
    assert {change.kind for change in load_holidays(FILE)} == {"unchanged"}
