"""Links between items: Kusei proposes them, a person decides; names that are the same are taken as decided on import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold_name
from kusei.plans import linking
from kusei.plans.enums import LinkKind, LinkStatus, LinkVerb, PlanStatus, PlanVerb
from kusei.plans.errors import PlanError
from kusei.plans.linking import LinkItem, Proposal
from kusei.plans.models import Link, Plan, PlanVersion
from kusei.plans.operations.versions import stored_entries
from kusei.plans.permissions import may_plan
from kusei.plans.rules import Entry
from kusei.wards import audit, permissions
from kusei.wards import operations as wards
from kusei.wards.models import Body, Person, Ward


class LinkNotFound(PlanError):
    """The ward has no such link."""


class LinkAlreadyDecided(PlanError):
    """Somebody decided on the link before."""


@dataclass(frozen=True, slots=True)
class NewLinks:
    """What a round of proposing brought: links taken as decided (same name), and links that wait for a person."""

    confirmed: tuple[Link, ...]
    proposed: tuple[Link, ...]


@transaction.atomic
def propose_links(ward: Ward, *, actor: Person, evidence: Mapping[int, str] | None = None) -> NewLinks:
    """Propose links between the ward's plans in force; returns those that are new.

    Links with the same name after folding are confirmed in `actor`'s name and marked automatic. What a person decided
    stays; open proposals that nothing speaks for any more go. `evidence` is text of items from other rooms, by item.
    """
    proposals = {
        (each.from_key, each.to_key, each.kind): each
        for each in linking.propose(
            _items_in_force(ward, evidence or {}), names_without_meaning=_silent_names(ward)
        )
    }
    existing = {
        (link.from_item_id, link.to_item_id, link.kind): link for link in Link.objects.filter(ward=ward)
    }
    stale = {
        link.pk
        for key, link in existing.items()
        if key not in proposals and (link.status == LinkStatus.PROPOSED or link.is_automatic)
    }
    undone = sum(link.status == LinkStatus.CONFIRMED for link in existing.values() if link.pk in stale)
    Link.objects.filter(pk__in=stale).delete()
    now = timezone.now()
    changed, fresh = [], []
    for key, proposal in proposals.items():
        link = existing.get(key)
        if link is None:
            link = Link(ward=ward, from_item_id=key[0], to_item_id=key[1], kind=key[2])
            fresh.append(link)
        elif link.status != LinkStatus.PROPOSED:
            continue
        else:
            changed.append(link)
        link.confidence_percent = proposal.confidence_percent
        link.reason = proposal.reason[:300]
        if (
            proposal.is_same_name and link.pk is None
        ):  # one that waits was left open, or taken back, by a person
            link.status = LinkStatus.CONFIRMED
            link.is_automatic = True
            link.decided_at = now
            link.decided_by = actor
    Link.objects.bulk_update(
        changed,
        ["confidence_percent", "reason", "status", "is_automatic", "decided_at", "decided_by"],
        batch_size=200,
    )
    Link.objects.bulk_create(fresh, batch_size=200)
    new = NewLinks(
        confirmed=tuple(link for link in fresh if link.status == LinkStatus.CONFIRMED),
        proposed=tuple(link for link in fresh if link.status == LinkStatus.PROPOSED),
    )
    if fresh or stale:
        audit.record(
            ward=ward,
            actor=actor,
            verb=LinkVerb.PROPOSED,
            target=ward,
            changes={
                "links_confirmed": (0, len(new.confirmed)),
                "links_proposed": (0, len(new.proposed)),
                "links_undone": (0, undone),
                "links_withdrawn": (0, len(stale) - undone),
            },
        )
    return new


def preview_links(
    ward: Ward,
    entries: Sequence[Entry],
    *,
    fiscal_year: int,
    kind: str,
    instead_of: Iterable[Plan] = (),
    evidence: Mapping[int, str] | None = None,
    results: Mapping[int, str] | None = None,
) -> list[Proposal]:
    """The links that a draft would have once it is in force; its items' keys are -1 - index. Nothing is kept.

    `results` are the draft's own texts by index, `evidence` those of the items known already; `instead_of` are the plans
    whose place the draft would take.
    """
    gone = {plan.pk for plan in instead_of}
    others = [item for item in _items_in_force(ward, evidence or {}) if item.plan not in gone]
    known = wards.known_bodies(ward)
    mine = [
        LinkItem(
            key=-1 - entry.index,
            plan=-1,
            fiscal_year=fiscal_year,
            plan_kind=kind,
            kind=entry.kind,
            title=entry.title,
            programme=entry.programme,
            text="/".join((entry.text, *entry.plan_bullets)),
            evidence=(results or {}).get(entry.index, ""),
            above=tuple(-1 - index for index in _above(entry, entries)),
            owners=frozenset(_owner_key(name, known) for name in entry.owners),
        )
        for entry in entries
    ]
    silent = [*_silent_names(ward), *(name for entry in entries for name in entry.owners)]
    proposals = linking.propose([*others, *mine], names_without_meaning=silent)
    return [each for each in proposals if each.from_key < 0 or each.to_key < 0]


@transaction.atomic
def confirm_link(*, ward: Ward, link_id: int, actor: Person) -> Link:
    """Take a proposed link as true. Raises LinkNotFound, LinkAlreadyDecided or NotAllowed."""
    return _decide(ward, link_id, actor, LinkStatus.CONFIRMED)


@transaction.atomic
def refuse_link(*, ward: Ward, link_id: int, actor: Person) -> Link:
    """Refuse a proposed link: it is never proposed again. Raises LinkNotFound, LinkAlreadyDecided or NotAllowed."""
    return _decide(ward, link_id, actor, LinkStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of many links: those decided now, and those that somebody had decided before."""

    decided: tuple[int, ...]
    before: tuple[int, ...]


