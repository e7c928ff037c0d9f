"""Taking a document in with a person's own eyes: what was read becomes a version that can be mended, beside its source,
for as long as it takes; then it is accepted as published or as the plan's draft, or thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.documents.enums import UNDECIDED, DocumentStatus, DocumentVerb
from kusei.documents.models import SourceDocument
from kusei.documents.operations.accepting import (
    Accepted,
    make_way,
    mark_accepted,
    printed_in_draft,
    printed_of,
    publish_document,
    put_in_force,
)
from kusei.documents.operations.keeping import throw_away
from kusei.documents.targets import AlreadyAccepted, NotMendable, Target, target_of
from kusei.japanese.folding import fold_name
from kusei.plans import operations as plans
from kusei.plans.drafting import Owner, Row, Tree
from kusei.plans.enums import OPEN, PlanStatus, ReviewState
from kusei.plans.models import Comment, Plan, PlanVersion
from kusei.plans.operations.drafts import drop_version, start_version
from kusei.plans.operations.writing import hold_version
from kusei.plans.permissions import may_plan
from kusei.plans.rules import Entry, flatten_draft
from kusei.results import operations as results
from kusei.results.operations import PrintedResult
from kusei.wards import audit, permissions
from kusei.wards import operations as wards
from kusei.wards.models import Body, Person, Ward


@transaction.atomic
def start_import(
    *,
    document: SourceDocument,
    actor: Person,
    fiscal_year: int | None = None,
    kind: str | None = None,
    part: str = "",
    title: str | None = None,
) -> PlanVersion:
    """Make what was read of a document into a version that can be mended item by item (`plans.operations`).

    Bodies that nobody knows are registered and remembered on the document; discarding takes them away again. Raises
    AlreadyAccepted where that was done before, YearUnknown, KindUnknown, NotAllowed.
    """
    ward = document.ward
    permissions.require(may_plan(permissions.rights_of(actor), ward))
    hold_document(document)
    if document.status != DocumentStatus.DRAFT or document.version_id is not None:
        raise AlreadyAccepted(
            _("この文書の取り込みは、もう始まっています。取り込みの一覧から開いてください。")
        )
    target = target_of(
        document.draft, ward=ward.name, fiscal_year=fiscal_year, kind=kind, part=part, title=title
    )
    entries, _cut = flatten_draft(document.draft, fiscal_year=target.fiscal_year)
    bodies, new_bodies = _bodies_of(ward, entries, actor)
    plan, _is_new = Plan.objects.get_or_create(
        ward=ward, fiscal_year=target.fiscal_year, kind=target.kind, part=target.part
    )
    rows = [_row(entry, -1 - entry.index, bodies) for entry in entries]
    tree = Tree(
        tuple(
            replace(row, parent=-1 - entry.parent if entry.parent is not None else None)
            for row, entry in zip(rows, entries, strict=True)
        )
    )
    version = start_version(plan, tree, actor=actor, status=PlanStatus.IMPORT, title=target.title)
    in_order = list(version.texts.order_by("position").values_list("item_id", flat=True))
    results.record_printed_results(
        version=version, results=printed_in_draft(document.draft, dict(enumerate(in_order)))
    )
    document.version = version
    document.new_bodies = [body.pk for body in new_bodies]
    document.brought_by = actor
    document.save(update_fields=["version", "new_bodies", "brought_by"])
    return version


@transaction.atomic
def accept_import(
    *, document: SourceDocument, actor: Person, as_draft: bool = False, replace_plan: bool = False
) -> Accepted:
    """Take a mended document in. It becomes the next published version of its plan, or (`as_draft`) the plan's open
    draft for the divisions to work on.

    What a draft says otherwise than the version in force and nobody has compared with the source is marked as unseen.
    Raises NotMendable, DraftIsOpen, AnotherDocument (unless `replace_plan`), NotAllowed and what publishing raises; then
    nothing has changed. Where the version in force says the same, none is made and the document is thrown away.
    """
    ward = document.ward
    permissions.require(may_plan(permissions.rights_of(actor), ward))
    hold_document(document)
    version = _import_version(document)
    stored = plans.stored_entries(version)
    entries = [each.entry for each in stored]
    index_of = {each.item_id: each.entry.index for each in stored}
    printed = [(index_of[each.item_id], each) for each in printed_of(document, version, set(index_of))]
    seen = {index_of[item] for item in document.settled.get("items", []) if item in index_of}
    plan = version.plan
    target = Target(ward.name, plan.fiscal_year, plan.kind, plan.part, version.title)
    document.version = None
    document.save(update_fields=["version"])
    drop_version(version)

    def results_for(item_ids: dict[int, int]) -> list[PrintedResult]:
        return [replace(each, item_id=item_ids[index]) for index, each in printed]

    if not as_draft:
        return publish_document(
            document=document,
            target=target,
            entries=entries,
            results_for=results_for,
            actor=actor,
            replace=replace_plan,
        )
    way = make_way(document, target, actor=actor)
    plan, _is_new = Plan.objects.get_or_create(
        ward=ward, fiscal_year=target.fiscal_year, kind=target.kind, part=target.part
    )
    differences, known = plans.compare_with_force(plan, entries)
    bodies, _none = _bodies_of(ward, entries, actor)
    ids = {entry.index: known.get(entry.index, -1 - entry.index) for entry in entries}
    unseen = {each.index for each in differences.added} | {each.new.index for each in differences.changed}
    unseen -= seen
    tree = Tree(
        tuple(
            replace(
                _row(entry, ids[entry.index], bodies),
                parent=ids[entry.parent] if entry.parent is not None else None,
                review=(ReviewState.UNSEEN if entry.index in unseen else ReviewState.KEPT).value,
            )
            for entry in entries
        )
    )
    draft = start_version(
        plan,
        tree,
        actor=actor,
        status=PlanStatus.DRAFT,
        base=plans.version_in_force(plan),
        title=target.title,
    )
    in_order = list(draft.texts.order_by("position").values_list("item_id", flat=True))
    results.record_printed_results(version=draft, results=results_for(dict(enumerate(in_order))))
    mark_accepted(document, draft, actor)
    return Accepted(
        version=draft,
        is_unchanged=False,
        differences=differences,
        replaced_sample=way.replaced_sample,
        ended_logins=way.ended_logins,
    )


@transaction.atomic
def discard_import(*, document: SourceDocument, actor: Person, reason: str = "") -> None:
    """Throw a document away that is not taken in: what was read, its mending, and the bodies that only it named.

    Raises NotMendable where it was accepted meanwhile, NotAllowed.
    """
    ward = document.ward
    permissions.require(may_plan(permissions.rights_of(actor), ward))
    hold_document(document)
    if document.status not in UNDECIDED:
        raise NotMendable(_("この文書は取り込み済みのため、捨てられません。"))
    audit.record(
        ward=ward, actor=actor, verb=DocumentVerb.DISCARDED, target=document, reason=reason,
        label=document.title or document.file.name,
    )  # fmt: skip
    version, new_bodies = document.version, list(document.new_bodies)
    throw_away(document)
    if version is not None:
        plan = version.plan
        drop_version(version)
        if not plan.versions.exists() and not plan.items.exists():
            plan.delete()
    called = Comment.mentions.through.objects.values("body")
    for body in Body.objects.filter(ward=ward, pk__in=new_bodies).exclude(pk__in=called):
        wards.forget_body(body=body, actor=actor)


@transaction.atomic
def settle(*, document: SourceDocument, what: str, number: int, actor: Person, settled: bool = True) -> None:
    """Mark a warning (`what` = "warnings") or a text that found no place ("unplaced") as looked at, by its number in
    what was read; or take the mark back. Raises NotMendable, NotAllowed."""
    permissions.require(may_plan(permissions.rights_of(actor), document.ward))
    locked = SourceDocument.objects.select_for_update().get(pk=document.pk)
    if locked.status != DocumentStatus.DRAFT or number not in range(len(locked.draft.get(what) or [])):
        raise NotMendable(_("この文書の取り込みは、もう終わっています。"))
    marks = set(locked.settled.get(what, []))
    marks = marks | {number} if settled else marks - {number}
    locked.settled = {**locked.settled, what: sorted(marks)}
    locked.save(update_fields=["settled"])
    document.settled = locked.settled


@transaction.atomic
def discard_draft(*, version: PlanVersion, actor: Person, reason: str = "") -> None:
    """Throw a plan's open draft away; a document that it was made from can be taken in again. Raises NotAllowed, NotEditable
    where it is no open draft (any more): a document that is being taken in is thrown away by `discard_import`."""
    permissions.require(may_plan(permissions.rights_of(actor), version.ward))
    if not hold_version(version, OPEN):
        raise plans.NotEditable(
            _("この下書きは、もう公開されたか捨てられています。計画の一覧で確かめてください。")
        )
    SourceDocument.objects.filter(version=version).update(
        version=None, status=DocumentStatus.DRAFT, accepted_at=None, accepted_by=None
    )
    plans.discard_draft(version=version, actor=actor, reason=reason)


@transaction.atomic
def publish_draft(*, version: PlanVersion, actor: Person, note: str = "") -> PlanVersion:
    """Publish a plan's open draft, with what follows from it: printed results are kept for the items that are still
    there, links are proposed, residents find it. Raises what `plans.publish_draft` raises."""
    base = version.base
    published = plans.publish_draft(version=version, actor=actor, note=note)
    if base is not None:
        results.carry_results(older=base, newer=published)
    put_in_force(published, actor=actor)
    return published


def hold_document(document: SourceDocument) -> None:
    """Read the document anew and keep others from deciding on it until the transaction ends: what they have decided
    meanwhile counts, not what the object at hand says. Raises NotMendable where it is gone."""
    try:
        document.refresh_from_db(from_queryset=SourceDocument.objects.select_for_update())
    except SourceDocument.DoesNotExist:
        raise NotMendable(_("この文書は、もう捨てられています。取り込みの一覧で確かめてください。")) from None


def _import_version(document: SourceDocument) -> PlanVersion:
    """The version that is being mended, held: whoever is saving in it is waited for, and their words are taken in."""
    version = document.version
    if (
        document.status != DocumentStatus.DRAFT
        or version is None
        or not hold_version(version, [PlanStatus.IMPORT])
    ):
        raise NotMendable(_("この文書は取り込みの途中ではありません。取り込みの一覧から開き直してください。"))
    return version


def _bodies_of(ward: Ward, entries: Sequence[Entry], actor: Person) -> tuple[dict[str, Body], list[Body]]:
    """The body of every owner's folded name; those that nobody knew are registered and returned apart."""
    known = wards.known_bodies(ward)
    new = []
    for entry in entries:
        for printed in entry.owners:
            folded = fold_name(printed)
            if folded and folded not in known:
                known[folded] = wards.add_body(ward, printed, actor=actor)
                new.append(known[folded])
    return known, new


def _row(entry: Entry, item: int, bodies: dict[str, Body]) -> Row:
    owners: dict[int, Owner] = {}
    for printed in entry.owners:
        if folded := fold_name(printed):
            owners.setdefault(bodies[folded].pk, Owner(bodies[folded].pk, printed))
    return Row(
        item=item,
        parent=None,
        kind=entry.kind,
        title=entry.title,
        number=entry.number,
        text=entry.text,
        programme=entry.programme,
        budget_source=entry.budget_source,
        plan_bullets=entry.plan_bullets,
        tags=entry.tags,
        owners=tuple(owners.values()),
        money=entry.money,
        page=entry.page,
        line=entry.line,
        places=entry.places,
    )
