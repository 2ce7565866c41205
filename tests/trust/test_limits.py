"""Searches, exports and uploads have a measure for each person; who is told to wait loses nothing."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as portal
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from awards.models import AwardList
from core import clock
from core.limits import is_too_often
from core.models import StoredFile
from organization.models import User
from tests.trust.conftest import World
from tests.trust.corpus import PDF
from tests.trust.routes import finish

ClientOf = Callable[[User], Client]
NOON = datetime.fromisoformat("2026-11-23T12:00:40+07:00")
REDIS = "django.core.cache.backends.redis.RedisCache"


@pytest.fixture(autouse=True)
def measured(settings: Any, own_counters: None) -> Iterator[None]:
    settings.LIMITS_PER_MINUTE = {"search": 3, "export": 2, "upload": 1}
    with clock.at(NOON):
        yield


def test_the_measures_of_a_real_portal() -> None:
    """Those of .env.example, where nobody types that fast."""
    text = (portal.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    for line in ("SEARCHES_PER_MINUTE=120", "EXPORTS_PER_MINUTE=20", "UPLOADS_PER_MINUTE=30"):
        assert f"\n{line}\n" in text


@pytest.mark.parametrize(
    ("query", "limit"), [({"q": "an"}, 3), ({"xuat": "xlsx"}, 2), ({"xuat": "xlsx", "q": "an"}, 2)]
)
def test_a_list_is_searched_and_exported_so_often(
    query: dict[str, str], limit: int, clerk: User, colleague: User, client_of: ClientOf
) -> None:
    client, address = client_of(clerk), reverse("organization:person_list")
    codes = [client.get(address, query).status_code for _ in range(limit + 2)]
    assert codes == [200] * limit + [429] * 2
    refused = client.get(address, query)
    assert refused["Retry-After"] == "20"
    html = refused.content.decode()
    assert f"tối đa {limit} lần" in html
    assert "thử lại sau 20 giây" in html
    assert client.get(address).status_code == 200  # everything else goes on
    assert client_of(colleague).get(address, query).status_code == 200
    with clock.at(NOON + timedelta(seconds=20)):
        assert client.get(address, query).status_code == 200


def test_papers_of_an_award_list_count_as_exports(world: World, office: User, client_of: ClientOf) -> None:
    client, number = client_of(office), AwardList.objects.get().pk
    addresses = [reverse(f"awards:export_{kind}", args=[number]) for kind in ("xlsx", "docx", "xlsx")]
    assert [finish(client.get(address)).status_code for address in addresses][-1] == 429


def test_a_part_of_a_page_is_refused_in_one_sentence(clerk: User, client_of: ClientOf) -> None:
    client, address = client_of(clerk), reverse("organization:person_list")
    for _ in range(4):
        answer = client.get(address, {"q": "an"}, headers={"HX-Request": "true"})
    assert answer.status_code == 429
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.content.decode().startswith("Mỗi phút cổng nhận tối đa 3 lần tìm")


def test_an_upload_too_many_is_held_and_sent_again(world: World, clerk: User, client_of: ClientOf) -> None:
    client = client_of(clerk)
    address = reverse("scoring:evidence_upload")
    form = {
        "number": "15/QĐ-SNV",
        "title": "Công nhận <sáng kiến>",
        "issuer": "Sở Nội vụ",
        "issued_on": "02/03/2025",
    }

    def send() -> Any:
        return client.post(
            address, {**form, "file": SimpleUploadedFile("b.pdf", PDF + os.urandom(8).hex().encode())}
        )

    assert send().status_code in {302, 422}
    before = StoredFile.objects.count()
    refused = send()
    assert refused.status_code == 429
    assert StoredFile.objects.count() == before
    html = refused.content.decode()
    assert "Công nhận &lt;sáng kiến&gt;" in html
    assert "<strong>b.pdf</strong>" in html
    assert f'action="{address}"' in html
    assert client.get(reverse("held_form")).status_code == 200
    with clock.at(NOON + timedelta(minutes=1)):
        assert client.post(address, form).status_code == 422  # the file is asked for, what was typed is there


def test_zero_is_no_limit(settings: Any, clerk: User, client_of: ClientOf) -> None:
    settings.LIMITS_PER_MINUTE = {"search": 0, "export": 0, "upload": 0}
    client = client_of(clerk)
    assert {client.get(reverse("organization:person_list"), {"q": "an"}).status_code for _ in range(9)} == {
        200
    }


def test_a_cache_that_is_away_keeps_nobody_from_working(settings: Any, caplog: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": REDIS, "LOCATION": "redis://127.0.0.1:9/0"}}
    assert [is_too_often("search", 7, limit=1) for _ in range(3)] == [False] * 3
    assert "was not counted" in caplog.text


@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="không có Redis")
def test_redis_counts_for_all_processes(settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": REDIS,
            "LOCATION": os.environ["REDIS_URL"],
            "KEY_PREFIX": f"test-{os.getpid()}",
        }
    }
    assert [is_too_often("search", 7, limit=2) for _ in range(4)] == [False, False, True, True]
    cache.delete_many([f"limit:search:7:{int(NOON.timestamp()) // 60}"])


def test_a_page_has_twenty_five_rows_whatever_is_asked(office: User, client_of: ClientOf, cast: Any) -> None:
    client, address = client_of(office), reverse("letter_list")
    for name in ("per_page", "page_size", "limit", "so-dong", "trang-co", "size"):
        page = client.get(address, {name: "100000"})
        assert page.context["list"].page.paginator.per_page == 25
