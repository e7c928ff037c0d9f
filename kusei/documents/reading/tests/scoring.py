"""How well a draft agrees with what a careful person says the document says.

Pure: the standard library only, no database, nothing of the reader. An annotation was made by hand, before and apart from
the reader (`annotations/`); a draft is the JSON that `kusei read FILE --json` prints. `score` compares the two:

    python -m kusei.documents.reading.tests.scoring ANNOTATION.json DRAFT.json

An annotation is `{"document": {...}, "items": [...]}`. An item has `id`, `line`, `kind`, `parent` (an id or null), `number`,
`amount` and `previous` (千円 or null), `owners` and `tags` (names, or only how many), perhaps `also_lines` (other places where
the same item is printed), perhaps `kind_also` and `parent_also` (lists of kinds and of ids that are right too, null for no parent),
and its title: either `title` in clear, with `plan` and `result` in clear, or `hash`, with `plan` and
`result` as hashes too. `document` has `ward`, `fiscal_year`, `kind` and either `title` or `title_hash`; what is null there is not
compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

# CJK radicals that NFKC leaves alone, and below them, in the same order, the ideographs they stand for.
# Source: Unicode Character Database 14.0, EquivalentUnifiedIdeograph, block CJK Radicals Supplement.
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺"
    "⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲"
)
_IDEOGRAPHS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀"
    "聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"
)
_DASHES = "‐‑‒–—―−ｰ"
_MIDDLE_DOTS = "･·•"
_FOLDED = str.maketrans(
    _RADICALS + _DASHES + _MIDDLE_DOTS,
    _IDEOGRAPHS + "ー" * len(_DASHES) + "・" * len(_MIDDLE_DOTS),
)


def normalise_title(text: str) -> str:
    """What two spellings of the same title have in common: width, radicals, look-alike dashes and dots, case, no white space.

    White space goes altogether, since a word broken over two lines comes back with or without one. The ASCII hyphen stays.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_FOLDED)
    return "".join(folded.split()).casefold()


