"""Excel sheets."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.attachments import check_upload
from core.forms import PortalForm
from organization.forms.common import pair
from organization.models import ImportBatch

IMPORT_MAX_BYTES = 5 * 1024 * 1024


class ImportForm(PortalForm):
    kind = forms.ChoiceField(label="Nhập danh sách", choices=ImportBatch.Kind.choices)
    file = forms.FileField(
        label="Tệp Excel (.xlsx)",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Hãy chọn tệp Excel.",
            "empty": "Tệp rỗng (0 byte). Hãy kiểm tra lại tệp rồi tải lên.",
        },
    )
    layout = (pair("kind", "file"),)

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if not (upload.name or "").lower().endswith(".xlsx"):
            raise ValidationError(
                "Cần tệp Excel đuôi .xlsx. Tệp .xls, .csv hãy mở bằng Excel rồi lưu dạng .xlsx."
            )
        if upload.size > IMPORT_MAX_BYTES:
            raise ValidationError("Tệp lớn hơn 5 MB. Hãy chép riêng phần dữ liệu sang tệp mẫu.")
        check_upload(upload)
        return upload
