"""A unit proposes after its meeting, its head signs, the Office verifies dossier by dossier."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from awards.actions import dossiers, proposals, verifying
from awards.models import Award, Flag, Nomination, Proposal, Review
from awards.queries import nominations as queries
from awards.queries import tasks_of
from awards.queries.reviews import rulebook_of
from awards.workflow import PROPOSAL
from core import clock
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization import roles
from organization.models import Appointment, Unit, User
from tests.awards.seasons import FIGHTER, LABORER, begin, minutes, open_review, propose, qualify, rate
from tests.cast import SINCE, fresh

State, Verdict = Proposal.State, Nomination.Verdict


@pytest.fixture(autouse=True)
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


@pytest.fixture
def review(office: User) -> Review:
    return open_review(office)


@pytest.fixture
def proposal(review: Review, units: dict[str, Unit], cast: dict[str, User]) -> Proposal:
    """Phòng CCHC proposes its two clerks, who qualify, as advanced labourers."""
    for part in ("clerk", "colleague"):
        qualify(review, cast[part], cast["office"])
    made = begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)
    for part in ("clerk", "colleague"):
        propose(made, LABORER, cast[part].person, by=cast["clerk"])
    return made


@pytest.fixture
def submitted(proposal: Proposal, head: User) -> Proposal:
    proposals.submit(proposal, by=head)
    return proposal


def dossier_of(proposal: Proposal, user: User) -> Nomination:
    return proposal.nominations.get(person=user.person, award__code=LABORER)


def test_from_the_meeting_to_the_verified_list(
    proposal: Proposal, cast: dict[str, User], office: User, head: User
) -> None:
    proposals.submit(proposal, by=head)
    assert (proposal.state, proposal.submitted_by) == (State.SUBMITTED, head)
    told = set(Letter.objects.values_list("kind", "recipient__username"))
    assert {
        ("awards/proposal_submitted", "office"),
        ("awards/nominated", "clerk"),
        ("awards/nominated", "colleague"),
    } <= told
    for part in ("clerk", "colleague"):
        verifying.judge_dossier(dossier_of(proposal, cast[part]), Verdict.ACCEPTED, by=office)
    verifying.verify(proposal, by=office)

    assert proposal.state == State.VERIFIED
    assert set(
        Letter.objects.filter(kind="awards/proposal_verified").values_list("recipient__username", flat=True)
    ) == {
        "head",
        "clerk",
    }
    assert [entry.verb for entry in history_of(proposal)][:2] == ["verify", "submit"]
    with pytest.raises(Refused, match="Hãy ghi lý do"):
        verifying.reopen_verification(proposal, by=office)
    verifying.reopen_verification(proposal, by=office, comment="Có phản ánh")
    assert proposal.state == State.SUBMITTED


def test_the_findings_are_kept_as_they_were(submitted: Proposal, cast: dict[str, User], office: User) -> None:
    one = dossier_of(submitted, cast["clerk"])
    assert one.findings_state == "met"
    assert one.findings_at == clock.now() or one.findings_at is not None
    book = rulebook_of(submitted.review)
    now = queries.assessed(submitted.review, [one])[one.pk]
    assert queries.changed_since(one, now, book) == []
    for kept in one.findings:
        kept["citation"] = "Khoản 3 Điều 6"  # the Office has confirmed the rule with another article since
        for part in kept["parts"]:
            part.update(citation="Khoản 3 Điều 6", is_confirmed=not part["is_confirmed"])
    assert queries.changed_since(one, now, book) == []

    cast["clerk"].person.ratings.update(grade="failed")  # type: ignore[attr-defined]
    now = queries.assessed(submitted.review, [one])[one.pk]
    [changed] = queries.changed_since(one, now, book)[:1]
    assert changed["state"] == "unmet"
    one.refresh_from_db()
    assert one.findings_state == "met"
    with pytest.raises(Refused, match="chưa đủ điều kiện"):
        verifying.judge_dossier(one, Verdict.ACCEPTED, by=office)
    with pytest.raises(Refused, match="Hãy ghi lý do"):
        verifying.judge_dossier(one, Verdict.EXCEPTION, by=office)
    verifying.judge_dossier(one, Verdict.EXCEPTION, by=office, reason="Giám đốc chỉ đạo xem xét")
    assert one.verdict == Verdict.EXCEPTION


def test_only_flagged_points_of_flagged_dossiers_may_change(
    submitted: Proposal, cast: dict[str, User], office: User, head: User, clerk: User
) -> None:
    mine, other = (dossier_of(submitted, cast[part]) for part in ("clerk", "colleague"))
    with pytest.raises(Refused, match="Hãy ghi yêu cầu"):
        verifying.return_proposal(submitted, by=office, comment="Xem lại")
    flag = verifying.flag_point(mine, Flag.Point.REPORT, "Nêu số liệu so sánh", by=office)
    verifying.judge_dossier(other, Verdict.ACCEPTED, by=office)
    with pytest.raises(Refused, match="Còn hồ sơ chưa có kết luận"):
        verifying.verify(submitted, by=office)
    verifying.return_proposal(submitted, by=office, comment="Bổ sung")

    dossiers.write_report(mine, {"thanh-tich": "Giải quyết 120 hồ sơ, tăng 20 %."}, "Vượt 20 %", by=clerk)
    for act in (
        lambda: proposals.set_votes(mine, 3, 1, by=clerk),
        lambda: dossiers.write_report(other, {}, "Khác", by=clerk),
        lambda: proposals.withdraw(other, by=clerk, reason="Đổi ý"),
        lambda: proposals.propose(
            submitted, Award.objects.get(code=LABORER), cast["deputy"].person, by=clerk
        ),
        lambda: proposals.write_minutes(submitted, minutes(present=3), by=clerk),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(Refused, match="chưa trả lời"):
        proposals.submit(submitted, by=head)
    dossiers.answer(flag, "Đã bổ sung", by=clerk)
    proposals.submit(submitted, by=head)

    mine.refresh_from_db()
    other.refresh_from_db()
    flag.refresh_from_db()
    assert (mine.verdict, other.verdict) == (Verdict.PENDING, Verdict.ACCEPTED)
    assert flag.closed_at is not None
    assert mine.report["thanh-tich"].startswith("Giải quyết 120")
    assert Letter.objects.filter(kind="awards/nominated").count() == 2  # told once


def test_the_unit_takes_back_until_the_office_has_begun(
    submitted: Proposal, clerk: User, head: User, office: User, cast: dict[str, User]
) -> None:
    proposals.take_back_proposal(submitted, by=head)
    assert submitted.state == State.DRAFT
    proposals.submit(submitted, by=head)
    verifying.judge_dossier(dossier_of(submitted, cast["clerk"]), Verdict.ACCEPTED, by=office)
    with pytest.raises(Refused, match="đã bắt đầu thẩm định"):
        proposals.take_back_proposal(submitted, by=head)


def test_what_is_lacking_is_named(
    review: Review, units: dict[str, Unit], cast: dict[str, User], clerk: User, head: User
) -> None:
    proposal = proposals.begin_proposal(review, units["cchc"], by=clerk)
    with pytest.raises(AlreadyDone):
        proposals.begin_proposal(review, units["cchc"], by=cast["colleague"])
    with pytest.raises(Refused) as refusal:
        proposals.submit(proposal, by=head)
    assert "Chưa có hồ sơ đề nghị nào." in refusal.value.reasons
    assert refusal.value.reasons[0].startswith("Biên bản họp còn thiếu: ngày họp bình xét")
    with pytest.raises(Refused, match="không được nhiều hơn số người của đơn vị"):
        proposals.write_minutes(proposal, minutes(present=9), by=clerk)
    proposals.write_minutes(proposal, minutes(), by=clerk)
    one = proposals.propose(proposal, Award.objects.get(code=LABORER), clerk.person, by=clerk)  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="không được nhiều hơn số người có mặt"):
        proposals.set_votes(one, 4, 1, by=clerk)
    with pytest.raises(AlreadyDone):
        proposals.propose(proposal, one.award, clerk.person, by=clerk)  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="không thuộc diện đề nghị"):
        proposals.propose(proposal, one.award, cast["stranger"].person, by=clerk)  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="chỉ dành cho"):
        proposals.propose(proposal, one.award, units["cchc"], by=clerk)


def test_after_the_deadline_the_office_extends_it(proposal: Proposal, head: User) -> None:
    proposal.review.deadlines.filter(step="nomination").update(due_on=date(2025, 1, 5))
    with pytest.raises(Refused, match="Đã hết hạn nộp"):
        proposals.submit(proposal, by=head)
    proposal.review.deadlines.filter(step="nomination").update(due_on=date(2025, 1, 6))
    proposals.submit(proposal, by=head)
    assert proposal.state == State.SUBMITTED


def test_withdrawn_comes_back_with_the_dossier(
    proposal: Proposal, cast: dict[str, User], clerk: User
) -> None:
    one = dossier_of(proposal, cast["colleague"])
    with pytest.raises(Refused, match="Hãy ghi lý do rút"):
        proposals.withdraw(one, by=clerk, reason=" ")
    proposals.withdraw(one, by=clerk, reason="Chuyển công tác")
    with pytest.raises(AlreadyDone):
        proposals.withdraw(one, by=clerk, reason="Chuyển công tác")
    again = proposals.propose(proposal, one.award, cast["colleague"].person, by=clerk)  # type: ignore[attr-defined]
    assert (again.pk, again.merit, again.withdrawn_at) == (one.pk, one.merit, None)


def test_a_new_dossier_is_filled_from_facts(proposal: Proposal, cast: dict[str, User]) -> None:
    report = dossier_of(proposal, cast["clerk"]).report
    assert "Họ và tên: Nguyễn Văn An" in report["so-luoc"]
    assert "Chuyên viên, Phòng Cải cách hành chính" in report["so-luoc"]
    assert report["xep-loai"] == "Năm 2024: Hoàn thành xuất sắc nhiệm vụ"
    assert report["nhiem-vu"] == ""


def test_the_leadership_is_proposed_by_the_office_and_signed_by_the_director(
    review: Review, units: dict[str, Unit], cast: dict[str, User], office: User, director: User
) -> None:
    with pytest.raises(Refused):
        proposals.begin_proposal(review, units["so"], by=cast["clerk"])
    qualify(review, director, office)
    proposal = begin(
        review,
        units["so"],
        by=office,
        chair=director.person,
        members=1,
        present=1,
        secretary=office.person,  # type: ignore[attr-defined]
    )
    assert list(queries.people_of(review, units["so"])) == [director.person]  # type: ignore[attr-defined]
    one = proposals.propose(proposal, Award.objects.get(code=LABORER), director.person, by=office)  # type: ignore[attr-defined]
    proposals.set_votes(one, 1, 0, by=office)
    dossiers.write_report(one, {}, "Lãnh đạo, điều hành Sở.", by=office)
    proposals.submit(proposal, by=director)
    line = history_of(proposal).filter(verb="submit").get()
    assert line.data == {"own": [one.pk]}  # he signs the list in which he stands, and that is kept


def test_nobody_verifies_his_own_dossier_or_what_he_signed(
    review: Review, units: dict[str, Unit], cast: dict[str, User], office: User, second_office: User
) -> None:
    qualify(review, office, second_office)
    proposal = begin(review, units["vp"], by=office, chair=cast["office_head"].person)
    one = propose(proposal, LABORER, office.person, by=office)  # type: ignore[attr-defined]
    proposals.submit(proposal, by=second_office)
    for user in (office, second_office):
        with pytest.raises(Refused, match="không thẩm định được"):
            verifying.judge_dossier(one, Verdict.ACCEPTED, by=user)
    Appointment.objects.create(person=cast["clerk"].person, role=roles.OFFICE, started_on=SINCE)
    verifying.judge_dossier(one, Verdict.ACCEPTED, by=fresh(cast["clerk"]))
    assert one.verdict == Verdict.ACCEPTED


def test_of_two_who_write_one_is_told(proposal: Proposal, clerk: User, cast: dict[str, User]) -> None:
    version = proposal.version
    proposals.write_minutes(proposal, minutes(place="Phòng 1"), by=clerk, version=version)
    with pytest.raises(Stale):
        proposals.write_minutes(proposal, minutes(place="Phòng 2"), by=cast["colleague"], version=version)
    proposal.refresh_from_db()
    assert proposal.place == "Phòng 1"


def test_nothing_moves_once_the_review_has_gone_on(
    submitted: Proposal, office: User, head: User, clerk: User
) -> None:
    Review.objects.filter(pk=submitted.review_id).update(state=Review.State.NOTICE)
    one = submitted.nominations.first()
    assert one is not None
    for act in (
        lambda: verifying.judge_dossier(one, Verdict.ACCEPTED, by=office),
        lambda: verifying.flag_point(one, "report", "Bổ sung", by=office),
        lambda: verifying.verify(submitted, by=office),
        lambda: proposals.take_back_proposal(submitted, by=head),
        lambda: proposals.withdraw(one, by=clerk, reason="Lý do"),
    ):
        with pytest.raises(Refused):
            act()
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


ALLOWED = {
    ("head", State.DRAFT): {"submit", "propose_nobody"},
    ("head", State.RETURNED): {"submit", "propose_nobody"},
    ("head", State.SUBMITTED): {"take_back"},
    ("head", State.NOBODY): {"take_back"},
    ("office", State.NOBODY): {"return_proposal"},
    ("office", State.DRAFT): {"close_unsent"},
    ("office", State.RETURNED): {"close_unsent"},
    ("office", State.SUBMITTED): {"return_proposal", "verify"},
    ("office", State.VERIFIED): {"reopen_verification"},
}
ACTS: dict[str, Callable[..., Any]] = {
    "submit": proposals.submit,
    "propose_nobody": proposals.propose_nobody,
    "close_unsent": proposals.close_unsent,
    "take_back": proposals.take_back_proposal,
    "return_proposal": verifying.return_proposal,
    "verify": verifying.verify,
    "reopen_verification": verifying.reopen_verification,
}


@pytest.mark.parametrize("state", State.values)
def test_matrix_of_states_roles_and_verbs(state: str, proposal: Proposal, cast: dict[str, User]) -> None:
    """What is not in the table is refused for everybody, and leaves no line."""
    Proposal.objects.filter(pk=proposal.pk).update(state=state, nobody_reason="Có lý do")
    proposal.refresh_from_db()
    assert set(ACTS) == set(PROPOSAL.moves)
    for part, user in cast.items():
        allowed = ALLOWED.get((part, State(state)), set())
        assert {move.verb for move in PROPOSAL.available(proposal, user)} == allowed, part
        for verb in set(ACTS) - allowed:
            before = history_of(proposal).count()
            with pytest.raises(Refused):
                ACTS[verb](proposal, by=user, comment="Có lý do")
            proposal.refresh_from_db()
            assert (proposal.state, history_of(proposal).count()) == (state, before), (part, verb)


def test_what_waits_for_whom(proposal: Proposal, cast: dict[str, User], head: User, office: User) -> None:
    def titles(user: User) -> list[str]:
        return [task.title for task in tasks_of(user) if "CCHC" in task.title]

    assert (
        titles(head)
        == titles(cast["clerk"])
        == ["Hoàn thiện, ký trình đề nghị khen thưởng: Phòng CCHC, Bình xét năm 2024"]
    )
    assert titles(office) == titles(cast["stranger"]) == []
    proposals.submit(proposal, by=head)
    assert titles(head) == []
    assert titles(office) == ["Thẩm định hồ sơ đề nghị: Phòng CCHC, Bình xét năm 2024"]


def test_what_is_proposed_in_the_same_review_counts_only_where_asked(
    proposal: Proposal, cast: dict[str, User], clerk: User, office: User
) -> None:
    rate(cast["head"], "good", office)
    propose(proposal, FIGHTER, cast["clerk"].person, by=clerk)  # type: ignore[attr-defined]
    review = proposal.review
    plain = queries.asked_of(review)
    whole = queries.asked_of(review, with_nominated=True)
    pk = proposal.unit_id
    assert queries.candidates_of_units(plain, [pk])[pk].members.titles == {}  # type: ignore[union-attr]
    members = queries.candidates_of_units(whole, [pk])[pk].members
    assert members is not None
    assert members.titles == {LABORER: 2, FIGHTER: 1}
    person = cast["clerk"].person.pk  # type: ignore[attr-defined]
    assert {one.award for one in queries.candidates_of_people(whole, [person])[person].titles} == {
        LABORER,
        FIGHTER,
    }
