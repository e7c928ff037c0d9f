"""Pages in other languages: what is Japanese says so, links stay in the language, translations show and get old."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.plans import operations as plans
from kusei.plans.models import ItemText
from kusei.portal.tests.factories import make_item, make_version, make_ward
from kusei.portal.tests.test_pages import addresses
from kusei.press.languages import BY_CODE, in_language
from kusei.search.operations import rebuild
from kusei.wards import operations as wards

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
_JAPANESE = re.compile("[ぁ-ゖァ-ヺ一-鿿]")
# Written by the style of the document they quote, or drawn: not text of the page.
_NOT_READ = {"script", "style", "title", "svg"}


class JapaneseText(HTMLParser):
    """Collects Japanese text that stands where the page says another language is spoken."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = [("", "")]
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append((tag, dict(attrs).get("lang") or self.open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        if any(tag in _NOT_READ for tag, _lang in self.open):
            return
        if self.open[-1][1] not in {"ja", "zh-Hans"} and _JAPANESE.search(data):
            self.found.append(data.strip())


def unmarked(html: str) -> list[str]:
    reader = JapaneseText()
    reader.feed(html)
    return reader.found


def _without_marks(text: str) -> str:
    """The names of labels stand in the sentence that explains them, as the documents print them."""
    return re.sub("重点|新規|拡充", "", text)


def test_the_search_for_unmarked_japanese_is_not_blind() -> None:
    assert unmarked('<html lang="en"><p>x <span lang="ja">予算</span> 金額</p></html>') == ["金額"]


@pytest.mark.parametrize("code", ["en", pytest.param("vi", marks=pytest.mark.slow)])
def test_japanese_is_marked_on_every_page(large_ward, client, code) -> None:
    rebuild()
    left = {}
    for address in addresses(large_ward):
        answer = client.get(in_language(address, BY_CODE[code]))
        assert answer.status_code == 200, address
        found = [text for text in unmarked(answer.content.decode()) if _JAPANESE.search(_without_marks(text))]
        if found:
            left[address] = found[:8]
    assert left == {}


@pytest.fixture
def translated_ward(db):
    """みなと市泉が丘区 with a measure that is translated into English and a project that is not."""
    ward = make_ward()
    version = make_version(ward, 2021, "policy", title="令和3年度 運営方針")
    measure = make_item(version, "measure", "安全なまち", text="みんなで備えます。", number="1")
    make_item(version, "project", "防災対策事業", text="訓練を行います。", parent=measure)
    clerk = wards.account_without_login("clerk")
    plans.translate_item(
        ward=ward,
        item=measure.item,
        language="en",
        title="A safe <b>town</b>",
        text="We get ready.",
        actor=clerk,
    )
    return ward, measure


def item_page(client: Client, text: ItemText, code: str = "en") -> str:
    address = reverse("portal:item", args=[text.ward.key, text.item.public_id])
    return client.get(in_language(address, BY_CODE[code])).content.decode()


def test_a_translated_item_shows_its_translation_beside_the_original_name(translated_ward, client) -> None:
    _ward, measure = translated_ward
    html = item_page(client, measure)
    assert "A safe &lt;b&gt;town&lt;/b&gt;</h1>" in html
    assert '<p class="item__also" lang="ja">安全なまち</p>' in html
    assert "<p>We get ready.</p>" in html
    assert "みんなで備えます。" not in html
    assert "Translated by the ward" in html


def test_what_is_not_translated_is_marked(translated_ward, client) -> None:
    ward, measure = translated_ward
    project = ItemText.objects.get(ward=ward, kind="project")
    html = item_page(client, project)
    assert "Not translated yet: Japanese original." in html
    assert '<span lang="ja">防災対策事業</span></h1>' in html
    assert '<div class="prose" lang="ja"><p>訓練を行います。</p></div>' in html
    assert "尚未翻译" in item_page(client, measure, "zh-hans")
    assert "Chưa được dịch" in item_page(client, measure, "vi")


def test_a_translation_older_than_its_source_shows_both(translated_ward, client) -> None:
    _ward, measure = translated_ward
    ItemText.objects.filter(pk=measure.pk).update(text="みんなで今年も備えます。")
    html = item_page(client, measure)
    assert "older than the Japanese text" in html
    assert "<p>We get ready.</p>" in html
    assert '<div class="prose prose--original" lang="ja"><p>みんなで今年も備えます。</p></div>' in html


def test_lists_show_translations_too(translated_ward, client) -> None:
    ward, _measure = translated_ward
    for name in ("year", "themes"):
        html = client.get("/en" + reverse(f"portal:{name}", args=[ward.key, 2021])).content.decode()
        assert "A safe &lt;b&gt;town&lt;/b&gt;</a>" in html
        assert "We get ready." in html


def test_the_japanese_page_knows_no_translations(translated_ward, client) -> None:
    _ward, measure = translated_ward
    html = item_page(client, measure, "ja")
    assert "town" not in html
    assert "翻訳" not in html


@pytest.mark.parametrize("translated", [1, 3])
def test_translations_cost_one_query_however_many(translated_ward, client, translated) -> None:
    ward, measure = translated_ward
    clerk = wards.account_without_login("clerk")
    version = measure.version
    for place in range(translated):
        more = make_item(version, "measure", f"施策{place}")
        plans.translate_item(ward=ward, item=more.item, language="en", title=f"Theme {place}", actor=clerk)
    asked = []
    for prefix in ("", "/en"):
        with CaptureQueriesContext(connection) as queries:
            client.get(prefix + reverse("portal:themes", args=[ward.key, 2021]))
        asked.append(len(queries))
    assert asked[1] == asked[0] + 1


@pytest.mark.slow
def test_search_results_stay_in_the_language(large_ward, client) -> None:
    rebuild()
    html = client.get(
        "/en" + reverse("portal:ward_search", args=[large_ward.key]), {"q": "防災"}
    ).content.decode()
    assert f'<a href="/en/w/{large_ward.key}/items/' in html
    assert f'<a href="/w/{large_ward.key}/' not in html
