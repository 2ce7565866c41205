"""Who may do what on the award floor; loaded at start by ``rules``."""

from awards.rules.notices import (
    Deciders,
    deciders_today,
    is_kept_from,
    is_meant_by_comment,
    left_by_office,
    left_to_level_above,
)
from awards.rules.reviews import holder_of, is_on_its_list, presider_of, seat_of

__all__ = [
    "Deciders",
    "deciders_today",
    "holder_of",
    "is_kept_from",
    "is_meant_by_comment",
    "is_on_its_list",
    "left_by_office",
    "left_to_level_above",
    "presider_of",
    "seat_of",
]
