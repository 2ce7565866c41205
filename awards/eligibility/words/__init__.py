"""The meaning of the condition words: which data asks, Python answers. Pure.

Every word is a function ``(candidate, asked) -> Finding``; ``asked`` holds the parameters of the condition, settings of
the province already filled in. The words and their parameters are described in ``reference/README.md`` and
``reference/rulebook.schema.json``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from awards.eligibility.facts import Candidate
from awards.eligibility.findings import Finding
from awards.eligibility.words import collective, history, person

Word = Callable[[Candidate, Mapping[str, Any]], Finding]

MEANING: dict[str, Word] = {
    "rating": history.rating,
    "title": history.title,
    "initiative": history.initiative,
    "result": history.result,
    "not_disciplined": person.not_disciplined,
    "no_hold": person.no_hold,
    "worked": person.worked,
    "absence": person.absence,
    "training": person.training,
    "transfer": person.transfer,
    "employment": person.employment,
    "post": person.post,
    "registered": person.registered,
    "affirmed": person.affirmed,
    "members": collective.members,
    "members_complete": collective.members_complete,
    "members_not_disciplined": collective.members_not_disciplined,
    "existed": collective.existed,
    "movement": collective.movement,
}
