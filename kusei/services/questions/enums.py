"""Kinds and states of questions and requests."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionKind(models.TextChoices):
    QUESTION = "question", _("質問")
    ERROR = "error", _("まちがいの連絡")


class QuestionState(models.TextChoices):
    RECEIVED = "received", _("受付")
    ANSWERED = "answered", _("回答済み")
    SETTLED = "settled", _("完了")


OPEN_STATES = (QuestionState.RECEIVED.value, QuestionState.ANSWERED.value)


class Arrival(models.TextChoices):
    """How a question, or an answer, came."""

    PAGE = "page", _("ページから")
    LINK = "link", _("署名付きリンク")
    TELEPHONE = "telephone", _("電話")
    COUNTER = "counter", _("窓口")


class ContactReason(models.TextChoices):
    """Why somebody looks at a contact; it stands in the audit trail."""

    ANSWER = "answer", _("回答するため")
    ASK_BACK = "ask_back", _("内容を確かめるため")
    DELETE = "delete", _("本人から消すよう求められたため")


class QuestionVerb(models.TextChoices):
    """What this room writes into the audit trail."""

    RECEIVED = "questions.receive", _("質問を受け付けた")
    HANDED_OVER = "questions.hand_over", _("質問を別の担当に回した")
    ANSWERED = "questions.answer", _("質問に答えた")
    SETTLED = "questions.settle", _("質問を完了にした")
    PUBLISHED = "questions.publish", _("よくある質問として公開した")
    WITHDRAWN = "questions.withdraw", _("よくある質問の公開をやめた")
    CONTACT_SEEN = "questions.see_contact", _("質問した人の連絡先を見た")
    CONTACT_FORGOTTEN = "questions.forget_contact", _("質問した人の連絡先を消した")
    BODY_ASKED = "questions.ask_body", _("団体に確認を頼んだ")
    REQUEST_RENEWED = "questions.renew_request", _("確認のリンクを作り直した")
    REQUEST_ANSWERED = "questions.answer_request", _("確認の依頼に答えた")
    REQUEST_WITHDRAWN = "questions.withdraw_request", _("確認の依頼を取り下げた")
