"""What the reader of a page has asked for: language, furigana, size of type. Kept in cookies, given to every template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kusei.press.languages import (
    BY_CODE,
    EASY_JAPANESE,
    JAPANESE,
    LANGUAGES,
    Language,
    current,
    in_language,
    proposed_language,
)

LANGUAGE_COOKIE = "kusei_language"
FURIGANA_COOKIE = "kusei_furigana"
TEXT_COOKIE = "kusei_text"


def chosen_language(request: HttpRequest) -> Language | None:
    """The language that the reader has chosen before, on whatever page."""
    return BY_CODE.get(request.COOKIES.get(LANGUAGE_COOKIE, ""))


def wants_furigana(request: HttpRequest) -> bool:
    """やさしい日本語 comes with furigana unless the reader has taken them off; other pages on request."""
    said = request.COOKIES.get(FURIGANA_COOKIE, "")
    return said == "on" or (said != "off" and current() is EASY_JAPANESE)


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The page in one language: `url` also remembers the choice, `address` is the page itself."""

    language: Language
    url: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class Reader:
    """The reader's wishes and the ways to change them; `{{ reader }}` in templates."""

    request: HttpRequest

    @property
    def language(self) -> Language:
        return current()

    @property
    def has_furigana(self) -> bool:
        return wants_furigana(self.request)

    @property
    def has_large_text(self) -> bool:
        return self.request.COOKIES.get(TEXT_COOKIE) == "large"

    @property
    def classes(self) -> str:
        """For <html>: the style sheet does the rest."""
        names = {"has-furigana": self.has_furigana, "has-large-text": self.has_large_text}
        return " ".join(name for name, holds in names.items() if holds)

    @cached_property
    def source_lang(self) -> SafeString:
        """The attribute for what is quoted from plans, where the page around it is not Japanese."""
        return mark_safe("" if current().is_japanese else ' lang="ja"')

    @property
    def languages(self) -> list[LanguageLink]:
        here = self.request.get_full_path()
        return [
            LanguageLink(
                language,
                self._change(language=language.code),
                in_language(here, language),
                language is current(),
            )
            for language in LANGUAGES
        ]

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """(hreflang, address) of this page for search engines; やさしい日本語 has no hreflang that they know."""
        absolute = self.request.build_absolute_uri
        here = self.request.path
        found = [
            (language.tag, absolute(in_language(here, language)))
            for language in LANGUAGES
            if language.speaks_for_search_engines
        ]
        return [*found, ("x-default", absolute(in_language(here, JAPANESE)))]

    @property
    def proposal(self) -> LanguageLink | None:
        """Another language, if the browser prefers it and the reader has not said anything yet."""
        if chosen_language(self.request) is not None or current() is not JAPANESE:
            return None
        wanted = proposed_language(self.request.headers.get("Accept-Language", ""))
        return next((link for link in self.languages if link.language is wanted), None)

    @property
    def furigana_url(self) -> str:
        return self._change(furigana="off" if self.has_furigana else "on")

    @property
    def text_url(self) -> str:
        return self._change(text="normal" if self.has_large_text else "large")

    def _change(self, **wish: str) -> str:
        return f"{reverse('portal:display')}?{urlencode({**wish, 'next': self.request.get_full_path()})}"


def reader(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {"reader": Reader(request)}
