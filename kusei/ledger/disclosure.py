"""What of a published figure may be shown in parts to everybody: pure (docs/adr/0017).

Numbers of people are never shown for so few that somebody could be known by them. Months are drawn together into quarters or
halves of the year, bodies and districts with few are drawn together into one line; where that does not help nothing is said.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kusei.japanese.folding import fold

FEW = 10
"""Of people, fewer than so many are not told in parts."""

_THINGS = frozenset({
    *("回", "か所", "箇所", "ヶ所", "校", "園", "館", "部", "枚", "冊", "基", "台", "本", "株", "団体", "講座", "事業"),
    *("m", "km", "㎡", "ha", "円", "千円", "時間", "分", "日", "か月", "%", "t", "kg"),
})  # fmt: skip
"""Units of what is done or made. Every other unit may stand for people (人, 世帯, 組, 件 …), known ones and those that a ward
invents."""

Key = TypeVar("Key", bound=Hashable)


def is_few(quantity: int, unit: str, *, decimals: int = 0) -> bool:
    """Whether a number is of so few people that nothing more than the number is told of them."""
    return not counts_things(unit) and 0 < quantity < FEW * 10**decimals


def counts_things(unit: str) -> bool:
    """Whether a unit counts what is done or made, never people."""
    return fold(unit).strip() in _THINGS


@dataclass(frozen=True, slots=True)
class Share(Generic[Key]):
    """One line of a figure in parts; several keys where few were drawn together."""

    keys: tuple[Key, ...]
    quantity: int


def shares(parts: Mapping[Key, int], unit: str, *, decimals: int = 0) -> tuple[Share[Key], ...] | None:
    """Parts of a sum as everybody may see them, in the order given, those drawn together last. None: nothing may be said.

    Quantities are in the smallest unit. Parts without any stay away. What is drawn together is of two parts at least and no
    fewer than `FEW`, so that no part can be worked out from the rest.
    """
    few = FEW * 10**decimals
    known = {key: quantity for key, quantity in parts.items() if quantity}
    if counts_things(unit) or all(quantity >= few for quantity in known.values()):
        return tuple(Share((key,), quantity) for key, quantity in known.items())
    by_size = sorted(known, key=lambda key: known[key])
    together: list[Key] = []
    while by_size and (
        known[by_size[0]] < few or len(together) < 2 or sum(known[key] for key in together) < few
    ):
        together.append(by_size.pop(0))
    if not by_size:
        return None
    drawn = set(together)
    single = [Share((key,), quantity) for key, quantity in known.items() if key not in drawn]
    rest = tuple(key for key in known if key in drawn)
    return (*single, Share(rest, sum(known[key] for key in rest)))


def months(quantities: Sequence[int], unit: str, *, decimals: int = 0) -> tuple[tuple[int, int, int], ...]:
    """Twelve months of a sum, April first, as (first, last, quantity): by month, by quarter, by half of the year, whichever
    may be shown; nothing where none may. A time without any is no secret."""
    few = FEW * 10**decimals
    for length in (1, 3, 6):
        drawn = tuple(
            (first, first + length - 1, sum(quantities[first : first + length]))
            for first in range(0, 12, length)
        )
        if counts_things(unit) or all(not quantity or quantity >= few for _first, _last, quantity in drawn):
            return drawn
    return ()
