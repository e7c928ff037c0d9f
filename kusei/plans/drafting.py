"""Pure rules of editing a draft: a tree of rows goes in, the changed tree comes out. No queries, no clock.

A `Tree` is immutable: each verb gives a new one, and `changed_rows` tells what to write and what to remember for undoing.
Items keep their identity (`item`); new ones have negative ids until the database gives them one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext as _

from kusei.plans.enums import AmountBasis, ItemKind, ReviewState
from kusei.plans.errors import DraftingError
from kusei.plans.rules import PROGRAMME_LENGTH, Money

EDITABLE_FIELDS = (
    "kind", "number", "title", "text", "programme", "budget_source", "plan_bullets", "tags", "owners", "money",
)  # fmt: skip
"""What a person may change of one row; where it stands is changed by moving."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A responsible body, and how the document spells it."""

    body: int
    printed: str


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a draft. `parent` is the item id above it. Money is in whole yen (`plans.rules.Money`)."""

    item: int
    parent: int | None
    kind: str
    title: str
    number: str = ""
    text: str = ""
    programme: str = ""
    budget_source: str = ""
    plan_bullets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()
    money: tuple[Money, ...] = ()
    page: int | None = None
    line: int | None = None
    places: tuple[dict[str, Any], ...] = ()
    revision: int = 1
    review: str = ReviewState.KEPT.value
    review_note: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        data: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        data["plan_bullets"], data["tags"] = list(self.plan_bullets), list(self.tags)
        data["owners"] = [[owner.body, owner.printed] for owner in self.owners]
        data["money"] = [[m.fiscal_year, m.basis, m.source, m.yen, m.printed, m.unit] for m in self.money]
        data["places"] = list(self.places)
        return data

    @classmethod
    def from_plain(cls, data: Mapping[str, Any]) -> Row:
        """The reverse of `plain`."""
        values = dict(data)
        values["plan_bullets"], values["tags"] = tuple(data["plan_bullets"]), tuple(data["tags"])
        values["owners"] = tuple(Owner(*each) for each in data["owners"])
        values["money"] = tuple(Money(*each) for each in data["money"])
        values["places"] = tuple(data["places"])
        return cls(**values)

    @property
    def current_yen(self) -> int | None:
        """This year's money over its sources; None where there is none or its unit is unknown."""
        known = [m.yen for m in self.money if m.basis == AmountBasis.CURRENT and m.yen is not None]
        return sum(known) if known else None


@dataclass(frozen=True)
class Tree:
    """Rows in printed order, depth first: a row stands after its parent and before its parent's next sibling."""

    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_at", {row.item: place for place, row in enumerate(self.rows)})
        below: dict[int | None, list[Row]] = {}
        for row in self.rows:
            below.setdefault(row.parent, []).append(row)
        object.__setattr__(self, "_below", below)

    def __contains__(self, item: int) -> bool:
        return item in self._at  # type: ignore[attr-defined]

    def row(self, item: int) -> Row:
        """The row of an item. Raises DraftingError where it stands no longer in the draft."""
        try:
            return self.rows[self._at[item]]  # type: ignore[attr-defined]
        except KeyError:
            raise DraftingError(
                _("この項目はもう下書きにありません。ほかの人が外したか、まとめたのかもしれません。")
            ) from None

    def children(self, item: int | None) -> list[Row]:
        """What stands directly under an item (None: at the top), in order."""
        return list(self._below.get(item, ()))  # type: ignore[attr-defined]

    def branch(self, item: int) -> list[Row]:
        """An item with everything under it, in order."""
        return list(self._walk(self.row(item)))

    def _walk(self, row: Row) -> Iterator[Row]:
        yield row
        for child in self.children(row.item):
            yield from self._walk(child)

    def above(self, item: int) -> list[Row]:
        """The rows above an item, the nearest first."""
        found = []
        parent = self.row(item).parent
        while parent is not None:
            found.append(self.row(parent))
            parent = found[-1].parent
        return found

    def depth(self, item: int) -> int:
        return len(self.above(item))

    def owner_bodies(self, item: int) -> set[int]:
        """The bodies responsible for an item: its own, and those of the items above it."""
        return {owner.body for row in (self.row(item), *self.above(item)) for owner in row.owners}


def build(rows: Iterable[Row]) -> Tree:
    """A tree out of rows whose siblings stand in order, whatever else stands between them."""
    below: dict[int | None, list[Row]] = {}
    every = list(rows)
    known = {row.item for row in every}
    for row in every:
        below.setdefault(row.parent if row.parent in known else None, []).append(row)
    ordered: list[Row] = []

    def visit(parent: int | None) -> None:
        pending = list(reversed(below.get(parent, ())))
        while pending:
            row = pending.pop()
            ordered.append(row)
            pending.extend(reversed(below.get(row.item, ())))

    visit(None)
    return Tree(tuple(row if row.parent in known else replace(row, parent=None) for row in ordered))


