"""The timetable: what runs when, and why."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    # Letters whose delivery was lost (broker away, worker killed) are taken up again.
    "resend stuck letters": {"task": "core.tasks.resend_stuck", "schedule": 60.0},
    # A row that only a living broker, beat and worker together keep fresh; /healthz reads it.
    "pulse": {"task": "core.tasks.pulse", "schedule": 20.0},
    # Who qualifies in a review follows the facts: what has changed since, or was lost with a worker, is judged again.
    "judge outdated reviews": {"task": "awards.tasks.judge_outdated", "schedule": 120.0},
    # Drafts of files that were never attached to anything are removed after a day.
    "sweep orphan files": {"task": "core.tasks.sweep_orphan_files", "schedule": 6 * 60 * 60.0},
    # Expired sessions carry personal data and serve nobody.
    "clear sessions": {"task": "organization.tasks.clear_sessions", "schedule": 24 * 60 * 60.0},
    # Accounts that nobody has used for ACCOUNT_IDLE_DAYS are shut.
    "disable idle accounts": {"task": "organization.tasks.disable_idle_accounts", "schedule": 24 * 60 * 60.0},
    # Everybody is told once a working day what he owes; asked every ten minutes, so that an outage is soon caught up.
    "write digests": {"task": "emulation_portal.tasks.write_digests", "schedule": 10 * 60.0},
}
