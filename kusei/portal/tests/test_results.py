"""The results table: filters in the address, paging, CSV."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.urls import reverse

from kusei.plans.enums import ItemKind, PlanKind
from kusei.portal.tests.factories import make_body, make_item, make_result, make_version, make_ward
from kusei.results.enums import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def table():
    """Two headings, three rows: done by 総務課 and 福祉課, cancelled by 福祉課, without a result by nobody."""
    ward = make_ward(code="149993")
    one, two = make_body(ward, "総務課"), make_body(ward, "福祉課")
    version = make_version(ward, 2021, PlanKind.ACTION_PLAN)
    first = make_item(version, ItemKind.FOCUS, "権利を守る", number="1")
    measure = make_item(version, ItemKind.MEASURE, "知識を広めます。", parent=first)
    done = make_item(
        version, ItemKind.ACTION, "講座", parent=measure, owners=(one, two), plan_bullets=["講座", "冊子"]
    )
    make_result(done, "ＩＣＴ講座を3回開きました。", figures=[(3, "回", "講座")])
    cancelled = make_item(version, ItemKind.ACTION, "見学会", parent=measure, owners=(two,))
    make_result(cancelled, "=中止しました。", Outcome.CANCELLED)
    second = make_item(version, ItemKind.FOCUS, "防災", number="1")
    make_item(version, ItemKind.ACTION, "訓練", parent=second)
    return {"ward": ward, "one": one, "two": two, "first": first}


def rows(client, table, query="") -> list[str]:
    body = client.get(reverse("portal:results", args=[table["ward"].key, 2021]) + query).content.decode()
    return re.findall(r'class="row-link" href="/w/[^"]+/items/[^"]+">([^<]+)</a>', body)


def test_all_rows_stand_under_their_heading(client, table) -> None:
    body = client.get(reverse("portal:results", args=[table["ward"].key, 2021])).content.decode()

    assert rows(client, table) == ["講座", "見学会", "訓練"]
    assert body.count('class="focus-group__title"') == 2
    assert "3の取組のうち、1を実施しました。" in body
    assert "冊子" in body


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?outcome=done", ["講座"]),
        ("?outcome=unknown", ["訓練"]),  # a row without a result
        ("?body={two}", ["講座", "見学会"]),
        ("?body={two}&outcome=cancelled", ["見学会"]),
        ("?body={one}&outcome=cancelled", []),
        ("?focus={first}", ["講座", "見学会"]),
        ("?q=ict", ["講座"]),  # full and half width, small and capital
        ("?q=福祉課", ["講座", "見学会"]),  # words look at bodies too
        ("?q=講座 冊子", ["講座"]),  # all words
        ("?q=ない言葉", []),
    ],
)
def test_filters_in_the_address(client, table, query, found) -> None:
    query = query.format(one=table["one"].pk, two=table["two"].pk, first=table["first"].item.public_id)

    assert rows(client, table, query) == found


def test_each_choice_says_how_many_it_leaves(client, table) -> None:
    body = client.get(
        reverse("portal:results", args=[table["ward"].key, 2021]) + f"?body={table['two'].pk}"
    ).content.decode()

    links = re.findall(
        r'outcome-filter__link" href="([^"]+)"[^>]*>.*?__label">([^<]+)</span>.*?__count">(\d+)<', body, re.S
    )
    assert {label: count for _href, label, count in links} == {"実施": "1", "中止": "1"}
    # choosing an outcome keeps the body; choosing the chosen body takes it away
    assert all(f"body={table['two'].pk}" in href for href, _label, _count in links)
    assert re.search(rf'href="/w/{table["ward"].key}/2021/results/" aria-current="true"', body)


def test_nothing_found_has_a_way_on(client, table) -> None:
    body = client.get(reverse("portal:results", args=[table["ward"].key, 2021]) + "?q=ない").content.decode()

    assert "当てはまる取組はありません" in body
    assert "全ての条件を外す" in body
    assert "<table" not in body


def test_long_tables_come_in_pages_and_keep_their_filter(client) -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.ACTION_PLAN)
    focus = make_item(version, ItemKind.FOCUS, "柱")
    for number in range(51):
        make_item(version, ItemKind.ACTION, f"取組{number}", parent=focus)
    table = {"ward": ward}

    assert len(rows(client, table)) == 50
    assert rows(client, table, "?page=2&q=取組") == ["取組50"]
    body = client.get(reverse("portal:results", args=[ward.key, 2021]) + "?q=取組").content.decode()
    assert "51件中 1～50件" in body
    assert "page=all" in body
    assert len(rows(client, table, "?page=all")) == 51
    assert re.search(r'href="[^"]+\?q=%E5%8F%96%E7%B5%84&amp;page=2" rel="next"', body)


def test_csv_holds_the_filtered_rows_for_spreadsheets(client, table) -> None:
    page = client.get(
        reverse("portal:results_csv", args=[table["ward"].key, 2021]) + f"?body={table['two'].pk}"
    )
    text = page.content.decode("utf-8")

    assert text.startswith("\ufeff")
    assert "\r\n" in text
    assert "attachment" in page.headers["Content-Disposition"]
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["状況"] for row in found] == ["実施", "中止"]
    assert found[0]["実施計画"] == "講座\n冊子"
    assert found[0]["実施主体"] == "総務課;福祉課"
    assert found[0]["数値"] == "講座3回"
    assert found[0]["年度"] == "2021"
    assert found[1]["実施した取組結果"] == "'=中止しました。"  # never run as a formula


def test_a_project_with_a_result_is_a_row_too(client) -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.BUDGET)
    project = make_item(version, ItemKind.PROJECT, "結果のある事業")
    make_item(version, ItemKind.ACTION, "予算書の中の取組")  # a budget's actions without results are no rows
    make_result(project, "終えました。", Outcome.ENDED)

    assert rows(client, {"ward": ward}) == ["結果のある事業"]
