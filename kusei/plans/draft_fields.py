"""What stands in the fields of a draft's item as people see and type it: one text a column, in forms and in sheets.

Plain values: no queries, no clock. A column whose text was left as it was shown is never parsed, so looking at an item and
saving it changes nothing, whatever the document printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.japanese.folding import fold, fold_name, squeeze
from kusei.plans.drafting import Owner, Row, kinds_under, money_of_yen
from kusei.plans.enums import AmountBasis, ItemKind
from kusei.plans.rules import (
    NUMBER_LENGTH,
    OWNER_LENGTH,
    PROGRAMME_LENGTH,
    SOURCE_LENGTH,
    TAG_LENGTH,
    Money,
    clean_text,
)

COLUMNS: dict[str, Any] = {
    "kind": gettext_lazy("種類"),
    "number": gettext_lazy("番号"),
    "title": gettext_lazy("題名"),
    "text": gettext_lazy("説明"),
    "programme": gettext_lazy("事業名"),
    "budget_source": gettext_lazy("予算の区分"),
    "plan_bullets": gettext_lazy("実施計画"),
    "tags": gettext_lazy("タグ"),
    "owners": gettext_lazy("担当"),
    "current": gettext_lazy("金額（千円）"),
    "previous": gettext_lazy("前年度（千円）"),
}
"""The columns in the order in which forms and sheets show them. `current` and `previous` are the money of a row."""

FIELD_LABELS: dict[str, Any] = {**COLUMNS, "money": gettext_lazy("金額")}

_MONEY = {"current": AmountBasis.CURRENT, "previous": AmountBasis.PREVIOUS}
_LENGTHS = {"number": NUMBER_LENGTH, "programme": PROGRAMME_LENGTH, "budget_source": SOURCE_LENGTH}
_UNITS = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 100_000_000}
_AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(円|千円|万円|百万円|億円)?")
_MOST_YEN = 10**15
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is needed to read names and money: the plan's year, the ward's bodies by id, and by folded name or alias."""

    fiscal_year: int
    names: Mapping[int, str]
    known: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Why the text of a column cannot be taken; `unknown` is the name that is no body of the ward."""

    column: str
    message: str
    unknown: str = ""


class _Unreadable(Exception):
    def __init__(self, message: str, unknown: str = "") -> None:
        super().__init__(message)
        self.unknown = unknown


def shown(column: str, row: Row, words: Vocabulary) -> str:
    """What a cell of the column holds for this row; "" where it says nothing."""
    if column == "kind":
        return str(ItemKind(row.kind).label)
    if column in _MONEY:
        pairs = money_pairs(row.money, column, words)
        if len(pairs) == 1:
            return pairs[0][1]
        return "\n".join(f"{source}: {amount}" if source else amount for source, amount in pairs)
    if column == "plan_bullets":
        return "\n".join(row.plan_bullets)
    if column == "tags":
        return "、".join(row.tags)
    if column == "owners":
        return "\n".join(owner.printed for owner in row.owners)
    return str(getattr(row, column))


def texts_of(row: Row, words: Vocabulary) -> dict[str, str]:
    """Every column of a row as text."""
    return {column: shown(column, row, words) for column in COLUMNS}


def money_pairs(money: Sequence[Money], column: str, words: Vocabulary) -> list[tuple[str, str]]:
    """The sources and amounts of one of the two columns of money, as text, in the row's order."""
    return [(each.source, amount_text(each)) for each in money if _stands_in(each, column, words)]


def amount_text(money: Money) -> str:
    """千円 without grouping and unit; where the document states no unit, what it printed, saying so."""
    if money.yen is None:
        return f"{money.printed}{money.unit}{_('（単位なし）')}"
    return format(Decimal(money.yen) / 1000, "f")


def same_text(one: str, other: str) -> bool:
    """Whether two texts of a column say the same: line ends and blanks around it do not count."""
    return plain(one) == plain(other)


def plain(text: str) -> str:
    """`text` with one kind of line end, without the signs that no sheet can hold, and no blanks around it."""
    return _CONTROL.sub("", clean_text(text).replace("\r\n", "\n").replace("\r", "\n")).strip()


