"""Excel sheets of units and people: the template, reading with clear complaints, and what would become of each row."""

from organization.importing.plan import Plan, plan_of, plan_sheet
from organization.importing.sheets import COLUMNS, Sheet, read_sheet
from organization.importing.template import template

__all__ = ["COLUMNS", "Plan", "Sheet", "plan_of", "plan_sheet", "read_sheet", "template"]