def changed_rows(before: Tree, after: Tree) -> tuple[dict[int, Row | None], dict[int, Row | None]]:
    """What two trees say otherwise, by item: rows before and after (None: not there). Order alone is told by
    `order_differs`."""
    old = {row.item: row for row in before.rows}
    new = {row.item: row for row in after.rows}
    touched = [item for item in {**old, **new} if old.get(item) != new.get(item)]
    return {item: old.get(item) for item in touched}, {item: new.get(item) for item in touched}


def edit(tree: Tree, item: int, changes: Mapping[str, Any]) -> Tree:
    """Change fields of one row. Raises DraftingError for an empty title in a field that must name something."""
    row = tree.row(item)
    wrong = set(changes) - set(EDITABLE_FIELDS)
    if wrong:
        raise ValueError(f"not fields of a row: {sorted(wrong)}")
    return _put(tree, replace(row, **changes))


def edit_many(tree: Tree, changes: Mapping[int, Mapping[str, Any]]) -> Tree:
    """`edit` of several rows at once: the tree is built once, however many they are."""
    edited = {}
    for item, fields_ in changes.items():
        wrong = set(fields_) - set(EDITABLE_FIELDS)
        if wrong:
            raise ValueError(f"not fields of a row: {sorted(wrong)}")
        edited[item] = replace(tree.row(item), **fields_)
    return Tree(tuple(edited.get(row.item, row) for row in tree.rows))


def add(tree: Tree, row: Row, *, under: int | None, after: int | None = None) -> Tree:
    """Put a new row under `under`, behind its child `after` (None: at the end)."""
    if under is not None:
        tree.row(under)
    row = replace(row, parent=under)
    siblings = [each.item for each in tree.children(under)]
    if after is not None and after not in siblings:
        raise DraftingError(
            _("並べる相手の項目が動かされました。ページを読み直してから、もう一度加えてください。")
        )
    return _placed(tree, [row], under, after if after is not None else (siblings[-1] if siblings else None))


def move(tree: Tree, item: int, *, under: int | None, after: int | None = None) -> Tree:
    """Put an item, with everything under it, under `under` behind `after` (None: as its first child).

    Its kind follows its new position (design, section 3) where the old one cannot stand there. Raises DraftingError for
    a place below itself.
    """
    branch = tree.branch(item)
    inside = {row.item for row in branch}
    if under in inside or after in inside:
        raise DraftingError(_("項目を、その項目自身の下に動かすことはできません。"))
    above = tree.row(under).kind if under is not None else None
    if after is not None and tree.row(after).parent != under:
        raise DraftingError(
            _("並べる相手の項目が動かされました。ページを読み直してから、もう一度動かしてください。")
        )
    head = replace(branch[0], parent=under, kind=kind_under(above, branch[0].kind))
    kinds = {head.item: head.kind}
    moved = [head]
    for row in branch[1:]:
        assert row.parent is not None  # it stands under the item that is moved
        kinds[row.item] = kind_under(kinds[row.parent], row.kind)
        moved.append(replace(row, kind=kinds[row.item]))
    rest = Tree(tuple(row for row in tree.rows if row.item not in inside))
    return _placed(rest, moved, under, after)


def remove(tree: Tree, item: int, *, with_children: bool) -> Tree:
    """Take an item out of the draft; what stands under it goes too, or moves up into its place."""
    gone = {row.item for row in tree.branch(item)} if with_children else {item}
    parent = tree.row(item).parent
    return build(
        replace(row, parent=parent) if row.parent == item else row
        for row in tree.rows
        if row.item not in gone
    )


def split(tree: Tree, item: int, pieces: Sequence[tuple[str, str]], new_ids: Sequence[int]) -> Tree:
    """Cut an item in two or more: the first piece (title, text) keeps its identity and what stands under it, each further
    one becomes a new item behind it with the same kind, owners and tags, without money and number."""
    if len(pieces) < 2 or any(not title.strip() for title, _text in pieces):
        raise DraftingError(_("分けるには、二つ以上の題名を入れてください。"))
    row = tree.row(item)
    (title, text), *others = pieces
    tree = _put(tree, replace(row, title=title.strip(), text=text.strip()))
    after = item
    for new_id, (title, text) in zip(new_ids, others, strict=True):
        fresh = replace(
            row,
            item=new_id,
            number="",
            title=title.strip(),
            text=text.strip(),
            money=(),
            plan_bullets=(),
            revision=1,
        )
        tree = _placed(tree, [fresh], row.parent, after)
        after = new_id
    return tree


