"""Links in texts: Wagtail takes whatever begins with a slash for a page of the portal."""

from typing import Any

from django.core.exceptions import ValidationError
from draftjs_exporter.dom import DOM
from wagtail.admin.forms.choosers import ExternalLinkChooserForm
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    ExternalLinkElementHandler,
    PageLinkElementHandler,
)
from wagtail.admin.views.chooser import ExternalLinkView

from .links import UNCLEAR, plain_link


class LinkForm(ExternalLinkChooserForm):
    """What is typed for a link is told at once, and shown in its plain form."""

    def clean_url(self) -> str:
        plain = plain_link(self.cleaned_data["url"])
        if plain is None:
            raise ValidationError(UNCLEAR)
        return plain


def link_entity(props: dict[str, Any]) -> Any:
    """A link as the editor sends it, whatever form was asked before. One that is refused leaves its words."""
    if props.get("id") is not None:
        attributes = {"linktype": "page", "id": props["id"]}
    else:
        attributes = {"href": plain_link(props.get("url") or "")}
    return DOM.create_element("a", attributes, props["children"])


LINK_RULE = {
    "from_database_format": {
        "a[href]": ExternalLinkElementHandler("LINK"),
        'a[linktype="page"]': PageLinkElementHandler("LINK"),
    },
    "to_database_format": {"entity_decorators": {"LINK": link_entity}},
}


def read_links_as_browsers_do() -> None:
    ExternalLinkView.form_class = LinkForm
