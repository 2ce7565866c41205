"""What is measured: each page, who asks for it, and how often it may be asked. Runs inside one database."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import CampaignYear, Criterion, Registration
from emulation_portal.demo.bulk import clone
from organization.models import Person, Unit, User
from scoring.actions import achievements
from scoring.models import Achievement, Result, Scorecard

TOKEN = "b" * 32  # as good a CSRF token as any: cookie and header only have to agree
LOST, TAKEN = 3, 30  # requests that go into counting, and spare ones
Body = dict[str, str]


@dataclass
class Scenario:
    """A page (``requests`` has one address) or a form that is sent (one address and body for every round)."""

    name: str
    kind: str
    user: str
    requests: list[tuple[str, Body | None]]
    headers: dict[str, str] = field(default_factory=dict)
    queries: int = 0
    size: int = 0


def pages(rounds: int) -> Iterator[Scenario]:
    """The pages of an ordinary day."""
    yield from [*_lists(), *_pages(), *_forms(), *_posts(rounds + TAKEN)]


def measured(scenarios: Iterable[Scenario]) -> dict[str, Any]:
    """Every scenario of this database with its number of queries, and a signed-in session for each user."""
    found = list(scenarios)
    clients: dict[str, Client] = {}
    for one in found:
        if one.user not in clients:
            clients[one.user] = Client()
            clients[one.user].force_login(
                User.objects.get(username=one.user), backend="django.contrib.auth.backends.ModelBackend"
            )
        _count(clients[one.user], one)
    name = settings.SESSION_COOKIE_NAME
    return {
        "scenarios": [asdict(one) for one in found],
        "cookies": {user: f"{name}={client.cookies[name].value}" for user, client in clients.items()},
    }


def _count(client: Client, one: Scenario) -> None:
    """Asked some times: the first ones fill the caches of the process and the session."""
    for _ in range(LOST):
        address, body = one.requests[0]
        with CaptureQueriesContext(connection) as captured:
            response = client.post(address, body, headers=one.headers) if body else client.get(address)
        if response.status_code not in (200, 302):
            raise RuntimeError(f"{one.name}: {address} answered {response.status_code}")
        one.queries, one.size = len(captured), len(response.content)
        if body:
            del one.requests[0]


def _year() -> CampaignYear:
    return CampaignYear.objects.of_movements().get(year=2025)


def _lists() -> Iterator[Scenario]:
    people = reverse("organization:person_list")
    last = (Person.objects.count() - 1) // 25 + 1
    yield _list("Nhân sự", "chuyenvien", people)
    # A word that fills the page in both offices: the time of one row says nothing about that of 25.
    yield _list("Nhân sự, tìm “thi”", "chuyenvien", f"{people}?q=thi")
    yield _list("Nhân sự, xếp theo chức vụ", "chuyenvien", f"{people}?sap=chuc-vu")
    yield _list("Nhân sự, trang cuối", "chuyenvien", f"{people}?trang={last}")
    yield _list("Đơn vị", "chuyenvien", reverse("organization:unit_list"))
    yield _list("Thành tích", "vanphong", reverse("scoring:achievement_list"))
    yield _list("Thành tích, thủ trưởng", "truongphong", reverse("scoring:achievement_list"))
    yield _list("Phiếu chấm điểm", "vanphong", reverse("scoring:scorecard_list"))
    yield _list("Phiếu chấm điểm, thủ trưởng", "truongphong", reverse("scoring:scorecard_list"))
    yield _list("Đăng ký thi đua", "vanphong", reverse("campaigns:registration_list"))
    yield _list("Tài liệu kiểm chứng", "vanphong", reverse("scoring:evidence_list"))
    yield _list("Tài liệu, chuyên viên", "chuyenvien", reverse("scoring:evidence_list"))
    yield _list("Thư đã gửi", "vanphong", reverse("letter_list"))


def page(name: str, kind: str, user: str, address: str) -> Scenario:
    return Scenario(name, kind, user, [(address, None)])


def _list(name: str, user: str, address: str) -> Scenario:
    return page(name, "list", user, address)


def _pages() -> Iterator[Scenario]:
    year = CampaignYear.objects.of_movements().get(year=2024)
    ranking = f"{reverse('scoring:ranking')}?nam={year.pk}&doi-tuong=individual"
    yield page("Xếp hạng cá nhân", "ranking", "vanphong", ranking)
    yield page("Xếp hạng cá nhân, chuyên viên", "ranking", "chuyenvien", ranking)
    mine: dict[str, Any] = {"person__user__username": "chuyenvien"}
    achievement = Achievement.objects.filter(state="confirmed", **mine).order_by("pk")[0]
    result = Result.objects.filter(scorecard__person__user__username="chuyenvien").order_by("-pk")[0]
    dossiers = [
        ("Việc của tôi", "chuyenvien", "home", []),
        ("Việc của tôi, Văn phòng", "vanphong", "home", []),
        ("Một thành tích", "chuyenvien", "scoring:achievement_detail", [achievement.pk]),
        ("Phiếu chấm điểm (bảng)", "chuyenvien", "scoring:scorecard_detail", [_own_sheet().pk]),
        ("Kết quả đã công bố", "chuyenvien", "scoring:result_detail", [result.pk]),
        (
            "Một đăng ký",
            "chuyenvien",
            "campaigns:registration_detail",
            [Registration.objects.filter(**mine).order_by("pk")[0].pk],
        ),
        ("Phong trào", "chuyenvien", "campaigns:campaign_detail", [year.campaign_id]),
        ("Một người", "vanphong", "organization:person_detail", [achievement.person_id]),
        ("Một đơn vị", "vanphong", "organization:unit_detail", [Unit.objects.get(code="cchc").pk]),
    ]
    for name, user, route, arguments in dossiers:
        yield page(name, "dossier", user, reverse(route, args=arguments))


def _own_sheet() -> Scorecard:
    """The clerk's sheet of the open year, to be filled."""
    sheet = Scorecard.objects.get(person__user__username="chuyenvien", campaign_year=_year())
    Scorecard.objects.filter(pk=sheet.pk).update(state="draft")
    return sheet


