"""The text of a file as extracted, line by line, so that the place of every item can be shown later."""

from __future__ import annotations

from kusei.documents.reading.model import Line, Page, Table

_CELL_GAP = "　"


class KeptLines:
    """Collects the lines of the pages that pass through the reader (`read_extract(…, keep=lines.keep)`)."""

    def __init__(self) -> None:
        self._pages: dict[int, dict[int, str]] = {}

    def keep(self, page: Page) -> None:
        """Remember one page's lines; a format without pages is page 1."""
        lines = self._pages.setdefault(page.number or 1, {})
        for block in page.blocks:
            for number, text in _lines_of(block):
                text = text.replace("\x00", "")
                lines[number] = f"{lines[number]}{_CELL_GAP}{text}" if number in lines else text

    def pages(self) -> list[tuple[int, list[str]]]:
        """The pages in order; the line with the number n stands at place n - 1."""
        return [
            (number, [lines.get(at, "") for at in range(1, max(lines, default=0) + 1)])
            for number, lines in sorted(self._pages.items())
        ]


def _lines_of(block: Line | Table) -> list[tuple[int, str]]:
    if isinstance(block, Line):
        return [(max(block.number, 1), block.text)]
    found: list[tuple[int, str]] = []
    for row in block.rows:
        for cell in row:
            if cell is None or not cell.text.strip():
                continue
            # A cell that wraps more often than its place has lines stays together on the last of them.
            parts = cell.text.split("\n")
            first = max(cell.line, 1)
            room = max(cell.end_line, first) - first + 1
            if len(parts) > room:
                parts = [*parts[: room - 1], "".join(parts[room - 1 :])]
            found.extend((first + at, part) for at, part in enumerate(parts))
    return found
