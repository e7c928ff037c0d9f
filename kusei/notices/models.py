"""Notices to people outside, and links that let somebody do one thing without an account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kusei.notices.enums import Channel


class Notice(models.Model):
    """One message to one address. Address and text are sealed (`sealing`): the text may hold a link's token.

    The text is dropped as soon as the message is sent; the address, which is personal data, 90 days after it was made.
    `begun_at` stands while a try is on its way: where the process died there, nobody knows whether the mail went out.
    After `useless_after` it is not sent any more: what it says would no longer be true.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    channel = models.CharField(_("経路"), max_length=8, choices=Channel, default=Channel.MAIL)
    to_sealed = models.TextField(blank=True, editable=False)
    subject = models.CharField(_("件名"), max_length=200)
    text_sealed = models.TextField(blank=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(_("送った日時"), null=True, blank=True)
    failed = models.CharField(_("送れなかった理由"), max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(_("試した回数"), default=0)
    begun_at = models.DateTimeField(
        _("送り始めた日時"), null=True, blank=True, help_text=_("結果が分かるまでの間だけ入ります")
    )
    next_try_at = models.DateTimeField(_("次に試す日時"), null=True, blank=True)
    useless_after = models.DateTimeField(_("この日時を過ぎたら送らない"), null=True, blank=True)
    subject_key = models.CharField(
        max_length=60, blank=True, help_text=_("同じものについての、まだ送れていない前のメールは送りません")
    )

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed="", text_sealed=""),
                name="sent_notice_keeps_no_text",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(begun_at__isnull=True, next_try_at__isnull=True),
                name="sent_notice_is_not_tried",
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], name="notice_by_time"),
            models.Index(fields=["ward", "-made_at"], name="notice_by_ward"),
        ]

    def __str__(self) -> str:
        return self.subject


class SignedLink(models.Model):
    """Whoever holds the link may do one thing to one object, once, until it expires. Of the token only a hash is kept.

    Reading is free: `used_at` is set by the one answer. `made_for` is the name that the audit trail gives for what comes by it.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    purpose = models.CharField(_("用途"), max_length=40)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    body = models.ForeignKey("wards.Body", models.PROTECT, null=True, blank=True, related_name="+")
    made_for = models.CharField(_("リンクの相手"), max_length=200)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(_("期限"))
    revoked_at = models.DateTimeField(_("取り消した日時"), null=True, blank=True)
    used_at = models.DateTimeField(_("使われた日時"), null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(made_for=""), name="link_is_made_for_somebody"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="link_expires_later"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True), name="link_used_or_revoked"
            ),
        ]
        indexes = [models.Index(fields=["ward", "target_type", "target_id"], name="link_by_target")]

    def __str__(self) -> str:
        return self.made_for


class Attempts(models.Model):
    """How often something was tried from one address in one window of time (`throttle`). `key` holds a hash of the address;
    belongs to no ward: who tries may not yet have said which."""

    key = models.CharField(max_length=100, primary_key=True)
    number = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key} {self.number}"
