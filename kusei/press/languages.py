"""The languages of the pages. Plans are written in Japanese; the interface around them speaks these.

A language other than Japanese stands in front of the path (/en/w/…): docs/adr/0008-languages.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Language:
    """`name` is what its readers call it, `tag` what stands in `lang` attributes. `code` is Django's, and the path's."""

    code: str
    name: str
    tag: str

    @property
    def is_japanese(self) -> bool:
        return self.tag == "ja"

    @property
    def speaks_for_search_engines(self) -> bool:
        """やさしい日本語 has no tag of its own, and two pages may not both be "the Japanese one"."""
        return self.code == self.tag.lower()


JAPANESE = Language("ja", "日本語", "ja")
EASY_JAPANESE = Language("ja-easy", "やさしい日本語", "ja")
LANGUAGES = (
    JAPANESE,
    EASY_JAPANESE,
    Language("en", "English", "en"),
    Language("zh-hans", "中文", "zh-Hans"),
    Language("vi", "Tiếng Việt", "vi"),
)
BY_CODE = {language.code: language for language in LANGUAGES}
_IN_FRONT = re.compile(
    "/(" + "|".join(re.escape(each.code) for each in LANGUAGES if each is not JAPANESE) + ")(?=/|$)"
)

# Django knows the other languages by itself.
LANG_INFO[EASY_JAPANESE.code] = {
    "bidi": False,
    "code": EASY_JAPANESE.code,
    "name": "Easy Japanese",
    "name_local": EASY_JAPANESE.name,
}


def current() -> Language:
    """The language that is being spoken now."""
    return BY_CODE.get(get_language() or "", JAPANESE)


def language_of_path(path: str) -> Language:
    """What the address asks for: /en/w/… → English, anything else → Japanese."""
    found = _IN_FRONT.match(path)
    return BY_CODE[found.group(1)] if found else JAPANESE


def in_language(path: str, language: Language) -> str:
    """The same page (path and query) in another language. The answer never begins with two slashes, which a browser would
    take for another site's name."""
    found = _IN_FRONT.match(path)
    bare = f"/{path[found.end() :].lstrip('/')}" if found else path
    return bare if language is JAPANESE else f"/{language.code}{bare}"


def proposed_language(accepted: str) -> Language | None:
    """What the browser says its reader prefers, where that is none of the Japanese ones and we speak it."""
    preferences: list[tuple[float, str]] = []
    for entry in accepted[:400].split(","):
        tag, _, quality = entry.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        preferences.append((-weight, tag.strip().lower()))
    for _weight, tag in sorted(preferences, key=lambda each: each[0]):
        if tag == "ja" or tag.startswith("ja-"):
            return None
        if tag.startswith("zh"):
            return BY_CODE["zh-hans"]
        found = BY_CODE.get(tag.split("-")[0])
        if found is not None:
            return found
    return None
