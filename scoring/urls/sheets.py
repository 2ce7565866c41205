"""Addresses of score sheets, appraisal, ranking and publication."""

from django.urls import path

from scoring.views import (
    appraisal,
    indexes,
    lines,
    past,
    publishing,
    ranking,
    republishing,
    returning,
    sheets,
    survey,
    versions,
)

urlpatterns = [
    path("phieu/", sheets.scorecard_list, name="scorecard_list"),
    path("phieu/mo/<int:pk>/", sheets.open_sheets, name="open_sheets"),
    path("phieu/bo-tieu-chi/nam/<int:pk>/", versions.move_sheets_of_year, name="move_sheets_of_year"),
    path("phieu/bo-tieu-chi/<int:pk>/", versions.move_sheets, name="move_sheets"),
    path("phieu/duyet/", sheets.scorecard_bulk_approve, name="scorecard_bulk_approve"),
    path("phieu/<int:pk>/", sheets.scorecard_detail, name="scorecard_detail"),
    path("phieu/<int:pk>/luu/", sheets.scorecard_save, name="scorecard_save"),
    path("phieu/<int:pk>/lay-thanh-tich/", sheets.scorecard_refresh, name="scorecard_refresh"),
    path("phieu/<int:pk>/lay-chi-so/", indexes.sheet_indexes, name="sheet_indexes"),
    path("phieu/<int:pk>/excel/", sheets.scorecard_export, name="scorecard_export"),
    path("phieu/<int:pk>/viec/<slug:verb>/", sheets.scorecard_move, name="scorecard_move"),
    path("phieu/<int:pk>/tra-lai/<slug:verb>/", returning.scorecard_return, name="scorecard_return"),
    path("phieu/<int:pk>/dong/<int:line_pk>/", sheets.line_save, name="line_save"),
    path("phieu/<int:pk>/dong/<int:line_pk>/ap-dung/", lines.line_exclusion, name="line_exclusion"),
    path("phieu/<int:pk>/dong/<int:line_pk>/tai-lieu/", lines.line_evidence, name="line_evidence"),
    path("phieu/<int:pk>/tai-lieu/<int:link_pk>/go/", lines.evidence_detach, name="evidence_detach"),
    path("lay-chi-so/<int:pk>/", indexes.round_indexes, name="round_indexes"),
    path("dieu-tra/<int:pk>/", survey.survey, name="survey"),
    path("dieu-tra/<int:pk>/chot/", survey.close_figures, name="close_figures"),
    path("tham-dinh/", appraisal.appraisal_list, name="appraisal_list"),
    path("xep-hang/", ranking.ranking, name="ranking"),
    path("xep-hang/<int:pk>/nap/", past.past_upload, name="past_upload"),
    path("xep-hang/<int:pk>/nap/<int:file_pk>/", past.past_preview, name="past_preview"),
    path("ket-qua/<int:pk>/", publishing.result_detail, name="result_detail"),
    path("cong-bo/", publishing.publication_list, name="publication_list"),
    path("cong-bo/<int:pk>/lai/", republishing.publish_again, name="publish_again"),
    path("cong-bo/<int:pk>/mo-lai/", publishing.publication_withdraw, name="publication_withdraw"),
    path("cong-bo/<int:pk>/<slug:recipient>/", publishing.publish, name="publish"),
]
