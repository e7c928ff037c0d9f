"""Stored originals: a file is kept once for each content, under its checksum."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """Bytes as they came. `ward` is set by the rooms above; the file itself belongs to the ward that stored it."""

    ward = models.ForeignKey("wards.Ward", models.PROTECT, related_name="stored_files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("ファイル名"), max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("大きさ（バイト）"))
    content = models.FileField(upload_to="originals/%Y/")
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "sha256", "name"], name="stored_file_once_per_ward_and_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
