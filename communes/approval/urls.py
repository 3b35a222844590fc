"""The addresses of approving, below /admin/approval/."""

from django.urls import path

from . import bell, days, search_words, unit_views, views

app_name = "approval"

urlpatterns = [
    path("", views.QueueView.as_view(), name="queue"),
    path("next/", views.NextView.as_view(), name="next"),
    path("several/", views.SeveralView.as_view(), name="several"),
    path("mine/", unit_views.MineView.as_view(), name="mine"),
    path("left-behind/<int:page_id>/", unit_views.take_over, name="take_over"),
    path("<int:page_id>/", views.ReviewView.as_view(), name="review"),
    path("units/<int:unit_id>/", unit_views.UnitView.as_view(), name="unit"),
    path("units/<int:unit_id>/days/", days.DaysView.as_view(), name="days"),
    path("units/<int:unit_id>/bell/", bell.BellView.as_view(), name="bell"),
    path("units/<int:unit_id>/search-words/", search_words.SearchWordsView.as_view(), name="search_words"),
    path(
        "units/<int:unit_id>/silent/", unit_views.AttentionView.as_view(), {"what": "silent"}, name="silent"
    ),
    path(
        "units/<int:unit_id>/contact-pages/",
        unit_views.AttentionView.as_view(),
        {"what": "contact"},
        name="contact_pages",
    ),
    path("contact/<int:unit_id>/confirm/", unit_views.confirm_contact, name="confirm_contact"),
]
