"""Addresses under /admin/bell/. Wagtail lets only staff in; each serves what is its reader's own."""

from django.urls import path

from . import address_views, bell, choice_views, news

app_name = "bell"

urlpatterns = [
    path("", bell.index, name="index"),
    path("subscribe/", bell.subscribe, name="subscribe"),
    path("unsubscribe/", bell.unsubscribe, name="unsubscribe"),
    path("browser/", bell.browser, name="browser"),
    path("browsers/<int:browser_id>/rung/", bell.has_rung, name="has_rung"),
    path("browsers/<int:browser_id>/remove/", bell.remove, name="remove"),
    path("test/", bell.test, name="test"),
    path("address/", address_views.enter, name="enter_address"),
    path("address/remove/", address_views.remove, name="remove_address"),
    path("address/confirm/<str:token>/", address_views.confirm, name="confirm_address"),
    path("choices/", choice_views.choices, name="choices"),
    path("news/", news.news, name="news"),
    path("news/seen/", news.all_seen, name="all_seen"),
    path("news/<int:delivery_id>/", news.open_one, name="open_news"),
    path("communes/", news.communes, name="communes"),
]
