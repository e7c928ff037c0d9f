"""Tables that run on over page breaks."""

from __future__ import annotations

from collections.abc import Iterator

from kusei.documents.reading.extract.pdf_page import PageBlocks
from kusei.documents.reading.extract.pdf_tables import RawTable
from kusei.documents.reading.model import Page


class Joiner:
    """Gets the pages in order and gives them back when no table on them can grow any more."""

    def add(self, number: int, page: PageBlocks) -> Iterator[Page]:
        """The pages that are finished now that page `number` is known."""
        blocks = [block.finish() if isinstance(block, RawTable) else block for block in page.blocks]
        yield Page(blocks, number)

    def close(self) -> Iterator[Page]:
        """The pages still held at the end."""
        return iter(())
