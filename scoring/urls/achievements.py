"""Addresses of achievements and evidence."""

from django.urls import path

from scoring.views import achievements, decisions, evidence

urlpatterns = [
    path("thanh-tich/", achievements.achievement_list, name="achievement_list"),
    path("thanh-tich/moi/", achievements.achievement_create, name="achievement_create"),
    path("thanh-tich/xac-nhan/", decisions.confirm_many, name="achievement_confirm_many"),
    path("thanh-tich/<int:pk>/", achievements.achievement_detail, name="achievement_detail"),
    path("thanh-tich/<int:pk>/sua/", achievements.achievement_edit, name="achievement_edit"),
    path("thanh-tich/<int:pk>/luu-nhap/", achievements.achievement_autosave, name="achievement_autosave"),
    path("thanh-tich/<int:pk>/kiem-tra/", achievements.achievement_check, name="achievement_check"),
    path("thanh-tich/<int:pk>/tai-lieu/", evidence.achievement_evidence, name="achievement_evidence"),
    path("thanh-tich/<int:pk>/tai-lieu/dung-lai/", evidence.link, name="achievement_evidence_link"),
    path(
        "thanh-tich/<int:pk>/tai-lieu/<int:document>/go/", evidence.unlink, name="achievement_evidence_remove"
    ),
    path("thanh-tich/<int:pk>/<slug:verb>/", decisions.achievement_move, name="achievement_move"),
    path("thanh-tich/<slug:view>/", achievements.achievement_list, name="achievement_list_of"),
    path("tai-lieu/", evidence.evidence_list, name="evidence_list"),
    path("tai-lieu/moi/", evidence.evidence_upload, name="evidence_upload"),
    path("tai-lieu/<int:pk>/", evidence.evidence_detail, name="evidence_detail"),
    path("tai-lieu/<int:pk>/tai-ve/", evidence.evidence_download, name="evidence_download"),
    path("tai-lieu/<int:pk>/dung-chung/", evidence.evidence_share, name="evidence_share"),
    path("tai-lieu/<int:pk>/xoa/", evidence.evidence_remove, name="evidence_remove"),
]
