"""Beside the reminders stand the letters of acts: who was told of the launch, of more time, of an answer; and by name
who still owes something."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import proposals
from awards.models import Review
from campaigns.actions import campaigns, registrations, rounds
from campaigns.models import CampaignYear, Deadline, Registration, Stage
from core import clock
from core.models import Letter
from emulation_portal.reminding import reference
from emulation_portal.reminding.acts import letters_about
from emulation_portal.reminding.pressing import remind
from organization.models import Unit, User
from tests.awards.seasons import open_review
from tests.campaigns.stories import ready_campaign
from tests.reminding.test_notices import LATE, send
from tests.reminding.test_planning import DUE, PLANS, moment

ClientOf = Callable[[User], Client]


@pytest.fixture
def year(campaign_year: CampaignYear) -> Iterator[CampaignYear]:
    reference.load(PLANS)
    Deadline.objects.filter(campaign_year=campaign_year).update(due_on=date(2026, 12, 15))
    Deadline.objects.filter(campaign_year=campaign_year, stage="registration").update(due_on=DUE)
    with clock.at(moment(LATE)):
        yield campaign_year


def kinds(whole: CampaignYear | Review) -> list[str]:
    return sorted(set(letters_about(whole).order_by().values_list("kind", flat=True)))


def test_the_launch_is_told_on_the_round_s_page(office: User, clerk: User, client_of: ClientOf) -> None:
    campaign = ready_campaign(office)
    campaigns.launch(campaign, by=office)
    [year] = campaign.years.all()
    assert kinds(year) == ["campaigns/launched"]
    page = client_of(office).get(reverse("notice_letters", args=[year.pk]))
    assert page.context["list"].total == User.objects.filter(is_active=True).count()
    assert (
        clerk.display_name
        in client_of(office)
        .get(reverse("notice_letters", args=[year.pk]), {"q": clerk.display_name})
        .content.decode()
    )


def test_answers_and_more_time_are_told_with_what_became_of_the_letter(
    year: CampaignYear, units: dict[str, Unit], office: User, head: User, clerk: User, client_of: ClientOf
) -> None:
    send(year, clerk)
    registrations.send_back(Registration.objects.get(), by=head, comment="Ghi rõ chỉ tiêu.")
    more = {"stage": Stage.REGISTRATION, "until": date(2026, 1, 20), "reason": "Mất điện ba ngày."}
    remind(year, "registration", seen={clerk.pk}, by=office)
    rounds.extend(year, by=office, unit=units["cchc"], **more)  # type: ignore[arg-type]
    assert kinds(year) == [
        "campaigns/extended",
        "campaigns/registration_returned",
        "campaigns/registration_submitted",
    ]
    state = {
        "state": "waiting",
        "attempts": 2,
        "may_be_double": True,
        "last_error": "Máy chủ thư ngắt kết nối.",
    }
    Letter.objects.filter(kind="campaigns/registration_returned").update(**state)
    client, address = client_of(office), reverse("notice_letters", args=[year.pk])
    html = client.get(address).content.decode()
    assert "Chờ gửi lại, có thể trùng</span>" in html
    assert ">Máy chủ thư ngắt kết nối.</td>" in html
    assert reverse("notice_list", args=[year.pk]) in html
    assert address in client.get(reverse("notice_list", args=[year.pk])).content.decode()
    doubtful = client.get(address, {"tinh-trang": "co-the-trung"}).context["list"]
    assert [one.recipient_name for one in doubtful.page] == [clerk.display_name]
    assert client.get(address, {"xuat": "xlsx"}).status_code == 200


def test_letters_of_another_round_are_not_among_them(year: CampaignYear, office: User, clerk: User) -> None:
    send(year, clerk)
    other = CampaignYear.objects.exclude(pk=year.pk).first() or ready_campaign(office).years.get()
    assert not letters_about(other).exists()


def test_a_review_tells_its_letters_and_none_that_is_private(
    office: User, head: User, units: dict[str, Unit], client_of: ClientOf
) -> None:
    with clock.at(moment(date(2025, 1, 6), 9)):
        review = open_review(office)
    with clock.at(moment(date(2025, 1, 8), 9)):
        proposal = proposals.begin_proposal(review, units["cchc"], by=head)
        proposals.propose_nobody(proposal, by=head, comment="Không ai đủ điều kiện.")
        assert kinds(review) == ["awards/proposes_nobody"]
        Letter.objects.update(kind="awards/private/comment_came", recipient=head)
        client, address = client_of(office), reverse("review_notice_letters", args=[review.pk])
        assert client.get(address).context["list"].total == 0


def test_the_page_is_for_those_who_read_everything(
    year: CampaignYear, cast: dict[str, User], client_of: ClientOf
) -> None:
    address = reverse("notice_letters", args=[year.pk])
    for part in ("clerk", "head", "director", "technician", "stranger"):
        assert client_of(cast[part]).get(address).status_code == 404, part
    assert client_of(cast["inspector"]).get(address).status_code == 200


def test_letters_cost_as_much_for_few_as_for_many(
    year: CampaignYear,
    office: User,
    clerk: User,
    colleague: User,
    deputy: User,
    client_of: ClientOf,
    assert_same_queries: Any,
) -> None:
    send(year, clerk)

    def grow() -> None:
        for user in (colleague, deputy):
            send(year, user)

    assert_same_queries(client_of(office), reverse("notice_letters", args=[year.pk]), grow)


# --- who still owes it -----------------------------------------------------------------------------------
def test_who_has_not_done_it_stands_there_by_name_as_in_the_press(
    year: CampaignYear, office: User, inspector: User, clerk: User, colleague: User, client_of: ClientOf
) -> None:
    remind(year, "registration", seen={colleague.pk}, by=office)
    client = client_of(office)
    press = client.get(reverse("year_remind", args=[year.pk, "registration"])).context["owing"]
    page = client.get(reverse("notice_list", args=[year.pk]))
    [(owing, people, ever, _)] = [
        row for row in page.context["stages"] if row[0].plan.stage == "registration"
    ]
    assert [one.user for one, _ in people] == [one.user for one in press.everybody]
    assert ([one.user for one, told in people if told], ever) == ([colleague], 1)
    html = page.content.decode()
    assert f"<li>{clerk.display_name}, Phòng CCHC <span" in html
    assert f"<li>{colleague.display_name}, Phòng CCHC</li>" in html
    send(year, clerk)
    for reader in (office, inspector):
        html = client_of(reader).get(reverse("notice_list", args=[year.pk])).content.decode()
        assert f"<li>{clerk.display_name}," not in html


def test_names_cost_no_questions(
    year: CampaignYear, office: User, cast: dict[str, User], client_of: ClientOf, assert_same_queries: Any
) -> None:
    remind(year, "registration", seen={cast["clerk"].pk}, by=office)
    for part in ("colleague", "deputy", "inspector"):
        send(year, cast[part])

    def grow() -> None:
        """Three more owe it."""
        Registration.objects.all().delete()

    assert_same_queries(client_of(office), reverse("notice_list", args=[year.pk]), grow)
