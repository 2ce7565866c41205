"""Letters of the campaigns."""

from collections.abc import Collection

from django.urls import reverse

from campaigns.models import Campaign, CampaignYear, Extension, Registration, Stage
from campaigns.queries import deadline_of, last_day_for
from campaigns.queries.agenda import registers
from core import clock
from core.models import Entry
from core.outbox import post
from organization import roles
from organization.models import Acting, Unit, User
from organization.queries import readers_of, users_heading, users_with_role
from organization.reminders import everybody as roster_of

ASKING = (Registration.State.WAITING, Registration.State.RETURNED)


def launched(campaign: Campaign) -> None:
    """To every account: what was launched, until when to register, what to do next, by what each of them owes.

    Of an index only the units that it scores are told, when their sheets are opened.
    """
    if campaign.is_index:
        return
    year = campaign.years.exclude(state=CampaignYear.State.CLOSED).order_by("-year").first()
    everybody = User.objects.filter(is_active=True, person__isnull=False, person__left_on__isnull=True)
    acting = {user.pk: user.acting for user in roster_of(clock.today())}
    scored = set(Unit.objects.scored().open().values_list("pk", flat=True))
    parts: dict[str, list[User]] = {}
    for user in everybody.select_related("person"):
        parts.setdefault(_part(acting.get(user.pk), scored), []).append(user)
    for part, people in parts.items():
        post(
            "campaigns/launched",
            f"campaign-launched:{campaign.pk}",
            to=people,
            about=campaign,
            link=reverse("campaigns:campaign_detail", args=[campaign.pk]),
            context={
                "campaign": campaign,
                "year": year,
                "part": part,
                "due": deadline_of(year, Stage.REGISTRATION) if year and part else None,
            },
        )


def _part(acting: Acting | None, scored: Collection[int | None]) -> str:
    """What he owes the campaign, as his first page says it: his unit's registration too, his own, or none."""
    if acting is None or not registers(acting):
        return ""
    return "head" if acting.unit_id in scored and acting.heads(acting.unit_id) else "person"


def extended(extension: Extension, entry: Entry) -> None:
    """To the heads of the unit that was given more time."""
    post(
        "campaigns/extended",
        f"extended:{entry.pk}",
        to=users_heading(extension.unit),
        about=extension.campaign_year,
        link=reverse("campaigns:year_detail", args=[extension.campaign_year_id]),
        context={"extension": extension, "due": extension.until},
    )


def extension_ended(extension: Extension, entry: Entry) -> None:
    """To those who were told that there is more time: the last day of everybody is theirs again."""
    post(
        "campaigns/extension_ended",
        f"extension_ended:{entry.pk}",
        to=users_heading(extension.unit),
        about=extension.campaign_year,
        link=reverse("campaigns:year_detail", args=[extension.campaign_year_id]),
        context={
            "extension": extension,
            "due": deadline_of(extension.campaign_year, Stage(extension.stage)),
        },
    )


def registration_submitted(registration: Registration, entry: Entry) -> None:
    """To whoever decides on it."""
    if registration.approving_unit:
        deciders = users_heading(registration.approving_unit)
    else:
        deciders = users_with_role(roles.OFFICE)
    _about_registration(
        "registration_submitted",
        registration,
        entry,
        [user for user in deciders if user.pk != entry.actor_id],
    )


def registration_returned(registration: Registration, entry: Entry) -> None:
    _about_registration("registration_returned", registration, entry, _preparers(registration))


def registration_approved(registration: Registration, entry: Entry) -> None:
    _about_registration("registration_approved", registration, entry, _preparers(registration))


def _preparers(registration: Registration) -> list[User]:
    """The person himself, and whoever sent it while he may open it."""
    person_user = registration.person.user if registration.person else None
    return readers_of(registration, [person_user, registration.prepared_by], otherwise=registration.unit)


def _about_registration(kind: str, registration: Registration, entry: Entry, to: object) -> None:
    year = registration.campaign_year
    post(
        f"campaigns/{kind}",
        f"{kind}:{entry.pk}",
        to=to,  # type: ignore[arg-type]
        about=registration,
        link=reverse("campaigns:registration_detail", args=[registration.pk]),
        context={
            "registration": registration,
            "year": year,
            "entry": entry,
            "due": last_day_for(year, Stage.REGISTRATION, registration.unit_id)
            if registration.state in ASKING
            else None,
        },
    )
