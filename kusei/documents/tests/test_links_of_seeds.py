"""The links proposed between the real documents, against the hand-made list and our own judgement.

`links_by_line.json` holds the rows of the list as document and line numbers, `judged_links.json` pairs that stand in no
row, read one by one: [document, line, document, line, is it right].
"""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest

from kusei.documents.operations import read_document
from kusei.plans.linking import LinkItem, propose
from kusei.plans.rules import flatten_draft

PLANS = Path(__file__).parents[2] / "plans" / "tests"
WARD = {
    "000": (2021, "policy"),
    "001": (2019, "policy"),
    "002": (2021, "budget"),
    "003": (2021, "action_plan"),
}
Place = tuple[str, int]


def _items(seeds: Path) -> tuple[list[LinkItem], dict[int, Place], set[str]]:
    items: list[LinkItem] = []
    places: dict[int, Place] = {}
    bodies: set[str] = set()
    for number, (document, (year, kind)) in enumerate(WARD.items()):
        (path,) = seeds.glob(f"{document}_*.txt")
        read = read_document(path).draft
        entries, _cut = flatten_draft(read, fiscal_year=year)
        first = len(items) + 1
        results = _results(read["items"])
        for entry in entries:
            above, parent = [], entry.parent
            while parent is not None:
                above.append(first + parent)
                parent = entries[parent].parent
            text = "/".join((entry.text, *entry.plan_bullets))
            places[first + entry.index] = (document, entry.line or 0)
            bodies.update(entry.owners)
            items.append(
                LinkItem(
                    first + entry.index, number, year, kind, entry.kind, entry.title, entry.programme, text,
                    results[entry.index], tuple(above), frozenset(entry.owners),
                )
            )  # fmt: skip
    return items, places, bodies


def _results(items: list[dict]) -> list[str]:
    found = []
    for each in items:
        found.append(each["result"] or "")
        found.extend(_results(each["children"]))
    return found


@pytest.mark.seeds
@pytest.mark.slow
def test_links_between_the_real_documents(seeds: Path) -> None:
    """At least 80 % of the rows that can be found within one ward, and at most one proposal in ten wrong."""
    items, places, bodies = _items(seeds)
    rows = json.loads((PLANS / "links_by_line.json").read_text(encoding="utf-8"))
    row_of: dict[frozenset[Place], set[str]] = {}
    findable = set()
    for row in rows:
        cells = [
            {(cell["document"], line) for line in cell["lines"]}
            for cell in row["cells"]
            if cell["document"] in WARD
        ]
        if row["counts"] and len(cells) > 1:
            findable.add(row["row"])
        for one, other in combinations(cells, 2):
            for a in one:
                for b in other:
                    row_of.setdefault(frozenset((a, b)), set()).add(row["row"])
    judged = {
        frozenset(((a, b), (c, d))): right
        for a, b, c, d, right in json.loads((PLANS / "judged_links.json").read_text(encoding="utf-8"))
    }
    ward_names = ["泉区", "横浜市", "横浜市泉区"]
    silent = [*bodies, *ward_names, *(f"泉{name}" for name in bodies if name.startswith("区"))]

    found: set[str] = set()
    right = 0
    proposals = propose(items, names_without_meaning=silent)
    for proposal in proposals:
        pair = frozenset((places[proposal.from_key], places[proposal.to_key]))
        found |= row_of.get(pair, set())
        right += bool(row_of.get(pair)) or judged.get(pair, False)

    assert len(findable) == 51
    assert len(found & findable) / len(findable) >= 0.8, sorted(findable - found)
    assert right / len(proposals) >= 0.9
