"""What cannot be so is refused at its field, what may be so is warned of: calendar, meeting, votes, papers."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from awards import actions
from awards.actions import dossiers, proposals
from awards.models import (
    Award,
    Initiative,
    InitiativeAuthor,
    Proposal,
    Review,
    ReviewDeadline,
    Setting,
    SettingValue,
)
from awards.queries import nominations as queries
from awards.queries.reviews import rulebook_of
from core import clock
from core.workflow import Refused
from organization.models import Unit, User
from tests.awards.open_periods import LAST, publish, season
from tests.awards.seasons import FIGHTER, LABORER, begin, minutes, open_review, propose, qualify
from tests.trust.corpus import PDF

REASON = "Phải trình trước kỳ nghỉ Tết."


@pytest.fixture(autouse=True)
def at_the_end_of_2024() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2025, month=1, day=6, hour=3)):
        yield


@pytest.fixture
def review(office: User) -> Review:
    return open_review(office)


@pytest.fixture
def proposal(review: Review, units: dict[str, Unit], cast: dict[str, User]) -> Proposal:
    """Phòng CCHC proposes its clerk, who qualifies."""
    qualify(review, cast["clerk"], cast["office"])
    made = begin(review, units["cchc"], by=cast["clerk"], chair=cast["head"].person)
    propose(made, LABORER, cast["clerk"].person, by=cast["clerk"])
    return made


# --- the calendar -------------------------------------------------------------------------------------------
def days_of(review: Review, verified: date, public: date) -> dict[str, date | None]:
    known = dict(review.deadlines.values_list("step", "due_on"))
    step = ReviewDeadline.Step
    later = {step.COUNCIL: date(2025, 3, 3), step.DECISION: date(2025, 3, 10)}
    return {**known, step.VERIFICATION: verified, step.OPEN_PERIOD: public, **later}


def change(review: Review, office: User, verified: date, public: date, reason: str = "") -> None:
    values = {
        "letter_number": review.letter_number, "letter_date": review.letter_date, "guidance": "",
        "period_reason": reason,
    }  # fmt: skip
    fresh = Review.objects.get(pk=review.pk)
    actions.change_review(fresh, values, awards=[], deadlines=days_of(review, verified, public), by=office)


def test_a_calendar_that_leaves_too_few_days_needs_a_reason(review: Review, office: User) -> None:
    said = "chỉ có 9 ngày làm việc công khai lấy ý kiến, quy định của tỉnh là 10 ngày"
    with pytest.raises(Refused, match=said):
        change(review, office, date(2025, 2, 3), date(2025, 2, 14))
    change(review, office, date(2025, 2, 3), date(2025, 2, 17))
    change(review, office, date(2025, 2, 3), date(2025, 2, 14), REASON)
    review.refresh_from_db()
    assert review.period_reason == REASON


def test_where_the_province_sets_no_number_any_calendar_will_do(review: Review, office: User) -> None:
    setting = Setting.objects.get(code="open-period-days")
    SettingValue.objects.create(setting=setting, value=None, basis="Quy chế", set_by=office)
    change(review, office, date(2025, 2, 3), date(2025, 2, 4))


def test_a_list_that_is_published_late_needs_a_reason_or_more_time(
    office: User, cast: dict[str, User], units: dict[str, Unit]
) -> None:
    review = season(office, cast, units)
    Review.objects.update(period_reason="")
    review.refresh_from_db()
    with pytest.raises(Refused, match="Từ 06/01/2025 đến hết 13/01/2025 chỉ có 5 ngày làm việc"):
        publish(review, office)
    ReviewDeadline.objects.filter(step="open_period").update(due_on=date(2025, 1, 20))
    publish(review, office)
    ReviewDeadline.objects.filter(step="open_period").update(due_on=LAST)


def test_the_form_says_it_at_the_last_day(review: Review, office: User, client: Client) -> None:
    client.force_login(office)
    address = reverse("awards:review_change", args=[review.pk])
    typed: dict[str, Any] = {
        "version": review.version, "letter_number": review.letter_number, "letter_date": "05/11/2024",
    }  # fmt: skip
    days = days_of(review, date(2025, 2, 3), date(2025, 2, 14))
    typed |= {f"due_{step}": f"{day:%d/%m/%Y}" for step, day in days.items() if day}
    page = client.post(address, typed)
    assert page.status_code == 422
    assert "chỉ có 9 ngày làm việc" in page.context["form"].errors["due_open_period"][0]
    assert client.post(address, {**typed, "period_reason": REASON}).status_code == 302
    assert REASON in client.get(reverse("awards:review_detail", args=[review.pk])).content.decode()


# --- the meeting ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2023, 12, 31), "Ngày họp 31/12/2023 trước năm xét 2024"),
        (date(2025, 1, 7), "Ngày họp không được sau hôm nay"),
    ],
)
def test_a_meeting_before_the_year_or_to_come_is_refused(
    day: date, said: str, proposal: Proposal, clerk: User, head: User, client: Client
) -> None:
    with pytest.raises(Refused, match=said):
        proposals.write_minutes(proposal, minutes(met_on=day), by=clerk)
    client.force_login(clerk)
    page = client.post(reverse("awards:proposal_minutes", args=[proposal.pk]), {"met_on": f"{day:%d/%m/%Y}"})
    assert page.status_code == 422
    assert said in page.context["form"].errors["met_on"][0]
    Proposal.objects.update(met_on=day)  # written before anybody looked at it
    proposal.refresh_from_db()
    with pytest.raises(Refused, match=said):
        proposals.submit(proposal, by=head)


def test_a_meeting_before_the_review_was_opened_is_warned_of(
    proposal: Proposal, clerk: User, head: User, client: Client
) -> None:
    assert list(queries.doubts_of(proposal)) == []
    proposals.write_minutes(proposal, minutes(met_on=date(2024, 11, 4)), by=clerk)
    client.force_login(clerk)
    page = client.get(reverse("awards:proposal_detail", args=[proposal.pk])).content.decode()
    assert "04/11/2024 trước văn bản mở đợt bình xét (05/11/2024)" in page
    proposals.submit(proposal, by=head)
    assert proposal.state == Proposal.State.SUBMITTED


# --- votes ----------------------------------------------------------------------------------------------------
def test_nobody_is_proposed_without_a_vote_in_favour(proposal: Proposal, clerk: User, head: User) -> None:
    one = proposal.nominations.get()
    proposals.set_votes(one, 0, 4, by=clerk)
    with pytest.raises(Refused, match="không có phiếu đồng ý nào nên không đề nghị được; hãy rút"):
        proposals.submit(proposal, by=head)
    proposals.set_votes(one, 1, 3, by=clerk)
    proposals.submit(proposal, by=head)


# --- papers ---------------------------------------------------------------------------------------------------
def require(review: Review, *papers: str) -> None:
    """The figure as it was when the review opened."""
    review.figures = [
        one | {"value": list(papers)} if one["code"] == "papers-required" else one for one in review.figures
    ]
    review.save(update_fields=["figures"])


def test_lacking_papers_are_only_shown_while_the_province_asks_for_none(
    proposal: Proposal, head: User
) -> None:
    assert list(queries.problems_of(proposal)) == []
    proposals.submit(proposal, by=head)


def test_papers_that_the_province_asks_for_stop_the_proposal(
    proposal: Proposal, review: Review, clerk: User, head: User, client: Client
) -> None:
    require(review, "report", "unit_minutes")
    proposal.nominations.update(report={})
    proposal = Proposal.objects.get(pk=proposal.pk)
    with pytest.raises(Refused, match="còn thiếu báo cáo thành tích"):
        proposals.submit(proposal, by=head)
    one = proposal.nominations.get()
    client.force_login(clerk)
    page = client.get(reverse("awards:dossier", args=[one.pk])).content.decode()
    assert "Còn thiếu, chưa ký trình được" in page
    assert "Bắt buộc" in page  # the minutes, which are there
    paper = SimpleUploadedFile("Báo cáo.pdf", PDF)
    dossiers.add_paper(one, paper, paper="report", title="Báo cáo", by=clerk)
    proposals.submit(proposal, by=head)


def recognise(who: User, unit: Unit) -> None:
    one = Initiative.objects.create(
        name="Sổ tay một cửa", unit=unit, state="recognised", level="agency", reach="agency",
        recognised_on=date(2024, 9, 1), decision_number="9/QĐ-SNV", prepared_by=who,
    )  # fmt: skip
    InitiativeAuthor.objects.create(initiative=one, person=who.person, share=100)  # type: ignore[misc]


def test_a_certificate_is_asked_of_whoever_rests_on_an_initiative(
    proposal: Proposal, review: Review, clerk: User
) -> None:
    require(review, "initiative_certificate")
    award = Award.objects.get(code=FIGHTER)
    fighter = proposals.propose(proposal, award, clerk.person, by=clerk)  # type: ignore[attr-defined]
    assert "initiative_certificate" in [
        code for code, _, _ in queries.papers_of(fighter, rulebook_of(review))
    ]
    assert list(queries.papers_missing(review, [fighter])) == []  # rated excellent
    clerk.person.ratings.update(grade="good")  # type: ignore[attr-defined]
    recognise(clerk, proposal.unit)
    [said] = queries.papers_missing(review, [fighter])
    assert "còn thiếu giấy chứng nhận hoặc xác nhận sáng kiến" in said
