"""Single items: where one stands in its plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from kusei.plans.enums import PlanStatus
from kusei.plans.models import ItemText
from kusei.plans.queries.trees import Node, trees_of
from kusei.wards.models import Ward


@dataclass(frozen=True, slots=True)
class ItemSpot:
    """An item in the newest published version that holds it: the nodes from the root down to it, and its neighbours.

    `tree` is the whole version, so that callers find parents and siblings without asking again.
    """

    path: tuple[Node, ...]
    tree: tuple[Node, ...]

    @property
    def node(self) -> Node:
        return self.path[-1]


def spot_of_item(ward: Ward, public_id: UUID) -> ItemSpot | None:
    """Where the item stands; None if this ward has published no such item."""
    version_id = (
        ItemText.objects.filter(ward=ward, item__public_id=public_id, version__status=PlanStatus.PUBLISHED)
        .order_by("-version__number")
        .values_list("version_id", flat=True)
        .first()
    )
    if version_id is None:
        return None
    tree = trees_of([version_id])[version_id]
    path = _path_to(tree, public_id)
    return ItemSpot(path=path, tree=tree) if path else None


def _path_to(nodes: Iterable[Node], public_id: UUID) -> tuple[Node, ...]:
    for node in nodes:
        if node.public_id == public_id:
            return (node,)
        below = _path_to(node.children, public_id)
        if below:
            return (node, *below)
    return ()
