"""Names and texts of items in the reader's language: `{{ node|name_in:translations }}`.

Where there is no translation the Japanese original stands, in an element that says so to browsers and screen readers.
"""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kusei.plans.queries import Node, Translation
from kusei.portal.translations import Translations
from kusei.press.languages import current, in_language

register = template.Library()

_QUOTED = re.compile("“([^“”]+)”")
_KANA_OR_KANJI = re.compile("[ぁ-ヿ㐀-䶿一-鿿豈-﫿]")


@register.filter
def name_in(node: Node, translations: Translations | str) -> SafeString | str:
    """What the item is called."""
    return _said(node.name, node, translations)


@register.filter
def title_in(node: Node, translations: Translations | str) -> SafeString | str:
    """Its printed title, or its translated name."""
    return _said(node.title, node, translations)


@register.filter
def plain_name_in(node: Node, translations: Translations | str) -> str:
    """What it is called, as plain text to be cut or put into an attribute; `name_lang_in` tells its language."""
    found = _found(node, translations)
    return found.title if found else node.name


@register.filter
def name_lang_in(node: Node, translations: Translations | str) -> SafeString:
    """The attribute for an element that holds `plain_name_in`."""
    return _lang(bool(_found(node, translations)))


@register.filter
def text_in(node: Node, translations: Translations | str) -> str:
    """What it says, as plain text to be cut; `lang_in` tells its language."""
    found = _found(node, translations)
    return found.text if found and found.text else node.text


@register.filter
def lang_in(node: Node, translations: Translations | str) -> SafeString:
    """The attribute for an element that holds `text_in`."""
    found = _found(node, translations)
    return _lang(bool(found and found.text))


@register.filter
def in_japanese(text: str) -> SafeString | str:
    """Words quoted from a document, within a sentence of the interface."""
    if current().is_japanese or not _KANA_OR_KANJI.search(text):
        return text
    return format_html('<span lang="ja">{}</span>', text)


@register.filter
def quotes_marked(sentence: str) -> SafeString | str:
    """A sentence of the interface: what stands in “ ” in it is a name out of a document."""
    if current().is_japanese:
        return sentence
    return mark_safe(
        _QUOTED.sub(lambda found: f"“{in_japanese(mark_safe(found.group(1)))}”", escape(sentence))
    )


@register.filter
def in_this_language(path: str) -> str:
    """A stored address, which is that of the Japanese page, as the same page in the language that is spoken."""
    return in_language(path, current())


def _found(node: Node, translations: Translations | str) -> Translation | None:
    """Pages of no ward have no translations; Django hands filters an empty string there."""
    return translations.of(node) if isinstance(translations, Translations) else None


def _lang(is_translated: bool) -> SafeString:
    return mark_safe("" if current().is_japanese or is_translated else ' lang="ja"')


def _said(original: str, node: Node, translations: Translations | str) -> SafeString | str:
    found = _found(node, translations)
    return conditional_escape(found.title) if found else in_japanese(original)
