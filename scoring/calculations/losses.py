"""Where points were lost: row by row, for one unit or for a whole block."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from scoring.calculations.standing import HUNDRED, ZERO


@dataclass(frozen=True)
class Lost:
    """One row: what it could have given, what it gave, what is missing and how much of all that is missing."""

    key: object
    maximum: Decimal
    score: Decimal
    lost: Decimal
    share: Decimal
    running: Decimal

    @property
    def before(self) -> Decimal:
        """What greater losses make up: where this one begins in the waterfall."""
        return self.running - self.share


def losses(rows: Iterable[tuple[object, Decimal, Decimal]]) -> list[Lost]:
    """From (row, maximum, score), the greatest loss first; ``share`` and ``running`` in percent of all that was lost.

    A row that gave more than its maximum lost nothing. Equal losses keep the order given.
    """
    missing = [(key, most, score, max(most - score, ZERO)) for key, most, score in rows]
    whole = sum((lost for *_, lost in missing), ZERO)
    found, so_far = [], ZERO
    for key, most, score, lost in sorted(missing, key=lambda row: row[3], reverse=True):
        share = lost / whole * HUNDRED if whole else ZERO
        so_far += share
        found.append(Lost(key, most, score, lost, share, so_far))
    return found
