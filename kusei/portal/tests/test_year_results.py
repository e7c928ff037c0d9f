"""Two years of results: order, districts and measures in the address, courses, reasons, corrections, the summary."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.plans.enums import ItemKind, LinkKind, PlanKind
from kusei.plans.models import PlanVersion
from kusei.portal.queries.frame import frame_of
from kusei.portal.queries.summary import summary_of
from kusei.portal.tests.factories import (
    PUBLISHED,
    link,
    make_body,
    make_item,
    make_result,
    make_version,
    make_ward,
)
from kusei.portal.tests.test_languages import unmarked
from kusei.results.enums import Outcome
from kusei.results.models import ReportedResult
from kusei.wards.models import District

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

_ROW = re.compile(r'class="row-link" href="/w/[^"]+/items/[^"/]+/">([^<]+)</a>')


@pytest.fixture
def years():
    """令和2年度 and 3年度: a course that goes on and grew, one that was cancelled, one that moved on without a link."""
    ward = make_ward()
    body, other = make_body(ward, "福祉課"), make_body(ward, "こども課")
    for place, name in enumerate(("北台", "南浜")):
        District.objects.create(ward=ward, name=name, folded=name, position=place)
    before = make_version(ward, 2020, PlanKind.ACTION_PLAN)
    now = make_version(ward, 2021, PlanKind.ACTION_PLAN)
    made = {"ward": ward, "now": now, "body": body}
    for version, number, people in ((before, "12", "250"), (now, "14", "230")):
        focus = make_item(version, ItemKind.FOCUS, "支え合い", number="1")
        measure = make_item(version, ItemKind.MEASURE, "集まる", parent=focus)
        course = make_item(
            version, ItemKind.ACTION, "講座", parent=measure, owners=(body,), thousand_yen=int(number) * 10
        )
        make_result(
            course,
            f"{number}回開いた。",
            figures=[(number, "回", "開催"), (people, "人", "参加"), ("5", "枚", "")],
        )
        visits = make_item(version, ItemKind.ACTION, "北台の訪問", parent=focus, owners=(other,))
        outcome = Outcome.DONE if version is before else Outcome.CANCELLED
        result = make_result(visits, "訪ねた。" if version is before else "訪ねなかった。", outcome)
        if version is now:
            ReportedResult.objects.filter(pk=result.pk).update(outcome_reason="担当が足りなかったため")
        open_one = make_item(version, ItemKind.ACTION, "調査", parent=focus)
        made |= {f"course{version.plan.fiscal_year}": course, f"visits{version.plan.fiscal_year}": visits}
        made |= {"measure": measure, "focus": focus, "open": open_one}
    link(made["course2021"], LinkKind.CONTINUES, made["course2020"])
    link(made["visits2021"], LinkKind.CONTINUES, made["visits2020"])
    return made


def correct(years, *, value: str = "15", note: str = "数え漏れがあったため。") -> PlanVersion:
    """The next version of this year's plan, which says another number."""
    old = years["now"]
    version = make_version(old.ward, 2021, PlanKind.ACTION_PLAN, number=old.number + 1)
    PlanVersion.objects.filter(pk=version.pk).update(note=note, published_at=PUBLISHED + timedelta(days=30))
    above: dict = {}
    for text in old.texts.order_by("position"):
        above[text.pk] = make_item(
            version, text.kind, text.title, item=text.item, parent=above.get(text.parent_id), number=text.number,
            owners=tuple(owner.body for owner in text.owners.all()),
        )  # fmt: skip
        result = ReportedResult.objects.filter(item=text.item, version=old).first()
        if result is not None:
            figures = [(each.value, each.unit, each.label) for each in result.figures.all()]
            if text.title == "講座":
                figures[0] = (Decimal(value), "回", "開催")
                result.text = f"{value}回開いた。"
            again = make_result(above[text.pk], result.text, result.outcome, figures)
            ReportedResult.objects.filter(pk=again.pk).update(outcome_reason=result.outcome_reason)
    return version


