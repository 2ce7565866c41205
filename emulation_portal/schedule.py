"""The timetable: what runs when, and why. One page; "Lịch chạy tự động" shows it with its runs.

Beat does two things only: it lets the workers look at this page, and lets them show that they live. What is due is
decided by the ledger (``core.jobs``): each job once for each of its moments, after an outage once for the last one that
was missed. Hours are those of Việt Nam.
"""

from datetime import time, timedelta
from typing import Any

from core.timetable import Job

JOBS = [
    Job(
        "core.tasks.resend_stuck",
        "Gửi tiếp thư còn nằm lại",
        "Thư chưa đi được (máy chủ thư nghỉ, việc nền bị ngắt, hàng đợi mất) được đưa lại khi đến giờ thử lại.",
        every=timedelta(minutes=1),
        counts="thư được đưa lại vào hàng đợi",
    ),
    Job(
        "emulation_portal.tasks.write_digests",
        "Gửi thư nhắc việc",
        "Mỗi ngày làm việc mỗi người nhận nhiều nhất một thư về việc còn nợ; sau sự cố thì được gửi bù.",
        every=timedelta(minutes=10),
        only="thư chỉ được viết từ {begin} đến {end} giờ của ngày làm việc",
        counts="thư nhắc được viết",
    ),
    Job(
        "awards.tasks.judge_outdated",
        "Tính lại khả năng xét",
        "Dữ kiện của đợt bình xét thay đổi, hoặc lần tính trước bị ngắt, thì kết luận được tính lại.",
        every=timedelta(minutes=2),
        counts="kết luận được tính lại",
    ),
    Job(
        "core.tasks.sweep_orphan_files",
        "Dọn tệp tải lên bỏ dở",
        "Tệp tải lên mà một ngày sau vẫn không gắn vào hồ sơ nào thì bị xóa.",
        every=timedelta(hours=6),
        counts="tệp bị xóa",
    ),
    Job(
        "organization.tasks.clear_sessions",
        "Xóa phiên đăng nhập hết hạn",
        "Phiên hết hạn mang dữ liệu cá nhân mà không còn dùng vào việc gì.",
        at=time(1, 30),
    ),
    Job(
        "organization.tasks.disable_idle_accounts",
        "Vô hiệu hóa tài khoản lâu không dùng",
        "Tài khoản không ai dùng trong ACCOUNT_IDLE_DAYS ngày bị đóng; chủ tài khoản nhận thư báo.",
        at=time(2, 0),
        counts="tài khoản bị vô hiệu hóa",
    ),
    Job(
        "core.tasks.trim_runs",
        "Dọn sổ lịch chạy",
        "Mỗi việc giữ 200 lần chạy gần nhất và 200 lần có việc gần nhất; lần lỗi giữ 90 ngày.",
        at=time(2, 30),
        counts="dòng bị xóa",
    ),
]

TICK = 20.0  # seconds
SCHEDULE: dict[str, dict[str, Any]] = {
    # What is due is started. A message that no worker took in time says nothing new: the next one is on its way.
    "timetable": {
        "task": "emulation_portal.tasks.keep_timetable",
        "schedule": TICK,
        "options": {"expires": TICK},
    },
    # A row that only a living broker, beat and worker together keep fresh; /healthz reads it.
    "pulse": {"task": "core.tasks.pulse", "schedule": TICK, "options": {"expires": TICK}},
}
