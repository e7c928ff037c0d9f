"""To which rows of a flattened table a merged cell of owners belongs, printed once for several rows and apart from them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from kusei.documents.reading.flat_parts import FlatPage, Group, Merged, Row

LARGEST = 1500
"""Rows times cells of one page: up to here every way of dealing them out is weighed; beyond, print order alone decides."""


@dataclass(slots=True)
class Placed:
    """A row with the group cells above it, outermost first, and with the merged owners that fell to it."""

    row: Row
    label: Group | None = None
    group: Group | None = None
    merged: Merged | None = None


def is_label(element: object) -> bool:
    """Whether an element is a numbered group cell."""
    return isinstance(element, Group) and element.is_label


def is_stray(page: FlatPage, row: Row) -> bool:
    """Whether a row is the last on its page, stands right behind group cells and labels, and has neither result nor owners."""
    if (
        row.result.pieces
        or row.owners
        or not page.elements
        or page.elements[-1] is not row
        or len(page.rows) < 2
    ):
        return False
    return any(other.result.pieces for other in page.rows) and any(
        isinstance(e, Group) for e in page.elements[-3:-1]
    )


def set_owners(page: FlatPage, placed: list[Placed]) -> None:
    """Deal merged owners out to the runs of rows that have none; a cell never reaches over a row with owners of its own."""
    cells = [element for element in page.elements if isinstance(element, Merged)]
    bare = [i for i, place in enumerate(placed) if not place.row.owners and not is_stray(page, place.row)]
    if not cells:
        _share_below(placed)
    if not cells or not bare:
        return
    runs = sum(1 for i in bare if i - 1 not in bare)
    if len(cells) < runs:
        cells = (
            [Merged([part]) for cell in cells for part in cell.parts]
            if sum(len(c.parts) for c in cells) <= runs
            else cells
        )
    if len(cells) * len(bare) > LARGEST:
        _follow_print(page, placed)
        return
    best: tuple[float, dict[int, Merged]] | None = None
    for order, penalty in _owner_orders(cells, page):
        score, chosen = _deal(placed, bare, order, page)
        if best is None or score - penalty > best[0]:
            best = (score - penalty, chosen)
    assert best
    for i, cell in best[1].items():
        placed[i].merged = cell


def _follow_print(page: FlatPage, placed: list[Placed]) -> None:
    """Every merged cell belongs to the rows without owners printed above it."""
    of_row = {id(place.row): place for place in placed}
    waiting: list[Placed] = []
    for element in page.elements:
        if isinstance(element, Row) and not element.owners:
            waiting.append(of_row[id(element)])
        elif isinstance(element, Merged):
            for place in waiting:
                place.merged = element
            waiting = []


def _share_below(placed: list[Placed]) -> None:
    """Where no cell is printed apart, a merged cell stands below the last of its rows: those above in the same group share it."""
    for i in range(len(placed) - 2, -1, -1):
        place, below = placed[i], placed[i + 1]
        if place.row.owners or place.group is not below.group or place.label is not below.label:
            continue
        place.merged = Merged([below.row.owners]) if below.row.owners else below.merged


def _owner_orders(cells: list[Merged], page: FlatPage) -> list[tuple[list[Merged], float]]:
    for at, element in enumerate(page.elements):
        if is_label(element):
            later = {id(e) for e in page.elements[at:]}
            turned = [cell for cell in cells if id(cell) in later] + [
                cell for cell in cells if id(cell) not in later
            ]
            return [(turned, 0.0), (cells, 0.8)]
    return [(cells, 0.0)]


def _deal(
    placed: list[Placed], bare: list[int], order: list[Merged], page: FlatPage
) -> tuple[float, dict[int, Merged]]:
    beside = _printed_beside(page)
    table: dict[int, tuple[float, dict[int, Merged]]] = {-1: (0.0, {})}
    for n, i in enumerate(bare):
        joined = n > 0 and bare[n - 1] == i - 1
        new_group = i > 0 and placed[i].group is not placed[i - 1].group
        after: dict[int, tuple[float, dict[int, Merged]]] = {}
        for current, (score, chosen) in table.items():
            for k in range(max(current, 0), len(order)):
                same = k == current
                value = score + _named(placed[i], order[k], beside)
                if same and not joined:
                    value -= 3.0
                elif not same:
                    value -= 3.0 * (k - current - 1)
                    if joined and not new_group:
                        value -= 1.5
                if k not in after or value > after[k][0]:
                    after[k] = (value, {**chosen, i: order[k]})
        table = after
    return max(
        ((score - 3.0 * (len(order) - 1 - k), chosen) for k, (score, chosen) in table.items()),
        key=lambda pair: pair[0],
    )


def _printed_beside(page: FlatPage) -> dict[int, Group]:
    """For each merged cell the group cell printed right before it."""
    found: dict[int, Group] = {}
    for element, after in pairwise(page.elements):
        if isinstance(element, Group) and not element.is_label and isinstance(after, Merged):
            found[id(after)] = element
    return found


def _named(place: Placed, cell: Merged, beside: dict[int, Group]) -> float:
    """What speaks for these owners of a row: it names them, or they are printed beside its group cell."""
    text = place.row.plan_text + place.row.result.whole + (place.group.text.whole if place.group else "")
    names = cell.names
    value = sum(0.5 if name in text else -0.15 for name in names[:4])
    if place.group is not None and beside.get(id(cell)) is place.group:
        value += 0.7
    return value


def beside_owners(page: FlatPage, placed: list[Placed]) -> dict[int, Group]:
    """For rows without owners the group cell that their merged owners are printed beside, where as many merged cells as runs of
    such rows make that certain."""
    cells = [element for element in page.elements if isinstance(element, Merged)]
    bare = [i for i, place in enumerate(placed) if not place.row.owners and not is_stray(page, place.row)]
    runs: list[list[int]] = []
    for i in bare:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    if len(runs) != len(cells):
        return {}
    order = _owner_orders(cells, page)[0][0]
    beside = _printed_beside(page)
    return {
        i: beside[id(cell)] for run, cell in zip(runs, order, strict=True) for i in run if id(cell) in beside
    }
