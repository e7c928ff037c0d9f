"""Building the sample wards: their documents go the way that every document goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kusei.documents import operations
from kusei.documents.models import SourceDocument
from kusei.documents.sample.drafts import DATA, sample_document
from kusei.documents.sample.results_years import AddMore, build_results_ward
from kusei.files import operations as files
from kusei.plans import operations as plans
from kusei.plans.enums import LinkStatus
from kusei.plans.models import ItemText, Link
from kusei.wards import operations as wards
from kusei.wards.enums import BodyKind
from kusei.wards.models import Person, Ward

_further: list[AddMore] = []


def also(add_more: AddMore) -> None:
    """Called by a service's AppConfig: what it adds to the invented ward once that is new, its plans published, its results not yet."""
    _further.append(add_more)


@dataclass(frozen=True, slots=True)
class BuiltSample:
    """What a round of building did: the documents that are new, and the wards left alone because they are real."""

    documents: tuple[str, ...]
    real_wards: tuple[str, ...]


def build_sample() -> BuiltSample:
    """Build what is missing of the sample wards: all of it or nothing.

    A ward whose own documents came in is real; the sample adds nothing to it, ever. So what an import replaced stays so.
    """
    actor = wards.account_without_login(wards.SAMPLE)
    kept: list[SourceDocument] = []
    built: list[str] = []
    real: list[str] = []
    try:
        with transaction.atomic():
            for data in json.loads((DATA / "wards.json").read_text(encoding="utf-8")):
                ward, is_new = wards.find_or_add_ward(data["name"], actor=actor, is_sample=True)
                if not ward.is_sample:
                    real.append(ward.full_name)
                    continue
                if is_new:
                    _add_bodies(ward, data["bodies"], actor)
                    for name in data.get("districts", ()):
                        wards.add_district(ward=ward, name=name, actor=actor)
                before = len(built)
                for name in data["plans"]:
                    document = _keep(ward, name, actor)
                    if document is not None:
                        kept.append(document)
                        operations.accept_document(document=document, actor=actor)
                        built.append(name)
                if len(built) > before:
                    _decide_links(ward, actor)
            build_results_ward(actor, _further)
    except BaseException:
        for document in kept:
            files.discard_content(document.file)
        raise
    return BuiltSample(tuple(built), tuple(real))


def _add_bodies(ward: Ward, bodies: list[dict[str, Any]], actor: Person) -> None:
    for body in bodies:
        kind = BodyKind(body["kind"]) if "kind" in body else None
        wards.add_body(ward, body["name"], actor=actor, kind=kind, aliases=body.get("aliases"))


def _keep(ward: Ward, name: str, actor: Person) -> SourceDocument | None:
    document = sample_document(name)
    year, kind = document.draft["fiscal_year"], document.draft["kind"]
    if plans.find_plan(ward, fiscal_year=year, kind=kind) is not None:
        return None
    return operations.keep_draft(
        ward=ward,
        actor=actor,
        name=document.name,
        content="\n".join(document.lines).encode(),
        pages=[(1, list(document.lines))],
        draft=document.draft,
        is_sample=True,
    )


def _decide_links(ward: Ward, actor: Person) -> None:
    """Confirm the proposals that a person looked through (`data/links.json`: titles, from and to)."""
    decided = {(each[0], each[1]) for each in json.loads((DATA / "links.json").read_text(encoding="utf-8"))}
    titles = dict(ItemText.objects.filter(ward=ward).values_list("item_id", "title"))
    for link in Link.objects.filter(ward=ward, status=LinkStatus.PROPOSED):
        if (titles[link.from_item_id], titles[link.to_item_id]) in decided:
            plans.confirm_link(ward=ward, link_id=link.pk, actor=actor)
