"""A published figure followed down in public: sums and never entries, as printed, with what stood there before."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric
from kusei.plans import operations as plans
from kusei.plans.enums import ItemKind, PlanKind
from kusei.plans.models import Item, Plan
from kusei.plans.rules import Entry
from kusei.portal.tests.factories import make_document, make_item, make_result, make_version, make_ward
from kusei.portal.tests.test_languages import unmarked
from kusei.results import operations as results
from kusei.results.models import Answer
from kusei.wards import operations as wards
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Published:
    """One action whose result was collected with live figures: 14 times, and people of whom few came to the south."""

    def __init__(self, cast: Cast) -> None:
        self.ward, self.planner, self.body = cast.ward, cast.planner, cast.promotion
        self.north, self.south, self.west = (
            wards.add_district(ward=cast.ward, name=name, actor=cast.operator)
            for name in ("北台", "南浜", "西山")
        )
        version = plans.publish_version(
            ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner, title="取組",
            entries=[Entry(0, None, 0, "action", "1", "健康教室", owners=(self.body.name,))],
        ).version  # fmt: skip
        self.item = Item.objects.get(plan=version.plan)
        self.metrics = {metric.key: metric.pk for metric in Metric.objects.filter(ward=None)}
        self.count(("times", 4, 8, self.north), ("times", 9, 6, self.south))
        self.count(("people", 4, 60, self.north), ("people", 9, 4, self.south), ("people", 10, 12, self.west))
        self.collection = results.open_collection(
            plan=Plan.objects.get(pk=version.plan_id),
            due_on=timezone.localdate() + timedelta(days=9),
            actor=cast.planner,
        )
        self.publish()

    def count(self, *cells: tuple[str, int, int, object]) -> None:
        ledger.save_report(
            ward=self.ward, fiscal_year=2026, item=self.item, body=self.body, revision=None, owners=[self.body.pk],
            proof=ledger.Proof("form", timezone.localdate(), note="山田さんが数えた"), actor=self.planner,
            changes=[
                ledger.CellChange(self.metrics[key], date(2026, month, 1), number, district_id=district.pk)
                for key, month, number, district in cells
            ],
        )  # fmt: skip

    def publish(self, note: str = "") -> None:
        answer = Answer.objects.get(collection=self.collection)
        mine = {"outcome": "done", "reason": "", "text": "《開催・実施の回数》開き、《参加者》が来た。"}
        answer = results.write_answer(
            answer=answer,
            was={field: getattr(answer, field) for field in mine},
            mine=mine,
            actor=self.planner,
        )
        answer = results.submit_answer(answer=answer, actor=self.planner)
        results.approve_answers(answers=[(answer, answer.revision)], actor=self.planner)
        results.publish_results(collection=self.collection, actor=self.planner, note=note)

    def correct(self) -> None:
        self.count(("times", 10, 1, self.west))
        results.return_answers(
            answers=[Answer.objects.get(collection=self.collection)], note="直す", actor=self.planner
        )
        self.publish("西山の1回を数えていなかったため。")

    def address(self, key: str, form: str = "") -> str:
        arguments = [self.ward.key, self.item.public_id, f"m{self.metrics[key]}"]
        return (
            reverse("portal:figure_file", args=[*arguments, form])
            if form
            else reverse("portal:figure", args=arguments)
        )


@pytest.fixture
def published(cast: Cast) -> Published:
    return Published(cast)


def text_of(address: str, prefix: str = "") -> str:
    answer = Client().get(prefix + address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_resident_follows_a_figure_down(published: Published) -> None:
    ward = published.ward
    table = text_of(reverse("portal:results", args=[ward.key, 2026]))
    assert f'href="{published.address("times")}"' in table

    body = text_of(published.address("times"))

    for told in (
        "14<",
        "開催・実施の回数",
        "行った回数。中止した回は数えない。",
        "第2版",
        "手で記録した報告",
        "2件",
    ):
        assert told in body
    assert "この取組で記録した「開催・実施の回数」を全部足した数です。" in body
    assert ">4月</th>" in body
    assert body.index("北台") < body.index("南浜")
    assert "人を数えた数は" not in body


def test_no_entry_no_day_and_nobodys_name(published: Published) -> None:
    for address in (
        *(published.address(key) for key in ("times", "people")),
        *(published.address(key, form) for key in ("times", "people") for form in ("csv", "json")),
    ):
        body = text_of(address)
        for secret in (
            "山田",
            published.planner.username,
            published.planner.last_name,
            "2026-04-01",
            "4月1日",
        ):
            assert secret not in body, (address, secret)


def test_few_people_are_not_told_apart(published: Published) -> None:
    body = text_of(published.address("people"))

    assert "76<" in body
    assert "人を数えた数は、10に満たない月・担当・地区を分けて示しません。" in body
    assert "西山" not in body.split("地区ごと")[0]
    assert "南浜・西山" in body  # 4 and 12 in one line
    assert ">4人</td>" not in body
    assert "4月から9月まで" in body  # by quarters, September's four would stand alone
    told = json.loads(text_of(published.address("people", "json")))
    assert told["by_month"] == [
        {"from": "2026-04", "to": "2026-09", "value": 64},
        {"from": "2026-10", "to": "2027-03", "value": 12},
    ]


def test_a_month_without_a_record_is_not_a_month_with_none(published: Published) -> None:
    published.count(("times", 11, 0, published.west))
    published.correct()

    body = text_of(published.address("times")).replace("\n", "")

    assert '>11月</th><td class="num">0回</td>' in body
    assert '>12月</th><td class="num">記録なし</td>' in body
    told = json.loads(text_of(published.address("times", "json")))["by_month"]
    assert [told[place]["value"] for place in (6, 7, 8)] == [1, 0, None]


def test_how_often_people_came_is_written_as_people_say_it(published: Published) -> None:
    result = make_result(
        make_item(make_version(make_ward(), 2021, PlanKind.ACTION_PLAN), ItemKind.ACTION, "教室"),
        "延べ130人が来た。",
        figures=[("130", "延べ人", "延べ参加者")],
    )

    item = reverse("portal:item", args=[result.ward.key, result.item.public_id])
    figure = reverse("portal:figure", args=[result.ward.key, result.item.public_id, "n1"])

    for body in (text_of(item), text_of(figure)):
        assert '<span class="unit">延べ</span>130<span class="unit">人</span>' in body
        assert "130延べ人" not in body
        assert "延べ人</span>" not in body


def test_what_is_posted_later_is_not_told_before_it_is_published(published: Published) -> None:
    published.count(("times", 10, 1, published.west))

    body = text_of(published.address("times"))

    assert "14<" in body
    assert "西山" not in body
    assert '>10月</th><td class="num">記録なし</td>' in body.replace("\n", "")


def test_a_correction_shows_both_numbers_and_why(published: Published) -> None:
    published.correct()

    body = text_of(published.address("times"))

    assert "この数は、公開した後で訂正しています。" in body
    assert "西山の1回を数えていなかったため。" in body
    versions = body.split('id="versions"')[1]
    assert versions.index("15<") < versions.index("14<")
    told = json.loads(text_of(published.address("times", "json")))
    assert [(each["number"], each["value"]) for each in told["versions"]] == [(3, 15), (2, 14)]
    assert (told["value"], told["unit"], told["entries"]) == (15, "回", 3)


def test_a_figure_that_a_correction_took_away_stays_readable(published: Published) -> None:
    results.return_answers(
        answers=[Answer.objects.get(collection=published.collection)], note="直す", actor=published.planner
    )
    answer = Answer.objects.get(collection=published.collection)
    answer = results.write_answer(
        answer=answer, was={"text": answer.text}, mine={"text": "開いた。"}, actor=published.planner
    )
    answer = results.submit_answer(answer=answer, actor=published.planner)
    results.approve_answers(answers=[(answer, answer.revision)], actor=published.planner)
    results.publish_results(collection=published.collection, actor=published.planner)

    body = text_of(published.address("times"))

    assert "今の版の結果には、この数はありません。" in body
    assert json.loads(text_of(published.address("times", "json")))["in_force"] is False


def test_the_files_hold_what_the_page_says(published: Published) -> None:
    rows = list(
        csv.DictReader(io.StringIO(text_of(published.address("times", "csv")).removeprefix("\ufeff")))
    )

    assert (rows[0]["区分"], rows[0]["数値"], rows[0]["単位"]) == ("公開した数", "14", "回")
    months = [row for row in rows if row["区分"] == "月ごと"]
    assert [(row["いつから"], row["数値"]) for row in months if row["数値"]] == [
        ("2026-04", "8"),
        ("2026-09", "6"),
    ]
    assert {row["名前"]: row["数値"] for row in rows if row["区分"] == "地区ごと"} == {
        "北台": "8",
        "南浜": "6",
    }
    assert Client().get(published.address("times", "json").replace(".json", ".xml")).status_code == 404


def test_a_figure_of_a_document_leads_to_its_line(client) -> None:
    version = make_version(make_ward(), 2021, PlanKind.ACTION_PLAN, title="令和3年度の結果")
    action = make_item(version, ItemKind.ACTION, "講座", source_page=1, source_line=7)
    make_result(action, "3回開きました。", figures=[("3", "回", "講座"), ("40", "人", "")])
    document = make_document(version, [["文"] * 9], name="結果.txt")
    address = reverse("portal:figure", args=[version.ward.key, action.item.public_id, "n1"])

    body = client.get(address).content.decode()

    assert "結果の文に書かれている数です。区の記録から計算した数ではありません。" in body
    assert f'{reverse("portal:document", args=[version.ward.key, document.pk])}#p1-l7"' in body
    assert "月ごと" not in body
    second = client.get(address.replace("n1", "n2")).content.decode()
    assert "40<" in second
    assert json.loads(client.get(address.removesuffix("/") + ".json").content)["source"] == {
        "page": 1,
        "line": 7,
    }


@pytest.mark.parametrize("slug", ["n2", "n0", "m1", "x", "m999999999"])
def test_what_is_not_published_is_not_found(client, slug: str) -> None:
    version = make_version(make_ward(), 2021, PlanKind.ACTION_PLAN)
    action = make_item(version, ItemKind.ACTION, "講座")
    make_result(action, "3回開きました。", figures=[("3", "回", "講座")])

    for public_id in (action.item.public_id, uuid4()):
        if (slug, public_id) != ("n1", action.item.public_id):
            assert (
                client.get(reverse("portal:figure", args=[version.ward.key, public_id, slug])).status_code
                == 404
            )


def test_nothing_of_a_plan_that_is_still_collecting(cast: Cast) -> None:
    """Answers that nobody has published have no page, whatever the ledger says."""
    version = plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="action_plan", actor=cast.planner, title="取組",
        entries=[Entry(0, None, 0, "action", "1", "健康教室", owners=(cast.promotion.name,))],
    ).version  # fmt: skip
    item = Item.objects.get(plan=version.plan)
    times = Metric.objects.get(ward=None, key="times")
    ledger.save_report(
        ward=cast.ward, fiscal_year=2026, item=item, body=cast.promotion, revision=None, owners=[cast.promotion.pk],
        proof=ledger.Proof("form", timezone.localdate()), actor=cast.planner,
        changes=[ledger.CellChange(times.pk, date(2026, 4, 1), 3)],
    )  # fmt: skip

    address = reverse("portal:figure", args=[cast.ward.key, item.public_id, f"m{times.pk}"])
    assert Client().get(address).status_code == 404


def test_other_languages_say_it_too(published: Published) -> None:
    english = text_of(published.address("people"), "/en")
    easy = text_of(published.address("people"), "/ja-easy")

    assert "Counts of people are not shown apart" in english
    assert unmarked(english) == []
    assert ">Participants</span>" in english
    assert "People counted each time, added up." in english
    assert "April to September" in english
    assert "この" in easy
    assert "<ruby>" in easy


def test_more_entries_take_no_more_queries(published: Published) -> None:
    counts = []
    for month in (None, 11):
        if month:
            published.count(*(("times", m, 1, published.west) for m in (5, 6, 11, 12)))
            published.correct()
        with CaptureQueriesContext(connection) as queries:
            text_of(published.address("times"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 22
