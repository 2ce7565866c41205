"""Two issuers with one number on one day are two decisions, each with a list of its own."""

import json
import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from awards.actions import payments, register
from awards.models import Award, Honour
from awards.queries.bonus import bonus_list, decisions
from awards.queries.payments import balance, paid_by_decision
from awards.queries.recoveries import worth_of
from organization.models import User
from tests.awards.seasons import LABORER, load_law

MERIT, PROVINCE = "certificate_of_merit_individual", "Chủ tịch Ủy ban nhân dân tỉnh"


@pytest.fixture
def given(office: User, cast: dict[str, User]) -> list[Honour]:
    """The Director's titles, he himself spelled in two ways, and the province's certificate."""
    load_law()
    wanted = [
        ("clerk", LABORER, "Giám đốc Sở Nội vụ"),
        ("head", LABORER, "giám đốc Sở nội vụ"),
        ("clerk", MERIT, PROVINCE),
    ]
    common: dict[str, Any] = {"year": 2024, "occasion": "regular", "decided_on": date(2025, 1, 15)}
    return [
        register.enter(
            person=cast[part].person,  # type: ignore[attr-defined]
            award=Award.objects.get(code=code),
            decision_number="15/QĐ",
            decided_by=issuer,
            by=office,
            **common,
        )
        for part, code, issuer in wanted
    ]


def told(*args: str) -> dict[str, Any]:
    out = StringIO()
    call_command("bonus", "--number", "15/QĐ", *args, "--format", "json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_the_command_asks_for_the_issuer(given: list[Honour]) -> None:
    with pytest.raises(CommandError, match="--issuer CƠ QUAN"):
        told()
    own, other = told("--issuer", "Giám đốc Sở Nội vụ"), told("--issuer", PROVINCE)
    assert {one["honour"] for one in own["honours"]} == {given[0].pk, given[1].pk}
    assert [one["honour"] for one in other["honours"]] == [given[2].pk]
    assert own["total"] == sum(one["amount"] for one in own["honours"]) > 0
    assert other["total"] == other["honours"][0]["amount"] > 0


def test_the_page_lists_two_decisions_with_their_own_sums(
    given: list[Honour], office: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(office)
    for words in ("", "?q=15/"):
        page = client.get(reverse("awards:bonus_list") + words).content.decode()
        links = [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]*so=[^"]*)"', page)]
        found = [{one.item.key for one in client.get(link).context["money"].rows} for link in links]
        assert sorted(found, key=len) == [{given[2].pk}, {given[0].pk, given[1].pk}]


def test_what_was_paid_is_that_of_the_own_decision(given: list[Honour], office: User) -> None:
    own, other = sorted(decisions(), key=lambda one: one.issuer == PROVINCE)
    voucher: dict[str, Any] = {"on": date(2025, 2, 20), "voucher": "Phiếu chi số 12", "by": office}
    amounts = {pk: row for one in (own, other) for pk, row in balance(bonus_list(one)).due.items()}
    payments.pay(own, {one.pk: amounts[one.pk] for one in given[:2]}, **voucher)
    assert paid_by_decision([own, other]) == {own: amounts[given[0].pk] + amounts[given[1].pk]}


def test_what_is_recovered_is_that_of_the_own_decision(given: list[Honour]) -> None:
    worth = worth_of(given)
    own, other = told("--issuer", "Giám đốc Sở Nội vụ"), told("--issuer", PROVINCE)
    amounts = {one["honour"]: one["amount"] for one in [*own["honours"], *other["honours"]]}
    assert {pk: one.amount for pk, one in worth.items()} == amounts
