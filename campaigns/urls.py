"""Addresses of the campaigns."""

from django.urls import path

from campaigns.views import campaigns, criteria, files, registrations, rounds, years

app_name = "campaigns"
urlpatterns = [
    path("", campaigns.campaign_list, name="campaign_list"),
    path("bo-chi-so/", campaigns.index_list, name="index_list"),
    path("moi/", campaigns.campaign_create, name="campaign_create"),
    path("<int:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("<int:pk>/sua/", campaigns.campaign_change, name="campaign_change"),
    path("<int:pk>/chuan-bi/", campaigns.campaign_readiness, name="campaign_readiness"),
    path("<int:pk>/viec/<str:verb>/", campaigns.campaign_move, name="campaign_move"),
    path("<int:pk>/van-ban/moi/", campaigns.paper_create, name="paper_create"),
    path("van-ban/<int:pk>/tep/", campaigns.paper_download, name="paper_download"),
    path("<int:pk>/nam/moi/", campaigns.year_create, name="year_create"),
    path("nam/<int:pk>/", years.year_detail, name="year_detail"),
    path("nam/<int:pk>/viec/<str:verb>/", years.year_move, name="year_move"),
    path("nam/<int:pk>/lich/", years.deadlines_change, name="deadlines_change"),
    path("nam/<int:pk>/xep-loai/", years.bands_change, name="bands_change"),
    path("nam/<int:pk>/nap-excel/", files.scheme_upload, name="scheme_upload"),
    path("nam/<int:pk>/nap-excel/<int:file_pk>/", files.scheme_preview, name="scheme_preview"),
    path("bo-tieu-chi/mau/", files.scheme_template, name="scheme_template"),
    path("bo-tieu-chi/<int:pk>/excel/", files.scheme_download, name="scheme_download"),
    path("nam/<int:pk>/don-vi/", rounds.participants_change, name="participants_change"),
    path("nam/<int:pk>/to-chuc/", rounds.round_change, name="round_change"),
    path("nam/<int:pk>/gia-han/", rounds.extension_create, name="extension_create"),
    path("nam/<int:pk>/gia-han/<int:extension_pk>/bo/", rounds.extension_end, name="extension_end"),
    path("nam/<int:pk>/bo-tieu-chi/moi/", criteria.criteria_set_create, name="criteria_set_create"),
    path("nam/<int:pk>/bo-tieu-chi/sao-chep/", criteria.criteria_set_copy, name="criteria_set_copy"),
    path("bo-tieu-chi/<int:pk>/", criteria.criteria_set_detail, name="criteria_set_detail"),
    path("bo-tieu-chi/<int:pk>/sua/", criteria.criteria_set_change, name="criteria_set_change"),
    path("bo-tieu-chi/<int:pk>/sua-doi/", criteria.criteria_set_correct, name="criteria_set_correct"),
    path("bo-tieu-chi/<int:pk>/bo/", criteria.criteria_set_remove, name="criteria_set_remove"),
    path("bo-tieu-chi/<int:pk>/viec/<str:verb>/", criteria.criteria_set_move, name="criteria_set_move"),
    path("bo-tieu-chi/<int:pk>/tieu-chi/moi/", criteria.criterion_create, name="criterion_create"),
    path("tieu-chi/<int:pk>/sua/", criteria.criterion_change, name="criterion_change"),
    path("tieu-chi/<int:pk>/chuyen/", criteria.criterion_move, name="criterion_move"),
    path("tieu-chi/<int:pk>/bo/", criteria.criterion_remove, name="criterion_remove"),
    path("dang-ky/", registrations.registration_list, name="registration_list"),
    path("dang-ky/so-lieu/", registrations.registration_figures, name="registration_figures"),
    path("dang-ky/duyet/", registrations.registration_bulk, name="registration_bulk"),
    path("dang-ky/<int:pk>/", registrations.registration_detail, name="registration_detail"),
    path("dang-ky/<int:pk>/viec/<str:verb>/", registrations.registration_move, name="registration_move"),
    path("nam/<int:pk>/dang-ky/<str:whose>/", registrations.registration_edit, name="registration_edit"),
    path("nam/<int:pk>/chua-gui/", registrations.registration_missing, name="registration_missing"),
]
