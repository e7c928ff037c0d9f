"""Kinds and states of visiting lectures (出前講座) that groups ask for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class GroupKind(models.TextChoices):
    """What kind of group asks."""

    ASSOCIATION = "association", _("自治会・町内会")
    SCHOOL = "school", _("学校")
    NURSERY = "nursery", _("保育園・幼稚園")
    CHILDREN = "children", _("子ども会・PTA")
    SENIORS = "seniors", _("老人クラブ・シニアの会")
    WELFARE = "welfare", _("福祉施設・介護施設")
    COMPANY = "company", _("企業・事業所")
    CIRCLE = "circle", _("サークル・ボランティア団体")
    OTHER = "other", _("そのほかの団体")


class VisitState(models.TextChoices):
    """Where a request stands."""

    RECEIVED = "received", _("受付")
    IN_HAND = "in_hand", _("調整中")
    DECIDED = "decided", _("決定")
    HELD = "held", _("実施")
    DECLINED = "declined", _("見送り")
    WITHDRAWN = "withdrawn", _("取下げ")


class Turn(models.TextChoices):
    """Whose move it is."""

    OFFICE = "office", _("職員の番")
    GROUP = "group", _("団体の返事待ち")
    NOBODY = "nobody", _("済み")


class Side(models.TextChoices):
    """Who named a date or wrote a line."""

    GROUP = "group", _("団体")
    OFFICE = "office", _("職員")


class DateAnswer(models.TextChoices):
    """What the group said to a date that the office proposed."""

    NONE = "", _("返事なし")
    YES = "yes", _("都合がよい")
    NO = "no", _("都合が悪い")
    REPLACED = "replaced", _("別の日に代えた")


class VisitVerb(models.TextChoices):
    """What is written into the audit trail about visiting lectures."""

    TERMS = "activities.visit_terms", _("出前講座の条件を決めた")
    ASKED = "activities.visit_ask", _("出前講座の申込みを受け付けた")
    TAKEN_ON = "activities.visit_take_on", _("出前講座の担当になった")
    ASKED_BACK = "activities.visit_ask_back", _("団体に問い合わせた")
    ANSWERED = "activities.visit_answer", _("団体が返事をした")
    PROPOSED = "activities.visit_propose", _("別の日を案内した")
    DECIDED = "activities.visit_decide", _("出前講座の日を決めた")
    DECLINED = "activities.visit_decline", _("出前講座の申込みを見送った")
    WITHDRAWN = "activities.visit_withdraw", _("出前講座の申込みが取り下げられた")
    REOPENED = "activities.visit_reopen", _("出前講座の申込みを調整に戻した")
    HELD = "activities.visit_hold", _("出前講座で行ったことを記録した")
    TAKEN_BACK = "activities.take_back", _("回の実施の記録を取り消した")
    SAME_GROUP = "activities.visit_same_group", _("同じ団体とした")
    OTHER_GROUP = "activities.visit_other_group", _("別の団体とした")
    GROUP_BODY = "activities.visit_group_body", _("団体を実施主体と結び付けた")
    SEEN = "activities.visit_see", _("出前講座の連絡先を見た")
    FORGOTTEN = "activities.visit_forget", _("出前講座の連絡先を消した")
