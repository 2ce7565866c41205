"""Addresses of the award floor."""

from django.urls import path

from awards import views
from awards.views import (
    bonus,
    facts,
    history_import,
    holds,
    initiatives,
    rating_import,
    ratings,
    register,
    reviews,
)

app_name = "awards"
urlpatterns = [
    path("", views.award_list_list, name="award_list_list"),
    path("lap/<int:year_pk>/", views.award_list_compute, name="award_list_compute"),
    path("dieu-kien/<int:year_pk>/", views.conditions, name="conditions"),
    path("quy-dinh/", views.province, name="province"),
    path("quy-dinh/<slug:code>/", views.figure, name="figure"),
    path("quy-dinh/bo/<int:pk>/", views.figure_withdraw, name="figure_withdraw"),
    path("tieu-chuan/", views.standards, name="standards"),
    path("the-thuc/", views.paper_head, name="paper_head"),
    path("<int:pk>/", views.award_list_detail, name="award_list_detail"),
    path("<int:pk>/chuyen/<slug:verb>/", views.award_list_move, name="award_list_move"),
    path("<int:pk>/bo-sung/", views.entry_add, name="entry_add"),
    path("<int:pk>/excel/", views.export_xlsx, name="export_xlsx"),
    path("<int:pk>/word/", views.export_docx, name="export_docx"),
    path("dong/<int:pk>/", views.entry_change, name="entry_change"),
    path("dong/<int:pk>/ghi-chu/", views.entry_note, name="entry_note"),
    path("dong/<int:pk>/dua-ra/", views.entry_remove, name="entry_remove"),
    path("dong/<int:pk>/khoi-phuc/", views.entry_restore, name="entry_restore"),
    # the register
    path("so/", register.register, name="register"),
    path("so/ghi/", register.honour_enter, name="honour_enter"),
    path("so/<int:pk>/", register.honour_detail, name="honour_detail"),
    path("so/<int:pk>/sua/", register.honour_change, name="honour_change"),
    path("so/<int:pk>/huy/", register.honour_cancel, name="honour_cancel"),
    path("so/nguoi/<int:pk>/", register.honours_of_person, name="honours_of_person"),
    path("so/don-vi/<int:pk>/", register.honours_of_unit, name="honours_of_unit"),
    path("so/nhap-excel/", history_import.history_import_list, name="history_import_list"),
    path("so/nhap-excel/mau/", history_import.history_import_template, name="history_import_template"),
    path("so/nhap-excel/<int:pk>/", history_import.history_import_preview, name="history_import_preview"),
    path(
        "so/nhap-excel/<int:pk>/xac-nhan/",
        history_import.history_import_confirm,
        name="history_import_confirm",
    ),
    # the review
    path("binh-xet/", reviews.review_list, name="review_list"),
    path("binh-xet/lap/", reviews.review_create, name="review_create"),
    path("binh-xet/<int:pk>/", reviews.review_detail, name="review_detail"),
    path("binh-xet/<int:pk>/sua/", reviews.review_change, name="review_change"),
    path("binh-xet/<int:pk>/chuyen/<slug:verb>/", reviews.review_move, name="review_move"),
    path("binh-xet/<int:pk>/quy-dinh/", reviews.review_rules, name="review_rules"),
    path("binh-xet/<int:pk>/tinh/", reviews.review_judge, name="review_judge"),
    path("binh-xet/<int:pk>/tien-do/", reviews.review_judging, name="review_judging"),
    path("binh-xet/<int:pk>/kha-nang/", reviews.prospect_list, name="prospect_list"),
    path("binh-xet/<int:pk>/kha-nang/<slug:kind>/<int:subject_pk>/", reviews.findings, name="findings"),
    path("xep-loai/", ratings.rating_board, name="rating_board"),
    path("xep-loai/<int:year>/don-vi/<int:unit_pk>/", ratings.rating_unit, name="rating_unit"),
    path("xep-loai/<int:year>/tu-ket-qua/", ratings.rating_offers, name="rating_offers"),
    path("xep-loai/<int:year>/nhap-excel/", rating_import.rating_import_list, name="rating_import_list"),
    path(
        "xep-loai/<int:year>/nhap-excel/mau/",
        rating_import.rating_import_template,
        name="rating_import_template",
    ),
    path(
        "xep-loai/<int:year>/nhap-excel/<int:pk>/",
        rating_import.rating_import_preview,
        name="rating_import_preview",
    ),
    path(
        "xep-loai/<int:year>/nhap-excel/<int:pk>/xac-nhan/",
        rating_import.rating_import_confirm,
        name="rating_import_confirm",
    ),
    # facts by hand, holds
    path("tam-dung/", holds.hold_list, name="hold_list"),
    path("tam-dung/ghi/", holds.hold_place, name="hold_place"),
    path("tam-dung/<int:pk>/", holds.hold_detail, name="hold_detail"),
    path("tam-dung/<int:pk>/go/", holds.hold_release, name="hold_release"),
    path("du-kien/nguoi/<int:pk>/", facts.facts_of_person, name="facts_of_person"),
    path("du-kien/<slug:kind>/", facts.fact_list, name="fact_list"),
    path("du-kien/<slug:kind>/ghi/", facts.fact_enter, name="fact_enter"),
    path("du-kien/<slug:kind>/<int:pk>/", facts.fact_detail, name="fact_detail"),
    path("du-kien/<slug:kind>/<int:pk>/sua/", facts.fact_change, name="fact_change"),
    path("du-kien/<slug:kind>/<int:pk>/rut/", facts.fact_withdraw, name="fact_withdraw"),
    # initiatives
    path("sang-kien/", initiatives.initiative_list, name="initiative_list"),
    path("sang-kien/don-moi/", initiatives.initiative_start, name="initiative_start"),
    path("sang-kien/da-cong-nhan/", initiatives.initiative_enter, name="initiative_enter"),
    path("sang-kien/<int:pk>/", initiatives.initiative_detail, name="initiative_detail"),
    path("sang-kien/<int:pk>/sua/", initiatives.initiative_edit, name="initiative_edit"),
    path("sang-kien/<int:pk>/xoa/", initiatives.initiative_remove, name="initiative_remove"),
    path("sang-kien/<int:pk>/cong-nhan/", initiatives.initiative_recognise, name="initiative_recognise"),
    path("sang-kien/<int:pk>/chuyen/<slug:verb>/", initiatives.initiative_move, name="initiative_move"),
    path("sang-kien/<int:pk>/tai-lieu/", initiatives.initiative_file_add, name="initiative_file_add"),
    path("sang-kien/tai-lieu/<int:pk>/", initiatives.initiative_file, name="initiative_file"),
    path(
        "sang-kien/tai-lieu/<int:pk>/go/", initiatives.initiative_file_remove, name="initiative_file_remove"
    ),
    # bonus money
    path("tien-thuong/", bonus.bonus_list, name="bonus_list"),
    path("tien-thuong/quyet-dinh/", bonus.bonus_detail, name="bonus_detail"),
    path("tien-thuong/quyet-dinh/<slug:extension>/", bonus.bonus_export, name="bonus_export"),
]
