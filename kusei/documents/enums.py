"""What has become of a document that was read, and of its text that is no item."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentStatus(models.TextChoices):
    READING = "reading", _("読み取り中")
    FAILED = "failed", _("読み取れない")
    DRAFT = "draft", _("下書き")
    ACCEPTED = "accepted", _("取り込み済み")
    REPLACED = "replaced", _("新しい版に置き換え")


class UnplacedReason(models.TextChoices):
    """Why a text of a document is no item by its nature, as the reader gives it. Text without a reason found no place."""

    SECTION = "section", _("見出し")
    CAPTION = "caption", _("図や写真の説明")
    PAGE_NUMBER = "page_number", _("ページ番号")
    RUNNING_HEAD = "running_head", _("各ページの見出し")
    CONTENTS = "contents", _("目次")
    CONTACT = "contact", _("問合せ先")
    FURIGANA = "furigana", _("ふりがな")
    UNIT = "unit", _("単位の断り書き")
    REMARK = "remark", _("注記")
    TOTAL = "total", _("合計の行")
    COLUMN_HEADING = "column_heading", _("表の列見出し")


class DocumentVerb(models.TextChoices):
    """What this room writes into the audit trail."""

    KEPT = "documents.keep", _("文書を預けた")
    READ = "documents.read", _("文書を読み取った")
    UNREADABLE = "documents.unreadable", _("文書を読み取れなかった")
    READ_AGAIN = "documents.read_again", _("文書をもう一度読み取ることにした")
    RETARGETED = "documents.retarget", _("取り込む先の計画を変えた")
    ACCEPTED = "documents.accept", _("文書を取り込んだ")
    DISCARDED = "documents.discard", _("取り込みをやめて文書を捨てた")


UNDECIDED = (DocumentStatus.READING.value, DocumentStatus.FAILED.value, DocumentStatus.DRAFT.value)
"""Documents that are no plan's source yet: they can still be thrown away."""

ANSWERED_WARNINGS = frozenset(
    {"unplaced_text", "title_unknown", "ward_unknown", "ward_inferred", "year_unknown", "year_inferred"}
)
"""Warnings of which nothing is left to ask: each lost text stands in the queue itself, and year, ward and title are confirmed
before mending or taking in begins."""
