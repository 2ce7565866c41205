"""What would become of the people of a sheet."""

import re
from datetime import date
from typing import Any

from core import clock
from core.vietnamese import fold, normalize
from organization.importing.rows import PlannedRow, doubles, is_email, named, shown
from organization.importing.sheets import COLUMNS, Sheet, SheetRow
from organization.models import Appointment, ImportBatch, Person, Post, Posting, Unit
from organization.queries import running_roles

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
LABELS = {column.key: column.label for column in COLUMNS[ImportBatch.Kind.PEOPLE]}
FACTS = ("full_name", "gender", "born_on", "email", "employment", "joined_on")
CHUNK = 500


class Present:
    """What the database knows, read once for the whole sheet."""

    def __init__(self, sheet: Sheet) -> None:
        codes = sorted({str(row.values["code"]) for row in sheet.rows if row.values.get("code")})
        self.people: dict[str, Person] = {}
        self.postings: dict[int, Posting] = {}
        self.first_days: dict[int, date] = {}
        self.roles: dict[int, list[Appointment]] = {}
        for start in range(0, len(codes), CHUNK):
            spelled = {
                form for code in codes[start : start + CHUNK] for form in (code, code.upper(), code.lower())
            }
            self._read(Person.objects.filter(code__in=spelled))
        self.units = {unit.code: unit for unit in Unit.objects.select_related("kind")}
        self.posts = named(Post.objects.all())
        self.genders = {fold(label): value for value, label in Person.Gender.choices}
        self.employments = {
            key: value for value, label in Person.Employment.choices for key in (fold(label), fold(value))
        }
        self.today = clock.today()

    def _read(self, people: Any) -> None:
        found = {person.pk: person for person in people}
        self.people.update({person.code.casefold(): person for person in found.values()})
        self.roles.update(running_roles(list(found.values())))
        postings = Posting.objects.filter(person_id__in=list(found)).select_related("unit__kind", "post")
        for posting in postings.order_by("-started_on"):
            self.first_days[posting.person_id] = posting.started_on
            if posting.ended_on is None:
                self.postings[posting.person_id] = posting


def plan_people(sheet: Sheet) -> list[PlannedRow]:
    present = Present(sheet)
    twice = doubles(sheet.rows)
    rows = []
    for row in sheet.rows:
        made = PlannedRow.of(row, "full_name")
        if row.number in twice:
            made.refuse(twice[row.number])
        made.target = present.people.get(made.code.casefold())
        wanted = _understand(made, row, present)
        if not made.faults:
            (_plan_known if made.target else _plan_new)(made, wanted, present)
        made.close(exists=made.target is not None)
        rows.append(made)
    return rows


def _understand(made: PlannedRow, row: SheetRow, present: Present) -> dict[str, Any]:
    """The cells as facts of the portal; what cannot be understood is a fault of the row."""
    wanted = dict(row.values)
    if made.code and not CODE.fullmatch(made.code):
        made.refuse(f"“{LABELS['code']}” chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch: “{made.code}”.")
    if wanted.get("email"):
        wanted["email"] = normalize(wanted["email"].lower())
        if not is_email(wanted["email"]):
            made.refuse(f"“{LABELS['email']}” không đúng dạng: “{wanted['email']}”.")
    for key, choices in (("gender", present.genders), ("employment", present.employments)):
        _choose(made, wanted, key, choices)
    _choose(made, wanted, "post", present.posts)
    unit_code = wanted.get("unit_code")
    if unit_code:
        unit = present.units.get(unit_code.lower())
        if unit is None or unit.closed_on:
            why = f"đã kết thúc hoạt động ngày {shown(unit.closed_on)}" if unit else "không có trong cổng"
            made.refuse(f"“{LABELS['unit_code']}”: đơn vị “{unit_code}” {why}.")
        wanted["unit"] = unit
    for key in ("joined_on", "started_on", "left_on"):
        if wanted.get(key) and wanted[key] > present.today:
            made.refuse(f"“{LABELS[key]}” ({shown(wanted[key])}) chưa đến.")
    return wanted


def _choose(made: PlannedRow, wanted: dict[str, Any], key: str, choices: dict[str, Any]) -> None:
    value = wanted.get(key)
    if not value:
        return
    wanted[key] = choices.get(fold(value))
    if wanted[key] is None:
        made.refuse(f"Không có “{LABELS[key]}” tên “{value}”. Hãy chọn trong danh sách của tệp mẫu.")


