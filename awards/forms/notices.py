"""What is typed in the open period: comments and their answers, complaints and how they are resolved."""

from collections.abc import Iterable
from typing import Any

from django import forms

from awards.forms.facts import PastDay, options
from awards.models import Comment, Complaint, Decision, Nomination
from core.fields import DateFormField, TextFormField
from core.forms import PortalForm, UploadField
from organization.forms.common import CHOOSE, pair
from scoring.forms.achievements import PersonFormField

LONG = forms.Textarea(attrs={"rows": 6})
MOST = 5_000
WHOLE_LIST = ("", "Cả danh sách")
WHOLE_REVIEW = ("", "Việc bình xét của cả đợt")
VERDICTS = [("", CHOOSE), *((one.value, one.label) for one in Comment.Verdict if one.value)]
OUTCOMES = [("", CHOOSE), *((one.value, one.label) for one in Complaint.Outcome if one.value)]


class CommentForm(PortalForm):
    nomination = forms.ChoiceField(label="Góp ý về", required=False)
    text = TextFormField(label="Nội dung góp ý", widget=LONG, max_length=MOST)
    is_named = forms.BooleanField(
        label="Cho hiện tên tôi nếu Văn phòng Sở công khai ý kiến này",
        required=False,
        help_text="Không chọn thì chỉ Văn phòng Sở và thanh tra biết tên bạn.",
    )
    layout = ("nomination", "text", "is_named")

    def __init__(self, *args: Any, lines: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nomination"].choices = [WHOLE_LIST, *lines]  # type: ignore[attr-defined]


class AnswerForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    verdict = forms.ChoiceField(label="Kết luận", choices=VERDICTS)
    text = TextFormField(
        label="Trả lời",
        widget=LONG,
        max_length=MOST,
        help_text="Tiếp thu thì sẽ làm gì; không tiếp thu thì vì sao.",
    )
    is_published = forms.BooleanField(
        label="Công khai ý kiến này cùng câu trả lời cho mọi người trong Sở",
        required=False,
        help_text="Tên người góp ý chỉ hiện khi người đó đã đồng ý.",
    )
    layout = ("version", "verdict", "text", "is_published")


class ComplaintForm(PortalForm):
    """What somebody of the Sở sends himself."""

    kind = forms.ChoiceField(label="Loại đơn", choices=options(dict(Complaint.Kind.choices)))
    about = forms.ChoiceField(label="Về", required=False)
    accused = PersonFormField(
        label="Người bị khiếu nại, tố cáo (mã cán bộ hoặc họ và tên)",
        required=False,
        max_length=200,
        help_text="Nếu đơn nêu một người của Sở: người này không đọc, không xử lý đơn.",
    )
    text = TextFormField(label="Nội dung", widget=LONG, max_length=MOST)
    file = UploadField(label="Đơn, tài liệu kèm theo", required=False)
    layout: tuple[Any, ...] = (pair("kind", "about"), "accused", "text", "file")

    def __init__(
        self, *args: Any, nominations: Iterable[Nomination], decisions: Iterable[Decision], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, Nomination | Decision] = {
            **{f"ho-so-{one.pk}": one for one in nominations},
            **{f"quyet-dinh-{one.pk}": one for one in decisions},
        }
        choices = [(key, _called(one)) for key, one in self.known.items()]
        self.fields["about"].choices = [WHOLE_REVIEW, *choices]  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data.pop("file", None)
        subject = self.known.get(data.pop("about", ""))
        data["nomination"] = subject if isinstance(subject, Nomination) else None
        data["decision"] = subject if isinstance(subject, Decision) else None
        return data


class PaperComplaintForm(ComplaintForm):
    """What the Office enters from paper."""

    author_name = TextFormField(label="Người gửi đơn", max_length=200)
    address = TextFormField(label="Địa chỉ, đơn vị của người gửi", max_length=300, required=False)
    received_on = PastDay(label="Ngày nhận đơn")
    layout = (
        pair("author_name", "received_on"), "address", pair("kind", "about"), "accused", "text", "file",
    )  # fmt: skip


class ResolveForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(label="Kết luận", choices=OUTCOMES)
    resolution = TextFormField(label="Nội dung giải quyết", widget=LONG, max_length=MOST)
    document_number = TextFormField(
        label="Số văn bản giải quyết", max_length=60, help_text="Ví dụ 45/TB-SNV."
    )
    document_date = PastDay(label="Ngày văn bản")
    consequence = forms.ChoiceField(
        label="Xử lý hồ sơ",
        choices=Complaint.Consequence.choices,
        required=False,
        help_text="Tạm dừng xét: ghi theo văn bản này, thư báo không nêu lý do. Đưa trở lại: chỉ khi đang công khai.",
    )
    layout = (
        "version", "outcome", "resolution", pair("document_number", "document_date"), "consequence",
    )  # fmt: skip


class ForwardForm(PortalForm):
    """To whom of the level above it went, by which paper."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    forwarded_to = TextFormField(
        label="Cơ quan cấp trên", max_length=200, help_text="Ví dụ UBND tỉnh, Thanh tra tỉnh."
    )
    forward_number = TextFormField(
        label="Số văn bản chuyển đơn", max_length=60, help_text="Ví dụ 45/SNV-TTr."
    )
    forwarded_on = PastDay(label="Ngày chuyển đơn")
    layout = ("version", "forwarded_to", pair("forward_number", "forwarded_on"))


class ExtendForm(PortalForm):
    """More time for the resolution, as far as the province allows it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    until = DateFormField(label="Gia hạn đến hết ngày")
    reason = TextFormField(label="Lý do gia hạn", widget=LONG, max_length=MOST)
    document_number = TextFormField(label="Số văn bản gia hạn", max_length=60, help_text="Ví dụ 45/QĐ-SNV.")
    document_date = PastDay(label="Ngày văn bản")
    layout = ("version", "until", "reason", pair("document_number", "document_date"))


class GiveForm(PortalForm):
    """Whom the Director names for one complaint."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    handler = forms.ChoiceField(
        label="Người giải quyết",
        help_text="Không có trong danh sách: người gửi đơn, người liên quan đến đơn và người chỉ quản trị hệ thống.",
    )
    layout = ("version", "handler")

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].choices = [("", CHOOSE), *choices]  # type: ignore[attr-defined]


def _called(one: Nomination | Decision) -> str:
    """With its unit: two people may have the same name."""
    return f"{one} ({one.proposal.unit.short_name})" if isinstance(one, Nomination) else str(one)
