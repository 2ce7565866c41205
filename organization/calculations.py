"""Who decides on what a closed unit has left behind. Pure: no Django."""

from collections.abc import Collection, Iterable

# Unit, its path, the unit above it, a unit that took over from it; one row for every successor.
ClosedUnit = tuple[int, str, int | None, int | None]


def left_to(closed: Iterable[ClosedUnit], headed: Collection[int]) -> dict[int, str]:
    """The closed units, with their paths, that fall to one of the units in ``headed``.

    A unit falls to its only successor; a unit that was divided, or has no successor, to the unit above it.
    """
    paths: dict[int, str] = {}
    above: dict[int, int | None] = {}
    successors: dict[int, list[int]] = {}
    for unit, path, parent, successor in closed:
        paths[unit], above[unit] = path, parent
        successors.setdefault(unit, []).extend([successor] if successor else [])

    def heir(unit: int | None) -> int | None:
        seen: set[int] = set()
        while unit in paths and unit not in seen:
            seen.add(unit)
            unit = successors[unit][0] if len(successors[unit]) == 1 else above[unit]
        return unit

    return {unit: path for unit, path in paths.items() if heir(unit) in headed}
