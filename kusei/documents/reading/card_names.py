"""Cards without a label for their name: the line printed above their labels is the name.

`１．夜の窓口`, `No.3 夜の窓口`, `■ 夜の窓口`, or a bare line between rules or blank lines, then `担当課：…`, `予算額：…`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kusei.documents.reading.card_groups import numbered_word
from kusei.documents.reading.card_words import RULE, Label
from kusei.documents.reading.columns import Heading, Role
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Line
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.padded_layout import cells_wide

NAME_ABOVE = "取組"
_FAR = 3
"""How many lines of text may stand between a name and the first label."""


@dataclass(slots=True)
class _Name:
    """A line that may name a card. `signature`: what it has in common with the names of other cards."""

    line: Line
    signature: str
    number: str | None
    title: str


def named_by_headings(lines: Sequence[Line], found: dict[int, list[Label]]) -> dict[int, list[Label]]:
    """`found` with the names of cards that are printed above the labels; unchanged where a label names them."""
    labels = [label for own in found.values() for label in own]
    recurring = _recurring(labels)
    if len(recurring) < 2 or not any(own[0].words in recurring for own in found.values()):
        return found
    above = _above(lines, found)
    first = min(i for i, own in found.items() if own[0].words in recurring)
    chosen = _usual_signature(above, recurring, before=first)
    if chosen is None or _named_by_label(labels, len(above[chosen])):
        return found
    named = dict(found)
    for i, name in above[chosen].items():
        own = [Label(Heading(Role.PROJECT, NAME_ABOVE), NAME_ABOVE, name.title, "heading", name.line)]
        if name.number:
            own.append(Label(Heading(Role.NUMBER, "番号"), "番号", name.number, "heading", name.line))
        named[i] = own
    return dict(sorted(named.items()))


def _recurring(labels: Sequence[Label]) -> dict[str, int]:
    """The words of known labels that come again, with how often."""
    groups = {Role.OTHER, Role.NUMBER, Role.MEASURE, Role.FOCUS}
    times = Counter(label.words for label in labels if label.heading.role not in groups)
    return {words: n for words, n in times.items() if n >= 2}


def _named_by_label(labels: Sequence[Label], cards: int) -> bool:
    """Whether a label names most cards."""
    names = Counter(
        label.words
        for label in labels
        if label.heading.role in {Role.PROJECT, Role.MATTER} and label.form != "heading"
    )
    return max(names.values(), default=0) * 10 >= cards * 7


def _above(lines: Sequence[Line], found: dict[int, list[Label]]) -> dict[str, dict[int, _Name]]:
    """What may be a name above a label, by signature: marked lines up to three lines above, a bare line right above."""
    result: dict[str, dict[int, _Name]] = {}
    window: list[int] = []
    """The lines since the last label."""
    apart: set[int] = set()
    """Lines that a blank line, a rule or the beginning of a page parts from what is above them."""
    last: Line | None = None
    for i, line in enumerate(lines):
        if not line.text.strip() or RULE.match(line.text):
            last = None
            continue
        if last is None or line.number > last.number + 1 or line.page != last.page:
            apart.add(i)
        last = line
        if i not in found:
            window.append(i)
            continue
        if all(label.heading.role is Role.NUMBER for label in found[i]):
            last, window = None, []
            continue
        for distance, j in enumerate(reversed(window[-_FAR:])):
            name = _name_of(lines[j], bare=distance == 0 and j in apart)
            if name is not None:
                result.setdefault(name.signature, {})[j] = name
                break
        window = []
    return result


def _name_of(line: Line, *, bare: bool) -> _Name | None:
    folded = clean(line.text)
    if folded.endswith(("。", "、", ":")) or cells_wide(folded) > 90:
        return None
    if (match := numbered_word(folded)) is not None:
        return _Name(line, match.signature, match.number, match.title)
    marker = find_marker(line.text)
    if marker is not None:
        if not marker.rest or marker.is_bullet:
            return None
        inner = find_marker(marker.rest) if not marker.number else None
        if inner is not None and inner.number and inner.rest:
            return _Name(line, f"{marker.signature}{inner.signature}", inner.number, inner.rest)
        return _Name(line, marker.signature, marker.number, marker.rest)
    if bare and cells_wide(folded) <= 60 and re.search(r"[一-龥ぁ-んァ-ヶA-Za-z]{2}", folded):
        return _Name(line, "bare", None, folded)
    return None


def _usual_signature(
    above: dict[str, dict[int, _Name]], recurring: dict[str, int], *, before: int
) -> str | None:
    """The signature that as many lines share as there are cards, and the first one `before` all labels; of several the one
    that is printed first."""
    cards = sorted(recurring.values(), reverse=True)[1]
    fitting = [
        (min(names), signature)
        for signature, names in above.items()
        if len(names) >= 2
        and min(names) < before
        and len(names) * 10 >= cards * 7
        and len({name.title for name in names.values()}) * 2 > len(names)
    ]
    return min(fitting)[1] if fitting else None
