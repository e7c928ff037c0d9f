"""指標と目標: the list with states and grounds, one indicator broken down, targets, adding and ending."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import Figure
from kusei.ledger.sources import Source
from kusei.ledger.tests.ground import Ground
from kusei.results import operations as results
from kusei.results.errors import IndicatorRefused
from kusei.results.judging import Judgement, State, Why
from kusei.results.models import Indicator, Target
from kusei.results.queries.indicators import IndicatorYear
from kusei.results.telling import reason_said, share_said
from kusei.wards.models import AuditEntry
from tests.cast import signed_in

pytestmark = pytest.mark.slow


def plain(answer) -> str:
    """What a page says, without its markup."""
    words = re.sub(r"</?span[^>]*>", "", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words))


def at(ground: Ground, name: str, *args: int, query: str = "year=2026") -> str:
    return reverse(f"office:{name}", args=[ground.cast.ward.key, *args]) + f"?{query}"


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def add(ground: Ground, name: str = "開催回数", target: int | None = 50, item: int = 0, **more) -> Indicator:
    values = {"metric": ground.times, "actor": ground.cast.planner} | more
    made = results.add_indicator(item=ground.items[item], name=name, **values)
    if target is not None:
        results.set_target(indicator=made, fiscal_year=2026, quantity=target, actor=ground.cast.planner)
    return made


def post(ground: Ground, *lines, record: int = 1) -> None:
    ledger.post(
        ward=ground.cast.ward, source=Source("test.course", record), lines=lines, actor=ground.cast.clerk
    )


@pytest.mark.parametrize(
    ("judgement", "months", "words"),
    [
        (Judgement(State.ON_COURSE, Why.AGAINST_LAST_YEAR, Fraction(62, 100), Fraction(55, 100)), 6, "9月末で年間目標の62％、前年同月は55％"),
        (Judgement(State.BEHIND, Why.AGAINST_MONTHS, Fraction(1, 4), Fraction(3, 4)), 9, "12月末で年間目標の25％、月割りでは75％"),
        (Judgement(State.BEHIND, Why.AGAINST_MONTHS, Fraction(1, 4), Fraction(11, 12)), 11, "2月末で年間目標の25％、月割りでは92％"),
        (Judgement(State.ACHIEVED, Why.REACHED, Fraction(6, 5)), 12, "目標50回に対して31回（120％）です。"),
        (Judgement(State.MISSED, Why.SHORT_AT_END, Fraction(31, 50)), 12, "年間目標50回に対して31回（62％）で年度を終えました。"),
        (Judgement(State.BEHIND, Why.LIMIT_BROKEN), 1, "4月末で31回になり、目標の50回以内を超えています。"),
        (Judgement(State.NOT_MEASURABLE, Why.NO_TARGET), 6, "この年度の目標値が決まっていません。"),
    ],
)  # fmt: skip
def test_a_judgement_is_told_with_its_numbers(judgement: Judgement, months: int, words: str) -> None:
    metric = Metric(name="回数", unit="回")
    year = IndicatorYear(Indicator(name="x"), metric, (1,), Figure(31, 3), 50, None, judgement)
    assert reason_said(year, months=months) == words


def test_every_ground_of_a_judgement_has_its_sentence() -> None:
    metric = Metric(name="割合", unit="%", decimals=1)
    for why in Why:
        for state in State:
            year = IndicatorYear(
                Indicator(baseline=120), metric, (1,), Figure(110, 1), 90, None, Judgement(state, why)
            )
            assert reason_said(year, months=6).endswith(("。", "％", ""))


@pytest.mark.parametrize(
    ("share", "words"),
    [(Fraction(0), "0％"), (Fraction(1, 400), "1％未満"), (Fraction(999, 1000), "99％"), (Fraction(1), "100％"), (None, "")],
)  # fmt: skip
def test_shares_are_whole_and_never_reach_what_they_have_not(share: Fraction | None, words: str) -> None:
    assert share_said(share) == words


def test_a_year_without_indicators_leads_to_where_one_is_added(client: Client, ground: Ground) -> None:
    page = client.get(at(ground, "indicators"))
    assert "まだ指標がありません" in plain(page)
    assert at(ground, "reviews") in page.content.decode()


def test_the_list_says_state_reason_figure_and_target(client: Client, ground: Ground) -> None:
    post(ground, ground.line("a", 60))
    made = add(ground, baseline=40, baseline_year=2024)
    page = client.get(at(ground, "indicators"))
    said = plain(page)
    for words in ("達成", "目標50回に対して60回（120％）です。", "40回", "R6", "健康教室"):
        assert words in said
    assert at(ground, "figure", 2026, ground.items[0].pk, ground.times.pk, query="")[:-1] in page.content.decode()  # fmt: skip
    assert at(ground, "indicator", made.pk) in page.content.decode()
    assert "まだ指標がありません" in plain(client.get(at(ground, "indicators", query="year=2025")))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=achieved", ["満たした"]),
        ("state=not_measurable", ["決めていない"]),
        ("q=防災", ["決めていない"]),
        ("body={promotion}", ["満たした"]),
        ("body={welfare}", []),
    ],
)
def test_the_list_is_narrowed_by_its_address(
    client: Client, ground: Ground, query: str, shown: list[str]
) -> None:
    post(ground, ground.line("a", 60))
    add(ground, "満たした", body=ground.body)
    add(ground, "決めていない", target=None, item=1)
    query = query.format(promotion=ground.body.pk, welfare=ground.cast.welfare.pk)
    said = plain(client.get(at(ground, "indicators", query=f"year=2026&{query}")))
    assert [name for name in ("満たした", "決めていない") if name in said] == shown


def test_the_queries_of_the_list_do_not_grow(client: Client, ground: Ground) -> None:
    add(ground, "一つ目")
    client.get(at(ground, "indicators"))
    counts = []
    for names in ((), ("二つ目", "三つ目", "四つ目")):
        for place, name in enumerate(names):
            add(ground, name, item=place, items=ground.items[: place + 1])
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(at(ground, "indicators"))
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_one_indicator_by_month_body_and_district_with_tables(client: Client, ground: Ground) -> None:
    post(
        ground, ground.line("a", 3, on=date(2026, 4, 2), body_id=ground.body.pk), ground.line("b", 4, on=date(2026, 6, 2))
    )  # fmt: skip
    made = add(ground)
    page = client.get(at(ground, "indicator", made.pk))
    said, markup = plain(page), page.content.decode()
    assert "chart--lines" in markup
    assert "目標 50回" in said
    for words in ("実施主体の指定なし", "地域振興課", "地区の指定なし", "7回"):
        assert words in said
    assert re.search(r"5月\s*—\s*3回", said)


def test_a_formula_is_told_by_month_year_and_body(client: Client, ground: Ground) -> None:
    people = Metric.objects.get(ward=None, key="people")
    average = ledger.add_metric(
        ward=ground.cast.ward, name="1回あたりの参加者", unit="人/回", adding="rate", numerator=people,
        denominator=ground.times, actor=ground.cast.planner,
    )  # fmt: skip
    post(
        ground, ground.line("a", 2, on=date(2026, 4, 2), body_id=ground.body.pk), ground.line("b", 3, on=date(2026, 6, 2)),
        ground.line("c", 25, on=date(2026, 4, 2), metric_id=people.pk, body_id=ground.body.pk),
        ground.line("d", 30, on=date(2026, 6, 2), metric_id=people.pk),
    )  # fmt: skip
    made = add(ground, metric=average, target=120)
    said = plain(client.get(at(ground, "indicator", made.pk)))
    assert "11人/回" in said  # 55 people, 5 times
    assert re.search(r"4月 12.5人/回 12.5人/回", said)
    assert re.search(r"6月 10人/回 11人/回", said)  # the month's own, and the year's until then
    assert "地域振興課 12.5人/回" in said
    csv = client.get(at(ground, "indicator_file", made.pk)).content.decode("utf-8-sig")
    assert "月,4月,12.5,人/回," in csv
    assert "年度,令和8年度,11,人/回,12" in csv


def test_of_persons_over_several_items_only_years_can_be_told(client: Client, ground: Ground) -> None:
    once = ledger.add_metric(
        ward=ground.cast.ward, name="来た人の実数", unit="人", adding="distinct", scope="item", actor=ground.cast.planner
    )  # fmt: skip
    made = add(ground, metric=once, items=ground.items[:2])
    assert "月・地区・実施主体ごとに分けられません" in plain(client.get(at(ground, "indicator", made.pk)))


def test_two_printed_rates_that_are_both_short_of_their_targets(client: Client, ground: Ground) -> None:
    percentage = Metric.objects.get(ward=None, key="percentage")
    smoking = add(
        ground, "喫煙率", metric=percentage, direction="less", target=90, baseline=124, baseline_year=2022
    )
    known = add(ground, "COPDを知っている人の割合", metric=percentage, target=800, item=1)
    post(
        ground, ground.line("a", 110, on=date(2026, 9, 1), metric_id=percentage.pk),
        ground.line("b", 480, on=date(2026, 9, 1), metric_id=percentage.pk, item_id=ground.items[1].pk),
    )  # fmt: skip
    listed = plain(client.get(at(ground, "indicators")))
    assert listed.count("遅れ") >= 2 or listed.count("未達成") >= 2
    for made, words in ((smoking, ("11%", "9%", "12.4%（令和4年度）")), (known, ("48%", "80%"))):
        said = plain(client.get(at(ground, "indicator", made.pk)))
        for each in words:
            assert each in said, each


def test_targets_of_years_are_set_together_or_not_at_all(client: Client, ground: Ground) -> None:
    made = add(ground)
    url = at(ground, "targets", made.pk)
    page = client.post(url, {"was-2026": "50", "target-2026": "六十", "was-2027": "", "target-2027": "70"})
    assert page.status_code == 422
    assert "「六十」は数として読めません" in plain(page)
    assert 'value="70"' in page.content.decode()
    assert list(Target.objects.values_list("fiscal_year", "quantity")) == [(2026, 50)]
    client.post(url, {"was-2026": "50", "target-2026": "", "was-2027": "", "target-2027": "１，２５０回"})
    assert list(Target.objects.values_list("fiscal_year", "quantity")) == [(2027, 1250)]


def test_who_sets_a_target_sees_that_somebody_else_set_it_meanwhile(client: Client, ground: Ground) -> None:
    made = add(ground)
    url, typed = at(ground, "targets", made.pk), {"was-2026": "50", "target-2026": "60"}
    results.set_target(indicator=made, fiscal_year=2026, quantity=55, actor=ground.cast.planner)
    page = client.post(url, typed)
    assert page.status_code == 422
    assert "「55」にしました" in page.content.decode()
    assert 'name="was-2026" value="55"' in page.content.decode()
    assert made.targets.get().quantity == 55
    for _twice in range(2):  # a double click is nobody else
        assert client.post(url, {"was-2026": "55", "target-2026": "1250"}).status_code == 302
    assert made.targets.get().quantity == 1250


def test_a_target_that_was_not_typed_in_keeps_what_somebody_else_set(client: Client, ground: Ground) -> None:
    made = add(ground)
    results.set_target(indicator=made, fiscal_year=2026, quantity=55, actor=ground.cast.planner)
    client.post(at(ground, "targets", made.pk), {"was-2026": "50", "target-2026": "50", "was-2027": "", "target-2027": "9"})  # fmt: skip
    assert dict(Target.objects.values_list("fiscal_year", "quantity")) == {2026: 55, 2027: 9}


def test_an_indicator_is_added_from_its_item(client: Client, ground: Ground) -> None:
    url = at(ground, "add_indicator", ground.items[0].pk, query="")[:-1]
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"name": "", "metric": "", "direction": "more", "baseline": "3"})
    assert wrong.status_code == 422
    for words in ("指標の名前を書いてください", "数えるものを一覧から選んでください", "基準値が何年度の値か"):
        assert words in plain(wrong)
    sent = {
        "name": "開催回数", "metric": ground.times.pk, "direction": "more", "target": "24", "baseline": "12",
        "baseline_year": "R6", "body": ground.body.pk, "items": [ground.items[1].pk],
    }  # fmt: skip
    assert client.post(url, sent).status_code == 302
    made = Indicator.objects.get()
    assert (made.baseline, made.baseline_year, made.targets.get().quantity) == (12, 2024, 24)
    assert list(made.items.all()) == [ground.items[1]]
    again = client.post(url, sent)
    assert (again.status_code, "同じ名前の指標がもうあります" in plain(again)) == (422, True)
    assert Indicator.objects.count() == 1


def test_an_ended_indicator_stays_in_its_years(client: Client, ground: Ground) -> None:
    made = add(ground)
    client.post(at(ground, "end_indicator", made.pk))
    made.refresh_from_db()
    assert made.ended_on is not None
    assert "今後は使わない" in plain(client.get(at(ground, "indicators")))


@pytest.mark.parametrize("who", ["other_clerk", "partner", "administrator"])
def test_who_is_not_responsible_reads_but_changes_nothing(ground: Ground, who: str) -> None:
    made = add(ground)
    reader = signed_in(getattr(ground.cast, who))
    assert "目標値を保存する" not in plain(reader.get(at(ground, "indicator", made.pk)))
    assert reader.get(at(ground, "add_indicator", ground.items[0].pk)).status_code == 403
    for name in ("targets", "end_indicator"):
        assert reader.post(at(ground, name, made.pk), {"target-2026": "1"}).status_code == 403
    assert list(Target.objects.values_list("quantity", flat=True)) == [50]


def test_another_wards_indicator_is_not_found(ground: Ground) -> None:
    made = add(ground)
    stranger = signed_in(ground.cast.stranger)
    url = reverse("office:indicator", args=[ground.cast.other_ward.key, made.pk])
    assert stranger.get(url).status_code == 404


def test_what_is_said_of_an_indicator_is_changed_and_what_it_counts_stays(
    client: Client, ground: Ground
) -> None:
    made = add(ground)
    url = at(ground, "change_indicator", made.pk)
    shown = client.get(url).content.decode()
    assert 'value="開催回数"' in shown
    assert 'name="metric"' not in shown
    wrong = client.post(url, {"name": "", "direction": "more", "baseline": "12", "baseline_year": ""})
    assert wrong.status_code == 422
    given = {"name": "開いた回数", "direction": "less", "baseline": "1,200", "baseline_year": "令和6年度", "body": ground.cast.welfare.pk}  # fmt: skip
    said = plain(client.post(url, given, follow=True))
    assert "指標を直しました" in said
    made.refresh_from_db()
    assert (made.name, made.direction, made.baseline, made.baseline_year, made.body) == ("開いた回数", "less", 1200, 2024, ground.cast.welfare)  # fmt: skip
    entry = AuditEntry.objects.get(verb="results.change_indicator")
    assert entry.changes["baseline"] == ["", "1,200回"]
    client.post(url, given)
    assert AuditEntry.objects.filter(verb="results.change_indicator").count() == 1
    assert signed_in(ground.cast.other_clerk).get(url).status_code == 403


def test_the_same_figure_is_not_shown_twice_under_two_names(client: Client, ground: Ground) -> None:
    percentage = Metric.objects.get(ward=None, key="percentage")
    add(ground, "喫煙率", metric=percentage)
    with pytest.raises(IndicatorRefused, match="新しく作って"):
        add(ground, "COPDを知っている人の割合", metric=percentage)
    add(ground, "別の取組の割合", metric=percentage, item=1)
