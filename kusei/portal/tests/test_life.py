"""The genealogy: renamed, merged, split, moved, with the money, over years of which nothing is published."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.plans.enums import ItemKind, LinkKind, PlanKind
from kusei.portal.queries.frame import frame_of
from kusei.portal.queries.life import life_of
from kusei.portal.tests.factories import link, make_item, make_version, make_ward

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def budget(ward, year: int, *projects, measure: str = "暮らしの安全"):
    """A budget whose projects are (name, thousand yen) or (name, thousand yen, the year before)."""
    version = make_version(ward, year, PlanKind.BUDGET)
    heading = make_item(version, ItemKind.MEASURE, measure)
    return [
        make_item(
            version, ItemKind.PROJECT, name, parent=heading, thousand_yen=yen,
            previous_thousand_yen=before[0] if before else None,
        )
        for name, yen, *before in projects
    ]  # fmt: skip


def page_of(client, text) -> str:
    page = client.get(reverse("portal:life", args=[text.ward.key, text.item.public_id]))
    assert page.status_code == 200
    return page.content.decode()


def test_a_new_name_is_told_with_old_and_new(client) -> None:
    ward = make_ward()
    (old,) = budget(ward, 2020, ("防災訓練事業", 1200))
    (new,) = budget(ward, 2021, ("地域防災力向上事業", 1400))
    link(new, LinkKind.CONTINUES, old)

    body = page_of(client, new)

    assert "令和3年度に「防災訓練事業」から「地域防災力向上事業」へ名前が変わりました。" in body
    assert "予算は令和2年度の1,200千円から令和3年度の1,400千円へ、200千円増えました。" in body
    assert "+200千円" in body


def test_two_become_one_and_one_becomes_two(client) -> None:
    ward = make_ward()
    one, two = budget(ward, 2019, ("緑の事業", 500), ("水の事業", 300))
    (joined,) = budget(ward, 2020, ("水と緑の事業", 900))
    left, right = budget(ward, 2021, ("水辺の事業", 400), ("散歩道の事業", 600))
    for newer, older in ((joined, one), (joined, two), (left, joined), (right, joined)):
        link(newer, LinkKind.CONTINUES, older)

    body = page_of(client, two)
    life = life_of(frame_of(ward.key), joined.item.public_id)

    assert "令和2年度に「緑の事業」と「水の事業」が「水と緑の事業」にまとまりました。" in body
    assert "令和3年度に「水と緑の事業」が「散歩道の事業」と「水辺の事業」に分かれました。" in body
    assert "名前が変わりました" not in body
    assert [(event.kind, event.fiscal_year) for event in life.events] == [("merged", 2020), ("split", 2021)]
    assert [life.yen_of_year(year) for year in life.years] == [800_000, 900_000, 1_000_000]
    assert "+100千円" in body  # 500 and 300 became 900


def test_moving_to_another_measure_is_told_unless_the_measure_itself_was_renamed(client) -> None:
    ward = make_ward()
    (old,) = budget(ward, 2020, ("見守り事業", 100), measure="暮らしの安全")
    (new,) = budget(ward, 2021, ("見守り事業", 100), measure="健康と福祉")
    link(new, LinkKind.CONTINUES, old)

    assert "令和3年度に施策「暮らしの安全」から施策「健康と福祉」へ移りました。" in page_of(client, new)

    link(new.parent, LinkKind.CONTINUES, old.parent)
    again = page_of(client, new)
    assert "移りました" not in again
    assert "令和2年度から令和3年度まで、名前も施策も変わらずに続いています。" in again
    assert "予算は令和2年度も令和3年度も100千円です。" in again


def test_years_without_documents_keep_their_row_and_next_years_figure(client) -> None:
    ward = make_ward()
    (old,) = budget(ward, 2018, ("見守り事業", 100))
    (new,) = budget(ward, 2021, ("見守り事業", 150, 130))
    link(new, LinkKind.CONTINUES, old)

    body = page_of(client, new)
    life = life_of(frame_of(ward.key), new.item.public_id)

    assert [(each.fiscal_year, each.is_inferred, each.yen) for each in life.stations] == [
        (2018, False, 100_000),
        (2020, True, 130_000),
        (2021, False, 150_000),
    ]
    assert [(flow.older, flow.newer) for flow in life.flows] == [(1, 2), (2, 3)]
    assert "令和元年度" in body
    assert "公開文書なし" in body
    assert "翌年度の予算書にある前年度の金額です。" in body


def test_policy_and_budget_of_a_year_are_one_thing_and_its_money_counts_once(client) -> None:
    ward = make_ward()
    (project,) = budget(ward, 2021, ("地域を支える事業", 6588))
    part = make_item(project.version, ItemKind.COMPONENT, "協議会の運営", parent=project, thousand_yen=570)
    policy = make_version(ward, 2021, PlanKind.POLICY)
    line = make_item(policy, ItemKind.PROJECT, "地域の力を高める", thousand_yen=6588)
    for start in (project, part):
        link(start, LinkKind.FUNDS, line)

    life = life_of(frame_of(ward.key), part.item.public_id)

    (station,) = life.stations
    assert station.yen == 6_588_000
    assert station.name == "地域を支える事業"
    assert [other.title for other in station.others] == ["地域の力を高める"]
    assert station.is_here
    assert "令和3年度の公開文書だけに出てきます。" in page_of(client, part)


def test_what_goes_on_no_more_is_told(client) -> None:
    ward = make_ward()
    old, _other = budget(ward, 2020, ("古い事業", 100), ("続く事業", 100))
    budget(ward, 2021, ("続く事業", 100))

    assert "令和3年度の公開文書には、「古い事業」の続きがありません。" in page_of(client, old)


def test_proposed_links_and_links_of_others_are_not_told(client) -> None:
    ward = make_ward()
    (old,) = budget(ward, 2020, ("提案だけの事業", 100))
    (new,) = budget(ward, 2021, ("新しい事業", 100))
    link(new, LinkKind.CONTINUES, old, status="proposed")

    assert "提案だけの事業" not in page_of(client, new)


def test_the_item_page_leads_here_and_unknown_items_are_not_found(client) -> None:
    ward = make_ward()
    (old,) = budget(ward, 2020, ("見守り事業", 100))
    (new,) = budget(ward, 2021, ("見守り事業", 150))
    link(new, LinkKind.CONTINUES, old)
    address = reverse("portal:life", args=[ward.key, new.item.public_id])

    item = client.get(reverse("portal:item", args=[ward.key, new.item.public_id])).content.decode()

    assert f'href="{address}"' in item
    stranger = make_ward("149994", name="となり区")
    assert client.get(reverse("portal:life", args=[stranger.key, new.item.public_id])).status_code == 404


def test_a_band_joined_by_name_alone_is_dashed(client) -> None:
    ward = make_ward()
    (old,) = budget(ward, 2020, ("見守り事業", 100))
    (new,) = budget(ward, 2021, ("見守り事業", 150))
    made = link(new, LinkKind.CONTINUES, old, is_automatic=True)

    assert 'stroke-dasharray="5 4"' in page_of(client, new)
    made.is_automatic = False
    made.save()
    assert 'stroke-dasharray="5 4"' not in page_of(client, new)


def test_the_number_of_queries_does_not_grow(client) -> None:
    counts = set()
    for place, many in enumerate((1, 3)):
        ward = make_ward(f"14999{place}", name=f"区{place}", city=f"市{place}")
        old = budget(ward, 2020, *((f"前の事業{at}", 100) for at in range(many)))
        (new,) = budget(ward, 2021, ("今の事業", 300, 290))
        for each in old:
            link(new, LinkKind.CONTINUES, each)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, new)
        counts.add(len(queries))
    assert len(counts) == 1, counts
