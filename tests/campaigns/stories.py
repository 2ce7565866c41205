"""Beginnings that several stories share."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from campaigns.actions import campaigns as acts
from campaigns.actions import criteria as criteria_acts
from campaigns.actions import registrations as registration_acts
from campaigns.models import (
    EMULATION_STAGES,
    Campaign,
    CampaignYear,
    CriteriaSet,
    Paper,
    Recipient,
    Registration,
)
from core.models import LegalDocument

TEXTS = ("objective", "scope", "subject", "content", "measures")
BANDS = [("Tốt", Decimal(80), "green"), ("Chưa tốt", Decimal(0), "red")]


def plan_document() -> LegalDocument:
    return LegalDocument.objects.create(
        code="kh-7",
        number="7/KH-SNV",
        title="Kế hoạch thi đua",
        kind=LegalDocument.Kind.PLAN,
        issuer="Sở Nội vụ",
    )


def draft_campaign(office: Any, **facts: Any) -> Campaign:
    """A draft with its texts; nothing of its year is prepared."""
    plan = plan_document()
    whole = {
        "code": "thu",
        "name": "Phong trào thử",
        "short_name": "Thử",
        "plan": plan,
        "starts_on": date(2025, 1, 1),
        "ends_on": date(2025, 12, 31),
        **dict.fromkeys(TEXTS, "Có ghi."),
    }
    return acts.create(by=office, legal_basis=[plan], **{**whole, **facts})


def ready_campaign(office: Any) -> Campaign:
    """A draft that only waits for the launch."""
    campaign = draft_campaign(office)
    year = campaign.years.get()
    days = {stage: date(2025, month, 1) for month, stage in enumerate(EMULATION_STAGES, start=2)}
    acts.set_deadlines(year, by=office, deadlines=days)
    acts.set_bands(year, by=office, bands=dict.fromkeys(Recipient.values, BANDS))
    criteria_acts.put_in_use(small_set(office, year), by=office)
    return campaign


def small_set(office: Any, year: CampaignYear) -> CriteriaSet:
    made = criteria_acts.create_set(
        year,
        by=office,
        title="Bộ thử",
        declared_max_collective=Decimal(5),
        declared_max_individual=Decimal(5),
    )
    group = criteria_acts.add_criterion(made, by=office, is_leaf=False, code="1", name="Nội dung một")
    criteria_acts.add_criterion(made, by=office, parent=group, **leaf("1.1", "Làm tốt", "5"))
    return made


def leaf(code: str, name: str, points: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "max_score": Decimal(points),
        "method": "all_or_nothing",
        "params": {"max": points},
    }


def paper(**facts: Any) -> dict[str, Any]:
    return {"kind": Paper.Kind.FINAL, "title": "Báo cáo tổng kết", "on": date(2025, 12, 20), **facts}


def registration_data(
    version: int = 1, pledge: str = "", rows: list[dict[str, str]] | None = None
) -> dict[str, str]:
    """What the browser sends for a registration."""
    rows = rows or []
    data = {
        "version": str(version),
        "pledge": pledge,
        "items-TOTAL_FORMS": str(len(rows) + 2),
        "items-INITIAL_FORMS": "0",
    }
    for number, row in enumerate([*rows, {}, {}]):
        for name in ("criterion", "target", "quantity", "measure"):
            data[f"items-{number}-{name}"] = row.get(name, "")
    return data


def post(client: Client, route: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"campaigns:{route}", args=args), data)


def text_of(response: Any) -> str:
    return response.content.decode()


def begun(
    year: CampaignYear, user: Any, *, for_unit: bool = False, pledge: str = "Hoàn thành nhiệm vụ"
) -> Registration:
    made = registration_acts.start(year, by=user, for_unit=for_unit)
    return registration_acts.save(made, by=user, pledge=pledge, items=[])


def sent(year: CampaignYear, user: Any, **rest: Any) -> Registration:
    return registration_acts.submit(begun(year, user, **rest), by=user)


def hidden(page: Any, name: str = "version") -> str:
    """What the hidden field of the shown form carries."""
    text = page.content.decode()
    start = text.index(f'name="{name}"')
    return str(text[start:].split('value="', 1)[1].split('"', 1)[0])
