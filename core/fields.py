"""Model and form fields that speak Vietnamese: NFC text, comma decimals, day-first dates."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from core.vietnamese import format_date, format_decimal, normalize, parse_decimal

DATE_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d"]
YEARS = range(1900, 2101)  # what lies outside is a typing error
LONGEST_NUMBER = 18  # digits of a row's number that every database can compare


class TextFormField(forms.CharField):
    """Text in normal form C; the length counts composed characters."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return normalize(text) if text not in self.empty_values else text


class CodeFormField(forms.SlugField):
    """The code of a unit or a campaign, as it stands in addresses and files; Django's own words for it are English."""

    default_error_messages = {
        "invalid": "Mã chỉ gồm chữ không dấu, số, gạch nối hoặc gạch dưới, ví dụ kh-412."
    }  # noqa: RUF012


class DecimalFormField(forms.DecimalField):
    """A decimal typed with a comma or a point; at most ``decimal_places`` decimals."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_decimal(str(value))
        except ValueError as error:
            raise ValidationError("Nhập một số, ví dụ 8,5.", code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return format_decimal(value).replace(".", "") if isinstance(value, Decimal) else value


class DateFormField(forms.DateField):
    """A date typed as 02/09/2026; the calendar button is added by portal.js."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", DATE_FORMATS)
        kwargs.setdefault(
            "widget", forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": "ngày/tháng/năm"})
        )
        super().__init__(**kwargs)
        self.widget.attrs.update({"autocomplete": "off", "inputmode": "numeric", "data-date": ""})
        self.error_messages["invalid"] = "Nhập ngày theo dạng ngày/tháng/năm, ví dụ 02/09/2025."

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day and day.year not in YEARS:
            raise ValidationError(f"Năm phải từ {YEARS[0]} đến {YEARS[-1]}.", code="year")
        return day

    def prepare_value(self, value: Any) -> Any:
        return format_date(value) if hasattr(value, "strftime") else value


class RowsFormField(forms.ModelMultipleChoiceField):
    """A choice of several rows; a number that no database knows is no choice, where Django would fail."""

    def clean(self, value: Any) -> Any:
        odd = next((one for one in value or [] if len(str(one)) > LONGEST_NUMBER), None)
        if odd is not None:
            raise ValidationError("Lựa chọn không hợp lệ. Hãy chọn trong danh sách.", code="invalid_pk_value")
        return super().clean(value)


class CharField(models.CharField):
    """Text kept in normal form C wherever it comes from."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return normalize(prepared) if isinstance(prepared, str) else prepared

    def formfield(self, **kwargs: Any) -> Any:  # type: ignore[override]
        return super().formfield(**{"form_class": TextFormField, **kwargs})


class TextField(models.TextField):
    """Long text kept in normal form C wherever it comes from."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return normalize(prepared) if isinstance(prepared, str) else prepared

    def formfield(self, **kwargs: Any) -> Any:  # type: ignore[override]
        return super().formfield(**{"form_class": TextFormField, **kwargs})


class KeyField(models.CharField):
    """A search or sort key: compared byte by byte on every database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else "BINARY"
        return parameters


class ScoreField(models.DecimalField):
    """Points: up to 99.999,9999. Rounding happens only at publication."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 9)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:  # type: ignore[override]
        return super().formfield(**{"form_class": DecimalFormField, **kwargs})


class DateField(models.DateField):
    """A calendar day in Việt Nam."""

    def formfield(self, **kwargs: Any) -> Any:  # type: ignore[override]
        return super().formfield(**{"form_class": DateFormField, **kwargs})
