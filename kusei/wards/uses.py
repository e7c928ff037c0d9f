"""What other rooms say of this room's objects: where they are used. Rooms above register themselves; this one asks."""

from __future__ import annotations

from collections.abc import Callable

from kusei.wards.models import District

_of_district: list[Callable[[District], int]] = []


def declare_district_uses(count: Callable[[District], int]) -> None:
    """Called by the AppConfig of a room whose texts name districts."""
    _of_district.append(count)


def district_uses(district: District) -> int:
    """How many published items and entries of the ledger name the district."""
    return sum(count(district) for count in _of_district)
