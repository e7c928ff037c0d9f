"""Which names of two lists speak of like things. Pure: likeness of words, never a claim that two things are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from kusei.japanese.tokens import tokens

# Words that every plan's names hold; sharing them tells nothing.
_EMPTY = frozenset(
    token
    for word in ("事業", "支援", "推進", "取組", "対策", "地域", "区", "まち", "づくり", "向上", "強化", "充実", "促進", "活動", "する", "ため", "こと", "整備", "運営", "区民", "年度")
    for token in tokens(word)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alike:
    """Two places whose words are alike: how much in percent, and the words that both hold, as the first one writes them."""

    first: int
    other: int
    percent: int
    shared: tuple[str, ...]


def alike_pairs(first: Sequence[str], other: Sequence[str], *, least_percent: int) -> list[Alike]:
    """The likeliest pairs, each place in one of them at most. Rare words count for more than those that many names hold."""
    bags = [_words(text) for text in (*first, *other)]
    holders = Counter(word for bag in bags for word in bag)
    weight = {word: log(1 + len(bags) / count) for word, count in holders.items()}
    found = []
    for place, bag in enumerate(bags[: len(first)]):
        for against, second in enumerate(bags[len(first) :]):
            shared = [word for word in bag if word in second]
            whole = sum(weight[word] for word in (*bag, *second))
            if shared and whole:
                percent = round(200 * sum(weight[word] for word in shared) / whole)
                if percent >= least_percent:
                    found.append(Alike(place, against, percent, tuple(shared)))
    found.sort(key=lambda each: (-each.percent, each.first, each.other))
    chosen: list[Alike] = []
    for each in found:
        if not any(each.first == other.first or each.other == other.other for other in chosen):
            chosen.append(each)
    return chosen


def _words(text: str) -> dict[str, None]:
    """The telling words of a text, in order, each once."""
    return dict.fromkeys(word for word in tokens(text) if word not in _EMPTY and len(word) > 1)
