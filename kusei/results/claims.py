"""Figures that somebody typed into a result, held against what the ledger says: pure.

A text that says 25人 where the ledger says 26 is pointed out, never blocked. Equal numbers are never taken for the same
thing by their number alone: the unit must fit, and where several metrics have it, the words before the number decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kusei.japanese.counted import Found, figures_in
from kusei.japanese.folding import fold, fold_name
from kusei.results.live import LiveFigure

_SAME_UNITS = {
    "名": "人", "延べ名": "延べ人", "箇所": "か所", "ヶ所": "か所", "カ所": "か所", "ヵ所": "か所", "ケ所": "か所",
    "小学校": "校", "中学校": "校", "％": "%",
}  # fmt: skip
_COMPARED = re.compile(
    r"(?:前年度?|昨年度?|前の年度?|前回|同期)(?:(?!同|続|様)[^、。\n0-9]){0,12}\Z|[+△▲]\s*\Z|(?:定員|目標|予定|計画値)(?:は|の|を|が|:)?\s*\Z"
)
_CHANGED = re.compile(r"\s*(?:の?(?:増|減)|(?:多|少な)(?:い|く|かった))")
MONEY = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 100_000_000}


class Standing(StrEnum):
    """What the ledger has to say about a typed figure."""

    BACKED = "backed"
    DIFFERS = "differs"
    UNBACKED = "unbacked"


@dataclass(frozen=True, slots=True)
class Claim:
    """One typed figure. `against` is the ledger's figure that backs it or differs from it, None where there is none."""

    found: Found
    value: Decimal
    unit: str
    standing: Standing
    against: LiveFigure | None = None


def plain_unit(unit: str) -> str:
    """One spelling for units that mean the same: 名 = 人, 箇所 = か所."""
    return _SAME_UNITS.get(unit, unit)


def claims_in(text: str, figures: Sequence[LiveFigure]) -> list[Claim]:
    """Every figure typed in `text` that says what was done this year, with what the ledger says.

    Live figures (《…》) are no typed ones; last year's figures, differences (前年度比+21人) and targets (定員30人) say nothing of
    this year.
    """
    known = [(_value(each), plain_unit(each.unit), each) for each in figures if each.quantity is not None]
    claims = []
    for found in figures_in(text):
        if found.value < 0 or _is_compared(text, found):
            continue
        factor = MONEY.get(found.unit)
        value = found.value * factor if factor else found.value
        unit = "円" if factor else plain_unit(found.unit)
        alike = [(amount, each) for amount, its, each in known if _fits(unit, its)]
        equal = [each for amount, each in alike if amount == value]
        if equal:
            claims.append(Claim(found, value, unit, Standing.BACKED, _nearest(found, equal)))
        elif (near := _nearest(found, [each for _amount, each in alike])) is not None:
            claims.append(Claim(found, value, unit, Standing.DIFFERS, near))
        else:
            claims.append(Claim(found, value, unit, Standing.UNBACKED))
    return claims


def _is_compared(text: str, found: Found) -> bool:
    before = fold(text[max(0, found.begin - 24) : found.begin])
    return bool(_COMPARED.search(before) or _CHANGED.match(fold(text[found.end : found.end + 8])))


def _fits(unit: str, other: str) -> bool:
    """人 may be said of what is counted as 延べ人: texts say 25人参加 of a single time."""
    return unit == other or {unit, other} == {"人", "延べ人"}


def _value(figure: LiveFigure) -> Decimal:
    return Decimal(figure.quantity or 0).scaleb(-figure.decimals)


def _nearest(found: Found, figures: Sequence[LiveFigure]) -> LiveFigure | None:
    """The figure that the words before the number name; the only one there is; else none: nothing is guessed."""
    if len(figures) == 1:
        return figures[0]
    label = fold_name(found.label or "")
    named = [
        each for each in figures if label and (label in fold_name(each.name) or fold_name(each.name) in label)
    ]
    return named[0] if len(named) == 1 else None
