"""Kinds and states of people who are sent, and of what they are asked for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnvoyRole(models.TextChoices):
    """As what somebody comes."""

    LECTURER = "lecturer", _("講師")
    INSTRUCTOR = "instructor", _("指導員")
    COORDINATOR = "coordinator", _("コーディネーター")
    INTERPRETER = "interpreter", _("通訳・同行")
    SIGN_LANGUAGE = "sign", _("手話通訳")
    SUMMARY_WRITER = "summary", _("要約筆記")
    CHILDCARE = "childcare", _("保育")
    PROFESSIONAL = "professional", _("専門職（医療・福祉など）")
    VOLUNTEER = "volunteer", _("運営ボランティア")


class FeePer(models.TextChoices):
    """What the fee is paid for."""

    TIME = "time", _("1回につき")
    HOUR = "hour", _("1時間につき")


class AssignmentState(models.TextChoices):
    """Where the request to one person stands."""

    ASKED = "asked", _("返事待ち")
    ACCEPTED = "accepted", _("引受け")
    DECLINED = "declined", _("断り")
    WITHDRAWN = "withdrawn", _("引受けのあと辞退")
    RELEASED = "released", _("依頼の取消")
    WENT = "went", _("行った")
    MISSED = "missed", _("行かなかった")


BOOKED = (AssignmentState.ASKED.value, AssignmentState.ACCEPTED.value, AssignmentState.WENT.value)
"""States in which somebody's time is taken: nobody has two of them for times that overlap."""


class AskedBy(models.TextChoices):
    """On which way somebody was asked, or answered."""

    MAIL = "mail", _("メール")
    TELEPHONE = "telephone", _("電話など")


class DispatchVerb(models.TextChoices):
    """What this part of the room writes into the audit trail. Numbers of the register stand there, never names."""

    ENVOY_ADDED = "activities.add_envoy", _("派遣者名簿に加えた")
    ENVOY_CHANGED = "activities.change_envoy", _("派遣者名簿を直した")
    ENVOY_ENDED = "activities.end_envoy", _("派遣者の登録を終えた")
    ENVOYS_TAKEN_IN = "activities.take_in_envoys", _("派遣者名簿を表から取り込んだ")
    ENVOYS_SEEN = "activities.see_envoys", _("派遣者名簿を見た")
    ENVOYS_EXPORTED = "activities.export_envoys", _("派遣者名簿を書き出した")
    ENVOYS_FORGOTTEN = "activities.forget_envoys", _("派遣者の個人情報を消した")
    NEEDED = "activities.need_people", _("派遣する人数を決めた")
    ASKED = "activities.ask_envoy", _("派遣を頼んだ")
    ASKED_AGAIN = "activities.ask_envoy_again", _("変わった日時で、もう一度頼んだ")
    ACCEPTED = "activities.accept_assignment", _("派遣が引き受けられた")
    DECLINED = "activities.decline_assignment", _("派遣が断られた")
    WITHDRAWN = "activities.withdraw_assignment", _("引き受けた派遣が辞退された")
    RELEASED = "activities.release_assignment", _("派遣の依頼を取り消した")
    WENT = "activities.record_assignment", _("派遣の結果を記録した")
    ALONG = "activities.record_along", _("講師・協力者を記録した")
