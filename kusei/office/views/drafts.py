"""A draft as an outline, what is done to its rows by one form, and the steps that were taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kusei.office.queries.last_year import continues_any
from kusei.office.queries.outlines import KEPT_IN_ADDRESS, Asked, outline_of
from kusei.office.views.draft_frame import (
    draft_or_404,
    draft_page,
    is_first_time,
    item_url,
    number_of,
    opened,
    outline_url,
    tell,
    tell_again,
    toggled,
    with_query,
)
from kusei.plans import operations as plans
from kusei.plans.drafting import Tree
from kusei.plans.enums import ItemKind, PlanVerb, ReviewState
from kusei.plans.models import PlanVersion
from kusei.plans.moving import SIDES, STEPS, place_beside, place_towards
from kusei.plans.operations.drafts import plan_label
from kusei.plans.permissions import may_plan, may_see_drafts
from kusei.plans.queries.drafts import next_to_redo, next_to_undo, steps_of, tree_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.queries import bodies_of

_FORMS = {
    # what a button of the outline leads to: the page that asks for more
    "open": "draft_item",
    "split": "split_item",
    "merge": "merge_item",
    "move": "move_item",
    "remove": "remove_item",
}
LATEST = 12


@require_safe
@in_office(may_see_drafts)
def outline(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """The draft as a table: kinds, numbers, titles, owners, money beside its sums, and where each item stands."""
    version = draft_or_404(request, ward, version_id)
    asked = Asked.from_address(request.GET)
    tree = tree_of(version)
    outline = outline_of(tree, ward, request.rights, asked)
    at = number_of(request.GET.get("at", ""))
    shown = [row.row.item for row in outline.rows if not row.is_hidden]
    return draft_page(
        request,
        "office/plans/outline.html",
        version,
        title=_("%(plan)sの下書き") % {"plan": plan_label(version.plan)},
        context={
            "outline": outline,
            "asked": asked,
            "at": _nearest(at, [row.item for row in tree.rows], set(shown)) or (shown[0] if shown else 0),
            "has_focus": at is not None,
            "bodies": bodies_of(ward),
            "kinds": [(each.value, each.label) for each in ItemKind],
            "states": ReviewState.choices,
            "levels": _levels(request.GET, asked),
            "is_planner": bool(may_plan(request.rights, ward)),
            "undo": next_to_undo(version, request.user.pk),
            "redo": next_to_redo(version, request.user.pk),
            "steps": steps_of(version, LATEST),
            "year": version.plan.fiscal_year,
            "has_last_year": continues_any(version),
        },
    )


def _nearest(item: int | None, order: Sequence[int], shown: Set[int]) -> int | None:
    """The item itself where it is shown, else the next one before it that is: a row that was changed may be narrowed or
    folded away, or gone, and the keyboard goes on from where it stood."""
    if item is None or item not in order:
        return None
    return next((each for each in reversed(order[: order.index(item) + 1]) if each in shown), None)


def _levels(given: QueryDict, asked: Asked) -> list[dict[str, object]]:
    kept: list[tuple[str, str]] = [
        (name, str(given[name]))
        for name in KEPT_IN_ADDRESS
        if given.get(name) and name not in {"level", "fold"}
    ]
    found = []
    for level, label in ((1, _("1段目だけ")), (2, _("2段目まで")), (3, _("3段目まで")), (0, _("すべて"))):
        query = urlencode([*kept, ("level", str(level))] if level else kept)
        found.append(
            {"label": label, "query": query, "is_on": asked.level == level and (level or not asked.fold)}
        )
    return found


@require_POST
@in_office(may_see_drafts)
def act(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """One button of the outline, on the item that is chosen there. The focus comes back to that item."""
    version = draft_or_404(request, ward, version_id)
    query = _kept_from(request.POST.get("back", ""))
    do, item = request.POST.get("do", ""), number_of(request.POST.get("item", ""))
    if fold := number_of(request.POST.get("fold", "")):
        return redirect(outline_url(version, toggled(query, {fold}), fold))
    if do in {"undo", "redo"}:
        return _undo_or_redo(request, version, do, query, item)
    if do == "add" and item is None:
        return redirect(with_query(_address(version, "add_item"), query))
    if item is None:
        messages.error(request, _("先に、表の左端で項目を選んでください。"))
        return redirect(outline_url(version, query))
    if do in {"add", "under"}:
        place = urlencode([("behind" if do == "add" else "under", item)])
        return redirect(with_query(_address(version, "add_item"), "&".join(filter(None, [query, place]))))
    if do in _FORMS:
        return redirect(item_url(version, item, query, _FORMS[do]))
    return _move(request, version, do, item, query)


def _move(request: OfficeRequest, version: PlanVersion, do: str, item: int, query: str) -> HttpResponse:
    target, side = number_of(request.POST.get("target", "")), request.POST.get("side", "")
    place: Callable[[Tree], tuple[int | None, int | None]]
    if do in STEPS:
        place = lambda tree: place_towards(tree, item, do)  # noqa: E731
    elif do == "drop" and target is not None and side in SIDES:
        place = lambda tree: place_beside(tree, item, target, side)  # noqa: E731
    else:
        messages.error(request, _("この操作はできません。ボタンから選び直してください。"))
        return redirect(outline_url(version, query, item))
    try:
        if not is_first_time(request):
            tell_again(request)
        else:
            under, after = place(tree_of(version))
            edited = plans.move_item(version=version, item=item, under=under, after=after, actor=request.user)
            query = opened(query, edited.tree, item)
            tell(request, _("「%(title)s」を動かしました。") % {"title": edited.tree.row(item).title})
    except plans.PlanError as error:
        messages.error(request, str(error))
    return redirect(outline_url(version, query, item))


def _undo_or_redo(
    request: OfficeRequest, version: PlanVersion, do: str, query: str, item: int | None
) -> HttpResponse:
    try:
        if not is_first_time(request):
            tell_again(request)
        else:
            verb = plans.undo_step if do == "undo" else plans.redo_step
            edited = verb(version=version, actor=request.user)
            touched = [] if edited.step is None else [int(key) for key in edited.step.after["rows"]]
            there = [each for each in touched if each in edited.tree]
            item = there[0] if there else _beside_what_went(item, edited)
            query = opened(query, edited.tree, item)
            words = (
                _("「%(what)s」を元に戻しました。") if do == "undo" else _("「%(what)s」をやり直しました。")
            )
            messages.success(request, words % {"what": edited.step.label if edited.step else ""})
    except plans.PlanError as error:
        messages.error(request, str(error))
    return redirect(outline_url(version, query, item))


def _beside_what_went(item: int | None, edited: plans.Edited) -> int | None:
    """Where undoing took an item out of the draft, the one that stood before it."""
    before: list[int] = (edited.step.before["order"] or []) if edited.step is not None else []
    gone = [each for each in before if each not in edited.tree]
    if not gone:
        return item
    return _nearest(gone[0], before, {row.item for row in edited.tree.rows})


@require_safe
@in_office(may_see_drafts)
def steps(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """Every step of the draft, newest first: who, when, what."""
    version = draft_or_404(request, ward, version_id)
    return draft_page(
        request,
        "office/plans/steps.html",
        version,
        title=_("操作の一覧"),
        crumbs=[],
        context={"steps": steps_of(version, 200), "undone": PlanVerb.STEP_UNDONE},
    )


def _address(version: PlanVersion, name: str) -> str:
    return reverse(f"office:{name}", args=[version.ward.key, version.pk])


def _kept_from(query: str) -> str:
    given = QueryDict(query[:20_000])
    return urlencode([(name, given[name]) for name in KEPT_IN_ADDRESS if given.get(name)])
