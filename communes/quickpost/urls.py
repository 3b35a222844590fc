"""Addresses under /admin/quick-post/.

Not by Wagtail's hook: its guard would redirect a writer whose log-in expired, and lose what he wrote.
"""

from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.urls import display_custom_404
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import views

app_name = "quick_post"

urlpatterns = [
    path("", views.write, name="write"),
    path("check/", views.check, name="check"),
    path("share/<int:pk>/", views.share, name="share"),
    path("<int:pk>/", views.write, name="edit"),
    path("<int:pk>/sent/", views.sent, name="sent"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
urlpatterns = decorate_urlpatterns(decorate_urlpatterns(urlpatterns, display_custom_404), never_cache)
