"""Addresses of a round seen from above."""

from django.urls import path

from scoring.views import analysis

urlpatterns = [
    path("dot/<int:pk>/ma-tran/", analysis.matrix, name="matrix"),
    path("dot/<int:pk>/tien-do/", analysis.progress, name="progress"),
    path("dot/<int:pk>/mat-diem/", analysis.losses_of_round, name="losses_of_round"),
    path("phieu/<int:pk>/mat-diem/", analysis.losses_of_sheet, name="losses_of_sheet"),
]
