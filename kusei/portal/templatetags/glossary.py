"""Explanations beside jargon."""

from __future__ import annotations

from django import template

from kusei.portal.glossary import explanation_of

register = template.Library()
register.filter("explained", explanation_of)
