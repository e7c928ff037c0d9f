"""Languages in addresses and in what browsers ask for."""

from __future__ import annotations

import pytest
from django.utils import translation

from kusei.press.languages import BY_CODE, JAPANESE, current, in_language, language_of_path, proposed_language


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/", "ja"),
        ("/w/141160/", "ja"),
        ("/en/", "en"),
        ("/en", "en"),
        ("/ja-easy/w/141160/", "ja-easy"),
        ("/zh-hans/w/x/", "zh-hans"),
        ("/english/", "ja"),
        ("/ja/", "ja"),
        ("/w/en/", "ja"),
    ],
)
def test_the_language_of_an_address(path: str, code: str) -> None:
    assert language_of_path(path).code == code


@pytest.mark.parametrize(
    ("path", "code", "there"),
    [
        ("/w/141160/?q=1", "vi", "/vi/w/141160/?q=1"),
        ("/en/w/141160/", "vi", "/vi/w/141160/"),
        ("/en/w/141160/", "ja", "/w/141160/"),
        ("/en", "ja", "/"),
        ("/", "ja-easy", "/ja-easy/"),
        ("/en//example.com/", "ja", "/example.com/"),
    ],
)
def test_the_same_page_in_another_language(path: str, code: str, there: str) -> None:
    assert in_language(path, BY_CODE[code]) == there


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.5", "zh-hans"),
        ("vi", "vi"),
        ("ja,en;q=0.8", None),  # reads Japanese best
        ("en;q=0.3,ja;q=0.9", None),
        ("fr,en;q=0.5", "en"),
        ("fr", None),
        ("", None),
        ("en;q=x", None),
        ("*", None),
    ],
)
def test_what_a_browser_asks_for(accepted: str, code: str | None) -> None:
    found = proposed_language(accepted)
    assert (found.code if found else None) == code


def test_easy_japanese_is_japanese() -> None:
    with translation.override("ja-easy"):
        assert (current().code, current().tag, current().is_japanese) == ("ja-easy", "ja", True)
    with translation.override(None):
        assert current() is JAPANESE
