"""Two whole seasons, 2023 under the old law and 2024 under the new one, from the opening letter to the register.

The same people with the same facts: An is rated excellent and has no initiative, Bình has not registered. In 2024 An is
also proposed for an award of the province, and the unit itself; Châu, who heads it, as an exception.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator

from awards import actions
from awards.models import (
    AnnualRating,
    BallotBox,
    CouncilSession,
    Decision,
    Honour,
    OpenPeriod,
    Review,
    ReviewDeadline,
)
from campaigns.models import Registration
from core import clock
from organization import roles
from organization.models import Appointment, Unit, User
from tests.awards.council.builders import SEATS, members
from tests.awards.seasons import begin, load_law, rate
from tests.cast import SINCE, build_campaign_year
from tests.journeys.conftest import Enter
from tests.journeys.visits import Visit

pytestmark = pytest.mark.browser

LABORER, FIGHTER = "Lao động tiên tiến", "Chiến sĩ thi đua cơ sở"
COLLECTIVE, MERIT = "Tập thể lao động tiên tiến", "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh"
AN, BINH, CHAU, UNIT = "Nguyễn Văn An", "Trần Thị Bình", "Lê Minh Châu", "Phòng Cải cách hành chính"
RECIPIENTS = {LABORER: "cá nhân", FIGHTER: "cá nhân", COLLECTIVE: "tập thể", MERIT: "cá nhân"}
Cast = dict[str, User]


@pytest.fixture
def facts(cast: Cast, units: dict[str, Unit]) -> None:
    """Ratings of both years, An's registration of 2023, five members of the council."""
    load_law()
    for year in (2023, 2024):
        for part in ("clerk", "colleague"):
            rate(cast[part], "excellent", cast["office"], year)
    rate(cast["head"], "completed", cast["office"], 2024)
    AnnualRating.objects.create(unit=units["cchc"], year=2024, grade="good", set_by=cast["office"])
    Registration.objects.create(
        campaign_year=build_campaign_year(year=2023),
        unit=units["cchc"],
        unit_name="Phòng CCHC",
        person=cast["clerk"].person,  # type: ignore[attr-defined]
        approving_unit=units["cchc"],
        prepared_by=cast["clerk"],
        state=Registration.State.APPROVED,
    )
    for part in SEATS:
        if part != "council_member":
            Appointment.objects.create(person=cast[part].person, role=roles.COUNCIL, started_on=SINCE)  # type: ignore[attr-defined]


def test_the_same_people_under_the_old_and_under_the_new_law(
    enter: Enter, facts: None, cast: Cast, units: dict[str, Unit]
) -> None:
    visits = {part: enter(part) for part in (*SEATS, "clerk", "colleague", "head", "stranger", "inspector")}

    review = opened(visits["office"], 2023, LABORER, FIGHTER)
    explained(
        visits, review, cast, an_misses="Có sáng kiến được cơ sở công nhận", binh_misses="Đăng ký thi đua"
    )
    nominated(visits, review, cast, units, {AN: [LABORER]})
    made_public(visits, review)
    council_sits(visits, review, cast, LABORER)
    decided(visits, review, "312/QĐ-SNV")
    closed(visits, review)
    assert set(Honour.objects.values_list("year", "award__code")) == {(2023, "advanced_laborer")}

    review = opened(visits["office"], 2024, LABORER, FIGHTER, COLLECTIVE, MERIT)
    explained(visits, review, cast, an_misses="", binh_misses="")
    signed_for(review, cast, units)
    wanted = {AN: [LABORER, FIGHTER, MERIT], BINH: [LABORER], CHAU: [LABORER], UNIT: [COLLECTIVE]}
    nominated(visits, review, cast, units, wanted)
    made_public(visits, review)
    council_sits(visits, review, cast, LABORER, COLLECTIVE, MERIT, in_secret=FIGHTER)
    decided(visits, review, "57/QĐ-SNV")
    sent_up(visits, review, "88/TTr-SNV", "145/QĐ-UBND")
    closed(visits, review)

    clerk = visits["clerk"]
    clerk.open("awards:honours_of_person", cast["clerk"].person.pk)  # type: ignore[attr-defined]
    for words in ("312/QĐ-SNV", "57/QĐ-SNV", "145/QĐ-UBND", FIGHTER, MERIT):
        clerk.reads(words)
    clerk.open("awards:honours_of_unit", units["cchc"].pk)
    clerk.reads(COLLECTIVE)
    visits["inspector"].open("awards:register")
    for name in (BINH, CHAU, UNIT):
        visits["inspector"].reads(name)
    technician = enter("technician")
    technician.is_refused("awards:council_list", review.pk)
    technician.is_refused("awards:proposal_detail", review.proposals.get().pk)


