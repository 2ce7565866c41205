"""The Office keeps the calendar of working days: adds, removes, confirms; everybody reads it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from core.journal import history_of
from core.models import WorkDay, WorkYear
from core.reminding import workdays
from core.workflow import AlreadyDone, Refused, Stale
from organization.actions import add_work_day, confirm_work_year, open_work_year, remove_work_day
from organization.models import User
from organization.reference import load_holidays

FILE = Path(__file__).resolve().parents[2] / "reference" / "organization" / "holidays.yaml"
ClientOf = Callable[[User], Client]


@pytest.fixture
def year(cast: dict[str, User]) -> WorkYear:
    load_holidays(FILE)
    return WorkYear.objects.get(year=2026)


def test_the_office_confirms_a_year_and_a_change_opens_it_again(year: WorkYear, office: User) -> None:
    confirm_work_year(year, basis="Thông báo 123/TB ngày 02/12/2025", version=year.version, by=office)
    year.refresh_from_db()
    assert year.is_confirmed
    with pytest.raises(AlreadyDone):
        confirm_work_year(year, basis="lại", version=None, by=office)
    day = date(2026, 3, 7)
    add_work_day(year, day=day, kind="on", name="Làm bù", version=year.version, by=office)
    assert workdays().is_workday(day)
    year.refresh_from_db()
    assert not year.is_confirmed
    remove_work_day(year, day, by=office)
    assert not workdays().is_workday(day)
    with pytest.raises(AlreadyDone):
        remove_work_day(year, day, by=office)
    assert [line.verb for line in history_of(year)] == ["day_removed", "day_added", "confirmed"]


def test_reference_data_leaves_a_year_of_the_office_alone(year: WorkYear, office: User) -> None:
    remove_work_day(year, date(2026, 1, 2), by=office)
    load_holidays(FILE)
    assert not WorkDay.objects.filter(day=date(2026, 1, 2)).exists()


def test_what_cannot_be_is_refused_in_words(year: WorkYear, office: User, clerk: User) -> None:
    def add(day: date, kind: str = "off", version: int | None = None, by: User = office) -> None:
        add_work_day(year, day=day, kind=kind, name="Thử", version=version, by=by)

    with pytest.raises(Refused, match="không thuộc năm 2026"):
        add(date(2025, 3, 3))
    with pytest.raises(Refused, match="vốn là ngày làm việc"):
        add(date(2026, 3, 4), "on")
    with pytest.raises(Refused, match="Lịch đã có 30/04/2026"):
        add(date(2026, 4, 30))
    with pytest.raises(Stale):
        add(date(2026, 3, 4), version=0)
    with pytest.raises(Refused, match="không có quyền"):
        add(date(2026, 3, 4), by=clerk)


def test_the_page_of_a_year(year: WorkYear, office: User, clerk: User, client_of: ClientOf) -> None:
    address = reverse("organization:workdays_year", args=[2026])
    html = client_of(clerk).get(address).content.decode()
    assert "chưa được Văn phòng Sở xác nhận" in html
    assert "Giỗ Tổ Hùng Vương" in html
    assert "Thêm ngày" not in html
    assert client_of(clerk).post(address, {"day": "03/03/2026"}).status_code == 404
    client = client_of(office)
    refused = client.post(
        address, {"day": "30/04/2026", "kind": "off", "name": "Lễ", "version": year.version}
    )
    assert refused.status_code == 422
    assert "Lịch đã có 30/04/2026" in refused.content.decode()
    facts = {"day": "03/03/2026", "kind": "off", "name": "Nghỉ đột xuất", "version": year.version}
    assert client.post(address, facts).status_code == 302
    assert not workdays().is_workday(date(2026, 3, 3))
    stale = client.post(address, {**facts, "day": "04/03/2026"})
    assert stale.status_code == 422
    assert 'value="04/03/2026"' in stale.content.decode()
    confirm = reverse("organization:workdays_confirm", args=[2026])
    client.post(confirm, {"basis": "", "version": 2})
    assert not WorkYear.objects.get(year=2026).is_confirmed
    client.post(confirm, {"basis": "Thông báo 1/TB", "version": 2})
    assert "đã xác nhận lịch năm 2026" in client.get(address).content.decode()
    assert client_of(clerk).post(confirm, {"basis": "x"}).status_code == 404
    day = WorkDay.objects.get(day=date(2026, 3, 3))
    remove = reverse("organization:workdays_remove", args=[day.pk])
    assert client_of(clerk).post(remove).status_code == 404
    assert client.post(remove).status_code == 302
    assert not WorkDay.objects.filter(day=date(2026, 3, 3)).exists()


def test_a_year_nobody_has_entered_says_so(cast: dict[str, User], office: User, client_of: ClientOf) -> None:
    client, address = client_of(office), reverse("organization:workdays_year", args=[2031])
    assert "Chưa ai lập lịch năm 2031" in client.get(address).content.decode()
    assert client.get(reverse("organization:workdays_year", args=[3000])).status_code == 404
    client.post(reverse("organization:workdays_open", args=[2031]))
    open_work_year(2031, by=office)  # twice is once
    assert WorkYear.objects.filter(year=2031).count() == 1
    assert client.get(reverse("organization:workdays_now")).status_code == 302
