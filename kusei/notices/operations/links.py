"""Signed links: made once, opened freely, used once, revoked. Every opening and use stands in the audit trail."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from kusei.notices.enums import Closed, NoticeVerb
from kusei.notices.errors import LinkNotUsable
from kusei.notices.models import SignedLink
from kusei.notices.permissions import may_give_links
from kusei.wards import audit, permissions
from kusei.wards.enums import Way
from kusei.wards.models import Body, Person, Ward

VALID_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A link with its address, which nothing but this keeps: show it once."""

    link: SignedLink
    url: str


@transaction.atomic
def make_link(
    *,
    ward: Ward,
    purpose: str,
    target: models.Model,
    made_for: str,
    actor: Person,
    site: str,
    page: str,
    body: Body | None = None,
    valid_for: timedelta = VALID_FOR,
    may: Callable[[permissions.Rights, Ward], permissions.Decision] = may_give_links,
) -> IssuedLink:
    """A link by which `made_for` may do one thing (`purpose`) to `target`, once. `page` is the name of the address that
    takes the token, `site` the address under which people reach Kusei. `may` is the least that the actor needs.

    ASSUMPTION: the room that calls has asked its own predicate for this purpose. Raises NotAllowed.
    """
    permissions.require(may(permissions.rights_of(actor), ward))
    token = secrets.token_urlsafe(32)
    link = SignedLink.objects.create(
        ward=ward,
        purpose=purpose,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        body=body,
        made_for=made_for.strip(),
        token_hash=hash_of(token),
        made_by=actor,
        expires_at=timezone.now() + valid_for,
    )
    audit.record(
        ward=ward, actor=actor, verb=NoticeVerb.LINK_MADE, target=target, label=link.made_for,
        changes={"expires_at": (None, link.expires_at)},
    )  # fmt: skip
    return IssuedLink(link, site.rstrip("/") + reverse(page, args=[token]))


def open_link(token: str, *, purpose: str, now: datetime | None = None) -> SignedLink:
    """The link that a token opens, for reading; the opening is recorded, as is the try to open a closed one.

    Raises LinkNotUsable: a token of another purpose is as unknown as a guessed one.
    """
    moment = now or timezone.now()
    link = _found(token, purpose)
    reason = closed_because(link, moment)
    with transaction.atomic():
        _record(link, NoticeVerb.LINK_CLOSED if reason else NoticeVerb.LINK_OPENED, reason)
    if reason:
        raise LinkNotUsable(reason)
    return link


@transaction.atomic
def use_link(token: str, *, purpose: str, now: datetime | None = None) -> SignedLink:
    """Use the link: of two at once, one finds it open. Call it in the transaction of what the link is for, which then
    happens once or not at all. Raises LinkNotUsable.
    """
    moment = now or timezone.now()
    link = _found(token, purpose)
    used = SignedLink.objects.filter(
        pk=link.pk, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=moment
    ).update(used_at=moment)
    link.refresh_from_db()
    if not used:
        raise LinkNotUsable(closed_because(link, moment) or Closed.USED)
    _record(link, NoticeVerb.LINK_USED, None)
    return link


def used_link(token: str, *, purpose: str) -> SignedLink | None:
    """The link of a token that was used: what it was for has been done. It opens nothing any more."""
    try:
        link = _found(token, purpose)
    except LinkNotUsable:
        return None
    return link if link.used_at is not None else None


@transaction.atomic
def revoke_link(*, link: SignedLink, actor: Person, reason: str = "") -> bool:
    """Take a link back: it opens nothing any more. False where it was used or revoked already. Raises NotAllowed."""
    permissions.require(may_give_links(permissions.rights_of(actor), link.ward))
    revoked = SignedLink.objects.filter(pk=link.pk, used_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )
    if revoked:
        link.refresh_from_db()
        _record(link, NoticeVerb.LINK_REVOKED, None, actor=actor, why=reason)
    return bool(revoked)


def move_links(*, body: Body, into: Body, actor: Person) -> int:
    """Links made for one body are of another from now on: two bodies are one. Raises NotAllowed."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), into.ward))
    return SignedLink.objects.filter(ward=into.ward, body=body).update(body=into)


def hash_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def closed_because(link: SignedLink, moment: datetime) -> Closed | None:
    """Why the link opens nothing at that moment; None while it is open. It is closed from the second it expires."""
    if link.used_at is not None:
        return Closed.USED
    if link.revoked_at is not None:
        return Closed.REVOKED
    return Closed.EXPIRED if moment >= link.expires_at else None


def _found(token: str, purpose: str) -> SignedLink:
    """Looked up by the hash, so that the time it takes tells nothing about any token; compared once more in constant time."""
    wanted = hash_of(token)
    link = SignedLink.objects.select_related("ward__parent", "body").filter(token_hash=wanted).first()
    if (
        link is None
        or not hmac.compare_digest(link.token_hash, wanted)
        or not hmac.compare_digest(link.purpose.encode(), purpose.encode())
    ):
        raise LinkNotUsable(Closed.UNKNOWN)
    return link


def _record(
    link: SignedLink, verb: NoticeVerb, reason: Closed | None, *, actor: Person | None = None, why: str = ""
) -> None:
    """A line on the object that the link is for. What comes by the link has no account: it bears the link's name."""
    words = {
        "ward": link.ward,
        "actor": actor,
        "actor_name": "" if actor else link.made_for,
        "verb": verb,
        "label": link.made_for,
        "target": _Target(link),
        "reason": why or (str(reason.label) if reason else ""),
    }
    if actor is not None:
        audit.record(**words)  # type: ignore[arg-type]
        return
    with audit.trail(Way.LINK):
        audit.record(**words)  # type: ignore[arg-type]


class _Target:
    """The object of a link, as the audit trail names objects, without loading it: no room below knows its model."""

    def __init__(self, link: SignedLink) -> None:
        self.pk = link.target_id
        self._meta = _Label(link.target_type)


@dataclass(frozen=True, slots=True)
class _Label:
    label_lower: str