def merge(tree: Tree, item: int, into: int) -> Tree:
    """Let `item` go into `into`: its text, tags, owners, bullets and money are added there, what stands under it moves
    there, and it leaves the draft. Amounts of one year and source are summed where both are in yen."""
    if item == into or into in {row.item for row in tree.branch(item)}:
        raise DraftingError(_("項目を、その項目自身やその下の項目にまとめることはできません。"))
    gone, kept = tree.row(item), tree.row(into)
    same_title = gone.title == kept.title
    said = [kept.text, *([] if same_title else [gone.title]), gone.text]
    merged = replace(
        kept,
        text="\n".join(dict.fromkeys(part for part in said if part)),
        tags=tuple(dict.fromkeys((*kept.tags, *gone.tags))),
        owners=tuple({owner.body: owner for owner in (*gone.owners, *kept.owners)}.values()),
        plan_bullets=tuple(dict.fromkeys((*kept.plan_bullets, *gone.plan_bullets))),
        money=_summed(kept.money, gone.money),
        places=(*kept.places, *gone.places),
    )
    tree = _put(tree, merged)
    last = tree.children(into)[-1].item if tree.children(into) else None
    for child in tree.children(item):
        tree = move(tree, child.item, under=into, after=last)
        last = child.item
    return remove(tree, item, with_children=False)


def _summed(kept: tuple[Money, ...], gone: tuple[Money, ...]) -> tuple[Money, ...]:
    found = {(m.fiscal_year, m.basis, m.source): m for m in kept}
    for money in gone:
        key = (money.fiscal_year, money.basis, money.source)
        other = found.get(key)
        if other is None:
            found[key] = money
        elif other.yen is not None and money.yen is not None:
            found[key] = money_of_yen(other.yen + money.yen, money.fiscal_year, money.basis, money.source)
        else:
            raise DraftingError(
                _("どちらかの金額の単位がわからないため、合計できません。先に金額の単位を入れてください。")
            )
    return tuple(found.values())


