"""Every kind of page: it answers, it stands with nothing to show, it survives nonsense, it asks no more for more rows."""

from __future__ import annotations

import re
import uuid
from itertools import pairwise

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.documents.models import SourceDocument
from kusei.plans.enums import ItemKind, PlanKind, PlanStatus
from kusei.plans.models import ItemText
from kusei.portal.tests.factories import (
    make_body,
    make_document,
    make_item,
    make_large_ward,
    make_result,
    make_version,
    make_ward,
)
from kusei.results.models import ReportedFigure

pytestmark = pytest.mark.django_db


def figure_address(ward) -> str:
    """The page of the first figure that the ward's results print."""
    figure = ReportedFigure.objects.filter(ward=ward).select_related("result__item").order_by("pk").first()
    return reverse("portal:figure", args=[ward.key, figure.result.item.public_id, f"n{figure.position + 1}"])


def addresses(ward) -> list[str]:
    """One of each kind of page."""
    key = ward.key
    texts = ItemText.objects.filter(ward=ward)
    shown = [
        text
        for kind in ItemKind.values
        for text in [texts.filter(kind=kind).order_by("-version__plan__fiscal_year").first()]
        if text
    ]
    body, document = ward.bodies.first(), SourceDocument.objects.filter(ward=ward).first()
    return [
        reverse("portal:home"),
        reverse("portal:search"),
        reverse("portal:search") + "?q=地域",
        reverse("portal:accessibility"),
        reverse("portal:documents", args=[key]),
        reverse("portal:document", args=[key, document.pk]),
        reverse("portal:ward_search", args=[key]) + "?q=地域",
        *(reverse("portal:item", args=[key, text.item.public_id]) for text in shown),
        *(
            reverse(f"portal:{name}", args=[key, 2021])
            for name in ("year", "themes", "bodies", "tags", "budget", "results", "results_summary")
        ),
        reverse("portal:year", args=[key, 2019]),
        figure_address(ward),
        reverse("portal:body", args=[key, 2021, body.pk]),
        reverse("portal:tag", args=[key, 2021, "重点"]),
        *(reverse("portal:plan", args=[key, 2021, kind]) for kind in ("policy", "budget", "action_plan")),
        reverse("portal:version", args=[key, 2021, "budget", 1]),
        reverse("portal:situations", args=[key, 2021]),
        *(
            reverse("portal:situation", args=[key, 2021, name])
            for name in ("childcare", "disaster", "moving")
        ),
        reverse("portal:districts", args=[key, 2021]),
        *(reverse("portal:district", args=[key, 2021, district.pk]) for district in ward.districts.all()),
        reverse("portal:changes", args=[key]),
        reverse("portal:compare", args=[key]),
        reverse("portal:compare", args=[key]) + f"?year=2019&with={key}:2022",
        reverse("portal:life", args=[key, texts.filter(kind="project").first().item.public_id]),
        reverse("portal:version_changes", args=[key, 2021, "budget", 1]),
    ]


def test_every_page_answers_with_its_title_and_headings_that_skip_no_level(client, large_ward) -> None:
    titles = {}
    for address in addresses(large_ward):
        page = client.get(address)
        body = page.content.decode()
        assert page.status_code == 200, address
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", body)]
        assert levels[0] == 1, address
        assert levels.count(1) == 1, address
        assert max((later - earlier for earlier, later in pairwise(levels)), default=0) <= 1, (
            address,
            levels,
        )
        title = re.search(r"<title>(.*?)</title>", body)[1]
        assert title.endswith(("｜みなと市泉が丘区 計画・予算・結果", "｜Kusei")), address
        titles.setdefault(title, address.split("?")[0])
        assert 'rel="canonical"' in body, address
        assert "style=" not in body, address
        assert "<script" not in body, address
        assert "サンプル" not in body, address  # a real ward is not marked
    assert len(titles) > 20


def test_a_bare_number_in_a_template_is_caught() -> None:
    with pytest.raises(AssertionError, match="bare number"):
        Template("{{ amount }}").render(Context({"amount": 1234}))