@transaction.atomic
def decide_links(*, ward: Ward, link_ids: Iterable[int], confirm: bool, actor: Person) -> Decided:
    """Confirm or refuse many proposals at once, with a line of the trail for each. What was decided meanwhile stays as it
    is and is told; ids that the ward does not have are passed over. Raises NotAllowed."""
    permissions.require(may_plan(permissions.rights_of(actor), ward))
    status = LinkStatus.CONFIRMED if confirm else LinkStatus.REFUSED
    decided, before = [], []
    for link_id in dict.fromkeys(link_ids):
        try:
            _decide(ward, link_id, actor, status)
        except LinkAlreadyDecided:
            before.append(link_id)
        except LinkNotFound:
            continue
        else:
            decided.append(link_id)
    return Decided(tuple(decided), tuple(before))


@transaction.atomic
def reopen_link(*, ward: Ward, link_id: int, actor: Person) -> Link:
    """Take a decision back: the link waits for one again. Raises LinkNotFound where there is no decided one, NotAllowed."""
    permissions.require(may_plan(permissions.rights_of(actor), ward))
    link = (
        Link.objects.select_for_update()
        .filter(ward=ward, pk=link_id)
        .exclude(status=LinkStatus.PROPOSED)
        .exclude(kind__in=[LinkKind.SPLIT, LinkKind.MERGED])
        .first()
    )
    if link is None:
        raise LinkNotFound(_("取り消せる決定がありません。もう取り消されたか、つながりがなくなっています。"))
    before = LinkStatus(link.status)
    link.status, link.is_automatic = LinkStatus.PROPOSED, False
    link.decided_at = link.decided_by = None
    link.save(update_fields=["status", "is_automatic", "decided_at", "decided_by"])
    audit.record(
        ward=ward,
        actor=actor,
        verb=LinkVerb.REOPENED,
        target=link,
        label=link.reason,
        changes={"status": (str(before.label), str(LinkStatus.PROPOSED.label))},
    )
    return link


def open_proposals(ward: Ward) -> list[Link]:
    """The links that wait for a decision, the surest first."""
    return list(
        Link.objects.filter(ward=ward, status=LinkStatus.PROPOSED)
        .select_related("from_item__plan", "to_item__plan")
        .order_by("-confidence_percent", "id")
    )


def _decide(ward: Ward, link_id: int, actor: Person, status: LinkStatus) -> Link:
    permissions.require(may_plan(permissions.rights_of(actor), ward))
    decided = Link.objects.filter(ward=ward, pk=link_id, status=LinkStatus.PROPOSED).update(
        status=status, is_automatic=False, decided_at=timezone.now(), decided_by=actor
    )
    link = Link.objects.filter(ward=ward, pk=link_id).first()
    if link is None:
        raise LinkNotFound(_("つながりの提案 %(id)s はありません。") % {"id": link_id})
    if not decided:
        raise LinkAlreadyDecided(
            _("つながり %(id)s は「%(status)s」に決まっています。")
            % {"id": link_id, "status": LinkStatus(link.status).label}
        )
    confirmed = status == LinkStatus.CONFIRMED
    audit.record(
        ward=ward,
        actor=actor,
        verb=PlanVerb.LINK_CONFIRMED if confirmed else PlanVerb.LINK_REFUSED,
        target=link,
        label=link.reason,
        changes={"status": (str(LinkStatus.PROPOSED.label), str(status.label))},
    )
    return link


def _items_in_force(ward: Ward, evidence: Mapping[int, str]) -> list[LinkItem]:
    known = wards.known_bodies(ward)
    found: list[LinkItem] = []
    newest: dict[int, PlanVersion] = {}
    published = PlanVersion.objects.filter(plan__ward=ward, status=PlanStatus.PUBLISHED)
    for version in published.select_related("plan").order_by("number"):
        newest[version.plan_id] = version
    for version in newest.values():
        stored = stored_entries(version)
        entries = [each.entry for each in stored]
        item_of = {each.entry.index: each.item_id for each in stored}
        found.extend(
            LinkItem(
                key=each.item_id,
                plan=version.plan_id,
                fiscal_year=version.plan.fiscal_year,
                plan_kind=version.plan.kind,
                kind=each.entry.kind,
                title=each.entry.title,
                programme=each.entry.programme,
                text="/".join((each.entry.text, *each.entry.plan_bullets)),
                evidence=evidence.get(each.item_id, ""),
                above=tuple(item_of[index] for index in _above(each.entry, entries)),
                owners=frozenset(_owner_key(name, known) for name in each.entry.owners),
            )
            for each in stored
        )
    return found


def _above(entry: Entry, entries: Sequence[Entry]) -> list[int]:
    found = []
    parent = entry.parent
    while parent is not None:
        found.append(parent)
        parent = entries[parent].parent
    return found


def _owner_key(name: str, known: Mapping[str, Body]) -> str:
    folded = fold_name(name)
    return known[folded].folded if folded in known else folded


def _silent_names(ward: Ward) -> list[str]:
    """The names of the ward, its city and its bodies in every spelling, with and without the ward's name in front."""
    bodies = wards.body_names(ward)
    stem = ward.name.rstrip("区市町村")
    return [
        ward.full_name,
        ward.name,
        *([ward.parent.name] if ward.parent else []),
        *bodies,
        *(f"{stem}{name}" for name in bodies if name.startswith(("区", "市"))),
    ]
