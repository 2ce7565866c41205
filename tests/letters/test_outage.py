"""The mail server is away for an hour, minute by minute: nobody is asked too often, and everything arrives once."""

from collections import Counter
from datetime import timedelta
from typing import Any

from core import clock
from core.models import Letter
from core.outbox import post
from core.tasks import resend_stuck
from organization.models import User
from tests.core.test_outbox import Talking

MINUTE = timedelta(minutes=1)


def test_an_hour_without_a_mail_server(cast: dict[str, User], settings: Any) -> None:
    begin, people = clock.now(), list(cast.values())
    settings.EMAIL_BACKEND = "tests.core.test_outbox.DownServer"
    post("account_idle", "outage", to=people, about=people[0], link="", context={"days": 45})
    Letter.objects.update(queued_at=None)
    for minute in range(60):
        with clock.at(begin + minute * MINUTE):
            resend_stuck()
    tries = Letter.objects.values_list("attempts", flat=True)
    assert set(tries) <= {4, 5}  # after 0, 1, 6, 21 and 51 minutes, more or less
    assert set(Letter.objects.values_list("state", flat=True)) == {"waiting"}

    settings.EMAIL_BACKEND = "tests.core.test_outbox.Talking"
    Talking.opened, Talking.taken = 0, []
    for minute in range(60, 60 + 75):
        with clock.at(begin + minute * MINUTE):
            resend_stuck()
    assert Counter(Letter.objects.values_list("state", flat=True)) == {"sent": len(people)}
    copies = Counter(message.extra_headers["Message-ID"] for message in Talking.taken)
    assert set(copies.values()) == {1}
    assert len(copies) == len(people)
    assert not Letter.objects.filter(may_be_double=True).exists()
