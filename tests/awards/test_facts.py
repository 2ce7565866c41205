"""Facts by hand: discipline, absence, the former unit's comment; entered, corrected, withdrawn, read."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions.facts import correct_fact, enter_fact, withdraw_fact
from awards.eligibility.facts import LAUNCHERS
from awards.models import Absence, Discipline, UnitComment
from awards.queries.facts import Asked, candidates_of_people
from awards.queries.outside import movement_of
from campaigns.models import Campaign, CampaignYear
from core.journal import history_of
from core.models import Entry, LegalDocument
from core.workflow import Refused, Stale
from organization.models import Person, Posting, Unit, User
from tests.cast import CAST, fresh

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
REPRIMAND = {
    "form": "reprimand", "number": "31/QĐ-SNV", "decided_on": date(2024, 5, 6), "ended_on": None, "note": "",
}  # fmt: skip
TYPED = {
    "ky-luat": {"person": "CB001", "form": "warning", "number": "31/QĐ-SNV", "decided_on": "06/05/2024"},
    "nghi": {"person": "CB001", "year": "2024", "kind": "sick", "working_days": "12"},
    "nhan-xet": {"person": "CB001", "year": "2024", "paper": "NX 5/VP", "given_on": "02/12/2024"},
}


def person_of(user: User) -> Person:
    return user.person  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def discipline(clerk: User, office: User) -> Discipline:
    return enter_fact(Discipline, person_of(clerk), REPRIMAND, by=office)  # type: ignore[no-any-return]


@pytest.fixture
def moved(clerk: User, units: dict[str, Unit]) -> Person:
    """The clerk came from Văn phòng on 1 August 2024."""
    person = person_of(clerk)
    present = Posting.objects.current().get(person=person)
    Posting.objects.filter(pk=present.pk).update(started_on=date(2024, 8, 1))
    Posting.objects.create(
        person=person, unit=units["vp"], post=present.post, started_on=date(2020, 1, 1), ended_on=date(2024, 7, 31)
    )  # fmt: skip
    return person


# --- acts -------------------------------------------------------------------------------------------------
def test_entered_corrected_and_withdrawn_with_every_step_kept(discipline: Discipline, office: User) -> None:
    correct_fact(discipline, {"form": "warning", "ended_on": date(2025, 5, 6)}, by=office, version=1)
    discipline.refresh_from_db()
    assert (discipline.form, discipline.version) == ("warning", 2)
    line = history_of(discipline).first()
    assert line is not None
    assert "khiển trách → cảnh cáo" in line.comment
    assert "(trống) → 06/05/2025" in line.comment
    with pytest.raises(Stale):
        correct_fact(discipline, {"number": "32"}, by=office, version=1)
    with pytest.raises(Refused, match="lý do rút lại"):
        withdraw_fact(discipline, reason=" ", by=office)
    withdraw_fact(discipline, reason="Ghi nhầm người", by=office, version=2)
    assert not Discipline.objects.exists()
    last = Entry.objects.get(verb="withdraw", target_type="awards.discipline")
    assert last.comment.startswith("Lý do: Ghi nhầm người\nHình thức: cảnh cáo")


def test_a_second_withdrawal_is_told(discipline: Discipline, office: User) -> None:
    twin = Discipline.objects.get()
    withdraw_fact(discipline, reason="Nhầm", by=office)
    with pytest.raises(Refused, match="vừa được người khác rút lại"):
        withdraw_fact(twin, reason="Nhầm", by=office)
    assert Entry.objects.filter(verb="withdraw").count() == 1


def test_the_same_fact_is_not_written_twice(discipline: Discipline, clerk: User, office: User) -> None:
    with pytest.raises(Refused, match="Đã có"):
        enter_fact(Discipline, person_of(clerk), REPRIMAND, by=office)
    absence = {"year": 2024, "kind": "sick", "working_days": 3, "months": 0, "result": "", "note": ""}
    other = enter_fact(Absence, person_of(clerk), {**absence, "kind": "unpaid"}, by=office)
    enter_fact(Absence, person_of(clerk), absence, by=office)
    with pytest.raises(Refused, match="giống dòng này"):
        correct_fact(other, {"kind": "sick"}, by=office)
    assert Absence.objects.count() == 2


@pytest.mark.parametrize("part", [part for part in CAST if part != "office"])
def test_only_the_office_writes(part: str, discipline: Discipline, cast: dict[str, User]) -> None:
    by = fresh(cast[part])
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        enter_fact(Discipline, person_of(cast["colleague"]), REPRIMAND, by=by)
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        correct_fact(discipline, {"number": "1"}, by=by)
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        withdraw_fact(discipline, reason="Xóa", by=by)
    assert Discipline.objects.get().number == "31/QĐ-SNV"


def test_nobody_writes_of_himself(office: User) -> None:
    with pytest.raises(Refused, match="của chính mình"):
        enter_fact(Discipline, person_of(office), REPRIMAND, by=office)


def test_a_comment_comes_from_the_unit_he_left(moved: Person, units: dict[str, Unit], office: User) -> None:
    values = {"year": 2024, "paper": "NX 5/VP", "given_on": date(2024, 12, 2), "content": "Tốt"}
    with pytest.raises(Refused, match="không công tác tại"):
        enter_fact(UnitComment, moved, {**values, "unit": units["tccb"]}, by=office)
    with pytest.raises(Refused, match="vẫn đang công tác"):
        enter_fact(UnitComment, moved, {**values, "unit": units["cchc"]}, by=office)
    asked = Asked(2024, date(2024, 12, 31))
    before = candidates_of_people(asked, [moved.pk])[moved.pk].places
    enter_fact(UnitComment, moved, {**values, "unit": units["vp"]}, by=office)
    after = candidates_of_people(asked, [moved.pk])[moved.pk].places
    assert [(one.unit, one.months, one.has_comment) for one in before] == [
        ("Văn phòng Sở", Decimal(7), False),
        ("Phòng Cải cách hành chính", Decimal(5), False),
    ]
    assert [one.has_comment for one in after] == [True, False]


# --- pages ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", TYPED)
def test_the_office_enters_changes_and_withdraws_on_pages(
    kind: str, moved: Person, units: dict[str, Unit], office: User, client_of: ClientOf
) -> None:
    client = client_of(office)
    typed = {**TYPED[kind], "unit": units["vp"].pk}
    answer = client.post(reverse("awards:fact_enter", args=[kind]), typed)
    assert answer.status_code == 302
    detail = answer["Location"]
    assert "Nguyễn Văn An" in client.get(detail).content.decode()
    assert "Nguyễn Văn An" in client.get(reverse("awards:fact_list", args=[kind])).content.decode()
    stale = client.post(f"{detail}sua/", {**typed, "version": "9"})
    assert stale.status_code == 422
    assert client.get(f"{detail}sua/").status_code == 200
    assert client.post(f"{detail}sua/", {**typed, "version": "1"}).status_code == 302
    assert client.post(f"{detail}rut/", {"version": "1", "reason": ""}).status_code == 422
    assert client.post(f"{detail}rut/", {"version": "1", "reason": "Ghi nhầm"}).status_code == 302
    assert client.get(detail).status_code == 404
    text = client.get(reverse("awards:facts_of_person", args=[moved.pk])).content.decode()
    assert "Lý do: Ghi nhầm" in text


@pytest.mark.parametrize(
    ("kind", "more", "sentence"),
    [
        ("ky-luat", {"ended_on": "01/01/2024"}, "từ ngày quyết định trở đi"),
        ("ky-luat", {"decided_on": "01/01/2099"}, "sau hôm nay"),
        ("nghi", {"kind": "training"}, "số tháng của khóa"),
        ("nghi", {"months": "3"}, "Chỉ ghi ô này khi đi đào tạo"),
        ("nghi", {"working_days": "0"}, "từ 1 ngày"),
        ("nghi", {"working_days": "999"}, "CB001"),
        ("nhan-xet", {"unit": ""}, "CB001"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_kept(
    kind: str, more: dict[str, str], sentence: str, office: User, client_of: ClientOf
) -> None:
    answer = client_of(office).post(reverse("awards:fact_enter", args=[kind]), {**TYPED[kind], **more})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="CB001"' in answer.content.decode()


def test_who_reads_a_fact(discipline: Discipline, cast: dict[str, User], client_of: ClientOf) -> None:
    readers = {"office", "inspector", "director", "clerk", "head"}
    address = reverse("awards:fact_detail", args=["ky-luat", discipline.pk])
    whole = reverse("awards:facts_of_person", args=[discipline.person_id])
    profile = reverse("organization:person_detail", args=[discipline.person_id])
    for part in CAST:
        client = client_of(fresh(cast[part]))
        read = client.get(address).status_code == 200
        assert (part, read) == (part, part in readers)
        assert (client.get(whole).status_code == 200) == read
        assert (whole in client.get(profile).content.decode()) == read
        shown = client.get(reverse("awards:fact_list", args=["ky-luat"])).content.decode()
        assert ("31/QĐ-SNV" in shown) == read
        if part != "office":
            for route in ("fact_change", "fact_withdraw"):
                assert (
                    client.get(reverse(f"awards:{route}", args=["ky-luat", discipline.pk])).status_code == 404
                )
            assert client.get(reverse("awards:fact_enter", args=["ky-luat"])).status_code == 404
    assert client.get(reverse("awards:fact_list", args=["khong-co"])).status_code == 404


@pytest.mark.parametrize("kind", ["ky-luat", "nghi"])
def test_a_list_costs_the_same_with_more_rows(
    kind: str, cast: dict[str, User], client_of: ClientOf, assert_same_queries: Callable[..., None]
) -> None:
    absence = {"year": 2024, "kind": "sick", "working_days": 3, "months": 0, "result": "", "note": ""}
    model: Any = Discipline if kind == "ky-luat" else Absence

    def grow() -> None:
        for part in ("head", "stranger"):
            values = REPRIMAND if kind == "ky-luat" else absence
            enter_fact(model, person_of(cast[part]), values, by=cast["office"])

    enter_fact(
        model, person_of(cast["clerk"]), REPRIMAND if kind == "ky-luat" else absence, by=cast["office"]
    )
    assert_same_queries(client_of(cast["inspector"]), reverse("awards:fact_list", args=[kind]), grow)


# --- the movement of a thematic review ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("issuer", "launcher"),
    [
        ("Sở Nội vụ", "agency"),
        ("Ủy ban nhân dân tỉnh", "province"),
        ("Bộ Nội vụ", "ministry"),
        ("Thủ tướng Chính phủ", "prime_minister"),
        ("Liên đoàn Lao động", None),
    ],
)
def test_who_launched_is_read_from_the_launching_paper(
    issuer: str, launcher: str | None, campaign_year: CampaignYear
) -> None:
    campaign = campaign_year.campaign
    assert movement_of(campaign, "final") is None
    campaign.plan = LegalDocument.objects.create(
        code="kh-1", number="1/KH", title="Kế hoạch", kind="plan", issuer=issuer
    )
    found = movement_of(campaign, "final")
    if launcher is None:
        assert found is None
        return
    assert found is not None
    assert (found.launched_by, found.months, found.stage) == (launcher, 45, "final")
    assert movement_of(None, "year") is None


def test_who_launched_as_the_office_says_it_goes_before_the_paper(campaign_year: CampaignYear) -> None:
    campaign = campaign_year.campaign
    campaign.launched_by = Campaign.Launcher.PROVINCE
    campaign.plan = LegalDocument.objects.create(
        code="kh-1", number="1/KH", title="Kế hoạch triển khai", kind="plan", issuer="Sở Nội vụ"
    )
    found = movement_of(campaign, "interim")
    assert found is not None
    assert (found.launched_by, found.stage) == ("province", "interim")
    assert set(Campaign.Launcher.values) == set(LAUNCHERS)
