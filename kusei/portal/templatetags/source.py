"""The lines of a source page."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kusei.documents.queries import PageText

register = template.Library()
_CLASS = {True: " source-line--unplaced", False: " source-line--apart"}


@register.simple_tag
def source_lines(
    page: PageText, marks: dict[str, tuple[str, bool]], notes: dict[str, list[tuple[str, str]]]
) -> SafeString:
    """One list item for each line that holds something, with its anchor (p3-l12); drawn here since pages have thousands.

    `marks` gives by anchor the word beside a line that is no item's, and whether the line is lost; `notes` what has changed since, with an address.
    """
    return format_html_join(
        "",
        '<li id="{}" class="source-line{}"><a class="source-line__number" href="#{}" aria-label="{}">{}</a>'
        '<span class="source-line__text">{}{}{}</span></li>',
        (
            (
                anchor,
                _CLASS[marks[anchor][1]] if anchor in marks else "",
                anchor,
                _("%(line)s行目") % {"line": number},
                str(number),
                text,
                format_html('<span class="mark">{}</span>', marks[anchor][0]) if anchor in marks else "",
                format_html_join(
                    "",
                    '<a class="source-line__since" href="{1}">{0}</a>',
                    notes.get(anchor, ()),
                ),
            )
            for number, text in page.lines
            if text.strip()
            for anchor in [f"p{page.number}-l{number}"]
        ),
    )
