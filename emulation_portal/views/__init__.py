"""Pages of the roof: the first page, health, letters, errors."""

from emulation_portal.views.bell import bell, calendar_feed
from emulation_portal.views.errors import not_found, refused, server_error
from emulation_portal.views.health import health
from emulation_portal.views.home import home
from emulation_portal.views.letters import letter_detail, letter_list
from emulation_portal.views.notices import notice_list, notice_paper, year_remind
from emulation_portal.views.plans import plan_change, plan_list

__all__ = [
    "bell",
    "calendar_feed",
    "health",
    "home",
    "letter_detail",
    "letter_list",
    "not_found",
    "notice_list",
    "notice_paper",
    "year_remind",
    "plan_change",
    "plan_list",
    "refused",
    "server_error",
]
