"""What `make bench` asks for is there: every page of the demo answers, and the floor is an honest page."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import RequestFactory

from emulation_portal.bench import report, scenarios
from emulation_portal.bench.floor import floor
from emulation_portal.bench.measuring import Times
from emulation_portal.demo import bulk, office, season
from organization.models import Person, Unit, User
from scoring.models import Result, Scorecard


@pytest.fixture
def small_office(db: None) -> None:
    call_command("load_reference", verbosity=0)
    office.build()
    season.build()


def test_every_page_of_the_bench_answers_before_and_after_the_office_grows(small_office: None) -> None:
    found = scenarios.measured(2)
    assert {one["kind"] for one in found["scenarios"]} == set(report.BARS) == set(report.KINDS)
    assert all(0 < one["queries"] < 40 for one in found["scenarios"])
    assert set(found["cookies"]) == {one["user"] for one in found["scenarios"]}

    bulk.grow(people=200, units=30)
    assert (Person.objects.count(), Unit.objects.count()) == (200, 30)
    copies = Person.objects.filter(code__startswith="CB")
    assert Scorecard.objects.filter(person__in=copies).exists()
    assert Result.objects.filter(scorecard__person__in=copies).exists()
    ranks = Result.objects.filter(publication__recipient="individual").order_by("-index")
    assert list(ranks.values_list("rank", flat=True)) == sorted(ranks.values_list("rank", flat=True))
    grown = {one["name"]: one["queries"] for one in scenarios.measured(2)["scenarios"]}
    assert {one["name"]: one["queries"] for one in found["scenarios"]}.keys() == grown.keys()


def test_the_floor_is_for_signed_in_people(clerk: User, rf: RequestFactory) -> None:
    request = rf.get("/floor/")
    request.user = AnonymousUser()
    assert floor(request).status_code == 302
    request.user = clerk
    page = floor(request)
    assert page.status_code == 200
    assert "Nguyễn" in page.content.decode()
    assert page.content.count(b"<tr>") > 5


def test_the_settings_of_the_floor_start(tmp_path: Path) -> None:
    asked = "import django; django.setup(); from emulation_portal.bench.floor import urlpatterns; print(urlpatterns)"
    environment = {
        "DJANGO_SETTINGS_MODULE": "emulation_portal.bench.floor_settings",
        "DATA_DIR": str(tmp_path),
    }
    ran = subprocess.run(
        [sys.executable, "-c", asked], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


def test_a_page_passes_only_below_its_bar_and_without_growth() -> None:
    fact = {"queries": 7, "size": 2048}
    good = [Times([0.012], [0.010]), Times([0.013], [0.010])]
    assert report.line("Nhân sự", "list", good, [fact, fact])[1]
    slow = [Times([0.016], [0.010]), Times([0.016], [0.010])]
    assert "CHẬM" in report.line("Nhân sự", "list", slow, [fact, fact])[0]
    growing = [Times([0.010], [0.010]), Times([0.0125], [0.010])]
    text, passed = report.line("Nhân sự", "list", growing, [fact, fact])
    assert "TĂNG" in text
    assert not passed
