"""How many of the figures that a careful person finds in results the reader proposes, and how many proposals are none.

Pure, like the ruler for items (`scoring`). The annotations (`annotations/figures/NAME.json`) were made by hand from the
results alone. They name, for each figure, the item of the annotated document, its line, value and unit; `unit_also` lists units
that are right too, `doubtful` figures that a careful reader may write or not: they count neither for nor against. Figures are
counts with zero, money, rates, frequencies, durations and lengths; dates, ages, ordinals and names are none.

    python -m kusei.documents.reading.tests.figure_scoring [FILE_003]

prints recall and precision over the documents of the corpus and, where the file is given, over the real one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from kusei.documents.reading.reader import read_file
from kusei.documents.reading.tests.scoring import Overlap, paired

HERE = Path(__file__).parent
ANNOTATIONS = HERE / "annotations" / "figures"
CORPUS = HERE / "corpus" / "development"

# Units that mean the same, in the spelling that is compared.
_SAME = {
    "名": "人",
    "箇所": "か所",
    "ヶ所": "か所",
    "カ所": "か所",
    "ヵ所": "か所",
    "個所": "か所",
    "m2": "㎡",
    "延べ名": "延べ人",
}


@dataclass(frozen=True)
class FigureScore:
    """`figures` compares the annotated with the proposed; `misses` and `extras` tell which, one line each."""

    figures: Overlap
    misses: tuple[str, ...]
    extras: tuple[str, ...]

    @property
    def wrong_share(self) -> float:
        """The share of the proposals that are no figures, or have another number or unit."""
        return 1 - self.figures.precision


def score_figures(figures: dict[str, Any], annotation: dict[str, Any], draft: dict[str, Any]) -> FigureScore:
    """Compare the figures of a draft's results with the annotated ones, row by row."""
    expected: dict[object, list[dict[str, Any]]] = {}
    for figure in figures["figures"]:
        expected.setdefault(figure["item"], []).append(figure)
    doubtful: dict[object, list[dict[str, Any]]] = {}
    for figure in figures["doubtful"]:
        doubtful.setdefault(figure["item"], []).append(figure)

    matched = found = 0
    misses: list[str] = []
    extras: list[str] = []
    pairs = paired(annotation, draft)
    for item, drafted in pairs:
        wanted = expected.pop(item["id"], [])
        unsure = list(doubtful.get(item["id"], []))
        for proposal in drafted["figures"] if drafted["result"] else []:
            if (figure := _take(proposal, wanted)) is not None:
                matched += 1
            elif _take(proposal, unsure) is not None:
                continue
            else:
                extras.append(f"line {item['line']}: {_shown(proposal)}")
            found += 1
        misses += [f"line {figure['line']}: {_shown(figure)}" for figure in wanted]
    misses += [
        f"line {each['line']}: {_shown(each)} (no such row)" for rest in expected.values() for each in rest
    ]

    # What was proposed for a row that nobody annotated is no figure of the document either.
    known = {id(drafted) for _, drafted in pairs}
    for drafted in _walk(draft["items"]):
        if id(drafted) not in known and drafted["result"]:
            found += len(drafted["figures"])
            extras += [f"row of nobody: {_shown(proposal)}" for proposal in drafted["figures"]]
    return FigureScore(Overlap(matched, len(figures["figures"]), found), tuple(misses), tuple(extras))


def together(scores: Iterable[FigureScore]) -> FigureScore:
    """The score over several documents, each figure counted alike."""
    scores = list(scores)
    return FigureScore(
        Overlap(
            sum(one.figures.matched for one in scores),
            sum(one.figures.expected for one in scores),
            sum(one.figures.found for one in scores),
        ),
        tuple(miss for one in scores for miss in one.misses),
        tuple(extra for one in scores for extra in one.extras),
    )


def same_unit(unit: str) -> str:
    """The spelling in which units are compared: 名 is 人, 箇所 is か所."""
    return _SAME.get(unit, unit)


def _take(proposal: dict[str, Any], wanted: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first of the annotated figures that this proposal states, taken out of the list."""
    value, unit = Decimal(str(proposal["value"])), same_unit(proposal["unit"] or "")
    for figure in wanted:
        units = {same_unit(each) for each in (figure["unit"], *figure.get("unit_also", ()))}
        if Decimal(str(figure["value"])) == value and unit in units:
            wanted.remove(figure)
            return figure
    return None


def _shown(figure: dict[str, Any]) -> str:
    return f"{figure['value']} {figure['unit']} {figure.get('label') or ''}".rstrip()


def _walk(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from _walk(item["children"])


def score_document(name: str, document: Path) -> FigureScore:
    """Read `document` and compare it with the annotation called `name`."""
    figures = json.loads((ANNOTATIONS / f"{name}.json").read_text(encoding="utf-8"))
    stored = HERE / "annotations" / f"{name}.json"
    path = stored if stored.exists() else CORPUS / f"{name}.annotation.json"
    annotation = json.loads(path.read_text(encoding="utf-8"))
    return score_figures(figures, annotation, read_file(document).to_json())


def corpus_scores() -> dict[str, FigureScore]:
    """The score of each document of the corpus whose results were annotated, by name."""
    scores = {}
    for path in sorted(CORPUS.glob("*.annotation.json")):
        name = path.name.removesuffix(".annotation.json")
        if (ANNOTATIONS / f"{name}.json").exists():
            (document,) = (other for other in CORPUS.glob(f"{name}.*") if other != path)
            scores[name] = score_document(name, document)
    return scores


def report(name: str, score: FigureScore) -> str:
    """One line of numbers, then what is missing and what is too much."""
    overlap = score.figures
    lines = [
        f"{name}: recall {overlap.recall:.3f}, precision {overlap.precision:.3f} "
        f"({overlap.matched} right, {overlap.expected} annotated, {overlap.found} proposed)"
    ]
    lines += [f"  missed  {miss}" for miss in score.misses]
    lines += [f"  extra   {extra}" for extra in score.extras]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the report of the corpus, and of the real document where it is given."""
    parser = argparse.ArgumentParser(description="Compare the figures of results with the annotated ones.")
    parser.add_argument("real", type=Path, nargs="?", help="the real document 003")
    options = parser.parse_args(arguments)
    scores = corpus_scores()
    for name, one in scores.items():
        sys.stdout.write(report(name, one) + "\n")
    sys.stdout.write(report("corpus", FigureScore(together(scores.values()).figures, (), ())) + "\n")
    if options.real:
        sys.stdout.write(report("003", score_document("003", options.real)) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
