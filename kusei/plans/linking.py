"""Which items of a ward's plans belong together: pure rules that compare names, programmes and wording.

No rule knows a ward, a document or a programme. What counts is how much of one item's name stands in the other's name or
text, weighed by how rare each word is among the ward's items, and how long a stretch both share word for word.
Names of bodies and of the ward tell nothing: they stand everywhere.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kusei.japanese.folding import fold, fold_name
from kusei.plans.enums import ItemKind, LinkKind, PlanKind
from kusei.plans.wording import CLAUSES, GENERAL, LOOSE_ENDS, SENTENCES, SHORTEST_CLAUSE, words_of

LEAST_SCORE = 0.425
"""Below this a pair is not proposed. Measured on real documents: see tests/test_links_of_seeds.py."""

SECOND_SCORE = 0.85
"""A second, independent link into the same plan needs this."""

ELSEWHERE = 0.75
"""Weight of a match outside the counterpart of the heading that the item stands under."""

_CANDIDATES = 40
_USUAL_SIZE = 300
_PROJECTS = frozenset({ItemKind.PROJECT, ItemKind.COMPONENT, ItemKind.SUBCOMPONENT, ItemKind.RELATED})
_HOLDERS_OF_ACTIONS = _PROJECTS | {ItemKind.ORGANISATION}
_ROW_PLANS = frozenset({PlanKind.ACTION_PLAN, PlanKind.EVALUATION})


@dataclass(frozen=True, slots=True)
class LinkItem:
    """What linking looks at in an item. `above` are the keys of the items over it, the nearest first; `evidence` is text
    that belongs to it in another room (a printed result); `owners` are the bodies' keys."""

    key: int
    plan: int
    fiscal_year: int
    plan_kind: str
    kind: str
    title: str
    programme: str = ""
    text: str = ""
    evidence: str = ""
    above: tuple[int, ...] = ()
    owners: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link that the names and texts speak for. `is_same_name`: the names are equal after folding."""

    from_key: int
    to_key: int
    kind: str
    confidence_percent: int
    reason: str
    is_same_name: bool = False


@dataclass(slots=True)
class _Sides:
    """An item made ready for comparing."""

    item: LinkItem
    parent: LinkItem | None
    depth: int
    names: list[str]
    """Folded title and programme, bodies and ward left out."""
    name_words: list[frozenset[str]] = field(default_factory=list)
    words: frozenset[str] = frozenset()
    heading_words: frozenset[str] = frozenset()
    whole: str = ""
    clauses: list[frozenset[str]] = field(default_factory=list)
    owners: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Match:
    score: float
    other: _Sides
    shared: str


def propose(items: Sequence[LinkItem], *, names_without_meaning: Iterable[str] = ()) -> list[Proposal]:
    """The links between items of one ward's plans, the surest first.

    From the later to the earlier (continues), from an action to the project it carries out (implements), from a budget
    line to the line of the policy it pays for (funds). `names_without_meaning` are the ward's and its bodies' names.
    """
    comparison = _Comparison(items, names_without_meaning)
    found: dict[tuple[int, int], Proposal] = {}
    for source_plan, target_plan in _plan_pairs(items):
        for source in comparison.of_plan(source_plan):
            for proposal in comparison.links(source, target_plan):
                found.setdefault((proposal.from_key, proposal.to_key), proposal)
    return sorted(found.values(), key=lambda each: (-each.confidence_percent, each.from_key, each.to_key))


def _plan_pairs(items: Sequence[LinkItem]) -> list[tuple[int, int]]:
    """Which plan's items may point into which: into the same year's plans that stand above it, and into the latest
    earlier year of every kind."""
    plans = {item.plan: (item.fiscal_year, item.plan_kind) for item in items}
    pairs = []
    for source, (year, kind) in plans.items():
        earlier: dict[str, int] = {}
        for other_year, other_kind in plans.values():
            if other_year < year:
                earlier[other_kind] = max(earlier.get(other_kind, 0), other_year)
        for target, (other_year, other_kind) in plans.items():
            same_year = other_year == year and _rank(kind) > _rank(other_kind)
            before = other_year < year and other_year == earlier[other_kind]
            # Last year's rows are followed by this year's rows; a project never continues a row.
            into_rows = other_kind in _ROW_PLANS and kind not in _ROW_PLANS
            if (same_year or before) and not into_rows:
                pairs.append((source, target))
    return pairs


def _rank(plan_kind: str) -> int:
    """Policy stands above budget, budget above what carries it out."""
    return {PlanKind.POLICY: 0, PlanKind.OTHER: 1, PlanKind.BUDGET: 2}.get(PlanKind(plan_kind), 3)


class _Comparison:
    def __init__(self, items: Sequence[LinkItem], names_without_meaning: Iterable[str]) -> None:
        self.by_key = {item.key: item for item in items}
        silent = sorted(
            {fold(name) for name in names_without_meaning if len(name) > 1}, key=len, reverse=True
        )
        self.silent = re.compile("|".join(map(re.escape, silent))) if silent else None
        self.children: dict[int, list[LinkItem]] = defaultdict(list)
        for item in items:
            if item.above:
                self.children[item.above[0]].append(item)
        printed = Counter(
            (item.plan, sentence)
            for item in items
            for sentence in {*map(fold_name, SENTENCES.findall(item.evidence))}
        )
        self.copied = {place for place, count in printed.items() if count > 1}
        self.sides = {item.key: self._sides(item) for item in items}
        frequency = Counter(word for side in self.sides.values() for word in side.words)
        # In a small ward every word is rare; there a word in one item counts as in several of a ward of usual size.
        self.total = max(len(items), _USUAL_SIZE)
        self.share = 1 + 0.12 * (self.total / max(len(items), 1) - 1)
        self.weight = {
            word: max(0.0, math.log(self.total / (count * self.share))) * (0.5 if "|" in word else 1.0)
            for word, count in frequency.items()
        }
        self.weights: dict[frozenset[str], float] = {}
        self.texts = [side.whole for side in self.sides.values()]
        self.holders: Callable[[str], int] = lru_cache(maxsize=None)(
            lambda part: sum(part in text for text in self.texts)
        )
        self.counterparts: dict[tuple[int, int], int | None] = {}
        self.plans: dict[int, list[_Sides]] = defaultdict(list)
        self.holding: dict[tuple[int, str], list[_Sides]] = defaultdict(list)
        self.naming: dict[tuple[int, str], list[_Sides]] = defaultdict(list)
        self.owners_of_plan: dict[int, set[str]] = defaultdict(set)
        for side in self.sides.values():
            self.owners_of_plan[side.item.plan] |= side.item.owners
            if not self._may_link(side):
                continue
            self.plans[side.item.plan].append(side)
            for word in side.words:
                self.holding[side.item.plan, word].append(side)
            for word in frozenset().union(*side.name_words):
                self.naming[side.item.plan, word].append(side)

    def of_plan(self, plan: int) -> list[_Sides]:
        return self.plans[plan]

    def _may_link(self, side: _Sides) -> bool:
        kind = side.item.kind
        if kind in _PROJECTS or (kind == ItemKind.ACTION and side.item.plan_kind in _ROW_PLANS):
            return True
        return kind == ItemKind.ACTION and side.parent is not None and side.parent.kind in _HOLDERS_OF_ACTIONS

    def _silenced(self, text: str) -> str:
        folded = fold(text)
        return self.silent.sub(" ", folded) if self.silent else folded

    def _sides(self, item: LinkItem) -> _Sides:
        # A sentence printed as the result of several items of a plan was copied: it doesn't tell what one of them is.
        sentences = SENTENCES.findall(item.evidence)
        own = [each for each in sentences if (item.plan, fold_name(each)) not in self.copied]
        pieces = [item.title, item.programme, item.text, "。".join(own)]
        if item.kind in _PROJECTS:  # what stands below a project is part of what it says
            for child in self.children[item.key]:
                if child.kind in (ItemKind.ACTION, ItemKind.SUBCOMPONENT):
                    pieces += [child.title, child.text]
        titles = []
        for name in filter(None, (item.title, item.programme)):
            silenced = self._silenced(name)
            titles.append(silenced if len(fold_name(silenced)) >= 3 else fold(name))
        whole = "/".join(self._silenced(piece) for piece in pieces if piece)
        parent = self.by_key.get(item.above[0]) if item.above else None
        side = _Sides(item, parent, len(item.above), [fold_name(title) for title in titles])
        side.name_words = [words_of(title) for title in titles]
        side.words = words_of(whole).union(*side.name_words)
        side.heading_words = words_of(self._silenced(parent.title)) if parent else frozenset()
        side.whole = fold_name(whole)
        if item.kind == ItemKind.ACTION:
            clauses = [
                clause for clause in CLAUSES.split(titles[0]) if len(fold_name(clause)) >= SHORTEST_CLAUSE
            ]
            side.clauses = [words_of(clause) for clause in clauses] if len(clauses) > 1 else []
        owner: LinkItem | None = item
        for key in item.above:
            if owner is not None and not owner.owners:
                owner = self.by_key.get(key)
        side.owners = owner.owners if owner is not None else frozenset()
        return side

    def links(self, source: _Sides, target_plan: int) -> list[Proposal]:
        same = self._same_names(source, target_plan)
        if same:
            certain = len(same) == 1
            return [
                _proposal(
                    source, other, 0.99 if certain else 0.9, f"名前が同じ「{name}」", is_same_name=certain
                )
                for other, name in same[:2]
            ]
        matches = self._within_counterpart(source, target_plan, self._matches(source, target_plan))
        matches = [match for match in matches if match.score >= LEAST_SCORE]
        return [
            _proposal(source, each.other, each.score, self._reason(source, each))
            for each in self._chosen(source, matches)
        ]

    def _same_names(self, source: _Sides, target_plan: int) -> list[tuple[_Sides, str]]:
        """The items of the plan with the same name, narrowed to the same kind and the same heading where that helps."""
        mine = {fold_name(name): name for name in (source.item.title, source.item.programme) if name}
        found = []
        for other in self.plans[target_plan]:
            theirs = {fold_name(name) for name in (other.item.title, other.item.programme) if name}
            common = next((name for key, name in mine.items() if key in theirs), None)
            if common is not None:
                found.append((other, fold(common)))
        narrowing: tuple[Callable[[_Sides], bool], ...] = (
            lambda other: other.item.kind == source.item.kind,
            lambda other: bool(
                source.parent
                and other.parent
                and fold_name(source.parent.title) == fold_name(other.parent.title)
            ),
            lambda other: other.item.kind == ItemKind.PROJECT,
        )
        for condition in narrowing:
            kept = [each for each in found if condition(each[0])]
            found = kept or found
        return found

    def _within_counterpart(self, source: _Sides, target_plan: int, matches: list[_Match]) -> list[_Match]:
        """The matches, those outside the counterpart of a heading above the source weighed less: what stands under a
        project goes on, or is paid for, under the project of the same name."""
        if not matches:
            return matches
        for key in source.item.above:
            if (counterpart := self._counterpart(key, target_plan)) is not None:
                return [
                    match
                    if counterpart in (match.other.item.key, *match.other.item.above)
                    else replace(match, score=match.score * ELSEWHERE)
                    for match in matches
                ]
        return matches

    def _counterpart(self, key: int, target_plan: int) -> int | None:
        """The one item of a plan that has the same name as a heading."""
        if (key, target_plan) not in self.counterparts:
            heading = self.sides.get(key)
            same = self._same_names(heading, target_plan) if heading is not None else []
            self.counterparts[key, target_plan] = same[0][0].item.key if len(same) == 1 else None
        return self.counterparts[key, target_plan]

    def _matches(self, source: _Sides, target_plan: int) -> list[_Match]:
        """The most promising items of a plan, scored. Words shared with names come first, so that a large plan is not
        compared item by item."""
        promise: defaultdict[int, float] = defaultdict(float)
        for word in frozenset().union(*source.name_words):
            for other in self.holding.get((target_plan, word), ()):
                promise[other.item.key] += self.weight[word]
        for word in source.words:
            for other in self.naming.get((target_plan, word), ()):
                promise[other.item.key] += self.weight[word]
        likely = sorted(promise, key=lambda key: (-promise[key], key))[:_CANDIDATES]
        return [_Match(*self._score(source, self.sides[key])) for key in likely]

    def _score(self, a: _Sides, b: _Sides) -> tuple[float, _Sides, str]:
        ways = sorted(
            [self._evidence(words, b.words) for words in a.name_words]
            + [self._evidence(words, a.words) for words in b.name_words],
            reverse=True,
        )
        score = min(1.0, ways[0])
        score += (1 - score) * 0.7 * min(1.0, ways[1])
        if a.owners and b.owners:
            if a.owners & b.owners:
                score += (1 - score) * 0.12
            elif (
                a.owners <= self.owners_of_plan[b.item.plan]
            ):  # that plan names these bodies, but not for this item
                score *= 0.75
        for mine, theirs in ((a, b), (b, a)):
            for clause in mine.clauses:
                score = max(score, min(1.0, 0.92 * self._evidence(clause, theirs.words, scale=13.0)))
        if score < 0.15:
            return score, b, ""
        length, shared = max(
            [self._stretch(name, b.whole) for name in a.names]
            + [self._stretch(name, a.whole) for name in b.names]
        )
        if not GENERAL.sub("", shared) and not self._says_all_of(b, a.names[0]):
            return 0.0, b, shared  # two things of one sort: a council's running and another council's
        score = min(1.0, score * min(1.3, 0.55 + length / 22))
        context = max(
            self._part(words, a.words | a.heading_words) - self._part(words, a.words)
            for words in b.name_words
        )
        score += (1 - score) * 0.5 * max(context, 0.0) * min(1.0, score * 2)
        return score, b, shared

    def _says_all_of(self, side: _Sides, name: str) -> bool:
        """Whether every telling stretch of a name stands in an item's words."""
        return all(part in side.whole for part in GENERAL.split(name) if len(part) > 1)

    def _weight_of(self, words: frozenset[str]) -> float:
        if words not in self.weights:
            self.weights[words] = sum(self.weight.get(word, 0.0) for word in words)
        return self.weights[words]

    def _part(self, words: frozenset[str], among: frozenset[str]) -> float:
        total = self._weight_of(words)
        return sum(self.weight.get(word, 0.0) for word in words & among) / total if total else 0.0

    def _evidence(self, words: frozenset[str], among: frozenset[str], *, scale: float = 11.0) -> float:
        """How much of `words` stands in the other text, less where it is little in all (a short or general name)."""
        shared = sum(self.weight.get(word, 0.0) for word in words & among)
        if not shared:
            return 0.0
        mass = 1 - math.exp(-((shared / scale) ** 1.5))
        return self._part(words, among) * mass * (1 + 0.08 * max(0.0, math.log2(max(shared, 1.0) / 20)))

    def _stretch(self, name: str, text: str) -> tuple[float, str]:
        """The longest stretch of a name that stands in the other text as it is, weighed by length and rarity; general
        words count little."""
        best = ""
        start = 0
        while start < len(name):
            end = start + len(best) + 1
            while end <= len(name) and name[start:end] in text:
                best = name[start:end]
                end += 1
            start += 1
        if len(best) < 2:
            return 0.0, best
        telling = len(GENERAL.sub("", best))
        counted = telling + 0.3 * (len(best) - telling) if telling >= 2 else 0.3 * len(best)
        return counted * max(0.0, math.log(self.total / (max(1, self.holders(best)) * self.share))), best

    def _chosen(self, source: _Sides, matches: list[_Match]) -> list[_Match]:
        """The best match, among equals the one of the same kind or the most particular; a second one only elsewhere in
        the tree and if it is strong."""
        if not matches:
            return []
        top = max(match.score for match in matches)

        def preference(match: _Match) -> float:
            if source.item.plan_kind in _ROW_PLANS:
                return match.score + 0.02 * match.other.depth
            return match.score + (0.08 if match.other.item.kind == source.item.kind else 0.0)

        first = max((match for match in matches if match.score >= top * 0.92), key=preference)
        line = {first.other.item.key, *first.other.item.above}
        for match in sorted(matches, key=lambda each: -each.score):
            if match.score < max(SECOND_SCORE, first.score * 0.75):
                break
            item = match.other.item
            if item.key not in line and first.other.item.key not in item.above:
                return [first, match]
        return [first]

    def _reason(self, source: _Sides, match: _Match) -> str:
        reasons = []
        shared = LOOSE_ENDS.sub("", match.shared).upper()
        if len(shared) >= 2:
            reasons.append(f"「{shared[:60]}」が両方にある")
        else:
            reasons.append("名前や説明の言葉が重なる")
        if source.owners & match.other.owners:
            reasons.append("担当が重なる")
        return "、".join(reasons)


def _proposal(a: _Sides, b: _Sides, score: float, reason: str, *, is_same_name: bool = False) -> Proposal:
    return Proposal(
        from_key=a.item.key,
        to_key=b.item.key,
        kind=_link_kind(a.item, b.item),
        confidence_percent=max(1, min(99, round(score * 100))),
        reason=reason,
        is_same_name=is_same_name,
    )


def _link_kind(a: LinkItem, b: LinkItem) -> str:
    if a.plan_kind in _ROW_PLANS and b.plan_kind not in _ROW_PLANS:
        return LinkKind.IMPLEMENTS.value
    if a.fiscal_year != b.fiscal_year:
        return LinkKind.CONTINUES.value
    return (LinkKind.FUNDS if a.plan_kind == PlanKind.BUDGET else LinkKind.IMPLEMENTS).value
