"""Addresses of the award floor."""

from django.urls import path

from awards import views

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
]
