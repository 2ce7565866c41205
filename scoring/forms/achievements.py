"""What is typed about achievements: facts, co-authors, decisions, documents. Parsing only; drafts may be incomplete."""

from collections.abc import Iterable, Mapping
from copy import copy
from decimal import Decimal
from itertools import groupby
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from campaigns.models import CampaignYear, Criterion
from core.fields import DateFormField, DecimalFormField, TextFormField
from core.forms import PortalForm, PortalModelForm, UploadField
from core.vietnamese import fold, format_decimal, normalize
from core.widgets import Select
from organization.models import Person
from organization.queries import colleagues_without_account
from scoring.models import Achievement, EvidenceDocument
from scoring.queries.achievements import POINTS, criteria_for, offered_criteria, open_points

AREA = forms.Textarea(attrs={"rows": 3})


class StartForm(PortalForm):
    """For whom and for which year."""

    whose = forms.ChoiceField(label="Thành tích của", widget=forms.RadioSelect, initial="person")
    campaign_year = forms.ModelChoiceField(
        CampaignYear.objects.none(), label="Phong trào, năm", empty_label=None
    )

    def __init__(self, *args: Any, years: QuerySet[CampaignYear], unit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("person", "Cá nhân tôi")]
        if unit.is_collective and unit.parent_id:
            choices.append(("unit", f"Tập thể: {unit.name}"))
        self.colleagues = {f"person-{one.pk}": one for one in colleagues_without_account(unit)}
        choices += [(key, f"{one.full_name} (chưa có tài khoản)") for key, one in self.colleagues.items()]
        self.fields["whose"].choices = choices  # type: ignore[attr-defined]
        self.fields["campaign_year"].queryset = years  # type: ignore[attr-defined]


