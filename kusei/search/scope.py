"""Which entries a query may see, as a piece of SQL that both databases read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Scope:
    """The wards (None: all of them), kinds (None: all) and fiscal year (None: any) that a query is about."""

    wards: tuple[int, ...] | None
    kinds: tuple[str, ...] | None = None
    fiscal_year: int | None = None

    def conditions(self) -> tuple[str, list[Any]]:
        """SQL over the alias `e`, beginning with AND, and its parameters."""
        sql = ""
        parameters: list[Any] = []
        for column, values in (("ward_id", self.wards), ("kind", self.kinds)):
            if values is not None:
                marks = ", ".join(["%s"] * len(values)) or "NULL"
                sql += f" AND e.{column} IN ({marks})"
                parameters.extend(values)
        if self.fiscal_year is not None:
            sql += " AND e.fiscal_year = %s"
            parameters.append(self.fiscal_year)
        return sql, parameters

    def lookups(self) -> dict[str, Any]:
        """The same for the ORM."""
        lookups: dict[str, Any] = {}
        if self.wards is not None:
            lookups["ward_id__in"] = self.wards
        if self.kinds is not None:
            lookups["kind__in"] = self.kinds
        if self.fiscal_year is not None:
            lookups["fiscal_year"] = self.fiscal_year
        return lookups


class Match(NamedTuple):
    """An entry that holds what was looked for; `in_title` counts the phrases that its title holds."""

    id: int
    fiscal_year: int | None
    kind: str
    in_title: int
