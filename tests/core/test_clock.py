"""One clock: a day in Việt Nam, whatever the server's zone; and a block that lives at another moment."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from core import clock

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
EVE = datetime(2025, 12, 31, 23, 59, 59, tzinfo=VIETNAM)


def test_the_day_ends_at_midnight_in_viet_nam() -> None:
    with clock.at(EVE):
        assert clock.today() == date(2025, 12, 31)
    with clock.at(EVE + timedelta(seconds=1)):
        assert clock.today() == date(2026, 1, 1)


def test_a_server_in_utc_has_the_same_day() -> None:
    with clock.at(datetime(2025, 12, 31, 16, 59, 59, tzinfo=UTC)):
        assert clock.today() == date(2025, 12, 31)
    with clock.at(datetime(2025, 12, 31, 17, 0, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 1, 1)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_the_zone_of_the_machine_does_not_matter(zone: str, tmp_path: Path) -> None:
    code = (
        "import django; django.setup();"
        "from datetime import UTC, datetime; from core import clock;"
        "moment = clock.at(datetime(2025, 12, 31, 17, 0, tzinfo=UTC)); moment.__enter__();"
        "print(clock.today())"
    )
    environment = {
        **os.environ,
        "TZ": zone,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "emulation_portal.settings",
    }
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "2026-01-01"


def test_blocks_nest_and_end() -> None:
    with clock.at(EVE):
        with clock.at(EVE - timedelta(days=365)):
            assert clock.today().year == 2024
        assert clock.now() == EVE
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


def test_a_block_that_fails_gives_the_clock_back() -> None:
    with pytest.raises(ZeroDivisionError), clock.at(EVE):
        _ = 1 / 0
    assert clock.now() > EVE
