"""What goes to the level above: by which paper, what it stops until the answer is recorded, and who records it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards import actions
from awards.actions import complaints
from awards.models import Complaint, Hold, Review
from awards.queries import tasks_of
from awards.queries.giving import complaints_on
from awards.workflow import COMPLAINT
from core import clock
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Unit, User
from tests.awards.open_periods import moment, of, publish, season
from tests.cast import fresh
from tests.reminding.test_owed import in_reminders, on_first_pages

WITHIN = moment(date(2025, 1, 8), 10)
OVER = moment(date(2025, 1, 14), 8)
SENT: dict[str, Any] = {
    "forwarded_to": "UBND tỉnh", "forward_number": "45/SNV-TTr", "forwarded_on": date(2025, 1, 8),
}  # fmt: skip
ANSWER: dict[str, Any] = {
    "outcome": "upheld", "resolution": "Giám đốc có lỗi.", "document_number": "7/UBND-TD",
    "document_date": date(2025, 1, 14),
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
def complaint(review: Review, cast: dict[str, User]) -> Complaint:
    """Tùng, of Bình: the Office handles it."""
    about = of(review, cast["colleague"])
    return complaints.complain(review, written(nomination=about), by=cast["stranger"])


@pytest.fixture
def past_the_director(review: Review, cast: dict[str, User]) -> Complaint:
    """A denunciation of the Director, about the dossier of Bình."""
    facts = written(
        kind="denunciation", nomination=of(review, cast["colleague"]), accused=cast["director"].person
    )
    return complaints.complain(review, facts, by=cast["stranger"])


def told(user: User) -> list[tuple[str, bool]]:
    return [(one.title, one.is_waiting_for_me) for one in tasks_of(fresh(user)) if "đơn" in one.title]


def test_it_stops_what_it_stopped_until_the_answer_is_recorded(
    complaint: Complaint, cast: dict[str, User], office: User
) -> None:
    review = complaint.review
    complaints.forward(complaint, SENT, by=office, version=1)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.forward_number, complaint.due) == ("forwarded", "45/SNV-TTr", None)
    line = history_of(complaint).get(verb="forward_complaint")
    assert line.comment == "UBND tỉnh; 45/SNV-TTr ngày 08/01/2025"
    letter = Letter.objects.get(kind="awards/private/complaint_decided")
    assert (letter.recipient, "đã chuyển cấp trên" in letter.body) == (cast["stranger"], True)
    assert complaints_on(review.nominations.all())
    assert told(office) == [("Theo dõi cấp trên trả lời đơn khiếu nại: Bình xét năm 2024", False)]
    assert in_reminders() == on_first_pages()  # nobody is reminded of what waits for the level above
    with clock.at(OVER):
        with pytest.raises(Refused, match="Còn 1 đơn"):
            actions.move_review(review, "call_council", by=office)
        complaints.answer_from_above(complaint, {**ANSWER, "consequence": "hold"}, by=office, version=2)
        assert (complaint.state, complaint.ended_on) == ("resolved", date(2025, 1, 14))
        hold = Hold.objects.get(person=cast["colleague"].person)
        assert (complaint.hold, hold.paper) == (hold, "7/UBND-TD ngày 14/01/2025")
        actions.move_review(review, "call_council", by=office)
    assert not complaints_on(review.nominations.all())
    assert told(office) == []


def test_past_the_director_the_inspectorate_records_it(
    past_the_director: Complaint, cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    one, inspector = past_the_director, cast["inspector"]
    assert {part for part, user in cast.items() if told(user)} == {"inspector"}
    assert told(inspector) == [("Chuyển cấp trên đơn tố cáo: Bình xét năm 2024", True)]
    assert in_reminders() == on_first_pages()
    assert {move.verb for move in COMPLAINT.available(one, inspector)} == {"forward_complaint"}
    for part in ("office", "director", "deputy", "clerk", "colleague"):
        with pytest.raises(Refused, match="không có quyền"):
            complaints.forward(one, SENT, by=cast[part])
    complaints.forward(one, SENT, by=inspector)
    assert told(inspector) == [("Theo dõi cấp trên trả lời đơn tố cáo: Bình xét năm 2024", False)]
    with pytest.raises(Refused, match="không có quyền"):
        complaints.answer_from_above(one, {**ANSWER, "document_date": date(2025, 1, 8)}, by=cast["office"])
    listed = client_of(cast["office"]).get(reverse("awards:complaint_list", args=[one.review_id]))
    assert "Đã chuyển cấp trên" in listed.content.decode()  # its state is all that the Office sees
    assert "UBND tỉnh" not in listed.content.decode()
    with clock.at(OVER):
        complaints.answer_from_above(one, ANSWER, by=inspector)
    assert one.state == "resolved"


def test_where_it_is_handled_here_the_inspectorate_notes_nothing(
    complaint: Complaint, cast: dict[str, User]
) -> None:
    with pytest.raises(Refused, match="không có quyền"):
        complaints.forward(complaint, SENT, by=cast["inspector"])


def test_what_is_refused(complaint: Complaint, cast: dict[str, User], office: User) -> None:
    for changes, why in (
        ({"forwarded_to": " "}, "cơ quan cấp trên, số và ngày"),
        ({"forward_number": ""}, "cơ quan cấp trên, số và ngày"),
        ({"forwarded_on": None}, "cơ quan cấp trên, số và ngày"),
        ({"forwarded_on": date(2025, 1, 7)}, "từ ngày nhận đơn"),
        ({"forwarded_on": date(2025, 1, 9)}, "đến hôm nay"),
    ):
        with pytest.raises(Refused, match=why):
            complaints.forward(complaint, {**SENT, **changes}, by=office)
    with pytest.raises(Refused, match="đang ở trạng thái “Đã tiếp nhận”"):
        complaints.answer_from_above(complaint, ANSWER, by=office)
    with pytest.raises(Stale):
        complaints.forward(complaint, SENT, by=office, version=7)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.forward_number) == ("received", "")
    complaints.forward(complaint, SENT, by=office)
    with pytest.raises(AlreadyDone):
        complaints.forward(complaint, SENT, by=office)
    for verb in (complaints.accept, complaints.decline):
        with pytest.raises(Refused, match="“Đã chuyển cấp trên”"):
            verb(complaint, by=office, comment="Lý do")
    with clock.at(OVER), pytest.raises(Refused, match="trước ngày chuyển đơn"):
        complaints.answer_from_above(complaint, {**ANSWER, "document_date": date(2025, 1, 7)}, by=office)
    complaints.withdraw(complaint, by=cast["stranger"], comment="Đã rõ")
    assert complaint.state == "withdrawn"


def test_from_the_pages(
    complaint: Complaint, cast: dict[str, User], office: User, client_of: Callable[[User], Client]
) -> None:
    detail, forward, answer = (
        reverse(f"awards:{name}", args=[complaint.pk])
        for name in ("complaint_detail", "complaint_forward", "complaint_answer")
    )
    client = client_of(office)
    assert client.get(answer).status_code == 404
    for part in ("stranger", "clerk", "inspector", "director", "colleague"):
        assert client_of(cast[part]).get(forward).status_code == 404, part
    assert forward in client.get(detail).content.decode()
    sent = {"forwarded_to": "UBND tỉnh", "forward_number": "", "forwarded_on": "08/01/2025", "version": 1}
    assert client.post(forward, sent).status_code == 422
    assert client.post(forward, {**sent, "forward_number": "45/SNV-TTr"})["Location"] == detail
    page = client.get(detail).content.decode()
    assert "UBND tỉnh, văn bản 45/SNV-TTr ngày 08/01/2025" in page
    assert "Đơn đã chuyển UBND tỉnh giải quyết và chưa ghi trả lời." in page
    assert client.get(answer).status_code == 200
    for part in ("stranger", "inspector", "director"):
        assert client_of(cast[part]).get(answer).status_code == 404, part
    with clock.at(OVER):
        whole = {**ANSWER, "document_date": "14/01/2025", "consequence": "", "version": 2}
        client = client_of(office)
        assert client.post(answer, {**whole, "outcome": ""}).status_code == 422
        assert client.post(answer, whole)["Location"] == detail
        assert "Văn bản 7/UBND-TD ngày 14/01/2025." in client.get(detail).content.decode()
