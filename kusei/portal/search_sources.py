"""What residents can find: the items in force with what was done, the pages of published documents, and bodies."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse

from kusei.documents.enums import DocumentStatus
from kusei.documents.models import SourcePage
from kusei.japanese.fiscal_year import wareki_year
from kusei.plans.enums import ItemKind, PlanKind, PlanStatus
from kusei.plans.models import ItemOwner, ItemText, PlanVersion
from kusei.results.models import ReportedResult
from kusei.search.registry import SearchDocument, register_source
from kusei.wards.models import Body, Ward

_SHORT_TITLE = 200


def register() -> None:
    """Register every source; one for each kind of item, so that a search can be narrowed to 事業 or 取組."""
    for kind in ItemKind.values:
        register_source(kind, partial(items, kind))
    register_source("document_page", document_pages)
    register_source("body", bodies)


def items(kind: str, ward: Ward | None) -> Iterator[SearchDocument]:
    """The items of one kind in the versions in force, with their owners and the result printed for them."""
    later = PlanVersion.objects.filter(
        plan=OuterRef("version__plan"), status=PlanStatus.PUBLISHED, number__gt=OuterRef("version__number")
    )
    texts = (
        ItemText.objects.filter(_of(ward), kind=kind, version__status=PlanStatus.PUBLISHED)
        .filter(~Exists(later))
        .select_related("item", "ward", "version__plan")
        .prefetch_related("owners", "tags")
        .order_by("pk")
    )
    results = dict(
        ReportedResult.objects.filter(_of(ward), version__status=PlanStatus.PUBLISHED)
        .order_by("version__number")
        .values_list("item_id", "text")
    )
    for text in texts.iterator(chunk_size=500):
        plan = text.version.plan
        pieces = [
            text.programme,
            text.text,
            *text.plan_bullets,
            results.get(text.item_id, ""),
            "、".join(owner.printed_name for owner in text.owners.all()),
            "、".join(tag.name for tag in text.tags.all()),
        ]
        yield SearchDocument(
            ward_id=text.ward_id,
            kind=kind,
            target_id=text.item_id,
            title=text.title,
            body="\n".join(piece for piece in pieces if piece),
            url=reverse("portal:item", args=[text.ward.key, text.item.public_id]),
            fiscal_year=plan.fiscal_year,
            facets={"plan_kind": plan.kind},
        )


def document_pages(ward: Ward | None) -> Iterator[SearchDocument]:
    """The pages of the documents in force, as their text was extracted."""
    pages = (
        SourcePage.objects.filter(
            _of(ward),
            document__status=DocumentStatus.ACCEPTED,
            document__version__status=PlanStatus.PUBLISHED,
        )
        .select_related("ward", "document__file", "document__version__plan")
        .order_by("pk")
    )
    for page in pages.iterator(chunk_size=100):
        version = page.document.version
        assert version is not None  # the query asks for it
        plan = version.plan
        name = page.document.title or f"{wareki_year(plan.fiscal_year)} {PlanKind(plan.kind).label}"
        address = reverse("portal:document", args=[page.ward.key, page.document_id])
        yield SearchDocument(
            ward_id=page.ward_id,
            kind="document_page",
            target_id=page.pk,
            title=name[:_SHORT_TITLE],
            body="\n".join(line for line in page.lines if line.strip()),
            url=f"{address}?page={page.number}" if page.number > 1 else address,
            fiscal_year=plan.fiscal_year,
        )


def bodies(ward: Ward | None) -> Iterator[SearchDocument]:
    """The bodies that are responsible for something, leading to the newest year in which they are."""
    newest = dict(
        ItemOwner.objects.filter(_of(ward), text__version__status=PlanStatus.PUBLISHED)
        .values_list("body_id")
        .annotate(year=Max("text__version__plan__fiscal_year"))
    )
    for body in (
        Body.objects.filter(_of(ward), pk__in=newest).select_related("ward").prefetch_related("aliases")
    ):
        yield SearchDocument(
            ward_id=body.ward_id,
            kind="body",
            target_id=body.pk,
            title=body.name,
            body="、".join(alias.name for alias in body.aliases.all()),
            url=reverse("portal:body", args=[body.ward.key, newest[body.pk], body.pk]),
        )


def _of(ward: Ward | None) -> Q:
    return Q(ward=ward) if ward is not None else Q()
