"""Rules that were not read in their document: the Office reads them, confirms them with the article, takes it back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from awards import actions
from awards.eligibility.claims import Claim, claims, mark
from awards.eligibility.provisions import RuleFile
from awards.models import RuleConfirmation, RuleDocument, rulebook_on
from awards.reference.sources import source_of_files
from campaigns.models import CampaignYear
from core.journal import history_of
from core.workflow import Refused
from organization.models import User
from tests.awards.seasons import load_law
from tests.awards.test_province import EVERYBODY, READERS

ClientOf = Callable[[User], Client]
OLD_LAW, DAY = "luat-15-2003", date(2023, 6, 1)
REFERENCE: Path = settings.BASE_DIR / "reference"


@pytest.fixture
def claim(campaign_year: CampaignYear) -> Claim:
    """That nothing may be pending, in the law of 2003, written for every title."""
    load_law()
    return next(one for one in claims(_file(OLD_LAW)) if one.text.startswith("Không có vụ việc"))


def pending(day: date = DAY) -> tuple[str, bool]:
    found = next(one for one in rulebook_on(day).conditions["advanced_laborer"] if one.word == "no_hold")
    return found.citation, found.is_confirmed


# --- pure ---------------------------------------------------------------------------------------------
def test_a_rule_is_known_by_what_it_says() -> None:
    rule = {"no_hold": {}, "wording": "Không có vụ việc", "confirmed": False}
    assert mark(rule) == mark({**rule, "confirmed": True})
    assert mark(rule) != mark({**rule, "wording": "Không vướng vụ việc"})


def test_a_rule_stays_the_same_when_a_part_of_it_is_confirmed() -> None:
    def rule(**part: object) -> dict[str, object]:
        return {"any_of": [{"title": "hero", **part}, {"years": 5}], "wording": "Một trong hai"}

    assert mark(rule(confirmed=False)) == mark(rule(confirmed=True)) == mark(rule())
    assert mark(rule(confirmed=False)) != mark(rule(confirmed=False, years=2))


def test_every_rule_of_the_files_that_was_not_read_is_listed_once() -> None:
    for file in source_of_files(REFERENCE).files:
        found = claims(file)
        assert len({one.mark for one in found}) == len(found)
        assert all(one.text and one.citation for one in found), file.document
        assert bool(found) == ("'confirmed': False" in str(file.content)), file.document


def test_a_rule_of_many_titles_names_them_all(claim: Claim) -> None:
    assert claim.document == OLD_LAW
    assert {"advanced_laborer", "national_emulation_fighter", "advanced_labor_collective"} <= set(
        claim.awards
    )


# --- the act ------------------------------------------------------------------------------------------
def test_the_office_confirms_with_the_article_and_takes_it_back(
    claim: Claim, office: User, client_of: ClientOf
) -> None:
    assert pending() == (claim.citation, False)
    browser, page = client_of(office), reverse("awards:claim_confirm", args=[claim.mark])
    assert "Không có vụ việc đang được xem xét" in browser.get(page).content.decode()
    answer = browser.post(page, {"citation": "  Khoản 3  Điều 6 "}, follow=True).content.decode()
    assert "Đã xác nhận quy định." in answer
    assert "Khoản 3 Điều 6" in answer
    assert pending() == ("Khoản 3 Điều 6", True)
    row = RuleConfirmation.objects.get()
    (line,) = history_of(row.legal_document)
    assert line.comment == "Không có vụ việc đang được xem xét, xác minh: Khoản 3 Điều 6"
    standards = browser.get(
        reverse("awards:standards"), {"danh_hieu": "advanced_laborer", "ngay": "01/06/2023"}
    )
    assert "Khoản 3 Điều 6" in standards.content.decode()

    away = reverse("awards:claim_withdraw", args=[claim.mark])
    assert browser.post(away, {"reason": ""}).status_code == 422
    browser.post(away, {"reason": "Nhầm văn bản"})
    assert pending() == (claim.citation, False)
    assert "Nhầm văn bản" in history_of(row.legal_document)[0].comment
    assert browser.get(away).status_code == 404
    with pytest.raises(Refused, match="đã được bỏ"):
        actions.withdraw_confirmation(row, reason="Nhầm văn bản", by=office)


def test_the_same_again_changes_nothing_and_another_article_is_told(claim: Claim, office: User) -> None:
    for citation in ("Điều 6", "Điều 6", "Khoản 3 Điều 6"):
        row = actions.confirm_rule(claim, citation=citation, by=office)
    assert RuleConfirmation.objects.get().citation == "Khoản 3 Điều 6"
    assert [one.comment.rpartition(": ")[2] for one in history_of(row.legal_document)] == [
        "Khoản 3 Điều 6",
        "Điều 6",
    ]


def test_a_figure_that_nobody_confirmed_keeps_its_rule_unconfirmed(claim: Claim, office: User) -> None:
    """What rests on a figure of the province is confirmed with the figure, not here."""
    worth = rulebook_on(DAY).coefficients["certificate_of_commendation_individual"]
    assert (str(worth.value), worth.is_confirmed) == ("0.3", False)
    assert not any("0,3" in one.text for one in claims(_file("nd-91-2017")))


def test_an_article_is_asked_for(claim: Claim, office: User, client_of: ClientOf) -> None:
    page = reverse("awards:claim_confirm", args=[claim.mark])
    answer = client_of(office).post(page, {"citation": "   "})
    assert answer.status_code == 422
    assert "Hãy ghi điều, khoản của văn bản" in answer.content.decode()
    assert not RuleConfirmation.objects.exists()
    assert (
        client_of(office).get(reverse("awards:claim_confirm", args=["khong-co"])).status_code == 404
    )  # nothing is made up


# --- who ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", EVERYBODY)
def test_who_reads_and_who_confirms(
    part: str, claim: Claim, cast: dict[str, User], client_of: ClientOf
) -> None:
    browser, page = client_of(cast[part]), reverse("awards:claim_confirm", args=[claim.mark])
    assert browser.get(reverse("awards:claims")).status_code == (200 if part in READERS else 404)
    assert browser.get(page).status_code == (200 if part == "office" else 404)
    if part != "office":
        assert browser.post(page, {"citation": "Điều 6"}).status_code == 404
        with pytest.raises(Refused):
            actions.confirm_rule(claim, citation="Điều 6", by=cast[part])
    shown = browser.get(reverse("awards:claims")).content.decode()
    assert (page in shown) == (part == "office")


def _file(code: str) -> RuleFile:
    return RuleDocument.objects.current().get(legal_document__code=code).file()
