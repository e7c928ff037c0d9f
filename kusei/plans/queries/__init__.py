"""Every non-trivial read of plans. Only published versions are read here; drafts belong to the office."""

from kusei.plans.queries.items import ItemSpot, spot_of_item
from kusei.plans.queries.links import Lifeline, LinkedItem, lifelines_of, links_of, one_by_one_back
from kusei.plans.queries.translations import (
    TranslatedItem,
    Translation,
    items_to_translate,
    translations_of,
)
from kusei.plans.queries.trees import Money, Node, Owner, latest_nodes, trees_of, walk
from kusei.plans.queries.versions import (
    PublishedVersion,
    all_versions_in_force,
    in_force,
    published_versions,
)

__all__ = [
    "ItemSpot",
    "Lifeline",
    "LinkedItem",
    "Money",
    "Node",
    "Owner",
    "PublishedVersion",
    "TranslatedItem",
    "Translation",
    "all_versions_in_force",
    "in_force",
    "items_to_translate",
    "latest_nodes",
    "lifelines_of",
    "links_of",
    "one_by_one_back",
    "published_versions",
    "spot_of_item",
    "translations_of",
    "trees_of",
    "walk",
]
