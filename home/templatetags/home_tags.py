"""What the templates of every floor use."""

from django import template

from home import phones

register = template.Library()
register.filter("tel", phones.tel)
