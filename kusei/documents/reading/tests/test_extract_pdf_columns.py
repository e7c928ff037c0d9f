"""PDF: the order of pages set in columns, and what only looks like columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from kusei.documents.reading.tests.extract_samples import html_pdf, typst_pdf
from kusei.documents.reading.tests.test_extract_pdf import PROSE, squeezed
from kusei.documents.reading.tests.test_extract_text import lines, read, tables

LEFT = "".join(
    f"<h3>{n} 緑とふれあう</h3><p>・公園で花を育てる会を{n}回開きます。</p><p>・水辺を歩く</p>"
    for n in range(1, 6)
)
RIGHT = "".join(
    f"<p>・商店街の催しを{n}回ひらきます。</p><p>・買い物を支える</p><h4>{n} にぎわう</h4>"
    for n in range(1, 6)
)


def whole(path: Path) -> str:
    _, pages = read(path)
    assert tables(pages) == []
    return squeezed("".join(text for _, text in lines(pages)))


def plain(html: str) -> str:
    for tag in ("h1", "h2", "h3", "h4", "p"):
        html = html.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return squeezed(html)


@pytest.mark.slow
def test_columns_of_short_lines_below_full_width_text(tmp_path: Path) -> None:
    """Their lines stand at differing heights, headings of other sizes among them."""
    path = html_pdf(
        tmp_path / "a.pdf",
        f"<h1>運営方針</h1><p>{PROSE * 2}</p><h2>施策</h2><div style='columns:2; column-fill:auto; height:470pt'>{LEFT}"
        f"<div style='break-before:column'>{RIGHT}</div></div><p>{PROSE * 2}</p>",
    )

    assert whole(path) == plain(f"運営方針{PROSE * 2}施策{LEFT}{RIGHT}{PROSE * 2}")


@pytest.mark.slow
def test_three_columns(tmp_path: Path) -> None:
    parts = [f"{name}の柱です。{PROSE * 3}" for name in ("安心", "活力", "未来")]
    body = " #colbreak() ".join(parts)

    path = typst_pdf(tmp_path / "a.pdf", f"= 三つの柱\n#columns(3)[{body}]", size=9)

    assert whole(path) == squeezed("三つの柱" + "".join(parts))


@pytest.mark.slow
def test_bands_with_differing_columns(tmp_path: Path) -> None:
    """Two columns of unequal width, a line over both, three columns below."""
    two = f"#grid(columns: (2fr, 3fr), column-gutter: 8mm, [甲。{PROSE * 3}], [乙。{PROSE * 4}])"
    three = f"#grid(columns: (1fr,) * 3, column-gutter: 6mm, [丙。{PROSE * 3}], [丁。{PROSE * 3}], [戊。{PROSE * 3}])"

    path = typst_pdf(tmp_path / "a.pdf", f"{PROSE * 2}\n{two}\n{PROSE * 2}\n{three}")

    assert whole(path) == squeezed(
        f"{PROSE * 2}甲。{PROSE * 3}乙。{PROSE * 4}{PROSE * 2}丙。{PROSE * 3}丁。{PROSE * 3}戊。{PROSE * 3}"
    )


def test_lists_side_by_side(tmp_path: Path) -> None:
    left = [f"・花の名所{n}の手入れをする取組" for n in range(1, 8)]
    right = [f"・水辺の道{n}の清掃をする取組" for n in range(1, 8)]

    path = typst_pdf(
        tmp_path / "a.pdf",
        f"#grid(columns: (1fr, 1fr), [{' #linebreak() '.join(left)}], [{' #linebreak() '.join(right)}])",
    )

    assert whole(path) == squeezed("".join(left + right))


def test_lists_of_arrows_at_the_same_heights(tmp_path: Path) -> None:
    """Short lines level with those beside them, headed by ◆ and marked by ⇒: the columns are read one after the other."""
    below = [("⇒ 区の広報紙と掲示板で広く参加を募ります", "⇒ 年に3回開く", "⇒ 学校へ出向く")] * 3
    left = [line for n, arrows in enumerate(below) for line in (f"◆花の名所{n}", *arrows)]
    right = [line for n, arrows in enumerate(below) for line in (f"◆水辺の道{n}", *arrows)]

    path = typst_pdf(
        tmp_path / "a.pdf",
        f"#grid(columns: (1fr, 1fr), [{' #linebreak() '.join(left)}], [{' #linebreak() '.join(right)}])",
    )

    assert whole(path) == squeezed("".join(left + right))


def test_labels_and_their_values_stay_side_by_side(tmp_path: Path) -> None:
    """Cells without rules or a header are no columns: each label is read with what stands beside it."""
    pairs = [
        ("事業の名称", "見守りの輪を広げる取組"),
        ("担当", "福祉保健課"),
        ("予算", "1,200千円"),
        ("対象", "区民"),
        ("時期", "五月から"),
    ]
    cells = ", ".join(f"[{label}], [{value}]" for label, value in pairs)

    _, pages = read(typst_pdf(tmp_path / "a.pdf", f"#grid(columns: (1fr, 2fr), row-gutter: 8pt, {cells})"))

    assert [text.split() for _, text in lines(pages)] == [list(pair) for pair in pairs]