def title_hash(text: str) -> str:
    """Sixteen hexadecimal digits that stand for the normalised title where its text must not be stored."""
    return hashlib.sha256(normalise_title(text).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Ratio:
    """How many of those that were asked about are right; with nobody asked, all are."""

    right: int
    total: int

    @property
    def value(self) -> float:
        return self.right / self.total if self.total else 1.0


@dataclass(frozen=True)
class Overlap:
    """Two multisets compared: how many `expected`, how many `found`, how many in both. Two empty ones agree."""

    matched: int
    expected: int
    found: int

    @property
    def precision(self) -> float:
        return self.matched / self.found if self.found else float(not self.expected)

    @property
    def recall(self) -> float:
        return self.matched / self.expected if self.expected else float(not self.found)

    @property
    def f1(self) -> float:
        total = self.expected + self.found
        return 2 * self.matched / total if total else 1.0


@dataclass(frozen=True)
class Amounts:
    """Amounts of this year and of the year before, each counted as one.

    `missing`: annotated, and not in the draft (its item may be missing too). `wrong`: another figure.
    `invented`: in the draft where the annotation has none, also on an item that nobody annotated.
    """

    right: int = 0
    missing: int = 0
    wrong: int = 0
    invented: int = 0


@dataclass(frozen=True)
class Miss:
    """An annotated item that the draft lacks. `title` only where the annotation holds clear titles."""

    line: int | None
    kind: str
    hash: str
    title: str | None = None


@dataclass(frozen=True)
class Extra:
    """An item of the draft that nobody annotated."""

    line: int | None
    kind: str
    title: str


@dataclass(frozen=True)
class Difference:
    """One field in which a matched item, an amount or the document itself differs."""

    line: int | None
    field: str
    expected: object
    found: object
    title: str = ""


@dataclass(frozen=True)
class Score:
    """`kinds` to `tags` are over the items whose titles match; `owners` and `tags` over those of them where either side names any.

    `parents`: the parent's title is that of the annotated parent or of one of `parent_also`, or both are roots. `owners` and `tags`: as many as annotated.
    `rows`: rows with the same planned bullets. `results`: results that are the same and hang on the row of the same title.
    `document`: of title, ward, fiscal year and kind those that the annotation states.
    """

    titles: Overlap
    kinds: Ratio
    parents: Ratio
    numbers: Ratio
    owners: Ratio
    tags: Ratio
    amounts: Amounts
    rows: Overlap
    results: Overlap
    document: Ratio
    misses: tuple[Miss, ...]
    extras: tuple[Extra, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class _Item:
    """An item of either side, in the one shape that the comparison needs."""

    lines: tuple[int, ...]
    page: int | None
    kind: str
    number: str
    hash: str
    title: str | None
    parent: str | None
    amount: float | None
    previous: float | None
    owners: int
    tags: int
    plan: tuple[str, ...]
    result: str | None
    kind_also: tuple[str, ...] = ()
    parent_also: tuple[str | None, ...] = ()

    @property
    def line(self) -> int | None:
        return self.lines[0] if self.lines else None

    @property
    def is_row(self) -> bool:
        return bool(self.plan or self.result)


def score(annotation: dict[str, Any], draft: dict[str, Any]) -> Score:
    """Compare a draft with the annotation of the same document.

    Titles match as multisets. Among equal titles the nearest source lines belong together; where the draft counts its lines by
    page, they don't compare with lines of a file, and equal titles are paired in reading order.
    """
    expected = _annotated(annotation)
    found = list(_drafted(draft.get("items") or [], parent=None))
    pairs = _pairs(expected, found)
    matched_expected = {i for i, _ in pairs}
    matched_found = {j for _, j in pairs}
    matched = [(expected[i], found[j]) for i, j in pairs]
    lonely_expected = [item for i, item in enumerate(expected) if i not in matched_expected]
    lonely_found = [item for j, item in enumerate(found) if j not in matched_found]

    differences: list[Difference] = []

    def agreement(field: str, *, only_if_any: bool = False) -> Ratio:
        asked = [(a, b) for a, b in matched if not only_if_any or getattr(a, field) or getattr(b, field)]
        wrong = [
            (a, b)
            for a, b in asked
            if getattr(b, field) not in (getattr(a, field), *getattr(a, f"{field}_also", ()))
        ]
        differences.extend(
            Difference(a.line, field, getattr(a, field), getattr(b, field), b.title or "") for a, b in wrong
        )
        return Ratio(len(asked) - len(wrong), len(asked))

    expected_rows = [item for item in expected if item.is_row]
    found_rows = [item for item in found if item.is_row]
    return Score(
        titles=Overlap(len(pairs), len(expected), len(found)),
        kinds=agreement("kind"),
        parents=agreement("parent"),
        numbers=agreement("number"),
        owners=agreement("owners", only_if_any=True),
        tags=agreement("tags", only_if_any=True),
        amounts=_amounts(matched, lonely_expected, lonely_found, differences),
        rows=_overlap(expected_rows, found_rows, _row_key),
        results=_overlap(
            (item for item in expected_rows if item.result),
            (item for item in found_rows if item.result),
            lambda item: (item.hash, item.result),
        ),
        document=_document(annotation.get("document") or {}, draft, differences),
        misses=tuple(Miss(item.line, item.kind, item.hash, item.title) for item in lonely_expected),
        extras=tuple(Extra(item.line, item.kind, item.title or "") for item in lonely_found),
        differences=tuple(differences),
    )


def paired(annotation: dict[str, Any], draft: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each annotated item that the draft has, with the draft's item, both as they stand in their JSON."""
    drafted = list(_walk(draft.get("items") or []))
    pairs = _pairs(_annotated(annotation), list(_drafted(draft.get("items") or [], parent=None)))
    return [(annotation["items"][i], drafted[j]) for i, j in pairs]


def _walk(raw_items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for raw in raw_items:
        yield raw
        yield from _walk(raw.get("children") or [])


def _annotated(annotation: dict[str, Any]) -> list[_Item]:
    raw_items = annotation["items"]
    hash_of = {raw["id"]: raw.get("hash") or title_hash(raw["title"]) for raw in raw_items}
    items = []
    for raw in raw_items:
        plan, result = raw.get("plan") or [], raw.get("result")
        if "hash" not in raw:
            plan, result = [title_hash(bullet) for bullet in plan], title_hash(result) if result else None
        items.append(
            _Item(
                lines=tuple(
                    line for line in (raw.get("line"), *raw.get("also_lines", ())) if line is not None
                ),
                page=None,
                kind=raw["kind"],
                number=normalise_title(raw.get("number") or ""),
                hash=hash_of[raw["id"]],
                title=raw.get("title"),
                parent=None if raw.get("parent") is None else hash_of[raw["parent"]],
                amount=raw.get("amount"),
                previous=raw.get("previous"),
                owners=_count(raw.get("owners")),
                tags=_count(raw.get("tags")),
                plan=tuple(plan),
                result=result,
                kind_also=tuple(raw.get("kind_also") or ()),
                parent_also=tuple(
                    None if other is None else hash_of[other] for other in raw.get("parent_also") or ()
                ),
            )
        )
    return items


def _drafted(raw_items: list[dict[str, Any]], *, parent: str | None) -> Iterator[_Item]:
    for raw in raw_items:
        title, result = raw.get("title") or "", raw.get("result")
        source = raw.get("source") or {}
        item = _Item(
            lines=() if source.get("line") is None else (source["line"],),
            page=source.get("page"),
            kind=raw.get("kind") or "",
            number=normalise_title(raw.get("number") or ""),
            hash=title_hash(title),
            title=title,
            parent=parent,
            amount=raw.get("amount_thousand_yen"),
            previous=raw.get("previous_amount_thousand_yen"),
            owners=_count(raw.get("owners")),
            tags=_count(raw.get("tags")),
            plan=tuple(title_hash(bullet) for bullet in raw.get("plan") or []),
            result=title_hash(result) if result else None,
        )
        yield item
        yield from _drafted(raw.get("children") or [], parent=item.hash)


def _count(names: list[str] | int | None) -> int:
    return names if isinstance(names, int) else len(names or ())


def _pairs(expected: list[_Item], found: list[_Item]) -> list[tuple[int, int]]:
    """Indexes of the items that belong together, in the order of the annotation; each item is used once."""
    by_hash: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i, item in enumerate(expected):
        by_hash[item.hash][0].append(i)
    for j, item in enumerate(found):
        by_hash[item.hash][1].append(j)
    pairs: list[tuple[int, int]] = []
    for left, right in by_hash.values():
        if any(found[j].page is not None for j in right):
            left.sort(key=lambda i: expected[i].line or 0)
            right.sort(key=lambda j: (found[j].page or 0, found[j].line or 0))
            pairs.extend(zip(left, right, strict=False))
        else:
            pairs.extend(_nearest(expected, found, left, right))
    return sorted(pairs)


def _nearest(
    expected: list[_Item], found: list[_Item], left: list[int], right: list[int]
) -> Iterator[tuple[int, int]]:
    """Take the closest pair first; a tie goes to the pair of the same kind, then to the earlier one."""

    def distance(pair: tuple[int, int]) -> tuple[float, bool, int, int]:
        a, b = expected[pair[0]], found[pair[1]]
        gap = min((abs(x - y) for x, y in product(a.lines, b.lines)), default=math.inf)
        return gap, a.kind != b.kind, *pair

    free_left, free_right = set(left), set(right)
    for i, j in sorted(product(left, right), key=distance):
        if i in free_left and j in free_right:
            free_left.remove(i)
            free_right.remove(j)
            yield i, j


def _amounts(
    matched: list[tuple[_Item, _Item]],
    lonely_expected: list[_Item],
    lonely_found: list[_Item],
    differences: list[Difference],
) -> Amounts:
    verdicts: Counter[str] = Counter()
    both: list[tuple[_Item | None, _Item | None]] = [
        *matched,
        *((item, None) for item in lonely_expected),
        *((None, item) for item in lonely_found),
    ]
    for (a, b), field in product(both, ("amount", "previous")):
        expected, found = getattr(a, field, None), getattr(b, field, None)
        if expected is None and found is None:
            continue
        if expected is None:
            verdict = "invented"
        elif found is None:
            verdict = "missing"
        else:
            verdict = "right" if math.isclose(expected, found, rel_tol=1e-9) else "wrong"
        verdicts[verdict] += 1
        if verdict != "right":
            shown = a or b
            title = (b.title if b else None) or (a.title if a else None) or ""
            differences.append(Difference(shown.line if shown else None, field, expected, found, title))
    return Amounts(**verdicts)


def _row_key(row: _Item) -> tuple[str, ...]:
    return tuple(sorted(row.plan))


def _overlap(expected: Iterable[_Item], found: Iterable[_Item], key: Callable[[_Item], object]) -> Overlap:
    left, right = Counter(map(key, expected)), Counter(map(key, found))
    return Overlap((left & right).total(), left.total(), right.total())


def _document(stated: dict[str, Any], draft: dict[str, Any], differences: list[Difference]) -> Ratio:
    expected = {field: stated.get(field) for field in ("title", "ward", "fiscal_year", "kind")}
    found = {field: draft.get(field) for field in expected}
    if stated.get("title_hash"):
        expected["title"] = stated["title_hash"]
        found["title"] = title_hash(found["title"]) if found["title"] else None
    asked = [field for field, value in expected.items() if value is not None]
    wrong = [
        field
        for field in asked
        if normalise_title(str(expected[field])) != normalise_title(str(found[field]))
    ]
    differences.extend(
        Difference(None, f"document {field}", expected[field], draft.get(field)) for field in wrong
    )
    return Ratio(len(asked) - len(wrong), len(asked))


def report(result: Score) -> str:
    """The score as a table, followed by everything that differs, one line each."""
    lines = [f"{'':10}{'value':>8}  counts"]
    for name in ("titles", "rows", "results"):
        overlap: Overlap = getattr(result, name)
        lines.append(
            f"{name:10}{overlap.f1:8.3f}  precision {overlap.precision:.3f}, recall {overlap.recall:.3f}: "
            f"{overlap.matched} matched, {overlap.expected} expected, {overlap.found} found"
        )
    for name in ("kinds", "parents", "numbers", "owners", "tags", "document"):
        ratio: Ratio = getattr(result, name)
        lines.append(f"{name:10}{ratio.value:8.3f}  {ratio.right} of {ratio.total}")
    amounts = result.amounts
    lines.append(
        f"{'amounts':18}  {amounts.right} right, {amounts.missing} missing, {amounts.wrong} wrong, {amounts.invented} invented"
    )
    for miss in result.misses:
        lines.append(f"missed     line {miss.line}: {miss.kind} {miss.title or miss.hash}")
    for extra in result.extras:
        lines.append(f"extra      line {extra.line}: {extra.kind} {extra.title}")
    for difference in result.differences:
        lines.append(
            f"differs    line {difference.line}: {difference.field} {difference.found!r}, expected {difference.expected!r} "
            f"{difference.title}".rstrip()
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the report for one annotation and one draft; a list of drafts needs `--index`."""
    parser = argparse.ArgumentParser(description="Compare a draft with an annotation.")
    parser.add_argument("annotation", type=Path)
    parser.add_argument("draft", type=Path)
    parser.add_argument(
        "--index", type=int, default=0, help="which draft, where the file holds a list (default: the first)"
    )
    options = parser.parse_args(arguments)
    annotation = json.loads(options.annotation.read_text(encoding="utf-8"))
    draft = json.loads(options.draft.read_text(encoding="utf-8"))
    if isinstance(draft, list):
        draft = draft[options.index]
    sys.stdout.write(report(score(annotation, draft)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
