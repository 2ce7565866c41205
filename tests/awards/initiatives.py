"""What the stories about initiatives begin with."""

from datetime import date
from typing import Any

from awards.actions import initiatives as actions
from awards.models import Initiative
from organization.models import Unit, User

CAST = ["clerk", "colleague", "head", "deputy", "office", "office_head", "director", "council_member", "inspector",
        "technician", "appraiser", "stranger", "stranger_head"]  # fmt: skip
AUTHORS = ("clerk", "colleague")
NAME = "Số hóa quy trình tiếp nhận hồ sơ lưu trữ"
DECISION = {
    "level": "agency", "reach": "province", "decision_number": "77/QĐ-SNV", "recognised_on": date(2025, 11, 3),
    "recognised_by": "Sở Nội vụ", "evaluation": "Có tính mới.",
}  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def facts(unit: Unit, **more: Any) -> dict[str, Any]:
    return {
        "kind": "initiative", "name": NAME, "summary": "Nhập một lần.", "effect": "Giảm 3 ngày.", "unit": unit,
        "first_used_on": date(2025, 3, 1), **more,
    }  # fmt: skip


def bring_to(one: Initiative, state: str, cast: dict[str, User]) -> Initiative:
    if state != "draft":
        actions.submit(one, by=cast["clerk"])
    if state == "recognised":
        actions.recognise(one, DECISION, by=cast["office"])
    if state == "refused":
        actions.refuse(one, by=cast["office"], comment="Không mới.")
    return one
