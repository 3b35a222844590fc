"""The addresses under /admin/alerts/ and /admin/urgent/."""

from django.urls import URLPattern, path

from .index_views import AlertsView, FillView, PostView, UrgentView
from .thread_views import AlertView, PlacesView, TemplateView

alerts: list[URLPattern] = [
    path("", AlertsView.as_view(), name="index"),
    path("new/<int:unit>/", AlertView.as_view(), name="new"),
    path("<uuid:thread>/", AlertView.as_view(), name="alert"),
]
urgent: list[URLPattern] = [
    path("", UrgentView.as_view(), name="index"),
    path("templates/new/<int:unit>/", TemplateView.as_view(), name="new_template"),
    path("templates/<uuid:thread>/", TemplateView.as_view(), name="template"),
    path("places/<int:unit>/", PlacesView.as_view(), name="places"),
    path("write/<int:unit>/<uuid:thread>/", FillView.as_view(), name="fill"),
    path("posts/<int:pk>/", PostView.as_view(), name="post"),
]