def changes_of(
    typed: Mapping[str, str], base: Row, above: str | None, words: Vocabulary
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """What somebody changed who saw `base` and typed these texts: fields of the row with their new values.

    `above` is the kind of the item above it (None: it stands at the top). Columns that were not typed stay as they are.
    """
    changes: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    money = base.money
    for column, text in typed.items():
        if same_text(text, shown(column, base, words)):
            continue
        try:
            if column in _MONEY:
                pairs = _pairs_of(plain(text), money_pairs(base.money, column, words))
                money = with_amounts(money, column, pairs, words)
            else:
                changes[column] = _value(column, plain(text), base, above, words)
        except _Unreadable as error:
            problems.append(FieldProblem(column, str(error), error.unknown))
    if money != base.money:
        changes["money"] = money
    return {field: value for field, value in changes.items() if value != getattr(base, field)}, problems


def money_typed(
    pairs: Sequence[tuple[str, str]], column: str, money: tuple[Money, ...], words: Vocabulary
) -> tuple[tuple[Money, ...], list[FieldProblem]]:
    """The row's money with one column as typed in a form, source by source."""
    try:
        return with_amounts(money, column, pairs, words), []
    except _Unreadable as error:
        return money, [FieldProblem(column, str(error))]


def with_amounts(
    money: tuple[Money, ...], column: str, pairs: Sequence[tuple[str, str]], words: Vocabulary
) -> tuple[Money, ...]:
    """The row's money with the amounts of one column replaced; what was left as it was keeps its printed form."""
    basis = _MONEY[column]
    year = words.fiscal_year - (basis == AmountBasis.PREVIOUS)
    old = [each for each in money if _stands_in(each, column, words)]
    fresh: list[Money] = []
    for source, text in pairs:
        source, text = squeeze(fold(source)), plain(text)
        if not text:
            continue
        if len(source) > SOURCE_LENGTH:
            raise _Unreadable(_("財源は%(length)d字までにしてください。") % {"length": SOURCE_LENGTH})
        if any(each.source == source for each in fresh):
            raise _Unreadable(
                _("財源「%(source)s」が二度あります。一つにまとめてください。") % {"source": source or "―"}
            )
        kept = next(
            (each for each in old if (squeeze(fold(each.source)), amount_text(each)) == (source, text)), None
        )
        if kept is None:
            yen = _yen(text)
            kept = next(
                (each for each in old if (squeeze(fold(each.source)), each.yen) == (source, yen)), None
            ) or money_of_yen(yen, year, basis.value, source)
        fresh.append(kept)
    others = [each for each in money if not _stands_in(each, column, words)]
    if fresh == old:
        return money
    return tuple(sorted([*others, *fresh], key=lambda each: (each.fiscal_year, each.basis)))


def _stands_in(money: Money, column: str, words: Vocabulary) -> bool:
    basis = _MONEY[column]
    year = words.fiscal_year - (basis == AmountBasis.PREVIOUS)
    return (money.basis, money.fiscal_year) == (basis, year)


def _pairs_of(text: str, known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """A cell's lines as sources and amounts; a single bare number is of the row's only source."""
    pairs = []
    lines = [line.strip() for line in re.split(r"[\n;；]", text) if line.strip()]
    for line in lines:
        source, mark, amount = line.rpartition(":") if ":" in line else line.rpartition("：")
        if not mark and len(lines) == 1 and len(known) == 1:
            source = known[0][0]
        pairs.append((source.strip(), amount.strip()))
    return pairs


def _yen(text: str) -> int:
    match = _AMOUNT.fullmatch(fold(text).replace(" ", ""))
    if match is None:
        raise _Unreadable(
            _("「%(text)s」は金額として読めません。千円の数（例: 6588）で入れてください。") % {"text": text}
        )
    try:
        yen = Decimal(match[1].replace(",", "")) * _UNITS[match[2] or "千円"]
    except InvalidOperation:  # pragma: no cover - the pattern lets only numbers through
        raise _Unreadable(_("金額として読めません。")) from None
    if yen != yen.to_integral_value():
        raise _Unreadable(_("「%(text)s」は1円に満たない端数があります。") % {"text": text})
    if yen >= _MOST_YEN:
        raise _Unreadable(
            _("「%(text)s」は大きすぎます。千円の数で入れたか確かめてください。") % {"text": text}
        )
    return int(yen)


def _value(column: str, text: str, base: Row, above: str | None, words: Vocabulary) -> Any:
    if column == "kind":
        return _kind(text, base, above)
    if column == "owners":
        return owners_of(text, base.owners, words)
    if column == "plan_bullets":
        return tuple(line.strip() for line in text.split("\n") if line.strip())
    if column == "tags":
        return _tags(text)
    if column == "title" and not text:
        raise _Unreadable(_("題名がありません。題名を入れてください。"))
    if len(text) > _LENGTHS.get(column, len(text)):
        raise _Unreadable(
            _("%(name)sは%(length)d字までにしてください。いまは%(now)d字です。")
            % {"name": COLUMNS[column], "length": _LENGTHS[column], "now": len(text)}
        )
    return text


def _kind(text: str, base: Row, above: str | None) -> str:
    key = fold_name(text)
    found = next((each for each in ItemKind if key in {fold_name(str(each.label)), each.value}), None)
    may = kinds_under(above)
    if found is None or (found.value not in may and found.value != base.kind):
        raise _Unreadable(
            _("「%(text)s」はここに置けない種類です。ここに置けるのは、%(kinds)sです。")
            % {"text": text, "kinds": "・".join(str(ItemKind(each).label) for each in may)}
        )
    return found.value


def _tags(text: str) -> tuple[str, ...]:
    names = [squeeze(fold(each)) for each in re.split(r"[、,，\n]", text)]
    long = next((name for name in names if len(name) > TAG_LENGTH), "")
    if long:
        raise _Unreadable(
            _("タグ「%(name)s」は長すぎます。%(length)d字までにしてください。")
            % {"name": long[:20] + "…", "length": TAG_LENGTH}
        )
    return tuple(dict.fromkeys(name for name in names if name))


def owners_of(text: str, old: Sequence[Owner], words: Vocabulary) -> tuple[Owner, ...]:
    """The bodies named in a text, one a line or parted by 、. Raises for a name that is no body of the ward."""
    found: dict[int, Owner] = {}
    printed = {owner.printed: owner for owner in old}
    for line in text.split("\n"):
        line = line.strip()
        whole = line in printed or fold_name(line) in words.known
        for name in [line] if whole else [each.strip() for each in re.split(r"[、,，;；／]", line)]:
            if not name:
                continue
            owner = printed.get(name)
            body = words.known.get(fold_name(name)) if owner is None else owner.body
            if body is None:
                raise _Unreadable(
                    _(
                        "「%(name)s」という実施主体は登録されていません。候補から選ぶか、先に登録してください。"
                    )
                    % {"name": name},
                    name,
                )
            found.setdefault(body, owner or Owner(body, squeeze(fold(name))[:OWNER_LENGTH]))
    return tuple(found.values())
