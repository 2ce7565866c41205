"""The paper that a rewarded person takes from the register: his line as it was written, for as long as it holds."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions import register as actions
from awards.models import Award, Honour
from awards.queries.extracts import extract_of
from organization.models import Unit, User
from tests.awards.builders import LETTER_UNIT, TITLE

ClientOf = Callable[[User], Client]
FACTS: dict[str, Any] = {
    "year": 2022, "occasion": "regular", "decision_number": "15/QĐ-SNV", "decided_on": date(2023, 1, 10),
    "decided_by": "Giám đốc Sở Nội vụ", "merit": "Hoàn thành xuất sắc nhiệm vụ",
}  # fmt: skip


@pytest.fixture
def honour(awards: dict[str, Award], clerk: User, office: User) -> Honour:
    return actions.enter(person=clerk.person, award=awards[TITLE], by=office, **FACTS)  # type: ignore[attr-defined]


def test_it_says_what_the_register_says(honour: Honour) -> None:
    paper = extract_of(honour)
    assert (paper.title, paper.subtitle) == ("GIẤY XÁC NHẬN KHEN THƯỞNG", "Trích Sổ khen thưởng")
    assert paper.facts == (
        ("Ông/Bà", "Nguyễn Văn An"),
        ("Chức vụ, đơn vị khi được khen", "Chuyên viên, Phòng Cải cách hành chính"),
    )
    [[award, year, decided, merit]] = paper.tables[0].texts
    assert (award, year, merit) == (honour.award.name, "2022", "Hoàn thành xuất sắc nhiệm vụ")
    assert decided == "Số 15/QĐ-SNV ngày 10/01/2023 của Giám đốc Sở Nội vụ"
    assert "không thay quyết định" in paper.note


def test_a_collective_stands_under_its_name_of_that_day(
    awards: dict[str, Award], units: dict[str, Unit], office: User
) -> None:
    facts = {**FACTS, "occasion": "thematic"}
    given = actions.enter(unit=units["vp"], award=awards[LETTER_UNIT], by=office, **facts)
    Unit.objects.filter(pk=units["vp"].pk).update(name="Văn phòng mới")
    given.refresh_from_db()
    assert extract_of(given).facts == (("Tập thể", "Văn phòng Sở"),)


def test_he_takes_it_as_a_pdf_until_the_honour_is_cancelled(
    honour: Honour, clerk: User, office: User, client_of: ClientOf
) -> None:
    address = reverse("awards:honour_extract", args=[honour.pk])
    assert address in client_of(clerk).get(reverse("awards:honour_detail", args=[honour.pk])).content.decode()
    answer = client_of(clerk).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert Client().get(address).status_code == 302

    actions.cancel(honour, on=date(2023, 2, 1), number="9/QĐ-SNV", reason="Khai sai", by=office)
    assert client_of(clerk).get(address).status_code == 404
    assert (
        address
        not in client_of(clerk).get(reverse("awards:honour_detail", args=[honour.pk])).content.decode()
    )
