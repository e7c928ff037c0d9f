"""Tables that lost their lines: the text layer of a PDF gives cell after cell, with nothing but order, blanks and wraps.

The row is found again from bullets, widths, blank lines and the names of bodies (flat_lines, flat_rows), its place under the
group columns from print order and words (flat_groups).
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from kusei.documents.reading.columns import Role, header_words, header_year
from kusei.documents.reading.figures import read_figures
from kusei.documents.reading.flat_groups import place_rows, row_of_stray, words_of
from kusei.documents.reading.flat_lines import Facts, Printed, learn, printed_lines
from kusei.documents.reading.flat_order import NumberedGroup, Ordered, in_order
from kusei.documents.reading.flat_owners import Placed, is_stray
from kusei.documents.reading.flat_parts import FlatPage, Group, Row, Text
from kusei.documents.reading.flat_rows import read_pages
from kusei.documents.reading.markers import Marker, find_marker
from kusei.documents.reading.model import DraftItem, Line, Place, Unplaced
from kusei.documents.reading.normalise import clean
from kusei.documents.reading.rows import RowsRead
from kusei.documents.reading.spaced import reads_in_order, spaced_at
from kusei.japanese.folding import fold_name

_PAGE_NUMBER = re.compile(r"^[-ー~]\s?\d{1,3}\s?[-ー~]$")


def looks_flattened(lines: list[Line]) -> bool:
    """Whether a flattened table stands in these lines: a heading row of three or more column words, on one line.

    Printed twice, that is enough; printed once, plans must be bullets below it, some with bodies on lines of their own.
    """
    heads = [i for i, line in enumerate(lines) if len(header_words(line.text)) >= 3]
    if not heads:
        return False
    below = [line for line in printed_lines(lines[heads[0] + 1 :]) if not line.headings]
    apart = sum(_parted(line) for line in below)
    if apart * 2 > len(below):
        return False
    bullets = sum(line.bullet for line in below)
    whole = printed_lines(lines)
    facts = learn(printed_lines(lines[heads[0] :]))
    if in_order(whole, facts) is not None:
        return True
    owners = sum(bool(facts.owners_of_line(line.text)) for line in below)
    if len(heads) > 1:
        return bullets >= 2 or (owners >= 2 and spaced_at(lines, heads[0]) is None)
    return bullets >= 2 and owners >= 2 and bullets * 12 > len(below) and not reads_in_order(lines, heads[0])


def _parted(printed: Printed) -> bool:
    """A line whose columns are still apart: tabs, or two wide runs of blanks."""
    raw = printed.line.text.strip()
    return (
        raw.count("\t") >= 2
        or len([part for part in raw.replace("\u3000", "  ").split("   ") if part.strip()]) >= 3
    )


def read_flattened(lines: list[Line]) -> RowsRead:
    """Read the lines of a flattened table (from its first heading row on) as focus → measure → action."""
    numbers = _page_numbers(lines)
    found = printed_lines([line for line in lines if line.number not in numbers or line.page])
    if (ordered := in_order(found, learn(found))) is not None:
        return _read_ordered(ordered)
    above = found[: _above(found)]
    found = found[len(above) :]
    facts = learn(found)
    read = RowsRead(header_year=header_year([h for printed in found for h in printed.headings]))
    read.unplaced += [Unplaced(p.text, p.line.page, p.line.number) for p in above]
    read.unplaced += [
        Unplaced(clean(line.text), line.page, line.number, "page_number")
        for line in lines
        if line.number in numbers and not line.page
    ]
    groups: list[DraftItem] = []
    for heading, part in _chapters(found):
        own = RowsRead()
        groups += _read_part(part, facts, own)
        if heading is not None:
            own.items = [_chapter_item(heading, own.items)]
        read.take(own)
    if _names_each(facts, groups):
        for group in groups:
            _make_row(group)
    return read


def _read_ordered(table: Ordered) -> RowsRead:
    """The items of a table whose cells stand in order."""
    read = RowsRead(header_year=header_year(table.headings))
    read.unplaced += [Unplaced(p.text, p.line.page, p.line.number) for p in table.loose]
    first = table.headings[0]
    outermost = "goal" if "基本目標" in first.text else "focus" if first.role is Role.FOCUS else "measure"
    path: list[DraftItem] = []
    for cell in table.cells:
        if isinstance(cell, NumberedGroup):
            item = DraftItem(
                "measure" if cell.depth else outermost, cell.text.whole, number=cell.marker.number
            )
            item.places.append(cell.text.place("title"))
            del path[cell.depth :]
        else:
            item = _action(Placed(cell))
        (path[-1].children if path else read.items).append(item)
        if isinstance(cell, NumberedGroup):
            path.append(item)
    return read


def _names_each(facts: Facts, groups: list[DraftItem]) -> bool:
    """Whether the cells left of the plans name one row each (取組項目 with one cell of plans beside it) and group nothing."""
    roles = facts.roles
    beside = roles[roles.index(Role.PLAN) - 1] if Role.PLAN in roles[1:] else None
    return (
        beside is Role.MATTER
        and len(groups) >= 3
        and all(
            len(group.children) == 1 and group.children[0].kind == "action" and not group.title.endswith("。")
            for group in groups
        )
    )


def _make_row(group: DraftItem) -> None:
    """Turn a group with a single row into this row, which keeps the group's name."""
    row = group.children[0]
    group.kind, group.children = row.kind, row.children
    group.plan, group.result, group.figures = row.plan, row.result, row.figures
    group.owners, group.body = row.owners, row.body
    group.places += [place for place in row.places if place.field != "title"]


