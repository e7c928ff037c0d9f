"""The reader's wishes: language, furigana, size of type. Links that work without script, cookies that remember."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kusei.portal.middleware import FuriganaMiddleware, LanguageMiddleware
from kusei.portal.tests.factories import make_item, make_version, make_ward
from kusei.wards import operations as wards

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def ward():
    ward = make_ward()
    version = make_version(ward, 2021, "policy", title="令和3年度 運営方針")
    make_item(version, "goal", "中田の予算を見守る")
    return ward


@pytest.fixture
def address(ward) -> str:
    return reverse("portal:year", args=[ward.key, 2021])


def html_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_every_language_is_offered_under_its_own_name(client, address) -> None:
    html = html_of(client, address)
    for name in ("日本語", "やさしい日本語", "English", "中文", "Tiếng Việt"):
        assert f">{name}</a>" in html
    assert 'lang="zh-Hans">中文</a>' in html


def test_a_language_stands_in_the_address_and_in_every_link(client, address) -> None:
    html = html_of(client, f"/en{address}")
    assert '<html lang="en">' in html
    assert 'href="/en/w/' in html
    assert 'href="/w/' not in re.sub(r'href="/w/[^"]*\.css"', "", html).replace(
        'hreflang="ja" href="http://testserver/w/', ""
    )
    assert client.get(f"/en{address}").headers["Content-Language"] == "en"


def test_search_engines_are_told_of_the_other_languages(client, address) -> None:
    html = html_of(client, f"/vi{address}")
    assert f'<link rel="canonical" href="http://testserver/vi{address}">' in html
    for tag, prefix in (("ja", ""), ("en", "/en"), ("zh-Hans", "/zh-hans"), ("vi", "/vi"), ("x-default", "")):
        assert f'hreflang="{tag}" href="http://testserver{prefix}{address}"' in html
    assert 'href="http://testserver/ja-easy' not in html  # two pages may not both be "the Japanese one"


def test_easy_japanese_has_western_years_and_furigana(client, address) -> None:
    html = html_of(client, f"/ja-easy{address}")
    assert '<html lang="ja" class="has-furigana">' in html
    assert "2021" in html
    assert "令和3年度" not in html.split("<main")[1].split("plan-list__title")[0]
    assert "<ruby>" in html


def test_choosing_a_language_leads_to_the_same_page_and_is_remembered(client, address) -> None:
    answer = client.get("/display/", {"language": "en", "next": f"{address}?page=2"})
    assert (answer.status_code, answer["Location"]) == (302, f"/en{address}?page=2")
    assert client.cookies["kusei_language"].value == "en"
    assert "no-store" in answer["Cache-Control"]

    assert client.get(f"{address}?a=1")["Location"] == f"/en{address}?a=1"
    assert client.get(f"/vi{address}").status_code == 200  # an address that names a language is what it says
    assert client.get("/robots.txt").status_code == 200

    assert client.get("/en/display/", {"language": "ja", "next": f"/en{address}"})["Location"] == address
    assert client.get(address).status_code == 200


def test_nothing_else_is_accepted_as_a_wish(client, address) -> None:
    answer = client.get("/display/", {"language": "xx", "furigana": "yes", "text": "9", "next": address})
    assert answer["Location"] == address
    assert not client.cookies
    assert client.post("/display/", {"language": "en"}).status_code == 405


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/",
        "//example.com/",
        "/\\example.com",
        "\\\\example.com",
        "javascript:alert(1)",
        "",
        "x",
    ],
)
def test_the_way_back_never_leads_to_another_site(client, elsewhere) -> None:
    for wish in ({"furigana": "on"}, {"language": "en"}):
        assert client.get("/display/", {**wish, "next": elsewhere})["Location"] in {"/", "/en/"}


@pytest.mark.parametrize("elsewhere", ["/en//example.com/", "/ja-easy//example.com", "/en//vi//example.com/"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_stands_behind_a_language_is_a_path_of_this_site(client, elsewhere, language) -> None:
    """//example.com/ would be the name of another site."""
    answer = client.get("/display/", {"language": language, "next": elsewhere})
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")