def _plan_new(made: PlannedRow, wanted: dict[str, Any], present: Present) -> None:
    if wanted.get("left_on"):
        made.refuse("Người này chưa có trong cổng mà đã thôi việc nên không nhập.")
    started_on = wanted.get("started_on") or wanted["joined_on"]
    if started_on < wanted["joined_on"]:
        made.refuse(f"“{LABELS['started_on']}” phải từ “{LABELS['joined_on']}” trở đi.")
    _check_age(made, wanted.get("born_on"), wanted["joined_on"])
    made.facts = {
        "code": made.code,
        **{key: wanted[key] for key in FACTS if wanted.get(key) is not None},
        "unit": wanted["unit"],
        "post": wanted["post"],
        "started_on": started_on,
    }
    made.changes = [("", "", f"{wanted['post']}, {wanted['unit'].short_name}")]


def _plan_known(made: PlannedRow, wanted: dict[str, Any], present: Present) -> None:
    person: Person = made.target
    posting = present.postings.get(person.pk)
    if (person.left_on or posting is None) and wanted.get("left_on") != person.left_on:
        made.refuse("Người này đã thôi việc. Nếu trở lại, hãy dùng “Trở lại công tác” ở trang của người đó.")
        return
    for key in FACTS:
        value = wanted.get(key)
        before = person.full_name if key == "full_name" else getattr(person, key)
        if value is not None and value != before:
            made.facts[key] = value
            made.changes.append((LABELS[key], _display(key, before), _display(key, value)))
    born_on, joined_on = wanted.get("born_on") or person.born_on, wanted["joined_on"]
    _check_age(made, born_on, joined_on)
    first = present.first_days.get(person.pk)
    if "joined_on" in made.facts and first and joined_on > first:
        made.refuse(f"“{LABELS['joined_on']}” phải trước vị trí đầu tiên (từ {shown(first)}).")
    if posting and not person.left_on:
        _plan_move(made, wanted, posting, present.roles.get(person.pk, []))


def _plan_move(made: PlannedRow, wanted: dict[str, Any], posting: Posting, held: list[Appointment]) -> None:
    """Another unit or post is a transfer from a day; a day of leaving ends the last posting."""
    last_day = posting.started_on
    if (wanted["unit"], wanted["post"]) != (posting.unit, posting.post):
        before = f"{posting.post}, {posting.unit.short_name}"
        after = f"{wanted['post']}, {wanted['unit'].short_name}"
        day = wanted.get("started_on")
        if day is None:
            made.refuse(f"Vị trí thay đổi ({before} → {after}) nhưng “{LABELS['started_on']}” còn trống.")
            return
        if day <= posting.started_on:
            made.refuse(
                f"“{LABELS['started_on']}” phải sau {shown(posting.started_on)}, là ngày bắt đầu vị trí hiện nay."
            )
        if day < wanted["unit"].opened_on:
            made.refuse(f"“{LABELS['started_on']}” sớm hơn ngày thành lập của {wanted['unit'].name}.")
        made.facts["posting"] = {"unit": wanted["unit"], "post": wanted["post"], "on": day}
        made.changes.append((f"Vị trí từ {shown(day)}", before, after))
        ending = [str(one) for one in held if one.ends_with_posting(posting.unit, wanted["unit"])]
        if ending:
            made.changes.append(("Vai trò kết thúc theo", ", ".join(ending), shown(None)))
        last_day = day
    left_on = wanted.get("left_on")
    if left_on:
        if left_on <= last_day:
            made.refuse(f"“{LABELS['left_on']}” phải sau ngày bắt đầu vị trí ({shown(last_day)}).")
        made.facts["left_on"] = left_on
        made.changes.append((LABELS["left_on"], shown(None), shown(left_on)))


def _check_age(made: PlannedRow, born_on: date | None, joined_on: date) -> None:
    if born_on and joined_on.year - born_on.year < 15:
        made.refuse(f"“{LABELS['joined_on']}” phải sau “{LABELS['born_on']}” ít nhất 15 năm.")


def _display(key: str, value: Any) -> str:
    choices: dict[Any, Any] = {
        "gender": dict(Person.Gender.choices),
        "employment": dict(Person.Employment.choices),
    }.get(key, {})
    return str(choices.get(value) or shown(value))
