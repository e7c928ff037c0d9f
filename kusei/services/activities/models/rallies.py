"""Rallies with stamps: stations, cards without a name, stamps, and the counts of each day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.enums import Counted, CountWay
from kusei.services.activities.models.activities import Activity

_PERSON = settings.AUTH_USER_MODEL


class Rally(models.Model):
    """What makes an activity a rally. It has one session that spans the whole period: residents find one event with its beginning and
    its end, not one for each station, and the ledger counts one rally held. Stations have hours of their own, as text.

    `needed` stamps finish a card. `prize_total` None: prizes for everybody. `ended_at` is set where it ends before its session does.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.OneToOneField(Activity, models.CASCADE, related_name="rally")
    needed = models.PositiveSmallIntegerField(_("達成に要るスタンプの数"), default=3)
    prize = models.CharField(_("景品"), max_length=120, blank=True)
    prize_place = models.CharField(_("景品の引換え場所"), max_length=200, blank=True)
    prize_total = models.PositiveIntegerField(_("景品の数"), null=True, blank=True)
    ended_at = models.DateTimeField(_("早く終えた日時"), null=True, blank=True)
    end_reason = models.CharField(_("早く終えた理由"), max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(needed__gte=1, needed__lte=60), name="rally_needs_stamps"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(end_reason=""), name="rally_ended_early_states_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.activity)


class Station(models.Model):
    """A place where a stamp is collected. Whoever knows the `code` has been there; staff give it a new one where it got about."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    rally = models.ForeignKey(Rally, models.CASCADE, related_name="stations")
    position = models.PositiveSmallIntegerField(_("順"), default=0)
    name = models.CharField(_("名前"), max_length=80)
    place = models.CharField(_("場所"), max_length=120, blank=True)
    directions = models.CharField(_("行き方"), max_length=300, blank=True)
    hours = models.CharField(_("開いている時間"), max_length=120, blank=True)
    district = models.ForeignKey(
        "wards.District", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地区")
    )
    code = models.CharField(max_length=12)
    code_since = models.DateTimeField(_("コードの日時"), auto_now_add=True)
    is_closed = models.BooleanField(_("休止中"), default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["rally", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rally", "code"], name="station_code_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(code=""), name="station_has_name_and_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Card(models.Model):
    """スタンプカード without any personal data: whoever has its number has the card. Deleted a year after the rally
    (`operations.forget_cards`); what was counted stays in `DayCount`.

    `token_hash` is of the number. `finish_code` is shown to whoever finished, and given at the prize counter; `prize_at` once.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    rally = models.ForeignKey(Rally, models.CASCADE, related_name="cards")
    token_hash = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField(_("始めた日時"))
    finished_at = models.DateTimeField(_("達成した日時"), null=True, blank=True)
    finish_code = models.CharField(max_length=12, blank=True)
    prize_at = models.DateTimeField(_("景品を渡した日時"), null=True, blank=True)
    prize_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rally", "finish_code"], condition=~Q(finish_code=""), name="finish_code_once"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, finish_code="")
                | (Q(finished_at__isnull=False) & ~Q(finish_code="")),
                name="finished_card_has_its_code",
            ),
            models.CheckConstraint(
                condition=Q(prize_at__isnull=True) | Q(finished_at__isnull=False), name="prize_is_for_who_finished"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rally_id}-{self.pk}"


class Stamp(models.Model):
    """One station on one card, once."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    card = models.ForeignKey(Card, models.CASCADE, related_name="stamps")
    station = models.ForeignKey(Station, models.PROTECT, related_name="stamps")
    at = models.DateTimeField(_("日時"))

    class Meta:
        ordering = ["card", "at", "pk"]
        constraints = [models.UniqueConstraint(fields=["card", "station"], name="stamp_once_per_station")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.station_id}"


class RallyDay(models.Model):
    """One day of a rally, as the ledger knows it: from `closed_at` on its counts are posted, and corrected where they change."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    rally = models.ForeignKey(Rally, models.CASCADE, related_name="days")
    day = models.DateField(_("日"))
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["rally", "day"]
        constraints = [models.UniqueConstraint(fields=["rally", "day"], name="rally_day_once")]

    def __str__(self) -> str:
        return f"{self.rally_id} {self.day}"


class DayCount(models.Model):
    """So many of one kind on one day: counted up with each stamp by telephone (`way`), typed for cards of paper. Stamps name their
    station. This is what the ledger is told: it stays when the cards are deleted."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    day = models.ForeignKey(RallyDay, models.CASCADE, related_name="counts")
    what = models.CharField(max_length=10, choices=Counted)
    way = models.CharField(max_length=10, choices=CountWay)
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "what", "way", "station"], condition=Q(station__isnull=False), name="stamps_counted_once"
            ),
            models.UniqueConstraint(
                fields=["day", "what", "way"], condition=Q(station__isnull=True), name="day_counted_once"
            ),
            models.CheckConstraint(
                condition=Q(what="stamps", station__isnull=False) | (~Q(what="stamps") & Q(station__isnull=True)),
                name="stamps_are_of_a_station",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day_id} {self.what} {self.quantity}"
