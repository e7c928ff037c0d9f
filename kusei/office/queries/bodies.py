"""The ward's bodies with what hangs on them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from kusei.japanese.folding import fold_name
from kusei.wards.models import Body, Ward


def bodies_with_items(ward: Ward, *, words: str = "", kind: str = "") -> QuerySet[Body]:
    """Every body with its spellings and `item_count`: the items, of all years, that name it as responsible.

    Each word must stand in the name or in one of the spellings, as folded for comparing.
    """
    found = Body.objects.standing().filter(ward=ward)
    for word in words.split():
        key = fold_name(word)
        if key:
            found = found.filter(
                Q(folded__contains=key)
                | Q(pk__in=Body.objects.filter(ward=ward, aliases__folded__contains=key))
            )
    if kind:
        found = found.filter(kind=kind)
    return (
        found.select_related("parent", "successor")
        .prefetch_related("aliases", "predecessors")
        .annotate(item_count=Count("item_owners__text__item", distinct=True))
        .order_by("name")
    )


def body_with_items(ward: Ward, body_id: int) -> Body | None:
    """One body of this ward with its spellings, its ward and `item_count`; None if it is not this ward's."""
    return bodies_with_items(ward).filter(pk=body_id).select_related("parent", "ward__parent").first()
