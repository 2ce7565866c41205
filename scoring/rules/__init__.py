"""Who may do what with achievements and score sheets; loaded at start by ``rules``."""

from scoring.rules import achievements, sheets

__all__ = ["achievements", "sheets"]
