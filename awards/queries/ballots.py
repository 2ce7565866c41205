"""The keys of a ballot box: whose they are, by fingerprint, and whether they are still those it was opened with."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from awards.calculations import sealing
from awards.models import BallotBox, CouncilMember, TellerKey
from core.journal import history_of


def prints_of(keys: Iterable[TellerKey]) -> list[dict[str, Any]]:
    """As they are kept with the box and in the journal; the members have to be loaded."""
    return [
        {
            "teller": one.member_id,
            "name": one.member.name_then,
            "sha256": sealing.fingerprint(bytes(one.public_key)),
        }
        for one in keys
    ]


def are_true(box: BallotBox, keys: Iterable[TellerKey]) -> bool:
    """Whether these keys, the box and the journal, which is only ever added to, agree. A box is opened once, and once
    again after a teller was replaced: any other line about it was written by nobody in the portal."""
    entries = history_of(box).filter(verb__in=("open_box", "replace_teller"))
    opened = takewhile(lambda one: one.verb == "open_box", entries)
    lines = [one.data.get("keys") for one in opened]
    return bool(box.key_prints) and lines == [box.key_prints] and prints_of(keys) == box.key_prints


@dataclass(frozen=True)
class KeyPrint:
    """A key as the page shows it."""

    name: str
    short: str
    is_mine: bool


def shown_prints(box: BallotBox, keys: Iterable[TellerKey], me: CouncilMember | None) -> list[KeyPrint]:
    """As they were when the box opened; before that, as they are now."""
    return [
        KeyPrint(one["name"], sealing.short(one["sha256"]), me is not None and one["teller"] == me.pk)
        for one in box.key_prints or prints_of(keys)
    ]
