"""People come, move, leave and come back; every posting they had stays on record."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core.journal import record, record_many
from core.vietnamese import fold, format_date, name_sort_key, normalize, split_name
from core.workflow import Refused, check_version, lock
from organization.actions.accounts import close_account
from organization.actions.appointments import end_all, keep_an_office
from organization.actions.permission import demand, not_in_future
from organization.mails import address_changed_letter
from organization.models import Appointment, Person, Post, Posting, Unit, User

MANAGE = "organization.manage_people"
EVE = timedelta(days=1)
FACTS = ("gender", "born_on", "email", "employment", "joined_on")


@transaction.atomic
def add_person(*, by: Any, **facts: Any) -> Person:
    """One new person with the first posting; the facts are those of ``add_people``."""
    return add_people([facts], by=by)[0]


@transaction.atomic
def add_people(newcomers: Sequence[Mapping[str, Any]], *, by: Any) -> list[Person]:
    """Many at once. Facts: code, full_name, employment, joined_on, unit, post; optional gender, born_on, email,
    started_on (of the posting; the day of joining when left out), basis."""
    demand(MANAGE, by)
    codes = [facts["code"] for facts in newcomers]
    taken = (
        Person.objects.filter(code__in=codes).values_list("code", flat=True).first()
        if len(codes) < 900
        else None
    )
    if taken:
        raise Refused(f"Mã cán bộ “{taken}” đã có trong danh sách.")
    people, postings = [], []
    for facts in newcomers:
        person, posting = _newcomer(facts)
        people.append(person)
        postings.append(posting)
    Person.objects.bulk_create(people, batch_size=500)
    Posting.objects.bulk_create(postings, batch_size=500)
    record_many(list(people), "added", by=by, label="Thêm vào danh sách cán bộ")
    return people


@transaction.atomic
def change_person(person: Person, *, by: Any, version: int | None = None, **facts: Any) -> None:
    """Put facts right: full_name, gender, born_on, email, employment, joined_on."""
    demand(MANAGE, by)
    lock(person)
    check_version(person, version)
    before = {"full_name": person.full_name, **{name: getattr(person, name) for name in FACTS}}
    wanted = {**before, **facts}
    wanted["full_name"], wanted["email"] = normalize(wanted["full_name"]), clean_email(wanted["email"])
    changed = [name for name in wanted if wanted[name] != before[name]]
    if not changed:
        return
    _check_dates(wanted["born_on"], wanted["joined_on"])
    first = person.postings.order_by("started_on").first()
    if "joined_on" in changed and first and wanted["joined_on"] > first.started_on:
        raise Refused(f"Ngày vào cơ quan phải trước vị trí đầu tiên (từ {format_date(first.started_on)}).")
    for name in FACTS:
        setattr(person, name, wanted[name])
    fill_keys(person, wanted["full_name"])
    person.version += 1
    person.save()
    labels = [_label(name) for name in changed]
    entry = record(
        person,
        "changed",
        by=by,
        label=f"Sửa: {', '.join(labels)}",
        data={name: [str(before[name] or ""), str(wanted[name] or "")] for name in changed},
    )
    if "email" in changed and person.user_id:
        address_changed_letter(
            User.objects.select_related("person").get(pk=person.user_id), entry, person.email
        )
        User.objects.filter(pk=person.user_id).update(email=person.email)


@transaction.atomic
def transfer(person: Person, *, unit: Unit, post: Post, on: date, by: Any, basis: str = "") -> Posting:
    """From ``on`` the person works elsewhere or in another post; the old posting ends the day before."""
    demand(MANAGE, by)
    lock(person)
    lock(unit)  # nobody comes to a unit that is being closed
    not_in_future(on, "Ngày điều động")
    if by is not None and by.acting.person_id == person.pk:
        raise Refused("Việc điều động của bạn do người khác ghi vào cổng.")
    current = person.postings.filter(ended_on__isnull=True).select_related("unit__kind", "post").first()
    if person.left_on or current is None:
        raise Refused(f"{person.full_name} đã thôi việc. Hãy dùng “Trở lại công tác”.")
    _check_unit(unit, on)
    if (current.unit_id, current.post_id) == (unit.pk, post.pk):
        raise Refused(f"{person.full_name} đang giữ đúng vị trí này từ {format_date(current.started_on)}.")
    if on <= current.started_on:
        raise Refused(
            f"Ngày điều động phải sau ngày {format_date(current.started_on)}, là ngày bắt đầu vị trí hiện nay."
        )
    current.ended_on = on - EVE
    current.save(update_fields=["ended_on"])
    posting = Posting.objects.create(person=person, unit=unit, post=post, started_on=on, basis=basis)
    held = Appointment.objects.filter(person=person).select_related("unit")
    left = [one for one in held if one.ends_with_posting(current.unit, unit)]
    keep_an_office(left, on)
    ending = Appointment.objects.filter(pk__in=[one.pk for one in left])
    end_all(ending, last_day=on - EVE, by=by, reason="Chuyển sang đơn vị khác.")
    label = f"Chuyển từ {current.post.name}, {current.unit.short_name} sang {post.name}, {unit.short_name}"
    record(person, "transferred", by=by, label=label[:200], comment=basis, data={"on": on.isoformat()})
    return posting


@transaction.atomic
def leave(person: Person, *, on: date, by: Any, comment: str = "") -> None:
    """From ``on`` the person no longer works here: posting and roles end, the account is shut."""
    demand(MANAGE, by)
    lock(person)
    not_in_future(on, "Ngày thôi việc")
    current = person.postings.filter(ended_on__isnull=True).first()
    if person.left_on or current is None:
        raise Refused(f"{person.full_name} đã thôi việc.")
    if on <= current.started_on:
        raise Refused(
            f"Ngày thôi việc phải sau ngày {format_date(current.started_on)}, là ngày bắt đầu vị trí hiện nay."
        )
    if by is not None and by.acting.person_id == person.pk:
        raise Refused("Việc thôi việc của bạn do người khác ghi vào cổng.")
    keep_an_office(Appointment.objects.filter(person=person), on)
    current.ended_on = on - EVE
    current.save(update_fields=["ended_on"])
    person.left_on = on
    person.version += 1
    person.save(update_fields=["left_on", "version"])
    end_all(Appointment.objects.filter(person=person), last_day=on - EVE, by=by, reason="Thôi việc.")
    end_all(
        Appointment.objects.filter(delegated_by=person),
        last_day=on - EVE,
        by=by,
        reason="Người ủy quyền thôi việc.",
    )
    record(person, "left", by=by, label="Thôi việc", comment=comment, data={"on": on.isoformat()})
    if person.user:
        close_account(person.user, by=by, reason="Thôi việc.")


@transaction.atomic
def rejoin(person: Person, *, unit: Unit, post: Post, on: date, by: Any, basis: str = "") -> Posting:
    """Somebody who left comes back; the account stays shut until the technician opens it again."""
    demand(MANAGE, by)
    lock(person)
    not_in_future(on, "Ngày trở lại")
    if not person.left_on:
        raise Refused(f"{person.full_name} đang công tác.")
    if on < person.left_on:
        raise Refused(f"Ngày trở lại phải từ ngày thôi việc {format_date(person.left_on)} trở đi.")
    _check_unit(unit, on)
    person.left_on = None
    person.version += 1
    person.save(update_fields=["left_on", "version"])
    posting = Posting.objects.create(person=person, unit=unit, post=post, started_on=on, basis=basis)
    label = f"Trở lại công tác: {post.name}, {unit.short_name}"
    record(person, "returned", by=by, label=label, comment=basis, data={"on": on.isoformat()})
    return posting


def fill_keys(person: Person, full_name: str) -> None:
    """Names in their parts, and the keys by which people are ordered and found."""
    person.family_name, person.given_name = split_name(full_name)
    person.sort_key = name_sort_key(full_name)[:500]
    person.search_key = fold(f"{person.code} {person.full_name} {person.email}")[:500]


def clean_email(address: str) -> str:
    """One spelling for every address: composed letters, lower case."""
    return normalize(normalize(address).lower())


def _newcomer(facts: Mapping[str, Any]) -> tuple[Person, Posting]:
    started_on = facts.get("started_on") or facts["joined_on"]
    _check_dates(facts.get("born_on"), facts["joined_on"])
    if started_on < facts["joined_on"]:
        raise Refused(f"Ngày bắt đầu vị trí ({format_date(started_on)}) phải từ ngày vào cơ quan trở đi.")
    not_in_future(started_on, "Ngày bắt đầu vị trí")
    _check_unit(facts["unit"], started_on, opened=False)
    person = Person(
        code=facts["code"],
        gender=facts.get("gender") or "",
        born_on=facts.get("born_on"),
        email=clean_email(facts.get("email") or ""),
        employment=facts["employment"],
        joined_on=facts["joined_on"],
    )
    fill_keys(person, normalize(facts["full_name"]))
    posting = Posting(
        person=person,
        unit=facts["unit"],
        post=facts["post"],
        started_on=started_on,
        basis=facts.get("basis") or "",
    )
    return person, posting


def _check_unit(unit: Unit, day: date, *, opened: bool = True) -> None:
    """A newcomer may have worked in the unit before the portal knew it; a transfer may not."""
    if unit.closed_on:
        raise Refused(f"{unit.name} đã kết thúc hoạt động ngày {format_date(unit.closed_on)}.")
    if opened and unit.opened_on > day:
        raise Refused(
            f"{unit.name} thành lập ngày {format_date(unit.opened_on)}, sau ngày {format_date(day)}."
        )


def _check_dates(born_on: date | None, joined_on: date) -> None:
    if born_on and joined_on.year - born_on.year < 15:
        raise Refused("Ngày vào cơ quan phải sau ngày sinh ít nhất 15 năm.")
    not_in_future(joined_on, "Ngày vào cơ quan")


def _label(name: str) -> str:
    return "Họ và tên" if name == "full_name" else str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
