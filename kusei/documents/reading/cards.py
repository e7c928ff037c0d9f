"""Label cards: 事業名：… / 担当課：… / 予算額：…, one block for each item, as text or as a table of labels and values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kusei.documents.reading.attributes import read_attributes
from kusei.documents.reading.card_labels import NAMES, RULE, Label, card_labels, section_label
from kusei.documents.reading.cells import (
    Grid,
    amount_in,
    bullets_of,
    cell_text,
    has_bullets,
    split_owner_cell,
)
from kusei.documents.reading.columns import Heading, Role, header_year, heading_of, read_headings
from kusei.documents.reading.figures import figures_in
from kusei.documents.reading.markers import find_marker, is_note
from kusei.documents.reading.model import Cell, DraftItem, Line, Place, Unplaced
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.rows import RowsRead
from kusei.japanese.folding import fold_name

_PAGE_NUMBER = re.compile(r"^[-－ ]*\d{1,3}[-－ ]*$|^\d{1,3} ?/ ?\d{1,3}$")
_GROUPS = frozenset({Role.FOCUS, Role.MEASURE})


@dataclass(slots=True)
class Pair:
    """A label and its value, with where the value stands."""

    heading: Heading
    value: Cell
    label: str


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
    reader = _CardReader(read, unit, name, _leaders(found, name))
    for i, line in enumerate(lines):
        if not line.text.strip():
            continue
        if RULE.match(line.text):
            reader.close(ruled=True)
        elif i in found:
            for label in found[i]:
                reader.label(label)
        else:
            reader.text(line)
    reader.close()
    return read


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
        self.last: Pair | None = None
        self.heading: set[str] = set()

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

    def text(self, line: Line) -> None:
        """A line without label goes on with the value above it; titles, notes and headings of cards are kept apart."""
        folded = clean(line.text)
        if self.card and (label := section_label(line)):
            self.label(label)
            return
        value = self.last.value if self.last else None
        if (
            self.last is None
            or value is None
            or is_note(folded)
            or _PAGE_NUMBER.match(folded)
            or self._heads(line, folded)
        ):
            self.read.unplaced.append(Unplaced(folded, line.page, line.number))
            return
        text = f"{value.text}\n{line.text.strip()}" if value.text else line.text.strip()
        start = value.line if value.text else line.number
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

    def close(self, *, ruled: bool = False) -> None:
        """The card is complete. One with nothing but groups (施策：…) stands for the cards below it."""
        card, self.card, self.last = self.card, [], None
        self.read.unplaced += [
            Unplaced(pair.label, pair.value.page, pair.value.line)
            for pair in card
            if not cell_text(pair.value)
        ]
        card = [pair for pair in card if cell_text(pair.value)]
        if not card:
            return
        groups = [
            pair
            for pair in card
            if pair.heading.role in _GROUPS and pair.label != self.name and cell_text(pair.value)
        ]
        if ruled and not any(pair.label == self.name for pair in card) and len(groups) == len(card):
            self.parents = groups
            return
        if groups:
            self.parents = groups
        else:
            card = [*self.parents, *card]
        items_of_card(card, self.read, unit=self.unit)


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
            heading = heading_of(words)
            labels += heading is not None
            values += heading_of(cell_text(value)) is None or len(cell_text(value)) > 16
            pairs.append(Pair(heading or Heading(Role.OTHER, words), value, words))
    if len(pairs) < 3 or labels * 10 < len(pairs) * 6 or values * 10 < len(pairs) * 7:
        return []
    return pairs if any(pair.heading.role in NAMES | {Role.MEASURE} for pair in pairs) else []


def items_of_card(pairs: Sequence[Pair], read: RowsRead, *, unit: str | None) -> None:
    """One card → one item in `read.items`, under the measure that the card names."""
    pairs = _in_context([pair for pair in pairs if cell_text(pair.value)])
    if not pairs:
        return
    name = next(
        (p for role in (Role.PROJECT, Role.MATTER, Role.MEASURE) for p in pairs if p.heading.role is role),
        None,
    )
    if name is None:
        read.unplaced += [
            Unplaced(f"{p.label}:{cell_text(p.value)}", p.value.page, p.value.line) for p in pairs
        ]
        return
    attributes = read_attributes(cell_text(name.value), unit=unit, bare_amounts=False)
    marker = find_marker(attributes.title)
    number = None
    if marker is not None and marker.number and marker.rest and re.match(r"^\S{1,4}\s", attributes.title):
        number, attributes.title = marker.number, marker.rest
    item = DraftItem(
        "project",
        attributes.title,
        number=number,
        tags=attributes.tags,
        amount=attributes.amount,
        owners=attributes.owners,
    )
    item.places.append(_place(name.value, "title"))
    roles = {pair.heading.role for pair in pairs}
    is_row = Role.PLAN in roles and Role.RESULT in roles
    body: list[str] = []
    parents: list[Pair] = []
    for pair in pairs:
        if pair is name:
            continue
        if pair.heading.role in _GROUPS and pair.heading.role is not name.heading.role:
            parents.append(pair)
        else:
            _take(item, pair, body, unit, is_row=is_row)
    if is_row:
        item.kind = "action"
    item.body = "\n".join(body) or None
    siblings = read.items
    for pair in sorted(parents, key=lambda p: p.heading.role is Role.MEASURE):
        siblings = _parent(pair, siblings).children
    siblings.append(item)
    if read.header_year is None:
        read.header_year = header_year([pair.heading for pair in pairs])


def _in_context(pairs: Sequence[Pair]) -> list[Pair]:
    """The labels of a card, each in the light of the others: of several years' money, 成果 beside 計画 …"""
    headings = read_headings([pair.label for pair in pairs])
    return [
        replace(pair, heading=heading) if pair.heading.role is not Role.OTHER else pair
        for pair, heading in zip(pairs, headings, strict=True)
    ]


