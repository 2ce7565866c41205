"""The form for a workbook of a round."""

from core.attachments import WORKBOOK_MAX_BYTES, check_workbook
from core.forms import PortalForm, UploadField


class WorkbookForm(PortalForm):
    """One Excel file."""

    file = UploadField(
        label="Tệp Excel", kinds=["xlsx"], words="tệp .xlsx", largest=WORKBOOK_MAX_BYTES, check=check_workbook
    )
    layout = ("file",)
