"""The Office sees who was told in a review and reminds those who are late: the pages of a round, for a review."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from awards.actions import proposals
from awards.models import Review
from awards.queries.reviews import is_outdated
from campaigns.models import CampaignYear
from core import clock
from core.journal import history_of
from core.models import Letter, Notice
from core.workflow import Refused
from emulation_portal.reminding import reference
from emulation_portal.reminding.pressing import owing_in, remind
from emulation_portal.tasks import write_digests
from organization.models import Unit, User
from tests.awards.open_periods import moment
from tests.awards.seasons import open_review
from tests.reminding.test_notices import straight
from tests.reminding.test_planning import PLANS

ClientOf = Callable[[User], Client]
DUE = date(2025, 1, 14)  # a Tuesday
LATE = date(2025, 1, 16)  # two working days later: no reminder of the plan falls on it


@pytest.fixture
def review(office: User) -> Iterator[Review]:
    """Open, and the last day of handing in has passed."""
    reference.load(PLANS)
    with clock.at(moment(date(2025, 1, 6), 9)):
        made = open_review(office)
    made.deadlines.filter(step__in=("unit_meeting", "nomination")).update(due_on=DUE)
    made.deadlines.filter(step="verification").update(due_on=date(2025, 1, 24))
    with clock.at(moment(LATE, 9)):
        yield made


def at(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def test_the_press_writes_to_those_who_were_shown_and_still_owe_it(
    review: Review,
    units: dict[str, Unit],
    cast: dict[str, User],
    office: User,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client, address = client_of(office), at("review_remind", review.pk, "nomination")
    page = client.get(address)
    html = page.content.decode()
    # Heads of CCHC, TCCB, TTLT and Văn phòng, the Director and the Office for the Sở's leadership.
    assert "Người quá hạn sẽ nhận thư (6)" in html
    assert "Lê Minh Châu, Phòng CCHC" in html
    assert "Nguyễn Văn An" not in html
    first = page.context["first"]
    review.deadlines.filter(step="nomination").update(due_on=LATE)
    proposal = proposals.begin_proposal(review, units["cchc"], by=cast["clerk"])
    proposals.propose_nobody(proposal, by=cast["head"], comment="Không ai đủ điều kiện.")  # between the two
    review.deadlines.filter(step="nomination").update(due_on=DUE)
    seen = [part for part in page.context["seen"].split(",") if part != str(cast["stranger_head"].pk)]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, {"nguoi": ",".join(seen)}, follow=True)
    assert "Đã gửi thư nhắc 4 người" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == at("review_notice_list", review.pk)
    letters = Letter.objects.filter(kind="reminders/pressed")
    told = set(letters.values_list("recipient__username", flat=True))
    assert told == {"council_member", "office_head", "director", "office"}
    assert {one.subject for one in letters} == {"Văn phòng Sở nhắc: 1 việc chưa xong của Bình xét năm 2024"}
    assert len([one for one in mail.outbox if "Văn phòng Sở nhắc" in one.subject]) == 4
    assert history_of(review).get(verb="reminded").label == "Nhắc 4 người: Trình hồ sơ đề nghị khen thưởng"
    mine = letters.filter(recipient=first.user).first()
    if mine:
        assert page.context["text"] == f"{mine.subject}\n\n{straight(mine.body)}"
    assert set(Notice.objects.values_list("review_id", "round_id", "kind")) == {(review.pk, None, "pressed")}


def test_nobody_is_reminded_twice_a_day_digests_count(review: Review, office: User, settings: Any) -> None:
    everybody = set(User.objects.values_list("pk", flat=True))
    assert remind(review, "nomination", seen=everybody, by=office) == 6
    with pytest.raises(Refused, match="đã được nhắc đủ số lần"):
        remind(review, "unit_meeting", seen={one.pk for one in _owing(review, "nomination")}, by=office)
    settings.REMINDERS_PER_DAY = 2
    assert remind(review, "nomination", seen=everybody, by=office) == 6
    settings.REMINDERS_PER_DAY = 1
    with clock.at(moment(LATE + timedelta(days=1), 9)):  # the third day: the plan reminds
        assert write_digests() >= 6
        _, found = owing_in(review)
        nomination = next(one for one in found if one.plan.stage == "nomination")
        assert (len(nomination.to_tell), len(nomination.told_today)) == (0, 6)
        with pytest.raises(Refused):
            remind(review, "nomination", seen=everybody, by=office)


def _owing(review: Review, stage: str) -> list[User]:
    _, found = owing_in(review)
    return [one.user for owing in found if owing.plan.stage == stage for one in owing.everybody]


def test_a_review_and_a_round_of_the_same_number_do_not_meet(
    review: Review, campaign_year: CampaignYear, office: User, client_of: ClientOf
) -> None:
    if review.pk != campaign_year.pk:
        Review.objects.filter(pk=review.pk).update(state=Review.State.STOPPED)  # of a year one review runs
        review.pk = campaign_year.pk
        review.save(force_insert=True)
        review.deadlines.create(step="nomination", due_on=DUE)
    everybody = set(User.objects.values_list("pk", flat=True))
    assert remind(campaign_year, "registration", seen=everybody, by=office) == 12
    assert remind(review, "nomination", seen=everybody, by=office) == 6
    assert Letter.objects.filter(kind="reminders/pressed").count() == 18
    for name, field in (("notice_list", "round_id"), ("review_notice_list", "review_id")):
        shown = client_of(office).get(at(name, campaign_year.pk)).context["list"].total
        assert (
            0 < shown == Notice.objects.filter(**{field: campaign_year.pk}).count() < Notice.objects.count()
        )


def test_pressing_changes_no_fact_that_the_rules_ask(review: Review, office: User) -> None:
    Review.objects.filter(pk=review.pk).update(judged_at=clock.now() - timedelta(seconds=1))
    review.refresh_from_db()
    assert not is_outdated(review)
    remind(review, "nomination", seen=set(User.objects.values_list("pk", flat=True)), by=office)
    assert not is_outdated(review)


def test_only_the_office_presses_and_only_readers_of_everything_look(
    review: Review, cast: dict[str, User], client_of: ClientOf
) -> None:
    pages = [at("review_notice_list", review.pk), at("review_notice_paper", review.pk)]
    press = at("review_remind", review.pk, "nomination")
    for part in ("clerk", "head", "director", "council_member", "technician", "stranger"):
        for page in [*pages, press]:
            assert client_of(cast[part]).get(page).status_code == 404, (part, page)
        assert client_of(cast[part]).post(press, {"nguoi": "1"}).status_code == 404
    assert [client_of(cast["inspector"]).get(page).status_code for page in [*pages, press]] == [200, 200, 404]
    office = client_of(cast["office"])
    for stage in ("registration", "complaints", "comments", "x"):
        assert office.get(at("review_remind", review.pk, stage)).status_code == 404, stage
    with pytest.raises(Refused):
        remind(review, "nomination", seen={1}, by=cast["clerk"])
    link = at("review_notice_list", review.pk)
    detail = at("awards:review_detail", review.pk)
    assert link in office.get(detail).content.decode()
    assert link in client_of(cast["inspector"]).get(detail).content.decode()
    assert link not in client_of(cast["head"]).get(detail).content.decode()


def test_the_list_says_what_is_known_and_no_more(
    review: Review,
    units: dict[str, Unit],
    cast: dict[str, User],
    office: User,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: Any,
) -> None:
    head, other = cast["head"], cast["council_member"]
    with django_capture_on_commit_callbacks(execute=True):
        remind(review, "nomination", seen={head.pk, other.pk, cast["stranger_head"].pk}, by=office)
    Letter.objects.filter(recipient=cast["stranger_head"]).update(state=Letter.State.FAILED, sent_at=None)
    with clock.at(moment(LATE, 11)):
        proposals.begin_proposal(review, units["cchc"], by=head)
        mine = Notice.objects.get(user=other)
        client_of(other).get(at("notice_open", mine.code))
    client, address = client_of(office), at("review_notice_list", review.pk)
    html = client.get(address).content.decode()
    assert "Hôm nay còn ai chưa xong" in html
    assert html.count("Đã mở lúc 11:00 16/01/2025") == 1
    assert html.count(">Chưa mở</td>") == 2
    assert "Không gửi được" in html
    assert "Nhắc 4 người" in html  # also whose letter did not leave
    failed = client.get(address, {"thu": "failed"}).content.decode().partition('id="danh-sach"')[2]
    assert "Hồ Thị Yến" in failed
    assert "Lê Minh Châu" not in failed
    assert client.get(address, {"xuat": "xlsx"}).status_code == 200
    paper = client.get(at("review_notice_paper", review.pk), {"cong-doan": "nomination"}).content.decode()
    assert "Bình xét năm 2024; công đoạn: Trình hồ sơ đề nghị khen thưởng" in paper
    assert paper.count("Hoàn thiện, ký trình đề nghị khen thưởng") == 3
    assert (
        "Chưa ai được nhắc"
        in client.get(at("review_notice_paper", review.pk), {"cong-doan": "unit_meeting"}).content.decode()
    )


def test_the_list_costs_as_much_for_few_as_for_many(
    review: Review, office: User, head: User, client_of: ClientOf, assert_same_queries: Any
) -> None:
    remind(review, "nomination", seen={head.pk}, by=office)

    def grow() -> None:
        remind(review, "nomination", seen=set(User.objects.values_list("pk", flat=True)), by=office)

    assert_same_queries(client_of(office), at("review_notice_list", review.pk), grow)
    assert Notice.objects.count() == 6
