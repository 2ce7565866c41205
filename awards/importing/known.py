"""What the portal knows, read once for a whole sheet: people, units under all their names, awards, the register."""

import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from awards.models import Award, Honour
from awards.queries.lineage import successors_of
from core.vietnamese import fold
from organization.models import Person, Posting, Unit, UnitName

QUOTES = re.compile("[\"'“”„‟‘’«»]")
PREFIXES = ("danh hieu thi dua ", "danh hieu ", "hinh thuc ", "tang danh hieu ", "tang ")
Key = tuple[str, int, int, int, str]  # recipient, who, award, year, number


class Unknown(Exception):
    """Nothing or more than one thing is called so; the text is a Vietnamese sentence."""


class KnownPeople:
    """``people`` by code and by name."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.people_named: dict[str, list[Person]] = {}
        for person in Person.objects.order_by("pk"):
            self.people[person.code.casefold()] = person
            self.people_named.setdefault(plain(person.full_name), []).append(person)

    def person(self, code: str, name: str) -> Person:
        if code:
            found = self.people.get(code.casefold())
            if found is None:
                raise Unknown(f"Không có ai mã “{code}”.")
            if name and plain(found.full_name) != plain(name):
                raise Unknown(f"Mã “{code}” là của {found.full_name}, không phải “{name}”.")
            return found
        named = self.people_named.get(plain(name), [])
        if not named:
            raise Unknown(
                f"Không tìm thấy ai tên “{name}”. Hãy ghi mã cán bộ hoặc thêm người này vào Nhân sự."
            )
        if len(named) > 1:
            codes = ", ".join(one.code for one in named[:8])
            raise Unknown(f"Có {len(named)} người tên “{name}” (mã {codes}). Hãy ghi mã cán bộ.")
        return named[0]


class Known(KnownPeople):
    """People, and ``units`` by code and by every name they go or went by."""

    def __init__(self) -> None:
        super().__init__()
        self._read_units()
        self._read_postings()
        self._read_awards()
        self.honours = {key_of(one): one for one in Honour.objects.all()}

    def _read_units(self) -> None:
        self.units: dict[str, Unit] = {}
        self.units_named: dict[str, dict[int, Unit]] = {}
        self.unit_names: dict[int, list[UnitName]] = {}
        by_pk: dict[int, Unit] = {}
        self.carried_on = successors_of()
        for unit in Unit.objects.order_by("pk"):
            self.units[unit.code.casefold()] = by_pk[unit.pk] = unit
            self._name_unit(unit, unit.name, unit.short_name)
        for name in UnitName.objects.order_by("-started_on"):
            self.unit_names.setdefault(name.unit_id, []).append(name)
            self._name_unit(by_pk[name.unit_id], name.name, name.short_name)

    def _name_unit(self, unit: Unit, *names: str) -> None:
        for name in names:
            self.units_named.setdefault(plain(name), {})[unit.pk] = unit

    def _read_postings(self) -> None:
        self.postings: dict[int, list[Posting]] = {}
        for posting in Posting.objects.select_related("unit", "post").order_by("-started_on"):
            self.postings.setdefault(posting.person_id, []).append(posting)

    def _read_awards(self) -> None:
        self.awards: dict[str, list[Award]] = {}
        for award in Award.objects.all():
            for key in {plain(award.code), plain(award.name), bare(award.name)}:
                self.awards.setdefault(key, []).append(award)

    # --- who ------------------------------------------------------------------------------------------
    def unit(self, code: str, name: str) -> Unit:
        """By its code, whatever it was called then; or by a name that only this unit goes or went by."""
        if code:
            found = self.units.get(code.casefold())
            if found is None:
                raise Unknown(f"Không có đơn vị nào mã “{code}”.")
            self._check_name(found, code, name)
            return found
        named = list(self.units_named.get(plain(name), {}).values())
        if not named:
            raise Unknown(
                f"Không tìm thấy đơn vị nào tên “{name}”, kể cả trong tên cũ. Hãy ghi mã đơn vị kế thừa nó."
            )
        if len(named) > 1:
            codes = ", ".join(one.code for one in named[:8])
            raise Unknown(f"Có {len(named)} đơn vị từng mang tên “{name}” (mã {codes}). Hãy ghi mã đơn vị.")
        return named[0]

    def _check_name(self, unit: Unit, code: str, name: str) -> None:
        """A name that the portal knows must be the unit's, or that of one which it carries on; others are old names."""
        named = self.units_named.get(plain(name), {}) if name else {}
        if named and unit.pk not in named and not any(unit.pk in self.carried_on.get(pk, ()) for pk in named):
            raise Unknown(f"Mã “{code}” là của {unit.name}, không phải “{name}”.")

    def unit_called(self, name: str) -> Unit | None:
        """The unit in which somebody worked, if its name says which one."""
        named = list(self.units_named.get(plain(name), {}).values())
        return named[0] if len(named) == 1 else None

    # --- what they were on a day --------------------------------------------------------------------------
    def name_of_unit(self, unit: Unit, day: date) -> str:
        return next((name.name for name in _on(self.unit_names.get(unit.pk, []), day)), unit.name)

    def posting(self, person: Person, day: date) -> Posting | None:
        return next(iter(_on(self.postings.get(person.pk, []), day)), None)

    # --- which award --------------------------------------------------------------------------------------
    def award(self, text: str, recipient: str, kinds: dict[str, str]) -> Award:
        found = {one.pk: one for key in (plain(text), bare(text)) for one in self.awards.get(key, [])}
        mine = [one for one in found.values() if one.recipient == recipient]
        if len(mine) == 1:
            return mine[0]
        if mine:
            codes = ", ".join(one.code for one in mine)
            raise Unknown(f"“{text}” có nhiều mục trong danh mục (mã {codes}). Hãy ghi mã.")
        if found:
            other = next(iter(found.values()))
            raise Unknown(f"“{other}” chỉ dành cho {kinds[other.recipient]}.")
        near = get_close_matches(bare(text), self.awards, n=1, cutoff=0.75)
        hint = f" Có phải “{self.awards[near[0]][0]}”?" if near else " Hãy xem danh mục trong tệp mẫu."
        raise Unknown(f"Không có danh hiệu, hình thức nào tên hoặc mã “{text}”.{hint}")


def key_of(honour: Honour) -> Key:
    who = honour.person_id or honour.unit_id or 0
    return (honour.recipient, who, honour.award_id, honour.year, number_key(honour.decision_number))


def number_key(number: str) -> str:
    """ "125/QĐ-SNV" and "125 / qđ-snv" are one number."""
    return plain(number).replace(" ", "")


def plain(text: str) -> str:
    """For comparing names: without diacritics, quotes and repeated blanks."""
    return " ".join(QUOTES.sub("", fold(text)).split())


def bare(text: str) -> str:
    """An award without the words that papers put before it."""
    name = plain(text)
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _on(rows: Iterable, day: date) -> list:
    return [row for row in rows if row.started_on <= day and (row.ended_on is None or day <= row.ended_on)]
