"""Who is stopped when a decision is signed: by a hold or a complaint; and what the level above answered, put right."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from awards.actions import decisions
from awards.models import Award, Complaint, Decision, DecisionEntry, Hold, Honour, Nomination, Review
from awards.queries.decisions import undecided, waiting
from awards.queries.giving import PENDING
from core import clock
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, LABORER, carried_review

PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}
LETTER = {"letter_number": "7/TTr", "letter_date": date(2025, 2, 1)}


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    review = carried_review(office, cast["clerk"], units["cchc"])
    Award.objects.update(level="tinh")
    return review


@pytest.fixture
def sent(review: Review, office: User) -> Decision:
    decision = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    decisions.send_up(decision, LETTER, by=office)
    return decision


def entry_of(decision: Decision, code: str) -> DecisionEntry:
    return decision.entries.get(nomination__award__code=code)


def complain(nomination: Nomination, office: User) -> Complaint:
    return Complaint.objects.create(
        review=nomination.review, kind="complaint", nomination=nomination, author_name="Lê Thị Hoa",
        text="Khai sai thành tích", received_on=date(2025, 1, 20), entered_by=office,
    )  # fmt: skip


# --- stopped --------------------------------------------------------------------------------------------
def test_an_open_complaint_stops_the_nominee_until_it_is_settled(
    review: Review, office: User, client_of: Any
) -> None:
    decision = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    complaint = complain(review.nominations.get(award__code=FIGHTER), office)
    page = client_of(office).get(reverse("awards:decision_detail", args=[decision.pk])).content.decode()
    assert "Có đơn chưa giải quyết" in page
    with pytest.raises(Refused, match="có đơn khiếu nại, tố cáo chưa giải quyết"):
        decisions.send_up(decision, LETTER, by=office)
    Complaint.objects.filter(pk=complaint.pk).update(state="withdrawn")
    decision.refresh_from_db()
    decisions.send_up(decision, LETTER, by=office)
    assert decision.state == "sent"


def test_who_may_not_read_of_a_denunciation_is_told_only_that_the_list_waits(
    review: Review, office: User, director: User, client_of: Any
) -> None:
    decision = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    complaint = complain(review.nominations.get(award__code=FIGHTER), office)
    Complaint.objects.filter(pk=complaint.pk).update(kind="denunciation")
    address = reverse("awards:decision_detail", args=[decision.pk])
    of_office, of_director = (client_of(one).get(address).content.decode() for one in (office, director))
    assert PENDING in of_office
    assert "chưa giải quyết" not in of_office
    assert "có đơn khiếu nại, tố cáo chưa giải quyết" in of_director
    with pytest.raises(Refused) as refused:
        decisions.send_up(decision, LETTER, by=office)
    assert refused.value.reasons == [PENDING]


def test_neither_tells_the_journal_of_what_is_put_aside(sent: Decision, office: User) -> None:
    complain(entry_of(sent, FIGHTER).nomination, office)
    decisions.issue(sent, PAPER, by=office)
    assert history_of(sent).filter(verb="put_aside").get().comment == PENDING
    with pytest.raises(Refused, match="có đơn khiếu nại, tố cáo chưa giải quyết"):
        decisions.enter_aside(entry_of(sent, FIGHTER), by=office)


def test_the_province_has_signed_while_one_is_held(
    sent: Decision, office: User, clerk: User, client_of: Any
) -> None:
    """Its paper is a fact and is noted; who is held enters the register when he is free, or is not rewarded."""
    hold = Hold.objects.create(
        person=clerk.person, reason="inspection", paper="12/TTr", started_on=date(2025, 2, 5), placed_by=office  # type: ignore[attr-defined]
    )  # fmt: skip
    client, address = client_of(office), reverse("awards:decision_detail", args=[sent.pk])
    assert "Tạm dừng xét" in client.get(address).content.decode()
    assert decisions.issue(sent, PAPER, by=office) == []
    assert (sent.state, Honour.objects.count()) == ("issued", 0)
    [line] = history_of(sent).filter(verb="put_aside")
    assert "đang tạm dừng xét khen thưởng" in line.comment
    assert "Để lại khi ghi quyết định" in client.get(address).content.decode()
    assert "Còn 2 trường hợp để lại" in " ".join(undecided(sent.review))
    lower, higher = entry_of(sent, LABORER), entry_of(sent, FIGHTER)
    with pytest.raises(Refused, match="đang tạm dừng"):
        decisions.enter_aside(lower, by=office)
    Hold.objects.filter(pk=hold.pk).update(
        ended_on=clock.today(), released_by=office, release_reason="Không vi phạm"
    )
    client.post(reverse("awards:entry_act", args=[lower.pk, "ghi-so"]))
    honour = Honour.objects.get()
    assert (honour.award.code, honour.decision_number) == (LABORER, "41/QĐ-SNV")
    assert "Ghi vào Sổ khen thưởng: " in client.get(address).content.decode()
    assert "Ghi vào Sổ khen thưởng: " not in client_of(clerk).get(address).content.decode()
    assert Letter.objects.filter(kind="awards/congratulation", recipient=clerk).count() == 1
    with pytest.raises(AlreadyDone):
        decisions.enter_aside(lower, by=office)
    decisions.drop(higher.nomination, reason="Bị kỷ luật", by=office)
    assert list(undecided(sent.review)) == []
    with pytest.raises(Refused, match="không còn chờ"):
        decisions.enter_aside(higher, by=office)
    decisions.take_up(higher.nomination, by=office)
    assert "Còn 1 trường hợp để lại" in " ".join(undecided(sent.review))


# --- the answer from above --------------------------------------------------------------------------------
def test_an_answer_noted_of_the_wrong_one_is_taken_back(sent: Decision, office: User, client_of: Any) -> None:
    one = entry_of(sent, FIGHTER)
    decisions.refuse_one(one, reason="Chưa đủ phạm vi", by=office)
    client = client_of(office)
    client.post(reverse("awards:entry_act", args=[one.pk, "bo-khong-khen"]))
    one.refresh_from_db()
    assert (one.refusal, one.is_in_force) == ("", True)
    assert history_of(sent).filter(verb="take_back_refusal").get().comment == "Chưa đủ phạm vi"
    with pytest.raises(AlreadyDone):
        decisions.take_back_refusal(one, by=office)
    decisions.refuse_one(one, reason="Chưa đủ phạm vi", by=office)
    decisions.draft(sent.review, "tinh", [one.nomination], DECISION_HEAD, by=office)
    with pytest.raises(Refused, match="quyết định, tờ trình khác"):
        decisions.take_back_refusal(one, by=office)


def test_what_above_has_left_out_stays_told_when_the_list_is_put_right(
    sent: Decision, office: User, client_of: Any
) -> None:
    decisions.refuse_one(entry_of(sent, FIGHTER), reason="Chưa đủ phạm vi", by=office)
    decisions.query(sent, by=office, comment="Bổ sung báo cáo")
    client, address = client_of(office), reverse("awards:decision_change", args=[sent.pk])
    form = client.get(address).context["form"]
    assert [one.award.code for one in form.fields["nominations"].queryset] == [LABORER]
    kept = [entry_of(sent, LABORER).nomination_id]
    saved = client.post(address, {**DECISION_HEAD, "nominations": kept, "version": sent.version})
    assert saved.status_code == 302
    assert entry_of(sent, FIGHTER).refusal == "Chưa đủ phạm vi"


# --- the draft's forms ------------------------------------------------------------------------------------
def test_a_form_that_came_too_late_can_be_saved_after_its_writer_was_told(
    review: Review, office: User, client_of: Any
) -> None:
    decision = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    client, address = client_of(office), reverse("awards:decision_change", args=[decision.pk])
    chosen = [one.nomination_id for one in decision.entries.all()]
    typed = {**DECISION_HEAD, "title": "Bản của tôi", "nominations": chosen, "version": "0"}
    told = client.post(address, typed)
    assert told.status_code == 422
    assert told.context["form"]["version"].value() == 1
    assert client.post(address, {**typed, "version": "1"}).status_code == 302
    assert Decision.objects.get().title == "Bản của tôi"


def test_the_words_printed_of_each_are_written_on_the_draft(
    review: Review, office: User, clerk: User, client_of: Any
) -> None:
    decision = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    client, address = client_of(office), reverse("awards:decision_merits", args=[decision.pk])
    assert client_of(clerk).get(address).status_code == 404
    one = entry_of(decision, FIGHTER)
    assert "Hoàn thành xuất sắc." in client.get(address).content.decode()
    typed = {f"merit_{one.pk}": "Có sáng kiến được công nhận.", "version": "1"}
    typed[f"merit_{entry_of(decision, LABORER).pk}"] = "Hoàn thành xuất sắc."
    assert client.post(address, typed).status_code == 302
    assert client.post(address, {**typed, f"merit_{one.pk}": "Khác"}).status_code == 422  # of version 1
    decisions.send_up(decision, LETTER, by=office)
    decision.refresh_from_db()
    decisions.issue(decision, PAPER, by=office)
    assert Honour.objects.get(award__code=FIGHTER).merit == "Có sáng kiến được công nhận."
    assert one.nomination.merit == "Hoàn thành xuất sắc."


def test_everybody_nobody_or_one_award_is_ticked_by_a_link(
    review: Review, office: User, client_of: Any
) -> None:
    first = decisions.draft(review, "tinh", waiting(review), DECISION_HEAD, by=office)
    decisions.send_up(first, LETTER, by=office)
    decisions.refuse_one(entry_of(first, FIGHTER), reason="Thiếu", by=office)  # free to be decided anew
    client, address = client_of(office), reverse("awards:decision_draft", args=[review.pk, "tinh"])

    def ticked(query: str) -> int:
        page = client.get(address + query)
        assert "Chọn tất cả" in page.content.decode()
        return page.content.decode().count("checked")

    award = Award.objects.get(code=FIGHTER)
    counts = [ticked(query) for query in ("", "?chon=tat-ca", "?chon=khong", f"?chon={award.pk}", "?chon=zz")]
    assert counts == [0, 1, 0, 1, 0]
