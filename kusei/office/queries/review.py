"""What a draft says otherwise than the version it began from, item by item, for those who look it over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kusei.documents.models import SourceDocument
from kusei.plans import drafting
from kusei.plans.drafting import Gap, Row, Tree
from kusei.plans.enums import AmountBasis, ItemKind, ReviewState
from kusei.plans.models import PlanVersion
from kusei.plans.permissions import may_edit_item
from kusei.plans.queries.drafts import first_rows, tree_of
from kusei.plans.rules import Money
from kusei.press import formats
from kusei.press.differences import SAME, TextPiece, text_pieces
from kusei.wards.models import Ward
from kusei.wards.permissions import Rights

_LABELS: dict[str, str | Promise] = {
    "kind": _("種類"),
    "number": _("番号"),
    "title": _("題名"),
    "text": _("説明"),
    "programme": _("事業名"),
    "budget_source": _("予算の区分"),
    "plan_bullets": _("実施計画"),
    "tags": _("タグ"),
    "owners": _("担当"),
    "money": _("金額"),
}
_IN_HEADING = frozenset({"kind", "number", "title"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that two rows say differently, with the pieces in which they differ."""

    label: str
    pieces: tuple[TextPiece, ...]


@dataclass(frozen=True)
class Reviewed:
    """One item that is to be looked at: what changed in it, and what the viewer may do."""

    row: Row
    old: Row | None
    """What stood there before; a blank row for a new item, None where nothing about it changed."""
    what: str
    path: tuple[str, ...]
    may_submit: bool
    top: Row
    """What stands at the top above it, or itself."""
    is_own: bool
    """An item of one of the viewer's bodies."""

    @cached_property
    def fields(self) -> tuple[FieldChange, ...]:
        """Its changes word by word, or what it says. Only looked up for the items that a page shows."""
        return row_changes(self.old, self.row) if self.old is not None else _said(self.row)

    @property
    def state_label(self) -> str:
        return str(ReviewState(self.row.review).label)

    @property
    def kind_label(self) -> str:
        return str(ItemKind(self.row.kind).label)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A draft as it is looked over. `gone` are items that the version in force has and the draft has not."""

    items: tuple[Reviewed, ...]
    gone: tuple[Row, ...]
    gaps: tuple[tuple[Row | None, Gap], ...]
    counts: dict[str, int]
    since: str
    """Against what it is compared: the version in `force`, what was imported (`import`), or nothing."""

    @property
    def changed(self) -> tuple[Reviewed, ...]:
        """Without those that say what they said before and only wait for somebody's look."""
        return tuple(each for each in self.items if each.what)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


ADDED, CHANGED, MOVED = "added", "changed", "moved"
FORCE, IMPORT = "force", "import"


@dataclass(frozen=True, slots=True)
class Group:
    """Items that stand together on the page, with one box for all of them."""

    name: str
    items: tuple[Reviewed, ...]

    @property
    def selectable(self) -> tuple[Reviewed, ...]:
        return tuple(each for each in self.items if each.may_submit)

    @property
    def chosen(self) -> str:
        """What the box for all of them sends: each item with its revision, as their own boxes do."""
        return " ".join(f"{each.row.item}:{each.row.revision}" for each in self.selectable)


def listed(items: Iterable[Reviewed], *, own_first: bool) -> list[Reviewed]:
    """In the order in which the page groups them: that of the draft, or the viewer's own before the others."""
    return sorted(items, key=lambda each: not each.is_own) if own_first else list(items)


def groups_of(items: Iterable[Reviewed], *, own_first: bool) -> list[Group]:
    """`listed` items by what stands at the top above them; or (`own_first`) the viewer's own, then the others."""
    found: dict[str, list[Reviewed]] = {}
    for each in items:
        if own_first:
            name = str(_("自分の担当の項目") if each.is_own else _("ほかの項目"))
        else:
            name = f"{each.top.number} {each.top.title}".strip()
        found.setdefault(name, []).append(each)
    return [Group(name, tuple(several)) for name, several in found.items()]


