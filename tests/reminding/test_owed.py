"""What reminders say somebody owes is what his first page says, for everybody and in a fixed number of questions."""

from collections import Counter
from datetime import date, timedelta

from awards.models import Complaint, Review
from awards.queries.agenda import tasks_of as review_tasks
from awards.queries.answers import tasks_of as answer_tasks
from campaigns.actions.registrations import save, start, submit
from campaigns.models import CampaignYear, Deadline, Extension
from campaigns.queries import open_calendar
from campaigns.queries import tasks_of as campaign_tasks
from core import clock
from core.agenda import Task
from emulation_portal.reminding.gathering import STAGES, gather
from organization.models import Appointment, User
from scoring.actions.sheets import open_sheets
from scoring.models import Line, Scorecard
from scoring.queries import tasks_of as scoring_tasks
from tests.trust.conftest import World, world  # noqa: F401


def on_first_pages() -> dict[str, Counter[Task]]:
    """What waits for everybody with an account and has a stage."""
    calendar = open_calendar()
    found = {}
    for user in User.objects.filter(is_active=True).select_related("person"):
        tasks = [*campaign_tasks(user, calendar), *scoring_tasks(user, calendar)]
        tasks += [*review_tasks(user), *answer_tasks(user)]
        mine = Counter(task for task in tasks if task.is_waiting_for_me and not _of_the_campaign_itself(task))
        if mine:
            found[user.username] = mine
    return found


def _of_the_campaign_itself(task: Task) -> bool:
    return task.title in {"Chuẩn bị phát động phong trào", "Mở năm thi đua"}


def in_reminders() -> dict[str, Counter[Task]]:
    gathered, found = gather(), dict[str, Counter[Task]]()
    for one in gathered.owed:
        assert one.stage in STAGES
        found.setdefault(gathered.roster.users[one.user_id].username, Counter())[one.task] += 1
    return found


def test_the_cast_owes_what_its_first_pages_say(world: World, cast: dict[str, User]) -> None:  # noqa: F811
    said = on_first_pages()
    assert in_reminders() == said
    assert {task.title for task in said["head"]} >= {"Duyệt đăng ký thi đua", "Thành tích chờ xác nhận"}


def test_every_state_of_a_sheet_waits_for_the_same_people(
    campaign_year: CampaignYear, office: User, cast: dict[str, User]
) -> None:
    open_sheets(campaign_year, by=office)
    clerk, head = cast["clerk"], cast["head"]
    unit = clerk.person.postings.get().unit
    sheets = Scorecard.objects.filter(unit=unit)
    seen = set()
    for place, stage in enumerate(("approval", "appraisal", "explanation", "second", "council")):
        Extension.objects.create(
            campaign_year=campaign_year, stage=stage, unit=unit, reason="Bão", given_by=office,
            until=date(2027, 2, 1 + place),
        )  # fmt: skip
    for kind in ("thematic", "index"):
        type(campaign_year.campaign).objects.update(kind=kind)
        CampaignYear.objects.update(needs_council=kind == "index")
        for state in Scorecard.State.values:
            sheets.update(
                state=state,
                approving_unit=unit,
                submitted_by=clerk,
                approved_by=head if state != "draft" else None,
            )
            for line in Line.objects.filter(scorecard__in=sheets)[:3]:
                Line.objects.filter(pk=line.pk).update(is_flagged=True, flagged_by=cast["appraiser"])
            said = on_first_pages()
            assert in_reminders() == said, (kind, state)
            seen |= {task.title.partition(" năm")[0] for tasks in said.values() for task in tasks}
    assert seen >= {
        "Tự chấm phiếu chấm điểm",
        "Sửa phiếu chấm điểm",
        "Duyệt phiếu chấm điểm",
        "Thẩm định phiếu chấm điểm",
        "Giải trình phiếu chấm điểm",
        "Thẩm định lần 2",
        "Ghi kết luận của Hội đồng",
    }


def test_a_delegate_owes_what_the_head_owes_and_only_while_it_lasts(
    world: World,  # noqa: F811
    head: User,
    deputy: User,
) -> None:
    today = clock.today()
    made = Appointment.objects.create(
        person=deputy.person,
        role="head",
        unit=head.person.postings.get().unit,
        started_on=today,
        ended_on=today,
        delegated_by=head.person,
    )
    assert in_reminders() == on_first_pages()
    decides = [one for one in gather().owed if one.user_id == deputy.pk and one.stage == "approval"]
    assert decides
    Appointment.objects.filter(pk=made.pk).update(
        started_on=today - timedelta(days=9), ended_on=today - timedelta(days=1)
    )
    assert not [one for one in gather().owed if one.user_id == deputy.pk and one.stage == "approval"]


def test_who_has_sent_it_owes_it_no_more(campaign_year: CampaignYear, clerk: User) -> None:
    def owes() -> bool:
        return any(one.user_id == clerk.pk and one.stage == "registration" for one in gather().owed)

    assert owes()
    registration = start(campaign_year, by=clerk)
    item = {"criterion": None, "target": "Một sáng kiến", "quantity": 1, "measure": "sáng kiến"}
    save(registration, by=clerk, pledge="Hoàn thành nhiệm vụ.", items=[item], version=registration.version)
    assert owes()
    submit(registration, by=clerk)
    assert not owes()


def test_a_closed_round_is_owed_by_nobody(world: World) -> None:  # noqa: F811
    assert gather().owed
    CampaignYear.objects.update(state=CampaignYear.State.CLOSED)
    assert all(one.round_id is None for one in gather().owed)  # a review is no round of a campaign
    Review.objects.update(state=Review.State.CLOSED)
    assert {one.stage for one in gather().owed} == {"complaints"}  # a complaint outlives its review
    Complaint.objects.update(state=Complaint.State.WITHDRAWN)
    assert not gather().owed


def test_what_a_locked_round_takes_no_more_is_told_as_locked_and_more_time_counts(
    campaign_year: CampaignYear, office: User, clerk: User
) -> None:
    open_sheets(campaign_year, by=office)
    over = clock.today() - timedelta(days=1)
    Deadline.objects.filter(campaign_year=campaign_year, stage="self_score").update(due_on=over)

    def tasks() -> list[Task]:
        return [one.task for one in gather().owed if one.user_id == clerk.pk and one.stage == "self_score"]

    def dues() -> list[date | None]:
        return [task.due for task in tasks()]

    assert set(dues()) == {over}
    assert "đã khóa vì hết hạn" not in tasks()[0].detail
    CampaignYear.objects.update(locks=True)
    assert set(dues()) == {over}
    assert all("đã khóa vì hết hạn" in task.detail for task in tasks())
    assert in_reminders() == on_first_pages()
    until = clock.today() + timedelta(days=3)
    unit = clerk.person.postings.get().unit
    Extension.objects.create(
        campaign_year=campaign_year, stage="self_score", unit=unit, until=until, reason="Bão", given_by=office
    )
    assert set(dues()) == {until}
    assert "đã khóa vì hết hạn" not in tasks()[0].detail
    assert in_reminders() == on_first_pages()
