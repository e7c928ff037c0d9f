"""Kinds and states of activities, their sessions and the places in them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityKind(models.TextChoices):
    COURSE = "course", _("講座・教室")
    EVENT = "event", _("催し・イベント")
    WALK = "walk", _("ウォーキング・見学")
    CONSULTATION = "consultation", _("相談会")
    TRAINING = "training", _("研修")
    MEETING = "meeting", _("会議")
    VISIT = "visit", _("出前講座")
    DISPATCH = "dispatch", _("派遣")
    RALLY = "rally", _("スタンプラリー")


class ActivityState(models.TextChoices):
    DRAFT = "draft", _("準備中")
    PUBLISHED = "published", _("公開中")
    CALLED_OFF = "called_off", _("中止")


class TemplateFor(models.TextChoices):
    """Who may make new ones like it."""

    BODY = "body", _("自分の課・団体のひな型")
    WARD = "ward", _("区のみんなのひな型")


SHOWN = (ActivityState.PUBLISHED.value, ActivityState.CALLED_OFF.value)
"""What residents see: what was called off stays where people look for it."""


class SessionState(models.TextChoices):
    PLANNED = "planned", _("予定")
    HELD = "held", _("実施")
    CALLED_OFF = "called_off", _("中止")


class Way(models.TextChoices):
    """How places are given out."""

    FIRST_COME = "first_come", _("先着順")
    LOTTERY = "lottery", _("抽選")


class Reach(models.TextChoices):
    """For whom an activity is, by where they live, work or learn; empty: for everybody."""

    LIVING = "living", _("区内に住んでいる人")
    LIVING_OR_WORKING = "living_or_working", _("区内に住んでいる、働いている、または通学している人")


class QuestionKind(models.TextChoices):
    """How a question of the organiser is answered."""

    SHORT = "short", _("短い文")
    LONG = "long", _("長い文")
    ONE = "one", _("一つを選ぶ")
    SEVERAL = "several", _("いくつでも選ぶ")
    YES_NO = "yes_no", _("はい・いいえ")
    NUMBER = "number", _("数")
    DATE = "date", _("日付")
    SCALE = "scale", _("5段階（5が最もよい）")


class SeatState(models.TextChoices):
    """Where one person's place stands. A place is held in ACCEPTED and OFFERED, and asked for in APPLIED and WAITING."""

    APPLIED = "applied", _("抽選待ち")
    ACCEPTED = "accepted", _("参加できます")
    OFFERED = "offered", _("返事待ち")
    WAITING = "waiting", _("キャンセル待ち")
    DECLINED = "declined", _("辞退")
    EXPIRED = "expired", _("返事なし")
    CANCELLED = "cancelled", _("取消")
    CALLED_OFF = "called_off", _("中止")


HOLDING = (SeatState.ACCEPTED.value, SeatState.OFFERED.value)
"""States in which a seat is taken."""

LIVE = (*HOLDING, SeatState.APPLIED.value, SeatState.WAITING.value)
"""States that can still come to something, or have."""


class Occasion(models.TextChoices):
    """Why somebody is told something."""

    REMINDER = "reminder", _("もうすぐ行われる")
    CALLED_OFF = "called_off", _("中止")
    MOVED = "moved", _("日時・場所の変更")
    REOPENED = "reopened", _("中止の取りやめ")
    OFFERED = "offered", _("席が空いた")
    EXPIRED = "expired", _("返事の期限が過ぎた")
    DRAWN = "drawn", _("抽選の結果")


class Arrival(models.TextChoices):
    """How an application came."""

    PAGE = "page", _("ページから")
    TELEPHONE = "telephone", _("電話")
    COUNTER = "counter", _("窓口")
    FAX = "fax", _("ファクス")
    POST = "post", _("往復はがき")


class PresenceWay(models.TextChoices):
    """How it was made sure that somebody came."""

    QR = "qr", _("QRコード")
    TAPPED = "tapped", _("名前をタップ")
    PAPER = "paper", _("紙の名簿から")


