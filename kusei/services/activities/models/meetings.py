"""Meetings: who belongs to one, and the record of each of its sessions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.services.activities.meeting_enums import Answer, Came, MinutesState
from kusei.services.activities.models.activities import Activity, Session

_PERSON = settings.AUTH_USER_MODEL


class Member(models.Model):
    """構成員: a body that belongs to a council, or a person by name. `sealed` holds the name of a person and the address for mails.

    Purpose of the personal data: inviting to the council's meetings and asking about their record (the council's own terms). It is
    deleted when the member leaves; else (`operations.forget_attendees`) a year after the council's last meeting that was not called off,
    and of one that never met or has no meeting any more a year after it was last written (`changed_at`).
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="members")
    body = models.ForeignKey(
        "wards.Body", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("団体・課")
    )
    sealed = models.TextField(blank=True, editable=False)
    has_mail = models.BooleanField(default=False)
    people = models.PositiveSmallIntegerField(_("いつもの人数"), default=1)
    position = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(_("直した日時"), auto_now=True)
    left_at = models.DateTimeField(_("外れた日時"), null=True, blank=True)

    class Meta:
        ordering = ["activity", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "body"], condition=Q(left_at__isnull=True), name="body_is_member_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(sealed=""), name="member_who_left_is_forgotten"
            ),
        ]

    def __str__(self) -> str:
        return self.body.name if self.body else f"{_('構成員')}{self.position}"


class Minutes(models.Model):
    """会議の記録 of one session: a draft, sent round to members, then final. Final ones for everybody (`is_public`) stand on the
    portal with agenda, decisions and papers, and with bodies and numbers only."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    session = models.OneToOneField(Session, models.PROTECT, related_name="minutes")
    state = models.CharField(_("状態"), max_length=8, choices=MinutesState, default=MinutesState.DRAFT)
    summary = models.TextField(_("会議のまとめ"), blank=True)
    is_public = models.BooleanField(_("公開する"), default=True)
    closed_reason = models.CharField(_("非公開の理由"), max_length=200, blank=True)
    invited_at = models.DateTimeField(_("案内を送った日時"), null=True, blank=True)
    round_until = models.DateField(_("意見の期限"), null=True, blank=True)
    next_session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(_("確定した日時"), null=True, blank=True)
    finished_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_public=True) | ~Q(closed_reason=""), name="minutes_not_public_state_why"
            ),
            models.CheckConstraint(
                condition=Q(state="final", finished_at__isnull=False)
                | (~Q(state="final") & Q(finished_at__isnull=True)),
                name="final_minutes_state_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="round") | Q(round_until__isnull=False),
                name="minutes_go_round_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.session)


class AgendaPoint(models.Model):
    """議題: what is talked about, who brings it, and what was said."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("議題"), max_length=200)
    brought_by = models.CharField(_("提案・説明"), max_length=80, blank=True)
    note = models.TextField(_("話し合ったこと"), blank=True)

    class Meta:
        ordering = ["minutes", "position", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="agenda_point_has_a_title")]

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """決まったこと: who does it until when, and what came of it."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("番号"))
    text = models.CharField(_("決まったこと"), max_length=400)
    doer = models.CharField(_("だれが"), max_length=80, blank=True)
    due_on = models.DateField(_("いつまでに"), null=True, blank=True)
    done_on = models.DateField(_("済んだ日"), null=True, blank=True)
    done_note = models.CharField(_("したこと"), max_length=300, blank=True)
    done_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["minutes", "number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=(Q(done_on__isnull=True) & Q(done_note="")) | (Q(done_on__isnull=False) & ~Q(done_note="")),
                name="decision_done_says_what",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class Attendance(models.Model):
    """出席: a member, another body or somebody else by name (`sealed`), with what they answered and whether they came. Names go a year
    after the session; bodies and numbers stay. Purpose and ground as of `Member`."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="attendances")
    body = models.ForeignKey("wards.Body", models.PROTECT, null=True, blank=True, related_name="+")
    sealed = models.TextField(blank=True, editable=False)
    answer = models.CharField(_("返事"), max_length=8, choices=Answer, blank=True)
    answer_people = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(_("返事の日時"), null=True, blank=True)
    noted_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    came = models.CharField(_("出欠"), max_length=8, choices=Came, blank=True)
    people = models.PositiveSmallIntegerField(_("人数"), default=0)

    class Meta:
        ordering = ["minutes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "member"], condition=Q(member__isnull=False), name="member_attends_once"
            ),
            models.UniqueConstraint(
                fields=["minutes", "body"], condition=Q(body__isnull=False), name="body_attends_once"
            ),
            models.CheckConstraint(
                condition=Q(came="present", people__gte=1) | (~Q(came="present") & Q(people=0)),
                name="present_are_at_least_one",
            ),
        ]

    def __str__(self) -> str:
        return self.body.name if self.body else str(self.pk)


class Paper(models.Model):
    """資料 of a meeting, of one point of its agenda or of all."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="papers")
    point = models.ForeignKey(
        AgendaPoint, models.SET_NULL, null=True, blank=True, related_name="papers", verbose_name=_("議題")
    )
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    title = models.CharField(_("資料の名前"), max_length=120)
    is_public = models.BooleanField(_("公開してよい"), default=True)
    added_at = models.DateTimeField(_("付けた日時"))
    added_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["minutes", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "file"], name="paper_once_per_meeting"),
            models.CheckConstraint(condition=~Q(title=""), name="paper_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class MinutesComment(models.Model):
    """意見 of a member on a record that went round; settled when somebody took it up or answered it."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="comments")
    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="comments")
    text = models.TextField(_("意見"))
    said_at = models.DateTimeField(_("日時"))
    noted_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("対応した日時"), null=True, blank=True)
    settled_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["minutes", "said_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="minutes_comment_says_something")]

    def __str__(self) -> str:
        return self.text[:40]
