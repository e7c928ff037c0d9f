"""`{% help "publish" %}`: a question to open, with its answer."""

from __future__ import annotations

from django import template

from kusei.office.help import HELP, Help

register = template.Library()


@register.inclusion_tag("office/parts/help.html", name="help")
def help_text(key: str) -> dict[str, Help]:
    """The text of `office.help` under this key; an unknown key is an error of the template."""
    return {"help": HELP[key]}
