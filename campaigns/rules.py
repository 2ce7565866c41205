"""Who may do what with campaigns, criteria and registrations."""

from typing import Any

import rules

from campaigns.models import Registration
from core.workflow import Refused
from organization.rules import is_office, speaks_for


@rules.predicate
def is_own(user: Any, registration: Registration | None) -> bool:
    """The person's own registration."""
    return bool(registration and registration.person_id and registration.person_id == user.acting.person_id)


@rules.predicate
def may_write_it(user: Any, registration: Registration | None) -> bool:
    """Himself, anybody of the unit for the unit, and a colleague for somebody without an account."""
    return registration is not None and speaks_for(user, registration.unit_id, registration.person)


@rules.predicate
def prepared_it(user: Any, registration: Registration | None) -> bool:
    return bool(registration and registration.prepared_by_id == user.pk)


@rules.predicate
def heads_the_approving_unit(user: Any, registration: Registration | None) -> bool:
    return bool(
        registration and registration.approving_unit_id and user.acting.heads(registration.approving_unit_id)
    )


@rules.predicate
def nobody_is_above(user: Any, registration: Registration | None) -> bool:
    """The registration of the head of the Sở: no head is above him, so the standing body of the council takes it."""
    return bool(registration and registration.approving_unit_id is None)


# The Office runs the campaigns; everybody else reads what `visible_to` gives.
rules.add_perm("campaigns.manage_campaign", is_office)

may_decide = (heads_the_approving_unit | (nobody_is_above & is_office)) & ~is_own & ~prepared_it
rules.add_perm("campaigns.prepare_registration", may_write_it)
rules.add_perm("campaigns.approve_registration", may_decide)
rules.add_perm("campaigns.reopen_registration", (is_office & ~is_own & ~prepared_it) | may_decide)


def require(permission: str, user: Any, document: Any = None) -> None:
    """Refuse an act outside a procedure's table to whoever may not do it."""
    if not rules.has_perm(permission, user, document):
        raise Refused("Bạn không có quyền làm việc này.")
