"""The acts behind the buttons of a score sheet, by the verbs of ``scoring.workflow.sheets.SCORECARD``."""

from scoring.actions import appraisal, sheets

ACTIONS = {
    "submit": sheets.submit,
    "withdraw": sheets.withdraw,
    "approve": sheets.approve,
    "appraise": appraisal.appraise,
    "explain": appraisal.explain,
    "appraise_again": appraisal.appraise_again,
    "conclude": appraisal.conclude,
    "reconsider": appraisal.reconsider,
    "reopen": appraisal.reopen,
    "reopen_published": appraisal.reopen_published,
}
# The acts that ask which lines, each with its reason.
RETURNING = {
    "send_back": sheets.send_back,
    "return_to_unit": sheets.return_to_unit,
    "ask": appraisal.ask,
}
