"""What a file really is: told by its content; its name only decides between kinds of plain text."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from kusei.documents.reading.extract import guards
from kusei.documents.reading.model import ReadingError

SUFFIXES = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".docx": "docx",
    ".docm": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
}
_HEAD_BYTES = 8192
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"MZ",
    b"SQLite format 3", b"BZh", b"\xfd7zXZ", b"{\\rtf", b"%!PS", b"RIFF", b"OggS", b"ID3",
)  # fmt: skip
_HTML_START = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_TAGS = re.compile(r"</?(?:p|div|table|tr|td|th|ul|ol|li|h[1-6]|br|span|section)\b[^<>]*>", re.I)


def named_format(path: Path) -> str | None:
    """The format that the file's name promises; None for a name that promises nothing known."""
    return SUFFIXES.get(path.suffix.lower())


def sniff_binary(path: Path) -> str | None:
    """ "pdf", "xlsx" or "docx" if the bytes say so; None where they may be text. Refuses other known binaries."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _sniff_zip(path)
    if head.startswith(_OLE):
        raise _refuse_ole(path)
    if head.startswith(_FOREIGN):
        raise guards.unknown_format()
    if not head.strip(b" \t\r\n\x0c\0\xef\xbb\xbf\xff\xfe") and path.stat().st_size <= _HEAD_BYTES:
        raise guards.empty_file()
    return None


def _sniff_zip(path: Path) -> str:
    guards.check_zip(path)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    if "xl/workbook.xml" in names or any(re.fullmatch(r"xl/workbook\w*\.xml", name) for name in names):
        return "xlsx"
    if any(re.fullmatch(r"word/document\w*\.xml", name) for name in names):
        return "docx"
    if "xl/workbook.bin" in names:
        raise guards.old_format("Excel バイナリ xlsb", "xlsx")
    raise guards.unknown_format()


def _refuse_ole(path: Path) -> ReadingError:
    """Old Office files and encrypted new ones share one container; the names of its streams tell them apart."""
    with path.open("rb") as file:
        content = file.read(32 * 1024**2)

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        return guards.encrypted()
    if holds("Workbook") or holds("Book"):
        return guards.old_format("Excel 97-2003 xls", "xlsx")
    if holds("WordDocument"):
        return guards.old_format("Word 97-2003 doc", "docx")
    return guards.unknown_format()


def sniff_text(text: str, named: str | None) -> str:
    """Which kind of plain text: "html", "md", "csv", "tsv" or "txt"; `named` wins unless the text speaks clearly."""
    head = text[:20_000]
    if _HTML_START.match(head) or (
        named not in ("md", "csv", "tsv") and len(_HTML_TAGS.findall(head)) >= max(6, head.count("\n") // 3)
    ):
        return "html"
    if named == "html" and _HTML_TAGS.search(head):
        return "html"
    if named in ("md", "csv", "tsv"):
        return named
    return _delimited(head) or "txt"


def _delimited(head: str) -> str | None:
    """ "tsv" or "csv" where nearly every line holds the same number of delimiters."""
    lines = [line for line in head.splitlines()[:200] if line.strip()]
    if len(lines) < 3:
        return None
    for delimiter, name, least in (("\t", "tsv", 1), (",", "csv", 2)):
        counts = [line.strip("\n").count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count)
        if (
            usual >= least
            and counts.count(usual) >= len(lines) * 0.9
            and not lines[-1].startswith((" ", "　"))
        ):
            return name
    return None
