"""docs/trust.md: every line of the checklist once, with a state, and only with tests that exist."""

import re
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| (?P<number>\d+) \| [^|]+ \| (?P<state>[A-Z]\w+) \| (?P<where>.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
STATES = {"Holds", "Partly", "Later", "Operations"}


def rows() -> list[re.Match[str]]:
    return [*ROW.finditer((TESTS.parent / "docs" / "trust.md").read_text(encoding="utf-8"))]


def test_every_line_stands_there_once_with_a_state() -> None:
    assert [int(row["number"]) for row in rows()] == list(range(1, 54))
    assert set(Counter(row["state"] for row in rows())) <= STATES


def test_what_holds_names_its_tests_and_they_exist() -> None:
    wrong = []
    for row in rows():
        named = NAMED.findall(row["where"])
        if row["state"] in {"Holds", "Partly"} and not named:
            wrong.append(f"{row['number']}: no test")
        for file, test in named:
            path = TESTS / file
            if not path.exists() or f"def {test}(" not in path.read_text(encoding="utf-8"):
                wrong.append(f"{row['number']}: {file}::{test} does not exist")
    assert not wrong, "\n".join(wrong)
