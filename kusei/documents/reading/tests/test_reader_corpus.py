"""How well the reader reads: bars against annotations made by hand, and the facts of the real documents.

The corpus is ours and always here. The real documents are where KUSEI_SEEDS says; their annotations hold hashes only.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from statistics import mean

import pytest

from kusei.documents.reading.model import Draft, DraftItem
from kusei.documents.reading.reader import read_file
from kusei.documents.reading.tests.scoring import Score, normalise_title, report, score

HERE = Path(__file__).parent
CORPUS = HERE / "corpus" / "development"
SEEDS = {name[:3]: name for name in (
    "000_izumi_policy_r03.txt",
    "001_izumi_policy_r01.txt",
    "002_izumi_budget_r03_measure2.txt",
    "003_izumi_action_plan_results_r03.txt",
    "004_nishi_policy_r04.txt",
)}  # fmt: skip


@cache
def _draft(path: Path) -> Draft:
    return read_file(path)


def _score(annotation: Path, document: Path) -> Score:
    return score(json.loads(annotation.read_text(encoding="utf-8")), _draft(document).to_json())


@cache
def _corpus() -> dict[str, Score]:
    """The score of every document of the corpus, by name."""
    scores = {}
    for annotation in sorted(CORPUS.glob("*.annotation.json")):
        name = annotation.name.removesuffix(".annotation.json")
        (document,) = (path for path in CORPUS.glob(f"{name}.*") if path != annotation)
        scores[name] = _score(annotation, document)
    return scores


def _worst(scores: dict[str, Score], value: str) -> str:
    """The report of the document that does worst, for a failure's message."""
    name = min(scores, key=lambda name: _value(scores[name], value))
    return f"\nworst in {value}: {name}\n{report(scores[name])}"


def _value(one: Score, name: str) -> float:
    part = getattr(one, name)
    return part.f1 if hasattr(part, "f1") else part.value


# --- the corpus ----------------------------------------------------------------------------------------------------------


BARS = {
    "titles": 0.98, "kinds": 0.98, "parents": 0.97, "numbers": 0.99, "owners": 0.98, "tags": 0.97, "rows": 0.98, "results": 0.98,
    "document": 0.93,
}  # fmt: skip
"""Means that hold now. They only ever rise: what gets better raises its bar."""


@pytest.mark.slow
@pytest.mark.parametrize("value", BARS)
def test_corpus_mean(value: str) -> None:
    scores = _corpus()
    assert len(scores) >= 16
    assert mean(_value(one, value) for one in scores.values()) >= BARS[value], _worst(scores, value)


@pytest.mark.slow
def test_most_documents_of_the_corpus_are_read_nearly_without_fault() -> None:
    scores = _corpus()
    good = [one for one in scores.values() if one.titles.f1 >= 0.9 and one.kinds.value >= 0.9]
    assert len(good) >= 0.92 * len(scores), _worst(scores, "titles")


@pytest.mark.slow
def test_corpus_amounts() -> None:
    amounts = [one.amounts for one in _corpus().values()]
    right = sum(one.right for one in amounts)
    assert right >= 0.97 * sum(one.right + one.missing + one.wrong for one in amounts)
    assert sum(one.wrong + one.invented for one in amounts) <= 0.02 * right


# --- the real documents --------------------------------------------------------------------------------------------------


@pytest.mark.seeds
@pytest.mark.parametrize("number", SEEDS)
def test_seed_meets_the_bar(number: str, seeds: Path) -> None:
    one = _score(HERE / "annotations" / f"{number}.json", seeds / SEEDS[number])

    assert one.titles.f1 >= 0.97, report(one)
    assert one.kinds.value >= 0.95, report(one)
    assert one.parents.value >= 0.95, report(one)
    assert one.owners.value >= 0.9, report(one)
    assert one.amounts.missing == one.amounts.wrong == one.amounts.invented == 0, report(one)
    assert one.rows.f1 >= 0.97, report(one)
    assert one.results.f1 >= 0.97, report(one)
    assert one.document.value == 1, report(one)


