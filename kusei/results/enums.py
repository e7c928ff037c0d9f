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


class ResultVerb(models.TextChoices):
    """What this room writes into the audit trail."""

    REWORDED = "results.reword", _("実施結果を直した")
