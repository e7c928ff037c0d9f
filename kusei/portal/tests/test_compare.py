"""Two years or two wards side by side: what is paired and why, the money, and what only one has."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.plans.enums import ItemKind, LinkKind, PlanKind
from kusei.portal.queries.compare import comparison
from kusei.portal.queries.frame import frame_of
from kusei.portal.tests.factories import link, make_item, make_version, make_ward

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def budget(ward, year: int, *projects, measure: str = "暮らしの安全", goal: str = ""):
    """A budget of one measure; projects are (name, thousand yen)."""
    version = make_version(ward, year, PlanKind.BUDGET)
    if goal:
        make_item(version, ItemKind.GOAL, goal)
    heading = make_item(version, ItemKind.MEASURE, measure)
    return [
        make_item(version, ItemKind.PROJECT, name, parent=heading, thousand_yen=yen) for name, yen in projects
    ]


@pytest.fixture
def years():
    """令和2 and 3年度: one project under a new name, one with the same name, one gone, one new."""
    ward = make_ward()
    before = budget(
        ward, 2020, ("防災訓練事業", 1200), ("見守り事業", 300), ("古い事業", 50), goal="前の目標"
    )
    after = budget(
        ward, 2021, ("地域防災力事業", 1500), ("見守り事業", 250), ("新しい事業", 90), goal="今の目標"
    )
    link(after[0], LinkKind.CONTINUES, before[0])
    return ward, before, after


def page_of(client, ward, query: str = "", status: int = 200) -> str:
    page = client.get(reverse("portal:compare", args=[ward.key]) + query)
    assert page.status_code == status
    return page.content.decode()


def test_two_years_are_joined_by_links_and_names_never_by_likeness(years) -> None:
    ward, _before, _after = years

    found = comparison(frame_of(ward.key, 2021), ward.key, 2020)

    told = [
        (
            [each.name for each in row.lefts],
            [each.name for each in row.rights],
            row.pairing.basis,
            row.difference_yen,
        )
        for row in found.rows
    ]
    assert told == [
        (["防災訓練事業"], ["地域防災力事業"], "linked", 300_000),
        (["見守り事業"], ["見守り事業"], "same_name", -50_000),
        (["古い事業"], [], "", None),
        ([], ["新しい事業"], "", None),
    ]
    assert (found.left.fiscal_year, found.right.fiscal_year) == (2020, 2021)
    assert found.difference_yen == 290_000
    (group,) = found.groups
    assert group.pairing.basis == "same_name"


def test_the_page_says_the_finding_and_shows_both_aims(client, years) -> None:
    ward, _before, _after = years

    body = page_of(client, ward, f"?year=2021&with={ward.key}:2020")

    assert (
        "令和2年度から令和3年度へ、2事業が続いています。令和3年度だけにあるのは1事業、令和2年度だけにあるのは1事業です。"
        in body
    )
    assert "公開文書にある予算の合計は1,550千円から1,840千円（+290千円）です。" in body
    assert "前の目標" in body
    assert "今の目標" in body
    assert ">続き<" in body
    assert f'<option value="{ward.key}:2020" selected>' in body
    assert "言葉が似ている" not in body


def test_without_a_choice_the_newest_year_stands_beside_the_one_before(client, years) -> None:
    ward, _before, _after = years

    tables = [page_of(client, ward, query).split("<table")[1] for query in ("", "?year=2021")]
    assert tables[0] == tables[1]
    assert "令和2年度から令和3年度へ" in page_of(client, ward)


def test_two_projects_that_became_one_stand_in_one_row() -> None:
    ward = make_ward()
    old = budget(ward, 2020, ("緑の事業", 500), ("水の事業", 300))
    (new,) = budget(ward, 2021, ("水と緑の事業", 900))
    for each in old:
        link(new, LinkKind.CONTINUES, each)

    (row,) = comparison(frame_of(ward.key, 2021), ward.key, 2020).rows

    assert [each.name for each in row.lefts] == ["緑の事業", "水の事業"]
    assert row.difference_yen == 100_000


def test_a_project_that_moved_names_its_other_measure(client) -> None:
    ward = make_ward()
    (old,) = budget(ward, 2020, ("見守り事業", 300))
    (new,) = budget(ward, 2021, ("見守り事業", 300), measure="健康と福祉")
    link(new, LinkKind.CONTINUES, old)

    body = page_of(client, ward)

    assert "施策「健康と福祉」の下" in body
    assert body.count(f'href="{reverse("portal:item", args=[ward.key, new.item.public_id])}"') == 1


def test_two_wards_are_paired_by_words_and_the_page_says_so(client) -> None:
    ward, other = make_ward(), make_ward("149994", name="となり区")
    budget(ward, 2021, ("防災訓練事業", 1200), ("交通安全事業", 300))
    budget(other, 2022, ("地域の防災訓練", 800), ("多文化共生事業", 90), measure="つよいまち")

    body = page_of(client, ward, f"?year=2021&with={other.key}:2022")

    assert (
        "泉が丘区 令和3年度ととなり区 令和4年度には、言葉の似た事業が1組あります（同じ事業という意味ではありません）。"
        in body
    )
    assert "名前の言葉の近さだけで並べています" in body
    assert "言葉が似ている" in body
    assert "共通の言葉：防災、訓練" in body
    assert "泉が丘区 令和3年度が1,500千円、となり区 令和4年度が890千円です。" in body
    assert reverse("portal:item", args=[other.key, "00000000-0000-0000-0000-000000000000"])[:10] in body


def test_links_of_one_ward_say_nothing_of_another() -> None:
    ward, other = make_ward(), make_ward("149994", name="となり区")
    budget(ward, 2021, ("交通安全事業", 300))
    budget(other, 2021, ("交通安全事業", 100))

    (row,) = comparison(frame_of(ward.key, 2021), other.key, 2021).rows

    assert row.pairing.basis == "same_name"


def test_years_without_money_are_not_subtracted(client) -> None:
    ward = make_ward()
    version = make_version(ward, 2020, PlanKind.POLICY)
    measure = make_item(version, ItemKind.MEASURE, "暮らしの安全")
    make_item(version, ItemKind.PROJECT, "見守り事業", parent=measure)
    budget(ward, 2021, ("見守り事業", 300))

    found = comparison(frame_of(ward.key, 2021), ward.key, 2020)

    assert [row.difference_yen for row in found.rows] == [None]
    assert found.difference_yen is None
    assert "令和2年度の公開文書には金額の記載がないため、お金は比べられません。" in page_of(client, ward)


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    ["?with=nowhere:2020", "?with=149993:1999", "?with=x", "?with=149993:20x0", "?year=1999&with=149993:2020",
     "?year=2021&with=149993:2021", "?with=:", "?year=x"],
)  # fmt: skip
def test_what_cannot_be_compared_is_told_and_the_choice_offered_again(client, years, query) -> None:
    body = page_of(client, years[0], query, status=404)

    assert "その組み合わせは比べられません。" in body
    assert "<select" in body
    assert client.get(reverse("portal:compare_csv", args=[years[0].key]) + query).status_code in (404, 200)


def test_a_ward_with_one_year_is_asked_to_choose_another_ward(client) -> None:
    ward = make_ward()
    budget(ward, 2021, ("見守り事業", 300))

    assert "比べる相手の区と年度を選んでください" in page_of(client, ward)
    assert "公開された計画はまだありません。" in page_of(client, make_ward("149994", name="となり区"))


def test_the_table_comes_as_a_file_too(client, years) -> None:
    ward, _before, _after = years

    answer = client.get(reverse("portal:compare_csv", args=[ward.key]) + f"?year=2021&with={ward.key}:2020")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert rows[0][:3] == ["令和2年度の施策", "令和2年度の事業", "令和2年度の予算（円）"]
    assert rows[2] == [
        "暮らしの安全", "防災訓練事業", "1200000", "暮らしの安全", "地域防災力事業", "1500000", "300000",
        "続きとして確かめたもの", "",
    ]  # fmt: skip
    assert rows[3][6] == "-50000"
    assert rows[4][:6] == ["暮らしの安全", "古い事業", "50000", "", "", ""]


def test_the_number_of_queries_does_not_grow(client) -> None:
    counts = set()
    for place, many in enumerate((1, 3)):
        ward = make_ward(f"14999{place}", name=f"区{place}", city=f"市{place}")
        old = budget(ward, 2020, *((f"前の事業{at}", 100) for at in range(many)))
        new = budget(ward, 2021, *((f"今の事業{at}", 100) for at in range(many)))
        for one, two in zip(new, old, strict=True):
            link(one, LinkKind.CONTINUES, two)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, ward)
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_every_aim_of_each_side_stands_in_the_table(client, years) -> None:
    ward, before, _after = years
    make_item(before[0].version, ItemKind.GOAL, "前のもう一つの目標")

    row = page_of(client, ward).split('<tr class="compare__goal">')[1].split("</tr>")[0]
    left, right = row.split("</td>")[:2]
    assert [left.count("<a "), right.count("<a ")] == [2, 1]
    assert left.index("前の目標") < left.index("前のもう一つの目標")
