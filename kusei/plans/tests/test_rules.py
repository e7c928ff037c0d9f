"""Which items of two trees are the same, and how the trees differ."""

from __future__ import annotations

import pytest

from kusei.plans.rules import (
    Differences,
    Entry,
    Money,
    compare,
    flatten_draft,
    likeness,
    match_entries,
    whole_yen,
)


def tree(*items: tuple[int, str, str, str], bullets: dict[str, tuple[str, ...]] | None = None) -> list[Entry]:
    """Entries from (depth, kind, number, title); a parent is the nearest item before it that stands higher."""
    entries: list[Entry] = []
    for index, (depth, kind, number, title) in enumerate(items):
        parent = next((each.index for each in reversed(entries) if each.depth < depth), None)
        planned = (bullets or {}).get(title, ())
        entries.append(Entry(index, parent, depth, kind, number, title, plan_bullets=planned))
    return entries


OLD = tree(
    (0, "measure", "1", "安全なまち"),
    (1, "project", "1", "防災対策事業"),
    (2, "component", "(1)", "訓練の支援"),
    (1, "project", "2", "交通安全対策事業"),
    (0, "measure", "2", "つながるまち"),
    (1, "project", "1", "地域力支援事業"),
    (2, "component", "(1)", "訓練の支援"),
)


def titles(old: list[Entry], new: list[Entry]) -> list[tuple[str, str]]:
    return [(old[a].title, new[b].title) for b, a in sorted(match_entries(old, new).items())]


def test_the_same_tree_is_the_identity() -> None:
    matches = match_entries(OLD, OLD)

    assert matches == {entry.index: entry.index for entry in OLD}
    assert compare(OLD, OLD, matches) == Differences(matched=7)


def test_same_name_twice_is_told_apart_by_what_stands_above() -> None:
    new = tree(
        (0, "measure", "2", "つながるまち"),
        (1, "project", "1", "地域力支援事業"),
        (2, "component", "(1)", "訓練の支援"),
        (0, "measure", "1", "安全なまち"),
        (1, "project", "1", "防災対策事業"),
        (2, "component", "(1)", "訓練の支援"),
    )
    matches = match_entries(OLD, new)

    assert (matches[2], matches[5]) == (6, 2)
    assert compare(OLD, new, matches).order_differs


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        # moved below another heading: the same title elsewhere
        (tree((0, "measure", "2", "つながるまち"), (1, "project", "5", "交通安全対策事業")), ("交通安全対策事業", "交通安全対策事業")),
        # reworded at the same place
        (tree((0, "measure", "1", "安全なまち"), (1, "project", "1", "防災・減災対策事業")), ("防災対策事業", "防災・減災対策事業")),
        # width and dots are no difference
        (tree((0, "measure", "１", "安全な まち")), ("安全なまち", "安全な まち")),
    ],
)  # fmt: skip
def test_item_is_found_again(new: list[Entry], expected: tuple[str, str]) -> None:
    assert expected in titles(OLD, new)


def test_same_place_alone_makes_no_match() -> None:
    new = tree((0, "measure", "1", "安全なまち"), (1, "project", "1", "花と緑の推進"))
    assert titles(OLD, new) == [("安全なまち", "安全なまち")]


def test_row_is_found_by_any_of_its_bullets() -> None:
    old = tree((0, "action", "", "検診の周知"), bullets={"検診の周知": ("検診の周知", "医師会との連携")})
    for title in ("医師会との連携", "がんの検診を知らせる"):
        new = tree((0, "action", "", title), bullets={title: (title, "医師会との連携")})
        assert match_entries(old, new) == {0: 0}
    other = tree((0, "action", "", "献血"), bullets={"献血": ("献血",)})
    assert match_entries(old, other) == {}


def test_differences_name_what_changed() -> None:
    new = [
        *OLD[:1],
        Entry(1, 0, 1, "project", "1", "防災対策事業", text="新しい説明", tags=("重点",)),
        *OLD[2:4],
    ]
    differences = compare(OLD, new, match_entries(OLD, new))

    assert [change.fields for change in differences.changed] == [("text", "tags")]
    assert [entry.title for entry in differences.removed] == ["つながるまち", "地域力支援事業", "訓練の支援"]
    assert differences.added == ()
    assert differences.share() == 1.0


def test_order_of_tags_and_places_is_no_difference() -> None:
    old = [Entry(0, None, 0, "project", "", "防災", tags=("重点", "新規"), page=1, line=2)]
    new = [Entry(0, None, 0, "project", "", "防災", tags=("新規", "重点"), page=9, line=9)]
    assert compare(old, new, {0: 0}).is_empty


def test_owners_are_compared_as_bodies() -> None:
    old = [Entry(0, None, 0, "project", "", "つどい", owners=("地域子育て支援拠点",))]
    new = [Entry(0, None, 0, "project", "", "つどい", owners=("すきっぷ",))]
    assert not compare(old, new, {0: 0}).is_empty
    assert compare(old, new, {0: 0}, owner_key=lambda name: "拠点").is_empty


def test_share_of_a_strange_document_is_nought() -> None:
    strange = tree((0, "project", "", "花火大会"), (0, "project", "", "朝市"))
    assert compare(OLD, strange, match_entries(OLD, strange)).share() == 0.0


@pytest.mark.parametrize(
    ("thousand", "yen"),
    [(6588, 6_588_000), (0.5, 500), (329, 329_000), (0.0005, 1), (None, None), (0, 0), (-1.5, -1500)],
)
def test_thousands_become_whole_yen(thousand: float | None, yen: int | None) -> None:
    assert whole_yen(thousand) == yen


def test_draft_money_is_of_its_year_and_the_year_before() -> None:
    read = {"items": [{"kind": "project", "title": "防災", "amount_printed": "12", "amount_unit": "百万円",
                       "amount_thousand_yen": 12000, "previous_amount_thousand_yen": 9500.5}]}  # fmt: skip
    entries, cut = flatten_draft(read, fiscal_year=2021)

    assert cut == []
    assert entries[0].money == (
        Money(2020, "previous", "", 9_500_500, "9500.5", "千円"),
        Money(2021, "current", "", 12_000_000, "12", "百万円"),
    )


def test_nothing_that_a_database_cannot_hold_passes() -> None:
    read = {"items": [{"kind": "project", "title": "防\x00災", "number": "1" * 50, "tags": ["あ" * 50]}]}
    entries, cut = flatten_draft(read, fiscal_year=2021)
    assert (entries[0].title, len(entries[0].number), len(entries[0].tags[0]), len(cut)) == (
        "防災",
        20,
        40,
        2,
    )


@pytest.mark.parametrize(
    ("a", "b", "score"), [("防災", "防災", 1.0), ("防災", "防 災", 1.0), ("防災", "朝市", 0.0), ("", "", 1.0)]
)
def test_likeness_ends(a: str, b: str, score: float) -> None:
    assert likeness(a, b) == score
