"""Letters about score sheets and published results."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from campaigns.models import CampaignYear, CriteriaSet, Stage
from core.models import Entry
from core.outbox import Draft, post, post_each
from organization.models import Person, Posting, User
from organization.queries import readers_of, users_heading
from scoring.models import Publication, Scorecard
from scoring.queries.deadlines import by_last_day, is_over, last_day_of, stage_of
from scoring.queries.sheets import FILLING


def sheets_opened(campaign_year: CampaignYear, sheets: list[Scorecard], entry: Entry) -> None:
    """Each with the last day of his unit; who has sheets of two units is told of the earlier one."""
    for due, of_day in by_last_day(campaign_year, Stage.SELF_SCORE, sheets):
        post(
            "scoring/sheet_opened",
            f"sheets_opened:{entry.pk}",
            to=people_concerned(of_day),
            about=campaign_year,
            link=reverse("scoring:scorecard_list"),
            context={"campaign_year": campaign_year, "due": due},
        )


def sheets_moved(criteria_set: CriteriaSet, sheets: list[Scorecard], entry: Entry) -> None:
    """To everybody whose sheet follows another version of the criteria from now on, with a link to his own or his
    unit's; whose sheet he has to score is told until when."""
    year, drafts = criteria_set.campaign_year, dict[int, Draft]()
    filling = by_last_day(year, Stage.SELF_SCORE, [one for one in sheets if one.state in FILLING])
    for due, part in [*filling, (None, [one for one in sheets if one.state not in FILLING])]:
        context = {"criteria_set": criteria_set, "campaign_year": year, "due": due}
        own = {one.person_id: one for one in part if one.person_id}
        shared = {one.unit_id: one for one in part if not one.person_id}
        places = dict(Posting.objects.current().filter(unit__in=shared).values_list("person_id", "unit_id"))
        for user in people_concerned(part):
            sheet = own.get(user.person.pk) or shared[places[user.person.pk]]
            link = reverse("scoring:scorecard_detail", args=[sheet.pk])
            more = {**context, "fills": sheet.state in FILLING}
            drafts.setdefault(user.pk, Draft(f"sheets_moved:{entry.pk}:{user.pk}", user, year, link, more))
    post_each("scoring/sheets_moved", drafts.values())


def sheet_moved(
    kind: str, sheet: Scorecard, entry: Entry, to: Iterable[Any], *, asks: bool = False, **context: Any
) -> None:
    """A letter about one move of one sheet; ``kind`` names the templates ``emails/scoring/sheet_<kind>``.

    One that ``asks`` something says until when the sheet's next stage takes it.
    """
    if asks:
        stage = stage_of(sheet)
        context |= {"due": last_day_of(sheet, stage), "is_locked": is_over(sheet, stage)}
    post(
        f"scoring/sheet_{kind}",
        f"scorecard:{sheet.pk}:{entry.pk}",
        to=to,
        about=sheet,
        link=reverse("scoring:scorecard_detail", args=[sheet.pk]),
        context={"sheet": sheet, "entry": entry, **context},
    )


def submitted(sheet: Scorecard, entry: Entry) -> None:
    subject, submitter = sheet.person_id, entry.actor_id
    deciders = users_heading(sheet.approving_unit)
    to = [user for user in deciders if user.pk != submitter and user.person.pk != subject]
    sheet_moved("submitted", sheet, entry, to, asks=True)


def returned(sheet: Scorecard, entry: Entry) -> None:
    sheet_moved("returned", sheet, entry, owners(sheet), asks=True)


def approved(sheet: Scorecard, entry: Entry) -> None:
    sheet_moved("approved", sheet, entry, owners(sheet))


def appraised(sheet: Scorecard, entry: Entry) -> None:
    sheet_moved("appraised", sheet, entry, owners(sheet))


def explanation_asked(sheet: Scorecard, entry: Entry) -> None:
    sheet_moved("asked", sheet, entry, owners(sheet), asks=True)


def explained(sheet: Scorecard, entry: Entry) -> None:
    """To those who asked: only they look again."""
    asked = sheet.lines.filter(is_flagged=True).values("flagged_by")
    to = User.objects.filter(pk__in=asked, is_active=True).select_related("person")
    sheet_moved("explained", sheet, entry, to, asks=True)


def reopened(sheet: Scorecard, entry: Entry) -> None:
    sheet_moved("reopened", sheet, entry, owners(sheet))


def results_published(publication: Publication, sheets: list[Scorecard]) -> None:
    place = f"nam={publication.campaign_year_id}&doi-tuong={publication.recipient}"
    _about_results("published", publication, sheets, f"{reverse('scoring:ranking')}?{place}")


def results_withdrawn(publication: Publication, sheets: list[Scorecard]) -> None:
    """The page of publications gives the reason to everybody."""
    _about_results("withdrawn", publication, sheets, reverse("scoring:publication_list"))


def _about_results(kind: str, publication: Publication, sheets: list[Scorecard], address: str) -> None:
    post(
        f"scoring/sheet_{kind}",
        f"publication:{publication.pk}:{kind}",
        to=people_concerned(sheets),
        about=publication,
        link=address,
        context={"publication": publication},
    )


def owners(sheet: Scorecard) -> list[User]:
    """The subject, for a collective's sheet the unit's heads; and whoever submitted it while he may open it."""
    if sheet.person_id:
        found = list(User.objects.filter(person=sheet.person_id).select_related("person"))
    else:
        found = list(users_heading(sheet.unit))
    return readers_of(sheet, [*found, sheet.submitted_by], otherwise=sheet.unit)


def people_concerned(sheets: list[Scorecard]) -> list[User]:
    """The people with a sheet, and for collectives' sheets everybody who works in these units today."""
    people = [sheet.person_id for sheet in sheets if sheet.person_id]
    units = {sheet.unit_id for sheet in sheets if not sheet.person_id}
    staff = Posting.objects.current().filter(unit__in=units).values("person_id")
    chosen = Person.objects.filter(Q(pk__in=people) | Q(pk__in=staff)).values("user_id")
    return list(User.objects.filter(pk__in=chosen, is_active=True).select_related("person"))
