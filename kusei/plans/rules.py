"""Pure rules on plan trees: what a draft says item by item, which items of two trees are the same, and how they differ."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kusei.japanese.folding import fold_name
from kusei.plans.enums import AmountBasis, ItemKind

SAME_PLACE_LIKENESS = 0.5
SIBLING_LIKENESS = 0.6
ELSEWHERE_LIKENESS = 0.8
LEAST_SHARE = 0.2
"""A document that shares fewer of its items than this with the plan in force is another document."""

# What the columns hold; longer values are cut, and the cut is reported (nothing is dropped silently).
NUMBER_LENGTH = 20
PROGRAMME_LENGTH = 200
SOURCE_LENGTH = 60
TAG_LENGTH = 40
OWNER_LENGTH = 120
PRINTED_LENGTH = 40
UNIT_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of an entry: whole yen, or None where the unit is unknown."""

    fiscal_year: int
    basis: str
    source: str
    yen: int | None
    printed: str
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a tree, flat: `parent` is the index of the item above it in the same list."""

    index: int
    parent: int | None
    depth: int
    kind: str
    number: str
    title: str
    text: str = ""
    programme: str = ""
    budget_source: str = ""
    plan_bullets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    money: tuple[Money, ...] = ()
    page: int | None = None
    line: int | None = None
    places: tuple[dict[str, Any], ...] = ()


def whole_yen(thousand_yen: float | int | str | None) -> int | None:
    """千円 (with decimals) as whole yen, half up; None stays None."""
    if thousand_yen is None:
        return None
    return int((Decimal(str(thousand_yen)) * 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def flatten_draft(draft: dict[str, Any], *, fiscal_year: int) -> tuple[list[Entry], list[str]]:
    """The entries of a reader's draft in printed order, and the values that had to be cut to fit.

    Last year's amount is an amount of `fiscal_year` - 1 with basis "previous".
    """
    entries: list[Entry] = []
    cut: list[str] = []

    def fit(value: str | None, length: int) -> str:
        text = clean_text(value)
        if len(text) <= length:
            return text
        cut.append(text)
        return text[:length]

    def visit(item: dict[str, Any], parent: int | None, depth: int) -> None:
        index = len(entries)
        source = item.get("source") or {}
        entries.append(
            Entry(
                index=index,
                parent=parent,
                depth=depth,
                kind=item["kind"] if item["kind"] in ItemKind.values else ItemKind.ACTION.value,
                number=fit(item.get("number"), NUMBER_LENGTH),
                title=clean_text(item["title"]),
                text=clean_text(item.get("body")),
                programme=fit(item.get("programme"), PROGRAMME_LENGTH),
                budget_source=fit(item.get("budget_source"), SOURCE_LENGTH),
                plan_bullets=tuple(clean_text(bullet) for bullet in item.get("plan") or ()),
                tags=tuple(dict.fromkeys(fit(tag, TAG_LENGTH) for tag in item.get("tags") or ())),
                owners=tuple(dict.fromkeys(fit(owner, OWNER_LENGTH) for owner in item.get("owners") or ())),
                money=tuple(
                    sorted(_money_of(item, fiscal_year, fit), key=lambda m: (m.fiscal_year, m.basis))
                ),
                page=source.get("page"),
                line=source.get("line"),
                places=tuple(item.get("places") or ()),
            )
        )
        for child in item.get("children") or ():
            visit(child, index, depth + 1)

    for item in draft.get("items") or ():
        visit(item, None, 0)
    return entries, cut


def clean_text(value: str | None) -> str:
    """`value` without NUL characters, which PostgreSQL cannot store; empty for None."""
    return (value or "").replace("\x00", "")


def _money_of(
    item: dict[str, Any], fiscal_year: int, fit: Callable[[str | None, int], str]
) -> Iterable[Money]:
    source = fit(item.get("budget_source"), SOURCE_LENGTH)
    unit = fit(item.get("amount_unit"), UNIT_LENGTH)
    printed = item.get("amount_printed")
    yen = whole_yen(item.get("amount_thousand_yen"))
    if printed is None and yen is not None:
        printed, unit = f"{yen / 1000:g}" if yen % 1000 else str(yen // 1000), "千円"
    if printed is not None:
        stated = unit if yen is not None else ""
        yield Money(fiscal_year, AmountBasis.CURRENT.value, source, yen, fit(printed, PRINTED_LENGTH), stated)
    previous = whole_yen(item.get("previous_amount_thousand_yen"))
    if previous is not None:
        shown = str(previous // 1000) if previous % 1000 == 0 else f"{previous / 1000}"
        yield Money(fiscal_year - 1, AmountBasis.PREVIOUS.value, source, previous, shown, "千円")


def bigrams(text: str) -> set[str]:
    """The pairs of neighbouring characters of a folded text; a text of one character is its own pair."""
    return {text[i : i + 2] for i in range(len(text) - 1)} or ({text} if text else set())


def likeness(first: str, second: str) -> float:
    """How alike two texts are after folding: Dice over their bigrams, from 0.0 to 1.0."""
    a, b = bigrams(fold_name(first)), bigrams(fold_name(second))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else float(fold_name(first) == fold_name(second))


def match_entries(old: Sequence[Entry], new: Sequence[Entry]) -> dict[int, int]:
    """Which entry of `new` (its index) is the same item as which of `old`.

    First the same kind, number and title, below the same heading if possible; then the same title elsewhere; then rows
    that plan the same bullet; then the same place in the tree, or below the same heading, with a title alike enough.
    Every entry is used once. Twice the same document gives the identity.
    """
    matches: dict[int, int] = {}
    used: set[int] = set()

    def pair(a: Entry, b: Entry) -> None:
        matches[b.index] = a.index
        used.add(a.index)

    def by_key(key: Callable[[Entry, Sequence[Entry]], Hashable | None]) -> None:
        waiting: dict[Hashable, list[Entry]] = defaultdict(list)
        for a in old:
            found = None if a.index in used else key(a, old)
            if found is not None:
                waiting[found].append(a)
        for b in new:
            if b.index in matches:
                continue
            candidates = waiting.get(key(b, new))
            if candidates:
                pair(candidates.pop(0), b)

    by_key(lambda e, tree: (_path(e, tree), _name_key(e), e.text, e.plan_bullets))
    by_key(lambda e, tree: (_path(e, tree), _name_key(e)))
    by_key(lambda e, tree: (_name_key(e), _parent_title(e, tree)))
    by_key(lambda e, tree: _name_key(e))
    by_key(lambda e, tree: (e.kind, fold_name(e.title)))
    by_key(lambda e, tree: fold_name(e.title))
    for nth in range(3):
        by_key(lambda e, tree, nth=nth: fold_name(e.plan_bullets[nth]) if len(e.plan_bullets) > nth else None)  # type: ignore[misc]
    _match_by_place(old, new, matches, used, pair)
    _match_elsewhere(old, new, matches, used, pair)
    return matches


def _name_key(entry: Entry) -> tuple[str, str, str, str]:
    return entry.kind, fold_name(entry.number), fold_name(entry.title), fold_name(entry.programme)


def _parent_title(entry: Entry, tree: Sequence[Entry]) -> str:
    return fold_name(tree[entry.parent].title) if entry.parent is not None else ""


def _path(entry: Entry, tree: Sequence[Entry]) -> tuple[str, ...]:
    titles = []
    parent = entry.parent
    while parent is not None:
        titles.append(fold_name(tree[parent].title))
        parent = tree[parent].parent
    return tuple(titles)


def _match_by_place(
    old: Sequence[Entry],
    new: Sequence[Entry],
    matches: dict[int, int],
    used: set[int],
    pair: Callable[[Entry, Entry], None],
) -> None:
    """Pairs what stands below the same heading: first with the same number, then the most alike."""
    below: dict[int | None, list[Entry]] = defaultdict(list)
    for a in old:
        below[a.parent].append(a)
    for b in new:  # parents come before their children, so a parent's match is settled here
        if b.index in matches or (b.parent is not None and b.parent not in matches):
            continue
        siblings = [
            a
            for a in below[matches[b.parent] if b.parent is not None else None]
            if a.index not in used and a.kind == b.kind
        ]
        same_number = [a for a in siblings if b.number and fold_name(a.number) == fold_name(b.number)]
        best = max(siblings, key=lambda a: _entry_likeness(a, b), default=None)
        if len(same_number) == 1 and _entry_likeness(same_number[0], b) >= SAME_PLACE_LIKENESS:
            pair(same_number[0], b)
        elif best is not None and _entry_likeness(best, b) >= SIBLING_LIKENESS:
            pair(best, b)


def _match_elsewhere(
    old: Sequence[Entry],
    new: Sequence[Entry],
    matches: dict[int, int],
    used: set[int],
    pair: Callable[[Entry, Entry], None],
) -> None:
    """Pairs what is left anywhere in the tree where kind agrees and the titles are very much alike."""
    holders: dict[str, list[Entry]] = defaultdict(list)
    for a in old:
        if a.index not in used:
            for gram in bigrams(fold_name(a.title)):
                holders[gram].append(a)
    for b in new:
        if b.index in matches or len(b.title) < 6:
            continue
        shared: dict[int, int] = defaultdict(int)
        for gram in bigrams(fold_name(b.title)):
            for a in holders.get(gram, ())[:200]:
                if a.index not in used and a.kind == b.kind:
                    shared[a.index] += 1
        best = max(shared, key=lambda index: shared[index], default=None)
        if best is not None and likeness(old[best].title, b.title) >= ELSEWHERE_LIKENESS:
            pair(old[best], b)


def _entry_likeness(a: Entry, b: Entry) -> float:
    score = likeness(a.title, b.title)
    if a.plan_bullets and b.plan_bullets:
        score = max(score, likeness("".join(a.plan_bullets), "".join(b.plan_bullets)))
    if a.programme and fold_name(a.programme) == fold_name(b.programme):
        score = max(score, 0.9)
    return score


_COMPARED = (
    "kind", "number", "title", "text", "programme", "budget_source", "plan_bullets", "tags", "owners", "money",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One item that two versions tell differently, and in which fields ("parent" where it stands below another heading)."""

    old: Entry
    new: Entry
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What a draft says otherwise than the version in force."""

    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    changed: tuple[Change, ...] = ()
    order_differs: bool = False
    matched: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.order_differs)

    def share(self) -> float:
        """The part of the draft's items that the version in force has too; 1.0 for a draft without items."""
        total = self.matched + len(self.added)
        return self.matched / total if total else 1.0


