"""Which published items name a part of the ward."""

from __future__ import annotations

from kusei.japanese.folding import fold_name
from kusei.plans.enums import PlanStatus
from kusei.plans.models import ItemText
from kusei.wards.models import District


def items_naming(district: District) -> int:
    """How many items name the district in any version that was ever published. Looks through every text of the ward (the
    folded name is no column): for what happens seldom, like taking a district off its list."""
    published = ItemText.objects.filter(
        ward_id=district.ward_id, version__status=PlanStatus.PUBLISHED
    ).values_list("item_id", "title", "programme", "text", "plan_bullets")
    found: set[int] = set()
    for item_id, title, programme, text, bullets in published.iterator():
        if item_id not in found and district.folded in fold_name(
            "\n".join([title, programme, text, *bullets])
        ):
            found.add(item_id)
    return len(found)
