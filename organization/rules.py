"""Who may do what with units, people and accounts."""

from typing import Any

import rules

from organization import roles
from organization.models import Appointment


@rules.predicate
def is_office(user: Any) -> bool:
    return user.acting.is_(roles.OFFICE)


@rules.predicate
def is_technician(user: Any) -> bool:
    return user.acting.is_(roles.TECHNICIAN)


@rules.predicate
def is_inspector(user: Any) -> bool:
    return user.acting.is_(roles.INSPECTOR)


@rules.predicate
def is_appraiser(user: Any) -> bool:
    return user.acting.is_(roles.APPRAISER) or user.acting.is_(roles.OFFICE)


def speaks_for(user: Any, unit_id: int | None, person: Any) -> bool:
    """Whose papers this user writes: his own, those of his unit and of closed units that it carries on, those of
    colleagues without an account.

    ``person`` is None for a paper of the unit. The journal names who wrote for a colleague. The technician has no say
    in any dossier but his own.
    """
    acting = user.acting
    if person is not None and person.pk == acting.person_id:
        return True
    return (
        not acting.is_(roles.TECHNICIAN)
        and unit_id in acting.units
        and (person is None or person.user_id is None)
    )


# The Office keeps the staff list; the technician looks after accounts and the structure.
rules.add_perm("organization.manage_units", is_office | is_technician)
rules.add_perm("organization.manage_people", is_office | is_technician)
rules.add_perm("organization.manage_accounts", is_technician)
rules.add_perm("organization.appoint", is_office)
rules.add_perm("organization.keep_workdays", is_office)
rules.add_perm("organization.keep_reminders", is_office)


@rules.predicate
def is_own_head(user: Any, unit: Any) -> bool:
    """Heads the unit himself: who only stands in for the head cannot pass the delegation on."""
    return bool(
        unit
        and user.acting.heads(unit.pk)
        and Appointment.objects.today()
        .filter(person_id=user.acting.person_id, role=roles.HEAD, unit=unit, delegated_by__isnull=True)
        .exists()
    )


rules.add_perm("organization.delegate", is_own_head | is_office)
