"""Reads of drafts: their trees, who changed what, and what stood at an earlier revision. For the office only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from kusei.plans.drafting import Owner, Row, Tree
from kusei.plans.enums import EDITABLE, OPEN, PlanStatus, PlanVerb, ReviewState
from kusei.plans.models import Comment, DraftStep, Item, ItemText, Plan, PlanVersion
from kusei.plans.rules import Money
from kusei.wards.models import Ward


def draft_of(ward: Ward, version_id: int) -> PlanVersion | None:
    """A version of this ward that can still be edited; None if there is none such."""
    return (
        PlanVersion.objects.filter(ward=ward, pk=version_id, status__in=EDITABLE)
        .select_related("plan", "ward")
        .first()
    )


def open_draft_of(plan: Plan) -> PlanVersion | None:
    """The plan's open draft, or None."""
    return plan.versions.filter(status__in=OPEN).first()


def tree_of(version: PlanVersion) -> Tree:
    """What a version says, as editing sees it; four queries whatever its size."""
    texts = list(
        ItemText.objects.filter(version=version)
        .order_by("position")
        .prefetch_related("tags", "owners", "amounts")
    )
    item_of = {text.pk: text.item_id for text in texts}
    return Tree(tuple(_row(text, item_of) for text in texts))


def row_at(version: PlanVersion, item_id: int, revision: int) -> Row | None:
    """What an item said at an earlier revision of this draft; None where no step kept it."""
    for step in DraftStep.objects.filter(version=version).order_by("number").iterator():
        for kept in (step.before["rows"], step.after["rows"]):
            row = kept.get(str(item_id))
            if row is not None and row["revision"] == revision:
                return Row.from_plain(row)
    return None


def rows_at(version: PlanVersion, revisions: Mapping[int, int]) -> dict[tuple[int, int], Row]:
    """What several items (id: revision) said at earlier revisions of this draft, in one pass over its steps."""
    found: dict[tuple[int, int], Row] = {}
    if not revisions:
        return found
    for step in DraftStep.objects.filter(version=version).order_by("number").iterator():
        for kept in (step.before["rows"], step.after["rows"]):
            for key, row in kept.items():
                if row is not None and revisions.get(int(key)) == row["revision"]:
                    found[int(key), row["revision"]] = Row.from_plain(row)
    return found


def public_ids_of(version: PlanVersion) -> dict[int, str]:
    """By item, the id by which files and addresses name it."""
    pairs = ItemText.objects.filter(version=version).values_list("item_id", "item__public_id")
    return {item: str(public_id) for item, public_id in pairs}


def homes_of(ward: Ward, public_ids: Iterable[str]) -> dict[str, Plan]:
    """The plans to which items of this ward belong, by public id; others are left out."""
    wanted = [each for each in public_ids if _is_uuid(each)]
    items = Item.objects.filter(ward=ward, public_id__in=wanted).select_related("plan")
    return {str(item.public_id): item.plan for item in items}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _row(text: ItemText, item_of: dict[int, int]) -> Row:
    return Row(
        item=text.item_id,
        parent=item_of[text.parent_id] if text.parent_id else None,
        kind=text.kind,
        title=text.title,
        number=text.number,
        text=text.text,
        programme=text.programme,
        budget_source=text.budget_source,
        plan_bullets=tuple(text.plan_bullets),
        tags=tuple(tag.name for tag in text.tags.all()),
        owners=tuple(Owner(owner.body_id, owner.printed_name) for owner in text.owners.all()),
        money=tuple(
            Money(each.fiscal_year, each.basis, each.source, each.amount_yen, each.printed, each.printed_unit)
            for each in text.amounts.all()
        ),
        page=text.source_page,
        line=text.source_line,
        places=tuple(text.places),
        revision=text.revision,
        review=text.review,
        review_note=text.review_note,
    )


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan in the office's list: what is published, and the draft that is open, with how its items stand."""

    plan: Plan
    published: PlanVersion | None
    draft: PlanVersion | None
    items: int
    by_review: dict[str, int]
    edited_at: datetime | None


