"""Where a piece of background work stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobStatus(models.TextChoices):
    WAITING = "waiting", _("順番待ち")
    RUNNING = "running", _("実行中")
    DONE = "done", _("終わり")
    FAILED = "failed", _("失敗")
