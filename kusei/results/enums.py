"""Outcome of a planned action, as its result text tells it (seed-systems 5.2)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    DONE = "done", _("実施")
    PARTLY = "partly", _("一部実施")
    CANCELLED = "cancelled", _("中止")
    SUSPENDED = "suspended", _("休止")
    POSTPONED = "postponed", _("延期")
    NONE = "none", _("未実施")
    ENDED = "ended", _("終了")
    PREPARED = "prepared", _("準備・検討")
    UNKNOWN = "unknown", _("記載なし")


class AnswerState(models.TextChoices):
    """Where an answer stands between the body that writes it and the planner."""

    WAITING = "waiting", _("未着手")
    WRITING = "writing", _("作成中")
    SUBMITTED = "submitted", _("提出済み")
    RETURNED = "returned", _("差し戻し")
    APPROVED = "approved", _("確認済み")


class Direction(models.TextChoices):
    """Which way an indicator is to go."""

    MORE = "more", _("多いほどよい")
    LESS = "less", _("少ないほどよい")


class Stage(models.TextChoices):
    """Who judges."""

    DIVISION = "division", _("担当課")
    PLANNER = "planner", _("企画担当")


class Grade(models.TextChoices):
    """A judgement, the best first."""

    A = "A", _("A とてもよい")
    B = "B", _("B よい")
    C = "C", _("C もう少し")
    D = "D", _("D よくない")


class Course(models.TextChoices):
    """What is to become of an item next year."""

    EXPANDED = "expanded", _("拡充")
    CONTINUED = "continued", _("継続")
    RETHOUGHT = "rethought", _("見直し")
    REDUCED = "reduced", _("縮小")
    SUSPENDED = "suspended", _("休止")
    ENDED = "ended", _("終了")


COURSES_WITH_REASON = (
    Course.EXPANDED.value, Course.REDUCED.value, Course.SUSPENDED.value, Course.ENDED.value,
)  # fmt: skip
"""Courses that are not chosen without a word why."""

NEEDS_REASON = (
    Outcome.PARTLY.value, Outcome.CANCELLED.value, Outcome.SUSPENDED.value, Outcome.POSTPONED.value, Outcome.NONE.value,
)  # fmt: skip
"""Outcomes that are not sent in without a reason."""

ANSWERABLE = tuple(value for value in Outcome.values if value != Outcome.UNKNOWN)


class ResultVerb(models.TextChoices):
    """What this room writes into the audit trail."""

    REWORDED = "results.reword", _("実施結果を直した")
    COLLECTION_OPENED = "results.open_collection", _("実績の取りまとめを始めた")
    ACTIONS_TAKEN_IN = "results.take_in", _("取りまとめに新しい取組を加えた")
    DUE_MOVED = "results.move_due", _("しめきりを変えた")
    ANSWERED = "results.answer", _("取組結果を書いた")
    CONTRIBUTED = "results.contribute", _("分担した結果を書いた")
    SUBMITTED = "results.submit", _("取組結果を提出した")
    RETURNED = "results.return", _("取組結果を差し戻した")
    APPROVED = "results.approve", _("取組結果を確認した")
    TAKEN_BACK = "results.take_back", _("取組結果の確認・提出を取り消した")
    FILE_ADDED = "results.add_file", _("取組結果に資料を付けた")
    FILE_REMOVED = "results.remove_file", _("取組結果の資料を外した")
    LEAD_CHANGED = "results.change_lead", _("取組結果の担当を変えた")
    REMINDED = "results.remind", _("提出をお願いするメールを送った")
    LINK_MADE = "results.make_link", _("取組結果を書くリンクを作った")
    PUBLISHED = "results.publish", _("取組結果を公開した")
    INDICATOR_ADDED = "results.add_indicator", _("指標を加えた")
    INDICATOR_CHANGED = "results.change_indicator", _("指標を直した")
    INDICATOR_ENDED = "results.end_indicator", _("指標を使わないことにした")
    TARGET_SET = "results.set_target", _("目標値を決めた")
    REVIEWED = "results.review", _("評価を書いた")
    ROLLED_OVER = "results.roll_over", _("次の年度の下書きを作った")
    FIGURES_TAKEN = "results.take_figures", _("公表された結果の数を実績に加えた")
    FIGURES_LEFT = "results.leave_figures", _("公表された結果の数を実績から外した")
    TYPED_COUNTED = "results.count_typed", _("文に書いた数を実績に加えた")
    TYPED_LEFT = "results.leave_typed", _("文に書いた数を実績から外した")
    TYPED_KEPT = "results.keep_typed", _("台帳とちがう数を文に残した")
    TYPED_ASKED = "results.ask_typed", _("台帳とちがう数をもう一度確かめることにした")
    SENTENCE_KEPT = "results.keep_sentence", _("文のひな形を決めた")
    SENTENCE_REMOVED = "results.remove_sentence", _("文のひな形を外した")