def compare(
    old: Sequence[Entry],
    new: Sequence[Entry],
    matches: dict[int, int],
    *,
    owner_key: Callable[[str], Hashable] = fold_name,
) -> Differences:
    """The differences between two trees, given which items are the same. Places in the source do not count, nor the
    order of tags. `owner_key` says which printed names are one body."""

    def said(entry: Entry, field: str) -> Any:
        value = getattr(entry, field)
        if field == "owners":
            return list(dict.fromkeys(owner_key(name) for name in value))
        return sorted(value) if field == "tags" else value

    changed = []
    for b in new:
        if b.index not in matches:
            continue
        a = old[matches[b.index]]
        fields = [name for name in _COMPARED if said(a, name) != said(b, name)]
        if a.parent != (matches.get(b.parent) if b.parent is not None else None):
            fields.append("parent")
        if fields:
            changed.append(Change(a, b, tuple(fields)))
    kept = [matches[b.index] for b in new if b.index in matches]
    taken = set(kept)
    return Differences(
        added=tuple(b for b in new if b.index not in matches),
        removed=tuple(a for a in old if a.index not in taken),
        changed=tuple(changed),
        order_differs=kept != sorted(kept),
        matched=len(matches),
    )


def source_hash(title: str, text: str) -> str:
    """Names the Japanese text that a translation was made from; blanks and line ends, which spreadsheets change, do not count."""
    plain = "\0".join("".join(piece.split()) for piece in (title, text))
    return hashlib.sha256(plain.encode()).hexdigest()
