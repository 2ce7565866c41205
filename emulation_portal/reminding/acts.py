"""The letters of acts in a round or a review: launched, more time given, returned, approved, nominated, decided."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from awards.models import AwardList, BallotBox, Honour, Review
from campaigns.models import Campaign, CampaignYear
from core.models import Letter
from scoring.models import Achievement


def letters_about(whole: CampaignYear | Review) -> QuerySet[Letter]:
    """Without the reminders, which have rows of their own; what is private of them, ``visible_to`` leaves out."""
    wanted = Q()
    for rows in _documents(whole):
        wanted |= Q(target_type=rows.model._meta.label_lower, target_id__in=rows.order_by().values("pk"))
    return Letter.objects.filter(wanted).exclude(kind__startswith="reminders/")


def _documents(whole: CampaignYear | Review) -> Iterator[QuerySet[Any]]:
    if isinstance(whole, Review):
        yield Review.objects.filter(pk=whole.pk)
        yield from (
            whole.proposals.all(),
            whole.nominations.all(),
            whole.sessions.all(),
            whole.decisions.all(),
        )
        yield BallotBox.objects.filter(session__review=whole)
        yield Honour.objects.filter(entry__decision__review=whole)
        return
    yield Campaign.objects.filter(pk=whole.campaign_id)
    yield CampaignYear.objects.filter(pk=whole.pk)
    yield from (whole.registrations.all(), whole.scorecards.all(), whole.publications.all())
    yield Achievement.objects.filter(campaign_year=whole)
    yield AwardList.objects.filter(campaign_year=whole)