def review_of(version: PlanVersion, ward: Ward, rights: Rights, *, states: Iterable[str] = ()) -> ReviewPage:
    """Items that were changed, added or moved, or that wait for somebody; only those at one of `states` if given.

    Compared with the version from which the draft began; a first version, which began from a document, with what was
    imported. A constant number of queries: two trees, or one and the draft's steps.
    """
    tree = tree_of(version)
    base, since = _begun_from(version, tree)
    wanted = set(states)
    found = []
    for row in tree.rows:
        if wanted and row.review not in wanted:
            continue
        item = _reviewed(row, tree, base, ward, rights)
        if item is not None:
            found.append(item)
    counts: dict[str, int] = {}
    for row in tree.rows:
        counts[row.review] = counts.get(row.review, 0) + 1
    return ReviewPage(
        tuple(found),
        tuple(row for row in base.rows if row.item not in tree),
        tuple((tree.row(gap.item) if gap.item is not None else None, gap) for gap in drafting.gaps(tree)),
        counts,
        since,
    )


def _begun_from(version: PlanVersion, tree: Tree) -> tuple[Tree, str]:
    if version.base is not None:
        return tree_of(version.base), FORCE
    if not SourceDocument.objects.filter(version=version).exists():
        return Tree(()), ""
    first = first_rows(version)
    began = [first.get(row.item, row) for row in tree.rows]
    began += [row for item, row in first.items() if item not in tree]
    return Tree(tuple(row for row in began if row is not None)), IMPORT


def row_changes(
    old: Row, new: Row, *, only: Sequence[str] = drafting.EDITABLE_FIELDS
) -> tuple[FieldChange, ...]:
    """The fields in which two rows of one item differ."""
    return tuple(
        FieldChange(str(_LABELS[field]), text_pieces(told(old, field), told(new, field)))
        for field in only
        if getattr(old, field) != getattr(new, field)
    )


def told(row: Row, field: str) -> str:
    """A field of a row as people read it."""
    value = getattr(row, field)
    if field == "kind":
        return str(ItemKind(value).label)
    if field == "owners":
        return "、".join(owner.printed for owner in value)
    if field == "tags":
        return "、".join(value)
    if field == "plan_bullets":
        return "\n".join(f"・{bullet}" for bullet in value)
    if field == "money":
        return "、".join(map(money_told, value))
    return str(value)


def money_told(money: Money) -> str:
    """令和3年度（前年度） 一般財源 2,400千円; where the document states no unit, what it printed."""
    basis = "" if money.basis == AmountBasis.CURRENT else _("（前年度）")
    amount = formats.thousand_yen(money.yen) if money.yen is not None else money.printed
    return f"{formats.wareki(money.fiscal_year)}{basis}{f' {money.source}' if money.source else ''} {amount}"


def _reviewed(row: Row, tree: Tree, base: Tree, ward: Ward, rights: Rights) -> Reviewed | None:
    if row.item not in base:
        what, old = ADDED, Row(row.item, row.parent, row.kind, "")
    else:
        old = base.row(row.item)
        differs = any(getattr(old, field) != getattr(row, field) for field in drafting.EDITABLE_FIELDS)
        what = CHANGED if differs else MOVED if old.parent != row.parent else ""
    if not what and row.review == ReviewState.KEPT:
        return None
    above = tree.above(row.item)
    owners = tree.owner_bodies(row.item)
    return Reviewed(
        row=row,
        old=old if what else None,
        what=what,
        path=tuple(each.title for each in reversed(above)),
        may_submit=bool(may_edit_item(rights, ward, owners)),
        top=above[-1] if above else row,
        is_own=bool(rights.bodies_in(ward) & owners),
    )


def _said(row: Row) -> tuple[FieldChange, ...]:
    """What an item says, where nothing about it changed."""
    words = ((field, told(row, field)) for field in drafting.EDITABLE_FIELDS if field not in _IN_HEADING)
    return tuple(FieldChange(str(_LABELS[field]), (TextPiece(SAME, said),)) for field, said in words if said)
