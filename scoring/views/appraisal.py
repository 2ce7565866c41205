"""The sheets that wait for appraisal."""

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from core.listing import Filter, list_response
from organization import roles
from scoring.models import Scorecard
from scoring.queries.sheets import waiting_for_appraisal, waiting_for_rows
from scoring.views.listings import sheet_listing

GIVEN = [("duoc-giao", "Tiêu chí được giao")]


@require_GET
def appraisal_list(request: HttpRequest) -> HttpResponse:
    """For the appraising side only; sheets it may not appraise itself are left out."""
    user: Any = request.user
    if not user.acting.roles & {roles.OFFICE, roles.APPRAISER}:
        raise Http404
    waiting = Q(pk__in=waiting_for_appraisal(user).values("pk")) | waiting_for_rows(user)
    listing = sheet_listing(user, title="Phiếu chờ thẩm định")
    if not user.acting.is_(roles.OFFICE):
        given = Filter("viec", "Việc", lambda: GIVEN, lambda rows, _: rows.filter(waiting_for_rows(user)))
        listing = replace(listing, filters=[*listing.filters, given])
    rows = Scorecard.objects.filter(waiting)
    return list_response(request, listing, rows, "scoring/sheets/appraisal_list.html")
