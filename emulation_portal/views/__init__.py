"""Pages of the roof: the first page, health, letters, timetable, errors."""

from emulation_portal.views.errors import not_found, refused, server_error
from emulation_portal.views.health import health
from emulation_portal.views.home import home
from emulation_portal.views.letters import letter_detail, letter_list, letter_resend, letter_resend_all
from emulation_portal.views.timetable import timetable, timetable_job, timetable_letter, timetable_run

__all__ = [
    "health",
    "home",
    "letter_detail",
    "letter_list",
    "letter_resend",
    "letter_resend_all",
    "not_found",
    "refused",
    "server_error",
    "timetable",
    "timetable_job",
    "timetable_letter",
    "timetable_run",
]
