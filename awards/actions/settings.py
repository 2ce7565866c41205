"""Data behind the lists: the conditions of a year, the head of the Office's papers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from awards import queries
from awards.actions.guards import require_office
from awards.models import AwardList, Condition, PaperHead
from campaigns.models import CampaignYear
from core.journal import record
from core.workflow import Refused, Stale, check_version, lock


@transaction.atomic
def set_conditions(
    campaign_year: CampaignYear, wanted: Iterable[Mapping[str, Any]], *, by: Any, token: str = ""
) -> list[str]:
    """Write the year's own conditions where they differ from those in force; the sentences say what changed."""
    require_office(by)
    lock(campaign_year)
    if token and token != queries.conditions_token(campaign_year):
        raise Stale("Người khác vừa sửa điều kiện. Nội dung bạn gõ vẫn còn trên trang; hãy so lại rồi lưu.")
    if AwardList.objects.filter(campaign_year=campaign_year, state=AwardList.State.SETTLED).exists():
        raise Refused(
            f"Danh sách của {campaign_year} đã chốt. Muốn sửa điều kiện, hãy mở lại danh sách trước."
        )
    present = queries.conditions_by_award(campaign_year)
    told = []
    for values in wanted:
        award = values["award"]
        before = present.get(award.pk)
        if not _differs(before, values):
            continue
        row, _ = Condition.objects.update_or_create(
            campaign_id=campaign_year.campaign_id,
            year=campaign_year.year,
            award=award,
            defaults={name: value for name, value in values.items() if name != "award"},
        )
        told.append(f"{award.get_recipient_display()} – {award}: {queries.condition_text(row)}")
    if told:
        record(
            campaign_year, "set_conditions", by=by, label="Sửa điều kiện khen thưởng", comment="\n".join(told)
        )
    return told


def _differs(before: Condition | None, values: Mapping[str, Any]) -> bool:
    if before is None:
        return bool(values["is_used"])
    return any(getattr(before, name) != value for name, value in values.items() if name != "award")


@transaction.atomic
def set_paper_head(values: Mapping[str, Any], *, by: Any, version: int | None = None) -> PaperHead:
    """The agency, the place and the signer that the Office's papers carry."""
    require_office(by)
    head, _ = PaperHead.objects.get_or_create(pk=1)
    lock(head)
    check_version(head, version)
    changed = [name for name, value in values.items() if getattr(head, name) != value]
    for name in changed:
        setattr(head, name, values[name])
    if changed:
        head.version += 1
        head.save()
        labels = [str(PaperHead._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
        record(head, "set_paper_head", by=by, label="Sửa thể thức văn bản", comment=", ".join(labels))
    return head
