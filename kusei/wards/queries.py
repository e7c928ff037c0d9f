"""Reads of wards and bodies."""

from __future__ import annotations

from kusei.wards.models import Body, Reading, Ward


def ward_by_key(key: str) -> Ward | None:
    """The tenant under `/w/<key>/`, with its city; None if there is none."""
    return Ward.objects.select_related("parent").filter(key=key).first()


def all_wards() -> list[Ward]:
    """Every tenant with the one above it, by code. Crosses tenants: for the list of wards only."""
    return list(Ward.objects.select_related("parent").order_by("code", "name"))


def body_of(ward: Ward, body_id: int) -> Body | None:
    """One body of this ward, with the other ways in which documents write it; None if it is not this ward's."""
    return Body.objects.filter(ward=ward, id=body_id).prefetch_related("aliases").first()


def readings_of(ward_key: str) -> tuple[tuple[str, str], ...]:
    """The ward's own words with their readings; none for an unknown ward."""
    return tuple(Reading.objects.filter(ward__key=ward_key).values_list("surface", "reading"))
