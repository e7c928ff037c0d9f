"""The page of one item: money, actions, life through the years, source; and what residents must not see."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kusei.plans.enums import ItemKind, LinkKind, LinkStatus, PlanKind
from kusei.plans.models import ItemAmount
from kusei.portal.queries.frame import frame_of
from kusei.portal.queries.item import item_page
from kusei.portal.tests.factories import (
    link,
    make_body,
    make_document,
    make_item,
    make_result,
    make_version,
    make_ward,
)
from kusei.results.enums import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def story():
    """One project through 2019 policy, 2021 policy and 2021 budget, with an action that carries it out."""
    ward = make_ward()
    body = make_body(ward, "区政推進課")
    old = make_item(make_version(ward, 2019, PlanKind.POLICY), ItemKind.PROJECT, "地域を支える事業")
    policy = make_item(
        make_version(ward, 2021, PlanKind.POLICY),
        ItemKind.PROJECT,
        "地域の力を高める",
        programme="地域を支える事業",
    )
    budget_version = make_version(ward, 2021, PlanKind.BUDGET, title="令和3年度予算")
    budget = make_item(
        budget_version, ItemKind.PROJECT, "地域を支える事業", number="1", owners=(body,), tags=("重点",),
        thousand_yen=6588, previous_thousand_yen=6000, text="活動を支えます。",
    )  # fmt: skip
    component = make_item(
        budget_version, ItemKind.COMPONENT, "会議の運営", number="(1)", parent=budget, thousand_yen=570
    )
    plan = make_version(ward, 2021, PlanKind.ACTION_PLAN)
    action = make_item(plan, ItemKind.ACTION, "会議を開く", plan_bullets=["会議を開く", "記録を配る"])
    make_result(action, "3回開きました。", figures=[(3, "回", "会議")])
    link(policy, LinkKind.CONTINUES, old)
    link(budget, LinkKind.FUNDS, policy, is_automatic=True)
    link(action, LinkKind.IMPLEMENTS, component)
    return {
        "ward": ward,
        "old": old,
        "policy": policy,
        "budget": budget,
        "component": component,
        "action": action,
    }


def page_of(client, text) -> str:
    page = client.get(reverse("portal:item", args=[text.ward.key, text.item.public_id]))
    assert page.status_code == 200
    return page.content.decode()


def test_the_budgets_page_tells_what_who_and_how_much(client, story) -> None:
    body = page_of(client, story["budget"])

    assert '<h1 class="item__title">地域を支える事業</h1>' in body
    assert 'value="6588000" title="6,588,000円">6,588<' in body
    assert 'value="6000000"' in body  # the year before
    assert ">区政推進課</a>" in body
    assert ">重点</a>" in body
    assert "会議の運営" in body
    assert 'value="570000"' in body


def test_money_through_the_years_is_drawn_with_its_table(client, story) -> None:
    page = item_page(frame_of(story["ward"].key), story["budget"].item.public_id)
    body = page_of(client, story["budget"])

    assert [(each.fiscal_year, each.yen, each.is_from_next_year) for each in page.money] == [
        (2020, 6_000_000, True),
        (2021, 6_588_000, False),
    ]
    assert "令和3年度の予算は6,588千円で、令和2年度より588千円増えました。" in body
    assert "翌年度の予算書の前年度欄" in body


def test_life_runs_through_years_and_plans_over_confirmed_links(client, story) -> None:
    page = item_page(frame_of(story["ward"].key), story["old"].item.public_id)

    assert [(year.fiscal_year, [step.node.plan_kind for step in year.steps]) for year in page.life] == [
        (2019, ["policy"]),
        (2021, ["policy", "budget"]),
    ]
    # only the budget hangs on a link that nobody but the system decided
    assert [step.node.plan_kind for year in page.life for step in year.steps if step.is_automatic] == [
        "budget"
    ]
    assert page_of(client, story["old"]).count("mark--auto") == 1


def test_the_policys_page_shows_the_money_of_its_budget(client, story) -> None:
    body = page_of(client, story["policy"])

    assert "予算書のページ" in body
    assert 'value="6588000"' in body


def test_an_action_stands_under_the_project_whose_part_it_carries_out(client, story) -> None:
    body = page_of(client, story["budget"])

    assert "会議を開く" in body
    assert "記録を配る" in body
    assert "3回開きました。" in body
    assert "outcome--done" in body
    assert '3<span class="unit">回</span>' in body


def test_an_action_names_what_it_carries_out(client, story) -> None:
    body = page_of(client, story["action"])

    assert "この取組が実行する事業" in body
    assert "会議の運営" in body


@pytest.mark.parametrize("status", [LinkStatus.PROPOSED, LinkStatus.REFUSED])
def test_links_that_nobody_confirmed_are_not_shown(client, story, status) -> None:
    ward = story["ward"]
    later = make_item(make_version(ward, 2022, PlanKind.BUDGET), ItemKind.PROJECT, "別の事業かもしれない")
    plan = ward.plans.get(kind=PlanKind.ACTION_PLAN).versions.get()
    maybe = make_item(plan, ItemKind.ACTION, "関係があるかもしれない取組")
    link(later, LinkKind.CONTINUES, story["budget"], status=status)
    link(maybe, LinkKind.IMPLEMENTS, story["budget"], status=status)

    body = page_of(client, story["budget"])

    assert "かもしれない" not in body
    assert (
        "地域の力を高める" not in body
    )  # the programme's name is shown, and the confirmed link still stands
    assert body.count("地域を支える事業") > 2


def test_drafts_do_not_leak_through_links(client, story) -> None:
    draft = make_item(
        make_version(story["ward"], 2022, PlanKind.BUDGET, status="draft"), ItemKind.PROJECT, "まだ秘密の事業"
    )
    link(draft, LinkKind.CONTINUES, story["budget"])

    assert "まだ秘密の事業" not in page_of(client, story["budget"])
    address = reverse("portal:item", args=[story["ward"].key, draft.item.public_id])
    assert client.get(address).status_code == 404


def test_an_amount_without_unit_is_shown_as_printed(client) -> None:
    ward = make_ward()
    text = make_item(make_version(ward, 2021, PlanKind.BUDGET), ItemKind.PROJECT, "単位のない事業")
    ItemAmount.objects.create(ward=ward, text=text, fiscal_year=2021, basis="current", printed="1234")

    body = page_of(client, text)
    budget = client.get(reverse("portal:budget", args=[ward.key, 2021])).content.decode()

    assert "1234<" in body
    assert "単位の記載なし" in body
    assert "千円" not in body
    assert "単位の分からない金額" in budget


def test_the_source_leads_to_the_lit_line(client, story) -> None:
    text = story["budget"]
    text.places = [
        {"field": "title", "page": 2, "line": 3, "end_line": 3, "box": None, "cell": None},
        {"field": "body", "page": 25, "line": 7, "end_line": 9, "box": None, "cell": None},
        {"field": "owner", "page": 2, "line": 3, "end_line": 3, "box": None, "cell": "B3"},
    ]
    text.save()
    document = make_document(text.version, [["あ", "い", "う"]] * 26)

    body = page_of(client, text)

    source = f"/w/{story['ward'].key}/documents/{document.pk}/"
    assert f'href="{source}#p2-l3">2ページ3行目</a>' in re.sub(r"\s+", " ", body)
    assert f'href="{source}?page=25#p25-l7"' in body
    assert ">B3</a>" in body
    assert 'id="p2-l3"' in client.get(source).content.decode()
    assert 'id="p25-l3"' in client.get(f"{source}?page=25").content.decode()


def test_a_withdrawn_item_stays_readable_with_a_notice(client, story) -> None:
    old_version = story["budget"].version
    new_version = make_version(story["ward"], 2021, PlanKind.BUDGET, number=2)
    make_item(new_version, ItemKind.PROJECT, "新しい事業")

    body = page_of(client, story["budget"])
    plan = reverse("portal:plan", args=[story["ward"].key, 2021, "budget"])

    assert "新しい版の文書にはありません" in body
    assert "新しい事業" in client.get(plan).content.decode()
    former = client.get(f"{plan}v/{old_version.number}/").content.decode()
    assert "この版より新しい版があります" in former
    assert "地域を支える事業" in former


def test_a_corrected_item_says_what_the_newest_version_says(client, story) -> None:
    version = make_version(story["ward"], 2021, PlanKind.BUDGET, number=2)
    make_item(
        version, ItemKind.PROJECT, "地域を大きく支える事業", item=story["budget"].item, thousand_yen=7000
    )

    body = page_of(client, story["budget"])

    assert "地域を大きく支える事業" in body
    assert 'value="7000000"' in body
    assert 'value="6588000"' not in body


def test_an_action_without_result_says_so(client) -> None:
    ward = make_ward()
    text = make_item(make_version(ward, 2021, PlanKind.ACTION_PLAN), ItemKind.ACTION, "結果のない取組")

    assert "この文書には結果の記載がありません" in page_of(client, text)


def test_every_outcome_has_word_and_shape(client) -> None:
    ward = make_ward()
    version = make_version(ward, 2021, PlanKind.ACTION_PLAN)
    for outcome in Outcome:
        text = make_item(version, ItemKind.ACTION, f"取組{outcome}")
        make_result(text, "した。", outcome)
        body = page_of(client, text)
        chip = re.search(rf'<span class="outcome outcome--{outcome}">(.*?)</span>', body, re.S)[1]
        assert "<svg" in chip
        assert chip.endswith(str(outcome.label))
