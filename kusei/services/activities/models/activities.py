"""What is on: activities, the sessions in which they are held, and the intakes by which people apply."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.enums import (
    ActivityKind,
    ActivityState,
    Reach,
    SessionState,
    TemplateFor,
    Way,
)

_PERSON = settings.AUTH_USER_MODEL


class Activity(models.Model):
    """A course, event, walk or meeting that serves one plan item. `host` runs it; bodies in `cohosts` see and do what the host
    does. Ages are whole years, the fee yen for one person. A draft with `publish_at` is published by the worker at that time. Whoever
    has a place is reminded so many days before each session (0: not). A `template` is what new ones may be made like."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey("plans.Item", models.PROTECT, related_name="+", verbose_name=_("計画の取組"))
    host = models.ForeignKey("wards.Body", models.PROTECT, related_name="+", verbose_name=_("主催"))
    cohosts = models.ManyToManyField("wards.Body", blank=True, related_name="+", verbose_name=_("共催"))
    kind = models.CharField(_("種類"), max_length=12, choices=ActivityKind)
    title = models.CharField(_("名称"), max_length=120)
    text = models.TextField(_("内容"), blank=True)
    audience = models.CharField(_("対象"), max_length=200, blank=True)
    min_age = models.PositiveSmallIntegerField(_("何歳から"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("何歳まで"), null=True, blank=True)
    reach = models.CharField(_("住まい・勤め先の条件"), max_length=20, choices=Reach, blank=True)
    fee_yen = models.PositiveIntegerField(_("費用（円）"), default=0)
    fee_note = models.CharField(_("費用について"), max_length=200, blank=True)
    bring = models.CharField(_("持ち物"), max_length=200, blank=True)
    has_sign_language = models.BooleanField(_("手話通訳あり"), default=False)
    has_childcare = models.BooleanField(_("保育あり"), default=False)
    is_step_free = models.BooleanField(_("段差なし"), default=False)
    contact = models.CharField(_("問い合わせ先"), max_length=200, blank=True)
    state = models.CharField(_("状態"), max_length=12, choices=ActivityState, default=ActivityState.DRAFT)
    published_at = models.DateTimeField(_("公開した日時"), null=True, blank=True)
    publish_at = models.DateTimeField(_("公開する日時"), null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField(_("何日前に知らせるか"), default=3)
    remind_again_days = models.PositiveSmallIntegerField(_("もう一度知らせる日"), default=1)
    template = models.CharField(_("ひな型"), max_length=6, choices=TemplateFor, blank=True, default="")
    called_off_reason = models.CharField(_("中止の理由"), max_length=200, blank=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("作った日時"), auto_now_add=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["ward", "state"], name="activity_by_state")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="activity_has_a_title"),
            models.CheckConstraint(condition=~Q(kind="dispatch", state="published"), name="dispatch_is_never_public"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="published_activity_states_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="called_off") | ~Q(called_off_reason=""), name="called_off_activity_states_why"
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(state="draft"), name="only_a_draft_is_to_be_published"
            ),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(min_age__lte=F("max_age")),
                name="activity_ages_in_order",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Intake(models.Model):
    """募集: one application counts for all its sessions. `next_number` and `next_turn` are given out under its lock, so that the
    order of applications is the true one."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="intakes")
    name = models.CharField(_("コースの名前"), max_length=80, blank=True)
    way = models.CharField(_("決め方"), max_length=12, choices=Way, default=Way.FIRST_COME)
    opens_at = models.DateTimeField(_("申込みの始まり"))
    closes_at = models.DateTimeField(_("申込みの終わり"))
    most_people = models.PositiveSmallIntegerField(_("一度に申し込める人数"), default=4)
    offer_hours = models.PositiveSmallIntegerField(_("空いた席の返事を待つ時間"), default=48)
    is_called_off = models.BooleanField(default=False)
    next_number = models.PositiveIntegerField(default=1)
    next_turn = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["activity", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="intake_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(most_people__gte=1, most_people__lte=20), name="intake_takes_someone"
            ),
            models.CheckConstraint(condition=Q(offer_hours__gte=1), name="intake_waits_for_answers"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or str(self.activity)


class Quota(models.Model):
    """枠: seats of one kind in an intake (一般, 保育あり). `taken` counts the seats that are accepted or offered; the database itself refuses
    one more than there are."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    intake = models.ForeignKey(Intake, models.CASCADE, related_name="quotas")
    name = models.CharField(_("枠の名前"), max_length=40, blank=True)
    capacity = models.PositiveIntegerField(_("定員"))
    taken = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["intake", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="no_seat_is_taken_twice"),
            models.UniqueConstraint(fields=["intake", "name"], name="quota_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.taken}/{self.capacity}"

    @property
    def free(self) -> int:
        return self.capacity - self.taken


class Session(models.Model):
    """回: one time and place. Without an intake anybody may come, unless it is a visit to the group that asked for it (`visit`): that
    one stands on no page for everybody. Heads are counted when it was held; None: not counted. Of them `men`, `women` and `children`,
    as far as they were told apart. `walk_ins` came without an application; where the heads are those ticked at the door and the
    walk-ins (`follows_door`), they follow whatever is ticked later. `part` is the group or room where several are held beside each
    other (A組). `counted_at` and `counted_by` say who last said whether it was held; of a planned one, that it was not after all.
    `is_off_with_all`: called off with its activity, and so comes back with it."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sessions")
    intake = models.ForeignKey(Intake, models.SET_NULL, null=True, blank=True, related_name="sessions")
    visit = models.ForeignKey("VisitRequest", models.PROTECT, null=True, blank=True, related_name="sessions")
    starts_at = models.DateTimeField(_("始まり"))
    ends_at = models.DateTimeField(_("終わり"))
    part = models.CharField(_("組・部屋"), max_length=40, blank=True)
    place = models.CharField(_("場所"), max_length=120, blank=True)
    district = models.ForeignKey(
        "wards.District", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("地区")
    )
    online_url = models.URLField(_("オンラインの入口"), blank=True, max_length=500)
    state = models.CharField(_("状態"), max_length=12, choices=SessionState, default=SessionState.PLANNED)
    reason = models.CharField(_("中止・変更の理由"), max_length=200, blank=True)
    is_off_with_all = models.BooleanField(default=False)
    heads = models.PositiveIntegerField(_("参加者"), null=True, blank=True)
    men = models.PositiveIntegerField(_("男性"), null=True, blank=True)
    women = models.PositiveIntegerField(_("女性"), null=True, blank=True)
    children = models.PositiveIntegerField(_("子ども"), null=True, blank=True)
    walk_ins = models.PositiveIntegerField(_("申込みなしで来た人"), default=0)
    follows_door = models.BooleanField(default=False)
    counted_at = models.DateTimeField(_("記録した日時"), null=True, blank=True)
    counted_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["ward", "starts_at"], name="session_by_day"),
            models.Index(fields=["activity", "starts_at"], name="session_by_activity"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(state="called_off") | (~Q(reason="") & Q(heads__isnull=True)),
                name="called_off_session_states_why",
            ),
            models.CheckConstraint(
                condition=Q(heads__isnull=True) | Q(state="held"), name="heads_are_counted_where_held"
            ),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(visit__isnull=False) & ~Q(state="called_off"), name="visit_has_one_session"
            ),
            models.CheckConstraint(condition=Q(visit__isnull=True) | Q(intake__isnull=True), name="nobody_applies_for_a_visit"),
            models.CheckConstraint(
                condition=Q(men__isnull=True, women__isnull=True, children__isnull=True)
                | Q(heads__gte=Coalesce("men", 0) + Coalesce("women", 0) + Coalesce("children", 0), heads__isnull=False),
                name="session_heads_cover_their_parts",
            ),
            models.CheckConstraint(
                condition=Q(follows_door=False) | Q(heads__isnull=False), name="door_gives_heads"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity_id} {self.starts_at:%Y-%m-%d %H:%M}"
