"""Total rows of a table: no items, but what they say must agree with the rows above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from kusei.documents.reading.model import Amount, Warning
from kusei.documents.reading.rows import RowsRead

_TOTAL = re.compile(
    r"^(?:総?合\s*計|総\s*計|小\s*計|中\s*計|計|総\s*額|合計額|.{1,14}(?:合\s*計|小\s*計)|.{0,8}(?<!会)(?<!設)(?<!統)計\(.*\))$"
)
_ACCOUNT = re.compile(
    r"^(?:\d{1,2}[.)]?|[(]\d{1,2}[)]|うち)?(?:一般|特別|(?:公営)?企業)会計(?:\(.{1,12}\)|等|予算)?$|^(?:公営)?企業会計$"
)
_COARSE = {"百万円", "億円", "十億円", "百億円", "兆円"}


def is_total(text: str) -> bool:
    """Whether a name cell names a total: 合計, 小計, ○○合計. 一般会計 and 設計 do not."""
    return bool(_TOTAL.match(re.sub(r"\s", "", text)))


def are_accounts(names: Sequence[str]) -> bool:
    """Whether a table's rows are the accounts of a whole budget (一般会計, 特別会計, 合計): its size, and no items."""
    filled = [re.sub(r"\s", "", name) for name in names if name.strip()]
    accounts = sum(bool(_ACCOUNT.match(name)) for name in filled)
    return accounts > 0 and all(_ACCOUNT.match(name) or is_total(name) for name in filled)


@dataclass(slots=True)
class Entry:
    """One row's money: of an item at the top level, or of a total."""

    amount: Amount | None
    previous: Amount | None
    total: str | None = None
    page: int | None = None
    line: int = 0
    group: int = 0
    """Which group cell the row stands under."""


@dataclass(slots=True)
class Sums:
    """The money of a table, row by row."""

    entries: list[Entry] = field(default_factory=list)

    def is_group_total(self, total: Entry) -> bool:
        """Whether a total is the sum of the rows under the open group cell, and other groups stand in the table too or no
        other total is meant (計, 小計)."""
        own = [
            value
            for e in self.entries
            if e.group == total.group and e.total is None and (value := _value(e.amount)) is not None
        ]
        stated = _value(total.amount)
        plain = re.fullmatch(r"(?:小計|計|.{1,14}小計)", re.sub(r"\s", "", total.total or ""))
        return bool(plain) and stated is not None and bool(own) and sum(own, Decimal(0)) == stated


def check_totals(sums: Sums, read: RowsRead) -> None:
    """Warn (`sum_differs`) of totals that agree with no sum a total may stand for: all rows, the group, or since the last total."""
    units = {
        (amount.unit, amount.printed.lstrip("-").replace(".", "", 1).isdigit())
        for entry in sums.entries
        for amount in (entry.amount, entry.previous)
        if amount is not None
    }
    if len(units) > 1:
        return  # printed in different units: rounding hides what adds up
    for name in ("amount", "previous"):
        for i, entry in enumerate(sums.entries):
            if entry.total is None:
                continue
            stated = _value(getattr(entry, name))
            if stated is None:
                continue
            candidates = _candidates(sums.entries, i, name)
            slack = Decimal(len(sums.entries)) / 2 if _unit(entry, name) in _COARSE else Decimal(0)
            if candidates and not any(abs(stated - candidate) <= slack for candidate in candidates):
                nearest = min(candidates, key=lambda candidate: abs(stated - candidate))
                read.warnings.append(
                    Warning(
                        "sum_differs",
                        f"「{entry.total}」の{_LABEL[name]}は{stated:,}ですが、内訳の合計は{nearest:,}です。",
                        entry.page,
                        entry.line,
                    )
                )


_LABEL = {"amount": "金額", "previous": "前年度の金額"}


def _candidates(entries: list[Entry], i: int, name: str) -> list[Decimal]:
    rows = [
        (j, value)
        for j, e in enumerate(entries)
        if e.total is None and (value := _value(getattr(e, name))) is not None
    ]
    if not rows:
        return []
    earlier = [j for j in range(i) if entries[j].total is not None]
    since = earlier[-1] if earlier else -1
    upto = next((j for j in range(i + 1, len(entries)) if entries[j].total is not None), len(entries))
    found = [sum((value for _, value in rows), Decimal(0))]
    above = [value for j, value in rows if since < j < i]
    if above:
        found.append(sum(above, Decimal(0)))
    below = [value for j, value in rows if i < j < upto]
    if below and not above:  # a total printed above its rows
        found.append(sum(below, Decimal(0)))
    own = [value for j, value in rows if entries[j].group == entries[i].group and j < i]
    if own:
        found.append(sum(own, Decimal(0)))
    subtotals = [value for j in earlier if (value := _value(getattr(entries[j], name))) is not None]
    if subtotals:
        found.append(sum(subtotals, Decimal(0)))
    found.append(sum((value for j, value in rows if j < i), Decimal(0)))
    return found


def value_of(amount: Amount | None) -> Decimal | None:
    """The number of an amount in its own unit; an amount of several units (3億2000万) counts in 円."""
    if amount is None:
        return None
    try:
        return Decimal(amount.printed)
    except InvalidOperation:
        yen = amount.thousand_yen
        return Decimal(str(yen)) * 1000 if yen is not None else None


def _value(amount: Amount | None) -> Decimal | None:
    return value_of(amount)


def _unit(entry: Entry, name: str) -> str | None:
    amount = getattr(entry, name)
    return amount.unit if amount else None
