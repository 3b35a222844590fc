"""What the templates of every floor use."""

from django import template

register = template.Library()


@register.filter
def tel(number: str) -> str:
    """The address of a phone link: "0239 386 1113" → "tel:02393861113"."""
    return "tel:" + "".join(char for char in number if char in "+0123456789")
