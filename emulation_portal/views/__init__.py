"""Pages of the roof: the first page, health, letters, timetable, errors."""

from emulation_portal.views.bell import bell, calendar_feed
from emulation_portal.views.errors import not_found, refused, server_error
from emulation_portal.views.health import health
from emulation_portal.views.home import home
from emulation_portal.views.letters import (
    letter_bounce,
    letter_detail,
    letter_list,
    letter_resend,
    letter_resend_all,
)
from emulation_portal.views.notices import (
    notice_letters,
    notice_list,
    notice_open,
    notice_paper,
    review_notice_letters,
    review_notice_list,
    review_notice_paper,
    review_remind,
    year_remind,
)
from emulation_portal.views.plans import plan_change, plan_list
from emulation_portal.views.timetable import timetable, timetable_job, timetable_letter, timetable_run

__all__ = [
    "bell",
    "calendar_feed",
    "health",
    "home",
    "letter_bounce",
    "letter_detail",
    "letter_list",
    "letter_resend",
    "letter_resend_all",
    "not_found",
    "notice_letters",
    "notice_list",
    "notice_open",
    "notice_paper",
    "review_notice_letters",
    "review_notice_list",
    "review_notice_paper",
    "review_remind",
    "year_remind",
    "plan_change",
    "plan_list",
    "refused",
    "server_error",
    "timetable",
    "timetable_job",
    "timetable_letter",
    "timetable_run",
]