# --- the stages -----------------------------------------------------------------------------------------------
def opened(office: Visit, year: int, *awards: str) -> Review:
    later = f"{clock.today() + timedelta(days=40):%d/%m/%Y}"
    office.open("awards:review_create")
    office.field("Năm xét").fill(str(year))
    office.field("Tên đợt bình xét").fill(f"Bình xét năm {year}")
    office.field("Ngày lấy quy định").fill(f"31/12/{year}")
    office.field("Số văn bản hướng dẫn").fill("1250/SNV-VP")
    office.field("Ngày văn bản").fill(f"05/11/{year}")
    for step in ReviewDeadline.Step:
        office.page.locator(f"[name=due_{step.value}]").fill(later)
    office.field("Lý do công khai ngắn hơn quy định").fill("Danh sách ít người")
    for box in office.page.locator("[name=awards]").all():
        box.uncheck()
    for award in awards:
        office.page.get_by_label(f"{award} ({RECIPIENTS[award]}").check()
    office.press("Lưu")
    office.reads("Quy định ngày")
    office.decide("Mở đợt bình xét")
    office.reads("Đơn vị đề nghị")
    review = Review.objects.get(year=year)
    actions.judge(review)  # what the worker does
    return review


def explained(
    visits: dict[str, Visit], review: Review, cast: Cast, *, an_misses: str, binh_misses: str
) -> None:
    """The Office signs for what only a person can say; then everybody reads what he qualifies for and why."""
    office = visits["office"]
    for part in ("clerk", "colleague"):
        office.open("awards:findings", review.pk, "nguoi", cast[part].person.pk)  # type: ignore[attr-defined]
        card_of(office, LABORER).get_by_role("button", name="Xác nhận đạt").first.click()
        office.is_told("Đã ghi xác nhận.")
    actions.judge(review)
    law = "Luật số 15/2003/QH11" if review.year == 2023 else "Luật số 06/2022/QH15"
    for part, award, missing in (("clerk", FIGHTER, an_misses), ("colleague", LABORER, binh_misses)):
        visit = visits[part]
        visit.open("awards:findings", review.pk, "nguoi", cast[part].person.pk)  # type: ignore[attr-defined]
        card = card_of(visit, award)
        words = card.inner_text()
        assert ("Chưa đủ điều kiện" in words) == bool(missing), (review.year, part, words)
        assert law.rpartition(" ")[2] in words
        unmet = card.locator(".finding-unmet")
        if missing:
            assert any(missing in one for one in unmet.all_inner_texts()), (part, words)
        else:
            assert unmet.count() == 0 or "Đủ điều kiện" in words


def card_of(visit: Visit, award: str) -> Locator:
    """What is said of one award, unfolded."""
    card = visit.page.locator("details.findings").filter(has=visit.page.get_by_text(award, exact=True))
    if card.get_attribute("open") is None:
        card.locator("summary").first.click()
    return card


def signed_for(review: Review, cast: Cast, units: dict[str, Unit]) -> None:
    """What the Office knows of the unit, and that An's sudden achievement is one."""
    for point in ("movement_active", "unity"):
        actions.affirm(review, units["cchc"], point, holds=True, by=cast["office"])
    an = cast["clerk"].person  # type: ignore[attr-defined]
    actions.affirm(
        review, an, "sudden_achievement", holds=True, by=cast["office"], note="Chữa cháy kho lưu trữ"
    )


