"""Excel sheets."""

from django import forms

from core.attachments import WORKBOOK_MAX_BYTES, check_workbook
from core.forms import PortalForm, UploadField
from organization.forms.common import pair
from organization.models import ImportBatch


class ImportForm(PortalForm):
    kind = forms.ChoiceField(label="Nhập danh sách", choices=ImportBatch.Kind.choices)
    file = UploadField(
        label="Tệp Excel", kinds=["xlsx"], words="tệp .xlsx", largest=WORKBOOK_MAX_BYTES, check=check_workbook
    )
    layout = (pair("kind", "file"),)
