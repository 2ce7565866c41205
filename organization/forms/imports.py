"""Excel sheets."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.attachments import check_upload
from core.forms import PortalForm, UploadField
from organization.forms.common import pair
from organization.models import ImportBatch

IMPORT_MAX_BYTES = 5 * 1024 * 1024


def check_workbook(upload: UploadedFile) -> None:
    if not (upload.name or "").lower().endswith(".xlsx"):
        raise ValidationError(
            "Cần tệp Excel đuôi .xlsx. Tệp .xls, .csv hãy mở bằng Excel rồi lưu dạng .xlsx."
        )
    if (upload.size or 0) > IMPORT_MAX_BYTES:
        raise ValidationError("Tệp lớn hơn 5 MB. Hãy chép riêng phần dữ liệu sang tệp mẫu.")
    check_upload(upload)


class ImportForm(PortalForm):
    kind = forms.ChoiceField(label="Nhập danh sách", choices=ImportBatch.Kind.choices)
    file = UploadField(
        label="Tệp Excel", kinds=["xlsx"], words="tệp .xlsx", largest=IMPORT_MAX_BYTES, check=check_workbook
    )
    layout = (pair("kind", "file"),)
