"""What can be found: one row for each item, document page or body that residents may look for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """A copy made for searching, written only by `kusei.search.operations`. It holds what is published and nothing else.

    The columns that conditions look at stand before the long texts: SQLite then needs not read past them.
    On SQLite two FTS5 tables follow this one by triggers; on PostgreSQL two columns stand in it that Django does not know,
    `vector` and `letters` (see `sqlite.py` and `postgresql.py`). `places_*` say where the terms stand (see `places.py`).
    """

    ward = models.ForeignKey("wards.Ward", models.CASCADE, related_name="+")
    kind = models.CharField(_("種類"), max_length=40)
    target_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    token_version = models.PositiveSmallIntegerField()
    title = models.TextField(_("題名"))
    url = models.CharField(_("アドレス"), max_length=400)
    facets = models.JSONField(default=dict, blank=True)
    tokens_title = models.TextField()
    characters_title = models.TextField()
    body = models.TextField(_("本文"), blank=True)
    tokens_body = models.TextField(blank=True)
    characters_body = models.TextField(blank=True)
    places_title = models.BinaryField(null=True)
    places_body = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target_id"], name="search_entry_once_per_target"),
        ]
        indexes = [
            models.Index(fields=["ward", "kind", "fiscal_year"], name="search_entry_scope"),
            # All that searching asks of 2,000 entries, without their texts (see `sqlite.py`, which names it).
            models.Index(fields=["id", "ward", "kind", "fiscal_year"], name="search_entry_slim"),
        ]

    def __str__(self) -> str:
        return self.title
