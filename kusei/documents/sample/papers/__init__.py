"""Documents of an invented ward, to try reading and importing with.

`python -m kusei.documents.sample.papers` sets the PDF anew from its Typst source; the same source gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
POLICY = FOLDER / "mirai_policy_2026.txt"
BUDGET = FOLDER / "mirai_budget_2026.pdf"
BUDGET_SOURCE = FOLDER / "mirai_budget_2026.typ"


def set_budget() -> bytes:
    """The budget booklet as PDF."""
    import noto_cjk_sans_jp_bold  # the fonts come as packages; loaded only where something is set
    import noto_cjk_sans_jp_regular
    import typst

    fonts = [
        str(Path(package.__file__).parent) for package in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)
    ]
    return typst.compile(str(BUDGET_SOURCE), font_paths=fonts, ignore_system_fonts=True)
