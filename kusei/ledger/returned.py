"""What a form that came back would change, cell by cell: pure.

Three things are compared: what the form showed when it was made, what it says now, and what stands in the reports. What the
body did not touch is no change, whatever others wrote meanwhile; an empty cell clears a number only where the form had
shown one. Whatever cannot be taken is a problem with its cell; with a single one nothing of the form is taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from kusei.ledger.month_book import Cell, Problem, ReadBook, RowKey, day_of
from kusei.ledger.rules import LARGEST_QUANTITY
from kusei.ledger.sheets import Place


class Sign(StrEnum):
    """What a cell does to the report."""

    ADDED = "added"
    CHANGED = "changed"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the year for which results are asked; `bodies` are responsible for it. `may_write`: by this person."""

    item: int
    title: str
    bodies: tuple[int, ...]
    may_write: bool = True


@dataclass(frozen=True, slots=True)
class Counted:
    """A metric, as far as a form needs it."""

    id: int
    name: str
    unit: str
    decimals: int
    is_rate: bool = False
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One cell that changes something. `now` is what stands there, `new` what the form says (None: nothing).

    `is_overtaken`: somebody else wrote another number there after the form was made.
    """

    at: str
    action: Action
    metric: Counted
    on: date
    now: int | None
    new: int | None
    is_formula: bool
    is_overtaken: bool
    district: int | None = None
    district_name: str = ""

    @property
    def sign(self) -> Sign:
        if self.now is None:
            return Sign.ADDED
        return Sign.CLEARED if self.new is None else Sign.CHANGED


@dataclass(frozen=True, slots=True)
class Check:
    """What posting a form would do. `same` counts the numbers that stand there already."""

    rows: tuple[CheckRow, ...]
    problems: tuple[Problem, ...]
    same: int

    @property
    def fingerprint(self) -> str:
        """The same where the same changes are shown: a person posts what they saw, and nothing else."""
        said = "\n".join(
            f"{each.action.item} {each.metric.id} {each.on} {each.district} {each.now} {each.new}"
            for each in self.rows
        )
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def count(self, sign: str) -> int:
        return sum(each.sign == sign for each in self.rows)


def compare(
    read: ReadBook,
    *,
    actions: Mapping[str, Action],
    metrics: Mapping[str, Counted],
    now: Mapping[int, Mapping[Place, int]],
    districts: Mapping[int, str] | None = None,
) -> Check:
    """Compare a form with the year's `actions` (by public id), the `metrics` (by key), the body's reports (by item) and the
    names of the ward's `districts`."""
    names = districts or {}
    says = {(cell.key[0], cell.key[1], cell.month, cell.key[2]): cell.quantity for cell in read.cells}
    rows: list[CheckRow] = []
    problems = list(read.problems)
    same = 0
    refused: set[RowKey] = set()
    for cell in read.cells:
        before = None if read.seen is None else read.seen.get((cell.key, cell.month))
        if cell.quantity == before:
            same += cell.quantity is not None
            continue
        action, metric = actions.get(cell.key[0]), metrics[cell.key[1]]
        if why := _row_refused(action, metric, read.address.body) or _district_refused(cell, names):
            if cell.key not in refused:
                refused.add(cell.key)
                problems.append(Problem(cell.at, why))
            continue
        assert action is not None
        on = day_of(read.address.fiscal_year, cell.month)
        cells = now.get(action.item, {})
        district = cell.key[2] or None
        stands = cells.get((metric.id, on, 0, district))
        if stands == cell.quantity:
            same += cell.quantity is not None
        elif why := _cell_refused(cell, metric, on, cells, says):
            problems.append(Problem(cell.at, why))
        else:
            is_overtaken = read.seen is not None and stands != before
            rows.append(
                CheckRow(
                    cell.at,
                    action,
                    metric,
                    on,
                    stands,
                    cell.quantity,
                    cell.is_formula,
                    is_overtaken,
                    district,
                    names.get(cell.key[2], ""),
                )
            )
    return Check(tuple(rows), tuple(problems), same)


def _row_refused(action: Action | None, metric: Counted, body: int) -> str:
    if action is None:
        return _(
            "この行の取組は、この区のこの年度の計画にありません。行を消すか、様式を取り出し直してください。"
        )
    if body not in action.bodies:
        return _("「%(title)s」は、この課・団体の取組ではありません。行の数を消してください。") % {
            "title": action.title[:40]
        }
    if not action.may_write:
        return _("「%(title)s」の実績は、あなたには記録できません。担当の課か企画担当に頼んでください。") % {
            "title": action.title[:40]
        }
    if metric.is_rate:
        return _("「%(metric)s」はほかの数から計算されます。もとの数を書いてください。") % {
            "metric": metric.name
        }
    return ""


def _district_refused(cell: Cell, names: Mapping[int, str]) -> str:
    if cell.key[2] and cell.key[2] not in names:
        return _("この行の地区は、この区にありません。行を消すか、様式を取り出し直してください。")
    return ""


def _cell_refused(
    cell: Cell,
    metric: Counted,
    on: date,
    cells: Mapping[Place, int],
    says: Mapping[tuple[str, str, int, int], int | None],
) -> str:
    """What would be counted twice: a month beside its sessions, a whole beside its districts. What the form itself clears is no
    hindrance, and clearing is none."""
    if cell.quantity is not None and cell.quantity > LARGEST_QUANTITY:
        return _("数が大きすぎます。単位を確かめてください。")
    if metric.ended_on is not None and on >= metric.ended_on:
        return _("「%(metric)s」は、この月にはもう使われていません。") % {"metric": metric.name}
    if cell.quantity is None:
        return ""
    item, key, own = cell.key
    beside = {
        (session, district or 0)
        for each, day, session, district in cells
        if each == metric.id and (day.year, day.month) == (on.year, on.month)
        and (session or says.get((item, key, cell.month, district or 0), 0) is not None)
    }  # fmt: skip
    beside |= {
        (0, district) for (of, by, month, district), quantity in says.items()
        if (of, by, month) == (item, key, cell.month) and quantity is not None
    }  # fmt: skip
    if any(session or bool(district) != bool(own) for session, district in beside):
        return _("この月には、回ごとか地区ごとの数と、分けない数が両方あります。二重になるので、どちらかにしてください。")  # fmt: skip
    return ""
