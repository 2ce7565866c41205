"""Who denounces is protected: the Director, whom he names and the inspectorate read it, the Office that it is there."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from awards import actions
from awards.actions import complaints
from awards.models import Complaint, Decision, Review
from awards.queries.giving import complaints_on
from awards.rules import is_kept_from
from awards.workflow import COMPLAINT
from core import clock
from core.models import Letter, Notice, ReminderPlan
from core.workflow import Refused
from emulation_portal.reminding import reference
from emulation_portal.reminding.plans import preview
from emulation_portal.tasks import write_digests
from organization import roles
from organization.models import Appointment, Unit, User
from tests.awards.open_periods import moment, of, publish, season
from tests.cast import fresh
from tests.reminding.test_owed import in_reminders, on_first_pages
from tests.reminding.test_planning import PLANS
from tests.trust.corpus import PDF

Browser = Callable[[User], Client]
WITHIN = moment(date(2025, 1, 8), 9)  # a Wednesday, in the hours of the digests
OVER = moment(date(2025, 1, 14), 8)
TEXT = "Nhận thành tích của người khác."
SECRETS = ("Đặng Văn Tùng", "Tùng", TEXT, "Trần Thị Bình", "Bình:")
READERS = {"stranger", "director", "inspector"}
UPHELD: dict[str, Any] = {
    "outcome": "upheld", "resolution": "Tố cáo đúng.", "document_number": "46/KL-SNV",
    "document_date": date(2025, 1, 8),
}  # fmt: skip


@pytest.fixture(autouse=True)
def within_the_period() -> Iterator[None]:
    with clock.at(WITHIN):
        yield


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    reference.load(PLANS)
    return publish(season(office, cast, units), office)


def written(**changes: Any) -> dict[str, Any]:
    return {"kind": "denunciation", "text": TEXT, **changes}


@pytest.fixture
def denunciation(review: Review, cast: dict[str, User]) -> Complaint:
    """Tùng denounces Bình."""
    about = of(review, cast["colleague"])
    return complaints.complain(review, written(nomination=about), by=cast["stranger"])


def readers(one: Complaint, cast: dict[str, User]) -> set[str]:
    return {
        part
        for part, user in cast.items()
        if Complaint.objects.visible_to(fresh(user)).filter(pk=one.pk).exists()
    }


def handlers(one: Complaint, cast: dict[str, User]) -> set[str]:
    found = Complaint.objects.get(pk=one.pk)
    return {
        part
        for part, user in cast.items()
        if any(move.verb == "accept" for move in COMPLAINT.available(found, fresh(user)))
    }


def at(name: str, *args: Any) -> str:
    return reverse(f"awards:{name}", args=args)


def text(page: Any) -> str:
    return page.content.decode()


# --- who ------------------------------------------------------------------------------------------------
def test_who_reads_it_and_who_handles_it(
    denunciation: Complaint, cast: dict[str, User], director: User, second_office: User
) -> None:
    assert readers(denunciation, cast) == READERS
    assert handlers(denunciation, cast) == {"director"}
    complaints.give(denunciation, second_office, by=director)
    assert readers(denunciation, cast) == READERS | {"office_head"}
    assert handlers(denunciation, cast) == {"director", "office_head"}
    complaints.accept(denunciation, by=second_office)
    with pytest.raises(Refused, match="không có quyền"):
        complaints.resolve(denunciation, UPHELD, by=cast["office"])
    complaints.resolve(denunciation, {**UPHELD, "consequence": "return"}, by=second_office)
    assert denunciation.state == "resolved"


@pytest.mark.parametrize("kind", Complaint.Kind.values)
@pytest.mark.parametrize("about", ["nomination", "unit", "accused", "review"])
@pytest.mark.parametrize("given", [False, True])
def test_one_rule_for_a_page_and_for_everybody_at_once(
    kind: str, about: str, given: bool, review: Review, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    """Who reads it hears of it; and of a denunciation nobody hears who does not read it."""
    whose: dict[str, dict[str, Any]] = {
        "nomination": {"nomination": of(review, cast["office"])},
        "unit": {"nomination": of(review, units["cchc"])},
        "accused": {"accused": cast["director"].person},
        "review": {},
    }
    one = complaints.complain(review, written(kind=kind, **whose[about]), by=cast["clerk"])
    Complaint.objects.update(handler=cast["appraiser"] if given else None)
    one.refresh_from_db()
    seen = readers(one, cast)
    told = {part for part, user in cast.items() if not is_kept_from(user, one)}
    assert seen <= told
    if kind == "denunciation":
        assert seen == told
    assert ("appraiser" in seen) == given
    assert ("office" in seen) == (kind != "denunciation" and about != "nomination")
    assert ("director" in seen) == (about != "accused")
    assert "clerk" in seen
    assert "head" not in seen


def test_who_is_named_reads_and_handles_nothing_of_it(
    review: Review, cast: dict[str, User], office: User, director: User, client_of: Browser
) -> None:
    """The Director is named in no dossier, only as the one denounced: past him it goes to the level above."""
    one = complaints.complain(review, written(accused=director.person), by=cast["stranger"])
    assert readers(one, cast) == {"stranger", "inspector"}
    assert handlers(one, cast) == set()
    [came] = Letter.objects.filter(kind="awards/private/complaint_came")
    assert came.recipient == cast["inspector"]
    assert "Giám đốc liên quan đến đơn này, nên đơn thuộc cấp trên giải quyết" in came.body
    listed = text(client_of(director).get(at("complaint_list", review.pk)))
    assert "Tố cáo</td>" not in listed
    assert client_of(director).get(at("complaint_detail", one.pk)).status_code == 404
    page = text(client_of(cast["inspector"]).get(at("complaint_detail", one.pk)))
    assert "Đơn này thuộc cấp trên giải quyết." in page
    assert "Hoàng Đức Long" in page


def test_who_stands_in_for_the_director_reads_none_of_him(
    review: Review, cast: dict[str, User], director: User, units: dict[str, Unit]
) -> None:
    """Duy acts for the Director: of others he reads and handles what the Director would, of the Director nothing."""
    Appointment.objects.create(
        person=cast["deputy"].person, role=roles.HEAD, unit=units["so"], delegated_by=director.person,
        started_on=date(2025, 1, 6), ended_on=date(2025, 1, 31),
    )  # fmt: skip
    deputy = cast["deputy"] = fresh(cast["deputy"])
    of_director = complaints.complain(review, written(accused=director.person), by=cast["stranger"])
    other = complaints.complain(review, written(nomination=of(review, cast["head"])), by=cast["stranger"])
    assert readers(of_director, cast) == {"stranger", "inspector"}
    assert is_kept_from(deputy, of_director)
    assert readers(other, cast) == READERS | {"deputy"}
    assert not is_kept_from(deputy, other)
    assert handlers(other, cast) == {"director", "deputy"}


def test_one_of_the_office_who_is_named_does_not_even_see_that_it_is_there(
    review: Review, cast: dict[str, User], office: User, second_office: User, client_of: Browser
) -> None:
    complaints.complain(review, written(accused=office.person), by=cast["stranger"])
    address = at("complaint_list", review.pk)
    assert "Tố cáo</td>" not in text(client_of(office).get(address))
    assert "Tố cáo</td>" in text(client_of(second_office).get(address))


def test_a_paper_denunciation_is_the_directors_too(
    review: Review, cast: dict[str, User], office: User, director: User, client_of: Browser
) -> None:
    sent = {
        "kind": "denunciation", "about": "", "text": TEXT, "author_name": "Bà Tư", "received_on": "07/01/2025",
        "accused": "Trần Thị Bình",
    }  # fmt: skip
    client = client_of(office)
    assert client.post(at("complaint_enter", review.pk), {**sent, "accused": "Không Ai"}).status_code == 422
    answer = client.post(at("complaint_enter", review.pk), sent)
    assert answer["Location"] == at("complaint_list", review.pk)  # entered, and gone for her
    one = Complaint.objects.get()
    assert one.accused == cast["colleague"].person
    assert readers(one, cast) == {"director", "inspector"}
    assert "Bà Tư" not in text(client.get(at("complaint_list", review.pk)))
    own = client_of(director)
    assert own.post(at("complaint_enter", review.pk), {**sent, "author_name": "Bà Năm"}).status_code == 302
    complaints.withdraw(one, by=director, comment="Bà Tư rút đơn")
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở nhập đơn giấy; Giám đốc"):
        complaints.enter(review, written(), by=cast["clerk"])


# --- what the others see --------------------------------------------------------------------------------
def test_the_office_sees_that_it_is_there_its_term_and_its_state(
    denunciation: Complaint, review: Review, office: User, cast: dict[str, User], client_of: Browser
) -> None:
    complaints.complain(review, written(kind="petition", text="Khác"), by=cast["head"])
    client, address = client_of(office), at("complaint_list", review.pk)
    for query in ("", "?loai=denunciation", "?sap=-ngay-nhan", "?trang-thai=received"):
        page = text(client.get(f"{address}{query}"))
        assert "Tố cáo</td>" in page
        assert "15/01/2025" in page  # seven days
        assert not any(word in page for word in SECRETS)
        assert at("complaint_detail", denunciation.pk) not in page
    sheet = load_workbook(BytesIO(client.get(f"{address}?xuat=xlsx").getvalue())).active
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "Tố cáo" in cells
    assert not any(word in cell for word in SECRETS for cell in cells)
    shown = text(client_of(cast["inspector"]).get(address))
    assert all(word in shown for word in ("Đặng Văn Tùng", at("complaint_detail", denunciation.pk)))


def test_no_page_of_it_opens_for_the_office(
    review: Review, office: User, cast: dict[str, User], client_of: Browser
) -> None:
    upload = SimpleUploadedFile("Đơn.pdf", PDF)
    one = complaints.complain(review, written(), by=cast["stranger"], upload=upload)
    client = client_of(office)
    for name in ("complaint_detail", "complaint_resolve", "complaint_give", "complaint_file"):
        assert client.get(at(name, one.pk)).status_code == 404, name
    for verb in ("accept", "decline", "withdraw_complaint"):
        assert client.post(at("complaint_move", one.pk, verb)).status_code == 404, verb
    mine = text(client_of(cast["director"]).get(at("complaint_detail", one.pk)))
    assert "Chỉ Giám đốc, người được Giám đốc giao và thanh tra đọc đơn tố cáo này" in mine


def test_it_stops_the_list_all_the_same(
    denunciation: Complaint, review: Review, office: User, cast: dict[str, User]
) -> None:
    with clock.at(OVER), pytest.raises(Refused, match="Còn 1 đơn") as refused:
        actions.move_review(review, "call_council", by=office)
    assert not any(word in str(refused.value) for word in SECRETS)
    nominations = list(review.nominations.all())
    assert complaints_on(nominations)  # a decision waits for it
    assert not complaints_on(nominations, office)  # its page shows no way to it
    assert complaints_on(nominations, cast["director"])


def test_a_denunciation_of_a_decision(review: Review, office: User, cast: dict[str, User]) -> None:
    decision = Decision.objects.create(
        review=review, level="so", title="Khen thưởng", number="41/QĐ-SNV", signed_on=date(2025, 1, 7),
        issuer="Giám đốc Sở Nội vụ", state="issued", prepared_by=office,
    )  # fmt: skip
    decision.entries.create(nomination=of(review, cast["colleague"]))
    one = complaints.complain(review, written(decision=decision), by=cast["clerk"])
    assert handlers(one, cast) == {"director"}
    assert in_reminders() == on_first_pages()


# --- letters, first pages, reminders --------------------------------------------------------------------
def test_letters_and_tasks_go_to_the_director_or_whom_he_names(
    denunciation: Complaint, cast: dict[str, User], office: User, director: User
) -> None:
    [came] = Letter.objects.filter(kind="awards/private/complaint_came")
    assert came.recipient == director
    assert "Chỉ Giám đốc và thanh tra đọc được đơn này" in came.body
    assert not Letter.objects.visible_to(office).filter(kind__contains="complaint").exists()
    waiting = in_reminders()
    assert waiting == on_first_pages()
    complaints.give(denunciation, cast["appraiser"], by=director)
    assert in_reminders() == on_first_pages()
    [given] = Letter.objects.filter(kind="awards/private/complaint_given")
    assert given.recipient == cast["appraiser"]
    assert not any(word in given.body for word in SECRETS)


def test_nobody_hears_that_it_is_late_who_may_not_read_it(
    denunciation: Complaint, cast: dict[str, User], office: User, director: User
) -> None:
    """Thu of Phòng TCCB handles it: neither her head nor the Office is told."""
    complaints.give(denunciation, cast["appraiser"], by=director)
    plan = ReminderPlan.objects.get(stage="complaints")
    assert preview(plan, viewer=office.pk).owing == 0
    assert [one.user for one in preview(plan, viewer=director.pk).told] == [cast["appraiser"]]
    with clock.at(moment(date(2025, 1, 16), 9)):
        write_digests()
    told = {one.user.username for one in Notice.objects.filter(stage="complaints")}
    assert "appraiser" in told
    assert told <= {"appraiser", "director", "inspector"}
    for letter in Letter.objects.filter(key__startswith="digest:2025-01-16"):
        assert not any(word in letter.body for word in SECRETS)
        if letter.recipient and letter.recipient.username not in READERS | {"appraiser"}:
            assert "tố cáo" not in letter.body


def test_the_list_costs_the_same(
    denunciation: Complaint, review: Review, office: User, cast: dict[str, User], client_of: Browser,
    assert_same_queries: Any,
) -> None:  # fmt: skip
    texts = iter(range(100))

    def grow() -> None:
        said = written(text=f"Đơn {next(texts)}", accused=cast["head"].person)
        complaints.complain(review, said, by=cast["stranger"])

    for user in (office, cast["director"], cast["inspector"]):
        assert_same_queries(client_of(user), at("complaint_list", review.pk), grow)
