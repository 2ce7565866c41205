"""Loads ``reference/awards``: the catalogue, the conditions of campaigns, the province's figures, the law as data.

What the Office writes on a page (conditions of one year, a newer figure with its basis) is never touched by a file.
"""

from pathlib import Path

from awards.reference.campaigns import load_conditions
from awards.reference.catalogue import load_awards
from awards.reference.figures import load_base_salaries, load_settings
from awards.reference.law import load_rules
from awards.reference.report import load_report
from awards.reference.sources import cited_in_database, cited_in_file, read_source, source_of_files
from core.reference import Change, read


def load(folder: Path) -> list[Change]:
    """Everything of the folder, in the order in which it refers to each other; inside the caller's transaction."""
    changes = load_law(folder)
    for path in sorted(folder.glob("campaign-*.yaml")):
        changes += load_conditions(read(path))
    return changes


def load_law(folder: Path) -> list[Change]:
    """The catalogue, the province's figures and the law; needs the legal documents alone."""
    catalogue, figures = read(folder / "catalogue.yaml"), read(folder / "settings.yaml")
    changes = load_awards(catalogue)
    changes += load_settings(figures)
    changes += load_base_salaries(read(folder / "base_salaries.yaml"))
    changes += load_report(read(folder / "report.yaml"))
    return changes + load_rules(read_source(folder, cited_in_database()))


__all__ = ["cited_in_database", "cited_in_file", "load", "load_law", "read_source", "source_of_files"]