def nominated(
    visits: dict[str, Visit], review: Review, cast: Cast, units: dict[str, Unit], wanted: dict[str, list[str]]
) -> None:
    """The unit meets, chooses, votes, reports; its head signs; the Office verifies every dossier."""
    clerk, head, office = visits["clerk"], visits["head"], visits["office"]
    proposal = begin(
        review, units["cchc"], by=cast["clerk"], chair=cast["head"].person, reason="Chỉ hai người đủ điều kiện."  # type: ignore[attr-defined]
    )  # fmt: skip
    clerk.open("awards:proposal_choose", proposal.pk)
    for name, awards in wanted.items():
        for award in awards:
            clerk.press(f"Đề nghị {award} cho {name}")
            clerk.is_told("Đã đưa vào danh sách")
    clerk.open("awards:proposal_votes", proposal.pk)
    for box in clerk.field("Đồng ý").all():
        box.fill("4")
    for box in clerk.field("Không đồng ý").all():
        box.fill("0")
    clerk.press("Lưu")
    for one in proposal.nominations.all():
        clerk.open("awards:dossier_report", one.pk)
        clerk.field("Tóm tắt thành tích (ghi trong quyết định)").fill(f"Rút ngắn hồ sơ năm {review.year}")
        clerk.press("Lưu")
        clerk.reads(f"Rút ngắn hồ sơ năm {review.year}")
    head.open("awards:proposal_detail", proposal.pk)
    head.decide("Ký trình")
    head.reads("Đã trình")
    for one in proposal.nominations.all():
        office.open("awards:dossier", one.pk)
        verdict = "Trình ngoại lệ" if one.person and one.person.full_name == CHAU else "Đủ điều kiện"
        office.page.get_by_role("radio", name="Đủ điều kiện", exact=True).check()
        office.press("Ghi kết luận")
        if verdict == "Trình ngoại lệ":
            office.reads("chỉ trình ngoại lệ (ghi lý do)")
            office.page.get_by_role("radio", name=verdict, exact=True).check()
            office.field("Ý kiến thẩm định").fill(
                "Điều hành phòng dẫn đầu cả năm, đang đề nghị xếp loại lại."
            )
            office.press("Ghi kết luận")
        office.reads(verdict)
    office.open("awards:proposal_detail", proposal.pk)
    office.press("Kết thúc thẩm định")
    office.reads("Đã thẩm định")


def made_public(visits: dict[str, Visit], review: Review) -> None:
    """Somebody of another unit comments, the Office answers, ten days pass, the council is called."""
    office, stranger = visits["office"], visits["stranger"]
    if review.year == 2024:
        office.open("awards:review_detail", review.pk)
        office.decide("Công khai lấy ý kiến")
        office.is_told("1 đề nghị, chỉ tiêu 0")
        office.open("awards:whole_list", review.pk)
        office.field("Giải trình vượt chỉ tiêu, cơ cấu của cả danh sách").fill("Chỉ một đơn vị đề nghị.")
        office.press("Ghi giải trình")
    office.open("awards:review_detail", review.pk)
    office.decide("Công khai lấy ý kiến")
    office.reads("Danh sách công khai")
    stranger.open("awards:notice", review.pk)
    stranger.reads(AN)
    stranger.follow("Góp ý")
    stranger.field("Nội dung góp ý").fill("Tôi đồng tình với danh sách.")
    stranger.press("Gửi góp ý")
    office.open("awards:review_detail", review.pk)
    office.press("Trình Hội đồng")
    office.is_told("ý kiến")
    office.open("awards:comment_list", review.pk)
    office.page.get_by_role("main").get_by_role("row").nth(1).get_by_role("link").first.click()
    office.field("Kết luận").select_option(index=1)
    office.field("Trả lời").fill("Cảm ơn ý kiến của đồng chí.")
    office.press("Trả lời")
    stranger.open("awards:notice", review.pk)
    stranger.reads("Cảm ơn ý kiến của đồng chí.")
    ten_days_pass(review)
    office.open("awards:review_detail", review.pk)
    office.press("Trình Hội đồng")
    office.is_told("Hội đồng xét")


def ten_days_pass(review: Review) -> None:
    today = clock.now()
    OpenPeriod.objects.filter(review=review).update(opened_at=today - timedelta(days=20))
    review.deadlines.filter(step="open_period").update(due_on=clock.today() - timedelta(days=1))


