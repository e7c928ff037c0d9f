"""Label cards: 事業名：… / 担当課：… / 予算額：…, one block for each item, as text or as a table of labels and values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kusei.documents.reading.card_groups import Groups, group_heading, is_running_head, opens_card, opens_part
from kusei.documents.reading.card_items import Pair, items_of_card
from kusei.documents.reading.card_labels import NAMES, card_labels, section_label
from kusei.documents.reading.card_money import years_of
from kusei.documents.reading.card_names import NAME_ABOVE
from kusei.documents.reading.card_words import RULE, Label, meaning_of
from kusei.documents.reading.cells import (
    Grid,
    cell_text,
)
from kusei.documents.reading.columns import GROUPS, Heading, Role, heading_of
from kusei.documents.reading.markers import find_marker, is_note
from kusei.documents.reading.model import Cell, Line, Unplaced
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.rows import RowsRead

__all__ = ["Pair", "are_named_by_labels", "card_pairs", "items_of_card", "looks_like_cards", "read_cards"]

_PAGE_NUMBER = re.compile(r"^[-－ ]*\d{1,3}[-－ ]*$|^\d{1,3} ?/ ?\d{1,3}$")


def looks_like_cards(lines: list[Line]) -> bool:
    """Whether the lines are cards: the label of a name with other labels around it, once or again and again."""
    filled = [line for line in lines if line.text.strip() and not RULE.match(line.text)]
    found = card_labels(filled)
    labels = [label for own in found.values() for label in own]
    known = [label for label in labels if label.heading.role is not Role.OTHER]
    names = _name_label(known)
    roles = {label.heading.role for label in known}
    if names is None or len(known) < 3 or len(roles) < 2:
        return False
    own = [label for label in known if label.words == names]
    times = len(own)
    if times == 1 and (own[0].heading.role not in NAMES or not (own[0].value or own[0].form == "bracket")):
        return False
    first = min(found)
    if first * 10 > len(filled) * 4 and first > 6:
        return False
    if times >= 2:
        recurring = {w for w, n in Counter(label.words for label in known).items() if n * 2 >= times}
        return len(recurring) >= 2 and len(labels) * 5 >= len(filled) - first
    headings = sum(
        1
        for i, line in enumerate(filled)
        if i not in found
        and (marker := find_marker(line.text))
        and marker.style in {"roman", "chapter", "digit", "level"}
    )
    return len(roles) >= 3 and len(labels) * 3 >= len(filled) - first and headings <= len(found) // 2


def are_named_by_labels(lines: list[Line]) -> bool:
    """Whether the lines are cards whose names have a label (■事業名, 【取組名】) that comes again."""
    found = card_labels([line for line in lines if line.text.strip() and not RULE.match(line.text)])
    names = Counter(
        label.words
        for own in found.values()
        for label in own
        if label.heading.role in {Role.PROJECT, Role.MATTER} and label.form in {"bracket", "colon", "marked"}
    )
    return max(names.values(), default=0) >= 2 and looks_like_cards(lines)


def _name_label(labels: Sequence[Label]) -> str | None:
    """The words of the label that names the cards."""
    for role in (Role.PROJECT, Role.MATTER, Role.MEASURE):
        times = Counter(label.words for label in labels if label.heading.role is role)
        if times:
            return times.most_common(1)[0][0]
    return None


def read_cards(lines: list[Line], *, unit: str | None = None) -> RowsRead:
    """Read blocks of labelled lines. A card ends at a rule, where its name's label comes again, or the label that its first one was.

    A measure that is named once counts for the cards below it, too, until the next is named.
    """
    read = RowsRead()
    found = card_labels(lines)
    name = _name_label(
        [label for own in found.values() for label in own if label.heading.role is not Role.OTHER]
    )
    leaders = _leaders(found, name)
    opening = {i for i, labels in found.items() if labels[0].words == name or labels[0].words in leaders}
    reader = _CardReader(read, unit, name, leaders)
    times = Counter(clean(line.text) for i, line in enumerate(lines) if i not in found)
    apart = True
    for i, line in enumerate(lines):
        if not line.text.strip():
            apart = True
            continue
        apart = apart or (i > 0 and line.number > lines[i - 1].number + 1)
        if RULE.match(line.text):
            reader.rule()
            apart = True
            continue
        if i in found:
            for label in found[i]:
                reader.label(label)
        elif i not in found and _heads_sheet(clean(line.text), times) and opens_card(lines, i, opening):
            reader.close()
            reader.aside(line)
        elif opens_card(lines, i, opening) and reader.group(line, apart=apart):
            pass
        elif is_running_head(lines, i):
            reader.aside(line)
        else:
            reader.text(line)
        apart = False
    reader.close()
    reader.drop_unused()
    return read


def _heads_sheet(text: str, times: Counter[str]) -> bool:
    """The title of a form, printed above every card."""
    return times[text] > 1 and len(text) >= 6 and not text.endswith("。")


def _leaders(found: dict[int, list[Label]], name: str | None) -> set[str]:
    """The labels that stand before the name on the first card."""
    leaders: set[str] = set()
    for own in found.values():
        for label in own:
            if label.words == name:
                return leaders
            leaders.add(label.words)
    return set()


class _CardReader:
    """Collects the pairs of one card after the other."""

    def __init__(self, read: RowsRead, unit: str | None, name: str | None, leaders: set[str]) -> None:
        self.read = read
        self.unit = unit
        self.name = name
        self.leaders = leaders
        self.card: list[Pair] = []
        self.parents: list[Pair] = []
        self.parents_wait = False
        """Whether the parents were named apart and no card has come below them yet."""
        self.last: Pair | None = None
        self.groups = Groups(read.items)
        self.years: list[int] = []

    def label(self, label: Label) -> None:
        """A label opens a pair; one that heads cards opens a card where this one has its name already."""
        named = any(pair.label == self.name for pair in self.card)
        seen = any(pair.label == label.words for pair in self.card)
        if (named and (label.words == self.name or label.words in self.leaders)) or (
            seen and self.card[0].label == label.words and (named or self.name is None)
        ):
            self.close()
        line = label.line
        value = label.value.strip()
        self.last = Pair(
            label.heading, Cell(value, line.page, line.number, line.number, line.box), label.words
        )
        self.card.append(self.last)

    @property
    def named_above(self) -> bool:
        """Whether there is nothing of the card yet but the heading that names it."""
        return bool(self.card) and all(pair.label in {NAME_ABOVE, "番号"} for pair in self.card)

    def group(self, line: Line, *, apart: bool) -> bool:
        """Take a line right above a card as the heading of cards; False where it is something else."""
        heading = group_heading(line)
        if heading is None or (self.card and not any(pair.label == self.name for pair in self.card)):
            return False
        if not apart and (not heading.is_high or (self.last is not None and not cell_text(self.last.value))):
            return False
        self.close()
        self.parents = []
        if opens_part(line):
            self.aside(line)
        else:
            self.groups.heading(heading, line)
        return True

    def rule(self) -> None:
        """A printed rule ends a card, but not one of which there is nothing yet but the heading that names it."""
        if not self.named_above:
            self.close(ruled=True)

    def aside(self, line: Line) -> None:
        """Keep a line that is no part of any card."""
        self.read.unplaced.append(Unplaced(clean(line.text), line.page, line.number))

    def text(self, line: Line) -> None:
        """A line without label goes on with the value above it; titles, notes and headings of cards are kept apart."""
        folded = clean(line.text)
        if self.card and (label := section_label(line)):
            self.label(label)
            return
        if self.card and (years := years_of(line.text)):
            self.years = years
        if self.last is not None and self.named_above and not folded.startswith(("(", "[", "<")):
            heading = Heading(Role.BODY, "概要")
            self.last = Pair(heading, Cell("", line.page, line.number, line.number, line.box), "概要")
            self.card.append(self.last)
        value = self.last.value if self.last else None
        if (
            self.last is None
            or value is None
            or is_note(folded)
            or _PAGE_NUMBER.match(folded)
            or self._heads(line, folded)
            or self._ends_cards(line)
        ):
            self.read.unplaced.append(Unplaced(folded, line.page, line.number))
            return
        text = f"{value.text}\n{line.text.strip()}" if value.text else line.text.strip()
        start = value.line
        if not value.text and self.last.label == self.name and start != line.number:
            self.read.unplaced.append(Unplaced(self.last.label, value.page, start, "label"))
            start = line.number
        self.last.value = Cell(text, value.page, start, line.number, value.box)

    def _heads(self, line: Line, folded: str) -> bool:
        """A heading between cards (■ 調書２, 事業３): the card above is complete, and its last value is no list."""
        marker = find_marker(line.text)
        words = (marker.rest if marker else "") or folded
        numbered = re.fullmatch(r"[^\d。]{1,10}[ (]?\d{1,3}\)?|(?:No\.?|第)\s?\d{1,3}[^\d。]{0,4}", words)
        if not numbered or not any(pair.label == self.name for pair in self.card):
            return False
        if self.last is not None and re.search(r"\d(?:千円|円|人|件|回|名)$", words):
            return False
        self.close()
        return True

    def _ends_cards(self, line: Line) -> bool:
        """A numbered heading of a part that is no card: ３ 今後の進め方, 第３章 学識経験者の意見."""
        if not opens_part(line) or not any(pair.label == self.name for pair in self.card):
            return False
        self.close()
        return True

    def drop_unused(self) -> None:
        """Groups named above cards that never came are kept as they stand."""
        if self.parents_wait:
            self.read.unplaced += [
                Unplaced(f"{pair.label}:{cell_text(pair.value)}", pair.value.page, pair.value.line)
                for pair in self.parents
            ]
        self.parents_wait = False

    def close(self, *, ruled: bool = False) -> None:
        """The card is complete. One with nothing but groups (施策：…) stands for the cards below it."""
        card, self.card, self.last = self.card, [], None
        years, self.years = self.years, []
        unit = next((pair.heading.unit for pair in card if pair.heading.unit), None) or self.unit
        self.read.unplaced += [
            Unplaced(pair.label, pair.value.page, pair.value.line, "label")
            for pair in card
            if not cell_text(pair.value)
        ]
        card = [pair for pair in card if cell_text(pair.value)]
        if not card:
            return
        groups = [
            pair
            for pair in card
            if pair.heading.role in GROUPS and pair.label != self.name and cell_text(pair.value)
        ]
        if ruled and not any(pair.label == self.name for pair in card) and len(groups) == len(card):
            self.drop_unused()
            self.parents, self.parents_wait = groups, True
            return
        if groups:
            self.drop_unused()
            self.parents = groups
        else:
            card = [*self.parents, *card]
        self.parents_wait = False
        items_of_card(card, self.read, unit=unit, under=self.groups.siblings, years=years)


def card_pairs(grid: Grid) -> list[Pair]:
    """The labels and values of a table that is one card (label, value, perhaps label, value); [] for any other table."""
    if grid.width not in {2, 4, 6} or grid.height < 3:
        return []
    if all(text and heading_of(text) for text in grid.texts(0)):
        return []  # a heading row
    pairs: list[Pair] = []
    labels = values = 0
    for r in range(grid.height):
        for c in range(0, grid.width, 2):
            if grid.origin(r, c) != (r, c):
                continue
            label = grid.at(r, c)
            value = grid.at(r, c + 1)
            words = cell_text(label) if label else ""
            if not words or value is None or value is label:
                continue
            heading = meaning_of(words)
            labels += heading is not None
            values += heading_of(cell_text(value)) is None or len(cell_text(value)) > 16
            pairs.append(Pair(heading or Heading(Role.OTHER, words), value, words))
    if len(pairs) < 3 or labels * 10 < len(pairs) * 6 or values * 10 < len(pairs) * 7:
        return []
    return pairs if any(pair.heading.role in NAMES | {Role.MEASURE} for pair in pairs) else []
