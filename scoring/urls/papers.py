"""Addresses of a sheet as a file: its paper, and the workbook that is filled in offline."""

from django.urls import path

from scoring.views import offline, papers

urlpatterns = [
    path("phieu/<int:pk>/phieu-ket-qua/<slug:extension>/", papers.result_paper, name="result_paper"),
    path("phieu/<int:pk>/dien-ngoai-tuyen/", offline.sheet_offline, name="sheet_offline"),
    path("phieu/<int:pk>/nap-tep/", offline.sheet_upload, name="sheet_upload"),
    path("phieu/<int:pk>/nap-tep/ghi/", offline.sheet_confirm, name="sheet_confirm"),
]
