"""Excel sheets of units and people: the template, reading with clear complaints, and what would become of each row."""

from organization.importing.plan import Plan, plan_of, plan_sheet
from organization.importing.sheets import COLUMNS, Column, Sheet, SheetRow, read_sheet, read_table
from organization.importing.template import template, write_template

__all__ = [
    "COLUMNS",
    "Column",
    "Plan",
    "Sheet",
    "SheetRow",
    "plan_of",
    "plan_sheet",
    "read_sheet",
    "read_table",
    "template",
    "write_template",
]
