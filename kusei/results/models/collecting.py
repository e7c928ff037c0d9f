"""Collecting a year's results: one answer for each action, written by the bodies that the plan names."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.ledger.enums import Arrival
from kusei.results.enums import AnswerState, Outcome

_PERSON = settings.AUTH_USER_MODEL


class Collection(models.Model):
    """The collecting of one plan's results. Opened by a planner, with a deadline; a plan's results are collected once."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    plan = models.OneToOneField("plans.Plan", models.PROTECT, related_name="collection")
    due_on = models.DateField(_("しめきり"))
    note = models.TextField(_("お願いの文"), blank=True)
    opened_at = models.DateTimeField(_("始めた日時"))
    opened_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.due_on}"


class Answer(models.Model):
    """What was done about one action in the year, as its lead body writes it.

    `lead` is empty where the plan names nobody: a planner answers then. `text` may hold live figures (《開催・実施の回数》,
    `results.live`); on approval `final_text` and `final_figures` keep what they said then, and stay. `final_figures` is
    [{metric, name, printed, quantity, decimals, unit, entries, as_of}], in the order of the text.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="answers")
    item = models.ForeignKey("plans.Item", models.PROTECT, related_name="answers")
    lead = models.ForeignKey("wards.Body", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("状態"), max_length=10, choices=AnswerState, default=AnswerState.WAITING)
    outcome = models.CharField(_("状況"), max_length=10, choices=Outcome, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    text = models.TextField(_("実施した取組結果"), blank=True)
    remark = models.TextField(_("次の年度への申し送り"), blank=True)
    way = models.CharField(_("届いた方法"), max_length=10, choices=Arrival, default=Arrival.FORM)
    revision = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(_("最後に書いた日時"), null=True, blank=True)
    edited_by_name = models.CharField(_("最後に書いた人"), max_length=200, blank=True)
    submitted_at = models.DateTimeField(_("提出した日時"), null=True, blank=True)
    returned_note = models.TextField(_("差し戻しの理由"), blank=True)
    approved_at = models.DateTimeField(_("確認した日時"), null=True, blank=True)
    approved_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    final_text = models.TextField(_("確定した文"), blank=True)
    final_figures = models.JSONField(_("確定した数"), default=list, blank=True)

    class Meta:
        ordering = ["collection", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "item"], name="answer_once_per_action"),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(approved_at__isnull=False) & ~Q(outcome="")),
                name="approved_answer_is_complete",
            ),
        ]
        indexes = [models.Index(fields=["ward", "lead", "state"], name="answer_by_lead")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"


class Contribution(models.Model):
    """What another body that shares the action adds: the lead sees it and takes it into the answer's text."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="contributions")
    body = models.ForeignKey("wards.Body", models.PROTECT, related_name="+")
    text = models.TextField(_("自分の団体が行ったこと"), blank=True)
    is_done = models.BooleanField(_("書き終えた"), default=False)
    way = models.CharField(_("届いた方法"), max_length=10, choices=Arrival, default=Arrival.FORM)
    revision = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(_("最後に書いた日時"), null=True, blank=True)
    edited_by_name = models.CharField(_("最後に書いた人"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "body"], name="contribution_once_per_body"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.body_id}"


class AnswerFile(models.Model):
    """A paper that goes with an answer: seen in the office, never published by itself."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="files")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("加えた日時"))
    added_by_name = models.CharField(_("加えた人"), max_length=200)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["answer", "file"], name="file_once_per_answer")]

    def __str__(self) -> str:
        return str(self.file)


class Reminder(models.Model):
    """A mail that asked somebody for answers: what was sent to whom, once a day at most."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    day = models.DateField(_("日"))
    answers = models.PositiveIntegerField(_("残っている件数"))
    notice = models.ForeignKey("notices.Notice", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "person", "day"], name="reminded_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.person_id}"