def _read_part(found: list[Printed], facts: Facts, read: RowsRead) -> list[DraftItem]:
    """Reads one part into `read`; returns the items of its group cells without numbers."""
    pages = read_pages(found, facts)
    tree = _Tree(facts, pages, read)
    words = words_of(pages)
    label: Group | None = None
    for page in pages:
        placed = place_rows(page, words, before=label)
        _join_strays(page, placed)
        tree.add_page(page, placed)
        labels = [place.label for place in placed if place.label]
        label = labels[-1] if labels else label
        read.unplaced += [_unplaced(text) for text in page.loose]
    return list(tree.groups.values())


def _page_numbers(lines: list[Line]) -> set[int]:
    """The lines that are page numbers: between dashes, or bare and counting on, each before a heading row or the end."""
    filled = [line for line in lines if clean(line.text)]
    found = {line.number for line in filled if _PAGE_NUMBER.match(clean(line.text))}
    bare = [
        (int(clean(line.text)), line.number)
        for line, below in zip(filled, [*filled[1:], None], strict=False)
        if re.fullmatch(r"\d{1,3}", clean(line.text))
        and (below is None or header_words(below.text) or _names_part(clean(below.text)))
    ]
    if len(bare) > 1 and all(after[0] == before[0] + 1 for before, after in pairwise(bare)):
        found.update(number for _, number in bare)
    return found


def _chapter(printed: Printed) -> Marker | None:
    """The marker of a line that heads a part of the table by a word and number: 基本目標1 …."""
    if printed.headings or printed.bullet or not (printed.gap or printed.first):
        return None
    return _names_part(printed.text)


def _names_part(text: str) -> Marker | None:
    if len(text) > 45 or text.endswith("。"):
        return None
    marker = find_marker(text)
    numbered = marker is not None and marker.word and marker.ordinal is not None and marker.rest
    return marker if numbered else None


def _chapters(found: list[Printed]) -> list[tuple[Printed | None, list[Printed]]]:
    """The parts of the table that such lines head; one part without heading where there are fewer than two of a kind."""
    words = Counter(marker.word for printed in found if (marker := _chapter(printed)) is not None)
    word = next((word for word, times in words.most_common(1) if times > 1), None)
    parts: list[tuple[Printed | None, list[Printed]]] = [(None, [])]
    for printed in found:
        marker = _chapter(printed) if word else None
        if marker is not None and marker.word == word:
            parts.append((printed, []))
        else:
            parts[-1][1].append(printed)
    return [(heading, part) for heading, part in parts if heading is not None or part]


def _chapter_item(heading: Printed, children: list[DraftItem]) -> DraftItem:
    marker = _chapter(heading)
    assert marker
    line = heading.line
    kind = "goal" if "基本目標" in marker.word else "measure"
    item = DraftItem(kind, marker.rest or "", number=marker.number, children=children)
    item.places.append(Place("title", line.page, line.number, line.number, line.box))
    return item


def _above(found: list[Printed]) -> int:
    """How many lines stand above the first heading row: a title and the like, unless rows begin without any heading."""
    first = next((i for i, printed in enumerate(found) if printed.headings or _chapter(printed)), 0)
    return 0 if sum(printed.bullet for printed in found[:first]) > 2 else first


