"""Live figures in a text: 《開催・実施の回数》 stands for what the ledger says, until the text is approved.

Pure: what the ledger says is handed in. A token is the name of a metric between 《 and 》; where two metrics of one name
differ in their unit, name and unit: 《参加者・組》. Behind 前年度比 it stands for the difference from the year before:
《延べ参加者・前年度比》 reads +21人.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kusei.japanese.folding import fold

CHANGE = "・前年度比"
_TOKEN = re.compile("《([^《》\n]{1,120})》")


@dataclass(frozen=True, slots=True)
class LiveFigure:
    """What the ledger says of one metric for the action. `quantity` in the metric's smallest unit; None: no figure. `before`
    is the same of the year before, where it is known."""

    metric_id: int
    name: str
    unit: str
    decimals: int
    quantity: int | None
    entries: int
    before: int | None = None

    @property
    def printed(self) -> str:
        """1,251人, 11.5%; the unit as the metric has it."""
        return "" if self.quantity is None else self._said(self.quantity)

    @property
    def change(self) -> str:
        """+21人, △3人, 増減なし; empty where one of the years is not known."""
        if self.quantity is None or self.before is None:
            return ""
        difference = self.quantity - self.before
        if not difference:
            return _("増減なし")
        told = self._said(abs(difference), unit=_("ポイント") if self.unit == "%" else "")
        return f"{'+' if difference > 0 else '△'}{told}"

    def _said(self, quantity: int, unit: str = "") -> str:
        number = Decimal(quantity).scaleb(-self.decimals)
        return f"{number:,}{unit or self.unit.removeprefix('延べ')}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: words, or a live figure in their place (`is_change`: its difference from the year before).
    `is_known` is false where it stands for nothing."""

    text: str
    figure: LiveFigure | None = None
    is_token: bool = False
    is_change: bool = False

    @property
    def is_known(self) -> bool:
        if not self.is_token:
            return True
        if self.figure is None:
            return False
        return bool(self.figure.change) if self.is_change else self.figure.quantity is not None


def token_of(figure: LiveFigure, others: Sequence[LiveFigure] = ()) -> str:
    """What is written into a text to stand for a figure."""
    alike = [each for each in others if each.name == figure.name and each.metric_id != figure.metric_id]
    return f"《{figure.name}・{figure.unit}》" if alike else f"《{figure.name}》"


def change_token_of(figure: LiveFigure, others: Sequence[LiveFigure] = ()) -> str:
    """What stands for a figure's difference from the year before."""
    return f"{token_of(figure, others).removesuffix('》')}{CHANGE}》"


def without_change(name: str) -> str:
    """The name of the figure that a token speaks of, whether of itself or of its difference."""
    return name.removesuffix(CHANGE)


def named(text: str) -> list[str]:
    """The names between 《 and 》, in order."""
    return [match[1] for match in _TOKEN.finditer(text)]


def compares(text: str) -> bool:
    """Whether a text needs the figures of the year before."""
    return f"{CHANGE}》" in text


def pieces(text: str, figures: Sequence[LiveFigure]) -> list[Piece]:
    """A text in stretches of words and live figures. A name that no figure bears stays as it is written, marked unknown."""
    by_name = _by_name(figures)
    found, at = [], 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            found.append(Piece(text[at : match.start()]))
        name = without_change(match[1])
        figure, is_change = by_name.get(fold(name)), name != match[1]
        printed = (figure.change if is_change else figure.printed) if figure is not None else ""
        found.append(Piece(printed or match[0], figure, is_token=True, is_change=is_change))
        at = match.end()
    if at < len(text):
        found.append(Piece(text[at:]))
    return found


def said(text: str, figures: Sequence[LiveFigure]) -> str:
    """The text with every live figure in words, as it reads now."""
    return "".join(piece.text for piece in pieces(text, figures))


def unknown(text: str, figures: Sequence[LiveFigure]) -> list[str]:
    """Tokens that stand for nothing: a name that no metric bears, or a metric without entries."""
    return [piece.text for piece in pieces(text, figures) if not piece.is_known]


def freeze(text: str, figures: Sequence[LiveFigure], *, at: datetime) -> tuple[str, list[dict[str, Any]]]:
    """The text as it reads now, and its figures as they are kept with it for ever (see `Answer.final_figures`); differences from
    the year before are words, no figures."""
    kept = [
        {
            "metric": piece.figure.metric_id,
            "name": piece.figure.name,
            "printed": piece.text,
            "quantity": piece.figure.quantity,
            "decimals": piece.figure.decimals,
            "unit": piece.figure.unit,
            "entries": piece.figure.entries,
            "as_of": at.isoformat(),
        }
        for piece in pieces(text, figures)
        if piece.is_token and not piece.is_change and piece.figure is not None
    ]
    return said(text, figures), kept


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that was kept with a text, and what the ledger says of it now (empty: nothing any more)."""

    name: str
    then: str
    now: str


def moved(kept: Sequence[Mapping[str, Any]], figures: Sequence[LiveFigure]) -> list[Moved]:
    """The kept figures (see `Answer.final_figures`) that the ledger says otherwise now, each once."""
    by_metric = {figure.metric_id: figure for figure in figures if figure.quantity is not None}
    found: dict[int, Moved] = {}
    for each in kept:
        now = by_metric.get(each["metric"])
        if now is None or _number(now.quantity, now.decimals) != _number(each["quantity"], each["decimals"]):
            found[each["metric"]] = Moved(each["name"], each["printed"], now.printed if now else "")
    return list(found.values())


def _number(quantity: int | None, decimals: int) -> Decimal | None:
    return None if quantity is None else Decimal(quantity).scaleb(-decimals)


def _by_name(figures: Sequence[LiveFigure]) -> Mapping[str, LiveFigure]:
    names: dict[str, LiveFigure] = {}
    for figure in figures:
        names[fold(f"{figure.name}・{figure.unit}")] = figure
        names.setdefault(fold(figure.name), figure)
    return names
