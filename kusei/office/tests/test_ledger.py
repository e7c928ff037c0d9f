"""実績: the year's figures, and the recipe behind each: the same number everywhere, down to its entries."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from kusei.ledger import operations as ledger
from kusei.ledger.models import Entry, Metric
from kusei.ledger.operations import CellChange, Proof
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground
from kusei.plans import operations as plans
from kusei.plans.models import Item
from kusei.plans.rules import Entry as PlanEntry
from kusei.wards.models import District
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow

RECORD = Source("test.course", 1)


def plain(answer) -> str:
    """What a page says, without its markup."""
    words = re.sub(r"</?span[^>]*>", "", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words))


def post(ground: Ground, *lines, record: Source = RECORD) -> None:
    ledger.post(ward=ground.cast.ward, source=record, lines=lines, actor=ground.cast.clerk)


def list_url(cast: Cast, query: str = "year=2026") -> str:
    return f"{reverse('office:figures', args=[cast.ward.key])}?{query}"


def figure_url(ground: Ground, metric: Metric | None = None, item: int = 0, query: str = "") -> str:
    args = [ground.cast.ward.key, 2026, ground.items[item].pk, (metric or ground.times).pk]
    return reverse("office:figure", args=args) + query


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def test_a_year_without_entries_says_so(client: Client, ground: Ground) -> None:
    assert "まだ一件も記録されていません" in plain(client.get(list_url(ground.cast)))


def test_every_figure_of_the_year_leads_to_its_recipe(client: Client, ground: Ground) -> None:
    post(ground, ground.line("1", 25), ground.line("2", 1000, item_id=ground.items[1].pk))
    page = client.get(list_url(ground.cast))
    assert "2の数字" in plain(page)
    for item in (0, 1):
        assert figure_url(ground, item=item) in page.content.decode()
    assert "1,000回" in plain(client.get(figure_url(ground, item=1)))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=防災", ["防災訓練"]),
        ("q=無い言葉", []),
        ("body={promotion}", ["健康教室", "防災訓練"]),
        ("body={council}", []),
        ("metric={members}", ["健康教室"]),
        ("body=99999999999999999999", ["健康教室", "防災訓練"]),
        ("metric=abc&page=xyz", ["健康教室", "防災訓練"]),
        ("under={first}", ["健康教室"]),
    ],
)
def test_the_address_narrows_the_list(client: Client, ground: Ground, query: str, shown: list[str]) -> None:
    post(
        ground,
        ground.line("1", 25),
        ground.line("2", 3, item_id=ground.items[1].pk),
        ground.line("3", 40, metric_id=ground.members.pk),
    )
    cast = ground.cast
    query = query.format(
        promotion=cast.promotion.pk,
        council=cast.council.pk,
        members=ground.members.pk,
        first=ground.items[0].pk,
    )
    page = client.get(list_url(cast, f"year=2026&{query}")).content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th>', page, re.S)
    titles = [re.sub(r"<[^>]+>", "", row).strip().split(" ")[-1] for row in rows]
    assert list(dict.fromkeys(titles)) == shown
    if not shown:
        assert "この条件に合う数字はありません" in page


def test_the_list_goes_out_to_excel_and_csv_as_it_was_narrowed(client: Client, ground: Ground) -> None:
    rate = Metric.objects.get(ward=None, key="metres")
    post(ground, ground.line("1", 25), ground.line("2", 115, item_id=ground.items[1].pk, metric_id=rate.pk))
    base = reverse("office:figures_file", args=[ground.cast.ward.key, "xlsx"])
    sheet = load_workbook(io.BytesIO(client.get(f"{base}?year=2026").content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [(row[3], row[5], row[6], row[7]) for row in rows] == [
        ("健康教室", "開催・実施の回数", 25, "回"),
        ("防災訓練", "長さ", 11.5, "m"),
    ]
    text = client.get(f"{base.replace('xlsx', 'csv')}?year=2026&q=防災").content.decode()
    assert "防災訓練" in text
    assert "健康教室" not in text
    assert client.get(base.replace("xlsx", "exe")).status_code == 404


def test_a_recipe_tells_definition_scope_records_and_time(client: Client, ground: Ground) -> None:
    ledger.save_report(
        ward=ground.cast.ward, fiscal_year=2026, item=ground.items[0], body=ground.cast.promotion,
        changes=[CellChange(ground.times.pk, date(2026, 6, 1), 4)], proof=Proof("form", date(2026, 7, 3)),
        revision=None, owners=[ground.cast.promotion.pk], actor=ground.cast.clerk,
    )  # fmt: skip
    post(ground, ground.line("1", 2, on=date(2026, 7, 9)))
    said = plain(client.get(figure_url(ground)))
    for words in (
        "6回", "令和8年度に「健康教室」に記録された「開催・実施の回数」を、すべて足した数です。", "行った回数。中止した回は数えない。",
        "手で記録した報告 1件", "令和8年6月分", "令和8年7月9日", "test.course 1件", "いちばん多い月は6月の4回です", "地域振興課の報告",
    ):  # fmt: skip
        assert words in said, words


def test_a_reversed_pair_is_struck_through_and_counts_for_nothing(client: Client, ground: Ground) -> None:
    post(ground, ground.line("1", 25), ground.line("2", 5))
    post(ground, ground.line("1", 26), ground.line("2", 5))
    page = client.get(figure_url(ground))
    said = plain(page)
    assert "31回" in said
    assert "test.course 2件" in said
    assert "取り消した記録 1件" in said
    rows = re.findall(r'<tr id="e\d+"( class="is-void")?>', page.content.decode())
    assert len(rows) == 4
    order = list(Entry.objects.order_by("pk").values_list("pk", "reverses"))
    places = [int(each) for each in re.findall(r'<tr id="e(\d+)"', page.content.decode())]
    back = next((pk, reverses) for pk, reverses in order if reverses)
    assert places.index(back[0]) == places.index(back[1]) + 1  # the reversal stands right behind


def test_bodies_and_districts_share_the_figure(client: Client, ground: Ground) -> None:
    north = District.objects.create(ward=ground.cast.ward, name="北部", folded="北部", position=1)
    post(
        ground,
        ground.line("1", 25, body_id=ground.body.pk, district_id=north.pk),
        ground.line("2", 5, body_id=ground.cast.council.pk),
    )
    said = plain(client.get(figure_url(ground)))
    for words in ("地域振興課 25回", "みらい区社会福祉協議会 5回", "北部 25回", "地区の指定なし 5回"):
        assert words in said, words


def test_a_figure_by_month_year_body_and_district_as_csv(client: Client, ground: Ground) -> None:
    north = District.objects.create(ward=ground.cast.ward, name="北部", folded="北部", position=1)
    post(
        ground,
        ground.line("1", 1250, body_id=ground.body.pk, district_id=north.pk),
        ground.line("2", 5, on=date(2025, 6, 1)),
    )
    page = client.get(figure_url(ground))
    assert "年度ごと" in plain(page)
    assert "chart--years" in page.content.decode() or page.content.decode().count("<svg") >= 2
    address = re.search(r'href="([^"]+breakdown\.csv)"', page.content.decode())[1]
    answer = client.get(address)
    rows = [line.split(",") for line in answer.content.decode("utf-8-sig").splitlines()]
    assert rows[0] == ["分け方", "区分", "数", "単位", "目標"]
    assert ["月", "6月", "1250", "回", ""] in rows
    assert ["月", "7月", "", "回", ""] in rows
    assert ["年度", "令和7年度", "5", "回", ""] in rows
    assert ["年度", "令和8年度", "1250", "回", ""] in rows
    assert ["実施主体", "地域振興課", "1250", "回", ""] in rows
    assert ["地区", "北部", "1250", "回", ""] in rows
    assert client.get(address.replace("2026", "1")).status_code == 404


def test_what_is_posted_after_closing_is_marked(client: Client, ground: Ground) -> None:
    ledger.close_books(
        ward=ground.cast.ward, fiscal_year=2026, reason="早く締める", actor=ground.cast.planner
    )
    post(ground, ground.line("1", 25))
    said = plain(client.get(figure_url(ground)))
    assert "締めた後の記録 1件" in said
    assert "数えています 締めた後" in said


def test_a_rate_shows_what_it_divides(ground: Ground) -> None:
    rate = ledger.add_metric(
        ward=ground.cast.ward, name="参加率", unit="%", adding="rate", actor=ground.cast.planner,
        numerator=ground.times, denominator=ground.members,
    )  # fmt: skip
    post(ground, ground.line("1", 25), ground.line("2", 80, metric_id=ground.members.pk))
    page = signed_in(ground.cast.clerk).get(figure_url(ground, rate))
    said = plain(page)
    assert "31.3%" in said
    assert "「開催・実施の回数」を「登録者」で割った割合" in said
    assert figure_url(ground, ground.members) in page.content.decode()


def test_a_partner_sees_the_entries_but_not_whose_account_posted_them(ground: Ground) -> None:
    post(ground, ground.line("1", 25))
    clerk = ground.cast.clerk.display_name
    assert clerk in plain(signed_in(ground.cast.planner).get(figure_url(ground)))
    partner = plain(signed_in(ground.cast.partner).get(figure_url(ground)))
    assert "25回" in partner
    assert clerk not in partner
    assert "記録した人" not in partner


def test_a_figure_with_everything_below_counts_each_entry_once(cast: Cast) -> None:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner, title="取組",
        entries=[PlanEntry(0, None, 0, "focus", "1", "健康"), PlanEntry(1, 0, 1, "action", "1", "体操"), PlanEntry(2, 0, 1, "action", "2", "散歩")],
    )  # fmt: skip
    top, first, second = Item.objects.filter(ward=cast.ward).order_by("texts__position")
    times = Metric.objects.get(ward=None, key="times")
    ground = Ground(cast, [top, first, second], cast.promotion, times, times)
    post(ground, ground.line("1", 3, item_id=first.pk), ground.line("2", 4, item_id=second.pk))
    client = signed_in(cast.planner)
    assert "記録なし" in plain(client.get(figure_url(ground)))
    assert "7回" in plain(client.get(figure_url(ground, query="?below=1")))
    narrowed = client.get(list_url(cast, f"year=2026&under={top.pk}"))
    assert "2の数字" in plain(narrowed)


def test_an_action_that_left_the_plan_keeps_its_figures(client: Client, ground: Ground) -> None:
    post(ground, ground.line("1", 25))
    plans.publish_version(
        ward=ground.cast.ward, fiscal_year=2026, kind="action_plan", actor=ground.cast.planner, title="取組",
        entries=[PlanEntry(0, None, 0, "action", "2", "防災訓練", owners=("地域振興課",))],
    )  # fmt: skip
    assert "いまの計画にない取組" in plain(client.get(list_url(ground.cast)))
    assert "いま公開している計画には、この取組はありません" in plain(client.get(figure_url(ground)))


@pytest.mark.parametrize("year", ["1", "99999"])
def test_what_does_not_exist_is_not_found(client: Client, ground: Ground, year: str) -> None:
    ward = ground.cast.ward
    base = f"/office/{ward.key}/figures/2026/"
    foreign = Metric.objects.create(ward=ground.cast.other_ward, key="x", name="x", unit="回")
    assert client.get(f"{base}999999/{ground.times.pk}/").status_code == 404
    assert client.get(f"{base}{ground.items[0].pk}/{foreign.pk}/").status_code == 404
    assert (
        client.get(f"/office/{ward.key}/figures/{year}/{ground.items[0].pk}/{ground.times.pk}/").status_code
        == 404
    )


def test_another_wards_figures_are_not_shown(ground: Ground) -> None:
    post(ground, ground.line("1", 25))
    stranger, other = signed_in(ground.cast.stranger), ground.cast.other_ward
    assert stranger.get(figure_url(ground)).status_code == 403
    args = [other.key, 2026, ground.items[0].pk, ground.times.pk]
    assert stranger.get(reverse("office:figure", args=args)).status_code == 404
    assert "健康教室" not in plain(
        stranger.get(list_url(ground.cast).replace(ground.cast.ward.key, other.key))
    )


def test_as_many_queries_for_three_hundred_figures_as_for_three(cast: Cast) -> None:
    times = Metric.objects.get(ward=None, key="times")
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner, title="取組",
        entries=[PlanEntry(n, None, n, "action", str(n), f"取組{n}", owners=("地域振興課",)) for n in range(300)],
    )  # fmt: skip
    items = list(Item.objects.filter(ward=cast.ward))
    ground = Ground(cast, items, cast.promotion, times, times)
    client = signed_in(cast.planner)
    client.get(list_url(cast))  # what is asked once only: the session, content types
    counts = []
    for number in (3, 300):
        post(ground, *(ground.line(str(n), 1, item_id=items[n].pk) for n in range(number)))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert f"{number}の数字" in plain(client.get(list_url(cast)))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert len(year_figures(cast.ward, 2026)) == 300
    post(ground, *(ground.line(str(n), 1) for n in range(300)), record=Source("test.course", 2))
    with CaptureQueriesContext(connection) as asked:
        assert "全301件" in plain(client.get(figure_url(ground)))
    many = len(asked)
    with CaptureQueriesContext(connection) as asked:
        client.get(figure_url(ground, item=1))
    assert many == len(asked)
