"""A search over everything a person may see in the office: what is published in their wards, open drafts, comments,
documents that are being taken in, bodies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q
from django.urls import reverse

from kusei.documents.enums import DocumentStatus
from kusei.documents.models import SourceDocument
from kusei.plans.enums import OPEN, ItemKind
from kusei.plans.models import Comment, ItemText, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.permissions import may_plan, may_see_drafts
from kusei.search.queries import SearchResult, search_all_wards
from kusei.wards.models import Body, Ward
from kusei.wards.permissions import Rights

MOST = 30
"""Hits shown of each kind of unpublished thing; the page says so where there are more."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found that is not published: what it is, where it leads, and a line about it."""

    title: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything found. Lists hold MOST + 1 where there is more."""

    published: SearchResult
    drafts: tuple[Hit, ...]
    comments: tuple[Hit, ...]
    documents: tuple[Hit, ...]
    bodies: tuple[Hit, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.published.total or self.drafts or self.comments or self.documents or self.bodies)


def search_office(
    words: str,
    *,
    ward: Ward,
    rights: Rights,
    fiscal_year: int | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """What holds every one of the blank-separated `words`, in this ward. What is published is found by words and
    characters as on the residents' pages; drafts, comments and papers in hand by the characters as typed."""
    parts = words.split()
    published = search_all_wards(words, wards=[ward], fiscal_year=fiscal_year, limit=limit, offset=offset)
    if not parts:
        return Found(published, (), (), (), ())
    sees_drafts = bool(may_see_drafts(rights, ward))
    return Found(
        published=published,
        drafts=tuple(_drafts(ward, parts)) if sees_drafts else (),
        comments=tuple(_comments(ward, parts)) if sees_drafts else (),
        documents=tuple(_documents(ward, parts)) if may_plan(rights, ward) else (),
        bodies=tuple(_bodies(ward, parts)),
    )


def _holding(parts: Iterable[str], *fields: str) -> Q:
    def in_any(part: str) -> Q:
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": part})
        return found

    return reduce(and_, map(in_any, parts))


def _drafts(ward: Ward, parts: list[str]) -> list[Hit]:
    # Their ids first: asked in one query, PostgreSQL compares the texts of every version before it looks at the status.
    drafts = list(PlanVersion.objects.filter(ward=ward, status__in=OPEN).values_list("pk", flat=True))
    texts = (
        ItemText.objects.filter(version__in=drafts)
        .filter(_holding(parts, "title", "text", "programme"))
        .select_related("version__plan")
        .order_by("-version__plan__fiscal_year", "version_id", "position")
    )
    return [
        Hit(
            f"{text.number} {text.title}".strip(),
            f"{plan_label(text.version.plan)}　{ItemKind(text.kind).label}",
            reverse("office:review", args=[ward.key, text.version_id]),
        )
        for text in texts[: MOST + 1]
    ]


def _comments(ward: Ward, parts: list[str]) -> list[Hit]:
    comments = (
        Comment.objects.filter(ward=ward).filter(_holding(parts, "text")).select_related("author", "item")
    )
    return [
        Hit(
            comment.text[:80],
            f"{comment.said_by}　{comment.made_at:%Y-%m-%d}",
            reverse("portal:item", args=[ward.key, comment.item.public_id]),
        )
        for comment in comments.order_by("-pk")[: MOST + 1]
    ]


def _documents(ward: Ward, parts: list[str]) -> list[Hit]:
    documents = SourceDocument.objects.filter(ward=ward, status=DocumentStatus.DRAFT).select_related("file")
    found: Any = documents.filter(_holding(parts, "title", "file__name")).defer("draft")
    return [
        Hit(
            document.title or document.file.name,
            f"{document.read_at:%Y-%m-%d}",
            reverse("office:work", args=[ward.key]),
        )
        for document in found[: MOST + 1]
    ]


def _bodies(ward: Ward, parts: list[str]) -> list[Hit]:
    bodies = Body.objects.filter(ward=ward).filter(_holding(parts, "name")).distinct()
    return [
        Hit(body.name, body.get_kind_display(), reverse("office:trail", args=[ward.key]) + f"?q={body.name}")
        for body in bodies[: MOST + 1]
    ]
