"""Pages of the roof: the first page, health, letters, errors."""

from emulation_portal.views.errors import not_found, refused, server_error
from emulation_portal.views.health import health
from emulation_portal.views.home import home
from emulation_portal.views.letters import letter_detail, letter_list, letter_resend

__all__ = [
    "health",
    "home",
    "letter_detail",
    "letter_list",
    "letter_resend",
    "not_found",
    "refused",
    "server_error",
]
