"""The form of a body's numbers: what is saved, what is refused cell by cell, two people at once, and who may type for whom."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.ledger import operations as ledger
from kusei.ledger.models import Entry, Evidence, Metric, Report, ReportCell
from kusei.ledger.queries.figures import year_figures
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_ledger import plain
from kusei.plans import operations as plans
from kusei.plans.models import Item
from kusei.plans.rules import Entry as PlanEntry
from kusei.wards.models import Body
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def url(ground: Ground, body: Body | None = None, item: int | None = None) -> str:
    args = [ground.cast.ward.key, 2026, (body or ground.cast.promotion).pk]
    return reverse("office:month_form", args=args) if item is None else reverse("office:session_form", args=[*args, item])  # fmt: skip


def fields(page: Any) -> dict[str, Any]:
    """What a browser would send of the page's form, before anything is typed."""
    found: dict[str, Any] = {}
    text = page.content.decode()
    part = text[text.index("data-months") :]
    for tag in re.findall(r"<input[^>]*>", part):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, value = attributes.get("name"), html.unescape(attributes.get("value", ""))
        if not name or attributes.get("type") == "file":
            continue
        if name in {"row", "day", "number"}:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return {**found, "way": "form", "note": "", "do": "save"}


def cell(ground: Ground, month: int, item: int = 0, metric: Metric | None = None) -> str:
    return f"c.{ground.items[item].pk}.{(metric or ground.times).pk}.{(month - 4) % 12}"


def with_row(ground: Ground, client: Client, body: Body | None = None, item: int = 0, metric: Metric | None = None) -> dict[str, Any]:  # fmt: skip
    """The form with a row added for an action, as the button beside it does."""
    at = url(ground, body)
    number = ground.items[item].pk
    data = fields(client.get(at)) | {
        "do": "add",
        "add_item": number,
        "add_metric": (metric or ground.times).pk,
    }
    return fields(client.post(at, data))


def total(ground: Ground, item: int = 0) -> int | None:
    figure = year_figures(ground.cast.ward, 2026).get((ground.items[item].pk, ground.times.pk))
    return figure.quantity if figure else None


@pytest.fixture
def client(ground: Ground) -> Client:
    return signed_in(ground.cast.clerk)


def test_adding_a_metric_keeps_what_was_typed_and_saves_nothing(client: Client, ground: Ground) -> None:
    data = with_row(ground, client)
    data |= {cell(ground, 6): "25", "note": "6月分", "way": "paper", "do": f"add:{ground.items[1].pk}", f"add.{ground.items[1].pk}": ground.members.pk}  # fmt: skip
    page = client.post(url(ground), data)
    assert page.status_code == 200
    again = fields(page)
    assert again[cell(ground, 6)] == "25"
    assert f"{ground.items[1].pk}.{ground.members.pk}" in again["row"]
    assert "6月分" in page.content.decode()
    assert re.search(r'value="paper" selected', page.content.decode())
    assert not Entry.objects.exists()


