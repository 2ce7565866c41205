"""Builds the demo Sở: units with a history, people, accounts, roles, all by the acts of ``organization``."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from core import clock
from emulation_portal.demo.roster import UNITS, PersonPlan, people
from organization import actions, roles
from organization.models import Person, Post, Unit, UnitKind, User

FOUNDED = date(2008, 4, 1)
OLD_NAMES = {
    "tdkt": ("Ban Thi đua - Khen thưởng", "Ban TĐKT", date(2024, 1, 1), "Quyết định số 1203/QĐ-UBND")
}
MERGED = (
    "ctn",
    "Phòng Công tác thanh niên",
    "Phòng CTTN",
    "xdcq",
    date(2023, 3, 1),
    "Quyết định số 415/QĐ-UBND",
)


def build() -> None:
    """Make the office as it was when the campaign began; the installation itself acts, as in a first import."""
    units = _open_units()
    staff = {plan.code: _add_person(plan, units) for plan in people()}
    _open_accounts(staff)
    _give_roles(units, staff)


def live_on(year: int) -> None:
    """What happened to the office before the campaign's work of that year began."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    if year == 2023:
        _merge_youth_unit(units)
    elif year == 2024:
        _rename(units)
        _transfer_somebody(units)
    elif year == 2025:
        _delegate(units)


def _open_units() -> dict[str, Unit]:
    kinds = {kind.code: kind for kind in UnitKind.objects.all()}
    agency = actions.open_unit(
        code="so",
        name="Sở Nội vụ",
        short_name="Sở Nội vụ",
        kind=kinds["so"],
        opened_on=FOUNDED,
        order=0,
        is_collective=False,
        by=None,
    )
    units = {"so": agency}
    for order, plan in enumerate(UNITS, start=1):
        name, short_name, *_ = OLD_NAMES.get(plan.code, (plan.name, plan.short_name))
        units[plan.code] = actions.open_unit(
            code=plan.code,
            name=name,
            short_name=short_name,
            kind=kinds[plan.kind],
            parent=agency,
            opened_on=FOUNDED,
            order=order * 10,
            is_collective=plan.is_collective,
            by=None,
        )
    code, name, short_name, *_ = MERGED
    units[code] = actions.open_unit(
        code=code,
        name=name,
        short_name=short_name,
        kind=kinds["phong"],
        parent=agency,
        opened_on=FOUNDED,
        order=65,
        by=None,
    )
    return units


def _add_person(plan: PersonPlan, units: dict[str, Unit]) -> Person:
    # Two people of the merged unit began there.
    unit = (
        units["ctn"]
        if plan.unit == "xdcq" and plan.post == "chuyen-vien" and plan.gender == "nu"
        else units[plan.unit]
    )
    return actions.add_person(
        code=plan.code,
        full_name=plan.full_name,
        gender=plan.gender,
        born_on=plan.born_on,
        employment=plan.employment,
        email=f"{plan.username}@sonoivu.example" if plan.username else "",
        joined_on=plan.joined_on,
        unit=unit,
        post=Post.objects.get(code=plan.post),
        started_on=max(plan.joined_on, FOUNDED),
        by=None,
    )


def _merge_youth_unit(units: dict[str, Unit]) -> None:
    code, _, _, into, day, basis = MERGED
    actions.merge_units([units[code]], into=units[into], on=day, basis=basis, by=None)


def _rename(units: dict[str, Unit]) -> None:
    for plan in UNITS:
        if plan.code in OLD_NAMES:
            *_, day, basis = OLD_NAMES[plan.code]
            actions.rename_unit(
                units[plan.code], name=plan.name, short_name=plan.short_name, on=day, basis=basis, by=None
            )


def _transfer_somebody(units: dict[str, Unit]) -> None:
    """One who came from another unit in 2024: his sheets of 2022 and 2023 stay there."""
    mover = (
        Person.objects.filter(postings__unit=units["tccb"], postings__post__code="chuyen-vien")
        .order_by("code")
        .first()
    )
    if mover:
        actions.transfer(
            mover,
            unit=units["cchc"],
            post=Post.objects.get(code="chuyen-vien"),
            on=date(2024, 3, 1),
            basis="Quyết định số 88/QĐ-SNV",
            by=None,
        )


def _open_accounts(staff: dict[str, Person]) -> None:
    """All demo accounts share one password, hashed once: hashing ninety times would take most of the start."""
    encoded = make_password(settings.DEMO_PASSWORD)
    for plan in people():
        if plan.username:
            actions.open_account(staff[plan.code], username=plan.username, by=None, encoded=encoded)
    User.objects.update(is_demo=True, must_change_password=False)


def _give_roles(units: dict[str, Unit], staff: dict[str, Person]) -> None:
    since = date(2021, 10, 1)
    for plan in people():
        person = staff[plan.code]
        if plan.is_head:
            headed = units["so"] if plan.post == "giam-doc" else units[plan.unit]
            actions.appoint(
                person, role=roles.HEAD, unit=headed, started_on=since, basis="Quyết định bổ nhiệm", by=None
            )
        elif plan.post.startswith("pho-") and plan.unit != "bgd":
            actions.appoint(person, role=roles.DEPUTY, unit=units[plan.unit], started_on=since, by=None)
        for role in plan.roles:
            actions.appoint(person, role=role, started_on=since, basis="Quyết định số 27/QĐ-SNV", by=None)


def _delegate(units: dict[str, Unit]) -> None:
    """The deputy of the archive decides these weeks in the place of its head."""
    deputy = Person.objects.get(appointments__role=roles.DEPUTY, appointments__unit=units["ttlt"])
    actions.delegate(
        units["ttlt"],
        to=deputy,
        started_on=clock.today() - timedelta(days=3),
        ended_on=clock.today() + timedelta(days=25),
        basis="Giấy ủy quyền số 05/GUQ-TTLT",
        by=None,
    )