def council_sits(
    visits: dict[str, Visit], review: Review, cast: Cast, *by_hands: str, in_secret: str = ""
) -> None:
    office = visits["office"]
    office.open("awards:council_plan", review.pk)
    office.field("Ngày họp").fill(f"{clock.today():%d/%m/%Y}")
    office.field("Địa điểm").fill("Phòng họp số 1")
    office.press("Lưu")
    session = CouncilSession.objects.get(review=review)
    sitting = members(session, cast)
    office.open("awards:council_roster", session.pk)
    for part in SEATS:  # everybody leaves a seat before another one takes it
        office.page.locator(f"[name=seat_{sitting[part].pk}]").select_option("member")
    for part, (seat, teller) in SEATS.items():
        office.page.locator(f"[name=seat_{sitting[part].pk}]").select_option(seat)
        office.page.locator(f"[name=teller_{sitting[part].pk}]").set_checked(teller)
    office.press("Lưu")
    office.decide("Gửi giấy mời")
    visits["council_member"].open("home")
    visits["council_member"].task("Họp Hội đồng").click()
    visits["council_member"].reads("Phòng họp số 1")
    office.open("awards:council_attendance", session.pk)
    for one in sitting.values():
        office.page.locator(f"[name=mark_{one.pk}]").select_option("present")
    office.press("Lưu")
    office.decide("Khai mạc")
    if in_secret:
        vote_in_secret(visits, session, in_secret)
    office.open("awards:council_vote", session.pk)
    office.page.get_by_role("radio", name="Giơ tay").check()
    for award in by_hands:
        office.page.get_by_label(re.compile(f"^\\s*{award} \\(")).check()
    office.press("Bắt đầu lấy phiếu")
    office.follow(f"Ghi kết quả kiểm phiếu ({session.items.filter(rounds__state='open').count()})")
    for box in office.field("Đồng ý").all():
        box.fill("4")
    for box in office.field("Không đồng ý").all():
        box.fill("1")
    office.press("Lưu")
    office.reads("Đồng ý 4/5 = 80%")
    director = visits["director"]
    director.open("awards:council_minutes", session.pk)
    director.reads("có mặt khi khai mạc 5")
    director.reads("Đạt, đề nghị khen thưởng")
    office.decide("Kết thúc phiên họp")
    office.open("awards:review_detail", review.pk)
    office.press("Hội đồng đã xét xong")
    office.is_told("Ra quyết định")


def vote_in_secret(visits: dict[str, Visit], session: CouncilSession, award: str) -> None:
    """The fighter: two tellers with their codes, five envelopes, one of them against."""
    office = visits["office"]
    office.open("awards:council_vote", session.pk)
    office.page.get_by_role("radio", name="Phiếu kín điện tử").check()
    office.page.get_by_label(f"{award} (").check()
    office.press("Bắt đầu lấy phiếu")
    box, codes = BallotBox.objects.get(session=session), []
    for part in ("appraiser", "stranger_head"):
        visits[part].open("home")
        visits[part].task("Nhận mã kiểm phiếu").click()
        visits[part].press("Nhận mã kiểm phiếu")
        codes.append(visits[part].page.locator("code").first.inner_text())
    office.open("awards:ballot_box", box.pk)
    office.decide("Mở hòm phiếu")
    for part in SEATS:
        visit = visits[part]
        visit.open("awards:ballot_box", box.pk)
        visit.page.get_by_role(
            "radio", name="Không đồng ý" if part == "director" else "Đồng ý", exact=True
        ).check()
        visit.press("Gửi phiếu kín")
        visit.reads("Phiếu của bạn đã được niêm phong.")
    teller = visits["appraiser"]
    teller.open("awards:box_count", box.pk)
    teller.field("Mã của thành viên Ban kiểm phiếu thứ nhất").fill(codes[0])
    teller.field("Mã của thành viên Ban kiểm phiếu thứ hai").fill(codes[1].lower())
    teller.press("Kiểm phiếu")
    teller.reads("Đồng ý 4/5 = 80%")


def decided(visits: dict[str, Visit], review: Review, number: str) -> None:
    """Drafted by the Office, noted as signed; who is on it reads of it."""
    office = visits["office"]
    office.open("awards:decision_list", review.pk)
    office.follow("Lập quyết định")
    office.press("Lưu")
    signed(office, number)


def sent_up(visits: dict[str, Visit], review: Review, letter: str, number: str) -> None:
    """What the province decides goes up with a letter, and its decision is noted when it is there."""
    office = visits["office"]
    office.open("awards:decision_list", review.pk)
    office.follow("Lập hồ sơ trình")
    office.press("Lưu")
    office.follow("Ghi đã trình cấp trên")
    office.field("Số tờ trình").fill(letter)
    office.field("Ngày tờ trình").fill(f"{clock.today():%d/%m/%Y}")
    office.press("Lưu")
    office.reads("Đã trình cấp trên")
    assert not Honour.objects.filter(award__level="tinh").exists()
    signed(office, number)
    assert Decision.objects.filter(level="tinh", letter_number=letter, number=number, state="issued").exists()


def signed(office: Visit, number: str) -> None:
    office.follow("Ghi quyết định đã ký")
    office.field("Số quyết định").fill(number)
    office.field("Ngày ký").fill(f"{clock.today():%d/%m/%Y}")  # never before the council has met
    office.press("Lưu")
    office.reads(number)


def closed(visits: dict[str, Visit], review: Review) -> None:
    office = visits["office"]
    office.open("awards:review_detail", review.pk)
    office.decide("Kết thúc đợt")
    office.is_told("Kết thúc")
