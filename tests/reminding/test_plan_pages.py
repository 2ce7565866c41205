"""The Office changes a plan; before that it sees whom it reaches, when, and with which words."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignYear, Deadline
from core import clock
from core.journal import history_of
from core.models import Letter, Notice, ReminderPlan
from core.workflow import Refused, Stale
from emulation_portal.reminding import reference
from emulation_portal.reminding.gathering import STAGES
from emulation_portal.reminding.plans import change_plan, preview
from emulation_portal.tasks import write_digests
from organization.models import User
from tests.reminding.test_notices import straight
from tests.reminding.test_planning import DUE, PLANS, moment

ClientOf = Callable[[User], Client]
TYPED = {
    "is_active": "on",
    "before": "6; 2,2 1",
    "after": "1",
    "audience": "heads",
    "intro": "Đề nghị gửi sớm.",
    "head_after": "2",
    "office_after": "",
    "version": "1",
}


@pytest.fixture
def plan(campaign_year: CampaignYear) -> Iterator[ReminderPlan]:
    reference.load(PLANS)
    Deadline.objects.filter(campaign_year=campaign_year).update(due_on=date(2026, 12, 15))
    Deadline.objects.filter(campaign_year=campaign_year, stage="registration").update(due_on=DUE)
    with clock.at(moment(date(2025, 12, 3))):
        yield ReminderPlan.objects.get(stage="registration")


@pytest.fixture
def address(plan: ReminderPlan) -> str:
    return reverse("reminder_plan", args=[plan.stage])


def test_the_preview_is_what_is_sent(plan: ReminderPlan, clerk: User) -> None:
    seen = preview(plan, reader=clerk.pk)
    assert seen.day == date(2025, 12, 8)
    with clock.at(moment(date(2025, 12, 8))):
        write_digests()
    assert [one.user.pk for one in seen.told] == sorted(
        Letter.objects.values_list("recipient", flat=True), key=[one.user.pk for one in seen.told].index
    )
    assert len(seen.told) == Letter.objects.count() == 12
    letter = Letter.objects.get(recipient=clerk)
    assert seen.text == f"{letter.subject}\n\n{straight(letter.body)}"


def test_the_plan_is_changed_on_its_page(
    plan: ReminderPlan, address: str, office: User, client_of: ClientOf
) -> None:
    client = client_of(office)
    html = client.get(address).content.decode()
    assert "Thứ Hai 08/12/2025" in html
    assert "gửi 12 thư" in html
    tried = client.post(address, {**TYPED, "preview": "1"})
    assert tried.status_code == 200
    assert "Thứ Sáu 05/12/2025" in tried.content.decode()
    assert "Đề nghị gửi sớm." in tried.content.decode()
    plan.refresh_from_db()
    assert plan.version == 1
    assert client.post(address, TYPED).status_code == 302
    plan.refresh_from_db()
    assert (plan.before, plan.after, plan.office_after, plan.version) == ([6, 2, 1], [1], None, 2)
    line = history_of(plan).get()
    assert "nhắc trước hạn" in line.label
    assert line.data["before"]["before"] == [5, 1]
    stale = client.post(address, {**TYPED, "intro": "Khác"})
    assert stale.status_code == 422
    assert "Khác" in stale.content.decode()
    assert client.post(address, {**TYPED, "intro": "Khác", "version": "2"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"before": "bảy"}, "Nhập các số ngày làm việc từ 0 đến 60"),
        ({"before": "99"}, "Nhập các số ngày làm việc"),
        ({"after": "0"}, "từ 1 đến 60"),
        ({"before": "1,2,3,4,5,6,7,8,9,10,11"}, "Nhiều nhất 10 lần nhắc"),
        ({"head_after": "0"}, "hoặc để trống"),
        ({"head_after": "5", "office_after": "2"}, "cùng lúc hoặc sau thủ trưởng"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(
    typed: dict[str, str], sentence: str, address: str, office: User, client_of: ClientOf
) -> None:
    answer = client_of(office).post(address, {**TYPED, **typed})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert sentence in html
    assert all(f'value="{value}"' in html for value in typed.values())


def test_only_the_office_keeps_plans(
    plan: ReminderPlan, address: str, cast: Any, client_of: ClientOf
) -> None:
    for part in ("clerk", "head", "inspector", "technician", "director"):
        for page in (address, reverse("reminder_plans")):
            assert client_of(cast[part]).get(page).status_code == 404, part
    facts = {name: getattr(plan, name) for name in ("is_active", "before", "after", "audience", "intro")}
    facts |= {"head_after": None, "office_after": None, "is_compulsory": True}
    with pytest.raises(Refused):
        change_plan(plan, facts=facts, version=1, by=cast["clerk"])
    with pytest.raises(Stale):
        change_plan(plan, facts=facts, version=7, by=cast["office"])


def test_a_stage_that_nothing_uses_is_not_shown(
    plan: ReminderPlan, office: User, client_of: ClientOf
) -> None:
    ReminderPlan.objects.create(stage="celebration", name="Lễ trao thưởng", before=[1])
    assert "celebration" not in STAGES
    html = client_of(office).get(reverse("reminder_plans")).content.decode()
    assert "Tự chấm điểm" in html
    assert "Trình hồ sơ đề nghị khen thưởng" in html
    assert "Lễ trao thưởng" not in html
    assert client_of(office).get(reverse("reminder_plan", args=["celebration"])).status_code == 404
    assert "chưa được Văn phòng Sở xác nhận" in html


def test_a_plan_without_days_to_come_says_so(
    plan: ReminderPlan, address: str, office: User, client_of: ClientOf
) -> None:
    with clock.at(moment(DUE + timedelta(days=30))):
        html = client_of(office).get(address).content.decode()
    assert "Không còn lần nhắc nào" in html
    assert not Notice.objects.exists()


def test_the_page_costs_as_much_for_few_as_for_many(
    plan: ReminderPlan, address: str, office: User, client_of: ClientOf, assert_same_queries: Any
) -> None:
    people = list(User.objects.exclude(pk=office.pk))
    User.objects.exclude(pk=office.pk).update(is_active=False)

    def grow() -> None:
        User.objects.filter(pk__in=[one.pk for one in people]).update(is_active=True)

    assert_same_queries(client_of(office), address, grow)
