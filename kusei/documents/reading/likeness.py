"""How alike two Japanese texts are, by shared pairs of characters: enough to say which heading a text belongs under."""

from __future__ import annotations

import math
from collections import Counter
from itertools import permutations

from kusei.japanese.folding import fold_name


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters of the folded text."""
    folded = fold_name(text)
    return {folded[i : i + 2] for i in range(len(folded) - 1)}


def coverage(title: str, text: str, weights: dict[str, float] | None = None) -> float:
    """How much of `title` stands in `text` (0 to 1), pairs weighted by how rarely the candidates share them."""
    wanted = pairs(title)
    there = pairs(text)
    total = sum(weights.get(pair, 1.0) if weights else 1.0 for pair in wanted)
    if not total:
        return 0.0
    return sum(weights.get(pair, 1.0) if weights else 1.0 for pair in wanted & there) / total


def rarity(texts: list[str]) -> dict[str, float]:
    """A weight for each pair of characters: high where few of `texts` hold it."""
    counts = Counter(pair for text in texts for pair in pairs(text))
    return {pair: math.log((len(texts) + 1) / count) for pair, count in counts.items()}


def best_assignment(titles: list[str], texts: list[str]) -> list[int]:
    """For each text the index of the title it belongs under, one to one where the numbers agree (up to 8), so that the
    sum of likeness is greatest; where they differ, each text takes the title most like it."""
    weights = rarity(texts)
    scores = [[coverage(title, text, weights) for title in titles] for text in texts]
    if len(titles) >= len(texts) and len(titles) <= 8:
        best = max(
            permutations(range(len(titles)), len(texts)),
            key=lambda order: sum(scores[row][column] for row, column in enumerate(order)),
        )
        return list(best)
    return [max(range(len(titles)), key=lambda column: row[column]) for row in scores]
