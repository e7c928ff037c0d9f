"""Which places a text names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kusei.japanese.folding import fold_name


def places_named(text: str, names: Iterable[str]) -> set[str]:
    """The folded names that stand in the text; where one is part of another (和泉中央 in 和泉中央南), the longer one counts."""
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    if not longest_first:
        return set()
    pattern = "|".join(re.escape(name) for name in longest_first)
    return set(re.findall(pattern, fold_name(text)))
