"""Marks before names that a remark explains: ★は重点事業, ＋は新しく始めることです."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kusei.documents.reading.normalise import clean

MARKS = "+★☆◎●◆※*#"
_LEGEND = re.compile(
    rf"(?:^|[\s(、。])[「『(]?(?P<mark>[{MARKS}])[」』)]?(?:印|マーク)?\s*(?:[::=…]+|は|が|の付いた|のついた|を付けた)\s*(?P<words>[^、。+★☆◎●◆※*]{{1,30}})"
)
_TAGS = (
    ("一部新規", r"一部新規"),
    ("新規", r"新規|新しく|新しい|新たに|新設|今年度から"),
    ("拡充", r"拡充|広げ|拡大"),
    ("重点", r"重点|主要|特に"),
    ("再掲", r"再掲"),
)


def legend_of(texts: Iterable[str]) -> dict[str, str]:
    """What the marks of a document mean: mark → tag. Only marks that a line explains by words for a tag."""
    found: dict[str, str] = {}
    for text in texts:
        for match in _LEGEND.finditer(clean(text)):
            tag = next((tag for tag, words in _TAGS if re.search(words, match["words"])), None)
            if tag is not None:
                found.setdefault(match["mark"], tag)
    return found


def marked(name: str, legend: dict[str, str]) -> tuple[list[str], str]:
    """The tags that marks before or behind a name stand for, and the name without them.

    A mark that nothing explains goes too, where it cannot be part of a name (+ ★ ☆).
    """
    tags: list[str] = []
    known = "".join(legend) + "+★☆"
    if (match := re.match(rf"^(?P<marks>[{re.escape(known)}]+)\s*(?=\S)(?P<rest>.+)$", name)) or (
        match := re.match(rf"^(?P<rest>.*[^\s])\s*(?P<marks>[{re.escape(known.replace('+', ''))}]+)$", name)
    ):
        tags += [legend[mark] for mark in match["marks"] if mark in legend]
        name = match["rest"]
    return list(dict.fromkeys(tags)), name