def plan_rows(ward: Ward) -> list[PlanRow]:
    """Every plan of the ward that has something to show, newest year first; three queries."""
    plans = {plan.pk: plan for plan in Plan.objects.filter(ward=ward)}
    published: dict[int, PlanVersion] = {}
    drafts: dict[int, PlanVersion] = {}
    for each in PlanVersion.objects.filter(ward=ward).order_by("number"):
        if each.status == PlanStatus.PUBLISHED:
            published[each.plan_id] = each
        elif each.status in OPEN:
            drafts[each.plan_id] = each
    shown = {plan_id: drafts.get(plan_id) or published.get(plan_id) for plan_id in plans}
    counts = review_counts(version.pk for version in shown.values() if version)
    rows = []
    for plan_id, plan in plans.items():
        version = shown[plan_id]
        if version is None:
            continue
        by_review = counts.get(version.pk, {})
        rows.append(
            PlanRow(
                plan,
                published.get(plan_id),
                drafts.get(plan_id),
                sum(by_review.values()),
                by_review,
                version.edited_at or version.published_at or version.made_at,
            )
        )
    return rows


def review_counts(version_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """By version, how many items stand at which point of the review."""
    found: dict[int, dict[str, int]] = {}
    rows = (
        ItemText.objects.filter(version_id__in=list(version_ids))
        .order_by()
        .values("version_id", "review")
        .annotate(total=Count("pk"))
    )
    for row in rows:
        found.setdefault(row["version_id"], {})[row["review"]] = row["total"]
    return found


def texts_waiting(
    ward: Ward, states: Iterable[ReviewState], body_ids: Iterable[int] | None = None
) -> list[ItemText]:
    """Items of open drafts at one of these points; only those of certain bodies if given."""
    found = ItemText.objects.filter(ward=ward, version__status__in=OPEN, review__in=list(states))
    if body_ids is not None:
        found = found.filter(owners__body__in=list(body_ids)).distinct()
    return list(
        found.select_related("version__plan", "item").order_by("version__plan__fiscal_year", "position")
    )


def comments_of(ward: Ward, item_ids: Iterable[int]) -> dict[int, list[Comment]]:
    """By item, its comments, oldest first; three queries."""
    found: dict[int, list[Comment]] = {}
    rows = Comment.objects.filter(ward=ward, item_id__in=list(item_ids)).select_related(
        "author", "settled_by"
    )
    for comment in rows.prefetch_related("mentions"):
        found.setdefault(comment.item_id, []).append(comment)
    return found


def open_mentions(ward: Ward, body_ids: Iterable[int]) -> list[Comment]:
    """Comments that call one of these bodies and are not settled, oldest first."""
    return list(
        Comment.objects.filter(ward=ward, settled_at__isnull=True)
        .filter(Q(mentions__in=list(body_ids)))
        .select_related("author", "item__plan")
        .distinct()
    )


def next_to_undo(version: PlanVersion, person_id: int) -> DraftStep | None:
    """The step that undoing would take back for this person; None where there is none."""
    steps = DraftStep.objects.filter(version=version, actor_id=person_id, undone_at__isnull=True)
    return steps.exclude(verb=PlanVerb.STEP_UNDONE).order_by("-number").first()


def next_to_redo(version: PlanVersion, person_id: int) -> DraftStep | None:
    """The step that this person has just taken back and could do again; None where something came after."""
    last = DraftStep.objects.filter(version=version, actor_id=person_id).order_by("-number").first()
    is_undo = last is not None and last.verb == PlanVerb.STEP_UNDONE and last.undone_at is None
    return last if is_undo else None


def steps_of(version: PlanVersion, limit: int = 30) -> list[DraftStep]:
    """The latest changes of a draft, newest first."""
    return list(DraftStep.objects.filter(version=version).select_related("actor")[:limit])
