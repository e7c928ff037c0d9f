"""評価, 次の年度へ, and an item through the years."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import Figure
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.office.queries.reviews import unit_costs
from kusei.plans import operations as plans
from kusei.plans.models import Item, Link, Plan, PlanVersion
from kusei.plans.queries.drafts import tree_of
from kusei.plans.rules import Entry, Money
from kusei.results import operations as results
from kusei.results.models import ReportedResult, Review
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow

JUDGED = {"necessity": "A", "effectiveness": "B", "efficiency": "", "fairness": "", "grade": "B"}


def plain(answer) -> str:
    """What a page says, without its markup."""
    words = re.sub(r"</?span[^>]*>", "", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words))


def money(thousand: int, year: int = 2026, basis: str = "current") -> Money:
    return Money(year, basis, "", thousand * 1000, str(thousand), "千円")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """施策 > 健康教室 (地域振興課, two actions), 展示会 (福祉保健課)."""
    entries = [
        Entry(0, None, 0, "measure", "1", "健康"),
        Entry(1, 0, 1, "project", "1", "健康教室", text="月に1回開く。", owners=("地域振興課",),
              money=(money(5000), money(4000, 2025, "previous"))),
        Entry(2, 1, 2, "action", "", "体操", owners=("地域振興課",)),
        Entry(3, 1, 2, "action", "", "講話", owners=("地域振興課",)),
        Entry(4, 0, 1, "project", "2", "展示会", owners=("福祉保健課",), money=(money(300),)),
    ]  # fmt: skip
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, entries=entries, title="予算"
    )
    return Plan.objects.get()


def item(title: str, year: int = 2026) -> Item:
    return Item.objects.filter(plan__fiscal_year=year, texts__title=title).distinct().get()


def at(cast: Cast, name: str, *args: int, query: str = "") -> str:
    return reverse(f"office:{name}", args=[cast.ward.key, *args]) + (f"?{query}" if query else "")


def sent(stage: str, revision: int = 0, **said: str) -> dict[str, str]:
    values = {**JUDGED, "course": "", "comment": "", "revision": str(revision)} | said
    return {"stage": stage} | {f"{stage}-{field}": value for field, value in values.items()}


def post(cast: Cast, title: str, **quantities: int) -> None:
    lines = [
        Line(slot=key, quantity=number, metric_id=Metric.objects.get(ward=None, key=key).pk, item_id=item(title).pk, on=date(2026, 5, 1))
        for key, number in quantities.items()
    ]  # fmt: skip
    ledger.post(ward=cast.ward, source=Source("test.course", item(title).pk), lines=lines, actor=None)


def figure(key: str, unit: str, quantity: int, adding: str = "sum") -> tuple[Metric, Figure]:
    return Metric(key=key, name=key, unit=unit, adding=adding), Figure(quantity, 1)


@pytest.mark.parametrize(
    ("budget", "figures", "said"),
    [
        (500_000, [figure("people", "人", 250)], [(Decimal(2000), False)]),
        (500_000, [figure("money", "円", 300_000), figure("people", "人", 250), figure("times", "回", 12)],
         [(Decimal(1200), True), (Decimal(25000), True)]),
        (500_000, [figure("people", "人", 250), figure("attendances", "延べ人", 900)], []),
        (500_000, [figure("money", "円", 1), figure("paid", "円", 2), figure("people", "人", 250)], []),
        (None, [figure("people", "人", 250)], []),
        (500_000, [figure("people", "人", 0)], []),
        (500_000, [figure("members", "人", 40, "last")], []),
        (500_000, [figure("places", "か所", 40)], []),
    ],
)  # fmt: skip
def test_a_unit_cost_is_told_only_where_it_is_plain_what_is_divided(budget, figures, said) -> None:
    assert [(cost.yen, cost.is_paid) for cost in unit_costs(budget, figures)] == said


def test_the_list_has_what_is_judged_and_no_actions(cast: Cast, plan: Plan) -> None:
    said = plain(signed_in(cast.clerk).get(at(cast, "reviews", query="year=2026")))
    assert "3の事業・施策" in said
    assert ("健康教室" in said, "展示会" in said, "体操" in said) == (True, True, False)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=none", ["展示会"]),
        ("state=division", ["健康教室"]),
        ("course=ended", ["健康教室"]),
        ("q=展示", ["展示会"]),
        ("body={welfare}", ["展示会"]),
        ("q=無い", []),
    ],
)
def test_the_list_is_narrowed_by_its_address(cast: Cast, plan: Plan, query: str, shown: list[str]) -> None:
    client = signed_in(cast.clerk)
    client.post(at(cast, "item_review", item("健康教室").pk), sent("division", course="ended", comment="役目を終えた"))  # fmt: skip
    query = query.format(welfare=cast.welfare.pk)
    page = client.get(at(cast, "reviews", query=f"year=2026&{query}")).content.decode()
    links = [name for name in ("健康教室", "展示会") if at(cast, "item_review", item(name).pk) in page]
    assert links == shown


def test_evidence_stands_beside_the_judgement(cast: Cast, plan: Plan) -> None:
    post(cast, "体操", times=12, attendances=250)
    made = results.add_indicator(
        item=item("体操"), name="体操の回数", metric=Metric.objects.get(ward=None, key="times"), actor=cast.planner
    )  # fmt: skip
    results.set_target(indicator=made, fiscal_year=2026, quantity=10, actor=cast.planner)
    said = plain(signed_in(cast.clerk).get(at(cast, "item_review", item("健康教室").pk)))
    for words in (
        "5,000 千円",
        "4,000 千円",
        "体操の回数",
        "達成",
        "予算 5,000,000円 ÷ 延べ参加者 延べ250人",
    ):
        assert words.replace(" ", "") in said.replace(" ", ""), words
    assert "20,000円" in said.replace(" ", "")


def test_nothing_is_chosen_before_somebody_chooses(cast: Cast, plan: Plan) -> None:
    page = signed_in(cast.planner).get(at(cast, "item_review", item("健康教室").pk)).content.decode()
    chosen = re.findall(r'<option value="([^"]*)" selected', page)
    assert chosen
    assert set(chosen) == {""}


def test_the_division_judges_then_the_planner(cast: Cast, plan: Plan) -> None:
    url = at(cast, "item_review", item("健康教室").pk)
    clerk, planner = signed_in(cast.clerk), signed_in(cast.planner)
    assert "企画担当の評価を保存する" not in plain(clerk.get(url))
    refused = clerk.post(url, sent("division", course="reduced"))
    assert refused.status_code == 422
    assert "理由を書いてください" in plain(refused)
    assert Review.objects.count() == 0
    assert clerk.post(url, sent("division", course="reduced", comment="参加が減った")).status_code == 302
    assert "参加が減った" in plain(planner.get(url))
    assert planner.post(url, sent("planner", course="expanded", comment="広げる")).status_code == 302
    assert dict(Review.objects.values_list("stage", "course")) == {"division": "reduced", "planner": "expanded"}  # fmt: skip
    assert clerk.post(url, sent("planner", revision=1)).status_code == 403
    assert signed_in(cast.other_clerk).post(url, sent("division", revision=1)).status_code == 403


def test_two_at_once_see_both_judgements_and_lose_none(cast: Cast, plan: Plan) -> None:
    url = at(cast, "item_review", item("健康教室").pk)
    signed_in(cast.colleague).post(url, sent("division", comment="同僚の理由"))
    client = signed_in(cast.clerk)
    clash = client.post(url, sent("division", comment="わたしの理由"))
    assert clash.status_code == 409
    assert ("同僚の理由" in plain(clash), "わたしの理由" in clash.content.decode()) == (True, True)
    assert Review.objects.get().comment == "同僚の理由"
    assert 'name="division-revision" value="1"' in clash.content.decode()
    assert client.post(url, sent("division", revision=1, comment="わたしの理由")).status_code == 302
    assert Review.objects.get().comment == "わたしの理由"


def test_the_queries_of_the_pages_do_not_grow(cast: Cast) -> None:
    counts: dict[str, list[int]] = {"list": [], "one": []}
    for year, number in ((2026, 2), (2027, 8)):
        entries = [Entry(0, None, 0, "measure", "1", f"柱{year}")] + [
            Entry(n, 0, 1, "project", str(n), f"事業{year}-{n}", owners=("地域振興課",), money=(money(n, year),))
            for n in range(1, number)
        ]  # fmt: skip
        plans.publish_version(
            ward=cast.ward, fiscal_year=year, kind="budget", actor=cast.planner, entries=entries, title="予算"
        )
    client = signed_in(cast.planner)
    for year in (2026, 2026, 2027):
        for name, url in (
            ("list", at(cast, "reviews", query=f"year={year}")),
            ("one", at(cast, "item_review", item(f"柱{year}", year).pk)),
        ):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url).status_code == 200
            counts[name].append(len(caught))
    assert counts["list"][1] == counts["list"][2]
    assert counts["one"][1] == counts["one"][2]


def judge(cast: Cast, title: str, course: str, revision: int = 0) -> None:
    results.write_review(
        item=item(title), stage="planner", said={"course": course, "comment": f"{title}の理由"}, revision=revision,
        actor=cast.planner,
    )  # fmt: skip


def test_next_year_is_shown_before_anything_is_written(cast: Cast, plan: Plan) -> None:
    judge(cast, "展示会", "ended")
    judge(cast, "健康教室", "expanded")
    client = signed_in(cast.planner)
    assert at(cast, "next_year", plan.pk) in client.get(at(cast, "plans")).content.decode()
    said = plain(client.get(at(cast, "next_year", plan.pk)))
    for words in ("引き継ぐ項目 4", "うち、印が付く項目 1", "終了で外れる項目 1", "展示会の理由", "拡充"):
        assert words in said, words
    assert (Plan.objects.count(), PlanVersion.objects.count()) == (1, 1)


def test_carrying_on_leads_to_the_draft_and_again_says_what_is_new(cast: Cast, plan: Plan) -> None:
    judge(cast, "展示会", "ended")
    client = signed_in(cast.planner)
    url = at(cast, "next_year", plan.pk)
    answer = client.post(url, follow=True)
    assert "4の項目を引き継ぎました" in plain(answer)
    draft = PlanVersion.objects.get(plan__fiscal_year=2027)
    assert [row.title for row in tree_of(draft).rows] == ["健康", "健康教室", "体操", "講話"]
    assert "新しく加えるものはありません" in plain(client.get(url))
    assert "新しく加えるものはありません" in plain(client.post(url, follow=True))
    judge(cast, "展示会", "continued", revision=1)
    assert "新しい1の項目を下書きに加える" in plain(client.get(url))
    client.post(url)
    assert [row.title for row in tree_of(draft).rows][-1] == "展示会"


@pytest.mark.parametrize("who", ["clerk", "partner", "administrator"])
def test_only_planners_carry_a_plan_on(cast: Cast, plan: Plan, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert client.post(at(cast, "next_year", plan.pk)).status_code == 403
    assert "次の年度へ" not in plain(client.get(at(cast, "plans")))
    assert Plan.objects.count() == 1


def test_an_item_through_the_years_promised_paid_done_judged(cast: Cast, plan: Plan) -> None:
    post(cast, "健康教室", times=12, money=4_800_000)
    judge(cast, "健康教室", "expanded")
    draft = results.roll_plan_over(plan=plan, actor=cast.planner).version
    client = signed_in(cast.clerk)
    said = plain(client.get(at(cast, "item_years", item("健康教室").pk)))
    for words in (
        "令和8年度",
        "令和9年度",
        "月に1回開く。",
        "5,000千円",
        "4,800,000円",
        "12回",
        "拡充",
        "健康教室の理由",
        "下書き",
    ):
        assert words in said.replace(" ", "").replace("月に1回", "月に1回"), words
    newer = next(row for row in tree_of(draft).rows if row.title == "健康教室").item
    page = client.get(at(cast, "item_years", newer)).content.decode()
    assert at(cast, "item_years", item("健康教室").pk) in page
    assert at(cast, "item_years", newer) in client.get(at(cast, "draft_item", draft.pk, newer)).content.decode()  # fmt: skip


def test_items_that_nobody_has_are_not_found(cast: Cast, plan: Plan) -> None:
    client: Client = signed_in(cast.planner)
    for name in ("item_years", "item_review", "add_indicator", "next_year"):
        assert client.get(at(cast, name, 999_999)).status_code == 404
    stranger = signed_in(cast.stranger)
    for name in ("item_years", "item_review", "add_indicator"):
        url = reverse(f"office:{name}", args=[cast.other_ward.key, item("健康教室").pk])
        assert stranger.get(url).status_code == 404


def test_a_judgement_that_says_nothing_is_refused_and_takes_back_one_that_stood(cast: Cast, plan: Plan) -> None:  # fmt: skip
    url = at(cast, "item_review", item("健康教室").pk)
    client = signed_in(cast.planner)
    nothing = dict.fromkeys(JUDGED, "")
    refused = client.post(url, sent("planner", **nothing))
    assert (refused.status_code, "何も選ばれていません" in plain(refused)) == (422, True)
    assert Review.objects.count() == 0
    client.post(url, sent("planner", comment="良い"))
    taken = client.post(url, sent("planner", 1, **nothing), follow=True)
    assert "評価を取り消しました" in plain(taken)
    assert Review.objects.count() == 0


def test_the_division_s_form_does_not_open_by_itself_for_a_planner(cast: Cast, plan: Plan) -> None:
    url = at(cast, "item_review", item("健康教室").pk)
    client = signed_in(cast.planner)
    client.post(url, sent("planner", comment="良い"))
    page = client.get(url).content.decode()
    division = page[page.index('id="s-division"') : page.index('id="s-planner"')]
    assert "担当課の評価を保存する" in division
    assert "<details open>" not in division
    own = signed_in(cast.clerk).get(url).content.decode()
    assert "<details open>" in own[own.index('id="s-division"') :]


def test_what_was_published_of_the_actions_below_stands_in_its_year(cast: Cast, plan: Plan) -> None:
    action = item("体操")
    version = PlanVersion.objects.get()
    ReportedResult.objects.create(
        ward=cast.ward, version=version, item=action, text="10回開いた。", outcome="done"
    )
    said = plain(signed_in(cast.clerk).get(at(cast, "item_years", item("健康教室").pk)))
    assert re.search("体操 実施 10回開いた。", said)
    entries = [Entry(0, None, 0, "action", "1", "教室を開く", owners=("地域振興課",))]
    plans.publish_version(
        ward=cast.ward,
        fiscal_year=2026,
        kind="action_plan",
        actor=cast.planner,
        entries=entries,
        title="行動",
    )
    other = PlanVersion.objects.get(plan__kind="action_plan")
    ReportedResult.objects.create(
        ward=cast.ward, version=other, item=item("教室を開く"), text="24回開いた。", outcome="done"
    )
    Link.objects.create(
        ward=cast.ward,
        kind="implements",
        status="confirmed",
        confidence_percent=100,
        from_item=item("教室を開く"),
        to_item=item("展示会"),
    )
    years = plain(signed_in(cast.clerk).get(at(cast, "item_years", item("展示会").pk)))
    assert "24回開いた。" in plain(signed_in(cast.clerk).get(at(cast, "item_review", item("展示会").pk)))
    assert "24回開いた。" in years
    assert "記録はありません" not in years
