"""The terms of a đơn are figures of the province for its kind, and may be extended once, with a reason and a paper."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import complaints
from awards.models import Complaint, Review, Setting, SettingValue
from awards.queries import tasks_of
from core import clock
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from emulation_portal.reminding.gathering import gather
from organization.models import Unit, User
from tests.awards.open_periods import moment, of, publish, season
from tests.reminding.test_owed import in_reminders, on_first_pages

WITHIN = moment(date(2025, 1, 8), 10)
LATER = moment(date(2025, 2, 3), 10)
PAPER: dict[str, Any] = {
    "until": date(2025, 2, 20), "reason": "Phải xác minh ở hai đơn vị.", "document_number": "12/QĐ-SNV",
    "document_date": date(2025, 2, 3),
}  # fmt: skip


@pytest.fixture(autouse=True)
def within_the_period() -> Iterator[None]:
    with clock.at(WITHIN):
        yield


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return publish(season(office, cast, units), office)


def written(**changes: Any) -> dict[str, Any]:
    return {"kind": "complaint", "text": "Kê khai thành tích không đúng.", **changes}


@pytest.fixture
def complaint(review: Review, cast: dict[str, User], office: User) -> Complaint:
    """Accepted; to be resolved until Friday 7/2."""
    about = of(review, cast["colleague"])
    one = complaints.complain(review, written(nomination=about), by=cast["stranger"])
    complaints.accept(one, by=office)
    return one


def figure(code: str, value: int | None, office: User) -> None:
    SettingValue.objects.create(
        setting=Setting.objects.get(code=code), value=value, basis="Quy chế", set_by=office
    )


def owed() -> list[date | None]:
    return [one.task.due for one in gather().owed if one.stage == "complaints"]


# --- figures --------------------------------------------------------------------------------------------
def test_each_kind_has_its_own_terms(
    review: Review, cast: dict[str, User], office: User, director: User
) -> None:
    figure("petition-accept-days", 3, office)
    figure("petition-resolve-days", 12, office)
    kinds = ("complaint", "denunciation", "petition")
    received = {kind: complaints.complain(review, written(kind=kind), by=cast["clerk"]) for kind in kinds}
    assert {kind: one.accept_by for kind, one in received.items()} == {
        "complaint": date(2025, 1, 20),  # the 18th: Saturday
        "denunciation": date(2025, 1, 15),
        "petition": date(2025, 1, 13),  # the 11th: Saturday
    }
    for kind, one in received.items():
        complaints.accept(one, by=director if kind == "denunciation" else office)
    assert {kind: one.resolve_by for kind, one in received.items()} == {
        "complaint": date(2025, 2, 7),
        "denunciation": date(2025, 2, 7),
        "petition": date(2025, 1, 20),
    }


def test_every_figure_of_a_term_waits_for_the_office_to_confirm_it(review: Review) -> None:
    codes = [f"{kind}-{step}-days" for kind in Complaint.Kind for step in ("accept", "resolve", "extend")]
    rows = SettingValue.objects.filter(setting__code__in=codes)
    assert rows.count() == 9
    assert not rows.filter(is_confirmed=True).exists()
    assert rows.get(setting__code="denunciation-extend-days").basis.startswith("Khoản 2 Điều 30 Luật Tố cáo")


# --- more time ------------------------------------------------------------------------------------------
def test_extended_once_everything_follows_the_new_day(
    complaint: Complaint, cast: dict[str, User], office: User, client_of: Callable[[User], Client]
) -> None:
    with clock.at(LATER):
        complaints.extend(complaint, PAPER, by=office, version=2)
    complaint.refresh_from_db()
    assert (complaint.due, complaint.extended_from) == (date(2025, 2, 20), date(2025, 2, 7))
    assert (complaint.state, complaint.version) == ("accepted", 3)
    line = history_of(complaint).get(verb="extend")
    assert (line.label, line.comment) == (
        "Gia hạn giải quyết đến hết ngày 20/02/2025",
        "Phải xác minh ở hai đơn vị.",
    )
    [letter] = Letter.objects.filter(kind="awards/private/complaint_extended")
    assert letter.recipient == cast["stranger"]
    assert "đến trước 24 giờ 00 ngày 20/02/2025, theo văn bản 12/QĐ-SNV ngày 03/02/2025" in letter.body
    assert "xác minh" not in letter.body
    with clock.at(moment(date(2025, 2, 12), 8)):  # past the first term, not past the second
        assert [one.due for one in tasks_of(office) if "đơn" in one.title] == [date(2025, 2, 20)]
        assert owed() == [date(2025, 2, 20)]
        assert in_reminders() == on_first_pages()
        page = client_of(office).get(reverse("awards:complaint_detail", args=[complaint.pk])).content.decode()
        assert "Quá hạn" not in page
        assert "từ ngày 07/02/2025, theo văn bản 12/QĐ-SNV ngày 03/02/2025" in page
        assert "Gia hạn</a>" not in page


def test_never_twice_and_never_back(complaint: Complaint, office: User) -> None:
    with clock.at(LATER):
        complaints.extend(complaint, PAPER, by=office)
        with pytest.raises(AlreadyDone):
            complaints.extend(complaint, PAPER, by=office)
        for until in (date(2025, 2, 21), date(2025, 2, 7)):
            with pytest.raises(
                Refused, match="đã được gia hạn một lần, từ ngày 07/02/2025 đến hết ngày 20/02"
            ):
                complaints.extend(complaint, {**PAPER, "until": until}, by=office)
    complaint.refresh_from_db()
    assert complaint.resolve_by == date(2025, 2, 20)
    assert Letter.objects.filter(kind="awards/private/complaint_extended").count() == 1


def test_what_is_refused(review: Review, complaint: Complaint, cast: dict[str, User], office: User) -> None:
    with clock.at(LATER):
        for changes, why in (
            ({"until": None}, "chậm nhất là 24/02/2025"),  # 15 days are Saturday 22/2
            ({"until": date(2025, 2, 7)}, "một ngày sau hạn hiện tại"),
            ({"until": date(2025, 2, 25)}, "chậm nhất là 24/02/2025"),
            ({"reason": " "}, "lý do gia hạn"),
            ({"document_number": " "}, "số và ngày văn bản gia hạn"),
            ({"document_date": None}, "số và ngày văn bản gia hạn"),
            ({"document_date": date(2025, 2, 4)}, "không được sau hôm nay"),
            ({"document_date": date(2025, 1, 7)}, "từ ngày thụ lý"),
        ):
            with pytest.raises(Refused, match=why):
                complaints.extend(complaint, {**PAPER, **changes}, by=office)
        with pytest.raises(Stale):
            complaints.extend(complaint, PAPER, by=office, version=1)
        for part in ("stranger", "inspector", "director", "colleague"):
            with pytest.raises(Refused, match="Chỉ người giải quyết đơn"):
                complaints.extend(complaint, PAPER, by=cast[part])
        new = complaints.complain(review, written(text="Khác"), by=cast["clerk"])
        with pytest.raises(Refused, match="Chỉ gia hạn đơn đang giải quyết"):
            complaints.extend(new, PAPER, by=office)
    with clock.at(moment(date(2025, 2, 12), 8)):
        late = {**PAPER, "document_date": date(2025, 2, 12)}
        with pytest.raises(Refused, match="khi chưa hết hạn giải quyết"):
            complaints.extend(complaint, late, by=office)
        complaints.extend(complaint, PAPER, by=office)  # signed in time, noted late


def test_where_the_province_gives_no_more_time(complaint: Complaint, office: User) -> None:
    figure("complaint-extend-days", None, office)
    with clock.at(LATER), pytest.raises(Refused, match="chưa quy định số ngày gia hạn giải quyết khiếu nại"):
        complaints.extend(complaint, PAPER, by=office)


def test_from_the_page(
    complaint: Complaint, cast: dict[str, User], office: User, client_of: Callable[[User], Client]
) -> None:
    address = reverse("awards:complaint_extend", args=[complaint.pk])
    detail = reverse("awards:complaint_detail", args=[complaint.pk])
    with clock.at(LATER):
        for part in ("stranger", "clerk", "inspector", "director"):
            assert client_of(cast[part]).get(address).status_code == 404, part
        client = client_of(office)
        assert address in client.get(detail).content.decode()
        page = client.get(address).content.decode()
        assert "chậm nhất đến hết ngày 24/02/2025" in page
        sent = {
            "until": "25/02/2025", "reason": "Câu đã gõ", "document_number": "12/QĐ-SNV",
            "document_date": "03/02/2025", "version": 2,
        }  # fmt: skip
        wrong = client.post(address, sent)
        assert wrong.status_code == 422
        assert "Câu đã gõ" in wrong.content.decode()
        assert client.post(address, {**sent, "until": "24/02/2025"})["Location"] == detail
        assert client.get(address)["Location"] == detail
        assert "không gia hạn lần nữa" in client.get(detail).content.decode()
