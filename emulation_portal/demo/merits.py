"""What people and units of the demo office were rated and given before: mostly from sheets that the Office imported.

Everything is made up and the same at every run; decision numbers are those of no real paper.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from awards.actions import history, ratings, register
from awards.importing import columns
from awards.importing import history as honour_sheet
from awards.importing import ratings as rating_sheet
from awards.models import AnnualRating, Award, AwardEntry, HistoryImport, Initiative
from core import clock
from core.attachments import store
from core.sheets import XLSX
from core.vietnamese import format_date
from emulation_portal.demo.index import at_day
from organization import roles
from organization.importing import write_template
from organization.models import Person, Posting, Unit, User

YEARS = range(2021, 2026)
IN_REGISTER = range(2021, 2024)  # what came later the portal decides itself
EXCELLENT, GOOD, COMPLETED = "excellent", "good", "completed"
NAMES = dict(AnnualRating.Grade.choices)
KNOWN = {"chuyenvien": 0.93, "truongphong": 0.9, "vanphong": 0.7}  # the demo logins have something to look at
BEST_UNITS = ("tdkt", "cchc", "tccb", "ttlt")
LABORER, FIGHTER = "advanced_laborer", "grassroots_emulation_fighter"
DIRECTOR, CHAIRMAN = "Giám đốc Sở Nội vụ", "Chủ tịch Ủy ban nhân dân tỉnh"
BY_PROVINCE = {
    "excellent_labor_collective",
    "provincial_emulation_fighter",
    "certificate_of_merit_collective",
}
MERIT = "Hoàn thành xuất sắc nhiệm vụ công tác năm {}"


def office_pair() -> tuple[User, User]:
    """The known login of the Office and the colleague who writes what is about him."""
    own = User.objects.select_related("person").get(username="vanphong")
    others = User.objects.filter(person__appointments__role=roles.OFFICE).exclude(pk=own.pk)
    return own, others.select_related("person").order_by("pk")[0]


# --- ratings --------------------------------------------------------------------------------------------
def rate_years() -> None:
    """Every December: the sheet of the whole Sở, the Office's own man by his colleague, then the collectives."""
    today = clock.today()
    for year in YEARS:
        with clock.at(at_day(min(date(year, 12, 18), today))):
            _rate(year)


def _rate(year: int) -> None:
    office, colleague = office_pair()
    places = list(
        Posting.objects.on(clock.today())
        .select_related("person__user", "post", "unit")
        .order_by("unit__order", "post__order", "person__sort_key")
    )
    grades = grades_of(places, year)
    basis = f"Quyết định số {380 + year % 100}/QĐ-SNV ngày 15/12/{year}"
    own = office.person.pk
    rows = [
        (
            one.person.code,
            one.person.full_name,
            one.post.name,
            one.unit.name,
            NAMES[grades[one.person_id]],
            basis,
        )
        for one in places
        if one.person_id != own
    ]
    _import(
        rows,
        f"Xếp loại năm {year}.xlsx",
        rating_sheet.COLUMNS,
        partial(rating_sheet.plan_of_ratings_file, year=year),
        rating_sheet.plan_of_ratings,
        by=office,
        kind=HistoryImport.Kind.RATINGS,
        year=year,
    )
    home = next(one.unit for one in places if one.person_id == own)
    ratings.rate_unit(home, year, {own: grades[own]}, by=colleague, basis=basis, seen={})
    units = [one.person for one in ratings.collectives_of_year(year)]
    best = set(Random(year).sample(BEST_UNITS, 2))  # noqa: S311 - made up
    wanted = {unit.pk: EXCELLENT if unit.code in best else GOOD for unit in units}
    ratings.rate_collectives(year, wanted, by=office, basis=basis, seen={})


def grades_of(places: Sequence[Posting], year: int) -> dict[int, str]:
    """Few are only "completed", and not more than a fifth of those rated "good" are excellent, in each group."""
    found: dict[int, str] = {}
    for leads in (True, False):
        group = [one for one in places if one.post.is_leader == leads]
        group.sort(key=lambda one: merit_of(one.person, year), reverse=True)
        low = 0 if leads else len(group) // 16
        top = (len(group) - low) // 6
        for place, one in enumerate(group):
            last = place >= len(group) - low
            found[one.person_id] = EXCELLENT if place < top else COMPLETED if last else GOOD
    return found


def merit_of(person: Person, year: int) -> float:
    """How good a year somebody has: mostly his own nature, a little luck."""
    user = getattr(person, "user", None)
    nature = KNOWN.get(user.username if user else "", Random(person.code).random())  # noqa: S311 - made up
    return 0.75 * nature + 0.25 * Random(f"{person.code} {year}").random()  # noqa: S311


# --- the register ---------------------------------------------------------------------------------------
@dataclass
class Sheet:
    """Rows of the sheet of earlier honours; each decision has its number and its day."""

    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(
        self,
        kind: str,
        code: str,
        award: str,
        year: int,
        number: str,
        day: date,
        occasion: str = "",
        merit: str = "",
    ) -> None:
        decided_by = CHAIRMAN if number.endswith("UBND") else DIRECTOR
        merit = merit or MERIT.format(year)
        self.rows.append(
            (kind, code, "", "", "", award, str(year), occasion, number, format_date(day), decided_by, merit)
        )


