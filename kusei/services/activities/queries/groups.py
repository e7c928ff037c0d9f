"""Which groups are counted together: those of bodies of which one acts for the other (docs/adr/0016)."""

from __future__ import annotations

from collections.abc import Iterable

from kusei.services.activities.models import VisitGroup
from kusei.wards.queries import heirs_of


def counted_with(groups: Iterable[VisitGroup]) -> set[int]:
    """These groups of one ward, and those whose bodies were joined with theirs, came before them or after: in some year they are
    one group. No query where none is a body."""
    found = list(groups)
    numbers = {each.pk for each in found}
    bodies = {each.body_id for each in found if each.body_id is not None}
    if not bodies:
        return numbers
    kin = heirs_of(found[0].ward_id).lines_of(bodies) - bodies
    if not kin:
        return numbers
    others = VisitGroup.objects.filter(ward=found[0].ward_id, body__in=kin, same_as__isnull=True)
    return numbers | set(others.values_list("pk", flat=True))
