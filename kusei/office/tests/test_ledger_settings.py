"""What is counted, closing and reopening a year, and comparing the ledger with its records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.ledger import operations as ledger
from kusei.ledger.models import Books, Entry, KeptSum, Metric, Report, ReportCell
from kusei.ledger.operations import CellChange, Proof
from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_ledger import plain
from kusei.wards.models import AuditEntry
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow

NEW = {"name": "見守りの訪問", "unit": "件", "definition": "会えた件数。", "adding": "sum", "decimals": "0"}


def url(cast: Cast, name: str, *more: object) -> str:
    return reverse(f"office:{name}", args=[cast.ward.key, *more])


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.planner)


def report(ground: Ground, *cells: CellChange) -> None:
    ledger.save_report(
        ward=ground.cast.ward, fiscal_year=2026, item=ground.items[0], body=ground.cast.promotion, changes=cells,
        proof=Proof("form", date(2026, 7, 3)), revision=None, owners=[ground.cast.promotion.pk], actor=ground.cast.clerk,
    )  # fmt: skip


def test_a_metric_of_the_ward_is_made_reworded_and_ended(client: Client, ground: Ground) -> None:
    cast = ground.cast
    said = plain(client.post(url(cast, "metrics"), NEW, follow=True))
    assert "「見守りの訪問（件）」を加えました" in said
    own = Metric.objects.get(ward=cast.ward)
    page = url(cast, "metric", own.pk)
    said = plain(
        client.post(page, {"do": "reword", "definition": "会えた件数。留守は数えない。"}, follow=True)
    )
    assert "留守は数えない。" in said
    assert "数えるものの説明を直した" in said
    said = plain(client.post(page, {"do": "end", "ended_on": "2026-12-01"}, follow=True))
    assert "令和8年12月1日から使わない" in said
    again = client.post(page, {"do": "end", "ended_on": ""})
    assert again.status_code == 422
    assert "もう使わないことになっています" in plain(again)
    own.refresh_from_db()
    assert (own.ended_on, own.definition) == (date(2026, 12, 1), "会えた件数。留守は数えない。")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "数えるものの名前を入れてください"),
        ({"unit": "か" * 21}, "単位は20文字まで"),
        ({"definition": ""}, "何を、どう数えるかを書いてください"),
        ({"adding": "distinct"}, "どの範囲で一人を一度と数えるか"),
        ({"adding": "rate"}, "分子と分母になる別々の数"),
        ({"name": "学校", "unit": "校"}, "もうあります"),
        ({"numerator": "999999"}, "分子"),
        ({"decimals": "7"}, "小数の桁"),
    ],
)
def test_what_cannot_be_counted_so_is_said_and_kept(client: Client, ground: Ground, change: dict[str, str], said: str) -> None:  # fmt: skip
    page = client.post(url(ground.cast, "metrics"), NEW | change)
    assert page.status_code == 422
    assert said in plain(page)
    if "definition" not in change:
        assert "会えた件数。" in page.content.decode()
    assert not Metric.objects.filter(ward=ground.cast.ward).exists()


def test_a_declared_metric_stays_as_it_is_and_shows_its_use(client: Client, ground: Ground) -> None:
    report(
        ground,
        CellChange(ground.times.pk, date(2026, 6, 1), 4),
        CellChange(ground.times.pk, date(2026, 7, 1), 1),
    )
    page = url(ground.cast, "metric", ground.times.pk)
    assert "使った記録 2件" in plain(client.get(page))
    assert "共通のものなので、ここでは変えられません" in plain(client.get(page))
    refused = client.post(page, {"do": "reword", "definition": "別の数え方"})
    assert refused.status_code == 422
    ground.times.refresh_from_db()
    assert ground.times.definition != "別の数え方"
    foreign = Metric.objects.create(ward=ground.cast.other_ward, key="x", name="x", unit="回")
    assert client.post(url(ground.cast, "metric", foreign.pk), {"do": "end"}).status_code == 404


def test_a_year_is_closed_and_reopened_with_a_reason(client: Client, ground: Ground) -> None:
    cast = ground.cast
    page = url(cast, "year_books", 2026)
    assert client.post(page, {"do": "close", "reason": " "}).status_code == 422
    assert not Books.objects.exists()
    assert "令和8年度の実績を締めました" in plain(
        client.post(page, {"do": "close", "reason": "決算"}, follow=True)
    )
    again = client.post(page, {"do": "close", "reason": "二度押した"})
    assert "もう締めてあります" in plain(again)
    report(ground, CellChange(ground.times.pk, date(2026, 6, 1), 4))
    said = plain(client.get(page))
    assert "うち締めた後 1件" in said
    assert "地域振興課の報告" in said
    assert "決算" in plain(client.get(url(cast, "books")))
    assert "締めを解きました" in plain(client.post(page, {"do": "reopen", "reason": "訂正"}, follow=True))
    verbs = AuditEntry.objects.filter(verb__startswith="ledger.").order_by("pk").values_list("verb", "reason")
    assert list(verbs)[-1] == ("ledger.reopen_books", "訂正")
    assert client.get(url(cast, "year_books", 1)).status_code == 404


def test_what_agrees_is_said(client: Client, ground: Ground) -> None:
    report(ground, CellChange(ground.times.pk, date(2026, 6, 1), 4))
    page = url(ground.cast, "reconcile")
    assert "すべて合っています" not in plain(client.get(page))  # nothing is compared before it is asked for
    assert "令和8年度の実績は、もとの記録とすべて合っています" in plain(client.get(f"{page}?year=2026"))


def test_differences_lead_to_both_sides(client: Client, ground: Ground) -> None:
    report(
        ground,
        CellChange(ground.times.pk, date(2026, 6, 1), 4),
        CellChange(ground.times.pk, date(2026, 7, 1), 2),
    )
    ReportCell.objects.filter(on="2026-06-01").update(quantity=5)
    ReportCell.objects.filter(on="2026-07-01").delete()
    KeptSum.objects.update(quantity=99)
    page = client.get(url(ground.cast, "reconcile") + "?year=2026")
    said = plain(page)
    assert "違いが3か所あります" in said
    assert "地域振興課の報告 5回 4回" in said
    assert "地域振興課の報告 なし 2回" in said
    assert "保存してある合計が、実績の合計と違います" in said
    text = page.content.decode()
    assert url(ground.cast, "report", Report.objects.get().pk) in text
    assert url(ground.cast, "figure", 2026, ground.items[0].pk, ground.times.pk) in text


def test_the_ledger_follows_a_record_by_a_button(client: Client, ground: Ground) -> None:
    report(
        ground,
        CellChange(ground.times.pk, date(2026, 6, 1), 4),
        CellChange(ground.times.pk, date(2026, 7, 1), 2),
    )
    ReportCell.objects.filter(on="2026-06-01").update(quantity=5)
    ReportCell.objects.filter(on="2026-07-01").delete()
    at = url(ground.cast, "reconcile")
    data = {"year": 2026, "kind": "ledger.report", "record": Report.objects.get().pk}
    assert signed_in(ground.cast.clerk).post(at, data).status_code == 403
    assert Entry.objects.count() == 2
    said = plain(client.post(at, data, follow=True))
    assert "加えた記録 1、取り消した記録 2" in said
    assert "すべて合っています" in said
    assert AuditEntry.objects.filter(verb="ledger.follow_record").get().target_label == "地域振興課の報告"
    assert "もう合っています" in plain(client.post(at, data, follow=True))
    assert "もう読めない" in plain(client.post(at, data | {"kind": "gone"}, follow=True))
    assert client.post(at, {"year": "x", "kind": "ledger.report", "record": "-1"}).status_code == 302
    assert Entry.objects.count() == 5


def test_following_a_record_leaves_its_other_years_alone(ground: Ground) -> None:
    from kusei.ledger import sources

    source = sources.Source("test.two_years", 1)
    lines = [ground.line("a", 1), ground.line("b", 2, on=date(2027, 6, 1))]
    sources.register("test.two_years", sources.Kind("試験", lambda ward, year: [(1, [replace(lines[0], quantity=9)])] if year == 2026 else [], lambda ward, ids: {}))  # fmt: skip
    try:
        ledger.post(ward=ground.cast.ward, source=source, lines=lines, actor=None)
        posted = ledger.follow_record(
            ward=ground.cast.ward, fiscal_year=2026, source=source, actor=ground.cast.planner
        )
    finally:
        sources._kinds.pop("test.two_years")
    assert (posted.added, posted.reversed, posted.unchanged) == (1, 1, 1)


def test_queries_do_not_grow_with_what_is_shown(client: Client, ground: Ground) -> None:
    counts: dict[str, list[int]] = {"metrics": [], "books": [], "reconcile": []}
    days = [date(2026, month, 1) for month in range(4, 13)]
    for name in counts:
        client.get(url(ground.cast, name))
    for round_ in (1, 2):
        report(ground, *(CellChange(ground.times.pk, day, 1) for day in days[: 4 * round_]))
        ReportCell.objects.update(quantity=7)
        for name, asked_for in counts.items():
            with CaptureQueriesContext(connection) as asked:
                client.get(url(ground.cast, name) + "?year=2026")
            asked_for.append(len(asked))
    assert Entry.objects.count() == 8
    assert {name for name, pair in counts.items() if pair[0] != pair[1]} == set()
