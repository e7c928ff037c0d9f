"""How values of plans stand in the audit trail: kinds and languages by name, years of money in 和暦."""

from __future__ import annotations

import re
from typing import Any

from kusei.japanese.fiscal_year import short_wareki_year
from kusei.plans.enums import ItemKind, PlanKind
from kusei.press.languages import BY_CODE

_KINDS = {each.value: each for each in (*ItemKind, *PlanKind)}
_YEAR = re.compile(r"^(\d{4}) (?=\S)")


def kind(value: Any) -> str:
    """事業 for project; other rooms' labels (課・所属) as they are."""
    found = _KINDS.get(str(value))
    return str(found.label) if found else str(value)


def language(value: Any) -> str:
    """やさしい日本語 for ja-easy."""
    found = BY_CODE.get(str(value))
    return found.name if found else str(value)


def money(value: Any) -> str:
    """R3 6,588千円 for 2021 6,588千円, as tables of the office head their columns."""
    return _YEAR.sub(lambda year: f"{short_wareki_year(int(year.group(1)))} ", str(value))
