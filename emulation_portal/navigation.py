"""The side menu: what this user may open, in the order of the work."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from organization import roles

# (label, route, icon, roles that see it or None for everybody with a person)
MENU: list[tuple[str, str, str, frozenset[str] | None]] = [
    ("Việc của tôi", "home", "checklist", None),
    ("Phong trào", "campaigns:campaign_list", "flag", None),
    ("Đăng ký thi đua", "campaigns:registration_list", "heart-handshake", None),
    ("Thành tích", "scoring:achievement_list", "trophy", None),
    ("Tài liệu kiểm chứng", "scoring:evidence_list", "paperclip", None),
    ("Phiếu chấm điểm", "scoring:scorecard_list", "list-details", None),
    ("Xếp hạng", "scoring:ranking", "chart-bar", None),
    (
        "Khen thưởng",
        "awards:award_list_list",
        "award",
        frozenset({roles.OFFICE, roles.INSPECTOR, roles.COUNCIL, roles.HEAD}),
    ),
    ("Đơn vị", "organization:unit_list", "building", None),
    ("Nhân sự", "organization:person_list", "users", None),
    ("Tài khoản", "organization:account_list", "key", frozenset({roles.TECHNICIAN})),
    ("Thư đã gửi", "letter_list", "mail", None),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Menu entries with the present one marked; nothing for strangers."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    held = user.acting.roles
    entries = []
    for label, route, icon, audience in MENU:
        if audience is None or held & audience:
            href = reverse(route)
            here = request.path == href if href == "/" else request.path.startswith(href)
            entries.append({"label": label, "href": href, "icon": icon, "here": here})
    return {"menu": entries}
