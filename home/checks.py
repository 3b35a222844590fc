"""The project's conventions as Django system checks."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.urls import get_resolver
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from .models import RESERVED_SLUGS, BasePage


@register()
def reserved_slugs_cover_the_urls(**kwargs: Any) -> list[CheckMessage]:
    """Every fixed first part of an address is a slug that no page may take."""
    first_parts = {
        str(pattern.pattern).strip("^/").split("/")[0]
        for pattern in get_resolver().url_patterns
        if str(pattern.pattern).strip("^/") and not str(pattern.pattern).startswith(("^", "<"))
    }
    missing = {part for part in first_parts if part.replace("-", "").isalnum()} - RESERVED_SLUGS
    return [
        Error(f"Address “{part}” is not in home.models.RESERVED_SLUGS", id="home.E001")
        for part in sorted(missing)
    ]


@register()
def only_pages_show_media(**kwargs: Any) -> list[CheckMessage]:
    """Whether a file may leave or be deleted is decided by pages (`home.media`): no other model shows one."""
    media = get_image_model(), get_document_model()
    return [
        Error(f"{model.__name__}.{field.name} shows media, and home.media does not know", id="home.E003")
        for model in apps.get_models()
        if not issubclass(model, Page) and not getattr(model, "wagtail_reference_index_ignore", False)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model in media
    ]


def _all_page_models(model: type[BasePage]) -> list[type[BasePage]]:
    found: list[type[BasePage]] = []
    for child in model.__subclasses__():
        found += ([] if child._meta.abstract else [child]) + _all_page_models(child)
    return found


@register()
def page_models_say_where_they_belong(**kwargs: Any) -> list[CheckMessage]:
    """A page type without parents, children or a description shows up everywhere in the editor."""
    return [
        Error(f"{model.__name__} does not state {name}", id="home.E002")
        for model in _all_page_models(BasePage)
        for name in ("parent_page_types", "subpage_types", "page_description")
        if name not in vars(model)
    ]