def _own_draft() -> Achievement:
    user = User.objects.get(username="chuyenvien")
    draft = achievements.start(_year(), by=user)
    values = {
        "title": "Bản nháp để đo",
        "criterion": Criterion.objects.filter(achievements__state="confirmed")[0],
    }
    return achievements.save(draft, by=user, values=values)


def _own_registration() -> Registration:
    one = Registration.objects.get(person__user__username="chuyenvien", campaign_year=_year())
    Registration.objects.filter(pk=one.pk).update(state="returned")
    return one


def _forms() -> Iterator[Scenario]:
    forms: list[tuple[str, str, str, list[Any]]] = [
        ("Sửa thành tích", "chuyenvien", "scoring:achievement_edit", [_own_draft().pk]),
        (
            "Sửa đăng ký",
            "chuyenvien",
            "campaigns:registration_edit",
            [_own_registration().campaign_year_id, "toi"],
        ),
        ("Thêm người", "vanphong", "organization:person_create", []),
        ("Thêm đơn vị", "vanphong", "organization:unit_create", []),
    ]
    for name, user, route, arguments in forms:
        yield page(name, "form", user, reverse(route, args=arguments))


def _posts(count: int) -> Iterator[Scenario]:
    sheet = _own_sheet()
    line = sheet.lines.filter(criterion__method="all_or_nothing")[0]
    save_line = reverse("scoring:line_save", args=[sheet.pk, line.pk])
    yield post(
        "Lưu một dòng của phiếu",
        "chuyenvien",
        [(save_line, {f"l{line.pk}-met": str(number % 2)}) for number in range(count)],
    )
    draft = _own_draft()
    save_draft = reverse("scoring:achievement_autosave", args=[draft.pk])
    facts = {
        "page": "bench",
        "version": str(draft.version),
        "result": "Đã áp dụng tại đơn vị.",
        "quantity": "1",
    }
    rows = {"co-TOTAL_FORMS": "0", "co-INITIAL_FORMS": "0"}
    yield post(
        "Tự lưu thành tích",
        "chuyenvien",
        [(save_draft, {**facts, **rows, "title": f"Bản nháp lần {number}"}) for number in range(count)],
        {"X-Autosave": "1"},
    )
    registration = _own_registration()
    save_registration = reverse("campaigns:registration_edit", args=[registration.campaign_year_id, "toi"])
    yield post(
        "Tự lưu đăng ký",
        "chuyenvien",
        [(save_registration, _pledge(registration.version, number)) for number in range(count)],
        {"X-Autosave": "1"},
    )
    theirs = Achievement.objects.filter(unit__code="cchc", approving_unit=F("unit"))
    waiting = theirs.filter(state="submitted").order_by("pk")[0]
    fresh = Achievement.objects.bulk_create([clone(waiting) for _ in range(count)])
    yield post(
        "Xác nhận một thành tích",
        "truongphong",
        [
            (reverse("scoring:achievement_move", args=[one.pk, "confirm"]), {"version": str(one.version)})
            for one in fresh
        ],
    )


def _pledge(version: int, number: int) -> Body:
    """Every save is one version further."""
    return {
        "version": str(version + number),
        "pledge": f"Hoàn thành nhiệm vụ được giao, lần {number}.",
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-target": f"Sáng kiến được công nhận {number}",
        "items-0-quantity": "1",
    }


def post(
    name: str, user: str, requests: list[tuple[str, Body]], headers: dict[str, str] | None = None
) -> Scenario:
    return Scenario(name, "post", user, [*requests], headers or {})
