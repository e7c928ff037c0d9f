"""QR codes as SVG text: the same markup for the web page and for print. No script, no style attribute, no outside address."""

from __future__ import annotations

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString
from qrcode.constants import ERROR_CORRECT_M

_QUIET = 4
"""Modules of white around, as the standard asks."""


def qr_svg(text: str, *, label: str = "", pixels: int = 180) -> SafeString:
    """A QR code of `text` (usually an address), black on white, `pixels` wide unless the style sheet says otherwise.

    `label` says in words where it leads; without one the picture is decoration, beside a link that says the same.
    Raises ValueError for a text that is too long (about 2,300 bytes).
    """
    rows = qr_rows(text)
    side = len(rows) + 2 * _QUIET
    path = "".join(
        f"M{begin + _QUIET} {y + _QUIET}h{end - begin}v1h-{end - begin}z"
        for y, row in enumerate(rows)
        for begin, end in _runs(row)
    )
    named = (
        format_html('role="img" aria-label="{}"', label) if label else format_html('{}="true"', "aria-hidden")
    )
    return format_html(
        '<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" width="{1}" height="{1}" '
        'shape-rendering="crispEdges" {2}><rect width="{0}" height="{0}" fill="#fff"/><path d="{3}" fill="#000"/></svg>',
        side, pixels, named, path,
    )  # fmt: skip


def qr_rows(text: str) -> list[list[bool]]:
    """The modules of the code, True for black, without the white around. Raises ValueError for a text that is too long."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (ValueError, qrcode.exceptions.DataOverflowError) as error:
        raise ValueError(f"too long for a QR code: {len(text)} characters") from error
    return [list(map(bool, row)) for row in code.get_matrix()]


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """[begin, end) of each run of black."""
    found = []
    begin = -1
    for place, is_black in enumerate([*row, False]):
        if is_black and begin < 0:
            begin = place
        elif not is_black and begin >= 0:
            found.append((begin, place))
            begin = -1
    return found
