"""Forms of a proposal and its dossiers: minutes, votes, report, papers, verdict, flagged points."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Column, Fieldset, Row
from django import forms

from awards.eligibility.facts import OCCASIONS
from awards.eligibility.provisions import PAPERS
from awards.models import Flag, Nomination, Proposal, ReportSection, Review
from awards.queries.nominations import met_too_early_or_late
from core.fields import DateFormField, TextFormField
from core.forms import PortalForm, UploadField, helper, plain
from organization.models import Person

AREA = {"rows": 3}
MOST = 32_000
VERDICTS = [
    (one.value, one.label)
    for one in (Nomination.Verdict.ACCEPTED, Nomination.Verdict.EXCEPTION, Nomination.Verdict.REJECTED)
]


class MinutesForm(PortalForm):
    """The unit's meeting and its letter."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    letter_number = TextFormField(label="Số tờ trình", max_length=60, required=False)
    letter_date = DateFormField(label="Ngày tờ trình", required=False)
    met_on = DateFormField(label="Ngày họp bình xét", required=False)
    place = TextFormField(label="Địa điểm", max_length=200, required=False)
    chair = forms.ModelChoiceField(label="Chủ trì", queryset=Person.objects.none(), required=False)
    secretary = forms.ModelChoiceField(label="Thư ký", queryset=Person.objects.none(), required=False)
    members = forms.IntegerField(label="Số người của đơn vị", min_value=1, max_value=MOST, required=False)
    present = forms.IntegerField(label="Số người có mặt", min_value=1, max_value=MOST, required=False)
    absent = TextFormField(
        label="Vắng mặt (họ tên, lý do)", widget=forms.Textarea(attrs=AREA), required=False
    )
    course = TextFormField(
        label="Diễn biến, ý kiến thảo luận", widget=forms.Textarea(attrs={"rows": 6}), required=False
    )
    minutes = UploadField(label="Biên bản đã ký (bản chụp)", required=False)
    reason = TextFormField(
        label="Giải trình vượt chỉ tiêu, cơ cấu",
        widget=forms.Textarea(attrs=AREA),
        required=False,
        help_text="Bắt buộc khi danh sách vượt chỉ tiêu hoặc vượt tỷ lệ lãnh đạo, quản lý.",
    )
    layout = (
        "version",
        Fieldset("Tờ trình", Row(Column("letter_number"), Column("letter_date"))),
        Fieldset(
            "Cuộc họp bình xét",
            Row(Column("met_on"), Column("place")),
            Row(Column("chair"), Column("secretary")),
            Row(Column("members"), Column("present")),
            "absent",
            "course",
            "minutes",
        ),
        "reason",
    )

    def __init__(self, *args: Any, people: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        for name in ("chair", "secretary"):
            field: Any = self.fields[name]
            field.queryset, field.empty_label = people, "– Chọn –"

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        present, members = found.get("present"), found.get("members")
        if present and members and present > members:
            self.add_error("present", "Không được nhiều hơn số người của đơn vị.")
        if wrong := met_too_early_or_late(self.review, found.get("met_on")):
            self.add_error("met_on", wrong)
        return found


class VotesForm(PortalForm):
    """Two numbers for every candidate."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, proposal: Proposal, rows: list[Nomination], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal, self.rows = proposal, rows
        parts: list[Any] = ["version"]
        for one in rows:
            names = []
            for side, label in (("for", "Đồng ý"), ("against", "Không đồng ý")):
                name = f"{side}_{one.pk}"
                self.fields[name] = forms.IntegerField(
                    label=label,
                    min_value=0,
                    max_value=MOST,
                    required=False,
                    initial=getattr(one, f"votes_{side}"),
                )
                names.append(Column(name))
            parts.append(Fieldset(plain(str(one)), Row(*names)))
        self.helper = helper(tuple(parts))

    @property
    def votes(self) -> dict[int, tuple[int | None, int | None]]:
        data = self.cleaned_data
        return {one.pk: (data.get(f"for_{one.pk}"), data.get(f"against_{one.pk}")) for one in self.rows}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        present = self.proposal.present
        for one in self.rows:
            total = (found.get(f"for_{one.pk}") or 0) + (found.get(f"against_{one.pk}") or 0)
            if present is not None and total > present:
                self.add_error(f"for_{one.pk}", f"Số phiếu ({total}) nhiều hơn số người có mặt ({present}).")
        return found


class ReportForm(PortalForm):
    """The sections of the report, and the line for the decision."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    merit = TextFormField(
        label="Tóm tắt thành tích (ghi trong quyết định)",
        widget=forms.Textarea(attrs=AREA),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, sections: list[ReportSection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts: dict[str, list[str]] = {}
        for one in sections:
            self.fields[f"section_{one.code}"] = TextFormField(
                label=one.title,
                help_text=one.hint,
                widget=forms.Textarea(attrs={"rows": 5}),
                max_length=20_000,
                required=False,
            )
            parts.setdefault(one.part, []).append(f"section_{one.code}")
        fieldsets = [Fieldset(plain(part), *names) for part, names in parts.items()]
        self.helper = helper(("version", "merit", *fieldsets))

    @property
    def report(self) -> dict[str, str]:
        return {
            name.removeprefix("section_"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("section_")
        }


class NominationPaperForm(PortalForm):
    paper = forms.ChoiceField(
        label="Loại giấy tờ", choices=[*PAPERS.items(), ("", "Tài liệu khác")], required=False
    )
    file = UploadField(label="Tệp")
    title = TextFormField(
        label="Tên tài liệu", required=False, max_length=200, help_text="Để trống: lấy tên tệp."
    )


class VerdictForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    verdict = forms.ChoiceField(label="Kết luận", choices=VERDICTS, widget=forms.RadioSelect)
    reason = TextFormField(
        label="Ý kiến thẩm định",
        widget=forms.Textarea(attrs=AREA),
        max_length=2000,
        required=False,
        help_text="Bắt buộc khi trình ngoại lệ hoặc không đủ điều kiện.",
    )

    distinct = TextFormField(
        label="Vì sao không phải một thành tích",
        widget=forms.Textarea(attrs=AREA),
        max_length=2000,
        required=False,
        help_text="Bắt buộc khi chuyển tiếp một hình thức khen thưởng trùng lời ghi thành tích với hình thức khác.",
    )

    def __init__(self, *args: Any, is_repeated: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_repeated:
            del self.fields["distinct"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("verdict") in ("exception", "rejected") and not found.get("reason"):
            self.add_error("reason", "Hãy ghi lý do của kết luận này.")
        return found


class OccasionForm(PortalForm):
    """For which kind of commendation a dossier is given."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    occasion = forms.ChoiceField(label="Loại khen thưởng", widget=forms.RadioSelect, required=False)
    reason = TextFormField(label="Lý do", widget=forms.Textarea(attrs=AREA), max_length=2000)

    def __init__(self, *args: Any, choices: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["occasion"]
        field.choices = [
            ("", "Theo kết quả đối chiếu tiêu chuẩn"),
            *((one, f"Khen {OCCASIONS[one]}") for one in choices),
        ]


class FlagForm(PortalForm):
    point = forms.ChoiceField(label="Nội dung", choices=Flag.Point.choices)
    text = TextFormField(
        label="Yêu cầu hoàn thiện", widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )


class ReasonForm(PortalForm):
    """Why a list is over its quotas."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = TextFormField(
        label="Giải trình vượt chỉ tiêu, cơ cấu của cả danh sách",
        widget=forms.Textarea(attrs=AREA),
        max_length=4000,
        required=False,
    )
