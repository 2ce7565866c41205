"""What people type is read the Vietnamese way, and kept in one form whatever wrote it."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import modelform_factory

from core.fields import CharField, CodeFormField, DateField, DateFormField, DecimalFormField, TextFormField
from core.forms import PortalForm
from core.models import LegalDocument
from core.workflow import Refused
from organization.models import User


class Score(PortalForm):
    layout = ("points", "day", "title")
    points = DecimalFormField(label="Điểm", max_digits=6, decimal_places=2, min_value=0, max_value=10)
    day = DateFormField(label="Ngày", required=False)
    title = TextFormField(label="Tên", max_length=6, required=False)


def fill(**values: str) -> Score:
    return Score({"points": "1", **values})


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("02/09/2026", date(2026, 9, 2)),
        ("2/9/2026", date(2026, 9, 2)),
        ("02-09-2026", date(2026, 9, 2)),
        ("02.09.2026", date(2026, 9, 2)),
        ("2/9/26", date(2026, 9, 2)),
        ("2026-09-02", date(2026, 9, 2)),
        (" 31/12/2025 ", date(2025, 12, 31)),
    ],
)
def test_days_come_before_months(typed: str, day: date) -> None:
    form = fill(day=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == day


@pytest.mark.parametrize("typed", ["31/02/2026", "13/13/2026", "hôm nay", "02/09", "0/0/0", "٠٢/٠٩/٢٠٢٦x"])
def test_no_day_of_the_calendar_is_refused_with_an_example(typed: str) -> None:
    form = fill(day=typed)
    assert form.errors["day"] == ["Nhập ngày theo dạng ngày/tháng/năm, ví dụ 02/09/2025."]
    assert typed in str(form["day"])  # what was typed stays


def test_dates_are_shown_as_they_are_typed() -> None:
    assert 'value="02/09/2026"' in str(Score(initial={"day": date(2026, 9, 2)})["day"])
    bound = modelform_factory(LegalDocument, fields=["signed_on"])(
        instance=LegalDocument(signed_on=date(2026, 9, 2))
    )
    assert 'value="02/09/2026"' in str(bound["signed_on"])


@pytest.mark.parametrize(
    ("typed", "points"), [("8,5", "8.5"), ("8.5", "8.5"), ("8,50", "8.50"), (" 9 ", "9"), ("10", "10")]
)
def test_points_are_read_with_comma_or_point(typed: str, points: str) -> None:
    form = fill(points=typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["points"] == Decimal(points)


@pytest.mark.parametrize(
    "typed",
    [
        "9.125",
        "8,125",
        "tám",
        "8,5đ",
        "-1",
        "10,01",
        "1e1",
        "NaN",
        "Infinity",
        "1 000 000",
        "=1+1",
        "８" * 40,
    ],
)
def test_other_points_are_refused_and_stay_in_the_field(typed: str) -> None:
    form = fill(points=typed)
    assert form.errors["points"]
    assert forms.utils.flatatt({"value": typed}).strip() in str(form["points"])


def test_points_are_shown_with_a_comma_and_without_groups() -> None:
    assert 'value="1234,5"' in str(Score(initial={"points": Decimal("1234.50")})["points"])


def test_a_length_counts_letters_and_not_code_points() -> None:
    form = fill(title=unicodedata.normalize("NFD", "Nguyễn"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Nguyễn"
    assert fill(title="Nguyễn A").errors["title"]


def test_a_form_shows_an_act_s_refusal_above_its_fields() -> None:
    form = fill()
    form.is_valid()
    form.refuse(Refused("Lý do một.", "Lý do hai."))
    assert form.non_field_errors() == ["Lý do một.", "Lý do hai."]


def test_whatever_writes_a_row_it_holds_normal_form_c(db: Any) -> None:
    title = unicodedata.normalize("NFD", " Luật  Thi đua\u200b, khen thưởng ")
    LegalDocument.objects.create(code="x", number="06", title=title, kind="law", issuer="Quốc hội")
    assert LegalDocument.objects.get().title == "Luật Thi đua, khen thưởng"
    LegalDocument.objects.update(title=unicodedata.normalize("NFD", "Điều lệ"))
    assert LegalDocument.objects.filter(title="Điều lệ").exists()
    assert LegalDocument.objects.filter(title=unicodedata.normalize("NFD", "Điều lệ")).exists()


def test_model_fields_bring_their_form_fields() -> None:
    assert isinstance(CharField(max_length=5).formfield(), TextFormField)
    assert isinstance(DateField().formfield(), DateFormField)


@pytest.mark.parametrize("typed", ["phòng", "kh 412", "kế-hoạch", "😀", "<b>"])
def test_a_code_that_cannot_be_one_is_refused_in_vietnamese(typed: str) -> None:
    with pytest.raises(ValidationError, match="Mã chỉ gồm chữ không dấu"):
        CodeFormField().clean(typed)
    assert CodeFormField().clean("kh-412") == "kh-412"


def test_no_form_asks_for_a_code_in_djangos_words(office: User, client_of: Any) -> None:
    client = client_of(office)
    for address in ("/phong-trao/moi/", "/to-chuc/don-vi/them/"):
        page = client.post(address, {"code": "phòng mới"})
        assert page.status_code == 422
        assert "Mã chỉ gồm chữ không dấu" in page.content.decode()
