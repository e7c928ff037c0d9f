"""Sitemaps, sharing, and what a first visit costs."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.plans.enums import ItemKind, PlanKind
from kusei.portal.queries import sitemap as addresses
from kusei.portal.tests.factories import make_body, make_item, make_version, make_ward

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
FIRST_PAGE_BYTES = 150_000


def locations(client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/xml")
    return [each.text for each in ElementTree.fromstring(answer.content).findall(".//s:loc", SPACE)]


@pytest.mark.django_db
def test_the_index_names_every_ward_that_has_published_something(client) -> None:
    ward, empty = make_ward(), make_ward("149994", name="となり区")
    make_item(make_version(ward, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "見守り事業")
    make_version(empty, 2021, PlanKind.BUDGET, status="draft")

    found = locations(client, "/sitemap.xml")

    assert found == ["http://testserver/sitemap-site.xml", f"http://testserver/w/{ward.key}/sitemap.xml"]
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
    assert "http://testserver/" in locations(client, "/sitemap-site.xml")


@pytest.mark.slow
@pytest.mark.django_db
def test_every_address_of_a_wards_sitemap_answers(client, large_ward) -> None:
    found = locations(client, reverse("portal:sitemap", args=[large_ward.key]))
    kinds: dict[str, str] = {}
    for address in found:  # one of each form is enough
        kinds.setdefault(re.sub(r"[0-9a-f-]{36}|\d+", "_", address), address)

    assert len(found) == len(set(found))
    assert len(kinds) > 15
    assert [address for address in kinds.values() if client.get(address).status_code != 200] == []


@pytest.mark.django_db
def test_drafts_and_other_wards_are_on_no_map(client) -> None:
    ward, other = make_ward(), make_ward("149994", name="となり区")
    shown = make_item(make_version(ward, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "見守り事業")
    draft = make_item(make_version(ward, 2022, PlanKind.BUDGET, status="draft"), ItemKind.PROJECT, "下書き")
    stranger = make_item(make_version(other, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "となりの事業")

    found = "\n".join(locations(client, reverse("portal:sitemap", args=[ward.key])))

    assert str(shown.item.public_id) in found
    assert str(draft.item.public_id) not in found
    assert str(stranger.item.public_id) not in found
    assert "/2022/" not in found
    assert client.get(reverse("portal:sitemap", args=["nowhere"])).status_code == 404


@pytest.mark.django_db
def test_many_items_come_in_pieces(client, monkeypatch) -> None:
    monkeypatch.setattr(addresses, "ITEMS_IN_A_FILE", 2)
    monkeypatch.setattr("kusei.portal.views.sitemap.ITEMS_IN_A_FILE", 2)
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.BUDGET)
    texts = [make_item(version, ItemKind.PROJECT, f"事業{number}") for number in range(5)]
    own = reverse("portal:sitemap", args=[ward.key])

    pieces = [locations(client, f"{own}?page={page}") for page in (1, 2, 3)]

    assert locations(client, "/sitemap.xml")[1:] == [
        f"http://testserver{own}{query}" for query in ("", "?page=2", "?page=3")
    ]
    assert [sum("/items/" in address for address in piece) for piece in pieces] == [2, 2, 1]
    assert {str(text.item.public_id) for text in texts} == {
        address.split("/items/")[1].strip("/")
        for piece in pieces
        for address in piece
        if "/items/" in address
    }
    for query in ("?page=4", "?page=0", "?page=x"):
        assert client.get(own + query).status_code == 404


@pytest.mark.django_db
def test_the_map_asks_no_more_for_more_rows(client) -> None:
    counts = set()
    for place, many in enumerate((1, 3)):
        ward = make_ward(f"14999{place}", name=f"区{place}", city=f"市{place}")
        version = make_version(ward, 2021, PlanKind.BUDGET)
        for number in range(many):
            make_item(version, ItemKind.PROJECT, f"事業{number}", owners=(make_body(ward, f"課{number}"),))
        with CaptureQueriesContext(connection) as queries:
            locations(client, reverse("portal:sitemap", args=[ward.key]))
        counts.add(len(queries))
    assert len(counts) == 1, counts


@pytest.mark.slow
@pytest.mark.django_db
def test_a_shared_link_shows_title_words_and_picture(client, large_ward) -> None:
    address = reverse("portal:budget", args=[large_ward.key, 2021])
    body = client.get(address).content.decode()
    said = dict(re.findall(r'<meta property="(og:[a-z:_]+)" content="([^"]*)">', body))

    assert said["og:title"] == "令和3年度の予算"
    assert said["og:url"] == f"http://testserver{address}"
    assert said["og:site_name"].startswith("みなと市泉が丘区")
    assert "千円" in said["og:description"]  # the page's finding
    assert re.fullmatch(r"http://testserver/static/portal/share\S*\.png", said["og:image"])
    assert f'<meta name="description" content="{said["og:description"]}">' in body
    picture = Path(finders.find("portal/share.png")).read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)
    plain = client.get(reverse("portal:themes", args=[large_ward.key, 2021])).content.decode()
    assert 'property="og:description" content="みなと市泉が丘区が公開した' in plain


def transferred(client, address: str) -> dict[str, int]:
    """By address, the bytes that a first visit moves: the page and all that it loads, packed as they are served."""
    page = client.get(address, headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    moved = {address: len(page.content)}
    body = gzip.decompress(page.content).decode()
    loaded = re.findall(
        r'<link rel="(?:stylesheet|icon)" href="([^"]+)"|<(?:img|script)[^>]* src="([^"]+)"', body
    )
    for name in {either for pair in loaded for either in pair if either}:
        found = finders.find(name.removeprefix("/static/").split("?")[0])
        if found:
            moved[name] = len(gzip.compress(Path(found).read_bytes()))
        else:  # made by a page of ours, such as a ward's colours
            answer = client.get(name, headers={"accept-encoding": "gzip"})
            assert answer.status_code == 200, name
            moved[name] = len(answer.content)
    return moved


@pytest.mark.django_db
def test_a_first_visit_is_light(client, large_ward) -> None:
    for address in (
        reverse("portal:home"),
        reverse("portal:year", args=[large_ward.key, 2021]),
        reverse("portal:results", args=[large_ward.key, 2021]),
    ):
        moved = transferred(client, address)
        assert len(moved) > 4
        assert sum(moved.values()) <= FIRST_PAGE_BYTES, moved


@pytest.mark.django_db
def test_an_unchanged_page_is_not_sent_again(client) -> None:
    ward = make_ward()
    text = make_item(make_version(ward, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "見守り事業")
    address = reverse("portal:themes", args=[ward.key, 2021])
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    text.title = "新しい名前の事業"
    text.save()
    changed = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    packed_again = client.get(
        address, headers={"accept-encoding": "gzip", "if-none-match": packed.headers["ETag"]}
    )

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert "新しい名前の事業" in changed.content.decode()
    assert packed_again.status_code == 304


@pytest.mark.slow
def test_named_by_their_contents_assets_are_kept_for_ever(tmp_path) -> None:
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.files.storage import storages
    from whitenoise.middleware import WhiteNoiseMiddleware

    stored = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    with override_settings(
        STORAGES=stored, STATIC_ROOT=tmp_path, WHITENOISE_AUTOREFRESH=False, WHITENOISE_USE_FINDERS=False
    ):
        staticfiles_storage._wrapped = storages["staticfiles"]
        try:
            call_command("collectstatic", interactive=False, verbosity=0)
            hashed = storages["staticfiles"].url("portal/page.css")
            serve = WhiteNoiseMiddleware(lambda request: None)
            kept = serve(RequestFactory().get(hashed))
            plain = serve(RequestFactory().get("/static/portal/page.css"))
        finally:
            staticfiles_storage._wrapped = storages.create_storage(stored["staticfiles"])

    assert re.fullmatch(r"/static/portal/page\.[0-9a-f]{12}\.css", hashed)
    assert kept.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert "immutable" not in plain.headers["Cache-Control"]
