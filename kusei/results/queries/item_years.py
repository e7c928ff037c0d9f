"""What was published of a thing year by year: each item of a line as its plan in force says it, with its results.

The office's page and the residents' page both begin here; the office adds what is not published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kusei.plans.models import Item
from kusei.plans.queries import Node, PublishedVersion, in_force, published_versions, trees_of, walk
from kusei.results.queries.printed import Result, results_of
from kusei.wards.models import Ward


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """One item of the line. `node` has everything under it; `below` counts the results there by outcome."""

    node: Node
    version: PublishedVersion
    result: Result | None
    below: Mapping[str, int]


def published_years(
    ward: Ward, item_ids: Iterable[int], versions: Iterable[PublishedVersion] | None = None
) -> dict[int, PublishedYear]:
    """By item id, those that stand in a plan in force; eight queries for any number. `versions`: all published ones of the
    ward, where the caller has them."""
    wanted = set(item_ids)
    plans = set(Item.objects.filter(ward=ward, pk__in=wanted).values_list("plan_id", flat=True))
    current = {
        version.version_id: version
        for version in in_force(published_versions(ward) if versions is None else versions)
        if version.plan_id in plans
    }
    found = {
        node.item_id: node
        for tree in trees_of(current).values()
        for node in walk(tree)
        if node.item_id in wanted
    }
    below = {item_id: [each.item_id for each in walk(node.children)] for item_id, node in found.items()}
    results = results_of(current, item_ids={*found, *(each for ids in below.values() for each in ids)})
    return {
        item_id: PublishedYear(
            node,
            current[node.version_id],
            results.get(item_id),
            Counter(results[each].outcome for each in below[item_id] if each in results),
        )
        for item_id, node in found.items()
    }