def _parent(pair: Pair, siblings: list[DraftItem]) -> DraftItem:
    title = cell_text(pair.value)
    kind = "focus" if re.search("行動計画|重点分野", pair.label) else "measure"
    item = next(
        (one for one in siblings if one.kind == kind and fold_name(one.title) == fold_name(title)), None
    )
    if item is None:
        item = DraftItem(kind, title)
        siblings.append(item)
    item.places.append(_place(pair.value, "title"))
    return item


def _take(item: DraftItem, pair: Pair, body: list[str], unit: str | None, *, is_row: bool) -> None:
    text = cell_text(pair.value)
    role = pair.heading.role
    if role is Role.NUMBER and item.number is None:
        item.number = text
    elif role is Role.OWNER:
        item.owners += [owner for owner in split_owner_cell(pair.value.text) if owner not in item.owners]
        item.places.append(_place(pair.value, "owner"))
    elif role in {Role.AMOUNT, Role.PREVIOUS}:
        amount, previous, rest = amount_in(pair.value.text, unit=pair.heading.unit or unit)
        if rest and "円" not in text and not re.match(r"[(、,/・]", rest):
            amount, previous, rest = None, None, text  # a number of something else than money: 10人
        if role is Role.PREVIOUS:
            item.previous_amount = item.previous_amount or amount
        else:
            item.amount = item.amount or amount
            item.previous_amount = item.previous_amount or previous
        if rest:
            body.append(f"{pair.label}:{rest}")
        item.places.append(_place(pair.value, "amount" if role is Role.AMOUNT else "previous_amount"))
    elif role is Role.PLAN and is_row:
        item.plan += bullets_of(pair.value)
        item.places.append(_place(pair.value, "plan"))
    elif role is Role.RESULT and is_row:
        item.result = (item.result or "") + text
        item.figures = figures_in(item.result)
        item.places.append(_place(pair.value, "result"))
    elif role is Role.TAG:
        item.tags += [word for word in re.split(r"[\s・、/]+", text) if word]
    else:
        plain = role is Role.BODY and not has_bullets(pair.value) and not body
        if has_bullets(pair.value):
            text = "\n".join(f"・{bullet}" for bullet in bullets_of(pair.value))
        body.append(text if plain else f"{pair.label}:{text}")
        if role in {Role.RESULT, Role.INDICATOR, Role.ACTUAL}:
            item.figures += figures_in(text)
        item.places.append(_place(pair.value, "body"))


def _place(cell: Cell, name: str) -> Place:
    return Place(name, cell.page, cell.line, max(cell.line, cell.end_line), cell.box, cell.ref)
