"""Names of rows: their number, and how deep they stand by it."""

from __future__ import annotations

import re

from kusei.documents.reading.cells import cell_text
from kusei.documents.reading.markers import Marker, find_marker
from kusei.documents.reading.model import Cell, DraftItem
from kusei.documents.reading.normalise import unwrap
from kusei.japanese.folding import fold

_NUMBER_APART = re.compile(
    r"^(?P<number>\d{1,2})\s+(?P<rest>[^\d\s].+)$"
)  # 2 施設を減らす: in a cell no count
_PLAIN_RANK = 50  # a name without number stands as high as one with a plain number


def below(child: DraftItem) -> DraftItem:
    """An item of a cell's outline, with the kind that its place under a project gives it."""
    number = child.number or ""
    if re.fullmatch(r"\(?\d+\)?", number):
        child.kind = "component"
    elif re.fullmatch(r"\(?[ア-ンa-z]\)?", number):
        child.kind = "subcomponent"
    elif child.kind not in {"related", "component", "subcomponent"}:
        child.kind = "action"
    return child


def _marker_of(text: str) -> Marker | None:
    """The marker of a name; a number glued to a word is part of the name (3世代同居支援)."""
    marker = find_marker(text)
    if marker is None or not marker.rest:
        return None
    if marker.style in {"digit", "latin", "hyphen"} and not re.match(
        r"^\S{1,3}[\s.):、]", fold(text.strip())
    ):
        return None
    return marker


def number_and_title(text: str) -> tuple[str | None, str]:
    """The number before a name, and the name."""
    marker = _marker_of(text)
    if marker:
        return marker.number, marker.rest
    if apart := _NUMBER_APART.match(fold(text)):
        return apart["number"], apart["rest"]
    return None, text


def number_of_group(cell: Cell) -> tuple[str | None, str]:
    """Number and title of a group cell; the number may stand on a line of its own or be glued to the title."""
    first, _, rest = cell.text.strip().partition("\n")
    number = fold(first).strip()
    if rest.strip() and re.fullmatch(r"[(第]?(?:\d{1,3}|[IVX]{1,4})[).]?", number):
        return number.strip("第."), unwrap(rest.splitlines())
    marker = find_marker(cell_text(cell))
    if marker is not None and marker.rest and marker.style not in {"latin", "hyphen"}:
        return marker.number, marker.rest
    if apart := _NUMBER_APART.match(fold(cell_text(cell))):
        return apart["number"], apart["rest"]
    return None, cell_text(cell)


def rank_of(cell: Cell, text: str | None = None) -> tuple[int, str | None, str]:
    """How deep a name stands (by number and indentation), its number, and the rest. `text` is the name without its marks."""
    text = cell_text(cell) if text is None else text
    raw = next((line for line in cell.text.splitlines() if line.strip()), "")
    deep = len(raw) - len(raw.lstrip(" \u3000"))
    marker = _marker_of(text)
    if marker is None:
        number, rest = number_and_title(text)
        inner = raw.strip().startswith(("うち", "(うち", "（うち", "└", "∟"))
        return _PLAIN_RANK + (20 if inner else min(deep, 4)), number, rest
    rank = max(marker.rank, _PLAIN_RANK)
    printed = find_marker(raw.strip())
    if printed is not None and printed.style == "circled" and printed.number == marker.number:
        rank = printed.rank  # folded, ① is a bare 1
    return rank + min(deep, 4), marker.number, marker.rest
