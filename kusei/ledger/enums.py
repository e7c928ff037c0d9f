"""How figures add up, where entries come from, and what the audit trail calls the ledger's verbs (design.md, section 5)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Adding(models.TextChoices):
    """How the entries of a metric become one figure."""

    SUM = "sum", _("合計")
    LAST = "last", _("最後の値")
    RATE = "rate", _("割合")
    DISTINCT = "distinct", _("実数")


class DistinctScope(models.TextChoices):
    """Within what a person or group is counted once (metrics of the kind DISTINCT only)."""

    RECORD = "record", _("一つの講座・事業の中で")
    ITEM = "item", _("一つの取組の、その年度の中で")
    WARD = "ward", _("区全体の、その年度の中で")


class Arrival(models.TextChoices):
    """The way on which a report of figures reached the office."""

    FORM = "form", _("画面で入力")
    WORKBOOK = "workbook", _("Excel")
    TELEPHONE = "telephone", _("電話")
    PAPER = "paper", _("紙・ファクス")
    MAIL = "mail", _("メール")
    DOCUMENT = "document", _("公表された文書")
    LINK = "link", _("リンク")


class FormWay(models.TextChoices):
    """The door through which a filled form came back."""

    PAGE = "page", _("画面")
    COMMAND = "command", _("コマンド")
    FOLDER = "folder", _("受け取りフォルダー")


class FormState(models.TextChoices):
    """What became of a form that came back."""

    WAITING = "waiting", _("確かめるのを待っています")
    POSTED = "posted", _("記録しました")
    DISMISSED = "dismissed", _("使わないことにしました")


class LedgerVerb(models.TextChoices):
    """What this room writes into the audit trail."""

    METRIC_ADDED = "ledger.add_metric", _("数えるものを加えた")
    METRIC_CHANGED = "ledger.change_metric", _("数えるものの説明を直した")
    METRIC_ENDED = "ledger.end_metric", _("数えるものを使わないことにした")
    REPORTED = "ledger.report", _("実績を記録した")
    BOOKS_CLOSED = "ledger.close_books", _("年度の実績を締めた")
    BOOKS_REOPENED = "ledger.reopen_books", _("年度の実績の締めを解いた")
    RECONCILED = "ledger.follow_record", _("実績をもとの記録に合わせた")
    FORM_RECEIVED = "ledger.receive_form", _("Excelの様式を受け取った")
    FORM_POSTED = "ledger.post_form", _("Excelの様式から実績を記録した")
    FORM_DISMISSED = "ledger.dismiss_form", _("Excelの様式を使わないことにした")
    SHARED = "ledger.share", _("同じものとして一つの実績にした")
    PARTED = "ledger.part", _("同じものとした実績を元に戻した")
