"""Kinds and states of plans, items and links (design.md, section 3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanKind(models.TextChoices):
    POLICY = "policy", _("運営方針")
    BUDGET = "budget", _("予算")
    ACTION_PLAN = "action_plan", _("アクションプラン")
    EVALUATION = "evaluation", _("評価")
    OTHER = "other", _("その他の計画")


class PlanStatus(models.TextChoices):
    DRAFT = "draft", _("下書き")
    REVIEW = "review", _("確認中")
    PUBLISHED = "published", _("公開")


class ItemKind(models.TextChoices):
    GOAL = "goal", _("基本目標")
    STANCE = "stance", _("基本姿勢")
    MEASURE = "measure", _("施策")
    FOCUS = "focus", _("行動計画")
    PROJECT = "project", _("事業")
    COMPONENT = "component", _("事業の内訳")
    SUBCOMPONENT = "subcomponent", _("内訳の項目")
    ACTION = "action", _("取組")
    RELATED = "related", _("関連事業")
    ORGANISATION = "organisation", _("組織運営")
    DIVISION = "division", _("課の方針")
    COLUMN = "column", _("コラム")


class OwnerRole(models.TextChoices):
    LEAD = "lead", _("担当")
    SHARED = "shared", _("共に担当")


class AmountBasis(models.TextChoices):
    """Which column of the printed document an amount stands in."""

    CURRENT = "current", _("当年度予算")
    PREVIOUS = "previous", _("前年度予算")


class LinkKind(models.TextChoices):
    CONTINUES = "continues", _("続き")
    IMPLEMENTS = "implements", _("実施")
    FUNDS = "funds", _("予算")


class PlanVerb(models.TextChoices):
    """What this room writes into the audit trail."""

    PUBLISHED = "plans.publish", _("公開した")
    BODY_MERGED = "plans.merge_body", _("二つの書き方を一つの実施主体にまとめた")
    LINK_CONFIRMED = "plans.confirm_link", _("つながりを確定した")
    LINK_REFUSED = "plans.refuse_link", _("つながりを却下した")
    TRANSLATED = "plans.translate", _("翻訳した")


class LinkStatus(models.TextChoices):
    PROPOSED = "proposed", _("提案")
    CONFIRMED = "confirmed", _("確定")
    REFUSED = "refused", _("却下")


class TranslationLanguage(models.TextChoices):
    """The languages that plans, which are written in Japanese, can be translated into."""

    EASY_JAPANESE = "ja-easy", _("やさしい日本語")
    ENGLISH = "en", _("英語")
    CHINESE = "zh-hans", _("中国語（簡体字）")
    VIETNAMESE = "vi", _("ベトナム語")