class AchievementForm(PortalModelForm):
    """The facts. Points that are not open are shown and cannot be changed."""

    layout = (
        "title",
        "criterion",
        Row(
            Column("happened_on", css_class="col-sm-6 col-lg-4"),
            Column("quantity", css_class="col-sm-6 col-lg-2"),
            Column("measure", css_class="col-sm-6 col-lg-3"),
            Column("role", css_class="col-sm-6 col-lg-3"),
        ),
        "result",
    )

    class Meta:
        model = Achievement
        fields = ["title", "criterion", "happened_on", "quantity", "measure", "role", "result"]
        widgets = {"criterion": Select, "result": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "title": "Một câu nói rõ đã làm được gì.",
            "measure": "Ví dụ: hồ sơ.",
            "result": "Làm gì, cho ai, hiệu quả thế nào; nêu số liệu.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_fields = {name for code in open_points(self.instance) for name in POINTS[code].fields}
        for name, field in self.fields.items():
            field.required = False
            field.disabled = name not in open_fields
        self._offer_criteria()

    def _offer_criteria(self) -> None:
        """The year's leaves under their contents; one of an earlier version is replaced by its successor."""
        field: Any = self.fields["criterion"]
        chosen = self.instance.criterion
        if self.is_bound:  # a page that is only shown has its choices from below
            field.queryset = criteria_for(self.instance.campaign_year, self.instance.recipient)
        rows = offered_criteria(self.instance)
        if chosen and chosen not in rows and field.disabled:
            rows.insert(0, chosen)
            field.queryset = Criterion.objects.filter(pk=chosen.pk)  # of an earlier version: kept as it is
        elif chosen and chosen not in rows:
            same = (row.pk for row in rows if chosen.lineage and row.lineage == chosen.lineage)
            self.initial["criterion"] = next(same, None)
        groups = groupby(rows, key=lambda row: str(row.parent) if row.parent else "")
        field.choices = [
            ("", "Chọn tiêu chí"),
            *((name, [(r.pk, str(r)) for r in found]) for name, found in groups),
        ]

    def clean_role(self) -> str:
        return self.cleaned_data["role"] or self.instance.role

    def clean_quantity(self) -> Decimal | None:
        quantity = self.cleaned_data["quantity"]
        if quantity is not None and quantity <= 0:
            raise ValidationError("Nhập số lớn hơn 0, ví dụ 1 hoặc 2,5.")
        return quantity


class PersonFormField(TextFormField):
    """A person by staff code or by full name; when a name fits several, the codes are told."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text: str) -> Person:
        code = text.rpartition("–")[2].strip()
        found = list(Person.objects.filter(code__iexact=code)[:1]) or self._named(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(f"Không tìm thấy “{text}”. Nhập mã cán bộ hoặc đủ họ và tên.")
        options = ", ".join(f"{one.full_name} – {one.code}" for one in found[:5])
        raise ValidationError(f"Có nhiều người tên như vậy: {options}. Nhập mã cán bộ.")

    def _named(self, text: str) -> list[Person]:
        key = fold(text)
        rows = Person.objects.filter(search_key__contains=key)[:50]
        return [one for one in rows if fold(one.full_name) == key]


class CoAuthorForm(PortalForm):
    """One row: who, how many per cent. An empty row is no row."""

    person = PersonFormField(label="Họ tên hoặc mã cán bộ", required=False, max_length=200)
    share = DecimalFormField(label="Tỷ lệ (%)", required=False, max_digits=5, decimal_places=2)

    def clean_share(self) -> Decimal | None:
        share = self.cleaned_data["share"]
        if share is not None and not 0 < share < 100:
            raise ValidationError("Nhập tỷ lệ lớn hơn 0 và nhỏ hơn 100.")
        return share

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and data.get("person") and data.get("share") is None:
            self.add_error("share", "Nhập tỷ lệ đóng góp.")
        elif not self.errors and data.get("share") is not None and not data.get("person"):
            self.add_error("person", "Nhập đồng tác giả hoặc xóa tỷ lệ.")
        return data

    @property
    def entry(self) -> tuple[Person, Decimal] | None:
        person = self.cleaned_data.get("person")
        return (person, self.cleaned_data["share"]) if person else None


CoAuthorFormSet: Any = forms.formset_factory(CoAuthorForm, extra=2, max_num=30, absolute_max=40)


class Editor:
    """The whole edit page as typed: facts, co-authors, answers to flagged points."""

    def __init__(self, achievement: Achievement, data: QueryDict | None = None) -> None:
        self.points = open_points(achievement)
        self.form = AchievementForm(data, instance=copy(achievement))
        typed: Any = data or {}
        self.flags = [(flag, typed.get(f"answer_{flag.pk}", flag.answer)) for flag in achievement.flags.all()]
        self.rows = None
        if achievement.person_id and "co_authors" in self.points:
            shares = achievement.co_authors.all()
            self.rows = CoAuthorFormSet(data, prefix="co", initial=[
                {"person": f"{one.person.full_name} – {one.person.code}", "share": one.share} for one in shares
            ])  # fmt: skip

    @property
    def flag_rows(self) -> list[dict[str, Any]]:
        return [{"flag": flag, "answer": typed, "point": POINTS[flag.point]} for flag, typed in self.flags]

    @property
    def values(self) -> dict[str, Any]:
        """What could be read; a field that could not stays as typed, in the browser only."""
        self.form.is_valid()
        given = set(self.form.data) | {name for name, field in self.form.fields.items() if field.disabled}
        fields = self.form.fields
        return {
            name: value
            for name, value in self.form.cleaned_data.items()
            if name in given and not fields[name].disabled
        }

    @property
    def shares(self) -> list[tuple[Person, Decimal]] | None:
        if (
            self.rows is None
            or not self.rows.is_bound
            or f"{self.rows.prefix}-TOTAL_FORMS" not in self.rows.data
        ):
            return None
        return [row.entry for row in self.rows if row.entry] if self.rows.is_valid() else None

    @property
    def answers(self) -> dict[int, str]:
        return {flag.pk: typed for flag, typed in self.flags}

    @property
    def errors(self) -> dict[str, list[str]]:
        """Field name → sentences."""
        found = {name: [str(one) for one in sentences] for name, sentences in self.form.errors.items()}
        for row in self.rows if self.rows is not None and self.shares is None and self.rows.is_bound else []:
            found |= {
                row.add_prefix(name): [str(one) for one in sentences]
                for name, sentences in row.errors.items()
            }
        return found

    def conflicts(self, present: "Editor") -> list[tuple[str, str, str]]:
        """(label, typed here, stored by somebody else) of every field that differs."""
        rows = [
            (str(field.label), shown(self.form[name]), shown(present.form[name]))
            for name, field in self.form.fields.items()
        ]
        rows.append(("Đồng tác giả", self.co_author_text, present.co_author_text))
        return [row for row in rows if row[1] != row[2]]

    @property
    def co_author_text(self) -> str:
        pairs = [(row["person"].value(), row["share"].value()) for row in self.rows or []]
        return "; ".join(f"{who} {_plain(share)} %" for who, share in pairs if who or share)


def shown(field: forms.BoundField) -> str:
    """What the field shows: the chosen word, the typed text."""
    value = field.value()
    if isinstance(field.field, forms.ChoiceField):
        flat = dict(_flat(field.field.choices))
        return flat.get(str(value or ""), "")
    return _plain(value)


def _plain(value: Any) -> str:
    return format_decimal(value) if isinstance(value, Decimal) else normalize(str(value or ""))


def _flat(choices: Any) -> Iterable[tuple[str, str]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(key or ""), str(label)


class DecisionForm(PortalForm):
    """A decision with its reason; for sending back, the points with a reason each. A typed reason ticks its point."""

    comment = TextFormField(label="Lý do", required=False, widget=AREA, max_length=2000)

    def __init__(self, *args: Any, verb: str = "", achievement: Achievement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verb = verb
        self.codes = [code for code in POINTS if code != "co_authors" or achievement.person_id]
        for code in self.codes:
            label = POINTS[code].label
            self.fields[f"flag_{code}"] = forms.BooleanField(label=label, required=False)
            self.fields[f"reason_{code}"] = TextFormField(
                label=f"Lý do: {label}", required=False, max_length=1000
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.verb == "refuse" and not data.get("comment"):
            self.add_error("comment", "Ghi lý do không công nhận.")
        if self.verb in ("send_back", "reopen"):
            self._check_flags(data)
        return data

    def _check_flags(self, data: Mapping[str, Any]) -> None:
        for code in self.codes:
            if data.get(f"flag_{code}") and not data.get(f"reason_{code}"):
                self.add_error(f"reason_{code}", f"Ghi điểm “{POINTS[code].label}” cần sửa thế nào.")
        if not self.flags and not self.errors:
            self.add_error(None, "Chọn ít nhất một điểm cần sửa và ghi lý do.")

    @property
    def flags(self) -> dict[str, str]:
        found = {code: self.cleaned_data.get(f"reason_{code}", "") for code in self.codes}
        return {code: reason for code, reason in found.items() if reason}

    @property
    def points(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"flag_{code}"], self[f"reason_{code}"]) for code in self.codes]


class EvidenceForm(PortalForm):
    """A new document for the store."""

    FACTS = ("title", "number", "issued_on", "issuer", "is_shared")
    file = UploadField(label="Tệp")
    title = TextFormField(label="Tên, trích yếu tài liệu", max_length=300)
    number = TextFormField(label="Số, ký hiệu", max_length=60, required=False, help_text="Ví dụ 125/QĐ-SNV.")
    issued_on = DateFormField(label="Ngày ban hành", required=False)
    issuer = TextFormField(label="Nơi ban hành", max_length=200, required=False)
    is_shared = forms.BooleanField(
        label="Dùng chung trong đơn vị", required=False,
        help_text="Đồng nghiệp cùng đơn vị thấy và dùng lại được. Không chọn thì chỉ bạn, thủ trưởng và người "
        "được xem hồ sơ có tài liệu này mới thấy.",
    )  # fmt: skip
    layout: tuple[Any, ...] = (
        "file",
        "title",
        Row(
            Column("number", css_class="col-sm-6 col-lg-4"),
            Column("issued_on", css_class="col-sm-6 col-lg-4"),
            Column("issuer", css_class="col-lg-4"),
        ),
        "is_shared",
    )

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FACTS}


class AchievementEvidenceForm(EvidenceForm):
    """A new document and the page that proves the achievement."""

    page = TextFormField(label="Trang, mục chứng minh", max_length=60, required=False)
    layout = (*EvidenceForm.layout, Row(Column("page", css_class="col-sm-6 col-lg-4")))


class LinkForm(PortalForm):
    """A document of the store, by its number in the list."""

    document = forms.ModelChoiceField(EvidenceDocument.objects.none())
    page = TextFormField(max_length=60, required=False)

    def __init__(self, *args: Any, documents: QuerySet[EvidenceDocument], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]
