"""Workbooks that people send: what is no .xlsx, or too much of one, is refused before a library opens it."""

from __future__ import annotations

import io
import zipfile

from django.utils.translation import gettext as _

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 20 * 1024 * 1024
_MOST_UNPACKED = 300 * 1024 * 1024


class WorkbookRefused(ValueError):
    """No workbook that can be read; the message is Japanese and says what to do."""


def check_workbook(content: bytes, *, most_unpacked: int = _MOST_UNPACKED) -> None:
    """Raise WorkbookRefused unless `content` looks like an .xlsx of a size that can be opened."""
    if len(content) > MOST_BYTES:
        raise WorkbookRefused(
            _("ファイルが大きすぎます。%(size)dMBまでにしてください。") % {"size": MOST_BYTES // 1024 // 1024}
        )
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise WorkbookRefused(
            _("古い形式か、パスワードの付いたExcelファイルです。パスワードを外し、「Excel ブック（.xlsx）」で保存し直してください。")
        )  # fmt: skip
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile:
        raise WorkbookRefused(
            _(
                "Excelのファイル（.xlsx）ではないか、壊れています。Kuseiから書き出したファイルを選んでください。"
            )
        ) from None
    if unpacked > most_unpacked:
        raise WorkbookRefused(_("ファイルの中身が大きすぎて読めません。いらないシートを消してください。"))


def broken() -> WorkbookRefused:
    """What to raise where the library cannot read on: whatever it says, the file is broken."""
    return WorkbookRefused(
        _("ファイルが壊れていて読めません。Excelで開いて保存し直してから、もう一度選んでください。")
    )