def test_the_ward_leads_to_its_newest_year(client, large_ward) -> None:
    assert client.get(f"/w/{large_ward.key}/").headers["Location"] == f"/w/{large_ward.key}/2022/"


def test_a_ward_without_plans_says_so(client) -> None:
    ward = make_ward("nothing")
    make_version(ward, 2021, PlanKind.POLICY, status=PlanStatus.DRAFT)

    page = client.get("/w/nothing/")

    assert page.status_code == 200
    assert "まだ公開されていません" in page.content.decode()
    assert client.get("/w/nothing/2021/").status_code == 404  # drafts are not shown


def test_what_is_not_there_is_not_found(client, large_ward) -> None:
    paths = [
        "/w/unknown/", "/w/unknown/2021/", "/w/{key}/1999/", "/w/{key}/99999999999999999999/",
        "/w/{key}/2021/plans/evaluation/", "/w/{key}/2021/plans/nonsense/", "/w/{key}/2021/plans/budget/?version=9",
        "/w/{key}/2021/plans/budget/?version=x", "/w/{key}/2021/plans/budget/part/", "/w/{key}/2021/bodies/999999/",
        "/w/{key}/2021/bodies/99999999999999999999999/", "/w/{key}/2021/tags/ない/", "/w/{key}/documents/99999/",
        "/w/{key}/documents/99999/original/", "/w/{key}/documents/99999999999999999999999/",
        "/w/{key}/items/00000000-0000-0000-0000-000000000000/", "/w/{key}/1999/results.csv", "/nothing/",
    ]  # fmt: skip
    for path in paths:
        page = client.get(path.format(key=large_ward.key))
        assert page.status_code == 404, path
        assert "<h1" in page.content.decode(), path


@pytest.mark.slow
def test_nonsense_in_the_address_asks_for_nothing(client, large_ward) -> None:
    document = SourceDocument.objects.filter(ward=large_ward).first()
    pages = [reverse("portal:search"), reverse("portal:home")] + [
        reverse(f"portal:{name}", args=[large_ward.key, *arguments])
        for name, arguments in (
            ("results", [2021]), ("results_csv", [2021]), ("budget", [2021]), ("ward_search", []),
            ("document", [document.pk]),
        )
    ]  # fmt: skip
    queries = [
        "?focus=x&body=abc&outcome=nonsense&page=zzz", "?page=-1", "?page=99999999999999999999999", "?q=%00",
        "?body=99999999999999", "?q=%FF%FE", "?year=abcd", "?year=99999", "?kind=%27%22", "?page=²", "?body=１",
        "?q=" + "あ" * 3000, "?q='\"--", "?page=9999", "?q=防災&page=99999&kind=x",
    ]  # fmt: skip
    for address in pages:
        for query in queries:
            assert client.get(address + query).status_code == 200, (address, query)


def test_another_wards_things_are_not_found_under_this_ward(client, large_ward) -> None:
    other = make_ward("other", name="となり区")
    version = make_version(other, 2021, PlanKind.BUDGET)
    text = make_item(version, ItemKind.PROJECT, "となりの事業", owners=(make_body(other, "となり課"),))
    document = make_document(version, [["となりの文"]])

    assert client.get(f"/w/other/items/{text.item.public_id}/").status_code == 200
    assert client.get(f"/w/{large_ward.key}/items/{text.item.public_id}/").status_code == 404
    assert client.get(f"/w/{large_ward.key}/documents/{document.pk}/").status_code == 404
    assert client.get(f"/w/{large_ward.key}/documents/{document.pk}/original/").status_code == 404
    assert client.get(f"/w/{large_ward.key}/2021/bodies/{other.bodies.get().pk}/").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "item_kind"),
    [(PlanKind.POLICY, ItemKind.GOAL), (PlanKind.POLICY, ItemKind.MEASURE), (PlanKind.BUDGET, ItemKind.PROJECT),
     (PlanKind.ACTION_PLAN, ItemKind.FOCUS), (PlanKind.EVALUATION, ItemKind.ACTION), (PlanKind.OTHER, ItemKind.COLUMN)],
)  # fmt: skip
def test_a_year_with_a_single_plan_of_a_single_item_stands(client, kind, item_kind) -> None:
    ward = make_ward("small")
    text = make_item(make_version(ward, 2021, kind), item_kind, "ひとつだけ")

    for name in ("year", "themes", "bodies", "tags", "budget", "results", "results_csv"):
        assert client.get(reverse(f"portal:{name}", args=["small", 2021])).status_code == 200, name
    assert client.get(reverse("portal:plan", args=["small", 2021, kind])).status_code == 200
    assert client.get(reverse("portal:item", args=["small", text.item.public_id])).status_code == 200
    assert client.get(reverse("portal:documents", args=["small"])).status_code == 200


