"""Addresses of the wizard, in the namespace and under the address of staff's screens."""

from django.urls import path

from . import views

urlpatterns = [
    path("open/", views.open_view, name="open"),
    path("units/<int:unit_id>/close/", views.close_view, name="close"),
    path("units/<int:unit_id>/former-names/", views.former_names_view, name="former_names"),
]
