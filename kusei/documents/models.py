"""Documents that came in: the stored original, its text by page and line, and what the reader made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kusei.documents.enums import DocumentStatus


class SourceDocument(models.Model):
    """One file, read into a draft; accepted, it becomes a version of a plan."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="documents")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="documents")
    title = models.CharField(_("題名"), max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=DocumentStatus, default=DocumentStatus.DRAFT)
    version = models.ForeignKey(
        "plans.PlanVersion", models.CASCADE, null=True, blank=True, related_name="documents"
    )
    draft = models.JSONField(_("読み取り結果"), default=dict)
    reader_version = models.CharField(max_length=20)
    read_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_sample = models.BooleanField(_("サンプル"), default=False)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    new_bodies = models.JSONField(default=list, blank=True, help_text=_("取り込みで初めて登録した実施主体"))
    settled = models.JSONField(
        default=dict, blank=True, help_text=_("見終えた注意と、置き場所を決めた文の番号")
    )
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    problem = models.TextField(_("読み取れない理由"), blank=True)

    class Meta:
        ordering = ["-read_at"]

    def __str__(self) -> str:
        return self.title or str(self.file_id)


class SourcePage(models.Model):
    """The text of one page as extracted, line by line, so that a place can be shown."""

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField(help_text=_("ページのない形式では 1"))
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="source_page_once_per_document")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} p.{self.number}"
