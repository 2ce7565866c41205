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


@rules.predicate
def heads_the_agency(user: Any) -> bool:
    return user.acting.heads_the_agency


rules.add_perm("awards.view_bonus", is_office | is_inspector | heads_the_agency)
