"""A unit that proposes nobody says so with its head's signature: it has answered, and is left in peace."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from awards import actions
from awards.actions import proposals, verifying
from awards.models import Award, Proposal, Review
from awards.queries import tasks_of
from core import clock
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused
from emulation_portal.reminding.gathering import gather
from organization.models import Unit, User
from tests.awards.seasons import LABORER, begin, minutes, open_review, propose, qualify
from tests.cast import fresh
from tests.letters.reading import only_behind
from tests.trust.corpus import PDF

State = Proposal.State
REASON = "Năm nay phòng không có cá nhân, tập thể đủ điều kiện."


@pytest.fixture(autouse=True)
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


@pytest.fixture
def review(office: User) -> Review:
    return open_review(office)


@pytest.fixture
def proposal(review: Review, units: dict[str, Unit], clerk: User) -> Proposal:
    return proposals.begin_proposal(review, units["cchc"], by=clerk)


@pytest.fixture
def nobody(proposal: Proposal, head: User) -> Proposal:
    proposals.propose_nobody(proposal, by=head, comment=f" {REASON} ")
    return proposal


def owes(user: User) -> set[str]:
    """What the reminders of today say of the unit's paper."""
    return {one.stage for one in gather().owed if one.user_id == user.pk and "CCHC" in one.task.title}


def test_it_is_signed_by_the_head_and_told_to_the_office(
    proposal: Proposal, cast: dict[str, User], office: User, head: User
) -> None:
    assert owes(head) == {"unit_meeting", "nomination"}
    with pytest.raises(Refused, match="lý do không đề nghị"):
        proposals.propose_nobody(proposal, by=head, comment="  ")
    for part in ("clerk", "deputy", "office", "stranger_head"):
        with pytest.raises(Refused, match="không có quyền"):
            proposals.propose_nobody(proposal, by=cast[part], comment=REASON)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.nobody_reason) == (State.DRAFT, "")

    proposals.propose_nobody(proposal, by=head, comment=REASON, version=proposal.version)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.nobody_reason, proposal.submitted_by) == (State.NOBODY, REASON, head)
    [letter] = Letter.objects.filter(kind="awards/proposes_nobody")
    assert (letter.recipient, only_behind(letter, REASON)) == (office, True)
    line = history_of(proposal).get(verb="propose_nobody")
    assert (line.actor, line.comment, line.to_state) == (head, REASON, State.NOBODY)
    with pytest.raises(AlreadyDone):
        proposals.propose_nobody(proposal, by=head, comment=REASON)
    assert Letter.objects.filter(kind="awards/proposes_nobody").count() == 1


def test_who_has_said_so_is_reminded_no_more_and_the_office_has_nothing_to_verify(
    nobody: Proposal, head: User, clerk: User, office: User
) -> None:
    assert owes(head) == owes(clerk) == owes(office) == set()
    assert not [
        task for user in (head, clerk, office) for task in tasks_of(fresh(user)) if "CCHC" in task.title
    ]


def test_a_meeting_is_kept_as_far_as_there_was_one(proposal: Proposal, clerk: User, head: User) -> None:
    proposals.write_minutes(proposal, minutes(chair=head.person, course="Không ai đạt."), by=clerk)  # type: ignore[attr-defined]
    proposals.propose_nobody(proposal, by=head, comment=REASON)
    proposal.refresh_from_db()
    assert (proposal.met_on, proposal.course) == (date(2025, 1, 3), "Không ai đạt.")
    with pytest.raises(Refused, match="nên không sửa được"):
        proposals.write_minutes(proposal, minutes(), by=clerk)


def test_not_with_candidates_on_the_list_and_not_too_late(
    review: Review, units: dict[str, Unit], cast: dict[str, User], head: User
) -> None:
    proposal = begin(review, units["cchc"], by=cast["clerk"], chair=head.person)  # type: ignore[attr-defined]
    qualify(review, cast["clerk"], cast["office"])
    one = propose(proposal, LABORER, cast["clerk"].person, by=cast["clerk"])  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="còn 1 hồ sơ; hãy rút"):
        proposals.propose_nobody(proposal, by=head, comment=REASON)
    proposals.withdraw(one, by=cast["clerk"], reason="Xin rút")
    review.deadlines.filter(step="nomination").update(due_on=date(2025, 1, 5))
    with pytest.raises(Refused, match="Đã hết hạn nộp"):
        proposals.propose_nobody(proposal, by=head, comment=REASON)
    review.deadlines.filter(step="nomination").update(due_on=date(2025, 1, 6))
    proposals.propose_nobody(proposal, by=head, comment=REASON)
    assert proposal.state == State.NOBODY


