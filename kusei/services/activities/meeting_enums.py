"""States of a meeting's record, answers to invitations, and what meetings write into the audit trail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MinutesState(models.TextChoices):
    DRAFT = "draft", _("下書き")
    ROUND = "round", _("構成員が確認中")
    FINAL = "final", _("確定")


class Answer(models.TextChoices):
    """What a member said to the invitation."""

    COMING = "coming", _("出席します")
    ABSENT = "absent", _("欠席します")


class Came(models.TextChoices):
    """What happened; without a value nobody noted it yet."""

    PRESENT = "present", _("出席")
    EXCUSED = "excused", _("欠席（連絡あり）")
    ABSENT = "absent", _("欠席")


class MeetingVerb(models.TextChoices):
    MEMBER_ADDED = "activities.add_member", _("会議の構成員を加えた")
    MEMBER_CHANGED = "activities.change_member", _("会議の構成員を直した")
    MEMBER_ENDED = "activities.end_member", _("会議の構成員を外した")
    MEMBERS_SEEN = "activities.see_members", _("会議の構成員の連絡先を見た")
    INVITED = "activities.invite", _("会議の案内を送った")
    ANSWERED = "activities.answer_invitation", _("会議の出欠の返事を受けた")
    OPENED = "activities.open_minutes", _("会議の記録を作った")
    WRITTEN = "activities.write_minutes", _("会議の記録を書いた")
    ATTENDANCE = "activities.attendance", _("会議の出席を記録した")
    PAPER_ADDED = "activities.add_paper", _("会議の資料を付けた")
    PAPER_REMOVED = "activities.remove_paper", _("会議の資料を外した")
    SENT_ROUND = "activities.send_round", _("会議の記録の確認を頼んだ")
    COMMENTED = "activities.comment_minutes", _("会議の記録に意見があった")
    SETTLED = "activities.settle_comment", _("会議の記録への意見に対応した")
    FINISHED = "activities.finish_minutes", _("会議の記録を確定した")
    REOPENED = "activities.reopen_minutes", _("会議の記録の確定を解いた")
    NEXT_SET = "activities.set_next_meeting", _("次の会議を決めた")
    DECISION_DONE = "activities.decision_done", _("決まったことを済みにした")
    DECISION_REOPENED = "activities.decision_reopened", _("済みにした決まりごとを戻した")
    FORGOTTEN = "activities.forget_attendees", _("会議の出席者の名前を消した")
