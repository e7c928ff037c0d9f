"""What a browser would send of a form on a page."""

from __future__ import annotations

import re


def fields_of(page: str) -> dict[str, str]:
    """What a form on the page would send: inputs, ticked boxes, chosen options."""
    found: dict[str, str] = {}
    form = page[page.rindex('method="post"') :]
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else "on" * ('type="checkbox"' in tag)
    for name, inside in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', inside)
        if chosen:
            found[name] = chosen[1]
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = inside.strip()
    return found