def _items(seeds: Path, number: str) -> list[DraftItem]:
    return list(_draft(seeds / SEEDS[number]).walk())


def _kinds(items: Iterable[DraftItem]) -> Counter[str]:
    return Counter(item.kind for item in items)


def _thousand(items: Iterable[DraftItem]) -> float:
    return sum(item.amount.thousand_yen or 0 for item in items if item.amount)


@pytest.mark.seeds
def test_budget_facts(seeds: Path) -> None:
    items = _items(seeds, "002")
    kinds = _kinds(items)
    assert kinds["project"] == 12
    assert kinds["component"] == 27
    assert kinds["subcomponent"] == 18
    assert kinds["related"] == 11
    assert sum(item.amount is not None for item in items) == 43

    (measure,) = (item for item in items if item.kind == "measure")
    assert measure.amount
    assert measure.previous_amount
    assert measure.amount.thousand_yen == 26_397
    assert measure.previous_amount.thousand_yen == 23_967


@pytest.mark.seeds
def test_budget_adds_up(seeds: Path) -> None:
    items = _items(seeds, "002")
    projects = [item for item in items if item.kind == "project"]
    assert _thousand(projects) == 26_397
    for project in projects:
        parts = [child for child in project.children if child.kind == "component"]
        if parts:
            assert _thousand(parts) == _thousand([project]), project.number
    outside = [
        item for item in items if item.kind == "related" and "統合事業費" in (item.budget_source or "")
    ]
    assert _thousand(outside) == 5_833
    assert "sum_differs" not in {warning.code for warning in _draft(seeds / SEEDS["002"]).warnings}


@pytest.mark.seeds
def test_action_plan_facts(seeds: Path) -> None:
    items = _items(seeds, "003")
    rows = [item for item in items if item.plan]
    focuses = [item for item in items if item.kind == "focus"]
    measures = {normalise_title(item.title) for item in items if item.kind == "measure"}
    assert len(rows) in {223, 224}
    assert len(focuses) == 14
    assert len({normalise_title(item.title) for item in focuses}) == 14
    assert sum(place.field == "title" for item in focuses for place in item.places) == 19
    assert len(measures) == 68


@pytest.mark.seeds
def test_action_plan_says_what_it_took_for_granted(seeds: Path) -> None:
    draft = _draft(seeds / SEEDS["003"])
    assert draft.title is None
    assert (draft.ward, draft.fiscal_year) == ("泉区", 2021)
    assert {"title_unknown", "ward_inferred", "year_inferred"} <= {warning.code for warning in draft.warnings}


@pytest.mark.seeds
def test_policy_facts(seeds: Path) -> None:
    measures = [item for item in _items(seeds, "000") if item.kind == "measure"]
    assert len(measures) == 4
    assert [len([child for child in item.children if child.kind == "project"]) for item in measures] == [
        3,
        3,
        3,
        3,
    ]


@pytest.mark.seeds
def test_tags_of_the_policy_of_2019(seeds: Path) -> None:
    tags = {tag for item in _items(seeds, "001") for tag in item.tags}
    assert {"区", "局", "重点", "新規"} <= tags


@pytest.mark.seeds
def test_nishi_facts(seeds: Path) -> None:
    items = _items(seeds, "004")
    assert _kinds(items)["division"] == 14
    pillars = [item for item in items if item.kind == "measure" and item.number and item.number.isdigit()]
    by_line = sorted(pillars, key=lambda item: item.places[0].line)
    assert [item.number for item in by_line[:4]] == ["3", "2", "4", "1"]


@pytest.mark.seeds
def test_every_item_of_the_seeds_knows_its_line(seeds: Path) -> None:
    for number in SEEDS:
        for item in _items(seeds, number):
            assert item.source is not None
            assert item.source.line >= 1
