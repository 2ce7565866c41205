"""The page "Lịch chạy tự động": every job, why, when next, what its last runs came to."""

from collections.abc import Callable
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core import clock
from core.jobs import latest_runs, run_now
from core.listing import Column, Listing, list_response
from core.models import JobRun, JobRunQuerySet, Pulse
from core.tasks import hand_over_run
from core.timetable import Job
from core.vietnamese import format_moment
from core.views import perform
from emulation_portal.mails import test_letter
from emulation_portal.schedule import JOBS
from organization.views.pages import permitted

READ, RUN = "timetable.read", "timetable.run"
COLOURS = {"queued": "yellow", "running": "yellow", "done": "green", "failed": "red"}
KINDS: dict[str, tuple[str, Callable[[JobRunQuerySet], JobRunQuerySet]]] = {
    "": ("Có việc hoặc lỗi", lambda runs: runs.telling()),
    "loi": ("Lỗi", lambda runs: runs.failed()),
    "viec": ("Có việc", lambda runs: runs.with_work()),
    "tat-ca": ("Tất cả", lambda runs: runs),
}


def _state(run: JobRun) -> str:
    words = str(JobRun.State(run.state).label)
    return f"{words}, lần thử {run.attempts}" if run.attempts > 1 else words


def _trouble(run: JobRun) -> str:
    if not run.failed_at:
        return ""
    return f"{format_moment(run.failed_at)}: {run.error}"


def _listing(job: Job) -> Listing:
    return Listing(
        title=job.title,
        columns=[
            Column("Dự định lúc", lambda run: run.planned_at, width=18),
            Column("Tình trạng", _state, badge=lambda run: COLOURS[run.state], width=20),
            Column("Bắt đầu", lambda run: run.started_at, width=18, hide_on_phone=True),
            Column("Xong", lambda run: run.finished_at, width=18, hide_on_phone=True),
            Column("Kết quả", lambda run: job.told(run.note), width=30),
            Column("Lần lỗi gần nhất", _trouble, width=50),
            Column("Ai cho chạy", lambda run: run.asked_by.display_name if run.asked_by else "", width=24),
        ],
        order=("-planned_at",),
        empty="Chưa có lần chạy nào như vậy.",
    )


RUNS = {job.code: _listing(job) for job in JOBS}


@permitted(READ)
def timetable(request: HttpRequest) -> HttpResponse:
    now, runs = clock.now(), latest_runs(JOBS)
    rows = [{"job": job, "next": job.next_after(now), **_told(job, runs[job.task])} for job in JOBS]
    context = {
        "rows": rows,
        "pulse": Pulse.objects.filter(name="worker").first(),
        "may_run": rules.has_perm(RUN, request.user),
        "failing": sum(row["is_failing"] for row in rows),
    }
    return render(request, "timetable/timetable.html", context)


@permitted(READ)
def timetable_job(request: HttpRequest, code: str) -> HttpResponse:
    """Its runs, a page after the other: first those that did something or failed, for most find nothing to do."""
    job, asked = _job(code), request.GET.get("xem", "")
    kind = asked if asked in KINDS else ""
    _, narrow = KINDS[kind]
    runs = narrow(JobRun.objects.filter(job=job.task)).select_related("asked_by__person")
    context = {
        "job": job,
        "next": job.next_after(clock.now()),
        "kinds": [(name, label, name == kind) for name, (label, _) in KINDS.items()],
        "may_run": rules.has_perm(RUN, request.user),
    }
    return list_response(request, RUNS[job.code], runs, "timetable/job.html", context)


@require_POST
@permitted(RUN)
def timetable_run(request: HttpRequest, code: str) -> HttpResponse:
    job = _job(code)
    perform(
        request,
        lambda: run_now(job, hand_over_run, by=request.user),
        done=f"Đã giao việc “{job.title}” cho máy việc nền; tải lại trang để xem kết quả.",
    )
    return redirect("timetable_job", code)


@require_POST
@permitted(RUN)
def timetable_letter(request: HttpRequest) -> HttpResponse:
    """A letter to oneself, by the way that all letters go."""
    if not request.user.email:  # type: ignore[union-attr]
        messages.error(request, "Tài khoản của bạn chưa có địa chỉ thư điện tử.")
        return redirect("timetable")
    [letter] = test_letter(request.user)  # type: ignore[arg-type]
    messages.success(request, "Đã viết thư thử; trang này cho biết thư đã đi hay chưa.")
    return redirect("letter_detail", letter.pk)


def _job(code: str) -> Job:
    found = next((job for job in JOBS if job.code == code), None)
    if found is None:
        raise Http404
    return found


def _told(job: Job, runs: dict[str, JobRun | None]) -> dict[str, Any]:
    latest, done, failed = runs["latest"], runs["done"], runs["failed"]
    is_failing = bool(failed and (done is None or failed.planned_at > done.planned_at))
    return {
        **runs,
        "colour": COLOURS[latest.state] if latest else "",
        "note": job.told(done.note) if done else "",
        "is_failing": is_failing,
    }
