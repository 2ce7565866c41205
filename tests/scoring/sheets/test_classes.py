"""Gates and ceilings of classes: a gate lowers the class, a ceiling is shown and never solved silently."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from campaigns.actions.campaigns import set_bands
from campaigns.calculations import gates_in_words, gates_of
from campaigns.models import Band, CampaignYear
from core.workflow import Refused
from organization.models import User
from scoring.queries.ranking import ceilings, provisional_ranking

Find = Callable[..., Any]
BANDS = [("Xuất sắc", Decimal(70), "green"), ("Tốt", Decimal(50), "teal"), ("Yếu", Decimal(0), "red")]


def test_gates_are_written_and_read() -> None:
    gates = gates_of("1.2 >= 100; 3.1>80,5 %")
    assert gates == [{"code": "1.2", "op": ">=", "bound": "100"}, {"code": "3.1", "op": ">", "bound": "80.5"}]
    assert gates_in_words(gates) == "1.2 >= 100; 3.1 > 80,5"
    with pytest.raises(ValueError, match="Không hiểu điều kiện"):
        gates_of("đúng hạn")


def test_a_gate_lowers_the_class(ranked: CampaignYear, office: User) -> None:
    """Both have 38,5 of 50 = 77 %, and 85 % of criterion 1.1."""
    for text, expected in (("1.1 >= 85", "Xuất sắc"), ("1.1 > 85", "Tốt")):
        conditions = {"individual": {"Xuất sắc": (gates_of(text), None)}}
        set_bands(ranked, by=office, bands={"individual": BANDS}, conditions=conditions)
        assert {place.band for place in provisional_ranking(ranked, "individual").values()} == {expected}


def test_a_gate_about_an_unknown_criterion_is_refused(ranked: CampaignYear, office: User) -> None:
    with pytest.raises(Refused, match="“9.9”"):
        set_bands(
            ranked,
            by=office,
            bands={"individual": BANDS},
            conditions={"individual": {"Tốt": (gates_of("9.9 > 1"), None)}},
        )


def test_a_ceiling_is_told_where_it_is_passed(ranked: CampaignYear, office: User, client_of: Find) -> None:
    conditions = {"individual": {"Xuất sắc": ([], Decimal(20))}}
    set_bands(ranked, by=office, bands={"individual": BANDS}, conditions=conditions)
    page = client_of(office).get(f"/cham-diem/xep-hang/?nam={ranked.pk}&doi-tuong=individual")
    assert "Vượt 2" in page.content.decode()
    bands = list(Band.objects.filter(campaign_year=ranked, recipient="individual"))
    [one] = ceilings(bands, {"Xuất sắc": 3, "Tốt": 11})
    assert (one.allowed, one.over, one.base) == (2, 1, "Tốt")


def test_the_page_keeps_conditions(ranked: CampaignYear, office: User, client_of: Find) -> None:
    address = f"/phong-trao/nam/{ranked.pk}/xep-loai/"
    page = client_of(office).get(address)
    data = {"version": page.context["version"]}
    for recipient in ("collective", "individual"):
        data |= {f"{recipient}-TOTAL_FORMS": 2, f"{recipient}-INITIAL_FORMS": 0}
        data |= {
            f"{recipient}-0-name": "Tốt",
            f"{recipient}-0-lower_bound": "80",
            f"{recipient}-0-colour": "teal",
        }
        data |= {
            f"{recipient}-1-name": "Yếu",
            f"{recipient}-1-lower_bound": "0",
            f"{recipient}-1-colour": "red",
        }
    wrong = client_of(office).post(address, {**data, "individual-0-gates": "cao"})
    assert (wrong.status_code, 'value="cao"' in wrong.content.decode()) == (422, True)
    given = {"individual-0-gates": "1.1 >= 90", "individual-0-ceiling_percent": "20"}
    assert client_of(office).post(address, {**data, **given}).status_code == 302
    band = Band.objects.get(campaign_year=ranked, recipient="individual", name="Tốt")
    assert (band.gates, band.ceiling_percent) == ([{"code": "1.1", "op": ">=", "bound": "90"}], 20)
