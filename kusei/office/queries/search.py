"""A search over everything a person may see in the office: what is published in their wards, open drafts, comments,
documents that are being taken in, bodies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse

from kusei.documents.enums import DocumentStatus
from kusei.documents.models import SourceDocument
from kusei.plans.enums import OPEN, ItemKind
from kusei.plans.models import Comment, ItemText, Plan, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.permissions import may_plan, may_see_drafts
from kusei.search.queries import SearchResult, search_all_wards
from kusei.wards.enums import BodyKind
from kusei.wards.models import Body, Person, Ward
from kusei.wards.permissions import Rights

Parts = Sequence[str]
Versions = Sequence[int]
Rows = QuerySet[Any, tuple[Any, ...]]

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


def _drafts(ward: Ward, parts: list[str]) -> list[Hit]:
    # Their ids first: asked in one query, PostgreSQL compares the texts of every version before it looks at the status.
    plans = {
        version: Plan(fiscal_year=year, kind=kind, part=part)
        for version, year, kind, part in _rows(_open_drafts, ward, [])
    }
    if not plans:
        return []
    found = _rows(_draft_texts, ward, parts, sorted(plans))
    about = {
        version: (plan_label(plans[version]), reverse("office:review", args=[ward.key, version]))
        for version in {version for *_rest, version in found}
    }
    return [
        Hit(f"{number} {title}".strip(), f"{about[version][0]}　{ItemKind(kind).label}", about[version][1])
        for number, title, kind, version in found
    ]


def _comments(ward: Ward, parts: list[str]) -> list[Hit]:
    some = UUID(int=0)
    address = reverse("portal:item", args=[ward.key, some])
    return [
        Hit(
            text[:80],
            f"{said_by or Person(last_name=family, first_name=given, username=name).display_name}　{str(made_at)[:10]}",
            address.replace(str(some), str(UUID(str(public_id)))),
        )
        for text, made_at, public_id, said_by, family, given, name in _rows(_comment_texts, ward, parts)
    ]


def _documents(ward: Ward, parts: list[str]) -> list[Hit]:
    work = reverse("office:work", args=[ward.key])
    return [
        Hit(title or name, str(read_at)[:10], work)
        for title, name, read_at in _rows(_document_names, ward, parts)
    ]


def _bodies(ward: Ward, parts: list[str]) -> list[Hit]:
    trail = reverse("office:trail", args=[ward.key])
    return [
        Hit(name, str(BodyKind(kind).label), f"{trail}?q={name}")
        for name, kind in _rows(_body_names, ward, parts)
    ]


# The lists as Django puts them: of a ward, holding some words, in some versions.


def _open_drafts(ward: int, parts: Parts, versions: Versions) -> Rows:
    return PlanVersion.objects.filter(ward=ward, status__in=OPEN).values_list(
        "pk", "plan__fiscal_year", "plan__kind", "plan__part"
    )


def _draft_texts(ward: int, parts: Parts, versions: Versions) -> Rows:
    return (
        ItemText.objects.filter(version__in=versions)
        .filter(_holding(parts, "title", "text", "programme"))
        .order_by("-version__plan__fiscal_year", "version_id", "position")
        .values_list("number", "title", "kind", "version_id")[: MOST + 1]
    )


def _comment_texts(ward: int, parts: Parts, versions: Versions) -> Rows:
    by = ("author_name", "author__last_name", "author__first_name", "author__username")
    comments = Comment.objects.filter(ward=ward).filter(_holding(parts, "text")).order_by("-pk")
    return comments.values_list("text", "made_at", "item__public_id", *by)[: MOST + 1]


def _document_names(ward: int, parts: Parts, versions: Versions) -> Rows:
    documents = SourceDocument.objects.filter(ward=ward, status=DocumentStatus.DRAFT)
    found = documents.filter(_holding(parts, "title", "file__name"))
    return found.values_list("title", "file__name", "read_at")[: MOST + 1]


def _body_names(ward: int, parts: Parts, versions: Versions) -> Rows:
    bodies = Body.objects.standing().filter(ward=ward).filter(_holding(parts, "name"))
    return bodies.values_list("name", "kind")[: MOST + 1]


def _holding(parts: Parts, *fields: str) -> Q:
    def in_any(part: str) -> Q:
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": part})
        return found

    return reduce(and_, map(in_any, parts))


def _rows(
    rows_of: Callable[[int, Parts, Versions], Rows], ward: Ward, parts: Parts, versions: Versions = ()
) -> list[tuple[Any, ...]]:
    """What the list answers, as the database gives it. Its SQL is kept: Django takes longer to write it than a database takes
    to answer it."""
    sql, stand_ins = _written(rows_of, len(parts), len(versions))
    values: dict[Any, Any] = {_WARD: ward.pk}
    values |= {_version(at): version for at, version in enumerate(versions)}
    values |= {
        f"%{_part(at)}%": f"%{connection.ops.prep_for_like_query(part)}%" for at, part in enumerate(parts)
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, [values.get(stand_in, stand_in) for stand_in in stand_ins])
        return cursor.fetchall()


@lru_cache(maxsize=200)
def _written(
    rows_of: Callable[[int, Parts, Versions], Rows], parts: int, versions: int
) -> tuple[str, tuple[Any, ...]]:
    """SQL with parameters that stand for the ward, the words and the versions."""
    rows = rows_of(_WARD, [_part(at) for at in range(parts)], [_version(at) for at in range(versions)])
    return rows.query.sql_with_params()


_WARD = -1


def _version(at: int) -> int:
    return -2 - at


def _part(at: int) -> str:
    """Letters for private use: no text that is looked for stands for a word."""
    return f"\ue000{at}\ue000"
