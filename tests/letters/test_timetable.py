"""The page "Lịch chạy tự động": what the portal does by itself, and whether it went well."""

from datetime import timedelta
from typing import Any

from django.core import mail
from django.urls import reverse

from core import clock
from core.models import JobRun, Letter
from core.tasks import pulse, trim_runs
from core.vietnamese import format_moment
from emulation_portal.schedule import JOBS
from emulation_portal.tasks import keep_timetable
from organization.models import User

JOB = next(job for job in JOBS if job.code == "disable-idle-accounts")


def page(client: Any, name: str = "timetable", *args: str) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_job_says_what_why_and_when(technician: User, client_of: Any) -> None:
    html = page(client_of(technician))
    for job in JOBS:
        assert job.title in html
        assert job.why in html
        assert job.when in html
    assert html.count("Chưa chạy lần nào") == len(JOBS)
    assert "Việc nền chưa báo lần nào" in html


def test_runs_and_failures_are_told(technician: User, client_of: Any) -> None:
    keep_timetable()
    pulse()
    JobRun.objects.filter(job=JOB.task).update(note="3")
    client = client_of(technician)
    html = page(client)
    assert "3 tài khoản bị vô hiệu hóa" in html
    assert "Việc nền báo còn sống lúc" in html
    assert "việc đang lỗi" not in html
    now = clock.now()
    JobRun.objects.create(
        job=JOB.task,
        planned_at=now,
        failed_at=now,
        state="failed",
        attempts=2,
        error="Bị ngắt giữa chừng: x.",
    )
    html = page(client)
    assert "1 việc đang lỗi" in html
    assert "Bị ngắt giữa chừng: x." in html
    html = page(client, "timetable_job", JOB.code)
    assert "Bị ngắt giữa chừng: x." in html
    assert "lần thử 2" in html
    assert "3 tài khoản bị vô hiệu hóa" in html


def test_a_failure_of_weeks_ago_is_found_among_thousands_of_runs(technician: User, client_of: Any) -> None:
    """Sending again what lies there runs every minute and mostly finds nothing."""
    now, job = clock.now(), next(job for job in JOBS if job.code == "resend-stuck")
    JobRun.objects.bulk_create(
        JobRun(job=job.task, planned_at=now - timedelta(minutes=number), state="done", note="0")
        for number in range(2000)
    )
    long_ago = now - timedelta(days=40)
    broken = {"failed_at": long_ago, "error": "Không kết nối được: x"}
    JobRun.objects.create(job=job.task, planned_at=long_ago, state="done", note="12", **broken)
    JobRun.objects.create(job=job.task, planned_at=now - timedelta(days=3), state="done", note="800")
    trim_runs()
    client, address = client_of(technician), reverse("timetable_job", args=[job.code])
    seen = {
        kind: client.get(address, {"xem": kind}).context["list"].total
        for kind in ("", "loi", "viec", "tat-ca", "x")
    }
    assert seen == {"": 2, "loi": 1, "viec": 2, "tat-ca": 202, "x": 2}
    html = page(client, "timetable_job", job.code)
    assert f"{format_moment(long_ago)}: Không kết nối được: x" in html
    assert "800 thư được đưa lại vào hàng đợi" in html
    second = client.get(address, {"xem": "tat-ca", "trang": "2"}).context["list"].page
    assert second.number == 2
    assert len(second) == 25
    html = page(client)
    assert f"Lỗi gần nhất {format_moment(long_ago)}" in html  # although it went well since
    assert "việc đang lỗi" not in html
    assert f"{address}?xem=loi" in html


def test_the_page_says_that_digests_wait_for_working_hours(technician: User, client_of: Any) -> None:
    html = page(client_of(technician))
    assert "Mỗi 10 phút; thư chỉ được viết từ 8 đến 17 giờ của ngày làm việc" in html


def test_the_technician_runs_a_job_by_a_press(
    technician: User, client_of: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(technician)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("timetable_run", args=[JOB.code]), follow=True)
    assert "Đã giao việc" in answer.content.decode()
    everything = client.get(reverse("timetable_job", args=[JOB.code]), {"xem": "tat-ca"}).content.decode()
    assert f'data-label="Ai cho chạy">{technician.display_name}</td>' in everything
    assert JobRun.objects.get().state == JobRun.State.DONE


def test_the_office_reads_and_runs_nothing(office: User, client_of: Any) -> None:
    client = client_of(office)
    assert "Chạy ngay" not in page(client)
    assert "Chạy ngay" not in page(client, "timetable_job", JOB.code)
    assert client.post(reverse("timetable_run", args=[JOB.code])).status_code == 404
    assert client.post(reverse("timetable_letter")).status_code == 404
    assert not JobRun.objects.exists()


def test_strangers_find_nothing(clerk: User, inspector: User, client_of: Any) -> None:
    for user in (clerk, inspector):
        client = client_of(user)
        for name, args in [("timetable", []), ("timetable_job", [JOB.code])]:
            assert client.get(reverse(name, args=args)).status_code == 404
    assert client_of(clerk).post(reverse("timetable_run", args=[JOB.code])).status_code == 404


def test_what_is_no_job_is_not_found(technician: User, client_of: Any) -> None:
    client = client_of(technician)
    assert client.get(reverse("timetable_job", args=["khong-co"])).status_code == 404
    assert client.post(reverse("timetable_run", args=["khong-co"])).status_code == 404


def test_the_page_costs_as_many_queries_with_many_runs(
    technician: User, client_of: Any, assert_same_queries: Any
) -> None:
    keep_timetable()

    def grow() -> None:
        for number in range(40):
            for job in JOBS:
                moment = clock.now() + timedelta(hours=number + 1)
                JobRun.objects.create(job=job.task, planned_at=moment, state="done", asked_by=technician)

    client = client_of(technician)
    assert_same_queries(client, reverse("timetable"), grow)
    assert_same_queries(client, reverse("timetable_job", args=[JOB.code], query={"xem": "tat-ca"}), grow)


def test_the_technician_sends_himself_a_letter_by_the_way_of_all_letters(
    technician: User, client_of: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(technician)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("timetable_letter"))
    letter = Letter.objects.get()
    assert answer["Location"] == reverse("letter_detail", args=[letter.pk])
    assert letter.state == Letter.State.SENT
    assert mail.outbox[0].subject == "Thư thử của Cổng Thi đua"
    assert "Đã gửi" in page(client, "letter_detail", str(letter.pk))
    User.objects.filter(pk=technician.pk).update(email="")
    answer = client.post(reverse("timetable_letter"), follow=True)
    assert "chưa có địa chỉ thư" in answer.content.decode()
