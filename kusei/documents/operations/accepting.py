"""Documents in: comparing a draft with what is there, and accepting it.

Accepting is a person's decision and one transaction: the version, the printed results, the bodies, the links and the
search index change together or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.documents import rules
from kusei.documents.enums import DocumentStatus, DocumentVerb
from kusei.documents.models import SourceDocument
from kusei.documents.operations.keeping import Reading, read_into_draft, throw_away
from kusei.documents.pictures import forget_pictures
from kusei.documents.reading.outcome import outcome_of
from kusei.documents.targets import AlreadyAccepted, Target, target_of
from kusei.files import operations as files
from kusei.files.models import StoredFile
from kusei.japanese.folding import fold_name
from kusei.plans import operations as plans
from kusei.plans.linking import Proposal
from kusei.plans.models import Link, Plan, PlanVersion
from kusei.plans.operations.links import NewLinks
from kusei.plans.rules import Differences, Entry, flatten_draft
from kusei.results import operations as results
from kusei.results.enums import Outcome
from kusei.results.operations import PrintedFigure, PrintedResult
from kusei.search import operations as search
from kusei.wards import audit
from kusei.wards import operations as wards
from kusei.wards.models import Body, Person, Ward


@dataclass(frozen=True, slots=True)
class Preview:
    """What accepting a draft would do, without having done it."""

    target: Target
    ward: Ward | None
    entries: tuple[Entry, ...]
    differences: Differences
    replaces_sample: bool
    is_first_version: bool
    results_changed: int
    unknown_bodies: tuple[str, ...]
    links: tuple[Proposal, ...]
    cut: tuple[str, ...]

    @property
    def is_unchanged(self) -> bool:
        return not self.is_first_version and self.differences.is_empty and not self.results_changed


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting did. `is_unchanged`: the version in force says the same already, so none was made."""

    version: PlanVersion
    is_unchanged: bool
    differences: Differences
    replaced_sample: bool = False
    ended_logins: int = 0
    new_bodies: tuple[Body, ...] = ()
    alias_proposals: tuple[tuple[Body, Body], ...] = ()
    links_confirmed: tuple[Link, ...] = ()
    links_proposed: tuple[Link, ...] = ()
    cut: tuple[str, ...] = field(default=())


def preview_draft(draft: dict[str, Any], target: Target) -> Preview:
    """What accepting would change; reads only. The ward need not be registered yet.

    Raises AmbiguousWard or InvalidWardCode, as accepting would.
    """
    entries, cut = flatten_draft(draft, fiscal_year=target.fiscal_year)
    try:
        ward = wards.find_ward(target.ward_name)
    except wards.WardNotFound:
        ward = None
        wards.check_new_ward(target.ward_name, context=rules.all_text(draft))
    sample = ward is not None and _samples(ward, target).exists()
    plan = None if sample else _plan_of(ward, target)
    force = plans.version_in_force(plan) if plan else None
    differences, known_items = plans.compare_with_force(plan, entries)
    known_bodies = wards.known_bodies(ward) if ward else {}
    unknown = {fold_name(name): name for entry in entries for name in entry.owners}
    return Preview(
        target=target,
        ward=ward,
        entries=tuple(entries),
        differences=differences,
        replaces_sample=sample,
        is_first_version=force is None,
        results_changed=_results_changed(force, draft, known_items),
        unknown_bodies=tuple(name for folded, name in unknown.items() if folded not in known_bodies),
        links=tuple(_preview_links(ward, draft, entries, target) if ward else ()),
        cut=tuple(cut),
    )


def import_file(
    *,
    path: Path,
    reading: Reading,
    target: Target,
    actor: Person,
    replace: bool = False,
) -> Accepted:
    """Take in a file that was read, registering its ward if need be: all of it or nothing.

    Raises what `find_or_add_ward`, `read_into_draft` and `accept_document` raise; then neither a row nor a file stays.
    """
    document: SourceDocument | None = None
    files_before: set[int] = set()
    try:
        with transaction.atomic():
            ward, _is_new = wards.find_or_add_ward(
                target.ward_name, actor=actor, context=rules.all_text(reading.draft)
            )
            files_before = set(StoredFile.objects.filter(ward=ward).values_list("pk", flat=True))
            document = read_into_draft(path=path, ward=ward, actor=actor, reading=reading)
            return accept_document(
                document=document,
                actor=actor,
                fiscal_year=target.fiscal_year,
                kind=target.kind,
                part=target.part,
                title=target.title,
                replace=replace,
            )
    except BaseException:
        if document is not None and document.file_id not in files_before:
            files.discard_content(document.file)
        raise