def money_of_yen(yen: int, fiscal_year: int, basis: str, source: str = "") -> Money:
    """An amount as a person enters it: printed in 千円, with decimals only where it is not whole."""
    shown = str(yen // 1000) if yen % 1000 == 0 else f"{yen / 1000}"
    return Money(fiscal_year, basis, source, yen, shown, "千円")


def replace_text(tree: Tree, find: str, put: str, *, only: Iterable[int] | None = None) -> Tree:
    """Replace words in titles, texts, programmes and planned bullets, in the items `only` (None: in all)."""
    if not find:
        raise DraftingError(_("探す言葉を入れてください。"))
    wanted = None if only is None else set(only)
    rows = []
    for row in tree.rows:
        if wanted is None or row.item in wanted:
            row = replace(
                row,
                title=row.title.replace(find, put),
                text=row.text.replace(find, put),
                programme=row.programme.replace(find, put),
                plan_bullets=tuple(each.replace(find, put) for each in row.plan_bullets),
            )
            if len(row.programme) > PROGRAMME_LENGTH:
                raise DraftingError(
                    _("「%(title)s」の事業名が%(most)d字を超えます。置き換える言葉を短くしてください。")
                    % {"title": row.title, "most": PROGRAMME_LENGTH}
                )
            if not row.title.strip():
                raise DraftingError(
                    _("置き換えると題名がなくなる項目があります。置き換える言葉を見直してください。")
                )
        rows.append(row)
    return Tree(tuple(rows))


def found_in(tree: Tree, find: str) -> list[int]:
    """The items in which find and replace would change something, in order."""
    return [
        row.item
        for row in tree.rows
        if find and any(find in part for part in (row.title, row.text, row.programme, *row.plan_bullets))
    ]


_CHILDREN: dict[str | None, tuple[ItemKind, ...]] = {
    # what may stand under what; the first is what a row becomes that may not
    None: (ItemKind.MEASURE, ItemKind.GOAL, ItemKind.STANCE, ItemKind.FOCUS, ItemKind.ORGANISATION, ItemKind.DIVISION, ItemKind.COLUMN, ItemKind.PROJECT, ItemKind.ACTION),
    ItemKind.GOAL: (ItemKind.MEASURE, ItemKind.STANCE, ItemKind.FOCUS, ItemKind.PROJECT, ItemKind.ORGANISATION, ItemKind.DIVISION, ItemKind.COLUMN, ItemKind.ACTION),
    ItemKind.STANCE: (ItemKind.ACTION, ItemKind.PROJECT, ItemKind.MEASURE),
    ItemKind.MEASURE: (ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.ACTION, ItemKind.COLUMN, ItemKind.STANCE),
    ItemKind.FOCUS: (ItemKind.MEASURE, ItemKind.ACTION, ItemKind.PROJECT, ItemKind.COLUMN),
    ItemKind.PROJECT: (ItemKind.COMPONENT, ItemKind.ACTION, ItemKind.RELATED, ItemKind.COLUMN),
    ItemKind.COMPONENT: (ItemKind.SUBCOMPONENT, ItemKind.ACTION, ItemKind.RELATED),
    ItemKind.SUBCOMPONENT: (ItemKind.ACTION, ItemKind.RELATED),
    ItemKind.ACTION: (ItemKind.ACTION,),
    ItemKind.RELATED: (ItemKind.ACTION, ItemKind.COMPONENT),
    ItemKind.ORGANISATION: (ItemKind.ORGANISATION, ItemKind.ACTION),
    ItemKind.DIVISION: (ItemKind.ACTION, ItemKind.PROJECT, ItemKind.DIVISION),
    ItemKind.COLUMN: (ItemKind.ACTION,),
}  # fmt: skip


def kind_under(above: str | None, kind: str) -> str:
    """The kind of a row that comes to stand under one of kind `above` (None: at the top): its own where that may be."""
    may = _CHILDREN[above]
    return kind if kind in may else may[0].value


def kinds_under(above: str | None) -> tuple[str, ...]:
    """The kinds that may stand there, the likeliest first."""
    return tuple(each.value for each in _CHILDREN[above])


@dataclass(frozen=True, slots=True)
class Sum:
    """The money of an item beside the sum of what stands directly under it, in yen; `difference` is parts - printed."""

    item: int
    printed_yen: int
    parts_yen: int

    @property
    def difference(self) -> int:
        return self.parts_yen - self.printed_yen


def running_sums(tree: Tree) -> list[Sum]:
    """Every item that has money of its own and parts with money, in order. Related programmes are of other budgets."""
    found = []
    for row in tree.rows:
        parts = [
            child.current_yen
            for child in tree.children(row.item)
            if child.kind != ItemKind.RELATED and child.current_yen is not None
        ]
        if row.current_yen is not None and parts:
            found.append(Sum(row.item, row.current_yen, sum(parts)))
    return found


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps a draft from being published: the item (None: the draft as a whole) and what to do."""

    item: int | None
    message: str


def gaps(tree: Tree) -> list[Gap]:
    """What is missing for publishing: items without a title or not yet settled; an empty plan."""
    if not tree.rows:
        return [Gap(None, _("項目が一つもありません。項目を加えるか、文書を取り込んでください。"))]
    found = []
    for row in tree.rows:
        if not row.title.strip():
            found.append(Gap(row.item, _("題名がありません。題名を入れてください。")))
        if row.review in {ReviewState.SUBMITTED, ReviewState.RETURNED, ReviewState.WORKING}:
            found.append(
                Gap(
                    row.item,
                    _("「%(state)s」のままです。確認済みにするか、担当の課に仕上げてもらってください。")
                    % {"state": ReviewState(row.review).label},
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two people changed differently since the same base."""

    field: str
    base: Any
    theirs: Any
    mine: Any


def merge_edits(base: Row, theirs: Row, mine: Mapping[str, Any]) -> tuple[dict[str, Any], list[Clash]]:
    """Put my changes on top of what somebody else saved meanwhile.

    Fields that only one of us changed are taken as changed; where both changed one field and not to the same, it is a
    clash that a person decides. Returns the changes that can be saved, and the clashes.
    """
    wanted: dict[str, Any] = {}
    clashes = []
    for field, value in mine.items():
        was, is_now = getattr(base, field), getattr(theirs, field)
        if value in (was, is_now):
            continue
        if is_now == was:
            wanted[field] = value
        else:
            clashes.append(Clash(field, was, is_now, value))
    return wanted, clashes


def differences(theirs: Row, mine: Mapping[str, Any]) -> list[Clash]:
    """Every field that I would change, where nobody knows what I had before me."""
    return [
        Clash(field, getattr(theirs, field), getattr(theirs, field), value)
        for field, value in mine.items()
        if value != getattr(theirs, field)
    ]


def _put(tree: Tree, row: Row) -> Tree:
    return Tree(tuple(row if each.item == row.item else each for each in tree.rows))


def _placed(tree: Tree, branch: Sequence[Row], under: int | None, after: int | None) -> Tree:
    """`branch` put into `tree` under `under`, behind the branch of `after` (None: right behind `under` itself)."""
    if after is not None:
        anchor = tree.branch(after)[-1].item
    elif under is not None:
        anchor = under
    else:
        return Tree((*branch, *tree.rows))
    rows: list[Row] = []
    for row in tree.rows:
        rows.append(row)
        if row.item == anchor:
            rows.extend(branch)
    return Tree(tuple(rows))
