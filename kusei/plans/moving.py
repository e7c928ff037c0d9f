"""Where a row of a draft goes when somebody moves it a step by keyboard or drops it beside another. Pure rules."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kusei.plans.drafting import Tree
from kusei.plans.errors import DraftingError

STEPS = ("up", "down", "in", "out")
SIDES = ("before", "behind", "under")


def place_towards(tree: Tree, item: int, step: str) -> tuple[int | None, int | None]:
    """The place one step up or down among the siblings, or one level in (under the row before) or out (behind the item
    above), as `move` takes it: under whom and behind whom. Raises DraftingError where there is no such place."""
    row = tree.row(item)
    siblings = [each.item for each in tree.children(row.parent)]
    place = siblings.index(item)
    if step == "up":
        if place == 0:
            raise DraftingError(_("同じ段のいちばん上にあります。これより上へは動かせません。"))
        return row.parent, siblings[place - 2] if place >= 2 else None
    if step == "down":
        if place == len(siblings) - 1:
            raise DraftingError(_("同じ段のいちばん下にあります。これより下へは動かせません。"))
        return row.parent, siblings[place + 1]
    if step == "in":
        if place == 0:
            raise DraftingError(_("すぐ上に同じ段の項目がないため、段を下げられません。"))
        above = siblings[place - 1]
        below = tree.children(above)
        return above, below[-1].item if below else None
    if row.parent is None:
        raise DraftingError(_("いちばん外の段にあります。これより段を上げられません。"))
    return tree.row(row.parent).parent, row.parent


def place_beside(tree: Tree, item: int, target: int, side: str) -> tuple[int | None, int | None]:
    """The place before or behind another row, or under it at the end. Raises DraftingError for a row itself."""
    if item == target:
        raise DraftingError(_("動かす先に、その項目自身が選ばれています。ほかの項目を選んでください。"))
    row = tree.row(target)
    if side == "under":
        below = [each.item for each in tree.children(target) if each.item != item]
        return target, below[-1] if below else None
    siblings = [each.item for each in tree.children(row.parent) if each.item != item]
    place = siblings.index(target)
    if side == "behind":
        return row.parent, target
    return row.parent, siblings[place - 1] if place else None
