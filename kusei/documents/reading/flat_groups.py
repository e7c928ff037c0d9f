"""Which rows of a flattened table stand under which group cell, and to which rows a merged cell of owners belongs.

Print order tells part of it: rows keep their order, and so do group cells, except that the text layer of a PDF may put the
lower cells of a page before the upper ones. What is left is decided by likeness of the words, as a whole page at a time: the
assignment that keeps the order and fits best.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

from kusei.documents.reading.flat_owners import LARGEST, Placed, beside_owners, is_label, is_stray, set_owners
from kusei.documents.reading.flat_parts import FlatPage, Group, Merged, Row
from kusei.documents.reading.flat_words import Words

_MOST_UNUSED = 3
_UNUSED = 20.0  # a group cell without any row
_STRAY_ORDER = 2.0  # an order of group cells that print does not suggest
# What a change of owners between two rows says about the end of a group cell; taken from counts over annotated rows.
_SEAM_SAME = 0.8
_SEAM_OTHER = 0.6
_SEAM_BARE = 2.0
_UNEVEN = 4.0  # group cells of very different heights
_REACHING = 2.5  # a cell printed beside one row that reaches over further ones
_BARE_END = 10.0  # the last row of a page under no cell although cells stand at its end
_BESIDE = 4.0  # rows whose merged owners are printed beside the group cell
_OPENING = 1.4  # how much more the first row of a group is expected to sound like it
_LONELY = 1.0  # a row under no group cell, where its page has some
_RESULT_COUNTS = 2.5  # results are long, which makes their likeness small
_LEAVING = 1.2  # leaving a group cell for none


def place_rows(page: FlatPage, words: Words, *, before: Group | None) -> list[Placed]:
    """Find a place for every row of a page. `before` is the label that the page before ended with."""
    placed = [Placed(row) for row in page.rows]
    _set_groups(page, placed, words)
    _set_labels(page, placed, words, before)
    set_owners(page, placed)
    return placed


# --- group cells ------------------------------------------------------------------------------------------------------


def _set_groups(page: FlatPage, placed: list[Placed], words: Words) -> None:
    cells = [element for element in page.elements if isinstance(element, Group) and not element.is_label]
    if not cells or not placed:
        return
    if _each_after_its_rows(page):
        _follow_print(page, placed, cells, after=True)
        return
    anchors = _anchors(page)
    loose = [cell for cell in cells if not any(cell is anchor for anchor in anchors.values())]
    if not loose or len(loose) * len(placed) > LARGEST:
        _follow_print(page, placed, cells, after=False)
        return
    best: tuple[float, list[Group | None]] | None = None
    fits = {id(cell): [_fits(place.row, cell, words) for place in placed] for cell in loose}
    for i, cell in beside_owners(page, placed).items():
        if id(cell) in fits:
            fits[id(cell)][i] += _BESIDE
    for order, penalty in _orders(loose, page):
        score, chosen = _fit(placed, order, anchors, fits)
        if best is None or score - penalty > best[0]:
            best = (score - penalty, chosen)
    assert best
    for place, chosen_cell in zip(placed, best[1], strict=True):
        place.group = chosen_cell


def _each_after_its_rows(page: FlatPage) -> bool:
    """Whether every group cell is printed right after its rows: rows first, a single cell between rows, a cell at the end."""
    kinds = [
        "row" if isinstance(e, Row) else "cell"
        for e in page.elements
        if not isinstance(e, Merged) and not is_label(e)
    ]
    return (
        len(kinds) > 2
        and kinds[0] == "row"
        and kinds[-1] == "cell"
        and kinds.count("cell") > 1
        and all(pair != ("cell", "cell") for pair in pairwise(kinds))
        and any(pair == ("row", "row") for pair in pairwise(kinds))
    )


def _follow_print(page: FlatPage, placed: list[Placed], cells: list[Group], *, after: bool) -> None:
    of_row = {id(place.row): place for place in placed}
    current: Group | None = None
    elements = list(reversed(page.elements)) if after else page.elements
    for element in elements:
        if isinstance(element, Row):
            of_row[id(element)].group = current
        elif isinstance(element, Group) and not element.is_label:
            current = element


def _anchors(page: FlatPage) -> dict[int, Group]:
    """Group cells printed in the middle of the rows: each belongs to the row that follows it at once."""
    found: dict[int, Group] = {}
    number = 0
    for element, after in zip(page.elements, [*page.elements[1:], None], strict=True):
        if isinstance(element, Row):
            number += 1
        elif (
            isinstance(element, Group)
            and not element.is_label
            and isinstance(after, Row)
            and not is_stray(page, after)
        ):
            found[number] = element
    # A bullet that lost its row stands beside the cell printed right before it: there is the middle, so the whole, of that cell.
    if (
        page.rows
        and is_stray(page, page.rows[-1])
        and isinstance(page.elements[-2], Group)
        and not is_label(page.elements[-2])
    ):
        home = row_of_stray(page)
        if home is not None and home not in found:
            found[home] = page.elements[-2]
    return found


def row_of_stray(page: FlatPage) -> int | None:
    """The row that misses a line of its plan: its owners begin beside its only planned line and its result only below."""
    return next((i for i, row in enumerate(page.rows[:-1]) if row.short), None)


def _orders(loose: list[Group], page: FlatPage) -> list[tuple[list[Group], float]]:
    """Orders in which the group cells may stand on the page, with what speaks against each."""
    natural = [loose]
    for at, element in enumerate(page.elements):
        if is_label(element):
            ids = {id(e) for e in page.elements[at:]}
            turned = [cell for cell in loose if id(cell) in ids] + [
                cell for cell in loose if id(cell) not in ids
            ]
            natural.append(turned)
            break
    last = natural[-1]
    found = [(order, 0.0 if order is last else 0.8) for order in natural]
    if len(loose) <= 5:
        known = {tuple(map(id, order)) for order in natural}
        for order in permutations(last):
            if tuple(map(id, order)) not in known:
                rank = {id(cell): i for i, cell in enumerate(last)}
                swaps = sum(rank[id(a)] > rank[id(b)] for i, a in enumerate(order) for b in order[i + 1 :])
                found.append((list(order), _STRAY_ORDER + 0.5 * swaps))
    return found


def _fit(
    placed: list[Placed], order: list[Group], anchors: dict[int, Group], fits_of: dict[int, list[float]]
) -> tuple[float, list[Group | None]]:
    """The best way to deal the rows out to group cells in this order.

    State: how many cells were opened, the open one (-1 none, -2 one beside its row), how many rows it has.
    """
    free = [i for i in range(len(placed)) if i not in anchors]
    mean = max(len(free) / len(order), 1.0)
    table: dict[tuple[int, int, int], tuple[float, list[Group | None]]] = {(0, -1, 0): (0.0, [])}
    for i, place in enumerate(placed):
        seam = _seam(placed[i - 1].row, place.row) if i else 0.0
        back = _repeats(placed, i)
        fits = [fits_of[id(cell)][i] for cell in order]
        after: dict[tuple[int, int, int], tuple[float, list[Group | None]]] = {}
        for (used, current, size), (score, chosen) in table.items():
            offers: list[tuple[tuple[int, int, int], float, Group | None]] = []
            if i in anchors:
                offers.append(((used, -2, 1), score, anchors[i]))
            else:
                if current >= 0:
                    twice = 2.0 if back and chosen[i - back] is order[current] else 0.0
                    uneven = _UNEVEN * (2 * size + 1 - 2 * mean) / mean**2
                    offers.append(
                        ((used, current, size + 1), score + fits[current] - twice - uneven, order[current])
                    )
                if current == -2:
                    offers.append(((used, -2, 1), score - _REACHING, chosen[-1]))
                leaving = _LEAVING if current >= 0 or i == 0 else 0.0
                offers.append(((used, -1, 0), score - _LONELY - leaving, None))
                uneven = _UNEVEN * (1 - 2 * mean) / mean**2
                for k in range(used, min(used + _MOST_UNUSED + 1, len(order))):
                    gain = fits[k] * (1 + _OPENING) + seam - uneven - _UNUSED * (k - used)
                    offers.append(((k + 1, k, 1), score + gain, order[k]))
            for state, value, cell in offers:
                if state not in after or value > after[state][0]:
                    after[state] = (value, [*chosen, cell])
        table = after
    last_is_free = len(placed) - 1 not in anchors
    return max(
        (
            (
                score - _UNUSED * (len(order) - used) - (_BARE_END if current < 0 and last_is_free else 0),
                chosen,
            )
            for (used, current, _), (score, chosen) in table.items()
        ),
        key=lambda pair: pair[0],
    )


def _seam(row: Row, other: Row) -> float:
    """How likely a group cell ends between two rows, by their owners: the same ones mostly stay together, and where merged
    owners begin or end, the group cell does so too."""
    left, right = set(row.names), set(other.names)
    if not left and not right:
        return 0.0
    if not left or not right:
        return _SEAM_BARE
    return -_SEAM_SAME if left == right else _SEAM_OTHER


def _repeats(placed: list[Placed], i: int) -> int:
    """How many rows above a row with the same plan stands (0 for none): one cell hardly plans the same thing twice."""
    plan = placed[i].row.plan_text
    return next((back for back in range(1, i + 1) if placed[i - back].row.plan_text == plan), 0)


def _fits(row: Row, cell: Group, words: Words) -> float:
    text = cell.text.whole
    return words.likeness(row.plan_text, text) + _RESULT_COUNTS * min(
        words.likeness(row.result.whole, text), 1.5
    )


# --- labels -----------------------------------------------------------------------------------------------------------


def _set_labels(page: FlatPage, placed: list[Placed], words: Words, before: Group | None) -> None:
    labels = [element for element in page.elements if isinstance(element, Group) and element.is_label]
    if not labels:
        for place in placed:
            place.label = before
        return
    rows_at = [i for i, element in enumerate(page.elements) if isinstance(element, Row)]
    at = [i for i, element in enumerate(page.elements) if is_label(element)]
    if len(labels) == 1:
        for place in placed:
            place.label = labels[0]
        return
    if all(any(a < row < b for row in rows_at) for a, b in pairwise(at)):
        first = any(row < at[0] for row in rows_at)
        elements = list(reversed(page.elements)) if first else page.elements
        of_row = {id(place.row): place for place in placed}
        current: Group | None = None if first else before
        for element in elements:
            if isinstance(element, Row):
                of_row[id(element)].label = current
            elif isinstance(element, Group) and element.is_label:
                current = element
        for place in placed:
            place.label = place.label or (labels[-1] if first else before)
        return
    numbered = all((label.number or "").isdigit() for label in labels)
    order = sorted(labels, key=lambda label: int(label.number or 0)) if numbered else labels
    for place, label in zip(placed, _split_in_order(placed, order, words), strict=True):
        place.label = label


def _split_in_order(placed: list[Placed], order: list[Group], words: Words) -> list[Group]:
    """Labels for the rows, in this order, changing only where the group cell changes."""
    table: dict[int, tuple[float, list[Group]]] = {0: (0.0, [])}
    for i, place in enumerate(placed):
        text = place.row.plan_text + (place.group.text.whole if place.group else "")
        same = i > 0 and place.group is not None and place.group is placed[i - 1].group
        after: dict[int, tuple[float, list[Group]]] = {}
        for current, (score, chosen) in table.items():
            for step in (0, 1):
                k = current + step
                if k >= len(order) or (step and (same or not chosen)):
                    continue
                gained = score + words.likeness(text, order[k].text.whole)
                if k not in after or gained > after[k][0]:
                    after[k] = (gained, [*chosen, order[k]])
        table = after
    return max(table.items(), key=lambda item: (item[0], item[1][0]))[1][1]


def words_of(pages: Sequence[FlatPage]) -> Words:
    """Weights for the words of a document."""
    return Words.of(
        element.plan_text if isinstance(element, Row) else element.text.whole
        for page in pages
        for element in page.elements
        if not isinstance(element, Merged)
    )
