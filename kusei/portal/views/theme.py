"""The ward's own colour as a style sheet: inline style is what the Content-Security-Policy forbids."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kusei.wards import colours
from kusei.wards.access import public
from kusei.wards.queries import ward_by_key

_A_YEAR = 365 * 24 * 3600


@require_safe
@public
def stylesheet(request: HttpRequest, key: str) -> HttpResponse:
    """The shades of the ward's colour, in the names that the other style sheets speak of, and for what drawings have in the
    house's own colour (the logo, bars and lines of charts); nothing where it has none or one
    that cannot be read. Pages name it with the colour as `v`, so that browsers may keep it."""
    ward = ward_by_key(key)
    if ward is None:
        raise Http404
    shades = colours.palette(ward.accent)
    rules = (
        f":root {{ --accent: {shades.accent}; --accent-strong: {shades.strong}; --accent-edge: {shades.edge}; "
        f"--accent-pale: {shades.pale}; --surface-tint: {shades.tint}; }}\n"
        f".in-accent {{ fill: {shades.accent}; }}\n.in-accent-bar {{ fill: {shades.bar}; }}\n.in-accent-line {{ stroke: {shades.accent}; }}\n"
        if shades
        else ""
    )
    response = HttpResponse(rules, content_type="text/css; charset=utf-8")
    is_lasting = ward.accent != "" and request.GET.get("v") == ward.accent.removeprefix("#")
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR if is_lasting else 60}"
    return response
