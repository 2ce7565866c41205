"""Uploaded workbooks of a round: kept when they can be read, written when what was shown is confirmed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from campaigns.models import CampaignYear, RoundFile
from campaigns.rules import require
from campaigns.workflow import MANAGE
from core import clock
from core.attachments import store
from core.journal import record
from core.workflow import AlreadyDone, Refused, lock


@transaction.atomic
def receive(campaign_year: CampaignYear, kind: str, upload: UploadedFile, *, by: Any) -> RoundFile:
    """Keep a workbook that could be read; nothing of it is written yet."""
    require(MANAGE, by, campaign_year.campaign)
    try:
        file = store(upload, by=by)
    except ValidationError as error:
        raise Refused(*error.messages) from error
    made = RoundFile.objects.create(campaign_year=campaign_year, kind=kind, file=file, uploaded_by=by)
    label = f"Tải lên tệp {RoundFile.Kind(kind).label.lower()}"
    record(campaign_year, "upload", by=by, label=label, comment=file.name)
    return made


def mark_applied(file: RoundFile) -> None:
    """Inside the act that writes the file: the second one to confirm is told."""
    lock(file)
    if file.applied_at:
        raise AlreadyDone("Tệp này đã được nạp.")
    file.applied_at = clock.now()
    file.save(update_fields=["applied_at"])
