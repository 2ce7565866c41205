"""What the stories about initiatives begin with."""

from datetime import date
from typing import Any

from django.conf import settings

from awards.actions import evaluating
from awards.actions import initiatives as actions
from awards.models import Initiative, Setting
from awards.reference.figures import load_settings
from core.reference import read
from organization.models import Unit, User

CAST = ["clerk", "colleague", "head", "deputy", "office", "office_head", "director", "council_member", "inspector",
        "technician", "appraiser", "stranger", "stranger_head"]  # fmt: skip
AUTHORS = ("clerk", "colleague")
NAME = "Số hóa quy trình tiếp nhận hồ sơ lưu trữ"
DECISION = {
    "level": "agency", "reach": "province", "decision_number": "77/QĐ-SNV", "recognised_on": date(2025, 11, 3),
    "recognised_by": "Sở Nội vụ",
}  # fmt: skip
COUNCIL = {
    "council_met_on": date(2025, 10, 28), "council_minutes": "12/BB-HĐSK", "council_members": 7, "council_present": 6,
    "council_in_favour": 5, "council_mark": None, "council_scale": None, "council_advice": "recognise",
    "evaluation": "Có tính mới.",
}  # fmt: skip
APPLIED_ON = date(2025, 10, 6)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def facts(unit: Unit, **more: Any) -> dict[str, Any]:
    return {
        "kind": "initiative", "name": NAME, "summary": "Nhập một lần.", "effect": "Giảm 3 ngày.", "unit": unit,
        "first_used_on": date(2025, 3, 1), **more,
    }  # fmt: skip


def load_figures() -> None:
    if not Setting.objects.exists():
        load_settings(read(settings.BASE_DIR / "reference" / "awards" / "settings.yaml"))


def hand_in(one: Initiative, cast: dict[str, User]) -> None:
    """On paper it came in October, before the council met."""
    actions.submit(one, by=cast["clerk"])
    Initiative.objects.filter(pk=one.pk).update(applied_on=APPLIED_ON)
    one.refresh_from_db()


def evaluate(one: Initiative, cast: dict[str, User], **changes: Any) -> None:
    load_figures()
    evaluating.evaluate(one, {**COUNCIL, **changes}, by=cast["office"])


def bring_to(one: Initiative, state: str, cast: dict[str, User]) -> Initiative:
    if state != "draft":
        hand_in(one, cast)
    if state in ("evaluated", "recognised"):
        evaluate(one, cast)
    if state == "recognised":
        actions.recognise(one, DECISION, by=cast["office"])
    if state == "refused":
        actions.refuse(one, by=cast["office"], comment="Không mới.")
    return one
