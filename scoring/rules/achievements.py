"""Who may do what with achievements and evidence. Nobody decides on his own matter."""

from typing import Any

import rules

from core.journal import history_of
from organization.rules import is_office, speaks_for
from scoring.models import Achievement, EvidenceDocument

WRITING = ("start", "save", "submit", "add_evidence", "remove_evidence")


def writers_of(achievement: Achievement) -> set[int]:
    """The accounts that had a hand in its text. What a person writes for himself, nobody else may touch."""
    person = achievement.person
    if person and person.user_id:
        return {achievement.prepared_by_id}
    version, known = achievement.__dict__.get("_writers", (None, set()))
    if version != achievement.version:
        lines = history_of(achievement).filter(verb__in=WRITING, actor__isnull=False).order_by()
        known = {achievement.prepared_by_id, *lines.values_list("actor_id", flat=True)}
        achievement.__dict__["_writers"] = (achievement.version, known)  # asked by every button of the page
    return known


@rules.predicate
def is_reporter(user: Any, achievement: Achievement) -> bool:
    """The person himself; for a collective achievement, or a colleague without an account, everybody of the unit."""
    return speaks_for(user, achievement.unit_id, achievement.person)


@rules.predicate
def heads_approving_unit(user: Any, achievement: Achievement) -> bool:
    return achievement.approving_unit_id is not None and user.acting.heads(achievement.approving_unit_id)


@rules.predicate
def has_a_part_in_it(user: Any, achievement: Achievement) -> bool:
    """Wrote in it, is the person it is about, or shares in it."""
    person_id = user.acting.person_id
    return (
        user.pk in writers_of(achievement)
        or (person_id is not None and achievement.person_id == person_id)
        or any(one.person_id == person_id for one in achievement.co_authors.all())
    )


@rules.predicate
def uploaded_it_or_heads_unit(user: Any, document: EvidenceDocument) -> bool:
    return document.uploaded_by_id == user.pk or user.acting.heads(document.unit_id)


@rules.predicate
def has_a_place(user: Any) -> bool:
    """Works somewhere in the Sở today."""
    return user.acting.unit_id is not None


rules.add_perm("scoring.report_achievement", has_a_place)
rules.add_perm("scoring.prepare_achievement", is_reporter)
rules.add_perm("scoring.decide_achievement", heads_approving_unit & ~has_a_part_in_it)
rules.add_perm("scoring.reopen_achievement", (heads_approving_unit | is_office) & ~has_a_part_in_it)
rules.add_perm("scoring.upload_evidence", has_a_place)
rules.add_perm("scoring.share_evidence", uploaded_it_or_heads_unit)
rules.add_perm("scoring.delete_evidence", uploaded_it_or_heads_unit)
