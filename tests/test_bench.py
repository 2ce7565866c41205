"""`make bench`: the floor is an honest page, and what is slow or grows does not pass."""

import smtplib
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from emulation_portal.bench import letters, report
from emulation_portal.bench.floor import floor
from emulation_portal.bench.measuring import Times
from emulation_portal.bench.sink import serving
from organization.models import User


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


def test_an_index_has_its_bar_in_milliseconds_and_a_job_in_seconds() -> None:
    fact = {"queries": 7, "size": 2048}
    assert report.line_of_index("Ma trận", "index", Times([0.3], [0.010]), fact)[1]
    assert "CHẬM" in report.line_of_index("Ma trận", "index", Times([0.301], [0.200]), fact)[0]
    assert not report.line_of_index("Lưu", "post", Times([0.031], [0.010]), fact)[1]
    assert report.job("Xếp hạng", 1.9, 1.2, 2)[1]
    assert not report.job("Nạp", 5.1, 1, 5)[1]
    assert report.job("Tính lại", 99, 98, 0)[1]


def test_a_review_has_its_bars_in_milliseconds_and_tells_the_floor_of_its_job() -> None:
    fact = {"queries": 31, "size": 2048}
    assert report.line_of_review("Một người", "person", Times([0.15], [0.010]), fact)[1]
    assert "CHẬM" in report.line_of_review("Một người", "person", Times([0.151], [0.10]), fact)[0]
    text, passed = report.job_beside("Xét", 9.9, 8.0, 3.3, 10)
    assert passed
    assert "sàn 3.30 s, 3.0 lần" in text
    assert not report.job_beside("Xét", 10.1, 8.0, 3.3, 10)[1]


def test_the_mail_server_of_the_bench_counts_copies() -> None:
    with serving() as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
        for number in (1, 2, 2):
            letter = f"Message-ID: <{number}@x>\r\nSubject: x\r\n\r\n..data\r\n"
            client.sendmail("a@x", ["b@x"], letter)
    assert sink.copies == {b"<1@x>": 1, b"<2@x>": 2}
    assert sink.total == 3
    assert 0 < sink.first <= sink.last


def test_the_letters_of_the_bench_are_queued_and_counted(db: None) -> None:
    letters.job("people", 3)
    assert min(letters.job("same", 3)) > 0
    assert min(letters.job("own", 3)) > 0
    assert letters.job("states", 0) == {"sent": 0, "marked": 0}
    assert letters.job("later", 0) == 6
    assert letters.job("states", 0) == {"sent": 6, "marked": 0}
