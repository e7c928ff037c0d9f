"""Handing one message to the mail server, and what is known of it afterwards."""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from kusei.notices.models import Notice
from kusei.notices.sealing import CannotUnseal, unseal
from kusei.wards.post import can_send

ADDRESS, TEXT = "notices.to", "notices.text"
_REFUSED_FOR_GOOD = 500
_log = logging.getLogger(__name__)


class Fate(Enum):
    SENT = "sent"
    LATER = "later"
    """It surely did not go out; another try may help."""
    NEVER = "never"
    """It surely did not go out, and trying again as things are does not help."""
    UNSURE = "unsure"
    """The connection broke off after the message was on its way: it may have gone out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    fate: Fate
    problem: str = ""
    """In Japanese; names no address."""


def post(notice: Notice) -> Outcome:
    """Hand the message over. Every try bears the same Message-ID: mailboxes that know it show the message once."""
    if not can_send():
        return Outcome(Fate.NEVER, _("メールの送り方が設定されていません（KUSEI_MAIL_URL）。"))
    try:
        to = unseal(notice.to_sealed, purpose=ADDRESS)
        text = unseal(notice.text_sealed, purpose=TEXT)
    except CannotUnseal:
        return Outcome(
            Fate.NEVER,
            _("この通知を封じた鍵（KUSEI_SECRET_KEY）が変わっていて、開けません。もう一度作ってください。"),
        )
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are OSErrors, as is a machine that cannot be reached
        return _failed(notice, Fate.LATER, error)
    message = EmailMessage(
        notice.subject, text, None, [to], headers={"Message-ID": message_id(notice)}, connection=connection
    )
    try:
        message.send()
    except smtplib.SMTPSenderRefused as error:  # the settings' fault, which somebody mends
        return _failed(notice, Fate.LATER, error)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:  # the server's own no
        return _failed(notice, Fate.NEVER if _is_for_good(error) else Fate.LATER, error)
    except ConnectionRefusedError as error:
        return _failed(notice, Fate.LATER, error)
    except OSError as error:
        return _failed(notice, Fate.UNSURE, error)
    except ValueError as error:  # an address or subject that no header can hold
        _log.warning("notice %s cannot be written as a mail: %s", notice.pk, type(error).__name__)
        return Outcome(Fate.NEVER, _("この宛先には送れません。メールアドレスを確かめてください。"))
    finally:
        _close(connection)
    return Outcome(Fate.SENT)


def message_id(notice: Notice) -> str:
    """The same for every try of one message."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<notice-{notice.pk}-{notice.made_at:%Y%m%d%H%M%S%f}@{domain}>"


def _failed(notice: Notice, fate: Fate, error: OSError) -> Outcome:
    kind = type(error).__name__
    _log.warning("notice %s could not be mailed (%s): %s", notice.pk, fate.value, kind)
    if fate is Fate.UNSURE:
        problem = _(
            "送っている途中でメールサーバーとの接続が切れました（%(kind)s）。届いたかどうか分かりません。"
        )
    elif fate is Fate.NEVER:
        problem = _("メールサーバーがこの宛先を断りました（%(kind)s）。メールアドレスを確かめてください。")
    else:
        problem = _("メールサーバーに送れませんでした（%(kind)s）。")
    return Outcome(fate, problem % {"kind": kind})


def _is_for_good(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _REFUSED_FOR_GOOD for code, _said in error.recipients.values())
    return error.smtp_code >= _REFUSED_FOR_GOOD


def _close(connection: object) -> None:
    try:
        connection.close()  # type: ignore[attr-defined]
    except OSError:  # what was sent is sent
        _log.warning("the mail server did not say goodbye")
