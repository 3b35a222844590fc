"""The addresses of duty, below /admin/duty/."""

from django.urls import path

from . import away, roster

app_name = "duty"

urlpatterns = [
    path("away/", away.AwayView.as_view(), name="away"),
    path("<int:unit_id>/", roster.RosterView.as_view(), name="roster"),
]
