"""The side menu: what this user may open, in groups that fold, in the order of the work."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from organization import roles

DIRECTOR = "director"  # heads the Sở itself; not a role of its own

AWARDERS = frozenset({roles.OFFICE, roles.INSPECTOR, roles.COUNCIL, DIRECTOR})
MOST = 17  # so many rows stand below each other on a small notebook; groups beyond that are folded
# Group by group: (label, route, icon, roles that see it or None for everybody with a person). The first has no heading.
Row = tuple[str, str, str, frozenset[str] | None]
MENU: list[tuple[str, list[Row]]] = [
    ("", [("Việc của tôi", "home", "checklist", None)]),
    (
        "Thi đua, chấm điểm",
        [
            ("Phong trào", "campaigns:campaign_list", "flag", None),
            ("Bộ chỉ số", "campaigns:index_list", "target", None),
            ("Đăng ký thi đua", "campaigns:registration_list", "heart-handshake", None),
            ("Thành tích", "scoring:achievement_list", "trophy", None),
            ("Tài liệu kiểm chứng", "scoring:evidence_list", "paperclip", None),
            ("Phiếu chấm điểm", "scoring:scorecard_list", "list-details", None),
            ("Xếp hạng", "scoring:ranking", "chart-bar", None),
        ],
    ),
    (
        "Bình xét, khen thưởng",
        [
            ("Bình xét", "awards:review_list", "scale", None),
            ("Khen thưởng", "awards:award_list_list", "award", AWARDERS),
            ("Sáng kiến", "awards:initiative_list", "bulb", None),
            ("Sổ khen thưởng", "awards:register", "certificate", None),
            ("Quy định khen thưởng", "awards:province", "gavel", AWARDERS),
        ],
    ),
    (
        "Tổ chức, hệ thống",
        [
            ("Đơn vị", "organization:unit_list", "building", None),
            ("Nhân sự", "organization:person_list", "users", None),
            ("Tài khoản", "organization:account_list", "key", frozenset({roles.TECHNICIAN})),
            ("Thư đã gửi", "letter_list", "mail", None),
            ("Nhắc việc", "reminder_plans", "bell", frozenset({roles.OFFICE})),
            ("Lịch chạy tự động", "timetable", "clock", frozenset({roles.TECHNICIAN, roles.OFFICE})),
        ],
    ),
]


# Pages that stand at another address than the entry they belong to.
ELSEWHERE = {
    "/khen-thuong/xep-loai/": "awards:review_list",
    "/khen-thuong/de-nghi/": "awards:review_list",
    "/khen-thuong/ho-so/": "awards:review_list",
    "/khen-thuong/hoi-dong/": "awards:review_list",
    "/khen-thuong/quyet-dinh/": "awards:review_list",
    "/khen-thuong/tam-dung/": "awards:review_list",
    "/khen-thuong/du-kien/": "awards:review_list",
    "/khen-thuong/tien-thuong/": "awards:register",
    "/khen-thuong/thu-hoi/": "awards:register",
    "/cham-diem/dot/": "campaigns:index_list",
    "/cham-diem/dieu-tra/": "campaigns:index_list",
    "/cham-diem/tham-dinh/": "scoring:scorecard_list",
    "/cham-diem/cong-bo/": "scoring:ranking",
    "/cham-diem/ket-qua/": "scoring:ranking",
    "/to-chuc/lich-lam-viec/": "reminder_plans",
    "/khen-thuong/tieu-chuan/": "awards:province",
    "/khen-thuong/can-xac-nhan/": "awards:province",
}
_address = cache(reverse)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Menu entries by group with the present one marked; nothing for strangers."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    acting = user.acting
    held = acting.roles | ({DIRECTOR} if acting.heads_the_agency else frozenset())
    groups: list[dict[str, Any]] = [
        {"name": name, "entries": [_entry(row) for row in rows if row[3] is None or held & row[3]]}
        for name, rows in MENU
    ]
    entries = [entry for group in groups for entry in group["entries"]]
    path = _path_of(request)
    nearest = max((entry for entry in entries if _leads_to(entry["href"], path)), key=_length, default=None)
    if nearest:
        nearest["here"] = True
    _unfold(groups)
    return {"menu": groups}


def _entry(row: Row) -> dict[str, Any]:
    label, route, icon, _ = row
    return {"label": label, "href": _address(route), "icon": icon, "here": False}


def _unfold(groups: list[dict[str, Any]]) -> None:
    """Open is the group of the present page, then from the top whatever else fits on a small screen."""
    left = MOST
    for group in sorted(groups, key=lambda group: not any(entry["here"] for entry in group["entries"])):
        group["open"] = left == MOST or len(group["entries"]) <= left
        if group["open"]:
            left -= len(group["entries"])


def _path_of(request: HttpRequest) -> str:
    """Where the page belongs: what its view has said, the entry of pages that stand elsewhere, its own address."""
    said = getattr(request, "menu_entry", "")
    said = said or next((to for path, to in ELSEWHERE.items() if request.path.startswith(path)), "")
    return _address(said) if said else request.path


def _leads_to(href: str, path: str) -> bool:
    return path == href if href == "/" else path.startswith(href)


def _length(entry: dict[str, Any]) -> int:
    """The longest address that leads to a page is the entry it belongs to."""
    return len(entry["href"])
