"""What was spent of a year's money: typed in one table, beside the budget, and then beside the judgement."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.ledger import operations as ledger
from kusei.ledger.models import Entry as LedgerEntry
from kusei.ledger.models import Evidence, Metric
from kusei.ledger.operations import CellChange, Proof
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.office.tests.test_reviews import money, plain
from kusei.office.views import spending
from kusei.plans import operations as plans
from kusei.plans.models import Item
from kusei.plans.rules import Entry
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow
YEAR = 2025


@pytest.fixture
def items(cast: Cast) -> dict[str, int]:
    """施策 with a sum > 健康教室 (its 体操 has money of its own), 展示会; 広報 has money and no project."""
    entries = [
        Entry(0, None, 0, "measure", "1", "健康", money=(money(5300, YEAR),)),
        Entry(1, 0, 1, "project", "1", "健康教室", owners=("地域振興課",), money=(money(5000, YEAR),)),
        Entry(2, 1, 2, "part", "", "体操", money=(money(2000, YEAR),)),
        Entry(3, 0, 1, "project", "2", "展示会", owners=("福祉保健課",), money=(money(300, YEAR),)),
        Entry(4, None, 0, "measure", "2", "広報", owners=("地域振興課",), money=(money(40, YEAR),)),
        Entry(5, None, 0, "measure", "3", "見守り", owners=("地域振興課",)),
    ]  # fmt: skip
    plans.publish_version(
        ward=cast.ward, fiscal_year=YEAR, kind="budget", actor=cast.planner, entries=entries, title="予算"
    )
    return dict(Item.objects.values_list("texts__title", "pk"))


def url(cast: Cast, year: int = YEAR) -> str:
    return reverse("office:spending", args=[cast.ward.key, year])


def save(client: Client, cast: Cast, was: dict[int, str] | None = None, **typed: str):
    given = {f"spent.{key[1:]}": value for key, value in typed.items()}
    given |= {f"was.{item}": value for item, value in (was or {}).items()}
    proof = {"way": "form", "received_on": "2026-05-01", "note": "決算"}
    return client.post(url(cast), given | proof, follow=True)


def spent(cast: Cast, item: int) -> int | None:
    metric = Metric.objects.get(ward=None, key="spending")
    figure = year_figures(cast.ward, YEAR).get((item, metric.pk))
    return figure.quantity if figure else None


def test_projects_and_what_has_money_without_any_have_a_line(cast: Cast, items: dict[str, int]) -> None:
    page = signed_in(cast.planner).get(url(cast)).content.decode()
    assert [f'name="spent.{items[title]}"' in page for title in ("健康", "健康教室", "体操", "展示会", "広報", "見守り")] == [False, True, False, True, True, False]  # fmt: skip


def test_what_is_typed_stands_beside_budget_and_judgement(cast: Cast, items: dict[str, int]) -> None:
    client = signed_in(cast.planner)
    course, show = items["健康教室"], items["展示会"]
    page = save(client, cast, **{f"i{course}": "4,600,000円", f"i{show}": "３０００００"})
    assert "2件の執行額を記録しました" in plain(page)
    assert (spent(cast, course), spent(cast, show)) == (4_600_000, 300_000)
    assert "92.0%" in plain(page).replace(" ", "")
    assert Evidence.objects.filter(note="決算").count() == 2
    assert list(discrepancies(cast.ward, YEAR)) == []
    times = Metric.objects.get(ward=None, key="times")
    ledger.save_report(
        ward=cast.ward, fiscal_year=YEAR, item=Item.objects.get(pk=course), body=cast.promotion,
        changes=[CellChange(times.pk, date(YEAR, 6, 1), 10)], proof=Proof("form", date(2026, 4, 1)),
        revision=None, owners=[cast.promotion.pk], actor=cast.planner,
    )  # fmt: skip
    judged = plain(client.get(reverse("office:item_review", args=[cast.ward.key, course])))
    assert "執行額 4,600,000円の作り方 （予算の92.0％）" in judged
    assert "使った金額 4,600,000円 ÷ 開催・実施の回数 10回" in judged
    assert "460,000円" in judged
    years = plain(client.get(reverse("office:item_years", args=[cast.ward.key, course])))
    assert "執行額 4,600,000円" in years
    corrected = save(
        client, cast, {course: "4600000", show: "300000"}, **{f"i{course}": "4500000", f"i{show}": "300000"}
    )
    assert "1件の執行額" in plain(corrected)
    assert spent(cast, course) == 4_500_000
    save(client, cast, {course: "4500000"}, **{f"i{course}": ""})
    assert spent(cast, course) is None


def test_wrong_numbers_and_others_who_wrote_meanwhile_are_told_and_nothing_is_lost(
    cast: Cast, items: dict[str, int]
) -> None:
    client = signed_in(cast.planner)
    course, show = items["健康教室"], items["展示会"]
    page = save(client, cast, **{f"i{course}": "四百万", f"i{show}": "300000"})
    assert page.status_code == 422
    assert "健康教室: 数として読めません" in plain(page)
    assert 'value="四百万"' in page.content.decode()
    assert not LedgerEntry.objects.exists()
    save(client, cast, **{f"i{course}": "4000000"})
    clash = save(client, cast, **{f"i{course}": "4100000"})
    assert clash.status_code == 409
    assert "ほかの人が4,000,000円と入れました" in plain(clash)
    assert spent(cast, course) == 4_000_000


def test_what_somebody_saves_at_the_very_moment_is_shown_beside_what_was_typed(
    cast: Cast, items: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    course, show = items["健康教室"], items["展示会"]
    really = spending.is_first_time

    def somebody_was_first(request) -> bool:
        monkeypatch.setattr(spending, "is_first_time", really)
        save(signed_in(cast.clerk), cast, **{f"i{course}": "4000000"})
        return really(request)

    monkeypatch.setattr(spending, "is_first_time", somebody_was_first)
    page = save(signed_in(cast.planner), cast, **{f"i{course}": "4100000", f"i{show}": "300000"})
    assert page.status_code == 409
    assert "ほかの人が4,000,000円と入れました" in plain(page)
    assert 'value="4100000"' in page.content.decode()
    assert 'value="300000"' in page.content.decode()
    assert (spent(cast, course), spent(cast, show)) == (4_000_000, None)


def test_a_division_types_its_own_and_sees_the_others(cast: Cast, items: dict[str, int]) -> None:
    client = signed_in(cast.clerk)
    page = client.get(url(cast)).content.decode()
    assert f'name="spent.{items["健康教室"]}"' in page
    assert f'name="spent.{items["展示会"]}"' not in page
    save(client, cast, **{f"i{items['展示会']}": "1"})
    assert spent(cast, items["展示会"]) is None
    only = client.get(url(cast), {"body": cast.welfare.pk}).content.decode()
    assert ("展示会" in only, "健康教室" in only) == (True, False)


def test_months_typed_elsewhere_are_added_up_and_not_overwritten(cast: Cast, items: dict[str, int]) -> None:
    metric = Metric.objects.get(ward=None, key="spending")
    for title, body in (("健康教室", cast.promotion), ("体操", cast.promotion)):
        ledger.save_report(
            ward=cast.ward, fiscal_year=YEAR, item=Item.objects.get(pk=items[title]), body=body,
            changes=[CellChange(metric.pk, date(YEAR, 6, 1), 1000)], proof=Proof("form", date(2026, 4, 1)),
            revision=None, owners=[body.pk], actor=cast.planner,
        )  # fmt: skip
    page = signed_in(cast.planner).get(url(cast))
    assert "月ごとに入れてあります" in plain(page)
    assert "2,000円" in plain(page)
    assert f'name="spent.{items["健康教室"]}"' not in page.content.decode()


def test_a_running_year_is_typed_by_month_and_a_strange_one_is_not_found(cast: Cast) -> None:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2090, kind="budget", actor=cast.planner, title="予算",
        entries=[Entry(0, None, 0, "project", "1", "健康教室", owners=("地域振興課",), money=(money(5, 2090),))],
    )  # fmt: skip
    client = signed_in(cast.planner)
    page = client.get(url(cast, 2090))
    assert "年度の途中です" in plain(page)
    assert 'name="spent.' not in page.content.decode()
    assert client.get(url(cast, 2001)).status_code == 200
    assert client.get(url(cast, 1)).status_code == 404


def test_the_queries_do_not_grow_with_the_projects(cast: Cast, items: dict[str, int]) -> None:
    def count(year: int) -> int:
        client = signed_in(cast.planner)
        client.get(url(cast, year))
        with CaptureQueriesContext(connection) as caught:
            client.get(url(cast, year))
        return len(caught)

    for year, number in ((2023, 1), (2024, 12)):
        plans.publish_version(
            ward=cast.ward, fiscal_year=year, kind="budget", actor=cast.planner, title="予算",
            entries=[Entry(n, None, 0, "project", str(n), f"事業{n}", owners=("地域振興課",), money=(money(5, year),)) for n in range(number)],
        )  # fmt: skip
    assert count(2023) == count(2024)