def test_numbers_are_posted_corrected_and_taken_back(client: Client, ground: Ground) -> None:
    data = with_row(ground, client) | {cell(ground, 6): "２５", cell(ground, 7): "1,000回"}
    saved = client.post(url(ground), data, follow=True)
    assert saved.redirect_chain == [(url(ground), 302)]
    said = plain(saved)
    assert "加えた数 2、直した数 0、取り消した数 0" in said
    assert "健康教室 開催・実施の回数 6月: 25回" in said
    assert total(ground) == 1025

    data = fields(saved)
    assert data[cell(ground, 7)] == "1000"
    data |= {cell(ground, 6): "26", cell(ground, 7): ""}
    said = plain(client.post(url(ground), data, follow=True))
    assert "加えた数 0、直した数 1、取り消した数 1" in said
    assert "6月: 25回を26回に" in said
    assert "7月: 1,000回を取り消し" in said
    assert total(ground) == 26
    assert list(discrepancies(ground.cast.ward, 2026)) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-1", "0以上の数を入れてください"),
        ("二十五", "数として読めません"),
        ("9" * 50, "数が大きすぎます"),
        ("1.5", "小数の桁が多すぎます"),
        ("=SUM(A1:A9)", "数として読めません"),
        ("<script>", "数として読めません"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell_and_everything_is_kept(
    client: Client, ground: Ground, typed: str, said: str
) -> None:
    data = with_row(ground, client) | {cell(ground, 6): typed, cell(ground, 7): "3", "note": "メモ"}
    page = client.post(url(ground), data)
    assert page.status_code == 422
    assert f"健康教室 開催・実施の回数 6月: {said}" in plain(page)
    text = page.content.decode()
    wrong = cell(ground, 6).replace(".", "-")
    assert f'href="#{wrong}"' in text
    assert re.search(rf'id="{wrong}"[^>]*aria-invalid="true" aria-describedby="{wrong}-why"', text)
    again = fields(page)
    assert (again[cell(ground, 6)], again[cell(ground, 7)]) == (typed, "3")
    assert "メモ" in text
    assert not Entry.objects.exists()
    assert not Report.objects.exists()


def test_a_save_without_any_change_says_so(client: Client, ground: Ground) -> None:
    page = client.post(url(ground), with_row(ground, client))
    assert page.status_code == 422
    assert "変わった数がないので" in plain(page)


def test_a_double_click_posts_once(client: Client, ground: Ground) -> None:
    data = with_row(ground, client) | {cell(ground, 6): "25"}
    client.post(url(ground), data)
    again = client.post(url(ground), data, follow=True)
    assert "この操作は受け付け済みです" in plain(again)
    assert "何も記録していません" not in plain(again)
    assert (Entry.objects.count(), Evidence.objects.count()) == (1, 1)


def test_what_the_machine_could_not_save_is_saved_when_it_is_sent_again(
    client: Client, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = with_row(ground, client) | {cell(ground, 6): "25"}
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("kusei.ledger.operations.reports.post", lambda **_given: 1 / 0)
        assert client.post(url(ground), data).status_code == 500
    assert "実績を記録しました" in plain(client.post(url(ground), data, follow=True))
    assert Entry.objects.count() == 1


def test_two_people_at_one_cell_are_shown_both_numbers(client: Client, ground: Ground) -> None:
    mine = with_row(ground, client)
    planner = signed_in(ground.cast.planner)
    theirs = with_row(ground, planner) | {cell(ground, 6): "30", cell(ground, 7): "4"}
    planner.post(url(ground), theirs)
    page = client.post(url(ground), mine | {cell(ground, 6): "25", cell(ground, 8): "9"})
    assert page.status_code == 409
    assert "健康教室 開催・実施の回数 6月 あなた: 25回、いま: 30回" in plain(page)
    again = fields(page)
    assert (again[cell(ground, 6)], again[cell(ground, 7)], again[cell(ground, 8)]) == ("25", "4", "9")
    assert total(ground) == 34
    client.post(url(ground), again | {cell(ground, 6): "26"})
    assert total(ground) == 26 + 4 + 9


def test_two_people_at_different_cells_do_not_disturb_each_other(client: Client, ground: Ground) -> None:
    mine = with_row(ground, client)
    planner = signed_in(ground.cast.planner)
    planner.post(url(ground), with_row(ground, planner) | {cell(ground, 7): "4"})
    saved = client.post(url(ground), mine | {cell(ground, 6): "25"})
    assert saved.status_code == 302
    assert total(ground) == 29


@pytest.mark.parametrize(
    ("proof", "wrong"),
    [
        ({"way": "telephone"}, "だれから聞いたかを書いてください"),
        ({"way": "paper"}, "写しを付けるか"),
        ({"way": "workbook"}, "届いた方法を一覧から選んでください"),
        ({"received_on": "2999-01-01"}, "今日より後"),
        ({"received_on": "きのう"}, "2026-06-10 のように"),
        ({"note": "あ" * 2001}, "2,000文字まで"),
    ],
)
def test_how_the_numbers_came_must_be_told(client: Client, ground: Ground, proof: dict[str, str], wrong: str) -> None:  # fmt: skip
    page = client.post(url(ground), with_row(ground, client) | {cell(ground, 6): "25"} | proof)
    assert page.status_code == 422
    assert wrong in plain(page)
    assert fields(page)[cell(ground, 6)] == "25"
    assert not Entry.objects.exists()


def test_a_scan_stays_with_the_report(client: Client, ground: Ground) -> None:
    scan = SimpleUploadedFile("6月.pdf", b"%PDF-1.4", "application/pdf")
    client.post(url(ground), with_row(ground, client) | {cell(ground, 6): "25", "way": "paper", "file": scan})
    proof = Evidence.objects.get()
    assert (proof.way, proof.file.name, proof.noted_by) == ("paper", "6月.pdf", ground.cast.clerk)


def test_staff_type_what_an_outside_body_says_on_the_telephone(client: Client, ground: Ground) -> None:
    council = ground.cast.council
    choose = client.get(reverse("office:months", args=[ground.cast.ward.key]) + "?year=2026")
    assert "地域振興課 あなたの所属取組 3、入っている数 0" in plain(choose)
    assert f'<option value="{council.pk}">' in choose.content.decode()
    data = with_row(ground, client, council) | {
        cell(ground, 6): "3",
        "way": "telephone",
        "note": "事務局から",
    }
    page = client.post(url(ground, council), data, follow=True)
    assert "に代わって入れます" in plain(page)
    entry = Entry.objects.get()
    assert (entry.body, entry.posted_by) == (council, ground.cast.clerk)


@pytest.mark.parametrize("who", ["other_clerk", "partner", "administrator"])
def test_who_is_not_in_charge_cannot_type_here(ground: Ground, who: str) -> None:
    client = signed_in(getattr(ground.cast, who))
    page = client.get(url(ground))
    assert "あなたが入れられる取組がありません" in plain(page)
    assert client.get(url(ground, item=ground.items[0].pk)).status_code == 403
    row = f"{ground.items[0].pk}.{ground.times.pk}"
    data = {"row": row, cell(ground, 6): "25", "way": "form", "received_on": "2026-07-01", "do": "save"}
    assert client.post(url(ground), data).status_code == 403
    assert not Entry.objects.exists()


def test_another_wards_action_or_metric_is_refused(client: Client, ground: Ground) -> None:
    cast = ground.cast
    plans.publish_version(
        ward=cast.other_ward, fiscal_year=2026, kind="action_plan", actor=cast.stranger, title="取組",
        entries=[PlanEntry(0, None, 0, "action", "1", "よその取組")],
    )  # fmt: skip
    foreign = Item.objects.get(ward=cast.other_ward)
    odd = Metric.objects.create(ward=cast.other_ward, key="x", name="x", unit="回")
    data = {"way": "form", "received_on": "2026-07-01", "do": "save"}
    forged = data | {"row": f"{foreign.pk}.{ground.times.pk}", f"c.{foreign.pk}.{ground.times.pk}.2": "5"}
    assert client.post(url(ground), forged).status_code == 403
    item = ground.items[0].pk
    forged = data | {"row": f"{item}.{odd.pk}", f"c.{item}.{odd.pk}.2": "5"}
    assert client.post(url(ground), forged).status_code == 422
    forged = data | {
        "row": f"{item}.{ground.times.pk}",
        cell(ground, 6): "5",
        f"seen.{item}": '[0,[[1,"x"]]]',
    }
    assert client.post(url(ground), forged).status_code == 302
    for odd_row in ("", "x", ".", "1.2.3", "9" * 400, f"{item}.abc"):
        assert client.post(url(ground), data | {"row": odd_row}).status_code in {403, 422}
    assert Entry.objects.count() == 1
    assert (
        client.get(url(ground, Body.objects.create(ward=cast.other_ward, name="課", folded="課"))).status_code
        == 404
    )


def test_an_ended_metric_and_a_rate_cannot_be_added(client: Client, ground: Ground) -> None:
    planner = ground.cast.planner
    rate = ledger.add_metric(
        ward=ground.cast.ward, name="率", unit="%", adding="rate", actor=planner, numerator=ground.times, denominator=ground.members,
    )  # fmt: skip
    data = fields(client.get(url(ground))) | {
        "do": "add",
        "add_item": ground.items[0].pk,
        "add_metric": rate.pk,
    }
    page = client.post(url(ground), data)
    assert "何を数えるかを選んでから" in plain(page)
    assert f'<option value="{rate.pk}">' not in page.content.decode()


def test_sessions_have_numbers_and_days(client: Client, ground: Ground) -> None:
    item = ground.items[0].pk
    at = url(ground, item=item)
    data = fields(client.get(at)) | {"do": f"add:{item}", f"add.{item}": ground.times.pk}
    data = fields(client.post(at, data))
    first, second = (f"c.{item}.{ground.times.pk}.{column}" for column in (0, 1))
    data |= {first: "20", second: "25"}
    page = client.post(at, data)
    assert "第1回: 数が入っている回には、日付を入れてください。" in plain(page)
    data["day"][:2] = ["6/10", "2/30"]
    assert "「2/30」は、令和8年度の日付として読めません" in plain(client.post(at, data))
    data["day"][1] = "7月8日"
    saved = client.post(at, data, follow=True)
    assert "健康教室 開催・実施の回数 第2回: 25回" in plain(saved)
    rows = list(ReportCell.objects.values_list("session", "on", "quantity"))
    assert [(n, f"{on:%m%d}", quantity) for n, on, quantity in rows] == [(1, "0610", 20), (2, "0708", 25)]

    data = fields(saved)
    assert data["day"][:3] == ["6/10", "7/8", ""]
    data["day"][1] = "7/9"  # the second was held a day later
    client.post(at, data)
    assert [f"{on:%m%d}" for on in ReportCell.objects.values_list("on", flat=True)] == ["0610", "0709"]
    assert total(ground) == 45
    assert list(discrepancies(ground.cast.ward, 2026)) == []
    months = plain(client.get(url(ground)))
    assert re.search(
        r"開催・実施の回数 回 45回", months
    )  # what is reported by sessions stands beside the months


def test_a_closed_year_warns_and_marks(client: Client, ground: Ground) -> None:
    ledger.close_books(ward=ground.cast.ward, fiscal_year=2026, reason="締める", actor=ground.cast.planner)
    assert "「締めた後」と付きます" in plain(client.get(url(ground)))
    client.post(url(ground), with_row(ground, client) | {cell(ground, 6): "25"})
    assert Entry.objects.get().is_late


def test_a_form_of_many_rows_stays_below_djangos_limit_and_its_queries_do_not_grow(cast: Cast) -> None:
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner, title="取組",
        entries=[PlanEntry(n, None, n, "action", str(n), f"取組{n}", owners=("地域振興課",)) for n in range(120)],
    )  # fmt: skip
    times = Metric.objects.get(ward=None, key="times")
    ground = Ground(cast, list(Item.objects.filter(ward=cast.ward).order_by("texts__position")), cast.promotion, times, times)  # fmt: skip
    client = signed_in(cast.clerk)
    client.get(url(ground))
    counts = []
    for number in (3, 120):
        for item in ground.items[:number]:
            report = Report.objects.get_or_create(ward=cast.ward, fiscal_year=2026, item=item, body=cast.promotion)[0]  # fmt: skip
            ReportCell.objects.get_or_create(ward=cast.ward, report=report, metric=times, on="2026-06-01", quantity=1)  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url(ground))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "1 / 3 ページ" in plain(page)
    assert 600 < page.content.decode().count("<input") < 900
    data = fields(page) | {cell(ground, 7): "2"}
    assert client.post(url(ground), data).status_code == 302
