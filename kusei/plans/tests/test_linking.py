"""What links are proposed: by names and wording, never from one ward's words for another."""

from __future__ import annotations

from typing import Any

import pytest

from kusei.plans.linking import LinkItem, Proposal, propose


def policy(key: int, title: str, *, year: int = 2021, **said: Any) -> LinkItem:
    return LinkItem(key, year * 10, year, "policy", said.pop("kind", "project"), title, **said)


def budget(key: int, title: str, *, year: int = 2021, **said: Any) -> LinkItem:
    return LinkItem(key, year * 10 + 1, year, "budget", said.pop("kind", "project"), title, **said)


def row(key: int, title: str, *, year: int = 2021, **said: Any) -> LinkItem:
    return LinkItem(key, year * 10 + 2, year, "action_plan", "action", title, **said)


def pairs(proposals: list[Proposal]) -> list[tuple[int, int, str, bool]]:
    return [(each.from_key, each.to_key, each.kind, each.is_same_name) for each in proposals]


OTHERS = [
    policy(101, "商店街の賑わい", programme="商店街振興支援事業"),
    policy(102, "水と緑の散歩道", programme="公園整備事業"),
    policy(103, "窓口を変える", programme="窓口案内ボランティア事業"),
    policy(104, "交通事故を減らす", programme="交通安全対策事業"),
]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        # a budget line pays for the line of the policy; the name may stand as programme
        ([budget(1, "地域力支援事業"), policy(2, "地域の力", programme="地域力支援事業")], (1, 2, "funds", True)),
        # next year's project goes on with last year's
        ([policy(1, "防災対策事業", year=2022), policy(2, "防災対策事業")], (1, 2, "continues", True)),
        # a row of the action plan carries a project out
        ([row(1, "災害時要援護者支援事業"), policy(2, "災害時要援護者支援事業", year=2019)], (1, 2, "implements", True)),
        # full width, dots and blanks are no difference
        ([budget(1, "地域を支えるＩＣＴ活用事業"), policy(2, "地域を支える ICT 活用事業")], (1, 2, "funds", True)),
    ],
)  # fmt: skip
def test_same_names_are_linked(items: list[LinkItem], expected: tuple[int, int, str, bool]) -> None:
    assert expected in pairs(propose([*items, *OTHERS]))


def test_name_in_the_other_ones_text_is_proposed_with_its_reason() -> None:
    items = [
        row(1, "防災アトラクション"),
        policy(2, "備えるまち", text="子ども向けの防災アトラクションで学びます。"),
        *OTHERS,
    ]

    (proposal,) = propose(items)

    assert (proposal.from_key, proposal.to_key, proposal.kind, proposal.is_same_name) == (
        1,
        2,
        "implements",
        False,
    )
    assert "防災アトラクション" in proposal.reason
    assert 0 < proposal.confidence_percent < 100


def test_result_text_speaks_for_a_link() -> None:
    items = [
        row(1, "防災フェア", evidence="旧水道山の広場で開いた。"),
        policy(2, "旧水道山広場活用事業"),
        *OTHERS,
    ]
    assert [each.to_key for each in propose(items)] == [2]


def test_a_result_printed_alike_under_several_actions_speaks_for_none_of_them() -> None:
    copied = "春に花の会を開いた。旧水道山の広場の使い方についての学びは来年に延ばした。"
    items = [
        row(1, "役員の学び", evidence=copied),
        row(2, "会長の学び", evidence=f"【分科会】{copied}"),
        policy(3, "旧水道山広場活用事業"),
        *OTHERS,
    ]
    assert propose(items) == []


def test_bodies_of_one_sort_are_not_one_body() -> None:
    def council(other: str) -> list[LinkItem]:
        return [row(1, f"{other}協議会の運営支援"), budget(2, "地域協議会運営支援"), *OTHERS]

    assert propose(council("療育")) == []
    assert [each.to_key for each in propose(council("地域"))] == [2]


def test_what_stands_under_a_project_goes_on_under_the_project_of_the_same_name() -> None:
    items = [
        budget(1, "多文化共生事業"),
        budget(2, "海外から来た区民への生活情報の発信", kind="component", above=(1,)),
        policy(3, "多文化共生事業", year=2019),
        policy(4, "海外から来た区民への相談", kind="action", year=2019, above=(3,)),
        policy(5, "確かな仕事", year=2019),
        policy(6, "生活情報の発信", kind="action", year=2019, above=(5,)),
        *OTHERS,
    ]
    assert {each.to_key for each in propose(items) if each.from_key == 2} == {4}


def test_general_words_and_names_of_bodies_are_no_evidence() -> None:
    items = [
        row(1, "みどり会館での相談", owners=frozenset({"みどり会館"})),
        policy(2, "旗による呼びかけ", text="みどり会館で配ります。"),
        row(3, "研修の実施"),
        policy(4, "職員の力", text="研修の実施と情報の発信を推進します。"),
        *OTHERS,
    ]
    assert propose(items, names_without_meaning=["みどり会館"]) == []


def test_a_year_goes_on_with_the_latest_before_it_only() -> None:
    items = [policy(year, "防災対策事業", year=year) for year in (2019, 2020, 2021)]
    assert pairs(propose(items)) == [(2020, 2019, "continues", True), (2021, 2020, "continues", True)]


def test_two_of_the_same_name_are_told_apart_by_their_heading_or_left_open() -> None:
    def year(first: int, fiscal_year: int, heading: str) -> list[LinkItem]:
        return [
            budget(first, "子ども支援", year=fiscal_year, kind="measure"),
            budget(first + 1, "元気づくり事業", year=fiscal_year, kind="related", above=(first,)),
            budget(first + 2, heading, year=fiscal_year, kind="measure"),
            budget(first + 3, "元気づくり事業", year=fiscal_year, kind="related", above=(first + 2,)),
        ]

    told = pairs(propose([*year(10, 2021, "高齢者支援"), *year(20, 2022, "高齢者支援")]))
    assert set(told) == {(21, 11, "continues", True), (23, 13, "continues", True)}
    moved = [
        each
        for each in pairs(propose([*year(10, 2021, "高齢者支援"), *year(20, 2022, "みどり")]))
        if each[0] == 23
    ]
    assert {each[3] for each in moved} == {False}


def test_nothing_comes_of_nothing() -> None:
    assert propose([]) == []
    assert propose([policy(1, "防災対策事業")]) == []
