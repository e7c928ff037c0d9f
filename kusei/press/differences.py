"""Where two texts differ: pieces that both have, that went, and that came. Plain values; templates give them words and colour."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"

# Figures, words of one script, and single signs: people read "12回" becoming "14回", never "1" + "2→4".
_WORDS = re.compile(r"\d[\d,.]*|[A-Za-z]+|[ァ-ヶー]+|[一-龠々〆]+|[ぁ-ゖ]+|\s+|.", re.DOTALL)
_SENTENCES = re.compile(r"[^。\n]+[。\n]?|[。\n]")
_MOST_WORDS = 1200
_ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A run of text. `kind`: same, gone (only the older text has it), new (only the newer)."""

    kind: str
    text: str


def text_pieces(old: str, new: str) -> tuple[TextPiece, ...]:
    """`old` and `new` as one run of pieces, word by word; sentence by sentence where the texts are very long.

    Texts with little in common are given whole, the old one before the new one: scraps would tell nobody anything.
    """
    if old == new:
        return (TextPiece(SAME, old),) if old else ()
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > _MOST_WORDS:
        before, after = _SENTENCES.findall(old), _SENTENCES.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return tuple(TextPiece(kind, text) for kind, text in ((GONE, old), (NEW, new)) if text)
    pieces: list[TextPiece] = []
    for _kind, i, j, k, m in matcher.get_opcodes():
        same = before[i:j] == after[k:m]
        if same:
            pieces.append(TextPiece(SAME, "".join(before[i:j])))
            continue
        if i < j:
            pieces.append(TextPiece(GONE, "".join(before[i:j])))
        if k < m:
            pieces.append(TextPiece(NEW, "".join(after[k:m])))
    return tuple(pieces)
