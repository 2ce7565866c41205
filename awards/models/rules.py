"""The law as dated data: one row a legal document's rules, the province's own figures, the base salary."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from awards.eligibility.figures import shown
from awards.eligibility.provisions import RuleFile
from awards.eligibility.rulebook import Rulebook
from awards.eligibility.sources import Figure, RuleSource, in_force
from awards.models.catalogue import Award
from core import clock
from core.fields import CharField, DateField, TextField
from core.models import LegalDocument


class RuleDocumentQuerySet(models.QuerySet):
    def current(self) -> "RuleDocumentQuerySet":
        return self.filter(superseded_at__isnull=True).select_related("legal_document")


class RuleDocument(models.Model):
    """What one legal document rules, as its file said when loaded. Never changed: another text is another row."""

    legal_document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="rules")
    effective_from = DateField("Áp dụng từ ngày")
    effective_to = DateField("Áp dụng đến ngày", null=True, blank=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=clock.now, editable=False)
    superseded_at = models.DateTimeField(null=True, editable=False)

    objects = RuleDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "quy định khen thưởng"
        ordering = ["effective_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["legal_document"],
                condition=Q(superseded_at__isnull=True),
                name="rule_document_current",
            ),
        ]

    def __str__(self) -> str:
        return str(self.legal_document)

    def file(self) -> RuleFile:
        """The document as the pure rules read it."""
        return RuleFile(
            self.legal_document.code,
            str(self.legal_document),
            self.effective_from,
            self.effective_to,
            self.content,
        )


class Setting(models.Model):
    """Reference data: a figure that no national law fixes; its dated values are set on a page."""

    class Kind(models.TextChoices):
        PERCENT = "percent", "Tỷ lệ %"
        NUMBER = "number", "Số"
        FRACTION = "fraction", "Phân số"
        YES_NO = "yes_no", "Có hoặc không"
        CHOICE = "choice", "Chọn một"
        CHOICES = "choices", "Chọn nhiều"

    code = models.SlugField(max_length=60, unique=True)
    name = CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    choices = models.JSONField(default=dict, blank=True)
    note = TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "quy định của tỉnh"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class SettingValueQuerySet(models.QuerySet):
    def on(self, day: date) -> "SettingValueQuerySet":
        """What had begun by that day; of one setting the latest row holds."""
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day))


class SettingValue(models.Model):
    """The value of a setting from a day on, with its basis. Rows of the Office go before rows of the file."""

    setting = models.ForeignKey(Setting, on_delete=models.CASCADE, related_name="values")
    valid_from = DateField("Áp dụng từ ngày", null=True, blank=True)
    value = models.JSONField(null=True)
    basis = CharField("Văn bản làm căn cứ", max_length=300, blank=True)
    is_confirmed = models.BooleanField("Văn phòng Sở đã xác nhận", default=False)
    set_by = models.ForeignKey("organization.User", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=clock.now, editable=False)

    objects = SettingValueQuerySet.as_manager()

    class Meta:
        verbose_name = "giá trị quy định của tỉnh"
        ordering = ["setting", models.F("valid_from").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["setting", "valid_from"],
                condition=Q(set_by__isnull=True),
                name="setting_value_of_file_once",
            ),
            models.UniqueConstraint(
                fields=["setting"],
                condition=Q(set_by__isnull=True, valid_from__isnull=True),
                name="setting_value_of_file_first",
            ),
            models.CheckConstraint(
                condition=Q(set_by__isnull=True) | ~Q(basis=""), name="setting_value_of_office_has_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.setting}: {self.shown}"

    @property
    def shown(self) -> str:
        """The value as people write it."""
        return shown(self.setting.kind, self.value, self.setting.choices)


class RuleConfirmation(models.Model):
    """The Office has read in the source what a rule file marks to be confirmed; see ``eligibility.claims``."""

    legal_document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64, unique=True)
    text = TextField("Nội dung")
    citation = CharField("Điều, khoản", max_length=200)
    confirmed_by = models.ForeignKey("organization.User", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "xác nhận quy định"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(citation=""), name="rule_confirmation_cites")]

    def __str__(self) -> str:
        return f"{self.text}: {self.citation}"


class BaseSalary(models.Model):
    """Reference data: the monthly base salary in đồng from a day on."""

    legal_document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="+")
    valid_from = DateField(unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=0)

    class Meta:
        verbose_name = "mức lương cơ sở"
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return f"{self.amount:,} đồng từ {self.valid_from:%d/%m/%Y}".replace(",", ".")


def figures() -> tuple[Figure, ...]:
    """All dated values of the province, those of one day in the order in which they were written."""
    rows = SettingValue.objects.select_related("setting").order_by("pk")
    return tuple(
        Figure(
            row.setting.code,
            row.valid_from,
            row.value,
            row.is_confirmed,
            row.set_by_id is not None,
            row.basis,
        )
        for row in rows
    )


def settings_on(day: date) -> dict[str, Any]:
    """The province's figures of a day, by code."""
    return {code: figure.value for code, figure in in_force(figures(), day).items()}


def rule_source() -> RuleSource:
    """The law of all days as it is loaded, with the province's figures."""
    files = tuple(row.file() for row in RuleDocument.objects.current())
    return replace(
        pinned_source(files, figures()),
        kinds={one.code: (one.kind, tuple(one.choices)) for one in Setting.objects.all()},
    )


def pinned_source(files: tuple[RuleFile, ...], kept: tuple[Figure, ...]) -> RuleSource:
    """These documents and figures under the names that awards and documents have now."""
    awards = list(Award.objects.values_list("code", "name", "recipient"))
    return RuleSource(
        files=files,
        names={code: name for code, name, _ in awards},
        recipients={code: recipient for code, _, recipient in awards},
        titles={one.code: str(one) for one in LegalDocument.objects.all()},
        figures=kept,
        confirmed=dict(RuleConfirmation.objects.values_list("mark", "citation")),
    )


def rulebook_on(day: date) -> Rulebook:
    """What is in force on a day. Six queries, however much the law has grown."""
    return rule_source().rulebook(day)
