"""What leaves the portal as a file: papers, the workbook that is filled in offline, the matrix."""

from scoring.exports.matrix import matrix_file
from scoring.exports.offline import offline_file
from scoring.exports.papers import WRITERS, result_file, sheet_file

__all__ = ["WRITERS", "matrix_file", "offline_file", "result_file", "sheet_file"]
