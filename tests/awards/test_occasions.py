"""The wall between kinds of commendation: by which of the law's ways an award is given is kept, shown and counted."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import affirm, decisions, occasions, register, verifying
from awards.actions.holds import place_hold
from awards.eligibility.assessing import Assessment
from awards.eligibility.findings import State
from awards.models import (
    AnnualRating,
    Award,
    BasisUse,
    Decision,
    Honour,
    Nomination,
    Proposal,
    Review,
)
from awards.queries.decisions import decidable
from awards.queries.giving import judged
from awards.queries.nominations import assessed
from awards.queries.reviews import assessments_of, rulebook_of
from campaigns.models import CampaignYear
from core.journal import history_of
from core.models import Letter
from core.workflow import AlreadyDone, Refused, Stale
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, open_review

MERIT, HIGHER = "certificate_of_merit_individual", "prime_minister_merit_individual"
PAPER = {"number": "41/QĐ-UBND", "signed_on": date(2026, 2, 10)}
NOT_THAT = ("sudden_achievement", "contributed")


@pytest.fixture
def review(office: User, clerk: User, units: dict[str, Unit]) -> Review:
    """The annual review of 2025; the unit proposes the clerk for Bằng khen, and the council has carried him."""
    review = open_review(office, 2025)
    Award.objects.filter(code__in=(MERIT, HIGHER)).update(level="so")  # on one list, whoever decides
    proposal = Proposal.objects.create(
        review=review, unit=units["cchc"], prepared_by=clerk, state=Proposal.State.SUBMITTED
    )
    Nomination.objects.create(
        review=review, proposal=proposal, award=Award.objects.get(code=MERIT), person=clerk.person,  # type: ignore[attr-defined]
        verdict="accepted", outcome="passed", merit="Tiêu biểu.",
    )  # fmt: skip
    deciding(review)
    return review


def deciding(review: Review, state: str = Review.State.DECIDING) -> None:
    Review.objects.filter(pk=review.pk).update(state=state)
    review.refresh_from_db()


def in_movement(review: Review, clerk: User, office: User) -> None:
    """The Office signs for his achievement in the movement, and for nothing else."""
    affirm(review, clerk.person, "excellent_in_movement", holds=True, by=office)  # type: ignore[attr-defined]
    for point in NOT_THAT:
        affirm(review, clerk.person, point, holds=False, by=office)  # type: ignore[attr-defined]


def twice_fighter(clerk: User, *years: int) -> None:
    for year in years or (2024, 2025):
        Honour.objects.create(
            person=clerk.person, award=Award.objects.get(code=FIGHTER), year=year, decision_number=f"{year}/QĐ",
            decided_on=date(year, 12, 30), decided_by="Giám đốc", name_then="An",
        )  # type: ignore[misc]  # fmt: skip


def drafted(review: Review, office: User) -> Decision:
    return decisions.draft(review, "so", decidable(review), DECISION_HEAD, by=office)


def given(review: Review, office: User) -> Honour:
    decisions.issue(drafted(review, office), PAPER, by=office)
    return Honour.objects.get(award__code=MERIT)


def higher_next_year(office: User, clerk: User) -> Assessment:
    """Everything else that the higher award asks for is there."""
    twice_fighter(clerk, 2022, 2023, 2026)
    for year in range(2022, 2027):
        AnnualRating.objects.create(person=clerk.person, year=year, grade="good", set_by=office)  # type: ignore[misc]
    later = Review.objects.create(
        kind="annual",
        year=2026,
        title="Bình xét năm 2026",
        reference_date=date(2026, 12, 31),
        prepared_by=office,
    )
    later.awards.add(Award.objects.get(code=HIGHER))
    for point in ("excellent_in_movement", *NOT_THAT):
        affirm(later, clerk.person, point, holds=False, by=office)  # type: ignore[attr-defined]
    [(_, found)] = assessments_of(later, clerk.person, rulebook_of(later))  # type: ignore[attr-defined]
    return found


# --- kept by the signed decision --------------------------------------------------------------------------
def test_what_is_given_in_the_annual_review_for_a_movement_is_no_basis_next_year(
    review: Review, office: User, clerk: User
) -> None:
    in_movement(review, clerk, office)
    honour = given(review, office)
    assert honour.occasion == "thematic"
    assert "Điểm a khoản 1 Điều 74" in honour.occasion_basis
    found = higher_next_year(office, clerk)
    assert found.state is State.UNMET
    said = [leaf.fact for one in found.findings for leaf in one.leaves()]
    assert any("Năm 2025 khen chuyên đề, không làm căn cứ" in fact for fact in said)


def test_by_merit_it_is_a_basis_next_year_and_spends_its_own(
    review: Review, office: User, clerk: User
) -> None:
    twice_fighter(clerk)
    honour = given(review, office)
    assert (honour.occasion, "Hai lần liên tục" in honour.occasion_basis) == ("regular", True)
    assert {one.honour.year for one in BasisUse.objects.filter(gave=honour) if one.honour} == {2024, 2025}
    assert higher_next_year(office, clerk).state is State.MET


def test_of_two_ways_the_better_one_counts_and_its_basis_is_spent(
    review: Review, office: User, clerk: User
) -> None:
    affirm(review, clerk.person, "sudden_achievement", holds=True, by=office)  # type: ignore[attr-defined]
    twice_fighter(clerk)
    honour = given(review, office)
    assert honour.occasion == "regular"
    assert "Cũng đạt để khen đột xuất; tính công trạng vì có lợi hơn" in honour.occasion_basis
    assert BasisUse.objects.filter(gave=honour).count() == 2


def test_a_review_of_a_campaign_gives_for_the_campaign(
    review: Review, office: User, clerk: User, campaign_year: CampaignYear
) -> None:
    Review.objects.filter(pk=review.pk).update(
        kind="campaign", campaign=campaign_year.campaign, phase="final"
    )
    review.refresh_from_db()
    twice_fighter(clerk)
    assert given(review, office).occasion == "thematic"


def test_on_one_list_a_sudden_award_carries_no_higher_one(review: Review, office: User, clerk: User) -> None:
    affirm(review, clerk.person, "sudden_achievement", holds=True, by=office)  # type: ignore[attr-defined]
    affirm(review, clerk.person, "contributed", holds=False, by=office)  # type: ignore[attr-defined]
    Nomination.objects.create(
        review=review, proposal=review.proposals.get(), award=Award.objects.get(code=HIGHER), person=clerk.person,  # type: ignore[misc]
        verdict="exception", outcome="passed", merit="Tiêu biểu.",
    )  # fmt: skip
    rows = judged(drafted(review, office))
    assert [one.given_for.occasion for one in rows] == ["sudden", "sudden"]
    assert [one.bases for one in rows] == [(), ()]


def test_what_was_put_aside_carries_no_higher_one_of_another_list(
    review: Review, office: User, clerk: User
) -> None:
    twice_fighter(clerk, 2024)
    for point in ("excellent_in_movement", *NOT_THAT):
        affirm(review, clerk.person, point, holds=False, by=office)  # type: ignore[attr-defined]
    Nomination.objects.create(
        review=review, proposal=review.proposals.get(), award=Award.objects.get(code=FIGHTER), person=clerk.person,  # type: ignore[misc]
        verdict="exception", outcome="passed", merit="Tiêu biểu.",
    )  # fmt: skip
    lower, higher = (
        decisions.draft(review, "so", rows, DECISION_HEAD, by=office)
        for rows in (
            decidable(review).filter(award__code=FIGHTER),
            decidable(review).filter(award__code=MERIT),
        )
    )
    assert judged(higher)[0].stops == ()
    Decision.objects.filter(pk=lower.pk).update(state="issued", **{**PAPER, "number": "40/QĐ-UBND"})
    [stopped] = judged(higher)[0].stops
    assert "không còn đủ điều kiện" in stopped
    decisions.enter_aside(lower.entries.get(), by=office)
    assert judged(higher)[0].stops == ()


def test_of_a_collective_it_carries_none_though_members_are_not_sure(
    review: Review, office: User, clerk: User, units: dict[str, Unit]
) -> None:
    """What is hoped of its members does not turn an award for a sudden achievement into one of merit."""
    unit, proposal = units["cchc"], review.proposals.get()
    merit, higher = (
        Award.objects.get(code=f"{of}_merit_collective") for of in ("certificate_of", "prime_minister")
    )
    Award.objects.filter(pk__in=(merit.pk, higher.pk)).update(level="so")
    for year in range(2021, 2026):
        AnnualRating.objects.create(unit=unit, year=year, grade="excellent", set_by=office)
    for point in ("democracy_and_thrift", "excellent_in_movement", *NOT_THAT):
        affirm(review, unit, point, holds=point == "democracy_and_thrift", by=office)
    Honour.objects.create(
        unit=unit, award=merit, year=2023, decision_number="2023/QĐ", decided_on=date(2023, 12, 30),
        decided_by="UBND tỉnh", name_then="CCHC",
    )  # fmt: skip
    for award, choice in ((merit, "sudden"), (higher, "")):
        Nomination.objects.create(
            review=review, proposal=proposal, award=award, unit=unit, occasion_choice=choice, occasion_reason="Lũ",
            verdict="accepted", outcome="passed", merit=f"Tiêu biểu {award}.",
        )  # fmt: skip
    place_hold(
        reason="inspection", paper="1/TTr", started_on=date(2026, 1, 15), by=office, person=clerk.person  # type: ignore[attr-defined]
    )  # fmt: skip
    rows = decidable(review).filter(unit=unit)
    lower, upper = judged(decisions.draft(review, "so", rows, DECISION_HEAD, by=office))
    assert (lower.given_for.occasion, lower.stops) == ("sudden", ())
    assert "không còn đủ điều kiện" in upper.stops[0]


# --- chosen by people ---------------------------------------------------------------------------------------
def test_the_office_chooses_with_a_reason_and_the_journal_keeps_it(
    review: Review, office: User, clerk: User
) -> None:
    affirm(review, clerk.person, "sudden_achievement", holds=True, by=office)  # type: ignore[attr-defined]
    twice_fighter(clerk)
    decision, nomination = drafted(review, office), review.nominations.get()
    with pytest.raises(Refused, match="lý do"):
        occasions.choose_occasion(nomination, "sudden", reason=" ", by=office)
    occasions.choose_occasion(nomination, "sudden", reason="Cứu người trong lũ", by=office, version=1)
    assert (nomination.occasion, nomination.version) == ("sudden", 2)
    for row in (nomination, decision):
        assert history_of(row)[0].comment == "Cứu người trong lũ"
    told = Letter.objects.filter(kind="awards/occasion_chosen")
    assert {one.recipient.username for one in told if one.recipient} == {"clerk", "head"}
    assert "đột xuất" in told[0].body
    assert "Cứu người" not in told[0].body
    with pytest.raises(AlreadyDone):
        occasions.choose_occasion(nomination, "sudden", reason="Cứu người trong lũ", by=office)
    with pytest.raises(Stale):
        occasions.choose_occasion(nomination, "", reason="Nhầm", by=office, version=1)
    decisions.issue(decision, PAPER, by=office)
    honour = Honour.objects.get(award__code=MERIT)
    assert honour.occasion == "sudden"
    assert honour.occasion_basis.startswith(
        "Văn phòng Sở chọn: Cứu người trong lũ. Đạt theo: Thành tích đột xuất"
    )
    assert not BasisUse.objects.filter(gave=honour).exists()
    nomination.refresh_from_db()
    with pytest.raises(Refused, match="Đã có quyết định"):
        occasions.choose_occasion(nomination, "regular", reason="Nhầm", by=office)


def test_nobody_turns_a_movements_award_into_one_of_merit(review: Review, office: User, clerk: User) -> None:
    in_movement(review, clerk, office)
    nomination = review.nominations.get()
    with pytest.raises(Refused, match="không khen công trạng được"):
        occasions.choose_occasion(nomination, "regular", reason="Cho thuận lợi", by=office)


def test_a_choice_whose_way_has_fallen_counts_no_more(review: Review, office: User, clerk: User) -> None:
    in_movement(review, clerk, office)
    affirm(review, clerk.person, "contributed", holds=True, by=office)  # type: ignore[attr-defined]
    nomination = review.nominations.get()
    occasions.choose_occasion(nomination, "regular", reason="Đóng góp nhiều năm", by=office)
    affirm(review, clerk.person, "contributed", holds=False, by=office)  # type: ignore[attr-defined]
    [row] = judged(drafted(review, office))
    assert row.given_for.occasion == "thematic"
    assert "nay không đạt để khen loại đó" in row.given_for.basis


def test_only_the_office_and_not_for_oneself(
    review: Review, office: User, second_office: User, head: User, units: dict[str, Unit]
) -> None:
    nomination = review.nominations.get()
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        occasions.choose_occasion(nomination, "sudden", reason="Đột xuất", by=head)
    Nomination.objects.update(person=office.person)  # type: ignore[attr-defined]
    nomination.refresh_from_db()
    with pytest.raises(Refused, match="không phải cho hồ sơ của chính mình"):
        occasions.choose_occasion(nomination, "sudden", reason="Đột xuất", by=office)
    collective = Award.objects.get(code="certificate_of_merit_collective")
    Nomination.objects.update(person=None, unit=units["vp"], award=collective)
    nomination.refresh_from_db()
    with pytest.raises(Refused, match="của tập thể mình đứng đầu"):
        occasions.choose_occasion(nomination, "sudden", reason="Đột xuất", by=second_office)


def test_of_a_review_that_is_over_only_what_is_still_to_be_signed(review: Review, office: User) -> None:
    deciding(review, Review.State.CLOSED)
    with pytest.raises(Refused, match="đã kết thúc"):
        occasions.choose_occasion(review.nominations.get(), "sudden", reason="Đột xuất", by=office)
    deciding(review)
    drafted(review, office)
    deciding(review, Review.State.CLOSED)
    nomination = review.nominations.get()
    occasions.choose_occasion(nomination, "sudden", reason="Đột xuất", by=office)
    assert nomination.occasion == "sudden"


def test_a_title_of_one_kind_leaves_no_choice(review: Review, office: User) -> None:
    Nomination.objects.update(award=Award.objects.get(code=FIGHTER))
    nomination = review.nominations.get()
    with pytest.raises(Refused, match="không khen đột xuất được"):
        occasions.choose_occasion(nomination, "sudden", reason="Đột xuất", by=office)


def test_what_was_decided_as_merit_may_be_noted_as_for_a_movement_and_never_back(
    review: Review, office: User, clerk: User, client: Client
) -> None:
    twice_fighter(clerk)
    honour = given(review, office)
    higher = Honour.objects.create(
        person=clerk.person, award=Award.objects.get(code=HIGHER), year=2025, decision_number="9/QĐ-TTg",  # type: ignore[misc]
        decided_on=date(2026, 3, 1), decided_by="Thủ tướng", name_then="An",
    )  # fmt: skip
    BasisUse.objects.create(
        honour=honour,
        person=clerk.person,  # type: ignore[misc]
        award=higher.award,
        year=2025,
        gave=higher,
    )
    client.force_login(office)
    address = reverse("awards:honour_change", args=[honour.pk])
    typed = {"version": honour.version, "name_then": honour.name_then, "occasion": "contribution"}
    assert client.post(address, typed).status_code == 422
    assert client.post(address, {**typed, "occasion": "thematic"}).status_code == 302
    honour.refresh_from_db()
    assert honour.occasion == "thematic"
    assert "công trạng → chuyên đề" in history_of(honour)[0].comment
    higher.refresh_from_db()
    assert "nay được ghi là khen chuyên đề" in higher.doubt
    with pytest.raises(Refused, match="theo quyết định đã ghi trên cổng"):
        register.correct(honour, {"occasion": "regular"}, by=office)


# --- shown ----------------------------------------------------------------------------------------------------
def test_the_verdict_keeps_it_for_the_whole_list(
    review: Review, office: User, clerk: User, client: Client
) -> None:
    deciding(review, Review.State.OPEN)
    Nomination.objects.update(verdict="pending")
    nomination = review.nominations.get()
    in_movement(review, clerk, office)
    verifying.judge_dossier(nomination, "accepted", by=office, reason="Theo báo cáo tổng kết phong trào")
    nomination.refresh_from_db()
    assert nomination.occasion == "thematic"
    client.force_login(office)
    page = client.get(reverse("awards:whole_list", args=[review.pk]), {"loai": "thematic"}).content.decode()
    assert "Chuyên đề" in page
    assert "Điểm a khoản 1 Điều 74" in page
    assert assessed(review, [nomination])[nomination.pk].state is State.OPEN


def test_dossier_decision_and_register_say_it(
    review: Review, office: User, clerk: User, stranger: User, client: Client
) -> None:
    in_movement(review, clerk, office)
    nomination = review.nominations.get()
    Proposal.objects.update(state=Proposal.State.VERIFIED)
    client.force_login(office)
    page = client.get(reverse("awards:dossier", args=[nomination.pk])).content.decode()
    assert "Loại khen thưởng: chuyên đề" in page
    address = reverse("awards:dossier_occasion", args=[nomination.pk])
    assert address in page
    decision = drafted(review, office)
    page = client.get(reverse("awards:decision_detail", args=[decision.pk])).content.decode()
    assert "Khen chuyên đề" in page
    assert address in page
    form = client.get(address)
    assert form.status_code == 200
    assert "Khen công trạng" not in form.content.decode()
    wrong = client.post(address, {"occasion": "sudden", "reason": "", "version": nomination.version})
    assert wrong.status_code == 422
    client.post(address, {"occasion": "sudden", "reason": "Chữa cháy", "version": nomination.version})
    nomination.refresh_from_db()
    assert nomination.occasion_choice == "sudden"
    decisions.issue(decision, PAPER, by=office)
    honour = Honour.objects.get(award__code=MERIT)
    page = client.get(reverse("awards:honour_detail", args=[honour.pk])).content.decode()
    assert "Vì sao là loại này" in page
    assert "Chữa cháy" in page
    page = client.get(reverse("awards:decision_detail", args=[decision.pk])).content.decode()
    assert "Khen đột xuất" in page
    client.force_login(stranger)
    assert client.get(address).status_code == 404
