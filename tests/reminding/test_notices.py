"""The Office sees who was told and reminds those who still owe it: exactly those it has seen, and not too often."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from campaigns.actions.registrations import save, start, submit
from campaigns.models import CampaignYear, Deadline
from core import clock
from core.journal import history_of
from core.models import Letter, Notice
from core.workflow import Refused
from emulation_portal.reminding import reference
from emulation_portal.reminding.pressing import owing_in, remind
from emulation_portal.tasks import write_digests
from organization.models import User
from tests.reminding.test_planning import DUE, PLANS, moment

ClientOf = Callable[[User], Client]
LATE = date(2025, 12, 17)  # two working days after the last day: no reminder of the plan falls on it


@pytest.fixture
def year(campaign_year: CampaignYear) -> Iterator[CampaignYear]:
    reference.load(PLANS)
    Deadline.objects.filter(campaign_year=campaign_year).update(due_on=date(2026, 12, 15))
    Deadline.objects.filter(campaign_year=campaign_year, stage="registration").update(due_on=DUE)
    with clock.at(moment(LATE)):
        yield campaign_year


@pytest.fixture
def address(year: CampaignYear) -> str:
    return reverse("year_remind", args=[year.pk, "registration"])


def straight(text: str) -> str:
    """The letter with the pages that its links lead to."""
    for notice in Notice.objects.exclude(code=None):
        text = text.replace(reverse("notice_open", args=[notice.code]), notice.href)
    return text


def send(year: CampaignYear, user: User) -> None:
    registration = start(year, by=user)
    item = {"criterion": None, "target": "Một sáng kiến", "quantity": 1, "measure": "sáng kiến"}
    save(registration, by=user, pledge="Hoàn thành.", items=[item], version=registration.version)
    submit(registration, by=user)


def test_the_press_writes_to_those_who_were_shown_and_still_owe_it(
    year: CampaignYear,
    address: str,
    office: User,
    clerk: User,
    colleague: User,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = client_of(office)
    page = client.get(address)
    html = page.content.decode()
    assert "Người quá hạn sẽ nhận thư (12)" in html
    assert "Nguyễn Văn An, Phòng CCHC" in html
    seen = page.context["seen"]
    send(year, clerk)  # between the preview and the press
    others = [part for part in seen.split(",") if part != str(colleague.pk)]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, {"nguoi": ",".join(others)}, follow=True)
    assert "Đã gửi thư nhắc 10 người" in answer.content.decode()
    told = set(Letter.objects.filter(kind="reminders/pressed").values_list("recipient", flat=True))
    assert not told & {clerk.pk, colleague.pk}
    assert len([one for one in mail.outbox if "Văn phòng Sở nhắc" in one.subject]) == 10
    assert history_of(year).filter(verb="reminded").get().label == "Nhắc 10 người: Đăng ký thi đua"
    letter = Letter.objects.filter(kind="reminders/pressed", recipient=page.context["first"].user).first()
    if letter:
        assert page.context["text"] == f"{letter.subject}\n\n{straight(letter.body)}"


def test_nobody_is_reminded_twice_a_day(year: CampaignYear, office: User, settings: Any) -> None:
    everybody = set(User.objects.values_list("pk", flat=True))
    assert remind(year, "registration", seen=everybody, by=office) == 12
    with pytest.raises(Refused, match="đã được nhắc đủ số lần"):
        remind(year, "registration", seen=everybody, by=office)
    settings.REMINDERS_PER_DAY = 2
    assert remind(year, "registration", seen=everybody, by=office) == 12
    settings.REMINDERS_PER_DAY = 1
    with clock.at(moment(LATE + timedelta(days=1))):
        assert remind(year, "registration", seen=everybody, by=office) == 12
    assert Letter.objects.count() == 36


def test_who_got_the_digest_today_is_not_written_to_again(year: CampaignYear, office: User) -> None:
    everybody = set(User.objects.values_list("pk", flat=True))
    with clock.at(moment(LATE + timedelta(days=1))):  # the third day: the plan reminds
        assert write_digests() >= 12
        _, found = owing_in(year)
        registration = next(one for one in found if one.plan.stage == "registration")
        assert (len(registration.to_tell), len(registration.told_today)) == (0, 12)
        with pytest.raises(Refused):
            remind(year, "registration", seen=everybody, by=office)


def test_only_the_office_presses_and_only_readers_of_everything_look(
    year: CampaignYear, address: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    pages = [reverse("notice_list", args=[year.pk]), reverse("notice_paper", args=[year.pk])]
    for part in ("clerk", "head", "director", "technician", "stranger"):
        for page in [*pages, address]:
            assert client_of(cast[part]).get(page).status_code == 404, (part, page)
        assert client_of(cast[part]).post(address, {"nguoi": "1"}).status_code == 404
    assert [client_of(cast["inspector"]).get(page).status_code for page in [*pages, address]] == [
        200,
        200,
        404,
    ]
    with pytest.raises(Refused):
        remind(year, "registration", seen={1}, by=cast["clerk"])
    assert (
        client_of(cast["office"]).get(reverse("year_remind", args=[year.pk, "decision"])).status_code == 404
    )


def test_the_list_says_what_is_known_and_no_more(
    year: CampaignYear,
    office: User,
    clerk: User,
    colleague: User,
    deputy: User,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        remind(year, "registration", seen={clerk.pk, colleague.pk, deputy.pk}, by=office)
    refused = {"state": "bounced", "sent_at": None, "last_error": "Không có hộp thư.", "may_be_double": True}
    Letter.objects.filter(recipient=deputy).update(**refused, bounced_at=moment(LATE, 10))
    later = moment(LATE, 11)
    with clock.at(later):
        send(year, clerk)  # work on a dossier says nothing of a letter
        mine = Notice.objects.get(user=colleague)
        client_of(colleague).get(reverse("notice_open", args=[mine.code]))
    client, address = client_of(office), reverse("notice_list", args=[year.pk])
    html = client.get(address).content.decode()
    assert html.count("Đã mở lúc 11:10 17/12/2025") == 1
    assert html.count(">Chưa mở</td>") == 2
    assert "Không tới được, có thể trùng, báo lúc 10:10 17/12/2025</span>" in html
    assert ">Không có hộp thư.</td>" in html
    assert "Đã gửi lúc 09:10 17/12/2025" in html
    assert "Nhắc 10 người" in html  # also whose letter did not arrive
    failed = client.get(address, {"thu": "bounced"}).content.decode()
    assert "Phạm Quốc Duy" in failed
    assert "Trần Thị Bình" not in failed.partition('id="danh-sach"')[2]
    assert client.get(address, {"xuat": "xlsx"}).status_code == 200
    paper = client.get(
        reverse("notice_paper", args=[year.pk]), {"cong-doan": "registration"}
    ).content.decode()
    assert "công đoạn: Đăng ký thi đua" in paper
    assert paper.count("Đăng ký thi đua của tôi") == 3
    assert office.display_name in paper
    assert paper.count("Đã mở lúc 11:10 17/12/2025") == 1
    assert paper.count("báo lúc 10:10 17/12/2025: Không có hộp thư.") == 1
    for choice, names in (("roi", ["Trần Thị Bình"]), ("chua", ["Nguyễn Văn An", "Phạm Quốc Duy"])):
        found = client.get(address, {"mo": choice}).context["list"].page
        assert sorted(one.letter.recipient_name for one in found) == names


def test_the_list_costs_as_much_for_few_as_for_many(
    year: CampaignYear, office: User, clerk: User, client_of: ClientOf, assert_same_queries: Any
) -> None:
    remind(year, "registration", seen={clerk.pk}, by=office)

    def grow() -> None:
        remind(year, "registration", seen=set(User.objects.values_list("pk", flat=True)), by=office)

    assert_same_queries(client_of(office), reverse("notice_list", args=[year.pk]), grow)
    assert Notice.objects.count() == 16


def test_the_list_of_those_who_have_not_sent_leads_to_the_press(
    year: CampaignYear, address: str, office: User, inspector: User, client_of: ClientOf
) -> None:
    missing = reverse("campaigns:registration_missing", args=[year.pk])
    assert address in client_of(office).get(missing).content.decode()
    assert address not in client_of(inspector).get(missing).content.decode()
    year_page = reverse("campaigns:year_detail", args=[year.pk])
    assert reverse("notice_list", args=[year.pk]) in client_of(office).get(year_page).content.decode()


# --- one press and one plan ----------------------------------------------------------------------------
def owing_of(year: CampaignYear) -> tuple[set[User], set[User]]:
    _, found = owing_in(year)
    one = next(one for one in found if one.plan.stage == "registration")
    return {digest.user for digest in one.to_tell}, {digest.user for digest in one.told_today}


def test_what_was_pressed_in_the_morning_is_not_told_by_plan_again(
    year: CampaignYear, office: User, clerk: User, colleague: User
) -> None:
    third = LATE + timedelta(days=1)  # the plan reminds
    with clock.at(moment(third, 7)):
        assert remind(year, "registration", seen={clerk.pk, colleague.pk}, by=office) == 2
        [letter] = Letter.objects.filter(recipient=colleague)
        Letter.objects.filter(pk=letter.pk).update(state=Letter.State.BOUNCED)  # it did not reach him
    with clock.at(moment(third, 9)):
        write_digests()
    told = list(Notice.objects.filter(day=third, user=clerk).values_list("kind", flat=True))
    assert told == ["pressed"]
    assert not Letter.objects.filter(recipient=clerk, kind="reminders/digest").exists()
    kinds = Notice.objects.filter(day=third, user=colleague).values_list("kind", flat=True)
    assert set(kinds) == {"pressed", "plan"}


def test_a_head_who_was_only_told_of_others_can_be_pressed(
    year: CampaignYear, office: User, head: User
) -> None:
    write_digests()  # two working days late: heads are told who is
    assert set(Notice.objects.filter(user=head, day=LATE).values_list("kind", flat=True)) == {"copy"}
    to_tell, told_today = owing_of(year)
    assert head in to_tell
    assert head not in told_today
    assert remind(year, "registration", seen={head.pk}, by=office) == 1
    assert head in owing_of(year)[1]


def test_whose_letter_bounced_can_be_pressed_again_with_a_letter_of_its_own(
    year: CampaignYear, office: User, clerk: User
) -> None:
    assert remind(year, "registration", seen={clerk.pk}, by=office) == 1
    Letter.objects.filter(recipient=clerk).update(state=Letter.State.BOUNCED)
    assert clerk in owing_of(year)[0]
    assert remind(year, "registration", seen={clerk.pk}, by=office) == 1
    assert Letter.objects.filter(recipient=clerk, kind="reminders/pressed").count() == 2
    with pytest.raises(Refused):
        remind(year, "registration", seen={clerk.pk}, by=office)