def test_it_may_be_taken_back_while_the_units_propose(nobody: Proposal, clerk: User, head: User) -> None:
    proposals.take_back_proposal(nobody, by=head)
    nobody.refresh_from_db()
    assert (nobody.state, nobody.nobody_reason) == (State.DRAFT, "")
    assert owes(head) == {"unit_meeting", "nomination"}
    proposals.propose_nobody(nobody, by=head, comment=REASON)
    Review.objects.filter(pk=nobody.review_id).update(state=Review.State.NOTICE)
    with pytest.raises(Refused, match="không còn ở bước đơn vị đề nghị"):
        proposals.take_back_proposal(nobody, by=head)


def test_the_office_returns_it_and_the_unit_may_then_write_a_whole_proposal(
    nobody: Proposal, cast: dict[str, User], clerk: User, head: User, office: User
) -> None:
    with pytest.raises(Refused, match="nội dung trả lại"):
        verifying.return_proposal(nobody, by=office)
    verifying.return_proposal(nobody, by=office, comment="Anh An đủ điều kiện, đề nghị phòng họp xét.")
    assert nobody.state == State.RETURNED
    told = Letter.objects.filter(kind="awards/proposal_returned")
    assert {one.recipient for one in told} == {head, clerk}
    assert all("trả lại ý kiến không đề nghị" in f"{one.body}" for one in told)
    assert owes(head) == {"nomination"}
    # After the last day of handing in it may still be answered, as whatever is returned.
    nobody.review.deadlines.filter(step="nomination").update(due_on=date(2025, 1, 5))
    qualify(nobody.review, cast["clerk"], office)
    proposals.write_minutes(
        nobody,
        minutes(chair=head.person, secretary=clerk.person),
        by=clerk,
        upload=_paper(),  # type: ignore[attr-defined]
    )
    propose(nobody, LABORER, clerk.person, by=clerk)  # type: ignore[attr-defined]
    proposals.submit(nobody, by=head)
    nobody.refresh_from_db()
    assert (nobody.state, nobody.nobody_reason) == (State.SUBMITTED, "")


def test_returned_it_may_be_said_again_with_another_reason(
    nobody: Proposal, office: User, head: User
) -> None:
    verifying.return_proposal(nobody, by=office, comment="Ghi rõ hơn.")
    proposals.propose_nobody(nobody, by=head, comment="Cả ba người đều mới về dưới sáu tháng.")
    nobody.refresh_from_db()
    assert (nobody.state, nobody.nobody_reason) == (State.NOBODY, "Cả ba người đều mới về dưới sáu tháng.")
    assert Letter.objects.filter(kind="awards/proposes_nobody").count() == 2


def test_who_signed_does_not_return_it(
    review: Review, units: dict[str, Unit], office: User, second_office: User
) -> None:
    proposal = proposals.begin_proposal(review, units["vp"], by=office)
    proposals.propose_nobody(proposal, by=second_office, comment=REASON)  # he heads Văn phòng
    with pytest.raises(Refused, match="không có quyền"):
        verifying.return_proposal(proposal, by=second_office, comment="Xem lại")
    verifying.return_proposal(proposal, by=office, comment="Xem lại")


def test_it_keeps_nobody_waiting_and_is_no_verified_list(
    nobody: Proposal, units: dict[str, Unit], cast: dict[str, User], office: User
) -> None:
    review = nobody.review
    with pytest.raises(Refused, match="Chưa có hồ sơ nào đủ điều kiện") as refusal:
        actions.move_review(review, "publish_notice", by=office)
    assert not any("CCHC" in reason for reason in refusal.value.reasons)
    qualify(review, cast["stranger"], office)
    other = begin(review, units["ttlt"], by=cast["stranger"], chair=cast["stranger_head"].person)  # type: ignore[attr-defined]
    one = propose(other, LABORER, cast["stranger"].person, by=cast["stranger"])  # type: ignore[attr-defined]
    proposals.submit(other, by=cast["stranger_head"])
    verifying.judge_dossier(one, "accepted", by=office)
    verifying.verify(other, by=office)
    actions.move_review(review, "publish_notice", by=office)
    assert review.state == Review.State.NOTICE


