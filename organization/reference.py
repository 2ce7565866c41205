"""Loads the kinds of unit, the posts and the working-day calendar from ``reference/organization/``."""

from pathlib import Path

from core.models import WorkDay, WorkYear
from core.reference import Change, Record, ReferenceError, read, records, upsert
from organization.models import Post, UnitKind


def load(folder: Path) -> list[Change]:
    """Bring both tables up to their files; ``folder`` holds unit_kinds.yaml and posts.yaml."""
    kinds = records(read(folder / "unit_kinds.yaml"), "unit_kinds", required=("code", "name", "order"))
    posts = records(read(folder / "posts.yaml"), "posts", required=("code", "name", "order", "is_leader"))
    for items in (kinds, posts):
        _check_codes(items)
    known = {item["code"] for item in kinds}
    for item in posts:
        strange = set(item.get("kinds", [])) - known
        if strange:
            raise ReferenceError.at(item, f"không có loại đơn vị {', '.join(sorted(strange))}.")
    changes = [
        upsert(UnitKind, key={"code": item["code"]}, values=_pick(item, "name", "order"), source=item)[1]
        for item in kinds
    ]
    changes += [
        upsert(
            Post, key={"code": item["code"]}, values=_pick(item, "name", "order", "is_leader"), source=item
        )[1]
        for item in posts
    ]
    return changes


def _pick(item: Record, *names: str) -> dict[str, object]:
    return {name: item[name] for name in names}


def _check_codes(items: list[Record]) -> None:
    seen: set[str] = set()
    for item in items:
        if item["code"] in seen:
            raise ReferenceError.at(item, f"mã “{item['code']}” lặp lại.")
        seen.add(item["code"])


def load_holidays(path: Path) -> list[Change]:
    """The working-day calendar. A year that the Office has changed or confirmed is left as the Office has it."""
    changes = []
    for item in records(read(path), "years", required=("year", "days")):
        year = WorkYear.objects.filter(year=item["year"]).first()
        if year and year.version > 1:
            changes.append(Change("unchanged", f"{year} (Văn phòng Sở giữ)"))
            continue
        _, change = upsert(
            WorkYear,
            key={"year": item["year"]},
            values={"is_confirmed": item.get("confirmed", False)},
            source=item,
        )
        changes.append(change)
        for one in records(item, "days", required=("day", "name")):
            if getattr(one["day"], "year", None) != item["year"]:
                raise ReferenceError.at(one, f"ngày không thuộc năm {item['year']}.")
            values = {"kind": WorkDay.Kind.OFF, "is_certain": False} | _pick(one, *(one.keys() - {"day"}))
            changes.append(upsert(WorkDay, key={"day": one["day"]}, values=values, source=one)[1])
    return changes
