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
    IMPORT = "import", _("取り込み中")
    DRAFT = "draft", _("下書き")
    REVIEW = "review", _("確認中")
    PUBLISHED = "published", _("公開")


OPEN = (PlanStatus.DRAFT.value, PlanStatus.REVIEW.value)
"""A plan has one open draft at most. Documents that are being taken in are drafts of their own."""

EDITABLE = (PlanStatus.IMPORT.value, *OPEN)


class ReviewState(models.TextChoices):
    """Where an item of a draft stands between the division that writes it and the planner."""

    KEPT = "kept", _("変更なし")
    UNSEEN = "unseen", _("まだ見ていない")  # came with a document; nobody has compared it with the source
    WORKING = "working", _("作成中")
    SUBMITTED = "submitted", _("確認待ち")
    RETURNED = "returned", _("差し戻し")
    APPROVED = "approved", _("確認済み")


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
    SPLIT = "split", _("分割")
    MERGED = "merged", _("統合")


class PlanVerb(models.TextChoices):
    """What this room writes into the audit trail."""

    PUBLISHED = "plans.publish", _("公開した")
    BODY_MERGED = "plans.merge_body", _("二つの書き方を一つの実施主体にまとめた")
    LINK_CONFIRMED = "plans.confirm_link", _("つながりを確定した")
    LINK_REFUSED = "plans.refuse_link", _("つながりを却下した")
    DRAFT_OPENED = "plans.open_draft", _("下書きを始めた")
    DRAFT_DISCARDED = "plans.discard_draft", _("下書きを捨てた")
    ITEM_EDITED = "plans.edit_item", _("項目を直した")
    ITEM_ADDED = "plans.add_item", _("項目を加えた")
    ITEM_MOVED = "plans.move_item", _("項目を動かした")
    ITEM_REMOVED = "plans.remove_item", _("項目を外した")
    ITEM_SPLIT = "plans.split_item", _("項目を分けた")
    ITEMS_MERGED = "plans.merge_items", _("項目を一つにまとめた")
    TEXT_REPLACED = "plans.replace_text", _("言葉を置き換えた")
    ITEMS_PASTED = "plans.paste_items", _("表から貼り付けた")
    STEP_UNDONE = "plans.undo_step", _("元に戻した")
    SUBMITTED = "plans.submit_items", _("確認を求めた")
    APPROVED = "plans.approve_items", _("確認した")
    RETURNED = "plans.return_items", _("差し戻した")
    DUE_SET = "plans.set_due", _("しめきりを決めた")
    FORCE_TAKEN = "plans.take_in_force", _("公開中の版の変更を下書きに取り入れた")
    COMMENTED = "plans.comment", _("コメントを書いた")
    COMMENT_SETTLED = "plans.settle_comment", _("コメントを済みにした")
    TRANSLATED = "plans.translate", _("翻訳した")


class LinkVerb(models.TextChoices):
    """What is done to links, apart from the steps of drafts."""

    REOPENED = "plans.reopen_link", _("つながりの決定を取り消した")
    PROPOSED = "plans.propose_links", _("つながりを探し直した")


class SampleVerb(models.TextChoices):
    """What happens to plans of the sample only."""

    REMOVED = "plans.delete_sample_plan", _("見本の計画を消した")


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
