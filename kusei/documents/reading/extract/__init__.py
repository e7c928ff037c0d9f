"""Step 1 of reading: a file → pages of lines and tables as printed.

Each format has its module, loaded only when such a file comes, so that a text file is read without waiting for a PDF
library. What a file is, its content decides (`sniff`); what is too large, locked or broken is refused first (`guards`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kusei.documents.reading.extract import guards, sniff
from kusei.documents.reading.extract.decoding import decode
from kusei.documents.reading.model import Extract, Warning

Progress = Callable[[int, int | None], None]

_NAMES = {
    "txt": "テキスト",
    "md": "Markdown",
    "csv": "CSV",
    "tsv": "TSV",
    "xlsx": "Excel（xlsx）",
    "docx": "Word（docx）",
    "html": "HTML",
    "pdf": "PDF",
}


def extract(path: Path, *, progress: Progress | None = None) -> Extract:
    """What the file holds, page by page, as printed.

    `pages` is walked once; while it is walked `progress(page, total)` is called for each page and `warnings` may grow.
    Raises ReadingError (also while walking) with what is wrong and what to do.
    """
    path = Path(path)
    size = guards.check_file(path)
    named = sniff.named_format(path)
    real = sniff.sniff_binary(path)
    if real is None:
        extracted = _extract_text(path, size, named, progress)
    elif real == "pdf":
        from kusei.documents.reading.extract import pdf

        extracted = pdf.read(path, progress)
    elif real == "xlsx":
        from kusei.documents.reading.extract import xlsx

        extracted = xlsx.read(path, progress)
    else:
        from kusei.documents.reading.extract import docx

        extracted = docx.read(path, progress)
    if named is not None and named != extracted.format and {named, extracted.format} != {"csv", "tsv"}:
        message = (
            f"名前は {path.suffix} ですが、中身は {_NAMES[extracted.format]} です。中身のとおりに読みました。"
        )
        extracted.warnings.insert(0, Warning("wrong_suffix", message))
    return extracted


def _extract_text(path: Path, size: int, named: str | None, progress: Progress | None) -> Extract:
    guards.check_text_size(size)
    decoded = decode(path.read_bytes())
    if not decoded.text.strip("\ufeff\0 \t\r\n\x0c\u3000"):
        raise guards.empty_file()
    kind = sniff.sniff_text(decoded.text, named)
    if kind == "html":
        from kusei.documents.reading.extract import html

        pages = html.pages(decoded)
    elif kind in ("csv", "tsv"):
        from kusei.documents.reading.extract import csv_

        pages = csv_.pages(decoded, tab_first=kind == "tsv")
    else:
        from kusei.documents.reading.extract import text

        pages = text.pages(decoded, markdown=kind == "md")
    if progress:
        progress(1, 1)
    return Extract(kind, iter(pages), len(pages), decoded.warnings)
