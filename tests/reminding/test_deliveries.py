"""A digest is of its day: what did not leave by the evening stays, and the next one tells what is still owed."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from campaigns.actions.registrations import send_back
from campaigns.models import CampaignYear, Deadline
from core import clock
from core.models import DigestDay, Letter, Notice, ReminderPlan
from core.outbox import resend, resend_held_up
from core.tasks import resend_stuck
from core.workflow import AlreadyDone, Refused
from emulation_portal.reminding import reference
from emulation_portal.reminding.plans import preview
from emulation_portal.tasks import write_digests
from organization.models import User
from tests.reminding.test_notices import send
from tests.reminding.test_planning import DUE, PLANS, moment

DOWN = "tests.core.test_outbox.DownServer"
UP = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def year(campaign_year: CampaignYear) -> CampaignYear:
    """Registration is due on Monday 15/12: the plan reminds on 8, 12, 16 and 18."""
    reference.load(PLANS)
    Deadline.objects.filter(campaign_year=campaign_year).update(due_on=date(2026, 12, 15))
    Deadline.objects.filter(campaign_year=campaign_year, stage="registration").update(due_on=DUE)
    return campaign_year


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def hours(first: date, last: date) -> Iterator[Any]:
    """Every hour of these days, ten minutes past."""
    day = first
    while day <= last:
        yield from (moment(day, hour) for hour in range(24))
        day += timedelta(days=1)


def test_after_five_days_without_a_mail_server_one_digest_comes_that_is_true(
    year: CampaignYear, clerk: User, colleague: User, settings: Any, commit: Any
) -> None:
    back = moment(date(2025, 12, 17), 0)
    arrived: list[tuple[Any, str]] = []
    for now in hours(date(2025, 12, 8), date(2025, 12, 18)):
        settings.EMAIL_BACKEND = DOWN if date(2025, 12, 12) <= now.date() and now < back else UP
        if now == moment(date(2025, 12, 15), 20):
            with clock.at(now):
                send(year, clerk)
        mail.outbox.clear()
        with clock.at(now), commit():
            write_digests()
            resend_stuck()
        arrived += [(now, one.to[0]) for one in mail.outbox if "việc thi đua chờ bạn" in one.subject]
    assert {now.hour for now, _ in arrived} == {8}
    assert max(Counter((now.date(), to) for now, to in arrived).values()) == 1
    days = {
        name: [now.day for now, to in arrived if f"<{user.email}>" in to]
        for name, user in (("clerk", clerk), ("colleague", colleague))
    }
    # Both were told on 8/12. What 12/12 and 16/12 were to say comes on 17/12, to whoever still owes it.
    assert days == {"clerk": [8], "colleague": [8, 17, 18]}
    states = Counter(Letter.objects.filter(recipient=colleague, kind="reminders/digest").values_list("state"))
    assert states == {("sent",): 3, ("expired",): 3}  # 12, 15 and 16 December
    assert not Letter.objects.filter(recipient=clerk, kind="reminders/digest", state="waiting").exists()


def test_a_digest_that_is_over_is_not_sent_again_and_says_why(
    year: CampaignYear, clerk: User, office: User, settings: Any, commit: Any, client_of: Any
) -> None:
    settings.EMAIL_BACKEND = DOWN
    day = date(2025, 12, 12)
    with clock.at(moment(day)), commit():
        write_digests()
    letter = Letter.objects.get(recipient=clerk, kind="reminders/digest")
    with clock.at(moment(day)):
        assert letter.is_held_up
    settings.EMAIL_BACKEND = UP
    with clock.at(moment(day, 17)):
        with pytest.raises(AlreadyDone):
            resend_held_up(by=office)
        with pytest.raises(Refused, match="chỉ gửi trong giờ làm việc của ngày viết thư"):
            resend(letter, by=office)
        assert resend_stuck() == 0
        client = client_of(office)
        html = client.get(reverse("letter_detail", args=[letter.pk])).content.decode()
        assert "Hết hạn gửi" in html
        assert "Việc còn nợ được nhắc trong thư của ngày làm việc sau" in html
        assert reverse("letter_resend", args=[letter.pk]) not in html
        assert "Gửi lại ngay" not in client.get(reverse("letter_list")).content.decode()
        found = client.get(reverse("letter_list"), {"tinh-trang": "expired"}).content.decode()
        assert clerk.display_name in found
    assert mail.outbox == []


def test_within_its_day_a_digest_is_tried_again(
    year: CampaignYear, clerk: User, settings: Any, commit: Any
) -> None:
    settings.EMAIL_BACKEND = DOWN
    with clock.at(moment(date(2025, 12, 12))), commit():
        write_digests()
    settings.EMAIL_BACKEND = UP
    with clock.at(moment(date(2025, 12, 12), 11)):
        assert resend_stuck() == 12
    assert Letter.objects.get(recipient=clerk).state == Letter.State.SENT


def test_a_digest_that_a_dead_worker_held_is_given_up_in_doubt(
    year: CampaignYear, clerk: User, office: User, client_of: Any
) -> None:
    with clock.at(moment(date(2025, 12, 12), 16)):
        write_digests()
    lease = moment(date(2025, 12, 12), 16)
    Letter.objects.filter(recipient=clerk).update(state=Letter.State.SENDING, next_attempt_at=lease)
    with clock.at(moment(date(2025, 12, 12), 17)):
        resend_stuck()
    letter = Letter.objects.get(recipient=clerk)
    assert (letter.state, letter.may_be_double) == (Letter.State.EXPIRED, True)
    html = client_of(office).get(reverse("letter_detail", args=[letter.pk])).content.decode()
    assert "Hết hạn gửi, có thể đã tới" in html
    assert mail.outbox == []


def test_an_address_that_was_corrected_is_told_what_it_missed(
    year: CampaignYear, clerk: User, colleague: User, commit: Any
) -> None:
    with clock.at(moment(date(2025, 12, 12))), commit():
        write_digests()
    Letter.objects.filter(recipient__in=(clerk, colleague)).update(state=Letter.State.BOUNCED)
    User.objects.filter(pk=clerk.pk).update(email="an.moi@snv.example")
    with clock.at(moment(date(2025, 12, 15))):
        write_digests()
    told = set(Notice.objects.filter(day=date(2025, 12, 15), kind="plan").values_list("user", flat=True))
    assert told == {clerk.pk}


def test_a_day_that_broke_off_is_not_told_again_to_whom_it_had_told(
    year: CampaignYear, clerk: User, colleague: User, commit: Any
) -> None:
    with clock.at(moment(date(2025, 12, 11))):
        write_digests()
    with clock.at(moment(date(2025, 12, 12))), commit():
        write_digests()
    DigestDay.objects.filter(day=date(2025, 12, 12)).update(ended_at=None)  # the worker died over it
    Notice.objects.filter(user=colleague).delete()
    Letter.objects.filter(recipient=colleague).delete()
    with clock.at(moment(date(2025, 12, 15))), commit():
        write_digests()
    told = set(Notice.objects.filter(day=date(2025, 12, 15), kind="plan").values_list("user", flat=True))
    assert told == {colleague.pk}
    with clock.at(moment(date(2025, 12, 16))):
        write_digests()
    assert Notice.objects.filter(day=date(2025, 12, 16), user=clerk).count() == 1  # the plan's own day


def test_the_first_day_of_all_that_broke_off_is_made_up_for(
    year: CampaignYear, clerk: User, colleague: User, commit: Any
) -> None:
    with clock.at(moment(date(2025, 12, 12))), commit():
        write_digests()
    DigestDay.objects.update(ended_at=None)
    Notice.objects.filter(user=colleague).delete()
    Letter.objects.filter(recipient=colleague).delete()
    with clock.at(moment(date(2025, 12, 15))), commit():
        write_digests()
    told = set(Notice.objects.filter(day=date(2025, 12, 15), kind="plan").values_list("user", flat=True))
    assert told == {colleague.pk}


def test_who_is_told_weekly_hears_in_time_of_what_came_back_this_week(
    year: CampaignYear, clerk: User, head: User, commit: Any
) -> None:
    """Sent on Monday, returned on Tuesday, due on Friday."""
    User.objects.update(digest=User.Digest.WEEKLY)
    Deadline.objects.filter(campaign_year=year, stage="registration").update(due_on=date(2025, 12, 12))
    told = {}
    for number in range(5, 13):
        day = date(2025, 12, number)
        with clock.at(moment(day, 9)), commit():
            write_digests()
        found = Notice.objects.filter(user=clerk, day=day).values_list("what", flat=True)
        if found:
            told[number] = list(found)
        with clock.at(moment(day, 14)):
            if number == 8:
                send(year, clerk)
            if number == 9:
                registration = year.registrations.get(person=clerk.person)
                send_back(registration, by=head, comment="Ghi rõ chỉ tiêu", version=registration.version)
    assert told == {8: ["Đăng ký thi đua của tôi"], 11: ["Đăng ký thi đua của tôi bị trả lại"]}
    others = Notice.objects.filter(day__gt=date(2025, 12, 8), kind="plan").exclude(user=clerk)
    assert set(others.values_list("stage", flat=True)) <= {"approval"}  # told on Monday, not again


def test_a_preview_leaves_out_who_is_told_weekly_and_has_been_or_will_have_been_told(
    year: CampaignYear, clerk: User, colleague: User, commit: Any
) -> None:
    User.objects.filter(pk=clerk.pk).update(digest=User.Digest.WEEKLY)

    def shown(today: date) -> tuple[date | None, bool, bool]:
        with clock.at(moment(today, 14)):
            found = preview(ReminderPlan.objects.get(stage="registration"))
        who = {one.user for one in found.told}
        return found.day, clerk in who, colleague in who

    assert shown(date(2025, 12, 6)) == (date(2025, 12, 8), True, True)
    for day in (date(2025, 12, 5), date(2025, 12, 8)):
        with clock.at(moment(day)), commit():
            write_digests()
    assert shown(date(2025, 12, 9)) == (date(2025, 12, 12), False, True)
    Deadline.objects.filter(campaign_year=year, stage="registration").update(due_on=date(2025, 12, 19))
    assert shown(date(2025, 12, 13)) == (date(2025, 12, 18), False, True)
