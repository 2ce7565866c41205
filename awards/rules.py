"""Who may do what with award lists."""

from typing import Any

import rules

from awards.models import Initiative
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

# --- facts by hand, holds: who reads them is asked by ``visible_to`` ---------------------------------------
rules.add_perm("awards.keep_facts", is_office)
rules.add_perm("awards.place_hold", is_office)


@rules.predicate
def heads_the_agency(user: Any) -> bool:
    return user.acting.heads_the_agency


rules.add_perm("awards.view_bonus", is_office | is_inspector | heads_the_agency)


# --- initiatives ----------------------------------------------------------------------------------------
@rules.predicate
def works_here(user: Any) -> bool:
    return user.acting.unit_id is not None


@rules.predicate
def is_author_or_writer(user: Any, initiative: Initiative) -> bool:
    """Asked by every button of a page: the authors are read once and kept with it."""
    person_id = user.acting.person_id
    return initiative.prepared_by_id == user.pk or (
        person_id is not None and any(one.person_id == person_id for one in initiative.authors.all())
    )


@rules.predicate
def is_author(user: Any, initiative: Initiative) -> bool:
    person_id = user.acting.person_id
    return person_id is not None and any(one.person_id == person_id for one in initiative.authors.all())


rules.add_perm("awards.start_initiative", works_here)
rules.add_perm("awards.prepare_initiative", is_author_or_writer)
rules.add_perm("awards.decide_initiative", is_office & ~is_author)
rules.add_perm("awards.enter_initiative", is_office)
