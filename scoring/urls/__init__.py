"""Addresses of the scoring floor."""

from scoring.urls import achievements, analysis, papers, sheets

app_name = "scoring"
urlpatterns = [*achievements.urlpatterns, *sheets.urlpatterns, *analysis.urlpatterns, *papers.urlpatterns]
