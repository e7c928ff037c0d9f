"""Invitations: making, renewing and revoking them, and what accepting one brings about."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.wards import audit, permissions, post
from kusei.wards.enums import ROLES_OF_A_BODY, Role, WardVerb
from kusei.wards.errors import AlreadyInvited, InvitationNotOpen, InvitationNotYours, PersonExists
from kusei.wards.models import Body, Invitation, Person, Ward
from kusei.wards.operations.people import check_role, grant_role

VALID_FOR = timedelta(days=7)


@dataclass(slots=True)
class IssuedInvitation:
    """An invitation with its link, which nothing but this keeps: show it once. `mailed` is known after the commit."""

    invitation: Invitation
    link: str
    mailed: bool = False


@transaction.atomic
def invite_person(
    *,
    ward: Ward,
    email: str,
    role: Role,
    actor: Person,
    site: str,
    body: Body | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> IssuedInvitation:
    """Offer a role in `ward` to whoever reads `email`, by mail and by a link that holds for a week.

    `site` is the address under which people reach Kusei (https://…). The term begins on `starts_on`, or on the day the
    invitation is accepted. Raises RoleNotFitting, AlreadyInvited for the same offer still open, NotAllowed.
    """
    permissions.require(permissions.may_administer(permissions.rights_of(actor), ward))
    check_role(ward, role, body, starts_on or timezone.localdate(), ends_on)
    email = email.strip().lower()
    # Whoever writes takes the ward's row first, so that two at once cannot both find no open invitation (PostgreSQL).
    Ward.objects.select_for_update().get(pk=ward.pk)
    if _open().filter(ward=ward, email=email, role=role, body=body).exists():
        raise AlreadyInvited(
            _("%(email)s は同じ役割にもう招待されています。リンクが要るときは「もう一度招待する」を使ってください。")
            % {"email": email}
        )  # fmt: skip
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        ward=ward,
        email=email,
        role=role,
        body=body,
        starts_on=starts_on,
        ends_on=ends_on,
        token_hash=hash_of(token),
        made_by=actor,
        expires_at=timezone.now() + VALID_FOR,
    )
    audit.record(
        ward=ward,
        actor=actor,
        verb=WardVerb.INVITED,
        target=invitation,
        label=email,
        changes={
            "role": (None, str(Role(role).label)),
            "body": (None, body.name if body else None),
            "starts_on": (None, starts_on),
            "ends_on": (None, ends_on),
        },
    )
    return _issued(invitation, token, site)


@transaction.atomic
def renew_invitation(*, invitation: Invitation, actor: Person, site: str) -> IssuedInvitation:
    """Send the invitation again, with a new link for another week; the link before opens nothing any more.

    An expired one can be renewed. Raises InvitationNotOpen for one that was accepted or revoked, NotAllowed.
    """
    permissions.require(permissions.may_administer(permissions.rights_of(actor), invitation.ward))
    token, before = secrets.token_urlsafe(32), invitation.expires_at
    expires_at = timezone.now() + VALID_FOR
    changed = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(token_hash=hash_of(token), expires_at=expires_at, made_by=actor)
    if not changed:
        raise InvitationNotOpen(_("この招待はもう受けられたか取り消されています。新しく招待してください。"))
    invitation.refresh_from_db()
    audit.record(
        ward=invitation.ward,
        actor=actor,
        verb=WardVerb.INVITATION_RENEWED,
        target=invitation,
        label=invitation.email,
        changes={"expires_at": (before, expires_at)},
    )
    return _issued(invitation, token, site)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: Person) -> None:
    """Take the offer back: its link opens nothing any more. Raises InvitationNotOpen where it was accepted, NotAllowed."""
    permissions.require(permissions.may_administer(permissions.rights_of(actor), invitation.ward))
    changed = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=timezone.now())
    if not changed:
        raise InvitationNotOpen(
            _("この招待はもう受けられたか取り消されています。受けられたときは役割を終えてください。")
        )
    audit.record(
        ward=invitation.ward,
        actor=actor,
        verb=WardVerb.INVITATION_REVOKED,
        target=invitation,
        label=invitation.email,
    )
    post.withdraw(ward=invitation.ward, subject_key=_subject_key(invitation))


@transaction.atomic
def accept_invitation(*, invitation: Invitation, actor: Person) -> None:
    """`actor`, whose account bears the invited mail address, takes the role.

    Raises InvitationNotYours, InvitationNotOpen (also where whoever invited may not give roles any more).
    """
    if actor.email.lower() != invitation.email:
        raise InvitationNotYours(
            _("この招待は %(email)s さんへのものです。いったんログアウトして、その方のアカウントで受けてください。")
            % {"email": invitation.email}
        )  # fmt: skip
    _take(invitation, actor)


@transaction.atomic
def open_account(
    *, invitation: Invitation, username: str, last_name: str, first_name: str, password: str | None
) -> Person:
    """Open the account of somebody invited, and give the role. Without a password it is logged in to by the city's
    directory alone. ASSUMPTION: the caller has checked that whoever asks holds the link, or was vouched for by the
    directory, and that the password is strong enough.

    Raises PersonExists for a log-in name or mail address that is taken, InvitationNotOpen.
    """
    if Person.objects.filter(email__iexact=invitation.email).exists():
        raise PersonExists(
            _("%(email)s のアカウントはもうあります。ログインして招待を受けてください。")
            % {"email": invitation.email}
        )
    person = Person(
        username=username, last_name=last_name.strip(), first_name=first_name.strip(), email=invitation.email
    )
    person.set_password(password)  # None makes it unusable
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise PersonExists(
            _("ログイン名「%(name)s」は使われています。別の名前にしてください。") % {"name": username}
        ) from None
    audit.record(
        ward=invitation.ward,
        actor=person,
        verb=WardVerb.PERSON_ADDED,
        target=person,
        label=person.display_name,
    )
    _take(invitation, person)
    return person


def hash_of(token: str) -> str:
    """What the database keeps of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def _take(invitation: Invitation, person: Person) -> None:
    inviter = invitation.made_by
    if not permissions.may_administer(permissions.rights_of(inviter), invitation.ward):
        raise InvitationNotOpen(
            _("招待した%(name)sさんは、いまは役割を与えられません。区の管理者に、もう一度招待するよう頼んでください。")
            % {"name": inviter.display_name}
        )  # fmt: skip
    taken = (
        _open().filter(pk=invitation.pk).update(accepted_at=timezone.now(), accepted_by=person)
    )  # of two at once, one finds it open
    if not taken:
        raise InvitationNotOpen(
            _("この招待は期限が切れたか、もう使われています。区の管理者に、もう一度招待するよう頼んでください。")
        )  # fmt: skip
    audit.record(
        ward=invitation.ward,
        actor=person,
        verb=WardVerb.INVITATION_ACCEPTED,
        target=invitation,
        label=invitation.email,
    )
    starts_on = invitation.starts_on or timezone.localdate()
    grant_role(
        ward=invitation.ward,
        person=person,
        role=Role(invitation.role),
        body=invitation.body,
        starts_on=starts_on,
        ends_on=invitation.ends_on,
        actor=inviter,
        reason=_("招待を受けた"),
    )


def _subject_key(invitation: Invitation) -> str:
    return f"invitation:{invitation.pk}"


def _open() -> Any:
    return Invitation.objects.filter(
        accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
    )


def _issued(invitation: Invitation, token: str, site: str) -> IssuedInvitation:
    """The link, and the mail as soon as the change is sure."""
    link = site.rstrip("/") + reverse("office:invitation", args=[token])
    issued = IssuedInvitation(invitation, link)
    words = {
        "ward": invitation.ward.full_name,
        "role": Role(invitation.role).label,
        "body": invitation.body.name if invitation.role in ROLES_OF_A_BODY and invitation.body else "",
        "inviter": invitation.made_by.display_name,
        "expires_at": invitation.expires_at,
        "link": link,
    }

    def told(sent: bool) -> None:
        issued.mailed = sent

    post.send(
        ward=invitation.ward,
        to=invitation.email,
        subject=_("%(ward)sのKuseiへの招待") % {"ward": invitation.ward.full_name},
        text=render_to_string("wards/mail/invitation.txt", words),
        subject_key=_subject_key(invitation),
        told=told,
    )
    return issued
