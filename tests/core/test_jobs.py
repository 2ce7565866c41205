"""The timetable's ledger: each moment once, whatever stops, doubles or fails."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import clock, jobs
from core.models import Entry, JobRun
from core.timetable import Job
from core.workflow import AlreadyDone, Refused
from emulation_portal.schedule import JOBS, SCHEDULE
from emulation_portal.tasks import keep_timetable
from organization.models import User

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NIGHTLY = Job("tests.nightly", "Việc đêm", "Vì cần.", at=time(1, 30), counts="dòng")
MINUTELY = Job("tests.minutely", "Việc phút", "Vì cần.", every=MINUTE)
DAYTIME = Job("tests.daytime", "Việc ngày", "Vì cần.", at=time(8, 0), until=time(17, 0))


def at(text: str) -> datetime:
    """An hour of Việt Nam."""
    return timezone.make_aware(datetime.fromisoformat(text))


class Work:
    """Tasks under the names of the jobs; they note when they ran."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, datetime]] = []
        self.answer: Any = None

    def __call__(self, name: str) -> Any:
        def run() -> Any:
            self.ran.append((name, clock.now()))
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        return run


@pytest.fixture
def work(db: None) -> Iterator[Work]:
    made = Work()
    mine = [NIGHTLY.task, MINUTELY.task, DAYTIME.task]
    for name in mine:
        current_app.tasks[name] = made(name)
    yield made
    for name in mine:
        del current_app.tasks[name]


def tick(moment: datetime, *given: Job, by_worker: bool = True) -> int:
    with clock.at(moment):
        return jobs.run_due(given or (NIGHTLY,), jobs.carry_out if by_worker else lambda run_id: None)


# --- moments -------------------------------------------------------------------------------------------
def test_moments_are_hours_of_viet_nam() -> None:
    before, after = at("2026-03-09T01:29:59"), at("2026-03-09T01:30:00")
    assert NIGHTLY.planned(before) == at("2026-03-08T01:30")
    assert NIGHTLY.planned(after) == after
    assert NIGHTLY.planned(after.astimezone(UTC)) == after  # the server lives in UTC
    assert NIGHTLY.next_after(before) == after
    assert NIGHTLY.next_after(after) == at("2026-03-10T01:30")
    assert MINUTELY.planned(at("2026-03-09T00:00:59")) == at("2026-03-09T00:00")
    assert MINUTELY.next_after(at("2026-03-08T23:59:59")) == at("2026-03-09T00:00")


def test_a_job_of_the_day_is_not_made_up_for_at_night() -> None:
    assert DAYTIME.planned(at("2026-03-09T16:59")) == at("2026-03-09T08:00")
    assert DAYTIME.planned(at("2026-03-09T17:01")) is None
    assert DAYTIME.planned(at("2026-03-10T03:00")) is None
    assert DAYTIME.planned(at("2026-03-10T08:00")) == at("2026-03-10T08:00")


def test_moments_are_told() -> None:
    assert [NIGHTLY.when, MINUTELY.when, DAYTIME.when] == [
        "Hằng ngày lúc 01:30",
        "Mỗi phút",
        "Hằng ngày lúc 08:00, chậm nhất 17:00",
    ]
    assert Job("x", "", "", every=timedelta(hours=6)).when == "Mỗi 6 giờ"
    assert Job("x", "", "", every=MINUTE, only="chỉ ban ngày").when == "Mỗi phút; chỉ ban ngày"
    assert (NIGHTLY.told("3"), NIGHTLY.told("0"), NIGHTLY.told("Xong.")) == ("3 dòng", "", "Xong.")


# --- runs ----------------------------------------------------------------------------------------------
def test_two_timetables_and_a_clock_past_midnight_run_a_job_once_a_day(work: Work) -> None:
    moment = at("2026-03-08T23:50")
    tick(moment)  # the night before
    work.ran.clear()
    while moment < at("2026-03-09T02:00"):
        moment += timedelta(seconds=20)
        tick(moment)
        tick(moment)
    assert work.ran == [(NIGHTLY.task, at("2026-03-09T01:30"))]


def test_after_days_without_a_worker_a_job_runs_once_at_once(work: Work) -> None:
    tick(at("2026-03-09T01:30"))
    back = at("2026-03-12T09:14")
    for _ in range(3):
        tick(back, NIGHTLY, MINUTELY)
    assert work.ran[1:] == [(NIGHTLY.task, back), (MINUTELY.task, back)]
    tick(at("2026-03-13T01:30"))
    assert len(work.ran) == 4


def test_a_message_that_comes_twice_runs_a_job_once(work: Work) -> None:
    tick(at("2026-03-09T01:30"), by_worker=False)
    run = JobRun.objects.get()
    for _ in range(3):
        jobs.carry_out(run.pk)
    assert len(work.ran) == 1
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobRun.State.DONE, 1)


def test_a_message_that_is_lost_is_sent_again(work: Work) -> None:
    begin = at("2026-03-09T01:30")
    tick(begin, by_worker=False)
    assert tick(begin + 4 * MINUTE, by_worker=False) == 0
    assert tick(begin + 5 * MINUTE) == 1
    assert len(work.ran) == 1


def test_a_run_whose_worker_died_is_run_again(work: Work) -> None:
    begin = at("2026-03-09T01:30")
    tick(begin, by_worker=False)
    JobRun.objects.update(state=JobRun.State.RUNNING, started_at=begin, attempts=1)
    assert tick(begin + 6 * MINUTE) == 0
    run = JobRun.objects.get()
    assert (run.state, "Bị ngắt giữa chừng" in run.error) == (JobRun.State.FAILED, True)
    assert tick(begin + 12 * MINUTE) == 1
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobRun.State.DONE, 2)