def test_the_state_never_stands_without_a_reason(proposal: Proposal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(state=State.NOBODY)


# --- pages ----------------------------------------------------------------------------------------------
def test_the_pages_of_the_unit_and_of_the_office(
    proposal: Proposal, cast: dict[str, User], head: User, office: User, client_of: Callable[[User], Client]
) -> None:
    page, whole = (
        reverse("awards:proposal_detail", args=[proposal.pk]),
        reverse("awards:review_detail", args=[proposal.review_id]),
    )
    move = f"{page}chuyen/propose_nobody/"
    assert move not in client_of(cast["clerk"]).get(page).content.decode()
    assert move in client_of(head).get(page).content.decode()
    assert client_of(cast["stranger"]).post(move, {"comment": REASON}).status_code == 404
    before = client_of(office).get(whole).content.decode()
    assert "6 đơn vị: 0 đã trình danh sách, 0 không đề nghị khen thưởng, 6 chưa trả lời." in before
    client_of(head).post(move, {"comment": REASON, "version": proposal.version})
    proposal.refresh_from_db()
    assert proposal.state == State.NOBODY
    after = client_of(office).get(whole).content.decode()
    assert "6 đơn vị: 0 đã trình danh sách, 1 không đề nghị khen thưởng, 5 chưa trả lời." in after
    assert f"Lý do: {REASON}" in after
    assert "chưa trả lời." not in client_of(cast["stranger"]).get(whole).content.decode()
    seen = client_of(office).get(page).content.decode()
    assert "Đơn vị không đề nghị khen thưởng trong đợt này." in seen
    assert "Trả lại hoàn thiện" in seen
    assert "Kết thúc thẩm định" not in seen
    for part in ("director", "council_member", "inspector"):
        assert client_of(cast[part]).get(page).status_code == 200, part
    assert client_of(cast["stranger"]).get(page).status_code == 404


def test_returned_the_page_offers_to_choose(
    nobody: Proposal, office: User, head: User, client_of: Callable[[User], Client]
) -> None:
    verifying.return_proposal(nobody, by=office, comment="Xem lại")
    page = client_of(head).get(reverse("awards:proposal_detail", args=[nobody.pk])).content.decode()
    assert "Văn phòng Sở trả lại ý kiến không đề nghị khen thưởng." in page
    assert reverse("awards:proposal_choose", args=[nobody.pk]) in page
    chosen: dict[str, Any] = {
        "kind": "person", "subject": head.person.pk, "award": Award.objects.get(code=LABORER).pk,  # type: ignore[attr-defined]
    }  # fmt: skip
    client_of(head).post(reverse("awards:proposal_choose", args=[nobody.pk]), chosen)
    assert nobody.nominations.get().person == head.person  # type: ignore[attr-defined]


def _paper() -> Any:
    return SimpleUploadedFile("Biên bản.pdf", PDF)


def test_what_was_never_handed_in_does_not_keep_the_others_waiting(
    review: Review, units: dict[str, Unit], cast: dict[str, User], head: User, office: User, client: Client
) -> None:
    """A draft that nobody signs would hold the whole list: after the last day the Office closes it, with its reason."""
    proposal = begin(review, units["cchc"], by=cast["clerk"], chair=head.person)  # type: ignore[attr-defined]
    qualify(review, cast["clerk"], office)
    one = propose(proposal, LABORER, cast["clerk"].person, by=cast["clerk"])  # type: ignore[attr-defined]
    page = reverse("awards:proposal_detail", args=[proposal.pk])
    client.force_login(office)
    assert client.get(page).status_code == 404
    with pytest.raises(Refused, match="còn thời gian nộp"):
        proposals.close_unsent(proposal, by=office, comment="Không nộp")

    review.deadlines.filter(step="unit_meeting").update(due_on=date(2025, 1, 3))
    review.deadlines.filter(step="nomination").update(due_on=date(2025, 1, 4))
    assert "Khép lại, không nộp" in client.get(page).content.decode()
    for part in ("clerk", "head", "stranger_head", "inspector"):
        with pytest.raises(Refused):
            proposals.close_unsent(proposal, by=cast[part], comment="Không nộp")
    proposals.close_unsent(proposal, by=office, comment="Quá hạn, đã nhắc hai lần", version=proposal.version)

    proposal.refresh_from_db()
    one.refresh_from_db()
    assert (proposal.state, proposal.nobody_reason) == (State.NOBODY, "Quá hạn, đã nhắc hai lần")
    assert one.withdrawal_reason == "Quá hạn, đã nhắc hai lần"
    told = Letter.objects.filter(kind="awards/proposal_closed")
    assert {letter.recipient for letter in told} == {head, cast["clerk"]}
    with pytest.raises(AlreadyDone):
        proposals.close_unsent(proposal, by=office, comment="Lần nữa")
    with pytest.raises(Refused, match="Đã hết hạn nộp"):
        proposals.take_back_proposal(proposal, by=head)
    verifying.return_proposal(proposal, by=office, comment="Đơn vị xin nộp bổ sung")
    assert proposal.state == State.RETURNED
