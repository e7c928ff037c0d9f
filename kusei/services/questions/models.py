"""Residents' questions about what a page says, and requests to bodies outside to confirm what a draft says."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kusei.services.questions.enums import Arrival, QuestionKind, QuestionState

_PERSON = settings.AUTH_USER_MODEL


class Question(models.Model):
    """What a resident asked or reported about a page. Without a body in charge it is the planning division's.

    Purpose of the contact: answering, nothing else. It is sealed at rest, shown only to those who handle the question, each
    view recorded, and deleted a year after the question was settled (`operations.purge_contacts`). `ticket` is of the form that
    was sent: sent twice, it is one question.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveIntegerField(_("番号"))
    ticket = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("種類"), max_length=8, choices=QuestionKind)
    about_path = models.CharField(_("どのページについて"), max_length=300)
    item = models.ForeignKey("plans.Item", models.SET_NULL, null=True, blank=True, related_name="+")
    body = models.ForeignKey(
        "wards.Body", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("担当")
    )
    text = models.TextField(_("内容"))
    contact_sealed = models.TextField(blank=True, editable=False)
    has_mail = models.BooleanField(default=False)
    state = models.CharField(_("状態"), max_length=8, choices=QuestionState, default=QuestionState.RECEIVED)
    way = models.CharField(_("受け付けた方法"), max_length=10, choices=Arrival, default=Arrival.PAGE)
    received_at = models.DateTimeField(_("受け付けた日時"))
    received_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(_("回答"), blank=True)
    answered_at = models.DateTimeField(_("回答した日時"), null=True, blank=True)
    answered_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("完了にした日時"), null=True, blank=True)
    public_question = models.TextField(_("公開する質問"), blank=True)
    public_answer = models.TextField(_("公開する回答"), blank=True)
    published_at = models.DateTimeField(_("公開した日時"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-fiscal_year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["ward", "fiscal_year", "number"], name="question_number_once_per_year"),
            models.CheckConstraint(condition=~Q(text=""), name="question_says_something"),
            models.CheckConstraint(
                condition=~Q(state="answered") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="answered_question_has_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False)
                | (~Q(state="settled") & Q(settled_at__isnull=True)),
                name="settled_question_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | (Q(item__isnull=False) & ~Q(public_question="") & ~Q(public_answer="")),
                name="published_question_is_complete",
            ),
            models.CheckConstraint(condition=Q(has_mail=False) | ~Q(contact_sealed=""), name="mail_stands_in_contact"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["ward", "state", "body"], name="question_by_state"),
            models.Index(
                fields=["item"], condition=Q(published_at__isnull=False), name="published_question_by_item"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}-{self.number}"


class BodyRequest(models.Model):
    """A question to a body about one item as it stands in a draft: is this right, or what should it say?

    Answered once, by a signed link or by telephone through somebody of the office; the answer becomes a comment on the item.
    `item_title` is what the item was called when the body was asked: drafts are thrown away, requests are not.
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    version = models.ForeignKey("plans.PlanVersion", models.SET_NULL, null=True, related_name="+")
    item = models.ForeignKey("plans.Item", models.SET_NULL, null=True, related_name="+")
    item_title = models.CharField(_("項目"), max_length=300)
    body = models.ForeignKey("wards.Body", models.PROTECT, related_name="+", verbose_name=_("尋ねた団体"))
    text = models.TextField(_("尋ねたいこと"))
    asked_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("尋ねた日時"))
    withdrawn_at = models.DateTimeField(_("取り下げた日時"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("このままでよい"), default=False)
    answer = models.TextField(_("回答"), blank=True)
    answered_at = models.DateTimeField(_("回答した日時"), null=True, blank=True)
    answered_by_name = models.CharField(_("答えた人"), max_length=200, blank=True)
    way = models.CharField(_("回答の方法"), max_length=10, choices=Arrival, blank=True)
    noted_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.ForeignKey("plans.Comment", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="request_says_something"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by_name="", way="", answer="", is_confirmed=False)
                | (
                    Q(answered_at__isnull=False, withdrawn_at__isnull=True)
                    & ~Q(answered_by_name="")
                    & ~Q(way="")
                    & (Q(is_confirmed=True) | ~Q(answer=""))
                ),
                name="answered_request_is_complete",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["ward", "version"], name="request_by_version")]

    def __str__(self) -> str:
        return self.item_title