def page(client, years, query: str = "", name: str = "results") -> str:
    answer = client.get(reverse(f"portal:{name}", args=[years["ward"].key, 2021]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?measure={measure}", ["講座"]),
        ("?district={north}", ["北台の訪問"]),  # its name stands in the title
        ("?district={south}", []),
        ("?sort=outcome", ["北台の訪問", "調査", "講座"]),
        ("?sort=body", ["北台の訪問", "講座", "調査"]),
        ("?sort=nonsense", ["講座", "北台の訪問", "調査"]),
        ("?outcome=not_as_planned", ["北台の訪問"]),
        ("?outcome=prepared_or_ended", []),
        ("?corrected=1", []),
        ("?district=x&measure=&corrected=2", ["講座", "北台の訪問", "調査"]),
    ],
)
def test_filters_and_orders_of_the_address(client, years, query, found) -> None:
    north, south = years["ward"].districts.order_by("position")
    query = query.format(measure=years["measure"].item.public_id, north=north.pk, south=south.pk)

    assert _ROW.findall(page(client, years, query)) == found


def test_what_is_chosen_stays_in_every_address(client, years) -> None:
    north = years["ward"].districts.first()
    body = page(client, years, f"?district={north.pk}&sort=outcome&q=訪問")

    assert f'<input type="hidden" name="district" value="{north.pk}">' in body
    assert '<input type="hidden" name="sort" value="outcome">' in body
    links = re.findall(r'outcome-filter__link" href="([^"]+)"', body)
    assert links
    assert all(f"district={north.pk}" in each and "sort=outcome" in each for each in links)
    assert "「北台」の名前が文の中に出てくる取組" in body


def test_a_cancelled_action_says_why(client, years) -> None:
    body = page(client, years)

    assert '<span class="results__why-label">理由：</span>担当が足りなかったため' in body
    # words that the reader found in the text are no reason of their own
    ReportedResult.objects.filter(outcome=Outcome.CANCELLED).update(outcome_reason="訪ねなかった")
    assert "results__why" not in page(client, years)
    ReportedResult.objects.filter(outcome=Outcome.CANCELLED).update(outcome_reason="", text="")
    assert "理由の記載はありません。" in page(client, years)


def test_a_figure_tells_its_course_in_words_shape_and_table(client, years) -> None:
    body = page(client, years)

    assert "前年度（12回）より2回増えました" in body
    assert "前年度（250人）より20人減りました" in body
    assert body.count('class="trend"') == 2  # a number without a name is like no other
    table = re.search(r'<table class="trend__table">.*?</table>', body, re.S).group()
    assert re.findall(r'<td class="num">([^<]+)</td>', table) == ["14回", "12回"]
    english = client.get("/en" + reverse("portal:results", args=[years["ward"].key, 2021])).content.decode()
    assert "2 more than the year before (12)" in english or "2 more than" in english


def test_no_course_after_a_split(client, years) -> None:
    twin = make_item(years["now"], ItemKind.ACTION, "もう一つの講座", parent=years["focus"])
    make_result(twin, "開いた。", figures=[("3", "回", "開催")])
    link(twin, LinkKind.CONTINUES, years["course2020"])

    assert 'class="trend"' not in page(client, years)


def test_a_correction_shows_on_the_row_the_item_and_in_the_feed(client, years) -> None:
    correct(years)
    ward = years["ward"]

    row = page(client, years, "?corrected=1")
    assert _ROW.findall(row) == ["講座"]
    assert "公開した後で訂正したもの" in row
    item = client.get(
        reverse("portal:item", args=[ward.key, years["course2021"].item.public_id])
    ).content.decode()
    for body in (row, item):
        assert "に訂正しました。" in body
        assert "理由：数え漏れがあったため。" in body
        assert "<dt>数値（開催）</dt>" in body
        assert '<del><span class="visually-hidden">［前］</span>14<' in body
        assert '<ins><span class="visually-hidden">［今］</span>15<' in body
    changes = client.get(reverse("portal:changes", args=[ward.key])).content.decode()
    assert "公開していた結果を1件訂正しました。" in changes
    feed = client.get(reverse("portal:changes_feed", args=[ward.key])).content.decode()
    assert "「講座」の数値（開催）：14回 → 15回" in feed
    told = client.get(reverse("portal:results_csv", args=[ward.key, 2021])).content.decode("utf-8-sig")
    dates = {each["実施計画"]: each["訂正した日"] for each in csv.DictReader(io.StringIO(told, newline=""))}
    assert dates == {"講座": "2022-06-19", "北台の訪問": "", "調査": ""}


