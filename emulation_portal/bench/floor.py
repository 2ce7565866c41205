"""The floor itself: a signed-in page with 25 rows, as the Django tutorial would write it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from organization.models import Posting


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    rows = Posting.objects.select_related("person", "unit", "post").order_by("pk")
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    return render(request, "bench/floor.html", {"page": page})


urlpatterns = [path("floor/", floor, name="bench_floor")]
