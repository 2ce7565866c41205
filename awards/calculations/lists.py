"""The rows and sums of an award list, the same for the page, the sheet and the Word paper. Pure: no Django."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

COLLECTIVE, INDIVIDUAL = "collective", "individual"
KINDS = {COLLECTIVE: ("TẬP THỂ", "tập thể"), INDIVIDUAL: ("CÁ NHÂN", "cá nhân")}
ROMAN = ("I", "II")


@dataclass(frozen=True)
class AwardRow:
    """One line of the award list in its printed form."""

    entry_id: int
    recipient: str
    number: int
    name: str
    post: str
    unit: str
    score: Decimal | None
    score_text: str
    band: str
    award: str
    note: str

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns, as text."""
        return (
            str(self.number),
            self.name,
            self.post,
            self.unit,
            self.score_text,
            self.band,
            self.award,
            self.note,
        )


@dataclass(frozen=True)
class Count:
    """How many collectives and individuals, of one award or altogether."""

    name: str
    collectives: int = 0
    individuals: int = 0

    @property
    def text(self) -> str:
        """ "03 tập thể, 11 cá nhân"."""
        parts = [(self.collectives, "tập thể"), (self.individuals, "cá nhân")]
        return ", ".join(f"{two_digits(count)} {word}" for count, word in parts if count) or "không có"


@dataclass(frozen=True)
class Section:
    """ "I. TẬP THỂ" with its rows."""

    recipient: str
    title: str
    rows: list[AwardRow] = field(default_factory=list)

    @property
    def count(self) -> str:
        """ "03 tập thể"."""
        return f"{two_digits(len(self.rows))} {KINDS[self.recipient][1]}"


def sections(rows: Iterable[AwardRow]) -> list[Section]:
    """Collectives, then individuals; a kind without rows gets no heading, so the Roman numbers have no gap."""
    kept = list(rows)
    found: list[Section] = []
    for recipient, (title, _) in KINDS.items():
        mine = [row for row in kept if row.recipient == recipient]
        if mine:
            found.append(Section(recipient, f"{ROMAN[len(found)]}. {title}", mine))
    return found


def totals(counts: Iterable[tuple[str, str, int]]) -> tuple[Count, list[Count]]:
    """The sum and the sums per award, from (award, recipient, how many) in the order of the catalogue."""
    per_award: dict[str, dict[str, int]] = {}
    for award, recipient, many in counts:
        mine = per_award.setdefault(award, dict.fromkeys(KINDS, 0))
        mine[recipient] += many
    parts = [Count(name, mine[COLLECTIVE], mine[INDIVIDUAL]) for name, mine in per_award.items()]
    whole = Count("Tổng số", sum(part.collectives for part in parts), sum(part.individuals for part in parts))
    return whole, parts


def two_digits(number: int) -> str:
    """Decree 30/2020: numbers below ten carry a leading zero."""
    return f"{number:02d}"


def lines_of(text: str, characters: int) -> int:
    """How many lines a text takes when it is wrapped between words at so many characters."""
    lines, used = 1, 0
    for word in text.split():
        needed = used + bool(used) + len(word)
        if needed <= characters:
            used = needed
            continue
        lines += bool(used) + (len(word) - 1) // characters
        used = len(word) % characters or characters
    return lines
