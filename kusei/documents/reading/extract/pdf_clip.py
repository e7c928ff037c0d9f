"""Characters that a PDF draws but doesn't show: those outside the clipping path.

Spreadsheet programs draw a merged cell that goes over a page break on each of the pages and cut off what belongs to the
other one; text too long for its cell likewise. Readers see only what is inside the path. What is outside lies over other
cells and would be read as theirs.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.utils import apply_matrix_pt

_MOST = 0.5
"""Where more of a page's characters would be hidden, its clipping path is not what it seems: nothing is hidden."""


@dataclass(slots=True)
class Clipped:
    """What one page draws outside the clipping path."""

    drawn: int = 0
    ids: set[int] = field(default_factory=set)
    """The characters outside, by the identity of their layout objects."""
    cut: int = 0
    """Lines that are cut off at the edge of the path."""

    def hidden(self) -> Set[int]:
        """The characters to leave out."""
        return self.ids if len(self.ids) <= _MOST * self.drawn else frozenset()


class ClippingInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter, which does not know the clipping path, with the bounds of that path."""

    def __init__(self, resources: Any, device: Any) -> None:
        super().__init__(resources, device)
        self.bounds: tuple[float, float, float, float] | None = None
        self.clipped = Clipped()
        self.last_shown: Any = None

    def process_page(self, page: Any) -> None:
        self.bounds, self.clipped, self.last_shown = None, Clipped(), None
        super().process_page(page)

    def subinterp(self) -> PDFPageInterpreter:
        inner = super().subinterp()
        assert isinstance(inner, ClippingInterpreter)
        inner.bounds, inner.clipped = self.bounds, self.clipped
        return inner

    def init_state(self, ctm: Any) -> None:
        super().init_state(ctm)
        self.saved: list[tuple[float, float, float, float] | None] = []

    def do_q(self) -> None:
        super().do_q()
        self.saved.append(self.bounds)

    def do_Q(self) -> None:
        super().do_Q()
        if self.saved:
            self.bounds = self.saved.pop()

    def do_W(self) -> None:
        """The path is complete when it is made the clipping path; what counts are its bounds, whatever its shape."""
        points = [
            apply_matrix_pt(self.ctm, (float(segment[i]), float(segment[i + 1])))
            for segment in self.curpath
            for i in range(1, len(segment) - 1, 2)
        ]
        if not points:
            return
        xs, ys = [x for x, _ in points], [y for _, y in points]
        x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
        if self.bounds is not None:
            x0, y0 = max(x0, self.bounds[0]), max(y0, self.bounds[1])
            x1, y1 = min(x1, self.bounds[2]), min(y1, self.bounds[3])
        self.bounds = (x0, y0, x1, y1)

    def do_W_a(self) -> None:
        self.do_W()

    def do_TJ(self, seq: Any) -> None:
        """Shows text; every operator that shows text comes here."""
        device: Any = self.device
        start = len(device.cur_item)
        super().do_TJ(seq)
        items = device.cur_item._objs[start:]
        self.clipped.drawn += len(items)
        if self.bounds is None:
            return
        x0, y0, x1, y1 = self.bounds
        before = self.last_shown
        for item in items:
            if x0 <= (item.x0 + item.x1) / 2 <= x1 and y0 <= (item.y0 + item.y1) / 2 <= y1:
                before = item
                continue
            self.clipped.ids.add(id(item))
            if before is not None and _follows(before, item):
                self.clipped.cut += 1
                before = None
        self.last_shown = before


def _follows(before: Any, item: Any) -> bool:
    """Whether a character goes on with the line of the one before it."""
    return (
        not item.get_text().isspace()
        and abs(item.y0 - before.y0) < 0.2 * item.size
        and abs(item.x0 - before.x1) < item.size
    )
