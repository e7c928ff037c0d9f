"""出前講座: on what terms a theme is brought to groups, which groups asked for it, and what was said between them and the office."""

from __future__ import annotations

import uuid
from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.enums import Arrival
from kusei.services.activities.models.activities import Activity
from kusei.services.activities.visit_enums import DateAnswer, GroupKind, Side, Turn, VisitState

_PERSON = settings.AUTH_USER_MODEL
ENDED = (VisitState.HELD.value, VisitState.DECLINED.value, VisitState.WITHDRAWN.value)


class VisitTerms(models.Model):
    """On what terms a theme is brought to groups. `weekdays` are digits, Monday 0; `without` days as ISO text. `next_number` is
    given out under the row's lock, and so is the last visit of a year (`most_a_year`, None: as many as are asked for)."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.OneToOneField(Activity, models.CASCADE, related_name="visit_terms")
    lead_days = models.PositiveSmallIntegerField(_("何日前までに申し込むか"), default=30)
    weekdays = models.CharField(_("曜日"), max_length=7, default="01234")
    on_holidays = models.BooleanField(_("祝日・年末年始にも行う"), default=False)
    without = models.JSONField(_("行わない日"), default=list, blank=True)
    from_time = models.TimeField(_("何時から"), default=time(9))
    to_time = models.TimeField(_("何時まで"), default=time(17))
    minutes = models.PositiveSmallIntegerField(_("長さ（分）"), default=60)
    least_people = models.PositiveIntegerField(_("最少の人数"), default=1)
    most_people = models.PositiveIntegerField(_("最多の人数"), null=True, blank=True)
    provides = models.CharField(_("団体に用意してもらうもの"), max_length=300, blank=True)
    only_in_ward = models.BooleanField(_("会場は区内だけ"), default=True)
    most_a_year = models.PositiveSmallIntegerField(_("一年度に行う回数"), null=True, blank=True)
    next_number = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(from_time__lt=F("to_time")), name="visit_hours_in_order"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="visit_takes_time"),
            models.CheckConstraint(
                condition=Q(most_people__isnull=True) | Q(least_people__lte=F("most_people")),
                name="visit_people_in_order",
            ),
            models.CheckConstraint(condition=~Q(weekdays=""), name="visit_has_a_weekday"),
        ]

    def __str__(self) -> str:
        return str(self.activity_id)


class VisitGroup(models.Model):
    """A group that asked, known by the folded form of its name and its kind; `body` where it is one of the ward's bodies. `apart`
    is above 0 for another group of the same name. `same_as` is the one under which it is counted."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    kind = models.CharField(_("団体の種類"), max_length=12, choices=GroupKind)
    name = models.CharField(_("団体の名前"), max_length=80)
    folded = models.CharField(max_length=80, editable=False)
    apart = models.PositiveSmallIntegerField(default=0)
    body = models.ForeignKey("wards.Body", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("実施主体"))  # fmt: skip
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="also")

    class Meta:
        ordering = ["folded", "kind", "apart"]
        constraints = [
            models.UniqueConstraint(fields=["ward", "folded", "kind", "apart"], name="visit_group_once"),
            models.UniqueConstraint(fields=["ward", "body"], condition=Q(same_as__isnull=True, body__isnull=False), name="visit_group_of_a_body_once"),
            models.CheckConstraint(condition=Q(same_as__isnull=True) | ~Q(same_as=F("id")), name="visit_group_is_not_its_own_other"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class VisitRequest(models.Model):
    """A group asks for a visiting lecture. `ticket` is of the form that was sent: sent twice, it is one request.

    Purpose of the personal data (the contact person's name, address and telephone number, the note, what was written to and fro):
    arranging the visit with the group (個人情報保護法 61条, for the ward's own work); it is sealed, seen by the hosting bodies
    only, and deleted a year after the visit or after the request ended (`operations.forget_visits`). The group's name and the
    place are not anybody's personal data: visits are to groups, not to homes. `counted_first` is what was said of the group to
    the ledger, sealed when the contact is deleted and the books of the visit's fiscal year are closed. `is_counted` is false for one that was written down twice.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="visit_requests")
    number = models.PositiveIntegerField(_("受付番号"))
    ticket = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    group = models.ForeignKey(VisitGroup, models.PROTECT, related_name="requests")
    group_name = models.CharField(_("団体の名前"), max_length=80)
    place = models.CharField(_("会場"), max_length=120)
    district = models.ForeignKey(
        "wards.District", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地区")
    )
    people = models.PositiveIntegerField(_("参加する見込みの人数"))
    audience = models.CharField(_("どんな人が参加するか"), max_length=200, blank=True)
    sealed = models.TextField(blank=True, editable=False)
    has_mail = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="ja")
    way = models.CharField(_("受け付けた方法"), max_length=10, choices=Arrival, default=Arrival.PAGE)
    received_at = models.DateTimeField(_("受け付けた日時"))
    received_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("状態"), max_length=12, choices=VisitState, default=VisitState.RECEIVED)
    turn = models.CharField(_("だれの番か"), max_length=8, choices=Turn, default=Turn.OFFICE)
    due_on = models.DateField(_("次の期限"), null=True, blank=True)
    taken_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("担当"))  # fmt: skip
    who_comes = models.CharField(_("だれが伺うか"), max_length=200, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    done = models.TextField(_("行ったこと"), blank=True, max_length=2000)
    ended_at = models.DateTimeField(_("終わった日時"), null=True, blank=True)
    is_counted = models.BooleanField(default=True)
    counted_first = models.BooleanField(null=True, blank=True)
    forgotten_at = models.DateTimeField(_("個人情報を消した日時"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["activity", "number"]
        indexes = [
            models.Index(fields=["ward", "state", "due_on"], name="visit_by_deadline"),
            models.Index(fields=["group", "state"], name="visit_by_group"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="visit_number_once"),
            models.CheckConstraint(condition=Q(people__gte=1), name="visit_has_people"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="declined_visit_states_why"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, turn="nobody", due_on__isnull=True, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & ~Q(turn="nobody") & Q(due_on__isnull=False, ended_at__isnull=True)),
                name="visit_is_somebodys_turn_until_it_ends",
            ),
            models.CheckConstraint(condition=~Q(turn="group") | Q(state="in_hand"), name="group_answers_while_in_hand"),
            models.CheckConstraint(condition=Q(has_mail=False) | ~Q(sealed=""), name="mail_stands_in_visit"),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True, counted_first__isnull=True)
                | Q(forgotten_at__isnull=False, sealed=""),
                name="forgotten_visit_is_empty",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity_id}-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be arranged or held."""
        return self.state not in ENDED


class VisitDate(models.Model):
    """A date that the group wishes, in its order, or one that the office proposes and the group answers."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    request = models.ForeignKey(VisitRequest, models.CASCADE, related_name="dates")
    side = models.CharField(max_length=8, choices=Side)
    starts_at = models.DateTimeField(_("始まり"))
    ends_at = models.DateTimeField(_("終わり"))
    answer = models.CharField(
        _("返事"), max_length=8, choices=DateAnswer, default=DateAnswer.NONE, blank=True
    )

    class Meta:
        ordering = ["request", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="visit_date_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(side="office") | Q(answer=""), name="only_proposed_dates_are_answered"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.request_id} {self.starts_at:%Y-%m-%d %H:%M}"


class VisitLine(models.Model):
    """What the office asked the group, or the group answered; sealed as the rest, and emptied with it."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    request = models.ForeignKey(VisitRequest, models.CASCADE, related_name="lines")
    side = models.CharField(max_length=8, choices=Side)
    sealed = models.TextField(blank=True, editable=False)
    written_at = models.DateTimeField(_("書いた日時"))
    written_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["request", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.side}"
