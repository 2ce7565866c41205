"""Who may do what with award lists."""

from typing import Any

import rules

from organization import roles
from organization.rules import is_inspector, is_office


@rules.predicate
def reads_lists(user: Any) -> bool:
    """May open the page of award lists; which lists are on it is asked by ``visible_to``."""
    return bool(user.acting.roles & {roles.OFFICE, roles.INSPECTOR, roles.COUNCIL, roles.HEAD})


rules.add_perm("awards.prepare_list", is_office)
rules.add_perm("awards.view_lists", reads_lists)

# --- the register ---------------------------------------------------------------------------------------
rules.add_perm("awards.keep_register", is_office)

# --- the review -----------------------------------------------------------------------------------------
rules.add_perm("awards.prepare_review", is_office)
rules.add_perm("awards.affirm", is_office)

# --- the annual ratings ---------------------------------------------------------------------------------
rules.add_perm("awards.keep_ratings", is_office)
rules.add_perm("awards.view_ratings", reads_lists)


@rules.predicate
def heads_the_agency(user: Any) -> bool:
    return user.acting.heads_the_agency


rules.add_perm("awards.view_bonus", is_office | is_inspector | heads_the_agency)