@transaction.atomic
def accept_document(
    *,
    document: SourceDocument,
    actor: Person,
    fiscal_year: int | None = None,
    kind: str | None = None,
    part: str = "",
    title: str | None = None,
    replace: bool = False,
) -> Accepted:
    """Take a draft in: it becomes the next published version of its plan, decided by `actor` now.

    A sample that stands in its place is deleted first. Where the version in force says the same, none is made and the
    draft is thrown away. Raises AlreadyAccepted, YearUnknown, KindUnknown, or a PlanError; then nothing has changed.
    """
    if document.status != DocumentStatus.DRAFT:
        raise AlreadyAccepted(_("この文書は取り込み済みです。"))
    draft = document.draft
    ward = document.ward
    target = target_of(draft, ward=ward.name, fiscal_year=fiscal_year, kind=kind, part=part, title=title)
    entries, cut = flatten_draft(draft, fiscal_year=target.fiscal_year)
    return publish_document(
        document=document,
        target=target,
        entries=entries,
        results_for=lambda item_ids: printed_in_draft(draft, item_ids),
        actor=actor,
        replace=replace,
        cut=tuple(cut),
    )


def publish_document(
    *,
    document: SourceDocument,
    target: Target,
    entries: Sequence[Entry],
    results_for: Callable[[dict[int, int]], list[PrintedResult]],
    actor: Person,
    replace: bool,
    cut: tuple[str, ...] = (),
) -> Accepted:
    """Publish what a document says (`entries`), with its results by the item ids of the entries' indexes, its links and
    the search index. ASSUMPTION: runs inside a transaction; `publish_version` asks for the right."""
    ward = document.ward
    way = make_way(document, target, actor=actor)
    plan = _plan_of(ward, target)
    force = plans.version_in_force(plan) if plan else None
    _differences, known_items = plans.compare_with_force(plan, entries)
    results_changed = _changed_results(force, results_for, known_items, len(entries))
    try:
        published = plans.publish_version(
            ward=ward,
            fiscal_year=target.fiscal_year,
            kind=target.kind,
            part=target.part,
            title=target.title,
            entries=entries,
            actor=actor,
            replace=replace,
            even_if_unchanged=bool(results_changed),
            is_sample=document.is_sample,
        )
    except plans.NothingChanged:
        assert force is not None  # there is no other way to find nothing changed
        throw_away(document)
        return Accepted(force, True, Differences(matched=len(entries)))
    item_ids = {index: item.pk for index, item in enumerate(published.items)}
    results.record_printed_results(version=published.version, results=results_for(item_ids))
    mark_accepted(document, published.version, actor)
    links = put_in_force(published.version, actor=actor)
    return Accepted(
        version=published.version,
        is_unchanged=False,
        differences=published.differences,
        replaced_sample=way.replaced_sample,
        ended_logins=way.ended_logins,
        new_bodies=published.new_bodies,
        alias_proposals=tuple(
            (body, known)
            for body in published.new_bodies
            for known in wards.proposed_aliases(ward, body.name)
        ),
        links_confirmed=tuple(links.confirmed),
        links_proposed=tuple(links.proposed),
        cut=cut,
    )


def mark_accepted(document: SourceDocument, version: PlanVersion, actor: Person) -> None:
    """The document is the source of `version` from now on, decided by `actor`."""
    document.status = DocumentStatus.ACCEPTED
    document.version = version
    document.accepted_at = timezone.now()
    document.accepted_by = actor
    document.save(update_fields=["status", "version", "accepted_at", "accepted_by"])
    transaction.on_commit(lambda: forget_pictures(document.file))
    audit.record(
        ward=document.ward,
        actor=actor,
        verb=DocumentVerb.ACCEPTED,
        target=document,
        label=document.title or document.file.name,
    )


def put_in_force(version: PlanVersion, *, actor: Person) -> NewLinks:
    """What follows from a version's publication in the other rooms: older documents are replaced ones, links are
    proposed anew, and residents find what it says."""
    ward = version.ward
    older = SourceDocument.objects.filter(
        ward=ward, version__plan=version.plan, status=DocumentStatus.ACCEPTED
    )
    older.exclude(version=version).update(status=DocumentStatus.REPLACED)
    links = plans.propose_links(ward, actor=actor, evidence=results.result_texts(ward))
    search.rebuild(ward=ward)
    return links


def _plan_of(ward: Ward | None, target: Target) -> Plan | None:
    if ward is None:
        return None
    return plans.find_plan(ward, fiscal_year=target.fiscal_year, kind=target.kind, part=target.part)


