"""Reads of notices and links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from kusei.notices import rules
from kusei.notices.enums import NoticeState
from kusei.notices.models import Notice, SignedLink
from kusei.notices.posting import ADDRESS
from kusei.notices.sealing import CannotUnseal, unseal
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


def links_to(ward: Ward, *, purpose: str, target: models.Model) -> dict[int | None, SignedLink]:
    """By body, the link that was made last for one purpose on one object; one query."""
    found = SignedLink.objects.filter(
        ward=ward, purpose=purpose, target_type=target._meta.label_lower, target_id=str(target.pk)
    )
    return {link.body_id: link for link in found.order_by("made_at", "pk")}


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail of a ward as its administrators see it: whom it went to is told from others, not written out."""

    notice: Notice
    to: str
    state: NoticeState
    failures: int
    """How many tries surely failed or were cut off."""

    @property
    def can_be_sent_again(self) -> bool:
        return self.state in {NoticeState.WAITING, NoticeState.UNSURE, NoticeState.GIVEN_UP}


def mails_of(ward: Ward, *, only_open: bool = False) -> QuerySet[Notice]:
    """The ward's mails, newest first; `only_open`: those that have not gone out and still could."""
    found = Notice.objects.filter(ward=ward)
    return found.filter(sent_at__isnull=True).exclude(to_sealed="") if only_open else found


def notice_of(ward: Ward, notice_id: int) -> Notice | None:
    """One mail of this ward; None if it is not this ward's."""
    return Notice.objects.filter(ward=ward, pk=notice_id).select_related("ward__parent").first()


def open_mails(ward: Ward, *, now: datetime) -> int:
    """How many mails of the ward wait for a person: given up, or nobody knows whether they went out."""
    found = mails_of(ward, only_open=True).filter(next_try_at__isnull=True)
    return found.filter(Q(begun_at=None) | Q(begun_at__lt=now - rules.UNSURE_AFTER)).count()


def mail_line(notice: Notice, *, now: datetime) -> MailLine:
    """A mail as it is shown."""
    state = rules.state_of(
        sent_at=notice.sent_at,
        begun_at=notice.begun_at,
        next_try_at=notice.next_try_at,
        has_address=bool(notice.to_sealed),
        now=now,
    )
    on_its_way = state in {NoticeState.SENT, NoticeState.SENDING}
    return MailLine(notice, _masked_address(notice), state, notice.tries - (1 if on_its_way else 0))


def state_now(notice: Notice) -> NoticeState:
    """Where a mail stands now, read afresh: after a change that sent one, whether it went out."""
    notice.refresh_from_db()
    return mail_line(notice, now=timezone.now()).state


def _masked_address(notice: Notice) -> str:
    if not notice.to_sealed:
        return ""
    try:
        return rules.masked(unseal(notice.to_sealed, purpose=ADDRESS))
    except CannotUnseal:
        return "…"
