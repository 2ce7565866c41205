"""What a person chooses for himself."""

from django import forms

from core.forms import PortalModelForm
from organization.models import User


class DigestForm(PortalModelForm):
    layout = ("digest",)

    class Meta:
        model = User
        fields = ("digest",)
        widgets = {"digest": forms.RadioSelect}
        help_texts = {
            "digest": "Việc bắt buộc luôn được nhắc theo kế hoạch của Văn phòng Sở. Chọn mỗi tuần một thư thì việc"
            " mới phát sinh trong tuần mà đến hạn trước thư tuần sau vẫn được nhắc kịp."
        }

    def _post_clean(self) -> None:
        """The act compares with the stored row, so the form leaves the instance alone."""
