"""Pages in the reader's language, and with furigana where the reader wants them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from kusei.japanese.furigana import WordList
from kusei.portal.reader import chosen_language, wants_furigana
from kusei.press.languages import JAPANESE, in_language, language_of_path
from kusei.press.ruby import with_furigana
from kusei.wards.queries import readings_of

# What is no page to read: a remembered language must not lead away from it.
_NO_PAGES = {"display", "robots"}


class LanguageMiddleware:
    """Speaks the language of the address. A Japanese address leads on to the language that the reader chose before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of_path(request.path_info)
        with translation.override(language.code):
            request.LANGUAGE_CODE = language.code  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language.tag)
        if _is_page(request, response):
            patch_vary_headers(response, ["Cookie", "Accept-Language"])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.namespace != "portal" or match.url_name in _NO_PAGES:
            return None
        chosen = chosen_language(request)
        if (
            request.method not in {"GET", "HEAD"}
            or chosen in {None, JAPANESE}
            or language_of_path(request.path_info) is not JAPANESE
        ):
            return None
        assert chosen is not None
        answer = HttpResponseRedirect(in_language(request.get_full_path(), chosen))
        patch_vary_headers(answer, ["Cookie"])
        return answer


class FuriganaMiddleware:
    """Writes readings above the kanji of the finished page, for readers who asked for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _is_page(request, response) or not wants_furigana(request):
            return response
        match = request.resolver_match
        key = match.kwargs.get("key", "") if match else ""
        words = readings_of(key) if key else ()
        html = response.content.decode(response.charset or "utf-8")
        response.content = with_furigana(html, _word_list(words)).encode(response.charset or "utf-8")
        return response


@lru_cache(maxsize=64)
def _word_list(words: tuple[tuple[str, str], ...]) -> WordList | None:
    return WordList(words) if words else None


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """A page for residents, error pages included; not the office's, no file."""
    match = request.resolver_match
    return (
        not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
        and (match is None or match.namespace == "portal")
    )
