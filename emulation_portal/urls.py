"""One include per app; Vietnamese words in paths, English names for routes."""

from django.urls import include, path

from emulation_portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.health, name="health"),
    path("thu/", views.letter_list, name="letter_list"),
    path("thu/gui-lai/", views.letter_resend_all, name="letter_resend_all"),
    path("thu/<int:pk>/", views.letter_detail, name="letter_detail"),
    path("chuong/", views.bell, name="bell"),
    path("lich/<str:key>.ics", views.calendar_feed, name="calendar_feed"),
    path("nhac/<uuid:code>/", views.notice_open, name="notice_open"),
    path("nhac-viec/", views.plan_list, name="reminder_plans"),
    path("nhac-viec/cong-doan/<slug:stage>/", views.plan_change, name="reminder_plan"),
    path("nhac-viec/dot/<int:pk>/", views.notice_list, name="notice_list"),
    path("nhac-viec/dot/<int:pk>/thu/", views.notice_letters, name="notice_letters"),
    path("nhac-viec/dot/<int:pk>/bang-ke/", views.notice_paper, name="notice_paper"),
    path("nhac-viec/dot/<int:pk>/nhac/<slug:stage>/", views.year_remind, name="year_remind"),
    path("nhac-viec/binh-xet/<int:pk>/", views.review_notice_list, name="review_notice_list"),
    path("nhac-viec/binh-xet/<int:pk>/thu/", views.review_notice_letters, name="review_notice_letters"),
    path("nhac-viec/binh-xet/<int:pk>/bang-ke/", views.review_notice_paper, name="review_notice_paper"),
    path("nhac-viec/binh-xet/<int:pk>/nhac/<slug:stage>/", views.review_remind, name="review_remind"),
    path("thu/<int:pk>/gui-lai/", views.letter_resend, name="letter_resend"),
    path("thu/<int:pk>/tra-lai/", views.letter_bounce, name="letter_bounce"),
    path("lich-chay/", views.timetable, name="timetable"),
    path("lich-chay/thu-thu/", views.timetable_letter, name="timetable_letter"),
    path("lich-chay/<slug:code>/", views.timetable_job, name="timetable_job"),
    path("lich-chay/<slug:code>/chay/", views.timetable_run, name="timetable_run"),
    path("", include("organization.signin_urls")),
    path("to-chuc/", include("organization.urls")),
    path("phong-trao/", include("campaigns.urls")),
    path("cham-diem/", include("scoring.urls")),
    path("khen-thuong/", include("awards.urls")),
]

handler403 = "emulation_portal.views.refused"
handler404 = "emulation_portal.views.not_found"
handler500 = "emulation_portal.views.server_error"
