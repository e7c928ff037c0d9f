"""Reads of notices and links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kusei.notices.models import Notice, SignedLink
from kusei.wards.models import Ward


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that was not sent; without its address."""

    ward: str
    subject: str
    made_at: datetime
    tries: int
    failed: str


def waiting_notices() -> list[Waiting]:
    """What was not sent and still could be, in all wards, oldest first. Crosses tenants: for whoever runs the machine."""
    found = Notice.objects.filter(sent_at__isnull=True).exclude(to_sealed="").select_related("ward__parent")
    return [
        Waiting(each.ward.full_name, each.subject, each.made_at, each.tries, each.failed)
        for each in found.order_by("made_at")
    ]


def newest_links(ward: Ward, target_type: str, target_ids: Iterable[object]) -> dict[str, SignedLink]:
    """By target, the link that was made last."""
    ids = [str(each) for each in target_ids]
    links = SignedLink.objects.filter(ward=ward, target_type=target_type, target_id__in=ids)
    return {link.target_id: link for link in links.order_by("made_at", "pk")}
