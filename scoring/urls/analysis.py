"""Addresses of a round seen from above."""

from django.urls import path

from scoring.views import analysis, what_if, years
from scoring.views.feeding import feeding

urlpatterns = [
    path("dot/<int:pk>/ma-tran/", analysis.matrix, name="matrix"),
    path("dot/<int:pk>/tien-do/", analysis.progress, name="progress"),
    path("dot/<int:pk>/mat-diem/", analysis.losses_of_round, name="losses_of_round"),
    path("dot/<int:pk>/thu-diem/", what_if.what_if_of_round, name="what_if_of_round"),
    path("phieu/<int:pk>/thu-diem/", what_if.scorecard_what_if, name="scorecard_what_if"),
    path("dot/<int:pk>/cap-duoi/", feeding, name="feeding"),
    path("phieu/<int:pk>/mat-diem/", analysis.losses_of_sheet, name="losses_of_sheet"),
    path("phieu/<int:pk>/cac-nam/", years.scorecard_years, name="scorecard_years"),
    path("xep-hang/<int:pk>/cac-nam/", years.years_of_block, name="years_of_block"),
]
