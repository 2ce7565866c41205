"""Letters of the campaigns."""

from django.urls import reverse

from campaigns.models import Campaign, CampaignYear, Extension, Registration, Stage
from campaigns.queries import deadline_of
from core.models import Entry
from core.outbox import post
from organization import roles
from organization.models import Appointment, User
from organization.queries import users_heading, users_with_role


def launched(campaign: Campaign) -> None:
    """To every account: what was launched, until when to register, what to do next; heads get their own wording.

    Of an index only the units that it scores are told, when their sheets are opened.
    """
    if campaign.is_index:
        return
    year = campaign.years.exclude(state=CampaignYear.State.CLOSED).order_by("-year").first()
    context = {
        "campaign": campaign,
        "year": year,
        "due_on": deadline_of(year, Stage.REGISTRATION) if year else None,
    }
    link = reverse("campaigns:campaign_detail", args=[campaign.pk])
    everybody = User.objects.filter(is_active=True, person__isnull=False, person__left_on__isnull=True)
    head_ids = Appointment.objects.today().filter(role=roles.HEAD).values("person_id")
    key = f"campaign-launched:{campaign.pk}"
    for is_head, people in [(True, everybody.filter(person__in=head_ids)), (False, everybody)]:
        post(
            "campaigns/launched",
            key,
            to=people.select_related("person"),
            about=campaign,
            link=link,
            context={**context, "is_head": is_head},
        )


def extended(extension: Extension, entry: Entry) -> None:
    """To the heads of the unit that was given more time."""
    post(
        "campaigns/extended",
        f"extended:{entry.pk}",
        to=users_heading(extension.unit),
        about=extension.campaign_year,
        link=reverse("campaigns:year_detail", args=[extension.campaign_year_id]),
        context={"extension": extension},
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
    """The person himself, and whoever sent it."""
    person_user = registration.person.user if registration.person else None
    return [user for user in (person_user, registration.prepared_by) if user and user.is_active]


def _about_registration(kind: str, registration: Registration, entry: Entry, to: object) -> None:
    post(
        f"campaigns/{kind}",
        f"{kind}:{entry.pk}",
        to=to,  # type: ignore[arg-type]
        about=registration,
        link=reverse("campaigns:registration_detail", args=[registration.pk]),
        context={"registration": registration, "year": registration.campaign_year, "entry": entry},
    )
