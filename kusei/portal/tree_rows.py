"""A plan's tree as the flat list that its page is drawn from: one loop, where a template within a template for each item
would take most of the page's time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from kusei.plans.queries import Node, walk
from kusei.results.queries import Result


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One item in printed order, its owners as printed. A list begins after one that has items under it; `ends` has an
    element for each list that ends after one that has none."""

    node: Node
    result: Result | None
    owners: str
    current_yen: int | None
    previous_yen: int | None
    ends: range


def tree_rows(tree: Iterable[Node], results: Mapping[int, Result]) -> list[TreeRow]:
    """Every item of the tree, depth first, with its result."""
    nodes = list(walk(tree))
    depths = [*(node.depth for node in nodes), 0]
    return [
        TreeRow(
            node,
            results.get(node.item_id),
            "、".join(owner.printed_name for owner in node.owners),
            node.current_yen,
            node.previous_yen,
            range(depth - next_depth),
        )
        for node, (depth, next_depth) in zip(nodes, pairwise(depths), strict=True)
    ]
