"""Fixtures for every test: the cast, its campaign, signed-in clients, and the query counter."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

from campaigns.models import CampaignYear, Criterion
from organization.models import Unit, User
from tests.cast import build_campaign_year, build_cast

# The same examples at every run, and a busy machine is no failure.
settings.register_profile(
    "portal", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("portal")


@pytest.fixture(autouse=True)
def private_folders(settings: Any, tmp_path: Path) -> None:
    """Every test stores files in a folder of its own."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture
def own_counters(settings: Any, tmp_path: Path) -> None:
    """Counters that no other test counts on; clearing them all would clear those of the other worker too."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": str(tmp_path)}}


@pytest.fixture
def cast(db: None) -> dict[str, User]:
    return build_cast()


@pytest.fixture
def clerk(cast: dict[str, User]) -> User:
    """Nguyễn Văn An, chuyên viên of Phòng CCHC."""
    return cast["clerk"]


@pytest.fixture
def colleague(cast: dict[str, User]) -> User:
    """Trần Thị Bình, who sits beside the clerk."""
    return cast["colleague"]


@pytest.fixture
def head(cast: dict[str, User]) -> User:
    """Lê Minh Châu, head of Phòng CCHC."""
    return cast["head"]


@pytest.fixture
def deputy(cast: dict[str, User]) -> User:
    """Phạm Quốc Duy, deputy of Phòng CCHC, without a delegation."""
    return cast["deputy"]


@pytest.fixture
def office(cast: dict[str, User]) -> User:
    """Đỗ Thị Hà of Văn phòng Sở, who runs the campaign."""
    return cast["office"]


@pytest.fixture
def office_head(cast: dict[str, User]) -> User:
    """Lý Thanh Hải, head of Văn phòng Sở."""
    return cast["office_head"]


@pytest.fixture
def director(cast: dict[str, User]) -> User:
    """Hoàng Đức Long, director and so head of the Sở."""
    return cast["director"]


@pytest.fixture
def council_member(cast: dict[str, User]) -> User:
    """Vũ Thị Mai, head of Phòng TCCB and member of the council."""
    return cast["council_member"]


@pytest.fixture
def inspector(cast: dict[str, User]) -> User:
    """Bùi Quang Minh of the inspectorate, who reads everything."""
    return cast["inspector"]


@pytest.fixture
def technician(cast: dict[str, User]) -> User:
    """Ngô Văn Quân, who looks after accounts and has no say in any dossier."""
    return cast["technician"]


@pytest.fixture
def appraiser(cast: dict[str, User]) -> User:
    """Phan Thị Thu of Phòng TCCB, appraiser of other units' sheets."""
    return cast["appraiser"]


@pytest.fixture
def stranger(cast: dict[str, User]) -> User:
    """Đặng Văn Tùng of another unit, without any role."""
    return cast["stranger"]


@pytest.fixture
def stranger_head(cast: dict[str, User]) -> User:
    """Hồ Thị Yến, head of another unit."""
    return cast["stranger_head"]


@pytest.fixture
def units(cast: dict[str, User]) -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.all()}


@pytest.fixture
def campaign_year(cast: dict[str, User]) -> CampaignYear:
    """Campaign 412 in its open year 2025."""
    return build_campaign_year()


@pytest.fixture
def criteria(campaign_year: CampaignYear) -> dict[str, Criterion]:
    """The criteria of the open year by code."""
    return {row.code: row for row in Criterion.objects.filter(criteria_set__campaign_year=campaign_year)}


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which this user has signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def assert_same_queries() -> Callable[..., None]:
    """Assert that a page costs as many queries after ``grow()`` as before it."""

    def check(client: Client, url: str, grow: Callable[[], Any]) -> None:
        client.get(url)  # sessions and caches of the process are warm after the first visit
        before = _count(client, url)
        grow()
        after = _count(client, url)
        assert len(after) == len(before), "\n".join(after)

    return check


def _count(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200, response.status_code
    return [query["sql"] for query in captured.captured_queries]


@pytest.fixture
def files(settings: Any) -> Callable[[], list[Path]]:
    """The files in private storage, to assert that nothing was left behind."""
    return lambda: sorted(path for path in settings.EVIDENCE_DIR.glob("*/*") if path.is_file())


@pytest.fixture
def same_numbers(db: None) -> None:
    """PostgreSQL goes on counting where the last test ended, each table for itself, and every page would be asked for
    the numbers of all tables. Counting goes on from one number for all, as SQLite does by itself."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_value) FROM pg_sequences")
        highest = cursor.fetchone()[0] or 0
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename), %s) FROM pg_sequences", [highest + 1]
        )
