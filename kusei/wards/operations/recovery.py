"""Helping somebody back in: a lost phone, a forgotten password where no mail goes out. And ending one's own sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.wards import audit, permissions, post
from kusei.wards.enums import WardVerb
from kusei.wards.errors import NothingToRecover, ReasonMissing
from kusei.wards.models import Person, Ward
from kusei.wards.queries import wards_acted_in

_SUBJECTS = {
    WardVerb.SECOND_FACTOR_TAKEN: gettext_lazy("%(ward)sのKusei: 二段階認証が外されました"),
    WardVerb.PASSWORD_LINK_MADE: gettext_lazy("%(ward)sのKusei: パスワードを決め直すリンクが作られました"),
}


@dataclass(frozen=True, slots=True)
class IssuedPasswordLink:
    """The link, which nothing but this keeps: show it once."""

    person: Person
    link: str
    expires_at: datetime


@transaction.atomic
def take_second_factor(*, person: Person, actor: Person, reason: str) -> int:
    """Take back a person's second factor and recovery codes, for whoever lost the phone; how many sessions that ended.

    All sessions of the person end, and the person is told by mail. Planners and administrators set up a new one at the
    next log-in. Never one's own. Raises NothingToRecover, ReasonMissing, NotAllowed.
    """
    wards = _allowed(person, actor, reason)
    found = Authenticator.objects.select_for_update().filter(user=person)
    if not found.exists():
        raise NothingToRecover(
            _("%(name)sさんは、二段階認証をまだ設定していません。") % {"name": person.display_name}
        )
    found.delete()
    ended = end_sessions(person)
    _told(
        wards,
        person,
        actor,
        WardVerb.SECOND_FACTOR_TAKEN,
        reason,
        "second_factor_taken",
        sessions=(None, ended),
    )
    return ended


@transaction.atomic
def make_password_link(*, person: Person, actor: Person, reason: str, site: str) -> IssuedPasswordLink:
    """A link, for a day and once, by which the person sets a new password; for handing over where no mail goes out.

    The password so far holds until then, and logging in with it ends the link. Raises NothingToRecover for an account that
    nobody logs in to, ReasonMissing, NotAllowed.
    """
    wards = _allowed(person, actor, reason)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.make_token(person),
        },
    )
    expires_at = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    _told(
        wards, person, actor, WardVerb.PASSWORD_LINK_MADE, reason, "password_link_made",
        expires_at=(None, expires_at),
    )  # fmt: skip
    return IssuedPasswordLink(person, site.rstrip("/") + path, expires_at)


def record_new_password(person: Person) -> None:
    """The trail of a password that was set by a link, in every ward where the person acts."""
    for ward in wards_acted_in(person):
        audit.record(
            ward=ward, actor=person, verb=WardVerb.PASSWORD_SET, target=person, label=person.display_name
        )


def end_sessions(person: Person) -> int:
    """End every session of a person, open pages included; how many."""
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)


def end_own_session(*, session_id: int, actor: Person) -> bool:
    """End one of one's own sessions; False where there is none of that number. It takes no right and stands in no trail."""
    session = UserSession.objects.filter(pk=session_id, user=actor).first()
    if session is None:
        return False
    session.end()
    return True


def _allowed(person: Person, actor: Person, reason: str) -> list[Ward]:
    wards = wards_acted_in(person)
    permissions.require(
        permissions.may_recover(permissions.rights_of(actor), person.pk, [ward.pk for ward in wards])
    )
    if person.is_operator or not person.is_active or not wards:
        raise NothingToRecover(
            _("%(name)sさんのアカウントには、今日使える役割がなく、ログインできません。先に役割を加えてください。")
            % {"name": person.display_name}
        )  # fmt: skip
    if not reason.strip():
        raise ReasonMissing(_("理由を入れてください。変更の記録に残ります。"))
    return wards


def _told(
    wards: list[Ward],
    person: Person,
    actor: Person,
    verb: WardVerb,
    reason: str,
    letter: str,
    **changes: tuple[object, object],
) -> None:
    for ward in wards:
        audit.record(
            ward=ward, actor=actor, verb=verb, target=person, label=person.display_name,
            changes=changes, reason=reason,
        )  # fmt: skip
    if person.email:
        words = {"person": person, "actor": actor, "reason": reason.strip(), "ward": wards[0].full_name}
        post.send(
            ward=wards[0],
            to=person.email,
            subject=str(_SUBJECTS[verb]) % words,
            text=render_to_string(f"wards/mail/{letter}.txt", words),
        )
