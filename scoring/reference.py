"""Reads the reference files of the scoring."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

from scoring.calculations import Class, Gate, Ratings


@cache
def load_ratings(name: str = "nd335_individual") -> Ratings:
    file = Path(settings.BASE_DIR) / "reference" / "scoring" / "ratings.yaml"
    given = yaml.safe_load(file.read_text(encoding="utf-8"))[name]
    return Ratings(
        tuple(Class(row["name"], Decimal(row["lower_bound"])) for row in given["bands"]),
        tuple(Gate(row["band"], row["fact"], row["op"], Decimal(row["bound"])) for row in given["gates"]),
        Decimal(given["ceiling_percent"]),
    )
