"""Channels, why a link opens nothing, and what this room writes into the audit trail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    MAIL = "mail", _("メール")


class NoticeState(models.TextChoices):
    """Where a mail stands."""

    SENT = "sent", _("送った")
    SENDING = "sending", _("送っている途中")
    WAITING = "waiting", _("あとでもう一度送る")
    UNSURE = "unsure", _("届いたか分からない")
    GIVEN_UP = "given_up", _("送れていない")
    FORGOTTEN = "forgotten", _("宛先を消した")


class Closed(models.TextChoices):
    """Why a signed link opens nothing. The sentence is for whoever holds the link."""

    UNKNOWN = (
        "unknown",
        _("リンクが途中で切れているか、正しくありません。メールのリンクの全部を、もう一度開いてください。"),
    )
    EXPIRED = "expired", _("リンクの期限が過ぎています。送ってくれた職員に、新しいリンクを頼んでください。")
    REVOKED = "revoked", _("リンクは取り消されています。新しいリンクが届いていないか、確かめてください。")
    USED = "used", _("このリンクからは、もう回答をいただいています。直したいときは、送ってくれた職員に知らせてください。")  # fmt: skip


class NoticeVerb(models.TextChoices):
    LINK_MADE = "notices.make_link", _("署名付きリンクを作った")
    LINK_OPENED = "notices.open_link", _("署名付きリンクを開いた")
    LINK_USED = "notices.use_link", _("署名付きリンクで答えた")
    LINK_REVOKED = "notices.revoke_link", _("署名付きリンクを取り消した")
    LINK_CLOSED = "notices.closed_link", _("使えない署名付きリンクを開こうとした")
    ADDRESSES_FORGOTTEN = "notices.forget_addresses", _("古い通知の宛先を消した")
    SENT_AGAIN = "notices.send_again", _("メールをもう一度送らせた")
