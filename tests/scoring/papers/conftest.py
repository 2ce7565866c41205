"""Sheets led to any state, as in the stories of the sheets."""

from tests.scoring.sheets.conftest import document, fill, led_to, line_of, opened, sheet_of

__all__ = ["document", "fill", "led_to", "line_of", "opened", "sheet_of"]
