"""The interface in other languages: every string that residents see is translated, and the compiled catalogues are those."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.repository import ROOT, tracked_text
from tools.messages import LOCALES, catalogues, is_seen_by_residents, seen_part

_IN_TEMPLATES = re.compile(
    r"""(?<![\w.])(n?p?gettext|_)\(((?:[^()'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*)\)"""
)
_FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%(?![(%])")


def _catalogue(locale: str) -> Catalog:
    path = next(path for path in catalogues() if f"/{locale}/" in path.as_posix())
    with path.open("rb") as handle:
        return read_po(handle)


def _translations(locale: str) -> Iterator[tuple[Message, list[str]]]:
    """Every message with its translations, one for each plural form."""
    for message in _catalogue(locale):
        if message.id:
            yield message, [message.string] if isinstance(message.string, str) else list(message.string)


def _used_strings() -> set[str]:
    """Every string (the singular of those with a plural) that pages for residents ask gettext for."""
    found: set[str] = set()
    for path, text in tracked_text():
        name = path.as_posix()
        if not is_seen_by_residents(name):
            continue
        if path.suffix == ".html" or (path.suffix == ".txt" and "templates" in path.parts):
            for call in _IN_TEMPLATES.finditer(templatize(text)):
                arguments = ast.parse(f"f({call.group(2)})", mode="eval").body
                assert isinstance(arguments, ast.Call)
                found.add(ast.literal_eval(arguments.args[0]))
        elif path.suffix == ".py":
            for node in ast.walk(ast.parse(seen_part(name, text))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in _FUNCTIONS
                    and isinstance(node.args[0], ast.Constant)
                ):
                    found.add(node.args[0].value)
    return found


def test_the_strings_of_templates_and_code_are_found() -> None:
    """The search above must not be blind: one string of each kind."""
    used = _used_strings()
    assert {
        "本文へ移る",  # {% translate %}
        "%(year)sの予算",  # {% blocktranslate %} and _() in a view
        "運営方針",  # a kind
        "%(count)s項目が加わり",  # ngettext
    } <= used
    assert "よみがなを登録した" not in used  # the office's
    assert len(used) > 400


@pytest.mark.parametrize("locale", LOCALES)
def test_every_string_is_translated(locale: str) -> None:
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message, strings in _translations(locale)
        if all(strings)
    }
    missing = sorted(_used_strings() - translated)
    assert not missing, (
        "run `make messages` and translate what is empty in kusei/locale/*/LC_MESSAGES/django.po:\n"
        + "\n".join(missing)
    )


def test_the_words_of_every_declared_metric_are_in_the_catalogues() -> None:
    """Residents meet what code counts in, and no page names it: the catalogues have to be told where it stands."""
    from kusei.ledger.declared import every_declared

    known = _used_strings()
    unknown = [each.key for each in every_declared() if not {each.name, each.definition} <= known]
    assert unknown == [], (
        "name the file and the constant in `AND_THE_WORDS_OF` of tools/messages.py, then `make messages`"
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_a_guess_and_placeholders_agree(locale: str) -> None:
    wrong = []
    for message, strings in _translations(locale):
        source = message.id if isinstance(message.id, str) else message.id[0]
        wanted = sorted(set(_PLACEHOLDER.findall(source)))
        if message.fuzzy or any(
            sorted(set(_PLACEHOLDER.findall(text))) != wanted for text in strings if text
        ):
            wrong.append(source)
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_catalogue_is_up_to_date(locale: str) -> None:
    path = next(path for path in catalogues() if f"/{locale}/" in path.as_posix())
    with path.with_suffix(".mo").open("rb") as handle:
        compiled = dict(gettext.GNUTranslations(handle)._catalog)  # type: ignore[attr-defined]
    compiled.pop("", None)
    expected: dict[object, str] = {}
    for message, strings in _translations(locale):
        if isinstance(message.id, str):
            expected[message.id] = strings[0]
        else:
            expected |= {(message.id[0], form): text for form, text in enumerate(strings)}
    assert compiled == {key: text for key, text in expected.items() if text}, "run `make messages`"


def test_english_speaks_english_and_vietnamese_vietnamese() -> None:
    """No Japanese is left in them but the marks that documents print and words to search for."""
    kana_or_kanji = re.compile("[ぁ-ヿ一-鿿]")
    quoted = {"防災", "子育て", "見守り", "健康づくり"}
    for locale in ("en", "vi"):
        left = [
            text
            for message, strings in _translations(locale)
            for text in strings
            if kana_or_kanji.search(re.sub("重点|新規|拡充", "", text)) and message.id not in quoted
        ]
        assert left == []


def test_every_folder_of_catalogues_is_spoken() -> None:
    assert {path.parent.parent.name for path in catalogues()} == {
        path.name for path in (ROOT / "kusei" / "locale").iterdir()
    }
