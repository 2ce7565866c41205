"""Letters about award lists, to the council and the Director."""

from django.urls import reverse

from awards.models import AwardList
from awards.queries import totals
from core.outbox import post
from organization import roles
from organization.models import Unit
from organization.queries import users_heading, users_with_role


def list_settled(award_list: AwardList) -> None:
    whole, per_award = totals(award_list)
    link = reverse("awards:award_list_detail", args=[award_list.pk])
    _tell("list_settled", award_list, link, {"whole": whole, "per_award": per_award})


def list_reopened(award_list: AwardList) -> None:
    """What is open again only the Office reads; why it is stands above the lists."""
    _tell("list_reopened", award_list, reverse("awards:award_list_list"), {})


def _tell(letter: str, award_list: AwardList, link: str, context: dict[str, object]) -> None:
    readers = list(users_with_role(roles.COUNCIL))
    for root in Unit.objects.filter(parent__isnull=True):
        readers += users_heading(root)
    post(
        f"awards/{letter}",
        f"{letter}:{award_list.pk}:{award_list.version}",
        to=readers,
        about=award_list,
        link=link,
        context={"award_list": award_list, **context},
    )
