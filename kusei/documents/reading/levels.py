"""Which marker stands above which: learnt from the document, with the usual order where it does not show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kusei.documents.reading.markers import Marker

_GLYPHS = {"square", "diamond", "circle", "triangle", "bracket"}
_LEVEL_ORDER = [
    ("理念", 40), ("基本目標", 41), ("目標", 42), ("基本方針", 42), ("戦略", 43), ("政策", 43), ("分野", 43), ("柱", 43), ("方針", 43), ("方向", 44),
    ("基本施策", 45), ("施策", 46), ("課題", 46), ("行動計画", 46), ("視点", 46), ("プロジェクト", 47), ("重点取組", 47), ("約束", 46), ("公約", 46), ("取組", 48), ("アクション", 48), ("事業", 49),
]  # fmt: skip


def default_rank(marker: Marker) -> int:
    """The usual height of a marker (small is high)."""
    if marker.style == "level":
        for word, rank in _LEVEL_ORDER:
            if word in marker.word:
                return rank
    if marker.style == "chained":
        return marker.rank + int(marker.word.strip("L") or 1)
    return marker.rank


class LevelOrder:
    """Compares two markers of one document.

    Evidence: a numbered row that goes on (1, 2) across another marker stands above it; one that starts again at 1 after
    another marker stands below it. Between two marks without numbers, the one that is printed first stands above.
    """

    def __init__(self, markers: Iterable[Marker]) -> None:
        self._above: dict[tuple[str, str], int] = defaultdict(int)
        self._first: dict[str, int] = {}
        self._rank: dict[str, int] = {}
        last_ordinal: dict[str, int] = {}
        since: dict[str, set[str]] = defaultdict(set)
        previous: str | None = None
        for position, marker in enumerate(markers):
            key = marker.signature
            self._first.setdefault(key, position)
            self._rank.setdefault(key, default_rank(marker))
            if marker.ordinal is not None:
                last = last_ordinal.get(key)
                if last is not None and marker.ordinal == last + 1:
                    for other in since[key]:
                        self._above[key, other] += 1
                elif marker.ordinal == 1 and previous is not None and previous != key:
                    self._above[previous, key] += 1
                last_ordinal[key] = marker.ordinal
                since[key] = set()
            for row in last_ordinal:
                if row != key:
                    since[row].add(key)
            previous = key

    def is_above(self, upper: Marker, lower: Marker) -> bool:
        """Whether `upper` heads what `lower` marks."""
        if abs(upper.size - lower.size) >= 0.25 and not lower.is_bullet and not upper.is_bullet:
            return upper.size > lower.size
        a, b = upper.signature, lower.signature
        if a == b or lower.style == upper.style == "chained":
            return a != b and default_rank(upper) < default_rank(lower)
        if upper.is_bullet != lower.is_bullet:
            return lower.is_bullet
        down, up = self._above[a, b], self._above[b, a]
        if down != up and (down == 0 or up == 0 or max(down, up) > 2 * min(down, up)):
            return down > up
        if (upper.style in _GLYPHS and lower.style in _GLYPHS) or (upper.is_bullet and lower.is_bullet):
            return self._first.get(a, -1) < self._first.get(b, -1)
        return default_rank(upper) < default_rank(lower)
