"""The same thing told by several actions, in the office: said on the figure's page and among printed figures, seen, undone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kusei.ledger import operations as ledger
from kusei.ledger.models import SharedFigure, SharedIn
from kusei.ledger.operations import CellChange, Proof
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.tests.ground import Ground
from kusei.plans.models import PlanVersion
from kusei.results import operations as results
from kusei.results.operations import PrintedFigure, PrintedResult
from tests.cast import signed_in

pytestmark = pytest.mark.slow


def report(ground: Ground, item: int, quantity: int) -> None:
    ledger.save_report(
        ward=ground.cast.ward, fiscal_year=2026, item=ground.items[item], body=ground.body, owners=[ground.body.pk],
        changes=[CellChange(ground.times.pk, date(2026, month, 1), quantity) for month in (4, 5)],
        proof=Proof("form", date(2026, 7, 1)), revision=None, actor=ground.cast.clerk,
    )  # fmt: skip


def at(ground: Ground, item: int, rest: str = "") -> str:
    return f"/office/{ground.cast.ward.key}/figures/2026/{ground.items[item].pk}/{ground.times.pk}/{rest}"


def told(answer) -> str:
    return answer.content.decode()


def test_a_report_is_shown_in_other_actions_from_the_page_of_its_figure(ground: Ground) -> None:
    report(ground, 0, 6)
    client = signed_in(ground.cast.planner)
    page = client.get(at(ground, 0))
    [own] = page.context["own_sets"]
    assert (own.quantity, own.of.slot) == (12, "")
    said = {"set": own.value, "item": [ground.items[1].pk, ground.items[2].pk]}
    page = told(client.post(at(ground, 0, "share/"), said, follow=True))
    assert "この数は、ほかの2つの取組と同じものです" in page
    assert year_figures(ground.cast.ward, 2026)[ground.items[2].pk, ground.times.pk].quantity == 12
    other = told(client.get(at(ground, 1)))
    assert "「健康教室」の数</a>と同じもの" in other
    assert "地域振興課の報告" in other
    listed = client.get(f"/office/{ground.cast.ward.key}/figures/?year=2026")
    assert "「健康教室」と同じもの" in told(listed)
    assert "ほかの2つの取組と同じもの" in told(listed)
    sheet = client.get(f"/office/{ground.cast.ward.key}/figures/list.csv?year=2026").content.decode(
        "utf-8-sig"
    )
    assert sheet.splitlines()[0].endswith("同じものとして数えている取組")
    assert [row.rsplit(",", 1)[1].strip('"') for row in sheet.splitlines()[1:]] == [
        "",
        "健康教室",
        "健康教室",
    ]
    shared = SharedFigure.objects.get()
    undo = {"do": "part", "shared": shared.pk, "item": ground.items[1].pk}
    assert "別のものに戻しました" in told(client.post(at(ground, 1, "share/"), undo, follow=True))
    assert "もう別のものに戻してあります" in told(client.post(at(ground, 1, "share/"), undo, follow=True))
    assert SharedIn.objects.get().item == ground.items[2]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"set": "x"},
        {"set": "ledger.report|1|", "item": "x"},
        {"set": "ledger.report|999999|", "item": "1"},
    ],
)
def test_nonsense_shares_nothing(ground: Ground, sent: dict[str, str]) -> None:
    report(ground, 0, 6)
    client = signed_in(ground.cast.planner)
    assert "選んでください" in told(client.post(at(ground, 0, "share/"), sent, follow=True))
    assert client.post(at(ground, 0, "share/"), {"do": "part", "shared": "²"}).status_code == 302
    assert not SharedFigure.objects.exists()


def test_who_may_not_share_sees_what_is_shared_and_no_form(ground: Ground) -> None:
    report(ground, 0, 6)
    planner = signed_in(ground.cast.planner)
    [own] = planner.get(at(ground, 0)).context["own_sets"]
    planner.post(at(ground, 0, "share/"), {"set": own.value, "item": ground.items[1].pk})
    page = told(signed_in(ground.cast.partner).get(at(ground, 0)))
    assert "ほかの1つの取組と同じものです" in page
    assert "別のものに戻す" not in page
    assert "同じものとして見せる" not in page


def test_equal_printed_figures_are_made_one_and_parted_again(ground: Ground) -> None:
    version = PlanVersion.objects.get()
    results.record_printed_results(
        version=version,
        results=[
            PrintedResult(item.pk, "相談459件", "done", "", (PrintedFigure(Decimal(459), "件"),))
            for item in ground.items
        ],
    )
    client = signed_in(ground.cast.planner)
    here = f"/office/{ground.cast.ward.key}/figures/printed/{version.pk}/"
    page = client.get(f"{here}?state=alike")
    lines = page.context["page"].object_list
    assert (len(lines), "同じ数がほかの取組にもある 3" in told(page)) == (3, True)
    page = told(client.post(here, {"figure": [line.key for line in lines], "do": "share"}, follow=True))
    assert "ほかの2件の取組にも、同じ数を見せます" in page
    assert "ほかの2つの取組と同じもの" in page
    assert "「健康教室」で数えています" in page
    parted = client.post(here, {"do": f"part:{lines[1].place}"}, follow=True)
    assert "別のものに戻しました" in told(parted)
    assert "もう別のものに" in told(client.post(here, {"do": f"part:{lines[1].place}"}, follow=True))
    refused = client.post(here, {"figure": [lines[0].key], "do": "share"}, follow=True)
    assert "2つ以上選んでください" in told(refused)
    assert client.post(here, {"do": "part:x"}).status_code == 302
