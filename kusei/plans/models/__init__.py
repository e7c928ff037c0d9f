"""The plan tree and what belongs to it: items and their versions, links, translations, steps of drafts, comments."""

from kusei.plans.models.drafts import Comment, DraftStep
from kusei.plans.models.links import Link
from kusei.plans.models.translations import ItemTranslation
from kusei.plans.models.trees import Item, ItemAmount, ItemOwner, ItemText, Plan, PlanVersion, Tag

__all__ = [
    "Comment",
    "DraftStep",
    "Item",
    "ItemAmount",
    "ItemOwner",
    "ItemText",
    "ItemTranslation",
    "Link",
    "Plan",
    "PlanVersion",
    "Tag",
]