def fill_register() -> None:
    """The honours of the years before reviews were held on the portal, imported; some later ones by hand."""
    with clock.at(at_day(date(2024, 3, 12))):
        office, colleague = office_pair()
        sheet, own = Sheet(), Sheet()
        for year in IN_REGISTER:
            _titles_of(year, sheet, own, office)
            _thematic_of(year, sheet)
        for rows, name, by in (
            (sheet.rows, "Khen thưởng 2021-2023.xlsx", office),
            (own.rows, "Khen thưởng 2021-2023 (bổ sung).xlsx", colleague),
        ):
            plan = honour_sheet.plan_of_file
            _import(rows, name, columns.TEMPLATE, plan, honour_sheet.plan_of_import, by=by)
        _by_hand(office)


def _titles_of(year: int, sheet: Sheet, own: Sheet, office: User) -> None:
    """LĐTT for whoever was rated good; CSTĐCS for the excellent with an initiative; titles of the units."""
    decided = date(year + 1, 1, 16)
    rated = {"ratings__year": year, "ratings__grade__in": (EXCELLENT, GOOD)}
    for person in Person.objects.filter(**rated).order_by("code"):
        into = own if person.pk == office.person.pk else sheet
        into.add("Cá nhân", person.code, LABORER, year, f"{20 + year % 10}/QĐ-SNV", decided)
    for person in fighters_of(year):
        into = own if person.pk == office.person.pk else sheet
        into.add("Cá nhân", person.code, FIGHTER, year, f"{30 + year % 10}/QĐ-SNV", decided)
    for unit, grade in Unit.objects.filter(**rated).order_by("order").values_list("code", "ratings__grade"):
        sheet.add("Tập thể", unit, "advanced_labor_collective", year, f"{40 + year % 10}/QĐ-SNV", decided)
        if grade == EXCELLENT:
            day, number = date(year + 1, 3, 1), f"{510 + year % 10}/QĐ-UBND"
            sheet.add("Tập thể", unit, "excellent_labor_collective", year, number, day)


def fighters_of(year: int) -> list[Person]:
    """The excellent ones of the year who have written a recognised initiative in it."""
    written = Initiative.objects.filter(state="recognised", recognised_on__year=year)
    excellent = AnnualRating.objects.filter(year=year, grade=EXCELLENT, person__isnull=False)
    people = Person.objects.filter(initiative_shares__initiative__in=written, ratings__in=excellent)
    return list(people.distinct().order_by("code"))


def _thematic_of(year: int, sheet: Sheet) -> None:
    """What the settled lists of the campaign ended in."""
    rows = AwardEntry.objects.filter(
        award_list__state="settled", award_list__campaign_year__year=year, award__isnull=False
    ).select_related("scorecard__unit", "scorecard__person", "award")
    for one in rows.order_by("pk"):
        number = f"{610 + year % 10}/QĐ-UBND" if one.award.code in BY_PROVINCE else f"{50 + year % 10}/QĐ-SNV"
        who = one.scorecard.person or one.scorecard.unit
        merit = f"Thành tích xuất sắc trong phong trào thi đua cải cách hành chính năm {year}"
        kind = "Cá nhân" if one.scorecard.person_id else "Tập thể"
        sheet.add(kind, who.code, one.award.code, year, number, date(year + 1, 2, 20), "Chuyên đề", merit)


def _by_hand(office: User) -> None:
    """Honours of the province, one after another from their papers, and a sudden one of the Director."""
    best = sorted(fighters_of(2023), key=lambda one: (-merit_of(one, 2022), one.code))
    merit = "Nhiều thành tích trong công tác từ năm 2022 đến năm 2023"
    for place, person in enumerate(best[:2]):
        number = f"{128 + place}/QĐ-UBND"
        _enter(
            office, "certificate_of_merit_individual", 2023, number, date(2024, 2, 26), merit, person=person
        )
    merit = "Đạt nhiều sáng kiến có phạm vi ảnh hưởng trong tỉnh"
    for person in best[:1]:
        _enter(
            office,
            "provincial_emulation_fighter",
            2023,
            "131/QĐ-UBND",
            date(2024, 2, 27),
            merit,
            person=person,
        )
    merit = "Dũng cảm bảo vệ tài liệu lưu trữ khi kho bị ngập nước"
    hero = Person.objects.filter(postings__unit__code="ttlt").order_by("-code")[0]
    _enter(
        office, "certificate_of_commendation_individual", 2023, "188/QĐ-SNV", date(2023, 9, 22), merit,
        person=hero, occasion="sudden",
    )  # fmt: skip
    unit = Unit.objects.get(code="tccb")
    merit = "Hoàn thành xuất sắc nhiệm vụ sắp xếp tổ chức bộ máy năm 2022-2023"
    _enter(
        office, "certificate_of_merit_collective", 2023, "129/QĐ-UBND", date(2024, 2, 26), merit, unit=unit
    )


def _enter(office: User, code: str, year: int, number: str, day: date, merit: str, **more: Any) -> None:
    award = Award.objects.get(code=code)
    facts = {"occasion": "regular", "decided_by": award.decided_by, "merit": merit, **more}
    register.enter(by=office, award=award, year=year, decision_number=number, decided_on=day, **facts)


# --- a sheet, from the upload to the confirmation ---------------------------------------------------------
def _import(
    rows: Iterable[Sequence[str]],
    name: str,
    heads: tuple[Any, ...],
    plan: Any,
    plan_again: Any,
    *,
    by: User,
    kind: str = HistoryImport.Kind.HONOURS,
    year: int | None = None,
) -> None:
    filled = list(rows)
    if not filled:
        return
    content = write_template(heads, {}, (), filled)
    counts = plan(BytesIO(content), own=by.acting.person_id).counts
    file = store(SimpleUploadedFile(name, content, content_type=XLSX), by=by)
    one = history.receive(file, by=by, counts=counts, kind=kind, year=year)
    made = plan_again(one, own=by.acting.person_id)
    history.apply(one, plan=lambda: made, shown=made.digest, by=by)
