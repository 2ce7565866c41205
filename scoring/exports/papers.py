"""The result sheet of a unit or a person as a file: Word, PDF or Excel of one paper."""

from django.http import HttpResponse

from core.attachments import OFFICE, PLAIN
from core.papers import Writer, excel, pdf, word
from core.sheets import file_name, file_response
from scoring.models import Scorecard
from scoring.queries.papers import result_paper

WRITERS: dict[str, Writer] = {"docx": word.write, "pdf": pdf.write, "xlsx": excel.write}
MIMES = {"docx": OFFICE["docx"][0], "pdf": PLAIN["pdf"], "xlsx": OFFICE["xlsx"][0]}


def result_file(sheet: Scorecard, extension: str) -> HttpResponse:
    content = WRITERS[extension](result_paper(sheet))
    name = file_name(f"Phiếu kết quả {sheet.campaign_year.when} – {sheet}", extension)
    return file_response(content, name, MIMES[extension])


def sheet_file(sheet: Scorecard) -> HttpResponse:
    return result_file(sheet, "xlsx")
