"""The paper of one sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from scoring.exports import WRITERS, result_file
from scoring.queries.sheets import sheet_visible_to


@require_GET
def result_paper(request: HttpRequest, pk: int, extension: str) -> HttpResponse:
    """For whoever may read the sheet."""
    sheet = sheet_visible_to(request.user, pk)
    if sheet is None or extension not in WRITERS:
        raise Http404
    return result_file(sheet, extension)
