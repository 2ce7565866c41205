"""To whom falls what a closed unit has left behind (docs/adr/0008). Pure: no Django."""

from collections.abc import Collection, Iterable

# Unit, its path, the unit above it, a unit that took over from it; one row for every successor.
ClosedUnit = tuple[int, str, int | None, int | None]


def left_to(closed: Iterable[ClosedUnit], headed: Collection[int]) -> dict[int, str]:
    """The closed units, with their paths, that fall to one of the units in ``headed``.

    A unit falls to its only successor; a unit that was divided, or has no successor, to the unit above it.
    """
    paths, above, successors = _read(closed)

    def heir(unit: int | None) -> int | None:
        seen: set[int] = set()
        while unit in paths and unit not in seen:
            seen.add(unit)
            unit = successors[unit][0] if len(successors[unit]) == 1 else above[unit]
        return unit

    return {unit: path for unit, path in paths.items() if heir(unit) in headed}


def carried_on_by(unit: int, closed: Iterable[ClosedUnit]) -> set[int]:
    """The closed units whose papers the people of ``unit`` go on writing: every successor's people of a divided one.

    Where a unit has no successor, the people of the unit above it.
    """
    paths, above, successors = _read(closed)
    found: set[int] = set()
    new = {unit}
    while new:
        new = {
            one
            for one in paths.keys() - found
            if new & set(successors[one]) or (not successors[one] and above[one] in new)
        }
        found |= new
    return found


def _read(
    closed: Iterable[ClosedUnit],
) -> tuple[dict[int, str], dict[int, int | None], dict[int, list[int]]]:
    paths: dict[int, str] = {}
    above: dict[int, int | None] = {}
    successors: dict[int, list[int]] = {}
    for unit, path, parent, successor in closed:
        paths[unit], above[unit] = path, parent
        successors.setdefault(unit, []).extend([successor] if successor else [])
    return paths, above, successors