@dataclass(frozen=True, slots=True)
class MadeWay:
    """Whether a sample was deleted, and how many of the sample's log-ins end."""

    replaced_sample: bool = False
    ended_logins: int = 0


def make_way(document: SourceDocument, target: Target, *, actor: Person) -> MadeWay:
    """A real document takes the place of the sample of its ward, year and kind, in whatever part, and its ward is a
    sample no longer: `kusei sample` adds nothing to real wards, so the sample never comes back."""
    if document.is_sample:
        return MadeWay()
    ward = document.ward
    replaced = False
    for plan in _samples(ward, target):
        old_files = list(StoredFile.objects.filter(documents__version__plan=plan).distinct())
        plans.delete_sample_plan(plan, actor=actor)
        for stored in old_files:
            if not stored.documents.exists():
                files.delete_stored_file(stored)
        replaced = True
    return MadeWay(replaced, wards.make_real(ward, actor=actor))


def _samples(ward: Ward, target: Target) -> QuerySet[Plan]:
    return Plan.objects.filter(ward=ward, fiscal_year=target.fiscal_year, kind=target.kind, is_sample=True)


def _preview_links(
    ward: Ward, draft: dict[str, Any], entries: Sequence[Entry], target: Target
) -> list[Proposal]:
    plan = _plan_of(ward, target)
    return plans.preview_links(
        ward,
        entries,
        fiscal_year=target.fiscal_year,
        kind=target.kind,
        instead_of=[*_samples(ward, target), *([plan] if plan else [])],
        evidence=results.result_texts(ward),
        results={at: item.get("result") or "" for at, item in enumerate(rules.walk(draft))},
    )


def printed_in_draft(draft: dict[str, Any], item_ids: dict[int, int]) -> list[PrintedResult]:
    """What a draft prints as done, for the items of its entries by index."""
    found = []
    for at, item in rules.rows_with_results(draft):
        text = (item.get("result") or "").replace("\x00", "")
        outcome, reason = outcome_of(text) if text else (Outcome.UNKNOWN.value, "")
        figures = (
            results.storable_figure(each["value"], each.get("unit") or "", each.get("label"))
            for each in item.get("figures") or []
        )
        place = next(
            (each for each in item.get("places") or [] if each["field"] == "result"), item.get("source") or {}
        )
        found.append(
            PrintedResult(
                item_id=item_ids[at],
                text=text,
                outcome=outcome if outcome in Outcome.values else Outcome.UNKNOWN.value,
                reason=reason,
                figures=tuple(each for each in figures if each is not None),
                page=place.get("page"),
                line=place.get("line"),
            )
        )
    return found


def printed_of(document: SourceDocument, version: PlanVersion, items: set[int]) -> list[PrintedResult]:
    """What a version that is being mended prints as done, for `items`: what went into another item while mending
    (`settled["joined"]`) is told there, together with what that one printed."""
    into = {gone: kept for gone, kept in document.settled.get("joined", []) if gone not in items}
    found: dict[int, PrintedResult] = {}
    for each in results.results_of(version):
        item, seen = each.item_id, set()
        while item not in items and item in into and item not in seen:
            seen.add(item)
            item = into[item]
        if item not in items:
            continue
        found[item] = _joined(found[item], each) if item in found else replace(each, item_id=item)
    return list(found.values())


def _joined(one: PrintedResult, other: PrintedResult) -> PrintedResult:
    text = "\n".join(dict.fromkeys(part for part in (one.text, other.text) if part))
    outcome, reason = outcome_of(text) if text else (Outcome.UNKNOWN.value, "")
    return replace(
        one,
        text=text,
        outcome=outcome if outcome in Outcome.values else Outcome.UNKNOWN.value,
        reason=reason,
        figures=(*one.figures, *other.figures),
    )


def _results_changed(force: PlanVersion | None, draft: dict[str, Any], known_items: dict[int, int]) -> int:
    """How many of the items known already have another printed result than the version in force."""
    total = sum(1 for _item in rules.walk(draft))
    return _changed_results(force, lambda item_ids: printed_in_draft(draft, item_ids), known_items, total)


def _changed_results(
    force: PlanVersion | None,
    results_for: Callable[[dict[int, int]], list[PrintedResult]],
    known_items: dict[int, int],
    total: int,
) -> int:
    if force is None:
        return 0
    kept = results.printed_results(force)
    every_item = {at: known_items.get(at, -1 - at) for at in range(total)}
    read: dict[int, tuple[str, tuple[PrintedFigure, ...]]] = {
        each.item_id: (each.text, each.figures) for each in results_for(every_item) if each.item_id > 0
    }
    return sum(1 for item_id in set(known_items.values()) if kept.get(item_id) != read.get(item_id))
