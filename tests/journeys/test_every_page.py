"""A walk over the main pages of every role, on a desk and on a phone: nothing that axe finds, no sideways scroll, no
complaint of the browser. With PICTURES=folder the walk leaves a picture of every page there."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Enter
from tests.journeys.scenery import places  # noqa: F401
from tests.journeys.visits import Visit
from tests.trust.conftest import world  # noqa: F401

pytestmark = pytest.mark.browser
# (route, the dossier it is about, query)
PAGES: dict[str, list[tuple[str, str, str]]] = {
    "clerk": [
        ("home", "", ""),
        ("campaigns:registration_list", "", ""),
        ("scoring:achievement_list", "", ""),
        ("scoring:achievement_create", "", ""),
        ("scoring:achievement_edit", "draft", ""),
        ("scoring:achievement_edit", "returned", ""),
        ("scoring:achievement_check", "returned", ""),
        ("scoring:achievement_evidence", "draft", ""),
        ("scoring:achievement_detail", "submitted", ""),
        ("scoring:evidence_list", "", ""),
        ("scoring:evidence_detail", "evidence", ""),
        ("scoring:ranking", "", "?doi-tuong=individual"),
        ("organization:account", "", ""),
        ("letter_list", "", ""),
    ],
    "deputy": [
        ("campaigns:registration_edit", "year toi", ""),
        ("scoring:scorecard_list", "", ""),
        ("scoring:scorecard_detail", "filled", ""),
    ],
    "head": [
        ("home", "", ""),
        ("scoring:achievement_list_of", "=cho-toi", ""),
        ("scoring:achievement_detail", "submitted", ""),
        ("campaigns:registration_bulk", "", ""),
        ("campaigns:registration_detail", "registration", ""),
        ("scoring:scorecard_list", "", ""),
        ("scoring:scorecard_detail", "waiting", ""),
        ("scoring:scorecard_what_if", "waiting", ""),
        ("scoring:scorecard_years", "waiting", ""),
        ("scoring:scorecard_return", "waiting send_back", ""),
    ],
    "office": [
        ("home", "", ""),
        ("campaigns:registration_figures", "", ""),
        ("campaigns:campaign_list", "", ""),
        *(
            ("campaigns:campaign_detail", "campaign", f"?muc={tab}")
            for tab in ["", "van-ban", "lich", "tieu-chi"]
        ),
        ("campaigns:year_detail", "year", ""),
        ("campaigns:bands_change", "year", ""),
        ("campaigns:criteria_set_detail", "set", ""),
        ("scoring:appraisal_list", "", ""),
        ("scoring:publication_list", "", ""),
        ("scoring:publish", "year individual", ""),
        ("scoring:what_if_of_round", "year", ""),
        ("scoring:years_of_block", "year", "?doi-tuong=individual"),
        ("awards:award_list_list", "", ""),
        ("awards:award_list_detail", "list", ""),
        ("awards:conditions", "year", ""),
        ("organization:unit_list", "", ""),
        ("organization:unit_detail", "unit", ""),
        ("organization:unit_correct", "unit", ""),
        ("organization:person_transfer", "person", ""),
        ("organization:person_list", "", ""),
        ("organization:person_detail", "person", ""),
        ("organization:import_list", "", ""),
        ("organization:import_preview", "batch", "?ket-qua=refused"),
        ("organization:workdays_year", "=2026", ""),
        ("reminder_plans", "", ""),
        ("reminder_plan", "=self_score", ""),
        ("notice_list", "year", ""),
        ("notice_paper", "year", ""),
        ("year_remind", "year self_score", ""),
    ],
    "director": [
        ("home", "", ""),
        ("campaigns:year_detail", "year", ""),
        ("campaigns:registration_missing", "year", ""),
        ("scoring:achievement_list", "", ""),
        ("scoring:scorecard_list", "", ""),
        ("scoring:ranking", "", ""),
        ("awards:award_list_list", "", ""),
        ("organization:delegation_create", "", ""),
    ],
    "council_member": [
        ("home", "", ""),
        ("scoring:achievement_list", "", ""),
        ("scoring:scorecard_list", "", ""),
        ("scoring:ranking", "", "?doi-tuong=individual"),
        ("awards:award_list_list", "", ""),
    ],
    "inspector": [
        ("home", "", ""),
        ("campaigns:registration_missing", "year", ""),
        ("scoring:achievement_detail", "submitted", ""),
        ("scoring:scorecard_detail", "waiting", ""),
        ("scoring:ranking", "", ""),
        ("scoring:publication_list", "", ""),
        ("awards:award_list_list", "", ""),
        ("organization:person_detail", "person", ""),
        ("letter_list", "", ""),
    ],
    "technician": [
        ("home", "", ""),
        ("organization:account_list", "", ""),
        ("organization:account_detail", "account", ""),
        ("timetable", "", ""),
        ("timetable_job", "=resend-stuck", ""),
    ],
}


@pytest.mark.parametrize("size", [Visit.DESKTOP, Visit.PHONE], ids=["desktop", "phone"])
def test_every_page_is_accessible_and_fits(
    size: tuple[int, int],
    enter: Enter,
    places: dict[str, Any],  # noqa: F811
) -> None:
    stranger = enter(size=size)
    faults: list[str] = []
    for route in ("login", "password_reset"):
        stranger.open(route)
        faults += look(stranger)
    for name, pages in PAGES.items():
        visit = enter(name, size=size)
        for route, about, query in pages:
            visit.open(route, *arguments(about, places), query=query)
            faults += look(visit)
    assert faults == [], "\n".join(faults)


def arguments(about: str, places: dict[str, Any]) -> list[Any]:  # noqa: F811
    """``year toi`` is the number of the year and the word; ``=cho-toi`` only the word."""
    if about.startswith("="):
        return [about[1:]]
    return [places.get(word, word) for word in about.split()]


def look(visit: Visit) -> list[str]:
    page = visit.page
    if folder := os.environ.get("PICTURES"):
        width, path = page.viewport_size["width"], page.url.split("/", 3)[3]
        name = f"{path.strip('/').replace('/', '_').replace('?', '_') or 'home'}-{width}.png"
        page.screenshot(path=Path(folder) / name, full_page=True)
    faults = visit.barriers()
    if visit.overflow() > 0:
        faults.append(f"{page.url} scrolls sideways by {visit.overflow()} px")
    return faults
