"""Addresses of the wizard, under /admin/staff/ like those of staff. Each view asks who may."""

from django.urls import path

from . import views

app_name = "lifecycle"
urlpatterns = [
    path("open/", views.open_view, name="open"),
    path("units/<int:unit_id>/close/", views.close_view, name="close"),
]
