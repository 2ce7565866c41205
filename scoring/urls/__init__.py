"""Addresses of the scoring floor."""

from scoring.urls import achievements, sheets

app_name = "scoring"
urlpatterns = [*achievements.urlpatterns, *sheets.urlpatterns]
