"""The timetable's ledger: a row is made for each job and planned moment before the job is handed to the workers, so
that two timetables, two workers or a message that comes twice never run it twice, and what was lost is found."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import rules
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction
from django.db.models import F, Max, Q

from core import clock
from core.journal import record
from core.models import JobRun
from core.timetable import Job
from core.workflow import AlreadyDone, Refused, lock

log = logging.getLogger("portal.timetable")
LONGEST = timedelta(
    minutes=5
)  # a run that neither ends nor begins for so long is lost: tasks are stopped before
RETRIES = [timedelta(0), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)]
KEPT, KEPT_FAILURES = 200, timedelta(days=90)  # rows of each job, and of those with work; of failures
OPEN = (JobRun.State.QUEUED, JobRun.State.RUNNING)
HandOver = Callable[[int], Any]


def run_due(jobs: Iterable[Job], hand_over: HandOver) -> int:
    """Hand over every job whose moment has come and that is not in the ledger yet, and those that failed, again."""
    now, handed = clock.now(), 0
    _give_up_lost(now)
    for job in jobs:
        planned = job.planned(now)
        if planned is None:
            continue
        run, is_new = JobRun.objects.get_or_create(
            job=job.task, planned_at=planned, defaults={"queued_at": now}
        )
        if is_new or _again(run, now):
            hand_over(run.pk)
            handed += 1
    return handed


def carry_out(run_id: int) -> None:
    """Run the job of this row, if nobody else does, and write down what came of it."""
    waiting = JobRun.objects.filter(pk=run_id, state=JobRun.State.QUEUED)
    if not waiting.update(state=JobRun.State.RUNNING, started_at=clock.now(), attempts=F("attempts") + 1):
        return
    run = JobRun.objects.get(pk=run_id)
    try:
        if run.job not in current_app.tasks:
            current_app.loader.import_default_modules()  # this process is no worker
        result = current_app.tasks[run.job]()
    except Exception as error:  # whatever it is, the technician is told
        log.exception("job %s failed", run.job)
        _close(run, JobRun.State.FAILED, error=_words(error))
    else:
        _close(run, JobRun.State.DONE, note="" if result is None else str(result))


@transaction.atomic
def run_now(job: Job, hand_over: HandOver, *, by: Any) -> JobRun:
    """Somebody does not want to wait for the next moment."""
    if not rules.has_perm("timetable.run", by):
        raise Refused("Chỉ quản trị kỹ thuật cho chạy việc tự động.")
    now = clock.now()
    latest = JobRun.objects.filter(job=job.task).first()
    if latest is None:
        latest, _ = JobRun.objects.get_or_create(
            job=job.task, planned_at=job.planned(now) or now, defaults={"queued_at": now, "asked_by": by}
        )
    else:
        lock(latest)  # two who press together stand in line here
        if JobRun.objects.filter(job=job.task, state__in=OPEN, queued_at__gt=now - LONGEST).exists():
            raise AlreadyDone(f"Việc “{job.title}” đang chờ chạy hoặc đang chạy.")
        latest = JobRun.objects.create(job=job.task, planned_at=now, queued_at=now, asked_by=by)
    record(latest, "run_now", by=by, label=f"Cho chạy ngay: {job.title}")
    run_id = latest.pk
    transaction.on_commit(lambda: hand_over(run_id))
    return latest


def latest_runs(jobs: Iterable[Job]) -> dict[str, dict[str, JobRun | None]]:
    """Of each job its newest run, its newest success and its newest failure."""
    names = [job.task for job in jobs]
    found: dict[str, dict[str, JobRun | None]] = {
        name: {"latest": None, "done": None, "failed": None} for name in names
    }
    rows = JobRun.objects.filter(job__in=names).order_by()
    newest = {
        "latest": rows.values("job").annotate(newest=Max("planned_at")),
        "done": rows.filter(state=JobRun.State.DONE).values("job").annotate(newest=Max("planned_at")),
        "failed": rows.failed().values("job").annotate(newest=Max("planned_at")),
    }
    for kind, groups in newest.items():
        moments = {row["job"]: row["newest"] for row in groups}
        for run in rows.filter(planned_at__in=set(moments.values())).select_related("asked_by__person"):
            if moments.get(run.job) == run.planned_at:
                found[run.job][kind] = run
    return found


def trim() -> int:
    """Old rows go: of every job the newest stay, and the newest that did something; failures for three months."""
    gone = 0
    kept_failure = Q(failed_at__gt=clock.now() - KEPT_FAILURES)
    for name in JobRun.objects.order_by("job").values_list("job", flat=True).distinct():
        rows = JobRun.objects.filter(job=name)
        newest, worked = rows.values("pk")[:KEPT], rows.with_work().values("pk")[:KEPT]
        kept = [row["pk"] for some in (newest, worked) for row in some]
        gone += rows.exclude(kept_failure).exclude(pk__in=kept).delete()[0]
    return gone


def _give_up_lost(now: datetime) -> None:
    lost = now - LONGEST
    for state, began, words in (
        (JobRun.State.QUEUED, "queued_at", "Lời gọi bị mất: hàng đợi hoặc việc nền đã ngừng."),
        (JobRun.State.RUNNING, "started_at", "Bị ngắt giữa chừng: việc nền đã ngừng."),
    ):
        JobRun.objects.filter(state=state, **{f"{began}__lte": lost}).update(
            state=JobRun.State.FAILED, finished_at=now, failed_at=now, error=words
        )


def _again(run: JobRun, now: datetime) -> bool:
    """A run that failed is tried again until its moment is that of the next one, but not for ever."""
    if run.state != JobRun.State.FAILED or run.attempts >= len(RETRIES) or run.finished_at is None:
        return False
    if run.finished_at + RETRIES[run.attempts] > now:
        return False
    same = JobRun.objects.filter(pk=run.pk, state=JobRun.State.FAILED, attempts=run.attempts)
    return bool(same.update(state=JobRun.State.QUEUED, queued_at=now))


def _close(run: JobRun, state: str, *, note: str = "", error: str = "") -> None:
    """A failure stays readable when the next try goes well."""
    now = clock.now()
    mine = JobRun.objects.filter(pk=run.pk, state=JobRun.State.RUNNING, attempts=run.attempts)
    failure = {"failed_at": now, "error": error[:1000]} if error else {}
    mine.update(state=state, finished_at=now, note=note, **failure)


def _words(error: Exception) -> str:
    if isinstance(error, SoftTimeLimitExceeded):
        return "Chạy quá lâu nên bị dừng."
    if isinstance(error, DatabaseError):
        return f"Cơ sở dữ liệu báo lỗi: {error}".strip()
    if isinstance(error, Refused):
        return " ".join(error.reasons)
    if isinstance(error, OSError):
        return f"Không đọc, ghi hoặc kết nối được: {error}"
    return f"Lỗi trong chương trình ({type(error).__name__}: {error}); chi tiết ở nhật ký máy chủ."