class ActivityVerb(models.TextChoices):
    """What this room writes into the audit trail."""

    ADDED = "activities.add", _("講座・催しを作った")
    CHANGED = "activities.change", _("講座・催しを直した")
    REMOVED = "activities.remove", _("準備中の講座・催しを消した")
    INTAKE_ADDED = "activities.add_intake", _("募集を加えた")
    SESSIONS_ADDED = "activities.add_sessions", _("回を加えた")
    PUBLISHED = "activities.publish", _("講座・催しを公開した")
    PUBLISH_AT = "activities.publish_at", _("講座・催しの公開を予約した")
    UNPUBLISHED = "activities.unpublish", _("講座・催しを準備中に戻した")
    REOPENED = "activities.reopen", _("講座・催しの中止を取りやめた")
    SESSION_REOPENED = "activities.reopen_session", _("回の中止を取りやめた")
    WINDOW = "activities.window", _("申込みの期間を変えた")
    REMINDERS = "activities.reminders", _("お知らせの日を変えた")
    TEMPLATE = "activities.template", _("ひな型にするかを決めた")
    SESSIONS_CHANGED = "activities.change_sessions", _("回の場所・時刻をまとめて変えた")
    SESSION_REMOVED = "activities.remove_session", _("まちがえて加えた回を消した")
    APPLICATION_CHANGED = "activities.change_application", _("申込みの内容を変えた")
    TELEPHONED = "activities.telephoned", _("電話で知らせたと記録した")
    CALLED_OFF = "activities.call_off", _("講座・催しを中止した")
    SESSION_CALLED_OFF = "activities.call_off_session", _("回を中止した")
    SESSION_MOVED = "activities.move_session", _("回の日時・場所を変えた")
    SESSION_COUNTED = "activities.count_session", _("回の参加者を記録した")
    CAPACITY = "activities.capacity", _("定員を変えた")
    APPLIED = "activities.apply", _("申込みを受け付けた")
    CANCELLED = "activities.cancel", _("申込みを取り消した")
    OFFERED = "activities.offer", _("空いた席を案内した")
    OFFER_TAKEN = "activities.take_offer", _("案内した席に決まった")
    OFFER_LEFT = "activities.leave_offer", _("案内した席が辞退された")
    OFFER_EXPIRED = "activities.expire_offer", _("案内した席の返事の期限が過ぎた")
    SEALED_DRAW = "activities.seal_draw", _("抽選の対象を確定した")
    DRAWN = "activities.draw", _("抽選した")
    QUESTION_ADDED = "activities.add_question", _("質問を加えた")
    QUESTION_CHANGED = "activities.change_question", _("質問を直した")
    QUESTIONS_ORDERED = "activities.order_questions", _("質問の順を変えた")
    QUESTION_REMOVED = "activities.remove_question", _("質問を外した")
    ANSWERS_CHANGED = "activities.change_answers", _("質問への答えを変えた")
    EXCEPTION = "activities.exception", _("対象の外の人を、理由を書いて受け付けた")
    PRESENCE = "activities.presence", _("出席を記録した")
    WALK_INS = "activities.walk_ins", _("申込みなしで来た人を数えた")
    LET_IN = "activities.let_in", _("キャンセル待ちの人を会場で入れた")
    LIST_SEEN = "activities.see_list", _("参加者の一覧を見た")
    FORGOTTEN = "activities.forget", _("参加者の個人情報を消した")


class Counted(models.TextChoices):
    """What is counted of a rally, day by day."""

    CARDS = "cards", _("始めたカード")
    STAMPS = "stamps", _("スタンプ")
    FINISHED = "finished", _("達成した人")
    PRIZES = "prizes", _("渡した景品")


class CountWay(models.TextChoices):
    """How a rally's numbers came."""

    PHONE = "phone", _("スマートフォン")
    PAPER = "paper", _("紙のカード")


class RallyVerb(models.TextChoices):
    """What rallies write into the audit trail."""

    SET_UP = "activities.set_up_rally", _("スタンプラリーの決まりを変えた")
    STATION_ADDED = "activities.add_station", _("スタンプの場所を加えた")
    STATION_CHANGED = "activities.change_station", _("スタンプの場所を直した")
    CODE_CHANGED = "activities.rotate_code", _("スタンプのコードを替えた")
    PRIZE_GIVEN = "activities.give_prize", _("景品を渡した")
    PRIZE_TAKEN_BACK = "activities.take_back_prize", _("景品を渡した記録を取り消した")
    PAPER_COUNTED = "activities.count_paper", _("紙のカードの数を記録した")
    ENDED = "activities.end_rally", _("スタンプラリーを早く終えた")
    REOPENED = "activities.reopen_rally", _("早く終えたスタンプラリーを再び始めた")
    FORGOTTEN = "activities.forget_cards", _("スタンプカードを消した")
