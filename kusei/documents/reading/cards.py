"""Label cards: 事業名：… / 担当課：… / 予算額：…, one block for each item, as text or as a table of labels and values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kusei.documents.reading.attributes import read_attributes
from kusei.documents.reading.cells import (
    Grid,
    amount_in,
    bullets_of,
    cell_text,
    has_bullets,
    split_owner_cell,
)
from kusei.documents.reading.columns import Heading, Role, header_year, heading_of
from kusei.documents.reading.figures import figures_in
from kusei.documents.reading.markers import find_marker
from kusei.documents.reading.model import Cell, DraftItem, Line, Place, Unplaced
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.rows import RowsRead
from kusei.japanese.folding import fold_name

_LABEL = re.compile(
    r"^[\s\u3000]*[・○●■◆□◇]?\s*(?:[【\[〔<＜](?P<bracket>[^】\]〕>＞]{1,16})[】\]〕>＞]\s*[:：]?|(?P<plain>[^\s:：。、]{1,14})\s*[:：])[\s\u3000]*(?P<value>.*)$"
)
_MONEY_LABEL = re.compile(
    r"^[\s\u3000]*(?P<plain>(?:当初)?(?:予算額?|事業費|決算額))[\s\u3000]+(?P<value>[\d０-９△▲].*)$"
)
_RULE = re.compile(r"^[\s―─━‐\-=＝*＊_—–ー・]{5,}$")
_NAMES = {Role.PROJECT, Role.MATTER}


@dataclass(slots=True)
class Pair:
    """A label and its value, with where the value stands."""

    heading: Heading
    value: Cell
    label: str


def _label_of(line: Line) -> tuple[Heading, str, str] | None:
    """The label of a line as (meaning, words, value); None for any other line."""
    match = _LABEL.match(line.text)
    if match:
        words = match["bracket"] or match["plain"] or ""
    elif match := _MONEY_LABEL.match(line.text):
        words = match["plain"]
    else:
        return None
    heading = heading_of(words)
    if heading is None and re.fullmatch(r"[一-龥ぁ-んァ-ヺー・()（）]{2,12}", words):
        heading = Heading(Role.OTHER, clean(words))
    return (heading, clean(words), match["value"]) if heading else None


def looks_like_cards(lines: list[Line]) -> bool:
    """Whether the lines are cards: the label of a name recurs (or stands once among few others), with other labels around it."""
    filled = [line for line in lines if line.text.strip() and not _RULE.match(line.text)]
    labels = [label for line in filled if (label := _label_of(line))]
    known = [heading for heading, _, _ in labels if heading.role is not Role.OTHER]
    names = Counter(words for heading, words, _ in labels if heading.role in _NAMES)
    bare = sum(not value.strip() for _, _, value in labels)  # their values stand on the lines below
    if not names or len(known) < 3 or (len(labels) + bare) * 2 < len(filled):
        return False
    return max(names.values()) >= 2 or len({heading.role for heading in known}) >= 3


def read_cards(lines: list[Line], *, unit: str | None = None) -> RowsRead:
    """Read blocks of labelled lines; a card ends at a rule, or where its first label comes again."""
    read = RowsRead()
    card: list[Pair] = []
    last: Pair | None = None
    seen: set[str] = set()
    blank = False
    for line in lines:
        text = line.text.strip()
        if not text:
            blank = True
            continue
        after_blank, blank = blank, False
        if _RULE.match(line.text):
            items_of_card(card, read, unit=unit)
            card, last, seen = [], None, set()
            continue
        label = _label_of(line)
        if label is None:
            marker = find_marker(text)
            heads = marker is not None and marker.style in {"square", "diamond", "circle", "level"}
            if card and after_blank and heads:
                items_of_card(card, read, unit=unit)  # the heading of the next card
                card, last, seen = [], None, set()
            if last is None or not card:
                read.unplaced.append(Unplaced(clean(text), line.page, line.number))
            else:
                value = last.value
                first = value.line if value.text.strip() else line.number
                last.value = Cell(f"{value.text}\n{line.text}", value.page, first, line.number, value.box)
            continue
        heading, words, value_text = label
        if words in seen and (heading.role in _NAMES or (card and card[0].label == words)):
            items_of_card(card, read, unit=unit)
            card, seen = [], set()
        last = Pair(heading, Cell(value_text, line.page, line.number, line.number, line.box), words)
        card.append(last)
        seen.add(words)
    items_of_card(card, read, unit=unit)
    return read


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
    return pairs if any(pair.heading.role in _NAMES | {Role.MEASURE} for pair in pairs) else []


def items_of_card(pairs: Sequence[Pair], read: RowsRead, *, unit: str | None) -> None:
    """One card → one item in `read.items`, under the measure that the card names."""
    pairs = [pair for pair in pairs if cell_text(pair.value)]
    if not pairs:
        return
    name = next((p for p in pairs if p.heading.role is Role.PROJECT), None) or next(
        (p for p in pairs if p.heading.role in {Role.MATTER, Role.MEASURE}), None
    )
    if name is None:
        read.unplaced += [
            Unplaced(f"{p.label}:{cell_text(p.value)}", p.value.page, p.value.line) for p in pairs
        ]
        return
    attributes = read_attributes(cell_text(name.value), unit=unit, bare_amounts=False)
    item = DraftItem(
        "project", attributes.title, tags=attributes.tags, amount=attributes.amount, owners=attributes.owners
    )
    item.places.append(_place(name.value, "title"))
    body: list[str] = []
    parents: list[Pair] = []
    for pair in pairs:
        if pair is name:
            continue
        if pair.heading.role in {Role.FOCUS, Role.MEASURE} and pair.heading.role is not name.heading.role:
            parents.append(pair)
        else:
            _take(item, pair, body, unit)
    if item.plan or (item.result and any(p.heading.role is Role.PLAN for p in pairs)):
        item.kind = "action"
    elif item.result:
        body.append(item.result)
        item.result, item.figures = None, []
    item.body = "\n".join(body) or None
    siblings = read.items
    for pair in sorted(parents, key=lambda p: p.heading.role is Role.MEASURE):
        siblings = _parent(pair, siblings).children
    siblings.append(item)
    if read.header_year is None:
        read.header_year = header_year([pair.heading for pair in pairs])


def _parent(pair: Pair, siblings: list[DraftItem]) -> DraftItem:
    title = cell_text(pair.value)
    kind = "focus" if pair.heading.role is Role.FOCUS else "measure"
    item = next(
        (one for one in siblings if one.kind == kind and fold_name(one.title) == fold_name(title)), None
    )
    if item is None:
        item = DraftItem(kind, title)
        siblings.append(item)
    item.places.append(_place(pair.value, "title"))
    return item


def _take(item: DraftItem, pair: Pair, body: list[str], unit: str | None) -> None:
    text = cell_text(pair.value)
    role = pair.heading.role
    if role is Role.NUMBER and item.number is None:
        item.number = text
    elif role is Role.OWNER:
        item.owners += [owner for owner in split_owner_cell(pair.value.text) if owner not in item.owners]
        item.places.append(_place(pair.value, "owner"))
    elif role in {Role.AMOUNT, Role.PREVIOUS}:
        amount, previous, rest = amount_in(pair.value.text, unit=pair.heading.unit or unit)
        if role is Role.PREVIOUS:
            item.previous_amount = item.previous_amount or amount
        else:
            item.amount = item.amount or amount
            item.previous_amount = item.previous_amount or previous
        if rest:
            body.append(f"{pair.label}:{rest}")
        item.places.append(_place(pair.value, "amount" if role is Role.AMOUNT else "previous_amount"))
    elif role is Role.PLAN:
        item.plan += bullets_of(pair.value)
        item.places.append(_place(pair.value, "plan"))
    elif role is Role.RESULT:
        item.result = (item.result or "") + text
        item.figures = figures_in(item.result)
        item.places.append(_place(pair.value, "result"))
    elif role is Role.TAG:
        item.tags += [word for word in re.split(r"[\s・、/]+", text) if word]
    else:
        plain = role is Role.BODY and not has_bullets(pair.value) and not body
        body.append(text if plain else f"{pair.label}:{text}")
        item.places.append(_place(pair.value, "body"))


def _place(cell: Cell, name: str) -> Place:
    return Place(name, cell.page, cell.line, max(cell.line, cell.end_line), cell.box, cell.ref)
