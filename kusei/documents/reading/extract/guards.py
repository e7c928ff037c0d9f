"""Limits: what is refused before a parser sees it, so that no file can take the machine down."""

from __future__ import annotations

import mmap
import re
import zipfile
import zlib
from pathlib import Path

from kusei.documents.reading.model import ReadingError

MAX_FILE_BYTES = 300 * 1024**2
MAX_TEXT_BYTES = 64 * 1024**2
MAX_MEMBERS = 20_000
MAX_UNPACKED_BYTES = 400 * 1024**2
MAX_XML_BYTES = 128 * 1024**2
MAX_RATIO = 150
"""An honest sheet of repeated rows packs 1:50 at most; a bomb made with deflate about 1:1000."""
RATIO_FLOOR_BYTES = 4 * 1024**2
"""Below this size nothing is a bomb, however well it packs."""

MAX_STREAM_BYTES = 128 * 1024**2
"""What one stream of a PDF (a page's marks, a font) may unpack to."""
_LEAST_STREAM_BYTES = 64 * 1024
_STREAM = re.compile(rb"stream\r?\n")

MAX_SPAN = 1_000
MAX_TABLE_CELLS = 2_000_000

_CHUNK = 1024**2
_XML_SUFFIXES = (".xml", ".rels", ".vml")


def check_file(path: Path) -> int:
    """The size of a file that can be read; refuses what is not there, no file, not permitted, empty or too large."""
    try:
        if path.is_dir():
            raise ReadingError(
                "not_a_file", f"「{path.name}」はフォルダです。中のファイルを指定してください。"
            )
        if not path.exists():
            raise ReadingError(
                "not_found", f"ファイル「{path}」が見つかりません。場所と名前を確かめてください。"
            )
        if not path.is_file():
            raise ReadingError(
                "not_a_file",
                f"「{path.name}」は普通のファイルではありません。文書のファイルを指定してください。",
            )
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise ReadingError(
            "not_readable", f"ファイル「{path.name}」を開けません。読み取りの権限を確かめてください。"
        ) from error
    except ValueError as error:
        raise ReadingError(
            "not_found", "ファイルの名前に使えない文字があります。場所と名前を確かめてください。"
        ) from error
    if size == 0:
        raise empty_file()
    if size > MAX_FILE_BYTES:
        raise too_large(f"ファイルが {MAX_FILE_BYTES // 1024**2} MB を超えています")
    return size


def check_zip(path: Path) -> None:
    """Refuses an Office file whose packed parts are encrypted, broken, or unpack to more than a document can hold.

    Every part is unpacked once, in pieces: the sizes written in the file's directory are not believed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise too_large("中のファイルの数が多すぎます")
            if any(member.flag_bits & 0x1 for member in members):
                raise encrypted()
            _refuse_oversize(sum(member.file_size for member in members), path.stat().st_size)
            total = xml_total = 0
            for member in members:
                is_xml = member.filename.lower().endswith(_XML_SUFFIXES)
                with archive.open(member) as part:
                    head = b""
                    while chunk := part.read(_CHUNK):
                        total += len(chunk)
                        xml_total += len(chunk) if is_xml else 0
                        _refuse_oversize(total, path.stat().st_size)
                        if xml_total > MAX_XML_BYTES:
                            raise too_large("中の文字の量が多すぎます")
                        if is_xml:
                            _refuse_entities(head[-16:] + chunk)
                            head = chunk
    except ReadingError:
        raise
    except Exception as error:  # zipfile and zlib raise a dozen kinds on mangled members and directories
        raise damaged() from error


def _refuse_oversize(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED_BYTES:
        raise too_large(f"展開すると {MAX_UNPACKED_BYTES // 1024**2} MB を超えます")
    if unpacked > RATIO_FLOOR_BYTES and unpacked > packed * MAX_RATIO:
        raise too_large("圧縮の割合が異常です（展開すると極端に大きくなります）")


def _refuse_entities(chunk: bytes) -> None:
    # Office files never declare entities; a declaration is how nested "billion laughs" bombs begin.
    if b"<!ENTITY" in chunk or b"<\0!\0E\0N\0T" in chunk or b"\0<\0!\0E\0N\0T" in chunk:
        raise too_large("中の XML に実体宣言があり、展開すると極端に大きくなるおそれがあります")


def check_pdf_streams(path: Path) -> None:
    """Refuses a PDF in which a packed stream other than a picture unpacks to more than any page can hold."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for match in _STREAM.finditer(content):
            start = match.end()
            end = content.find(b"endstream", start)
            end = len(content) if end < 0 else end
            head = content[max(0, match.start() - 400) : match.start()].rpartition(b"obj")[2]
            if end - start < _LEAST_STREAM_BYTES or b"/Image" in head or b"FlateDecode" not in head:
                continue
            _refuse_stream_bomb(content, start, end)


def _refuse_stream_bomb(content: mmap.mmap, start: int, end: int) -> None:
    unpacker = zlib.decompressobj()
    total = 0
    try:
        for at in range(start, end, 65_536):
            piece = content[at : min(at + 65_536, end)]
            while piece:
                total += len(unpacker.decompress(piece, _CHUNK))
                if total > MAX_STREAM_BYTES:
                    raise too_large("展開すると極端に大きくなる部分があります")
                piece = unpacker.unconsumed_tail
            if unpacker.eof:
                return
    except zlib.error:
        return  # damaged streams are the parser's business


def check_text_size(size: int) -> None:
    """Refuses text that is too long to be a document."""
    if size > MAX_TEXT_BYTES:
        raise too_large(f"文字のファイルが {MAX_TEXT_BYTES // 1024**2} MB を超えています")


def span(value: object) -> int:
    """A row or column span as printed in a file, kept between 1 and `MAX_SPAN`."""
    try:
        return max(1, min(int(str(value).strip()), MAX_SPAN))
    except ValueError:
        return 1


def empty_file() -> ReadingError:
    return ReadingError("empty", "ファイルの中身が空です。正しいファイルかどうか確かめてください。")


def too_large(reason: str) -> ReadingError:
    return ReadingError("too_large", f"{reason}。読み込みません。必要な部分だけのファイルに分けてください。")


def encrypted() -> ReadingError:
    return ReadingError(
        "encrypted",
        "パスワードで保護（暗号化）されています。パスワードを外して保存し直したファイルを使ってください。",
    )


def damaged() -> ReadingError:
    return ReadingError(
        "damaged",
        "ファイルが壊れているか、途中で切れています。もう一度入手するか、元のソフトで保存し直してください。",
    )


def unknown_format() -> ReadingError:
    return ReadingError(
        "unknown_format",
        "読める形式ではありません。PDF、Excel（xlsx）、Word（docx）、CSV、HTML、テキストのどれかで保存し直してください。",
    )


def old_format(now: str, better: str) -> ReadingError:
    return ReadingError(
        "old_format", f"古い形式（{now}）です。元のソフトで開き、{better} で保存し直してください。"
    )
