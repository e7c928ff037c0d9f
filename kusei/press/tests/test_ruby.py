"""Furigana on finished pages: only text is changed, and only where it is Japanese."""

from __future__ import annotations

import re

import pytest

from kusei.japanese.furigana import WordList
from kusei.press.ruby import with_furigana

RUBY = '<ruby>予算<rp>(</rp><rt aria-hidden="true">よさん</rt><rp>)</rp></ruby>'


def without_ruby(html: str) -> str:
    return re.sub(r"<rp>.*?</rp>|<rt[ >].*?</rt>|</?ruby>|</?span>", "", html)


def test_text_gets_its_reading() -> None:
    assert with_furigana("<p>予算です</p>") == f"<p><span>{RUBY}です</span></p>"


@pytest.mark.parametrize(
    "html",
    [
        '<a title="予算" href="/予算/?a=1&amp;b=2">x</a>',
        "<title>予算</title>",
        "<script>let 予算 = '<p>予算</p>'</script>",
        "<style>.予算 { color: red }</style>",
        "<textarea>予算</textarea>",
        "<select><option value=1>予算</option></select>",
        '<svg viewBox="0 0 1 1"><title>予算</title><text>予算</text></svg>',
        "<ruby>予算<rt>よさん</rt></ruby>",
        "<p data-no-ruby>予算<b>予算</b></p>",
        '<p lang="zh-Hans">预算 予算</p>',
        '<p lang="en">Budget: 予算</p>',
        "<!-- 予算 --><!doctype html>",
        "<p>よさん &amp; &#12354; &lt;b&gt;<br>かな<img src=x alt=予算></p>",
    ],
)
def test_all_else_stays_as_it_was(html: str) -> None:
    assert with_furigana(html) == html


def test_what_follows_something_left_alone_gets_its_reading() -> None:
    assert with_furigana("<svg><path d=x /></svg>予算").endswith(f"<span>{RUBY}</span>")
    assert with_furigana("<p><input>予算<br>予算</p>").count(RUBY) == 2


def test_japanese_within_another_language() -> None:
    html = '<html lang="en"><p>Budget: 予算 <span lang="ja">予算</span></p></html>'
    assert with_furigana(html) == html.replace('lang="ja">予算', f'lang="ja"><span>{RUBY}</span>')


def test_the_page_without_its_readings_is_the_page() -> None:
    html = "<div><p>区の予算は、令和3年度で6,588千円です。</p><ul><li>見守り</li></ul></div>"
    assert without_ruby(with_furigana(html)) == html
    assert with_furigana(with_furigana(html)) == with_furigana(html)


def test_words_of_the_ward() -> None:
    assert "なかだ" in with_furigana("<p>中田</p>", WordList({"中田": "なかだ"}))
