"""People who can be sent, how many a session needs, who was asked and went, and who came along without being registered."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.dispatch_enums import AskedBy, AssignmentState, EnvoyRole, FeePer
from kusei.services.activities.models.activities import Session

_PERSON = settings.AUTH_USER_MODEL


class Envoy(models.Model):
    """派遣者: somebody whom `body` can send. Name, kana, contacts and note are sealed in one field; only members of the body see
    them, and each look is recorded.

    Purpose of the personal data: asking people for work, telling them of changes, paying them, certificates of what they did.
    Legal basis: 個人情報保護法 61条 (needed for the body's own duties), for payments 地方自治法 and the ward's rules of accounts, which
    want the papers kept for five years. It is deleted five years after the last assignment (`operations.forget_envoys`); counts
    stay. `roles` are values of EnvoyRole, `languages` and `themes` words, `cannot` the times as written (`dispatching.read_cannot`).
    Without districts: everywhere.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    body = models.ForeignKey(
        "wards.Body", models.PROTECT, related_name="+", verbose_name=_("登録している課・団体")
    )
    number = models.PositiveIntegerField(_("登録番号"))
    sealed = models.TextField(blank=True, editable=False)
    has_mail = models.BooleanField(default=False)
    roles = models.JSONField(_("役割"), default=list)
    languages = models.JSONField(_("言語"), default=list)
    themes = models.JSONField(_("テーマ"), default=list)
    districts = models.ManyToManyField(
        "wards.District", blank=True, related_name="+", verbose_name=_("行ける地区")
    )
    cannot = models.TextField(_("行けない日時"), blank=True)
    fee_yen = models.PositiveIntegerField(_("謝金（円）"), default=0)
    fee_per = models.CharField(_("謝金の単位"), max_length=4, choices=FeePer, default=FeePer.TIME)
    pays_expenses = models.BooleanField(_("交通費などの実費を払う"), default=False)
    active_until = models.DateField(_("登録の終わり"), null=True, blank=True)
    created_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("登録した日時"))
    changed_at = models.DateTimeField(_("直した日時"))
    forgotten_at = models.DateTimeField(_("個人情報を消した日時"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["body", "number"]
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="envoy_number_once"),
            models.CheckConstraint(condition=Q(has_mail=False) | ~Q(sealed=""), name="mail_stands_in_envoy"),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | Q(sealed="", has_mail=False),
                name="forgotten_envoy_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id}-{self.number}"


class Need(models.Model):
    """How many people of a role one session needs; `language` where they have to speak it. `purpose` tells what for, without names."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="needs")
    role = models.CharField(_("役割"), max_length=12, choices=EnvoyRole)
    language = models.CharField(_("言語"), max_length=30, blank=True)
    count = models.PositiveSmallIntegerField(_("人数"), validators=[MinValueValidator(1)])
    purpose = models.CharField(_("用件"), max_length=200, blank=True)

    class Meta:
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "role", "language"], name="need_of_a_role_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="need_is_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}{f'（{self.language}）' if self.language else ''}"


class Assignment(models.Model):
    """依頼: one person asked for one need, and what became of it. `to_telephone`: the office has to tell this person by telephone
    how things stand, since no mail reaches them. Minutes and yen are whole, and stand where somebody went."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    need = models.ForeignKey(Need, models.PROTECT, related_name="assignments")
    envoy = models.ForeignKey(Envoy, models.PROTECT, related_name="assignments")
    state = models.CharField(_("状態"), max_length=10, choices=AssignmentState, default=AssignmentState.ASKED)
    way = models.CharField(_("頼んだ方法"), max_length=10, choices=AskedBy)
    asked_at = models.DateTimeField(_("頼んだ日時"))
    asked_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("返事の日時"), null=True, blank=True)
    to_telephone = models.BooleanField(_("電話で知らせる"), default=False)
    minutes = models.PositiveIntegerField(_("時間（分）"), null=True, blank=True)
    fee_yen = models.PositiveIntegerField(_("謝金（円）"), null=True, blank=True)
    expenses_yen = models.PositiveIntegerField(_("実費（円）"), null=True, blank=True)
    note = models.CharField(_("メモ"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("記録した日時"), null=True, blank=True)
    recorded_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["need", "asked_at", "pk"]
        indexes = [models.Index(fields=["envoy", "state"], name="assignment_by_envoy")]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "envoy"], condition=Q(state__in=["asked", "accepted", "went", "missed"]),
                name="nobody_is_asked_twice_for_one_need",
            ),
            models.CheckConstraint(
                condition=Q(state="went", minutes__isnull=False, fee_yen__isnull=False, expenses_yen__isnull=False, recorded_at__isnull=False)
                | (~Q(state="went") & Q(minutes__isnull=True, fee_yen__isnull=True, expenses_yen__isnull=True)),
                name="who_went_has_a_record",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.need_id} {self.envoy_id} {self.state}"


class Along(models.Model):
    """Who taught or came along without being registered: a role, how many, and the body or the kind of people. No names of persons."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.CASCADE, related_name="along")
    role = models.CharField(_("役割"), max_length=12, choices=EnvoyRole)
    count = models.PositiveSmallIntegerField(_("人数"), validators=[MinValueValidator(1)])
    who = models.CharField(_("団体・職種"), max_length=80, blank=True)

    class Meta:
        ordering = ["session", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="along_is_somebody"),
            models.UniqueConstraint(fields=["session", "role", "who"], name="along_once_per_session"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.count}"
