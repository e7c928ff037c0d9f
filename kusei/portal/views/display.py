"""How the reader wants pages: language, furigana, size of type. A link without script; the answer is the same page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kusei.portal.reader import FURIGANA_COOKIE, LANGUAGE_COOKIE, TEXT_COOKIE
from kusei.press.languages import BY_CODE, in_language

_A_YEAR = 365 * 24 * 3600


@never_cache
@require_safe
def display(request: HttpRequest) -> HttpResponse:
    """Remember what `language`, `furigana` or `text` asks for and go back to `next`, a path of this site.

    It is a GET since it has to be a link; all it can change is how pages look to this reader.
    """
    back = _local_path(request.GET.get("next", ""))
    language = BY_CODE.get(request.GET.get("language", ""))
    # Looked at once more: what stands behind a language in the address is a path of its own.
    response = HttpResponseRedirect(_local_path(in_language(back, language)) if language else back)
    wishes = {
        LANGUAGE_COOKIE: language.code if language else "",
        FURIGANA_COOKIE: _one_of(request, "furigana", "on", "off"),
        TEXT_COOKIE: _one_of(request, "text", "normal", "large"),
    }
    for cookie, value in wishes.items():
        if value:
            response.set_cookie(
                cookie,
                value,
                max_age=_A_YEAR,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response


def _one_of(request: HttpRequest, name: str, *values: str) -> str:
    said = request.GET.get(name, "")
    return said if said in values else ""


def _local_path(wanted: str) -> str:
    """The path to go back to; the front page where it is none of ours."""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("portal:home")
