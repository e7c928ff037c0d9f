"""Reads of drafts: their trees, who changed what, and what stood at an earlier revision. For the office only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from kusei.plans.drafting import Owner, Row, Tree
from kusei.plans.enums import EDITABLE, OPEN, PlanStatus, PlanVerb, ReviewState
from kusei.plans.models import Comment, DraftStep, Item, ItemAmount, ItemOwner, ItemText, Plan, PlanVersion
from kusei.plans.rules import Money
from kusei.wards.models import Ward

_TEXT_COLUMNS = (
    "pk", "item_id", "parent_id", "kind", "title", "number", "text", "programme", "budget_source", "plan_bullets",
    "source_page", "source_line", "places", "revision", "review", "review_note",
)  # fmt: skip
_MONEY_COLUMNS = ("fiscal_year", "basis", "source", "amount_yen", "printed", "printed_unit")


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
    """What a version says, as editing sees it; four queries whatever its size.

    Plain values, not model instances: every page of a draft reads the whole tree, and instances with their related rows
    took five times as long.
    """
    texts = list(ItemText.objects.filter(version=version).order_by("position").values_list(*_TEXT_COLUMNS))
    item_of = {text[0]: text[1] for text in texts}
    tags: dict[int, list[str]] = {}
    of_text = ItemText.tags.through.objects.filter(itemtext__version=version).order_by("tag__name")
    for text_id, name in of_text.values_list("itemtext_id", "tag__name"):
        tags.setdefault(text_id, []).append(name)
    owners: dict[int, list[Owner]] = {}
    parts = ItemOwner.objects.filter(text__version=version).order_by("position")
    for text_id, body, printed in parts.values_list("text_id", "body_id", "printed_name"):
        owners.setdefault(text_id, []).append(Owner(body, printed))
    money: dict[int, list[Money]] = {}
    amounts = ItemAmount.objects.filter(text__version=version).order_by("fiscal_year", "basis", "pk")
    for text_id, *amount in amounts.values_list("text_id", *_MONEY_COLUMNS):
        money.setdefault(text_id, []).append(Money(*amount))
    return Tree(
        tuple(
            Row(
                item=item,
                parent=item_of[parent] if parent else None,
                kind=kind,
                title=title,
                number=number,
                text=text,
                programme=programme,
                budget_source=budget_source,
                plan_bullets=tuple(plan_bullets),
                tags=tuple(tags.get(pk, ())),
                owners=tuple(owners.get(pk, ())),
                money=tuple(money.get(pk, ())),
                page=page,
                line=line,
                places=tuple(places),
                revision=revision,
                review=review,
                review_note=review_note,
            )
            for (
                pk, item, parent, kind, title, number, text, programme, budget_source, plan_bullets,
                page, line, places, revision, review, review_note,
            ) in texts
        )
    )  # fmt: skip


def row_at(version: PlanVersion, item_id: int, revision: int) -> Row | None:
    """What an item said at an earlier revision of this draft; None where no step kept it."""
    for step in DraftStep.objects.filter(version=version).order_by("number").iterator():
        for kept in (step.before["rows"], step.after["rows"]):
            row = kept.get(str(item_id))
            if row is not None and row["revision"] == revision:
                return Row.from_plain(row)
    return None


def first_rows(version: PlanVersion) -> dict[int, Row | None]:
    """By item that a step of the draft touched, what it said when the draft began; None for one that was added since."""
    found: dict[int, Row | None] = {}
    steps = DraftStep.objects.filter(version=version).order_by("number")
    for before in steps.values_list("before", flat=True).iterator():
        for key, row in before["rows"].items():
            found.setdefault(int(key), Row.from_plain(row) if row is not None else None)
    return found


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
