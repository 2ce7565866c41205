"""One sheet as a file: its paper, and the workbook that is filled in offline."""

from scoring.exports.offline import offline_file
from scoring.exports.papers import WRITERS, result_file, sheet_file

__all__ = ["WRITERS", "offline_file", "result_file", "sheet_file"]