def test_results_told_for_the_first_time_are_news(client, years) -> None:
    ward, plan = years["ward"], years["now"].plan
    ReportedResult.objects.filter(version__plan=plan).delete()
    version = make_version(ward, 2021, PlanKind.ACTION_PLAN, number=2)
    above: dict = {}
    for text in years["now"].texts.order_by("position"):
        above[text.pk] = make_item(
            version, text.kind, text.title, item=text.item, parent=above.get(text.parent_id), number=text.number,
            owners=tuple(owner.body for owner in text.owners.all()), thousand_yen=140 if text.title == "講座" else None,
        )  # fmt: skip
    make_result(next(each for each in above.values() if each.title == "講座"), "14回開いた。")

    body = client.get(reverse("portal:changes", args=[ward.key])).content.decode()
    assert "取組の結果を1件、新しく公開しました。" in body
    assert "結果の公開" in body
    assert "件訂正しました" not in body
    assert 'class="corrected"' not in page(client, years)


def test_the_summary_counts_what_its_links_show(client, years) -> None:
    correct(years)
    body = page(client, years, name="results_summary")

    assert "3の取組のうち、1を実施しました。" in body
    assert "実施した割合は33%（3件のうち1件）です。令和2年度は67%（3件のうち2件）でした。" in body
    for href, number in re.findall(
        r'outcome-filter__link" href="([^"]+)">.*?outcome-filter__count">(\d+)<', body, re.S
    ):
        assert len(_ROW.findall(client.get(href.replace("&amp;", "&")).content.decode())) == int(number)
    assert "担当が足りなかったため" in body
    assert "公開した後で訂正した結果が1件あります。" in body
    corrected = re.search(r'href="([^"]+corrected=1)"', body).group(1)
    assert _ROW.findall(client.get(corrected).content.decode()) == ["講座"]
    numbers = re.findall(r'href="([^"]+focus=[^"]+)">(\d+)</a>', body)
    assert [number for _href, number in numbers] == ["3", "1", "1", "1"]
    for href, number in numbers:
        assert len(_ROW.findall(client.get(href.replace("&amp;", "&")).content.decode())) == int(number)
    assert "増えたものが1、減ったものが1、同じものが0です。" in body


@pytest.mark.parametrize("code", ["en", "zh-hans", "vi"])
def test_japanese_is_marked_in_other_languages(client, years, code) -> None:
    correct(years)
    ward = years["ward"]
    addresses = [
        *(reverse(f"portal:{name}", args=[ward.key, 2021]) for name in ("results", "results_summary")),
        reverse("portal:results", args=[ward.key, 2021]) + f"?sort=body&district={ward.districts.first().pk}",
        reverse("portal:item", args=[ward.key, years["course2021"].item.public_id]),
        reverse("portal:figure", args=[ward.key, years["course2021"].item.public_id, "n1"]),
        reverse("portal:changes", args=[ward.key]),
    ]
    if code == "zh-hans":  # the same signs: what is not translated would stand in kana
        found = {address: client.get(f"/{code}{address}").status_code for address in addresses}
        assert set(found.values()) == {200}
    else:
        assert {
            address: left
            for address in addresses
            if (left := unmarked(client.get(f"/{code}{address}").content.decode()))
        } == {}


