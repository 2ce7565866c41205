"""Schemes from Excel: what every row says, and what would become of the table. Nothing is written here."""

from campaigns.importing.plan import ImportedNode, SchemePlan, plan_scheme
from campaigns.importing.rows import COLUMNS, DATA_SHEET, read_rows

__all__ = ["COLUMNS", "DATA_SHEET", "ImportedNode", "SchemePlan", "plan_scheme", "read_rows"]
