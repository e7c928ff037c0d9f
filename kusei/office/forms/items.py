"""The form of one item of a draft: what its fields show, and what somebody typed there.

It is no Django form: what counts is the text of each column as it was shown (`plans.draft_fields`), so that a field left
alone is never read, and that two people's texts can be laid side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.http import QueryDict

from kusei.plans.draft_fields import (
    COLUMNS,
    FieldProblem,
    Vocabulary,
    changes_of,
    money_pairs,
    money_typed,
    texts_of,
)
from kusei.plans.drafting import Row, kinds_under
from kusei.plans.enums import ItemKind

MONEY = ("current", "previous")
_BLANK_OWNERS, _BLANK_SOURCES = 1, 1


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One source with this year's and last year's amount, as text."""

    source: str = ""
    current: str = ""
    previous: str = ""


@dataclass
class ItemForm:
    """The fields of an item as text; `problems` by column."""

    texts: dict[str, str]
    owners: list[str]
    money: list[MoneyLine]
    kinds: list[tuple[str, str]]
    problems: list[FieldProblem] = field(default_factory=list)

    @property
    def wrong(self) -> dict[str, FieldProblem]:
        """The first problem of each column."""
        return {problem.column: problem for problem in reversed(self.problems)}

    @property
    def labelled(self) -> list[tuple[str, str, FieldProblem]]:
        """The problems with the id of their field and its name."""
        ids = {"owners": "owner-1", "current": "money-1-current", "previous": "money-1-previous"}
        return [
            (ids.get(each.column, f"f-{each.column}"), str(COLUMNS[each.column]), each)
            for each in self.problems
        ]


def form_of(row: Row, above: str | None, words: Vocabulary) -> ItemForm:
    """The form as it is opened."""
    pairs = {column: dict(money_pairs(row.money, column, words)) for column in MONEY}
    sources = dict.fromkeys([*pairs["current"], *pairs["previous"]])
    lines = [
        MoneyLine(each, pairs["current"].get(each, ""), pairs["previous"].get(each, "")) for each in sources
    ]
    return ItemForm(
        texts=texts_of(row, words),
        owners=[*(owner.printed for owner in row.owners), *[""] * _BLANK_OWNERS],
        money=[*lines, *[MoneyLine()] * _BLANK_SOURCES],
        kinds=_kinds(row.kind, above),
    )


def typed_form(given: QueryDict, row: Row, above: str | None) -> ItemForm:
    """The form as it was sent. Lines of owners and money that hold nothing are left out, one blank stays at the end."""
    owners = [name.strip() for name in given.getlist("owner") if name.strip()]
    lines = [
        MoneyLine(*(each.strip() for each in line))
        for line in zip_longest(
            given.getlist("source"), given.getlist("current"), given.getlist("previous"), fillvalue=""
        )
    ]
    texts = {column: str(given[column]) for column in COLUMNS if column in given and column not in MONEY}
    if "owner" in given:
        texts["owners"] = "\n".join(owners)
    return ItemForm(
        texts=texts,
        owners=[*owners, ""],
        money=[*(line for line in lines if line.current or line.previous or line.source), MoneyLine()],
        kinds=_kinds(row.kind, above),
    )


def changes_typed(
    form: ItemForm, base: Row, above: str | None, words: Vocabulary, *, has_money: bool
) -> dict[str, Any]:
    """What somebody changed who saw `base` and sent this form; its `problems` tell what could not be read."""
    changes, problems = changes_of(form.texts, base, above, words)
    money = base.money
    if has_money:
        for column in MONEY:
            pairs = [(line.source, getattr(line, column)) for line in form.money]
            money, wrong = money_typed(pairs, column, money, words)
            problems += wrong
    if money != base.money:
        changes["money"] = money
    form.problems = problems
    return changes


def _kinds(kind: str, above: str | None) -> list[tuple[str, str]]:
    may: Sequence[str] = kinds_under(above)
    return [
        (str(ItemKind(each).label), str(ItemKind(each).label))
        for each in (may if kind in may else (kind, *may))
    ]