def test_empty_pages_have_a_way_on(client) -> None:
    ward = make_ward("small")
    make_version(ward, 2021, PlanKind.OTHER)

    for name in ("themes", "bodies", "tags", "budget", "results"):
        body = client.get(reverse(f"portal:{name}", args=["small", 2021])).content.decode()
        empty = re.search(r'<div class="empty">(.*?)</div>', body, re.S)
        assert empty, name
        assert "href=" in empty[1], name
        assert "<table" not in body, name


@pytest.mark.slow
def test_a_sample_is_marked_on_every_page(client) -> None:
    ward = make_large_ward("sample", actions=8, is_sample=True)

    for address in addresses(ward):
        body = client.get(address).content.decode()
        if address.startswith("/w/") or address == "/":
            assert "sample-band" in body, address
        else:
            assert "sample-band" not in body, address


def test_robots_may_read_all_but_search(client) -> None:
    page = client.get("/robots.txt")

    assert page.headers["Content-Type"].startswith("text/plain")
    assert "Disallow: /search/" in page.content.decode().splitlines()


def _filled(rows: int, key: str):
    """A ward with `rows` of everything."""
    ward = make_ward(key)
    budget, plan = make_version(ward, 2021, PlanKind.BUDGET), make_version(ward, 2021, PlanKind.ACTION_PLAN)
    body = make_body(ward, "総務課")
    measure = make_item(budget, ItemKind.MEASURE, "施策", number="1")
    focus = make_item(plan, ItemKind.FOCUS, "行動計画", number="1")
    for row in range(rows):
        project = make_item(
            budget,
            ItemKind.PROJECT,
            f"事業{row}",
            parent=measure,
            owners=(body,),
            tags=("重点",),
            thousand_yen=row + 1,
        )
        make_item(budget, ItemKind.COMPONENT, f"内訳{row}", parent=project, thousand_yen=row + 1)
        action = make_item(plan, ItemKind.ACTION, f"取組{row}", parent=focus, owners=(body,), tags=("重点",))
        make_result(action, "行いました。", figures=[(row, "回", "開催")])
    make_document(budget, [["文"]] * rows)
    return ward, measure


@pytest.mark.parametrize(
    "name",
    [
        *("home", "results", "plan", "item"),
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("documents", "document", "year", "themes", "bodies", "tags", "budget", "results_summary", "body", "tag", "figure")
        ),
    ],
)  # fmt: skip
def test_more_rows_take_no_more_queries(client, name) -> None:
    counts = []
    for rows, key in ((1, "one"), (3, "three")):
        ward, measure = _filled(rows, key)
        arguments = {
            "home": [], "documents": [key], "document": [key, ward.documents.get().pk],
            "body": [key, 2021, ward.bodies.get().pk], "tag": [key, 2021, "重点"], "plan": [key, 2021, "action_plan"],
            "item": [key, measure.item.public_id],
            "figure": [key, ReportedFigure.objects.filter(ward=ward).first().result.item.public_id, "n1"],
        }.get(name, [key, 2021])  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"portal:{name}", args=arguments)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1], (name, counts)
    assert counts[0] <= 22, (name, counts)


def test_an_unknown_item_is_not_found(client, large_ward) -> None:
    assert client.get(f"/w/{large_ward.key}/items/{uuid.uuid4()}/").status_code == 404
