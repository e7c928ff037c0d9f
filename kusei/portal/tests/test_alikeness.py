"""Likeness of names: telling words count, common ones do not, and nothing is claimed twice."""

from __future__ import annotations

import pytest

from kusei.portal.alikeness import alike_pairs


@pytest.mark.parametrize(
    ("first", "other", "shared"),
    [
        ("防災対策事業", "地域防災力の向上", ("防災",)),  # one telling word
        ("商店街のにぎわい事業", "商店街の振興", ("商店",)),
        ("地域支援事業", "地域活動支援事業", None),  # only words that every plan holds
        ("交通安全対策事業", "多文化共生事業", None),  # nothing in common
    ],
)
def test_what_speaks_for_a_pair(first: str, other: str, shared: tuple[str, ...] | None) -> None:
    found = alike_pairs([first], [other], least_percent=30)

    assert [each.shared for each in found] == ([shared] if shared else [])


def test_each_name_is_used_once_and_the_likest_pair_goes_first() -> None:
    found = alike_pairs(["防災訓練事業", "防災事業"], ["防災訓練の実施"], least_percent=10)

    assert [(each.first, each.other) for each in found] == [(0, 0)]


def test_the_threshold_keeps_weak_pairs_out() -> None:
    names = ["子育て広場と親子教室", "高齢者の見守りと子育て"]

    weak = alike_pairs(names[:1], names[1:], least_percent=1)

    assert len(weak) == 1
    assert alike_pairs(names[:1], names[1:], least_percent=weak[0].percent + 1) == []
    assert alike_pairs([], names, least_percent=1) == []
