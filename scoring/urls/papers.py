"""Addresses of a sheet as a file: its paper, and the workbook that is filled in offline."""

from django.urls import path

from scoring.views import papers

urlpatterns = [
    path("phieu/<int:pk>/phieu-ket-qua/<slug:extension>/", papers.result_paper, name="result_paper"),
]
