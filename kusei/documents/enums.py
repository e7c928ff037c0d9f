"""What has become of a document that was read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentStatus(models.TextChoices):
    DRAFT = "draft", _("下書き")
    ACCEPTED = "accepted", _("取り込み済み")
    REPLACED = "replaced", _("新しい版に置き換え")
