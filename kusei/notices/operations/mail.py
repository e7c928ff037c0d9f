"""Mail: written down in the transaction of what it tells of, sent after it, sent again where that failed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.notices.enums import NoticeVerb
from kusei.notices.models import Notice
from kusei.notices.permissions import may_keep_notices
from kusei.notices.sealing import CannotUnseal, seal, unseal
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward

KEEP_ADDRESS = timedelta(days=90)
_ADDRESS, _TEXT = "notices.to", "notices.text"
_log = logging.getLogger(__name__)


@transaction.atomic
def send_notice(*, ward: Ward, to: str, subject: str, text: str) -> Notice:
    """Write a message down and send it as soon as the caller's change is sure. A failure is kept, with its reason, and can
    be sent again (`send_waiting`).

    ASSUMPTION: the operation that calls has asked whether its actor may write to this address.
    """
    notice = Notice.objects.create(
        ward=ward,
        to_sealed=seal(to.strip(), purpose=_ADDRESS),
        subject=" ".join(subject.split())[:200],
        text_sealed=seal(text, purpose=_TEXT),
    )
    transaction.on_commit(lambda: _send(notice.pk))
    return notice


def send_waiting(*, actor: Person) -> tuple[int, int]:
    """Try again what was not sent, in all wards; how many were sent and how many were not. Raises NotAllowed."""
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    waiting = list(
        Notice.objects.filter(sent_at__isnull=True)
        .exclude(to_sealed="")
        .order_by("made_at")
        .values_list("pk", flat=True)
    )
    sent = sum(_send(pk) for pk in waiting)
    return sent, len(waiting) - sent


def forget_addresses(*, actor: Person, now: datetime | None = None) -> int:
    """Delete the addresses (and texts that were never sent) of notices older than 90 days, in all wards; how many.

    Raises NotAllowed.
    """
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    limit = (now or timezone.now()) - KEEP_ADDRESS
    done = 0
    for ward in Ward.objects.filter(pk__in=_old(limit).values("ward")):
        with transaction.atomic():
            old = _old(limit).filter(ward=ward)
            count = old.update(to_sealed="", text_sealed="")
            audit.record(
                ward=ward, actor=actor, verb=NoticeVerb.ADDRESSES_FORGOTTEN, target=ward,
                changes={"notices": (None, count)},
            )  # fmt: skip
            done += count
    return done


def _old(limit: datetime):  # type: ignore[no-untyped-def]
    return Notice.objects.filter(made_at__lte=limit).exclude(to_sealed="")


def _send(pk: int) -> bool:
    """Send one notice; True where it went out. Of two that try at once, one sends."""
    notice = Notice.objects.filter(pk=pk, sent_at__isnull=True).exclude(to_sealed="").first()
    if notice is None:
        return False
    claimed = Notice.objects.filter(pk=pk, tries=notice.tries, sent_at__isnull=True).update(
        tries=F("tries") + 1
    )
    if not claimed:
        return False
    problem = _mail(notice)
    if problem:
        Notice.objects.filter(pk=pk).update(failed=problem[:300])
        return False
    Notice.objects.filter(pk=pk).update(sent_at=timezone.now(), failed="", text_sealed="")
    return True


def _mail(notice: Notice) -> str:
    """Why the mail did not go out; empty where it did. The reason names no address."""
    if settings.EMAIL_BACKEND.endswith(".console.EmailBackend"):
        return _(
            "メールの送り方が設定されていません（KUSEI_MAIL_URL）。"
        )  # printed, it would reach nobody but a log
    try:
        to = unseal(notice.to_sealed, purpose=_ADDRESS)
        text = unseal(notice.text_sealed, purpose=_TEXT)
    except CannotUnseal:
        return _("この通知を封じた鍵（KUSEI_SECRET_KEY）が変わっていて、開けません。もう一度作ってください。")
    try:
        EmailMessage(notice.subject, text, None, [to]).send()
    except OSError as error:  # smtplib's errors are OSErrors, as is a machine that cannot be reached
        _log.warning("notice %s could not be mailed: %s", notice.pk, type(error).__name__)
        return _("メールサーバーに送れませんでした（%(kind)s）。") % {"kind": type(error).__name__}
    except ValueError as error:  # an address or subject that no header can hold
        _log.warning("notice %s cannot be written as a mail: %s", notice.pk, type(error).__name__)
        return _("この宛先には送れません。メールアドレスを確かめてください。")
    return ""
