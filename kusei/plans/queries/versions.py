"""Published versions of plans, and which of them is in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from kusei.plans.enums import PlanKind, PlanStatus
from kusei.plans.models import PlanVersion
from kusei.wards.models import Ward


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One published version of one plan. `is_in_force`: no later version is published."""

    version_id: int
    plan_id: int
    ward_id: int
    fiscal_year: int
    kind: str
    part: str
    number: int
    title: str
    note: str
    published_at: datetime
    is_sample: bool
    is_in_force: bool

    @property
    def kind_label(self) -> str:
        return str(PlanKind(self.kind).label)


_KIND_ORDER = {kind: place for place, kind in enumerate(PlanKind.values)}


def published_versions(ward: Ward) -> list[PublishedVersion]:
    """All published versions of a ward: newest year first, then by kind and part, newest version first."""
    return _versions(PlanVersion.objects.filter(ward=ward))


def all_versions_in_force() -> dict[int, list[PublishedVersion]]:
    """By ward id, what is in force there. Crosses tenants: for the list of wards only."""
    by_ward: dict[int, list[PublishedVersion]] = {}
    for version in in_force(_versions(PlanVersion.objects.all())):
        by_ward.setdefault(version.ward_id, []).append(version)
    return by_ward


def in_force(
    versions: Iterable[PublishedVersion], *, fiscal_year: int | None = None
) -> list[PublishedVersion]:
    """Those in force, of one fiscal year if given."""
    return [
        version
        for version in versions
        if version.is_in_force and (fiscal_year is None or version.fiscal_year == fiscal_year)
    ]


def _versions(rows) -> list[PublishedVersion]:  # type: ignore[no-untyped-def]
    found = [
        PublishedVersion(
            version_id=row.pk,
            plan_id=row.plan_id,
            ward_id=row.ward_id,
            fiscal_year=row.plan.fiscal_year,
            kind=row.plan.kind,
            part=row.plan.part,
            number=row.number,
            title=row.title,
            note=row.note,
            published_at=row.published_at,
            is_sample=row.plan.is_sample,
            is_in_force=False,
        )
        for row in rows.filter(status=PlanStatus.PUBLISHED).select_related("plan")
    ]
    found.sort(key=lambda v: (-v.fiscal_year, _KIND_ORDER[v.kind], v.part, v.plan_id, -v.number))
    seen: set[int] = set()
    marked = []
    for version in found:
        marked.append(version if version.plan_id in seen else replace(version, is_in_force=True))
        seen.add(version.plan_id)
    return marked
