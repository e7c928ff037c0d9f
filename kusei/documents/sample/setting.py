"""Documents of an invented ward, to try reading and importing with. Their folder holds nothing else, so that all of it can be
imported in one go.

`python -m kusei.documents.sample.setting` sets the PDF anew from its Typst source; the same source gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "papers"
POLICY = FOLDER / "mirai_policy_2026.txt"
BUDGET = FOLDER / "mirai_budget_2026.pdf"
BUDGET_SOURCE = Path(__file__).parent / "data" / "mirai_budget_2026.typ"


def set_budget() -> bytes:
    """The budget booklet as PDF. Needs Typst and its fonts, which only developers have."""
    import noto_cjk_sans_jp_bold
    import noto_cjk_sans_jp_regular
    import typst

    fonts = [
        str(Path(package.__file__).parent) for package in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)
    ]
    return typst.compile(str(BUDGET_SOURCE), font_paths=fonts, ignore_system_fonts=True)


if __name__ == "__main__":
    BUDGET.write_bytes(set_budget())
