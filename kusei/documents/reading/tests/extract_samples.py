"""Documents that the tests of `extract` make themselves: PDFs from Typst and WeasyPrint, and a table whose cells are known."""

from __future__ import annotations

import html
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HEADER = ["行動計画", "取組", "実施計画", "結果", "実施主体"]
_WORDS = [
    "地域の見守り活動を進める",
    "講座を年三回開く",
    "担い手を育てる",
    "情報紙を配る",
    "防災訓練を行う",
    "居場所をつくる",
    "相談の窓口を広げる",
    "学校と連携する",
    "広報で知らせる",
    "交流会を開催する",
    "調査の結果をまとめる",
    "ボランティアを募る",
    "関係機関と情報を共有する",
]
_BODIES = ["福祉保健課", "地域振興課", "社会福祉協議会", "地域ケアプラザ", "こども家庭支援課", "区政推進課"]


@dataclass(slots=True)
class Known:
    """A cell that a test put into a table: text (lines broken by the maker, if at all, by \\n) and spans."""

    text: str
    row_span: int = 1
    col_span: int = 1


KnownRows = list[list[Known | None]]


def known_table(rows: int, *, seed: int = 1, tallest: int = 5) -> KnownRows:
    """A table of action plans: spanned cells in three columns, wide rows between, empty and long cells."""
    pick = random.Random(seed)
    table: KnownRows = []
    number = 0
    while len(table) < rows:
        if table and pick.random() < 0.15:
            table.append(
                [
                    Known(f"まとめ{len(table)} {pick.choice(_WORDS)}", col_span=3),
                    None,
                    None,
                    Known(""),
                    Known("全課"),
                ]
            )
        height = pick.randint(1, tallest)
        number += 1
        block: KnownRows = [[None] * 5 for _ in range(height)]
        block[0][0] = Known(f"{number} {pick.choice(_WORDS)}", row_span=height)
        for column, longest in ((1, 3), (4, 2)):
            row = 0
            while row < height:
                span = min(pick.randint(1, longest), height - row)
                text = _text(pick, 1, 2) if column == 1 else pick.choice(_BODIES)
                block[row][column] = Known(text, row_span=span)
                row += span
        for line in block:
            line[2] = Known("\n".join(f"・{_text(pick, 1, 3)}" for _ in range(pick.randint(1, 3))))
            line[3] = Known("" if pick.random() < 0.2 else _text(pick, 1, 5) + "。")
        table += block
    return table


def _text(pick: random.Random, least: int, most: int) -> str:
    return "、".join(pick.choice(_WORDS) for _ in range(pick.randint(least, most))) + str(pick.randint(1, 99))


@cache
def _fonts() -> tuple[str, ...]:
    import noto_cjk_sans_jp_bold
    import noto_cjk_sans_jp_regular

    return tuple(
        str(Path(module.__file__ or "").parent)
        for module in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)
    )


def typst_pdf(path: Path, body: str, *, page: str = 'paper: "a4"', size: float = 10) -> Path:
    """A PDF set by Typst from `body`."""
    import typst

    source = f'#set page({page})\n#set text(font: "Noto Sans CJK JP", size: {size}pt, lang: "ja")\n{body}'
    path.write_bytes(typst.compile(source.encode(), font_paths=list(_fonts())))
    return path


def html_pdf(path: Path, body: str, *, style: str = "@page { size: A4 }") -> Path:
    """A PDF set by WeasyPrint from `body`."""
    import weasyprint

    css = f"body {{ font-family: 'Noto Sans CJK JP'; font-size: 10pt }} {style}"
    weasyprint.HTML(string=f'<html lang="ja"><style>{css}</style><body>{body}</body></html>').write_pdf(path)
    return path


def typst_table(rows: KnownRows, header: list[str] | None = None, *, options: str = "") -> str:
    """Typst's source of a table with a repeated header."""
    header = HEADER if header is None else header
    columns = ", ".join(["1fr", "1.4fr", "2fr", "2fr", "1fr"][: len(header)])
    cells = [
        f"table.cell(rowspan: {cell.row_span}, colspan: {cell.col_span})[{escape(cell.text)}]"
        for row in rows
        for cell in row
        if cell
    ]
    head = "".join(f"[{escape(text)}]" for text in header)
    return f"#table(columns: ({columns}), {options} table.header{head}, {', '.join(cells)})\n"


def escape(text: str) -> str:
    """Text as Typst markup; line breaks stay."""
    for mark in "\\#*_`$@<>[]":
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", " \\ ")


def html_table(rows: KnownRows, header: list[str] | None = None) -> str:
    """HTML's source of a table with a repeated header."""
    head = "".join(f"<th>{html.escape(text)}</th>" for text in (HEADER if header is None else header))
    lines = [
        "".join(
            f'<td rowspan="{cell.row_span}" colspan="{cell.col_span}">{html.escape(cell.text).replace(chr(10), "<br>")}</td>'
            for cell in row
            if cell
        )
        for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
