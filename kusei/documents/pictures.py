"""Pictures of the pages of a PDF, drawn when somebody looks at them and kept until the document is done."""

from __future__ import annotations

import struct
import threading
import zlib

import pypdfium2
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kusei.files.models import StoredFile

_drawing = threading.Lock()
"""PDFium must not be entered by two threads at once."""
_WIDTH = 1100
_MOST_PIXELS = 8_000_000
_FOLDER = "pictures"


class NoPicture(Exception):
    """The file has no such page, or it cannot be drawn."""


def is_pdf(stored: StoredFile) -> bool:
    """Whether the file begins as PDFs do, whatever its name says."""
    try:
        with stored.content.open("rb") as file:
            return file.read(1024).lstrip()[:5] == b"%PDF-"
    except OSError:
        return False


def page_size(stored: StoredFile, page: int) -> tuple[float, float]:
    """Width and height of a page in points. Raises NoPicture."""
    with _drawing, _opened(stored) as document:
        return tuple(_page(document, page).get_size())  # type: ignore[return-value]


def picture_of(stored: StoredFile, page: int) -> bytes:
    """The page as PNG. Raises NoPicture."""
    name = f"{_FOLDER}/{stored.sha256[:32]}/{page}.png"
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as kept:
            return bytes(kept.read())
    with _drawing, _opened(stored) as document:
        sheet = _page(document, page)
        width, height = sheet.get_size()
        scale = min(_WIDTH / max(width, 1), (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        try:
            bitmap = sheet.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
        except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
            raise NoPicture from error
        png = _png(bitmap)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(png))
    return png


def _png(bitmap: pypdfium2.PdfBitmap) -> bytes:
    """A bitmap as PNG: three bytes a pixel, or one where the page was drawn in grey."""
    width, height, stride, each = bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels
    pixels = bytes(bitmap.buffer)
    if each == 4:  # the fourth byte of a pixel says nothing here
        kept = bytearray(width * height * 3)
        for channel in range(3):
            rows = b"".join(pixels[at * stride : at * stride + width * 4] for at in range(height))
            kept[channel::3] = rows[channel::4]
        pixels, stride, each = bytes(kept), width * 3, 3
    rows_ = b"".join(b"\0" + pixels[at * stride : at * stride + width * each] for at in range(height))
    kind = {1: 0, 3: 2}[each]
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _piece(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)),
            _piece(b"IDAT", zlib.compress(rows_, 5)),
            _piece(b"IEND", b""),
        ]
    )


def _piece(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def forget_pictures(stored: StoredFile) -> None:
    """Delete what was drawn of a file: it can be drawn again."""
    folder = f"{_FOLDER}/{stored.sha256[:32]}"
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


class _opened:
    """The PDF, closed again."""

    def __init__(self, stored: StoredFile) -> None:
        self._stored = stored

    def __enter__(self) -> pypdfium2.PdfDocument:
        try:
            with self._stored.content.open("rb") as file:
                self._document = pypdfium2.PdfDocument(file.read())
        except (OSError, pypdfium2.PdfiumError) as error:
            raise NoPicture from error
        return self._document

    def __exit__(self, *_problem: object) -> None:
        self._document.close()


def _page(document: pypdfium2.PdfDocument, page: int) -> pypdfium2.PdfPage:
    if not 1 <= page <= len(document):
        raise NoPicture
    try:
        return document[page - 1]
    except pypdfium2.PdfiumError as error:
        raise NoPicture from error
