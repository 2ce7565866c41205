"""A section of the achievement report filled again from the facts: seen before, kept after, taken back."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import dossiers, proposals
from awards.models import AnnualRating, Flag, Nomination, Proposal, ReportSection
from core import clock
from core.journal import history_of
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Unit, User
from tests.awards.seasons import LABORER, begin, open_review, propose, qualify

RATINGS = "xep-loai"
TYPED = "Ba năm liền hoàn thành tốt; xem bản kèm theo."
NOW = "Năm 2023: Hoàn thành tốt nhiệm vụ\nNăm 2024: Hoàn thành xuất sắc nhiệm vụ"


@pytest.fixture(autouse=True)
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


@pytest.fixture
def nomination(office: User, units: dict[str, Unit], cast: dict[str, User]) -> Nomination:
    """The clerk wrote the section himself; afterwards a rating was entered that was missing."""
    review = open_review(office)
    qualify(review, cast["clerk"], office)
    made = begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)  # type: ignore[attr-defined]
    one = propose(made, LABORER, cast["clerk"].person, by=cast["clerk"])  # type: ignore[attr-defined]
    dossiers.write_report(one, {RATINGS: TYPED}, "Hoàn thành vượt mức.", by=cast["clerk"])
    AnnualRating.objects.create(person=cast["clerk"].person, year=2023, grade="good", set_by=office)  # type: ignore[attr-defined]
    return one


def at(nomination: Nomination, code: str = RATINGS) -> str:
    return reverse("awards:dossier_refill", args=[nomination.pk, code])


def test_what_goes_and_what_comes_are_seen_and_what_went_is_taken_back(
    nomination: Nomination, clerk: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(clerk)
    assert at(nomination) in client.get(reverse("awards:dossier", args=[nomination.pk])).content.decode()
    page = client.get(at(nomination)).content.decode()
    assert TYPED in page
    assert "Năm 2023: Hoàn thành tốt nhiệm vụ<br>" in page
    assert "Lấy lại nội dung này" not in page
    nomination.refresh_from_db()
    assert nomination.report[RATINGS] == TYPED

    assert client.post(at(nomination), {"version": nomination.version}).status_code == 302
    nomination.refresh_from_db()
    assert nomination.report[RATINGS] == NOW
    line = history_of(nomination).filter(verb="refill").get()
    assert line.data == {"section": RATINGS, "was": TYPED}
    page = client.get(at(nomination)).content.decode()
    assert "Báo cáo đã đúng như vậy" in page
    assert TYPED in page
    client.post(at(nomination), {"version": nomination.version, "back": "1"})
    nomination.refresh_from_db()
    assert nomination.report[RATINGS] == TYPED
    assert history_of(nomination).filter(verb="refill").first().data["was"] == NOW  # type: ignore[union-attr]


def test_nothing_is_emptied_and_nobody_s_newer_text_is_lost(nomination: Nomination, clerk: User) -> None:
    dossiers.write_report(nomination, {"khen-thuong": "Giấy khen năm 2015"}, "Khác.", by=clerk)
    with pytest.raises(Refused, match="chưa có dữ liệu"):
        dossiers.refill(nomination, "khen-thuong", by=clerk)
    with pytest.raises(Refused, match="chưa có dữ liệu"):
        dossiers.refill(nomination, "nhiem-vu", by=clerk)  # the portal never writes it
    with pytest.raises(Refused, match="không có mục đó"):
        dossiers.refill(nomination, "zz", by=clerk)
    with pytest.raises(Refused, match="chưa được điền lại lần nào"):
        dossiers.refill(nomination, RATINGS, by=clerk, back=True)
    with pytest.raises(Stale):
        dossiers.refill(nomination, RATINGS, by=clerk, version=nomination.version - 1)
    dossiers.refill(nomination, RATINGS, by=clerk, version=nomination.version)
    with pytest.raises(AlreadyDone):
        dossiers.refill(nomination, RATINGS, by=clerk)
    nomination.refresh_from_db()
    assert nomination.report["khen-thuong"] == "Giấy khen năm 2015"


def test_only_who_writes_the_report_and_only_while_it_may_be_changed(
    nomination: Nomination, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    for part in ("stranger", "technician", "inspector"):
        assert client_of(cast[part]).get(at(nomination)).status_code == 404
    client = client_of(cast["clerk"])
    without = ReportSection.objects.filter(prefill="", recipient="individual").first()
    assert without
    assert client.get(at(nomination, without.code)).status_code == 404
    with pytest.raises(Refused, match="không sửa được hồ sơ này"):
        dossiers.refill(nomination, RATINGS, by=cast["stranger"])
    Proposal.objects.update(state=Proposal.State.RETURNED)
    Flag.objects.create(nomination=nomination, point="papers", text="Bổ sung", raised_by=cast["office"])
    nomination = Nomination.objects.get(pk=nomination.pk)
    with pytest.raises(Refused, match="chỉ sửa được nội dung"):
        dossiers.refill(nomination, RATINGS, by=cast["clerk"])
    assert at(nomination) not in client.get(reverse("awards:dossier", args=[nomination.pk])).content.decode()
    Proposal.objects.update(state=Proposal.State.DRAFT)
    nomination = Nomination.objects.get(pk=nomination.pk)
    proposals.withdraw(nomination, by=cast["clerk"], reason="Xin rút")
    with pytest.raises(Refused):
        dossiers.refill(nomination, RATINGS, by=cast["clerk"])
