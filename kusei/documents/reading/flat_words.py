"""How much two short Japanese texts have in common: pairs of characters, rare ones counting more, and shared ideas."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

# What plans of all places say in many words for one thing: 周知, 広報 and 啓発 are one idea when texts are compared.
_IDEAS = {
    "inform": "周知|広報|啓発|発信|情報提供|紹介|配[布付架]|掲示|チラシ|リーフレット|パンフレット|ポスター|ホームページ|HP",
    "teach": "研修|講座|養成|講習|教室|セミナー|講演|勉強会|育成",
    "grant": "補助|助成|交付金",
    "festival": "イベント|フェア|フェスティバル|まつり|祭|大会",
    "advice": "相談|面談|窓口",
    "together": "連携|協働|ネットワーク|連絡会|協議会|情報共有",
    "guard": "見守|SOS|安否|訪問",
    "meet": "サロン|カフェ|居場所|交流",
    "disaster": "防災|災害|避難|備蓄|耐震",
    "health": "健康|検診|健診|介護予防|体操",
}
_IDEA = {name: re.compile(words) for name, words in _IDEAS.items()}
_WORD = re.compile(r"[一-龥々]+|[ァ-ヺー]+|[A-Za-z]+")
_TYPICAL = 50.0  # makes a likeness of 1 a clear one


@dataclass(slots=True)
class Words:
    """How rare each pair of characters is among the rows and cells of the document, and what two texts have in common."""

    weight: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Words:
        counts: Counter[str] = Counter()
        total = 0
        for text in texts:
            counts.update(_pairs(text))
            total += 1
        return cls({pair: math.log(1 + total / count) for pair, count in counts.items()})

    def likeness(self, text: str, other: str) -> float:
        """0 for nothing in common; about 1 where most of the rare words of the shorter text recur."""
        left, right = _pairs(text), _pairs(other)
        common = sum(self.weight.get(pair, 3.0) for pair in left & right)
        if not common:
            return 0.0
        size = min(sum(self.weight.get(pair, 3.0) for pair in side) for side in (left, right))
        return common / math.sqrt(max(size, 1.0) * _TYPICAL)


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in _WORD.findall(text):
        found.update(
            {word}
            if len(word) == 1 and word not in "等者"
            else {word[i : i + 2] for i in range(len(word) - 1)}
        )
    found.update(f"={name}" for name, words in _IDEA.items() if words.search(text))
    return frozenset(found)