def test_a_job_that_fails_is_tried_again_less_and_less_often(work: Work) -> None:
    work.answer = ValidationError("x")
    moment = at("2026-03-09T01:30")
    while moment < at("2026-03-09T23:00"):
        tick(moment)
        moment += MINUTE
    waits = [later - earlier for (_, earlier), (_, later) in zip(work.ran, work.ran[1:], strict=False)]
    assert waits == [5 * MINUTE, 30 * MINUTE, 2 * HOUR]
    run = JobRun.objects.get()
    assert run.state == JobRun.State.FAILED
    assert "ValidationError" in run.error
    work.answer = 4
    tick(at("2026-03-10T01:30"))
    assert JobRun.objects.first().note == "4"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SoftTimeLimitExceeded(), "quá lâu"),
        (ConnectionRefusedError("no"), "kết nối"),
        (Refused("Chưa mở đợt."), "Chưa mở đợt."),
        (KeyError("x"), "Lỗi trong chương trình (KeyError"),
    ],
)
def test_failures_are_told_in_words(error: Exception, words: str, work: Work) -> None:
    work.answer = error
    tick(at("2026-03-09T01:30"))
    assert words in JobRun.objects.get().error


def test_a_failure_that_comes_late_does_not_overwrite_what_another_worker_did(work: Work) -> None:
    tick(at("2026-03-09T01:30"), by_worker=False)
    run = JobRun.objects.get()

    def slow() -> None:
        JobRun.objects.update(state=JobRun.State.DONE, attempts=2, note="9")
        raise OSError("late")

    current_app.tasks[NIGHTLY.task] = slow
    jobs.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, run.note, run.error) == (JobRun.State.DONE, "9", "")


def test_old_rows_go_and_failures_stay_for_three_months(work: Work) -> None:
    now, runs = clock.now(), []
    for number in range(3000):
        run = JobRun(job="a", planned_at=now - number * HOUR, state="done", note="0")
        if number % 100 == 50:  # every other one went well when it was tried again
            run.state, run.failed_at = "failed" if number % 200 == 50 else "done", run.planned_at
        runs.append(run)
    JobRun.objects.bulk_create(runs)
    JobRun.objects.create(job="b", planned_at=now - 400 * DAY, state="done")
    assert jobs.trim() == 3000 - 200 - 20  # the failures of hours 250 to 2150 fall into ninety days
    assert jobs.trim() == 0
    assert JobRun.objects.filter(job="b").exists()


def test_runs_that_did_something_stay_among_thousands_that_did_not(work: Work) -> None:
    """A job of every minute: what it did a month ago is still told."""
    now = clock.now()
    JobRun.objects.bulk_create(
        JobRun(
            job="a",
            planned_at=now - number * HOUR,
            state="done",
            note="7" if number % 10 == 5 else "0" if number % 2 else "",
        )
        for number in range(2500)
    )
    assert jobs.trim() == 2500 - 200 - 180  # two hundred with work, twenty of them among the newest
    assert JobRun.objects.with_work().count() == 200
    assert jobs.trim() == 0


def test_a_failure_stays_known_when_the_next_try_goes_well(work: Work) -> None:
    work.answer = ConnectionRefusedError("no")
    begin = at("2026-03-09T01:30")
    tick(begin)
    assert jobs.latest_runs([NIGHTLY])[NIGHTLY.task]["failed"].failed_at == begin  # type: ignore[union-attr]
    work.answer = 3
    tick(begin + 6 * MINUTE)
    run = JobRun.objects.failed().get()
    assert (run.state, run.note, run.failed_at) == (JobRun.State.DONE, "3", begin)
    assert "kết nối" in run.error


# --- now -----------------------------------------------------------------------------------------------
def test_the_technician_runs_a_job_at_once_and_the_journal_says_so(
    work: Work, technician: User, django_capture_on_commit_callbacks: Any
) -> None:
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            jobs.run_now(NIGHTLY, jobs.carry_out, by=technician)
    assert len(work.ran) == 2
    assert set(JobRun.objects.values_list("asked_by", "state")) == {(technician.pk, "done")}
    lines = Entry.objects.filter(verb="run_now")
    assert [line.label for line in lines] == ["Cho chạy ngay: Việc đêm"] * 2


def test_what_waits_or_runs_is_not_run_twice(work: Work, technician: User) -> None:
    jobs.run_now(NIGHTLY, jobs.carry_out, by=technician)
    with pytest.raises(AlreadyDone):
        jobs.run_now(NIGHTLY, jobs.carry_out, by=technician)
    assert JobRun.objects.count() == 1


def test_others_run_nothing(work: Work, office: User, clerk: User) -> None:
    for user in (office, clerk):
        with pytest.raises(Refused):
            jobs.run_now(NIGHTLY, jobs.carry_out, by=user)
    assert not JobRun.objects.exists()


# --- the page of code ----------------------------------------------------------------------------------
def test_every_job_of_the_timetable_is_a_task_with_a_reason(cast: dict[str, User]) -> None:
    current_app.loader.import_default_modules()
    assert len({job.code for job in JOBS}) == len(JOBS)
    for job in JOBS:
        assert job.task in current_app.tasks, job.task
        assert job.why.endswith("."), job.title
        assert (job.every is None) is not (job.at is None)
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(current_app.tasks)


def test_the_timetable_runs_all_of_its_jobs(cast: dict[str, User]) -> None:
    with clock.at(clock.now()):  # the minute does not turn in between
        assert keep_timetable() == len(JOBS)
        assert list(JobRun.objects.exclude(state="done").values_list("job", "error")) == []
        assert keep_timetable() == 0