def _unplaced(text: Text) -> Unplaced:
    line = text.pieces[0][1]
    return Unplaced(text.whole, line.page, line.number)


def _join_strays(page: FlatPage, placed: list[Placed]) -> None:
    """A second bullet printed apart from its row goes back to it: to the row of the group cell printed right before it."""
    if len(placed) < 2 or not is_stray(page, placed[-1].row):
        return
    stray = placed[-1].row
    home = row_of_stray(page)
    if home is None:
        cell = next((e for e in reversed(page.elements) if isinstance(e, Group) and not e.is_label), None)
        own = [i for i, place in enumerate(placed[:-1]) if cell is not None and place.group is cell]
        home = own[-1] if own else len(placed) - 2
    placed[home].row.plans += stray.plans
    placed.pop()


class _Tree:
    """Builds the items. Cells that are printed again on a later page go on: no item stands twice."""

    def __init__(self, facts: Facts, pages: list[FlatPage], read: RowsRead) -> None:
        self.read = read
        self.label_kind = _label_kind(facts, pages)
        self.labels: dict[str, DraftItem] = {}
        self.groups: dict[tuple[int, str], DraftItem] = {}
        self.last_label: DraftItem | None = None

    def add_page(self, page: FlatPage, placed: list[Placed]) -> None:
        for place in placed:
            parent = self._parent(place)
            item = _action(place)
            (parent.children if parent else self.read.items).append(item)
        used = {id(place.group) for place in placed} | {id(place.label) for place in placed}
        for element in page.elements:
            if isinstance(element, Group) and id(element) not in used:
                self._unused(element, placed)

    def _unused(self, cell: Group, placed: list[Placed]) -> None:
        """A group cell without rows is an item all the same."""
        if cell.is_label:
            self._label(cell)
        elif cell.text.whole:
            label = placed[-1].label if placed else None
            self._group(cell, self._label(label) if label else self.last_label)

    def _parent(self, place: Placed) -> DraftItem | None:
        label = self._label(place.label) if place.label else None
        return self._group(place.group, label) if place.group else label

    def _label(self, cell: Group) -> DraftItem:
        title = cell.text.whole
        key = f"{cell.number}|{fold_name(title)}"
        item = self.labels.get(key)
        place = cell.text.place("title") if cell.text.pieces else None
        if cell.number_line is not None:
            line = cell.number_line
            end = place.end_line if place else line.number
            place = Place("title", line.page, line.number, max(line.number, end), line.box)
        if item is None:
            item = DraftItem(self.label_kind, title or cell.number or "", number=cell.number or None)
            self.labels[key] = item
            self.read.items.append(item)
        if place is not None and place not in item.places:
            item.places.append(place)
        self.last_label = item
        return item

    def _group(self, cell: Group, parent: DraftItem | None) -> DraftItem:
        title = cell.text.whole
        key = (id(parent), fold_name(title))
        item = self.groups.get(key)
        if item is None:
            item = DraftItem("measure", title)
            self.groups[key] = item
            (parent.children if parent else self.read.items).append(item)
        place = cell.text.place("title")
        if place not in item.places:
            item.places.append(place)
        return item


def _label_kind(facts: Facts, pages: list[FlatPage]) -> str:
    """What numbered group cells are: what the first group column's heading says; without one, focus over measures."""
    first = next((h for h in facts.headings if h.role in {Role.FOCUS, Role.MEASURE, Role.MATTER}), None)
    if first is not None and "基本目標" in first.text:
        return "goal"
    if first is not None:
        return "focus" if first.role is Role.FOCUS else "measure"
    cells = [e for page in pages for e in page.elements if isinstance(e, Group)]
    return "focus" if any(not cell.is_label for cell in cells) else "measure"


def _action(place: Placed) -> DraftItem:
    row: Row = place.row
    plan = [text.whole for text in row.plans]
    result = row.result.whole or None
    owners = [*row.owners] or [pair for part in (place.merged.parts if place.merged else []) for pair in part]
    title = row.name or row.plans[0]
    item = DraftItem("action", title.whole, plan=plan, result=result, owners=[name for name, _ in owners])
    item.body = row.notes.whole or None
    item.places = [title.place("title"), *(text.place("plan") for text in row.plans)]
    if result:
        item.places.append(row.result.place("result"))
        item.figures = read_figures(result)
    if owners:
        first, last = owners[0][1], owners[-1][1]
        item.places.append(
            Place("owner", first.page, first.number, max(first.number, last.number), first.box)
        )
    return item
