"""Reads of wards, bodies and the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date

from kusei.wards.models import AuditEntry, Body, Reading, Ward


def ward_by_key(key: str) -> Ward | None:
    """The tenant under `/w/<key>/`, with its city; None if there is none."""
    return Ward.objects.select_related("parent").filter(key=key).first()


def all_wards() -> list[Ward]:
    """Every tenant with the one above it, by code. Crosses tenants: for the list of wards only."""
    return list(Ward.objects.select_related("parent").order_by("code", "name"))


def body_of(ward: Ward, body_id: int) -> Body | None:
    """One body of this ward, with the other ways in which documents write it; None if it is not this ward's."""
    return Body.objects.filter(ward=ward, id=body_id).prefetch_related("aliases").first()


def wards_of(ward_ids: Iterable[int]) -> list[Ward]:
    """Those tenants, by code: the wards whose office a person may enter. Crosses tenants."""
    return list(Ward.objects.select_related("parent").filter(pk__in=list(ward_ids)).order_by("code", "name"))


def trail_of(ward: Ward, target_type: str, target_id: object) -> list[AuditEntry]:
    """変更の記録 of one object, newest first."""
    return list(AuditEntry.objects.filter(ward=ward, target_type=target_type, target_id=str(target_id)))


def search_trail(
    ward: Ward, *, words: str = "", verb: str = "", first_day: str = "", last_day: str = ""
) -> QuerySet[AuditEntry]:
    """The ward's trail, newest first. Every word must stand in the name of who, of what, or in the reason; days are
    YYYY-MM-DD, the last included; what is no day narrows nothing."""
    found = AuditEntry.objects.filter(ward=ward)
    for word in words.split():
        found = found.filter(
            Q(actor_name__icontains=word) | Q(target_label__icontains=word) | Q(reason__icontains=word)
        )
    if verb:
        found = found.filter(verb=verb)
    if day := _day(first_day):
        found = found.filter(at__date__gte=day)
    if day := _day(last_day):
        found = found.filter(at__date__lte=day)
    return found


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # 2021-02-31
        return None


def readings_of(ward_key: str) -> tuple[tuple[str, str], ...]:
    """The ward's own words with their readings; none for an unknown ward."""
    return tuple(Reading.objects.filter(ward__key=ward_key).values_list("surface", "reading"))
