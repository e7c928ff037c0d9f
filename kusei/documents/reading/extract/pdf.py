"""PDF: pages of positioned characters and rules → lines and tables, page after page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pypdfium2
from pdfminer.converter import PDFPageAggregator
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from kusei.documents.reading.extract.guards import check_pdf_streams, damaged, empty_file, encrypted
from kusei.documents.reading.extract.pdf_clip import ClippingInterpreter
from kusei.documents.reading.extract.pdf_glyphs import Marks, read_marks
from kusei.documents.reading.extract.pdf_joins import Joiner
from kusei.documents.reading.extract.pdf_page import PageBlocks, read_page
from kusei.documents.reading.model import Extract, Page, ReadingError, Warning

_FORGET_EVERY = 20
_TAIL_BYTES = 4096


def read(path: Path, progress: Any = None) -> Extract:
    """The pages of a PDF. Locked, cut off and scanned files are refused before the first page is read."""
    _check_end(path)
    check_pdf_streams(path)
    count = _check_pages(path)
    warnings: list[Warning] = []
    return Extract("pdf", _pages(path, count, warnings, progress), count, warnings)


def _check_end(path: Path) -> None:
    """A PDF ends with %%EOF; one that was cut off does not."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read().rstrip(b"\0\r\n\t ")
        while not tail and file.tell() > _TAIL_BYTES:  # files padded with zeros
            file.seek(max(0, file.tell() - 2 * _TAIL_BYTES))
            tail = file.read(_TAIL_BYTES).rstrip(b"\0\r\n\t ")
    if b"%%EOF" not in tail:
        raise damaged()


def _check_pages(path: Path) -> int:
    """How many pages there are. Refuses what cannot be opened, and files in which no page holds text."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise encrypted() from error
        raise damaged() from error
    try:
        count = len(document)
        if not count:
            raise damaged()
        if not _has_text(document, count):
            raise _without_text(document)
        return count
    finally:
        document.close()


def _has_text(document: Any, count: int) -> bool:
    for number in range(count):
        try:
            page = document[number]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError:
            continue
        try:
            characters = text_page.count_chars()
            if characters and text_page.get_text_range(0, min(characters, 2000)).strip(
                "\ufffe\ufeff\0 \r\n\t"
            ):
                return True
        finally:
            text_page.close()
            page.close()
    return False


def _without_text(document: Any) -> ReadingError:
    for number in range(min(len(document), 50)):
        try:
            page = document[number]
            if any(True for _ in page.get_objects(max_depth=2)):
                return ReadingError(
                    "scan_without_text",
                    "画像だけの PDF（スキャン）で、文字の情報がありません。文字認識（OCR）をかけて保存し直すか、元の文書を使ってください。",
                )
        except pypdfium2.PdfiumError:
            continue
    return empty_file()


def _pages(path: Path, count: int, warnings: list[Warning], progress: Any) -> Iterator[Page]:
    joiner = Joiner()
    with path.open("rb") as file:
        for number, blocks in _read_pages(file, count, warnings, progress):
            yield from joiner.add(number, blocks)
        yield from joiner.close()


def _read_pages(
    file: BinaryIO, count: int, warnings: list[Warning], progress: Any
) -> Iterator[tuple[int, PageBlocks]]:
    """Each page's blocks; a page that cannot be read is told in a warning and has none."""
    try:
        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        document = PDFDocument(PDFParser(file))
        resources = PDFResourceManager()
        device = PDFPageAggregator(resources, laparams=None)
        interpreter = ClippingInterpreter(resources, device)
        pages = PDFPage.create_pages(document)
    except PDFPasswordIncorrect as error:
        raise encrypted() from error
    except Exception as error:  # pdfminer raises nearly anything on mangled files
        raise damaged() from error
    readable = 0
    furigana = unreadable = 0
    number = 0
    while True:
        try:
            page = next(pages, None)
        except Exception as error:
            if not readable:
                raise damaged() from error
            warnings.append(
                Warning("page_damaged", f"{number + 1} ページ目から先を読めませんでした。", number + 1)
            )
            break
        if page is None:
            break
        number += 1
        if progress:
            progress(number, count)
        blocks = PageBlocks()
        try:
            interpreter.process_page(page)
            clipped = interpreter.clipped
            marks = read_marks(device.get_result(), _crop(page), clipped.hidden())
            blocks = read_page(marks, number)
            readable += 1
            unreadable += marks.unreadable
            _tell(blocks, marks, clipped.cut, number, warnings)
        except (RecursionError, MemoryError):
            raise damaged() from None
        except Exception:  # one broken page must not lose the others
            warnings.append(
                Warning("page_damaged", f"{number} ページ目が壊れていて読めませんでした。", number)
            )
        furigana += blocks.furigana
        if number % _FORGET_EVERY == 0:
            _forget(document)
        yield number, blocks
    if not readable:
        raise damaged()
    if furigana:
        warnings.append(Warning("furigana_dropped", f"ふりがなを {furigana} か所、本文から外しました。"))
    if unreadable:
        message = f"文字コードのわからない文字が {unreadable} 字ありました（� と表示します）。"
        warnings.append(Warning("unreadable_characters", message))


def _tell(blocks: PageBlocks, marks: Marks, cut: int, number: int, warnings: list[Warning]) -> None:
    if not blocks.blocks and marks.images:
        message = f"{number} ページ目は画像だけで、文字を読めませんでした。"
        warnings.append(Warning("page_without_text", message, number))
    if blocks.too_complex:
        message = f"{number} ページ目は罫線が多すぎるため、表として読みませんでした。"
        warnings.append(Warning("page_too_complex", message, number))
    if cut:
        message = f"{number} ページ目の {cut} か所で、文字が枠に収まらず途中で切れています。元の表で確かめてください。"
        warnings.append(Warning("text_cut_off", message, number))
    for line in blocks.unruled:
        message = "罫線のない表を、文字の並びから表として読みました。列の分かれ方を確かめてください。"
        warnings.append(Warning("unruled_table", message, number, line))


def _crop(page: PDFPage) -> tuple[float, float, float, float]:
    """The visible part of the page in the coordinates of pdfminer's layout (origin at the turned MediaBox)."""
    x0, y0, x1, y1 = page.mediabox
    cx0, cy0, cx1, cy1 = page.cropbox or page.mediabox
    cx0, cx1 = max(min(cx0, cx1), min(x0, x1)), min(max(cx0, cx1), max(x0, x1))
    cy0, cy1 = max(min(cy0, cy1), min(y0, y1)), min(max(cy0, cy1), max(y0, y1))
    if cx1 - cx0 < 1 or cy1 - cy0 < 1:
        cx0, cy0, cx1, cy1 = x0, y0, x1, y1
    rotate = (page.rotate or 0) % 360
    if rotate == 90:
        return (cy0 - y0, x1 - cx1, cy1 - y0, x1 - cx0)
    if rotate == 180:
        return (x1 - cx1, y1 - cy1, x1 - cx0, y1 - cy0)
    if rotate == 270:
        return (y1 - cy1, cx0 - x0, y1 - cy0, cx1 - x0)
    return (cx0 - x0, cy0 - y0, cx1 - x0, cy1 - y0)


def _forget(document: Any) -> None:
    """Drops what pdfminer keeps of finished pages; what is needed again (fonts are kept apart) is read anew."""
    document._cached_objs.clear()
    document._parsed_objs.clear()
