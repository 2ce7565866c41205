"""Who may do what with score sheets. Nobody approves or appraises his own; no unit is appraised by its own people."""

from typing import Any

import rules
from django.db.models import QuerySet

from campaigns.models import CampaignYear
from organization import roles
from organization.models import Appointment, Posting
from organization.rules import is_appraiser, is_office, speaks_for
from scoring.models import Line, Scorecard


@rules.predicate
def year_is_open(user: Any, sheet: Scorecard) -> bool:
    return sheet.campaign_year.state == CampaignYear.State.OPEN


@rules.predicate
def is_filler(user: Any, sheet: Scorecard) -> bool:
    """The person himself; for the collective's sheet, or a colleague without an account, anybody of the unit."""
    return speaks_for(user, sheet.unit_id, sheet.person)


@rules.predicate
def is_submitter(user: Any, sheet: Scorecard) -> bool:
    return sheet.submitted_by_id == user.pk


@rules.predicate
def is_subject(user: Any, sheet: Scorecard) -> bool:
    return sheet.person_id is not None and sheet.person_id == user.acting.person_id


@rules.predicate
def heads_approving_unit(user: Any, sheet: Scorecard) -> bool:
    return sheet.approving_unit_id is not None and user.acting.heads(sheet.approving_unit_id)


@rules.predicate
def has_approved(user: Any, sheet: Scorecard) -> bool:
    return sheet.approved_by_id == user.pk


@rules.predicate
def has_appraised(user: Any, sheet: Scorecard) -> bool:
    return sheet.appraised_by_id == user.pk


@rules.predicate
def is_of_same_unit(user: Any, sheet: Scorecard) -> bool:
    return sheet.unit_id in user.acting.units


@rules.predicate
def reads_results_early(user: Any) -> bool:
    """The provisional ranking is for those who prepare or inspect it."""
    return user.acting.is_(roles.OFFICE) or user.acting.is_(roles.INSPECTOR)


@rules.predicate
def appraises_every_row(user: Any, sheet: Scorecard) -> bool:
    """Rows that other units are in charge of go to their appraisers; the Office looks after the whole, and so does an
    appraiser when those rows are done, or of a sheet whose rows are not divided."""
    if user.acting.is_(roles.OFFICE) or not sheet.divides_rows:
        return True
    open_rows = Line.objects.filter(scorecard=sheet).waiting_in_charge()
    return not open_rows.exclude(criterion__in_charge__in=user.acting.units).exists()


@rules.predicate
def has_asked(user: Any, sheet: Scorecard) -> bool:
    """Whoever asked for an explanation looks again; the Office, if he can no more."""
    return user.acting.is_(roles.OFFICE) or sheet.lines.filter(is_flagged=True, flagged_by=user).exists()


@rules.predicate
def office_is_concerned(user: Any, sheet: Scorecard) -> bool:
    """Everybody who acts as the Office today belongs to the sheet's own unit, so that another must stand in."""
    return not unbiased_office(sheet.unit_id).exists()


def unbiased_office(unit_id: int) -> QuerySet[Appointment]:
    here = Posting.objects.current().filter(unit=unit_id).values("person")
    return Appointment.objects.today().filter(role=roles.OFFICE).exclude(person__in=here)


@rules.predicate
def council_is_needed(user: Any, sheet: Scorecard) -> bool:
    return sheet.campaign_year.needs_council


def may_appraise_row(user: Any, sheet: Scorecard, in_charge_id: int | None) -> bool:
    """Whether this appraiser scores a row: one of nobody, one his unit is in charge of, any for the Office or of a
    sheet whose rows are not divided."""
    acting = user.acting
    if not rules.has_perm("scoring.appraise_row", user, sheet):
        return False
    if acting.is_(roles.OFFICE) or not sheet.divides_rows:
        return True
    return in_charge_id is None or in_charge_id in acting.units


concerned = is_subject | is_submitter
impartial = ~concerned & ~has_approved & ~is_of_same_unit

rules.add_perm("scoring.fill_scorecard", year_is_open & is_filler)
rules.add_perm("scoring.withdraw_scorecard", year_is_open & is_submitter)
rules.add_perm("scoring.approve_scorecard", year_is_open & heads_approving_unit & ~concerned)
rules.add_perm("scoring.appraise_row", year_is_open & is_appraiser & impartial)
rules.add_perm("scoring.appraise_scorecard", year_is_open & is_appraiser & impartial & appraises_every_row)
rules.add_perm("scoring.appraise_again", year_is_open & is_appraiser & impartial & has_asked)
rules.add_perm("scoring.ask_for_explanation", year_is_open & is_appraiser & impartial & appraises_every_row)
rules.add_perm("scoring.explain_scorecard", year_is_open & (is_filler | heads_approving_unit))
for_office = ~concerned & ~is_of_same_unit & (is_office | is_appraiser & office_is_concerned)
rules.add_perm("scoring.enter_for_office", year_is_open & for_office)
rules.add_perm("scoring.conclude_scorecard", year_is_open & council_is_needed & for_office)
rules.add_perm("scoring.reopen_published", year_is_open & for_office)
rules.add_perm("scoring.extend", is_office)
rules.add_perm(
    "scoring.reopen_scorecard", year_is_open & is_appraiser & impartial & (is_office | has_appraised)
)
# Publishing, and following a corrected criteria set, concern a whole year at once, never one sheet by its button.
rules.add_perm("scoring.publish_single_scorecard", rules.always_false)
rules.add_perm("scoring.move_single_scorecard", rules.always_false)
rules.add_perm("scoring.open_scorecards", is_office)
rules.add_perm("scoring.move_scorecards", is_office)
rules.add_perm("scoring.publish_results", is_office)
rules.add_perm("scoring.see_provisional_ranking", reads_results_early)
