"""Who asked for a place, and what became of it. Names and contacts are sealed at rest."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.enums import Arrival, SeatState
from kusei.services.activities.models.activities import Intake, Quota

_PERSON = settings.AUTH_USER_MODEL


class Application(models.Model):
    """申込み: one person, a family or a group. `ticket` is of the form that was sent: sent twice, it is one application.

    Purpose of the personal data: giving out places, telling people, help in an emergency; it is deleted a year after the last
    session (`operations.forget_applicants`; what only tells people apart: `Presence`), the counts stay. `token_hash` is of the link by which it is changed, `telephone_key`
    a keyed hash of the number by which whoever telephones is found; it goes with the rest.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    intake = models.ForeignKey(Intake, models.PROTECT, related_name="applications")
    number = models.PositiveIntegerField(_("受付番号"))
    ticket = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    together = models.BooleanField(_("全員そろわなければ参加しない"), default=True)
    sealed = models.TextField(blank=True, editable=False)
    telephone_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    has_mail = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="ja")
    way = models.CharField(_("受け付けた方法"), max_length=10, choices=Arrival, default=Arrival.PAGE)
    note = models.CharField(_("職員のメモ"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("受け付けた日時"))
    received_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    forgotten_at = models.DateTimeField(_("個人情報を消した日時"), null=True, blank=True)

    class Meta:
        ordering = ["intake", "number"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "number"], name="application_number_once"),
            models.CheckConstraint(condition=Q(has_mail=False) | ~Q(sealed=""), name="mail_stands_in_application"),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | Q(sealed="", telephone_key=""),
                name="forgotten_application_is_empty",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["ward", "telephone_key"], name="application_by_telephone")]

    def __str__(self) -> str:
        return f"{self.intake_id}-{self.number}"


class Seat(models.Model):
    """One person of an application. `turn` says who comes first where seats become free; `before_off` is the state from which it
    was called off with its activity. `blind` is the same for the same name and contact (`blind.py`), says nothing to who has not the
    key, and is deleted after the personal data, when the books of its last year are closed: different people are counted by it until then."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, related_name="seats")
    intake = models.ForeignKey(Intake, models.PROTECT, related_name="seats")
    quota = models.ForeignKey(Quota, models.PROTECT, related_name="seats")
    turn = models.PositiveIntegerField()
    state = models.CharField(_("状態"), max_length=12, choices=SeatState)
    answer_by = models.DateTimeField(_("返事の期限"), null=True, blank=True)
    before_off = models.CharField(max_length=12, choices=SeatState, blank=True, default="")
    blind = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        ordering = ["application", "pk"]
        indexes = [models.Index(fields=["intake", "state", "turn"], name="seat_by_turn")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="offered", answer_by__isnull=False)
                | (~Q(state="offered") & Q(answer_by__isnull=True)),
                name="offered_seat_has_its_deadline",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.state}"


class Draw(models.Model):
    """抽選: sealed before the seed is known, then drawn once. Both stay for everybody to check."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    intake = models.OneToOneField(Intake, models.PROTECT, related_name="draw")
    commitment = models.CharField(max_length=64)
    numbers = models.JSONField(default=list)
    seed_source = models.CharField(_("抽選に使う数"), max_length=200)
    sealed_at = models.DateTimeField(_("確定した日時"))
    sealed_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    seed = models.CharField(_("その値"), max_length=100, blank=True)
    drawn_at = models.DateTimeField(_("抽選した日時"), null=True, blank=True)
    drawn_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seed="", drawn_at__isnull=True) | (~Q(seed="") & Q(drawn_at__isnull=False)),
                name="draw_has_its_seed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.intake_id} {self.commitment[:8]}"
