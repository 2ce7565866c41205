"""The sheets that wait for appraisal."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from core.listing import list_response
from organization import roles
from scoring.models import Scorecard
from scoring.queries.sheets import waiting_for_appraisal
from scoring.views.listings import sheet_listing


@require_GET
def appraisal_list(request: HttpRequest) -> HttpResponse:
    """For the appraising side only; sheets it may not appraise itself are left out."""
    user: Any = request.user
    if not user.acting.roles & {roles.OFFICE, roles.APPRAISER}:
        raise Http404
    rows = Scorecard.objects.filter(pk__in=waiting_for_appraisal(user).values("pk"))
    listing = sheet_listing(user, title="Phiếu chờ thẩm định")
    return list_response(request, listing, rows, "scoring/sheets/appraisal_list.html")
