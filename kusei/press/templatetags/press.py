"""Named formats for templates: no number is printed without one."""

from django import template

register = template.Library()
