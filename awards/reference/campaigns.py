"""The conditions of a campaign's award list: a row of the file holds for the whole campaign.

What the Office edits on the page is a row of one year, which goes before it and which no file ever touches.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

from awards.models import Award, Condition
from campaigns.models import Band, Campaign
from core.reference import Change, Record, ReferenceError, records, upsert


def load_conditions(data: Any) -> list[Change]:
    campaign = _campaign(data)
    return [
        _condition(item, campaign) for item in records(data, "conditions", required=("award", "recipient"))
    ]


def _campaign(data: Any) -> Campaign:
    code = data.get("campaign") if isinstance(data, Record) else None
    campaign = Campaign.objects.filter(code=code).first()
    if campaign is None:
        raise ReferenceError.at(data, f"phong trào “{code}” chưa có; hãy nạp tệp của phong trào trước.")
    return campaign


def _condition(item: Record, campaign: Campaign) -> Change:
    award = Award.objects.filter(code=item["award"]).first()
    if award is None:
        raise ReferenceError.at(item, f"không có danh hiệu, hình thức “{item['award']}”.")
    if award.recipient != item["recipient"]:
        raise ReferenceError.at(item, f"“{award.code}” không dành cho {item['recipient']}.")
    values = {
        "bands": _bands(item, campaign),
        "minimum_score": _score(item),
        "maximum_rank": item.get("maximum_rank"),
        "basis": item.get("basis") or "",
        "note": item.get("note") or "",
        "is_confirmed": bool(item.get("confirmed")),
        "is_used": True,
    }
    key = {"campaign": campaign, "year": None, "award": award}
    _, change = upsert(Condition, key=key, values=values, source=item)
    return Change(change.kind, f"điều kiện {campaign.code} / {award.code}")


def _bands(item: Record, campaign: Campaign) -> list[str]:
    named = list(item.get("bands") or [])
    known = set(
        Band.objects.filter(campaign_year__campaign=campaign, recipient=item["recipient"]).values_list(
            "name", flat=True
        )
    )
    wrong = [name for name in named if name not in known]
    if wrong:
        raise ReferenceError.at(item, f"không có mức xếp loại {', '.join(wrong)}.")
    return named


def _score(item: Record) -> Decimal | None:
    value = item.get("minimum_score")
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise ReferenceError.at(item, f"minimum_score “{value}” không phải là số.") from error
