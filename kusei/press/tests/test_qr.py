"""QR codes as SVG: what is drawn is what the library worked out."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from kusei.press.qr import qr_rows, qr_svg

_ADDRESS = "https://kusei.example.jp/w/komorebi/activities/0a6b3d/?a=1&b=2"


def test_every_black_module_is_drawn_and_no_other() -> None:
    rows = qr_rows(_ADDRESS)
    drawing = ElementTree.fromstring(qr_svg(_ADDRESS))
    side = int(drawing.attrib["viewBox"].split()[-1])
    assert side == len(rows) + 8
    path = drawing.find("{http://www.w3.org/2000/svg}path")
    assert path is not None
    black = {
        (int(x) + step, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)", path.attrib["d"])
        for step in range(int(width))
    }
    assert black == {
        (x + 4, y + 4) for y, row in enumerate(rows) for x, is_black in enumerate(row) if is_black
    }


def test_a_label_is_read_aloud_and_cannot_break_out() -> None:
    drawing = ElementTree.fromstring(qr_svg(_ADDRESS, label='講座 "<b>" のページ', pixels=90))
    assert drawing.attrib["aria-label"] == '講座 "<b>" のページ'
    assert drawing.attrib["width"] == "90"
    assert 'aria-hidden="true"' in qr_svg(_ADDRESS)
    assert "style=" not in qr_svg(_ADDRESS)


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        qr_rows("あ" * 2000)