def test_furigana_on_request(client, address) -> None:
    assert "<ruby>" not in html_of(client, address)
    client.get("/display/", {"furigana": "on", "next": address})
    html = html_of(client, address)
    assert '<html lang="ja" class="has-furigana">' in html
    assert '<ruby>予算<rp>(</rp><rt aria-hidden="true">よさん</rt><rp>)</rp></ruby>' in html
    assert "<ruby>" not in html.split("</head>")[0]
    assert "ふりがなをはずす" in html
    client.get("/display/", {"furigana": "off", "next": address})
    assert "<ruby>" not in html_of(client, address)
    assert "<ruby>" not in html_of(client, f"/ja-easy{address}")


def test_furigana_stand_over_japanese_only(client, address) -> None:
    client.cookies["kusei_furigana"] = "on"
    html = html_of(client, f"/zh-hans{address}")
    assert "<ruby>予算<rp>" in html  # the plan's words
    assert "预算" in html
    assert "<ruby>预算" not in html


def test_furigana_follow_the_wards_own_readings(client, ward, address) -> None:
    client.cookies["kusei_furigana"] = "on"
    assert "なかだ" not in html_of(client, address)
    wards.add_reading(ward=ward, surface="中田", reading="なかだ", actor=wards.account_without_login("clerk"))
    assert "なかだ" in html_of(client, address)


def test_length_and_caches_know_the_finished_page(client, address) -> None:
    client.cookies["kusei_furigana"] = "on"
    answer = client.get(address)
    assert int(answer["Content-Length"]) == len(answer.content)
    assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].replace(",", " ").split())


def test_pages_that_cannot_be_found_have_furigana_and_languages_too(client) -> None:
    client.cookies["kusei_furigana"] = "on"
    assert "<ruby>" in html_of(client, "/w/nowhere/")
    assert "Page not found" in html_of(client, "/en/w/nowhere/")
    assert "Page not found" in html_of(client, "/en/no/such/address/")


def test_files_stay_as_they_are(client, ward) -> None:
    client.cookies["kusei_furigana"] = "on"
    answer = client.get("/robots.txt")
    assert "<ruby>" not in answer.content.decode()
    assert "Vary" not in answer.headers or "Accept-Language" not in answer["Vary"]


def test_larger_type(client, address) -> None:
    client.get("/display/", {"text": "large", "next": address})
    html = html_of(client, address)
    assert 'class="has-large-text"' in html
    assert "文字をもとの大きさにする" in html


def test_a_browser_in_another_language_is_offered_it_once(client, address) -> None:
    asking = {"HTTP_ACCEPT_LANGUAGE": "vi,en;q=0.5"}
    answer = client.get(address, **asking)
    assert answer.status_code == 200  # an offer, no detour
    assert "Trang này cũng có bản tiếng Việt." in answer.content.decode()
    assert "reader-proposal" not in client.get(address, HTTP_ACCEPT_LANGUAGE="ja,en").content.decode()
    client.get("/display/", {"language": "ja", "next": address})
    assert "reader-proposal" not in client.get(address, **asking).content.decode()


def test_the_offices_pages_stay_as_they_are(rf) -> None:
    request = rf.get("/office/")
    request.COOKIES = {"kusei_language": "en", "kusei_furigana": "on"}
    request.resolver_match = SimpleNamespace(namespace="office", url_name="home", kwargs={"key": "149993"})
    page = "<p>予算</p>"
    answer = LanguageMiddleware(FuriganaMiddleware(lambda _request: HttpResponse(page)))(request)
    assert answer.content.decode() == page
    assert answer.headers["Content-Language"] == "ja"
    assert LanguageMiddleware(lambda _request: HttpResponse()).process_view(request, None, (), {}) is None


def test_no_language_is_left_behind_for_the_next_request(client, address) -> None:
    client.get(f"/vi{address}")
    assert translation.get_language() == "ja"
