"""Vietnamese text: normal form, search without diacritics, alphabetical order, numbers and dates."""

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache, lru_cache

from django.utils import timezone

POINT_PLACES = 2  # of points on screen and paper; what is kept and added up is exact
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_BLANKS = re.compile(r"[ \t\u00a0]+")
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(ord("A") + index) for index, letter in enumerate(_LETTERS)}
_RANK.update({str(digit): str(digit) for digit in range(10)})
# The order of tones in Vietnamese dictionaries: level, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_GROUPED = re.compile(r"^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$")
_PLAIN = re.compile(r"^[+-]?\d+([.,]\d+)?$")


@lru_cache(maxsize=256)  # thousands of rows that are written at once say the same few sentences
def normalize(text: str | None) -> str:
    """NFC, no invisible characters, single blanks, nothing at the ends; line breaks stay."""
    composed = _INVISIBLE.sub("", unicodedata.normalize("NFC", text or "").replace("\r\n", "\n"))
    return _BLANKS.sub(" ", composed).strip()


def fold(text: str | None) -> str:
    """The search key: lower case without diacritics, so that "nguyen van" finds "Nguyễn Văn"."""
    decomposed = unicodedata.normalize("NFD", normalize(text).casefold().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@cache
def _letter_key(char: str) -> tuple[str, str]:
    decomposed = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in decomposed if mark in _TONES), "")
    letter = unicodedata.normalize("NFC", decomposed.replace(tone, "") if tone else decomposed)
    return ("!" if char in " \n" else _RANK.get(letter, "")), _TONES.get(tone, "0")


def sort_key(text: str | None) -> str:
    """A plain ASCII key whose byte order is the Vietnamese alphabetical order."""
    keys = [_letter_key(char) for char in normalize(text).casefold()]
    return "".join(letter for letter, _ in keys) + " " + "".join(tone for _, tone in keys)


def split_name(full_name: str) -> tuple[str, str]:
    """Family and middle names, and the given name by which Vietnamese people are ordered and addressed."""
    family, _, given = normalize(full_name).rpartition(" ")
    return family, given


def name_sort_key(full_name: str) -> str:
    family, given = split_name(full_name)
    return f"{sort_key(given)} {sort_key(family)}"


def parse_decimal(text: str) -> Decimal:
    """Reads "8,5", "8.5" and "1.234,5"; raises ValueError for everything else, "1.234" included.

    A single dot before exactly three digits may be a thousands separator or a decimal point, so it is refused.
    """
    compact = normalize(text).replace(" ", "")
    if re.fullmatch(r"[+-]?\d{1,3}\.\d{3}", compact):
        raise ValueError("ambiguous")
    if _GROUPED.match(compact):
        compact = compact.replace(".", "")
    elif not _PLAIN.match(compact):
        raise ValueError("not a number")
    try:
        return Decimal(compact.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError("not a number") from error


def format_decimal(value: Decimal | int | None, places: int | None = None) -> str:
    """``1234.5`` as "1.234,5"; with ``places`` a fixed number of decimals, half up; without it no trailing zeros."""
    if value is None:
        return ""
    exact = Decimal(value) if places is None else half_up(Decimal(value), places)
    text = f"{exact:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def format_points(value: Decimal | int | None) -> str:
    """Points as people read them: at most two decimals, half up, no trailing zeros."""
    return format_decimal(None if value is None else half_up(Decimal(value), POINT_PLACES))


def half_up(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_date(value: date | None) -> str:
    return value.strftime("%d/%m/%Y") if value else ""


def format_moment(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%H:%M %d/%m/%Y") if value else ""


def date_in_words(value: date) -> str:
    """The form of Decree 30/2020: days below 10 and months 1 and 2 carry a leading zero."""
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"
