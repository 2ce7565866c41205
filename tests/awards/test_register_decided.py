"""The register beside the decisions of the portal: what is corrected where, and what is entered by hand beside them."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from awards.actions import decisions, register
from awards.models import Award, Honour, Review
from awards.queries.decisions import waiting
from core.journal import history_of
from core.workflow import Refused
from organization.models import Unit, User
from tests.awards.seasons import DECISION_HEAD, FIGHTER, LABORER, carried_review

PAPER = {"number": "41/QĐ-SNV", "signed_on": date(2025, 2, 10)}


@pytest.fixture
def review(office: User, cast: dict[str, User], units: dict[str, Unit]) -> Review:
    return carried_review(office, cast["clerk"], units["cchc"])


def test_of_what_was_decided_here_only_the_words_are_corrected(
    review: Review, office: User, client_of: Any
) -> None:
    decisions.issue(
        decisions.draft(review, "so", waiting(review), DECISION_HEAD, by=office), PAPER, by=office
    )
    honour = Honour.objects.get(award__code=FIGHTER)
    for wrong in (
        {"decision_number": "99/QĐ"},
        {"decided_on": date(2025, 2, 11)},
        {"year": 2023},
        {"occasion": "sudden"},
        {"award": Award.objects.get(code=LABORER)},
    ):
        with pytest.raises(Refused, match="sửa ở trang quyết định"):
            register.correct(honour, wrong, by=office)
    honour.refresh_from_db()
    register.correct(honour, {"post_then": "Chuyên viên chính", "decision_number": "41/QĐ-SNV"}, by=office)
    client, address = client_of(office), reverse("awards:honour_change", args=[honour.pk])
    form = client.get(address).context["form"]
    assert set(form.fields) == {"version", "merit", "name_then", "post_then", "unit_then"}
    typed = {"merit": "Có sáng kiến", "name_then": "Nguyễn Văn An", "version": honour.version}
    assert client.post(address, typed).status_code == 302
    honour.refresh_from_db()
    assert (honour.merit, honour.decision_number) == ("Có sáng kiến", "41/QĐ-SNV")


def test_by_hand_beside_a_review_only_with_a_reason(
    review: Review, office: User, cast: dict[str, User]
) -> None:
    facts: dict[str, Any] = {
        "award": Award.objects.get(code=LABORER), "year": 2024, "occasion": "regular", "decision_number": "7/QĐ",
        "decided_on": date(2025, 1, 20), "decided_by": "Giám đốc Sở Nội vụ", "merit": "", "name_then": "",
        "post_then": "", "unit_then": "",
    }  # fmt: skip
    person = cast["colleague"].person  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="có “Bình xét năm 2024” trên cổng"):
        register.enter(by=office, person=person, **facts)
    honour = register.enter(by=office, person=person, reason="Chuyển đến, cơ quan cũ khen", **facts)
    assert history_of(honour).get().comment == "Chuyển đến, cơ quan cũ khen"
    register.enter(by=office, person=person, **{**facts, "year": 2023, "decided_on": date(2024, 1, 20)})
    Review.objects.filter(pk=review.pk).update(state="stopped")
    register.enter(by=office, person=person, **{**facts, "decision_number": "8/QĐ"})