def test_large_numbers_are_held_against_their_own_unit_alone(years) -> None:
    other = make_item(years["now"], ItemKind.ACTION, "体操", parent=years["focus"])
    make_result(other, "開いた。", figures=[("40", "回", "開催"), ("11.5", "%", "受診"), ("1", "枚", "")])

    found = summary_of(frame_of(years["ward"].key, 2021))

    assert {each.unit: [int(large.figure.value) for large in each.largest] for each in found.largest} == {
        "回": [40, 14],
        "人": [230],
        "枚": [5],
    }


def test_a_summary_without_results_or_without_a_year_before_says_so(client, years) -> None:
    ward = years["ward"]
    first = client.get(reverse("portal:results_summary", args=[ward.key, 2020])).content.decode()
    assert "結果を公開した前の年度がないため、くらべられません。" in first

    ReportedResult.objects.all().delete()
    assert "3の取組を計画しています。結果はまだ公開されていません。" in page(
        client, years, name="results_summary"
    )

    budget = make_version(make_ward("only-money", name="予算区"), 2021, PlanKind.BUDGET)
    make_item(budget, ItemKind.PROJECT, "事業", thousand_yen=10)
    empty = client.get(reverse("portal:results_summary", args=["only-money", 2021])).content.decode()
    assert "この年度には、取組の計画や結果の文書が公開されていません。" in empty


def test_the_items_page_tells_year_by_year(client, years) -> None:
    evaluation = make_version(years["ward"], 2021, PlanKind.EVALUATION)
    judged = make_item(evaluation, ItemKind.PROJECT, "講座の評価", text="続けることが望まれます。")
    link(judged, LinkKind.CONTINUES, years["course2020"])

    body = client.get(
        reverse("portal:item", args=[years["ward"].key, years["course2021"].item.public_id])
    ).content.decode()

    section = re.search(r'aria-labelledby="item-years".*?</section>', body, re.S).group()
    assert section.index("令和3年度") < section.index("令和2年度")
    for told in ("140", "120", "14回開いた。", "12回開いた。", "続けることが望まれます。", "公表された評価"):
        assert told in section


def test_more_rows_and_years_take_no_more_queries(client) -> None:
    counts = []
    for rows, key in ((1, "one"), (3, "three")):
        ward = make_ward(key)
        District.objects.create(ward=ward, name="北台", folded="北台", position=1)
        versions = [make_version(ward, year, PlanKind.ACTION_PLAN) for year in (2020, 2021)]
        for row in range(rows):
            texts = [make_item(version, ItemKind.ACTION, f"取組{row}") for version in versions]
            for text in texts:
                make_result(text, "行いました。", figures=[(row + 2, "回", "開催")])
            link(texts[1], LinkKind.CONTINUES, texts[0])
        correct({"now": versions[1]})
        asked = []
        for name in ("results", "results_summary", "results_csv"):
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(f"portal:{name}", args=[key, 2021]))
            asked.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("portal:item", args=[key, texts[1].item.public_id]))
        counts.append([*asked, len(queries)])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 31


def test_the_summary_says_how_the_few_that_did_not_work_were_chosen_and_how_a_large_number_ended(
    client, years
) -> None:
    for number in range(9):
        action = make_item(years["now"], ItemKind.ACTION, f"催し{number}", parent=years["focus"])
        make_result(action, "休止した。", Outcome.SUSPENDED, [(str(700 + number), "回", "開催")])

    body = page(client, years, name="results_summary")

    failures = body.split('id="s-failures"')[1].split("</section>")[0]
    assert "全部で10件あります。" in failures
    assert "文書に出てくる順に1件ずつ選んだ8件です。" in failures
    largest = body.split('id="s-largest"')[1].split("</section>")[0]
    assert largest.index("708<") < largest.index("outcome--suspended") < largest.index("催し8")
    assert "outcome--done" not in largest


def test_one_is_no_plural_in_english(client, years) -> None:
    address = reverse("portal:results_summary", args=[years["ward"].key, 2021])
    body = client.get("/en" + address).content.decode()

    assert '1<span class="unit"> item</span>' in body
    assert '1<span class="unit"> items</span>' not in body
