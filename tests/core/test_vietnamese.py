"""Vietnamese text, order, numbers and dates."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vietnamese import (
    date_in_words,
    fold,
    format_decimal,
    name_sort_key,
    normalize,
    parse_decimal,
    sort_key,
    split_name,
)


def test_words_follow_the_vietnamese_alphabet() -> None:
    words = [
        "An",
        "anh",
        "Anh",
        "Ành",
        "Ảnh",
        "Ãnh",
        "Ánh",
        "Ạnh",
        "Ăn",
        "Ân",
        "Dung",
        "Dũng",
        "Duy",
        "Đạt",
        "Đức",
        "Em",
        "Ê",
        "Oanh",
        "Ông",
        "Ơn",
        "Uyên",
        "Ước",
        "Yến",
    ]
    assert sorted(set(words), key=lambda word: (sort_key(word), word.swapcase())) == words


def test_people_are_ordered_by_given_name() -> None:
    people = [
        "Nguyễn Văn Đức",
        "Đỗ Thị Bích",
        "Hoàng Ân",
        "Trần Thị Ánh",
        "Bùi Thị Ánh",
        "Phạm Hồng Anh",
        "Lê Anh",
    ]
    assert sorted(people, key=name_sort_key) == [
        "Lê Anh",
        "Phạm Hồng Anh",
        "Bùi Thị Ánh",
        "Trần Thị Ánh",
        "Hoàng Ân",
        "Đỗ Thị Bích",
        "Nguyễn Văn Đức",
    ]


def test_search_key_has_no_diacritics() -> None:
    assert fold("Đặng Thị Ưởng") == "dang thi uong"
    assert fold(unicodedata.normalize("NFD", "Nguyễn Văn")) == "nguyen van"


def test_text_is_composed_and_free_of_invisible_characters() -> None:
    decomposed = unicodedata.normalize("NFD", "  Nguyễn\u200b  Văn\u00a0An ")
    assert normalize(decomposed) == "Nguyễn Văn An"
    assert normalize("dòng một\r\ndòng hai") == "dòng một\ndòng hai"
    assert normalize(None) == ""


def test_the_last_word_is_the_given_name() -> None:
    assert split_name("Trần  Thị Minh Hằng") == ("Trần Thị Minh", "Hằng")
    assert split_name("An") == ("", "An")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("8,5", "8.5"),
        ("8.5", "8.5"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        (" 12 ", "12"),
        ("-0,25", "-0.25"),
    ],
)
def test_numbers_are_read_with_comma_or_point(typed: str, value: str) -> None:
    assert parse_decimal(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["9.125", "1.234", "8,5,1", "tám", "", "1e5", "NaN", "1.23,4", "--1"])
def test_what_is_no_clear_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="ambiguous|not a number"):
        parse_decimal(typed)


@given(st.decimals(min_value=-99_999, max_value=99_999, places=4))
def test_a_shown_number_reads_back_as_itself(value: Decimal) -> None:
    assert parse_decimal(format_decimal(value, 4)) == value


def test_numbers_are_shown_the_vietnamese_way() -> None:
    assert format_decimal(Decimal("1234567.50")) == "1.234.567,5"
    assert format_decimal(Decimal("8.500"), 2) == "8,50"
    assert format_decimal(Decimal("100")) == "100"
    assert format_decimal(None) == ""


def test_dates_in_words_carry_zeros_as_decree_30_asks() -> None:
    assert date_in_words(date(2022, 2, 9)) == "ngày 09 tháng 02 năm 2022"
    assert date_in_words(date(2022, 11, 20)) == "ngày 20 tháng 11 năm 2022"
