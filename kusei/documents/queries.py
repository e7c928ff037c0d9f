"""Reads of the documents that published versions came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kusei.documents.enums import ANSWERED_WARNINGS, DocumentStatus
from kusei.documents.models import SourceDocument, SourcePage
from kusei.files.models import StoredFile
from kusei.plans.enums import PlanKind, PlanStatus
from kusei.plans.models import PlanVersion
from kusei.press import formats
from kusei.wards.models import Ward

PAGES_AT_ONCE = 20
"""Pages of source text on one web page; longer documents are shown in such pieces."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that residents may read: its version is published."""

    document_id: int
    title: str
    status: str
    version_id: int
    version_number: int
    fiscal_year: int
    plan_kind: str
    part: str
    file_name: str
    file_size: int
    media_type: str
    page_count: int
    unplaced: tuple[dict[str, Any], ...]
    warnings: tuple[dict[str, Any], ...]
    settled: dict[str, list[int]]
    read_at: datetime
    is_sample: bool

    @property
    def name(self) -> str:
        """Its title, or what it is where it prints none: 令和3年度 予算."""
        return self.title or f"{formats.wareki(self.fiscal_year)} {self.plan_kind_label}"

    @property
    def plan_kind_label(self) -> str:
        return str(PlanKind(self.plan_kind).label)

    @property
    def lost(self) -> tuple[dict[str, Any], ...]:
        """The text that found no place among the items and that nobody has decided on: somebody should look at it."""
        return tuple(piece for piece in self._open("unplaced", self.unplaced) if not piece.get("reason"))

    @property
    def seen(self) -> tuple[dict[str, Any], ...]:
        """The text that found no place, and on which the office has decided."""
        still_open = self._open("unplaced", self.unplaced)
        return tuple(
            piece
            for piece in self.unplaced
            if not piece.get("reason") and not any(piece is each for each in still_open)
        )

    @property
    def open_warnings(self) -> tuple[dict[str, Any], ...]:
        """The reader's warnings of which something is left to ask."""
        warnings = self._open("warnings", self.warnings)
        return tuple(each for each in warnings if each.get("code") not in ANSWERED_WARNINGS)

    @property
    def set_apart(self) -> tuple[dict[str, Any], ...]:
        """The text that is no item by its nature: headings of parts, captions, page numbers …"""
        return tuple(piece for piece in self.unplaced if piece.get("reason"))

    def _open(self, what: str, pieces: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        settled = set(self.settled.get(what, ()))
        return tuple(piece for number, piece in enumerate(pieces) if number not in settled)


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of one page, with their numbers as places count them."""

    number: int
    lines: tuple[tuple[int, str], ...]


def published_document(ward: Ward, document_id: int) -> Document | None:
    """A document whose version is published; None if this ward has published no such document."""
    found = _documents(_published(ward).filter(id=document_id))
    return found[0] if found else None


def documents_of_versions(ward: Ward, version_ids: Iterable[int]) -> dict[int, Document]:
    """By version id, the document it was read from: its own or, where it was made by editing another version, that
    one's. Plans made by hand have none. Two queries."""
    bases = dict(PlanVersion.objects.filter(ward=ward).values_list("pk", "base_id"))
    sources: dict[int, list[int]] = {}
    for version_id in version_ids:
        step: int | None = version_id
        while step is not None:
            sources.setdefault(version_id, []).append(step)
            step = bases.get(step)
    wanted = {each for chain in sources.values() for each in chain}
    found = {
        document.version_id: document
        for document in _documents(_published(ward).filter(version_id__in=wanted))
    }
    nearest = {
        version_id: next((found[each] for each in chain if each in found), None)
        for version_id, chain in sources.items()
    }
    return {version_id: document for version_id, document in nearest.items() if document is not None}


def pages_from(document: Document, first: int) -> list[PageText]:
    """Up to PAGES_AT_ONCE pages of source text, from page `first` on."""
    pages = SourcePage.objects.filter(
        document_id=document.document_id, number__gte=first, number__lt=first + PAGES_AT_ONCE
    ).order_by("number")
    return [PageText(page.number, tuple(_numbered(page.lines))) for page in pages]


def text_of_pages(document: Document, numbers: Iterable[int]) -> list[PageText]:
    """These pages of source text."""
    pages = SourcePage.objects.filter(document_id=document.document_id, number__in=list(numbers))
    return [PageText(page.number, tuple(_numbered(page.lines))) for page in pages.order_by("number")]


def original_of(ward: Ward, document_id: int) -> StoredFile | None:
    """The stored original of a published document."""
    document = _published(ward).select_related("file").filter(id=document_id).first()
    return document.file if document else None


def _published(ward: Ward) -> QuerySet[SourceDocument]:
    return SourceDocument.objects.filter(
        ward=ward, version__status=PlanStatus.PUBLISHED, version__isnull=False
    ).exclude(status=DocumentStatus.DRAFT)


def _documents(documents: QuerySet[SourceDocument]) -> list[Document]:
    # The draft is large; only its warnings and unplaced text are fetched.
    pages = SourcePage.objects.filter(document=OuterRef("pk")).order_by().values("document")
    rows = (
        documents.order_by("-version__plan__fiscal_year", "version__plan__kind", "-version__number", "id")
        .annotate(
            page_count=Coalesce(Subquery(pages.annotate(total=Count("pk")).values("total")), 0),
            unplaced=F("draft__unplaced"),
            warnings=F("draft__warnings"),
        )
        .values_list(
            "id", "title", "status", "version_id", "version__number", "version__plan__fiscal_year",
            "version__plan__kind", "version__plan__part", "file__name", "file__size", "file__media_type",
            "page_count", "unplaced", "warnings", "settled", "read_at", "is_sample",
        )
    )  # fmt: skip
    return [Document(*row[:12], tuple(row[12] or ()), tuple(row[13] or ()), *row[14:]) for row in rows]


def _numbered(lines: list[Any]) -> Iterable[tuple[int, str]]:
    """Lines are kept as texts, counted from 1, or as {"number", "text"} where numbers run over the whole file."""
    for place, line in enumerate(lines, start=1):
        if isinstance(line, dict):
            yield int(line.get("number") or line.get("line") or place), str(line.get("text", ""))
        else:
            yield place, str(line)
