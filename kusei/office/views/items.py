"""One item of a draft: its panel with all fields, saving beside others, and what divisions say to one another about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kusei.office.forms.items import ItemForm, changes_typed, form_of, typed_form
from kusei.office.queries.last_year import item_beside
from kusei.office.queries.outlines import read_from, vocabulary_of
from kusei.office.views.clashes import clashing_columns, conflict_page, resolved_texts
from kusei.office.views.draft_frame import (
    draft_or_404,
    draft_page,
    item_is_gone,
    item_url,
    kept,
    opened,
    outline_url,
    row_or_404,
    tell,
)
from kusei.office.views.not_saved import not_saved
from kusei.plans import operations as plans
from kusei.plans.draft_fields import FIELD_LABELS, Vocabulary
from kusei.plans.drafting import Row, Tree, running_sums
from kusei.plans.enums import ItemKind, ReviewState
from kusei.plans.models import Item, PlanVersion
from kusei.plans.permissions import may_edit_item, may_plan, may_see_drafts
from kusei.plans.queries.drafts import comments_of, next_to_redo, next_to_undo, row_at, tree_of
from kusei.results.permissions import may_see_all_answers
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import may_keep_bodies
from kusei.wards.queries import bodies_of, trail_of

_TRAIL_LINES = 50


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_drafts)
def item(request: OfficeRequest, ward: Ward, version_id: int, item_id: int) -> HttpResponse:
    """The item's panel; POST saves what was typed."""
    try:
        version = draft_or_404(request, ward, version_id)
    except Http404 as error:
        if request.method != "POST":
            raise
        return not_saved(request, ward, str(error))
    tree = tree_of(version)
    if request.method == "POST" and item_id not in tree:
        return not_saved(request, ward, item_is_gone(), outline_url(version, kept(request)))
    row = row_or_404(tree, item_id)
    if request.method == "POST":
        return _save(request, version, tree, row)
    words = vocabulary_of(version)
    return _panel(request, version, tree, row, words, form_of(row, _above(tree, row), words))


def _save(request: OfficeRequest, version: PlanVersion, tree: Tree, row: Row) -> HttpResponse:
    words, above = vocabulary_of(version), _above(tree, row)
    given = request.POST.get("revision", "")
    revision = int(given) if given.isdecimal() and len(given) < 9 else row.revision
    base = row if row.revision == revision else row_at(version, row.item, revision) or row
    is_choice = "resolving" in request.POST
    if is_choice:
        texts, open_clashes = resolved_texts(request.POST)
        if open_clashes:
            return conflict_page(request, version, row, open_clashes, texts, is_missing=True)
        form = ItemForm(texts, [], [], [])
        changes = changes_typed(form, base, above, words, has_money=False)
        if form.problems:
            form = _with_texts(form_of(base, above, words), texts, form)
    else:
        form = typed_form(request.POST, row, above)
        changes = changes_typed(form, base, above, words, has_money="current" in request.POST)
    if form.problems:
        return _panel(request, version, tree, row, words, form, revision=revision, status=422)
    return _try_to_save(request, version, base, revision, changes, words)


def _try_to_save(
    request: OfficeRequest,
    version: PlanVersion,
    base: Row,
    revision: int,
    changes: dict[str, Any],
    words: Vocabulary,
    joined: tuple[str, ...] = (),
) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    try:
        edited = plans.edit_item(
            version=version,
            item=base.item,
            revision=revision,
            changes=changes,
            actor=request.user,
            reason=reason,
        )
    except plans.EditConflict as error:
        mine = replace(base, **changes)
        seen = base if error.is_base_known else None
        clashes, texts = clashing_columns(seen, error.theirs, mine, changes, words)
        if clashes:
            return conflict_page(request, version, error.theirs, clashes, texts)
        # Both changed the money, one this year's and the other last year's: the columns do not clash.
        form = ItemForm(texts, [], [], [])
        again = changes_typed(form, error.theirs, None, words, has_money=False)
        both = {"money": again["money"]} if "money" in again else {}
        rest = {name: value for name, value in changes.items() if name != "money"}
        return _try_to_save(
            request, version, error.theirs, error.theirs.revision, {**rest, **both}, words, ("money",)
        )
    except plans.PlanError as error:
        return not_saved(request, version.ward, str(error), outline_url(version, kept(request)))
    _tell_saved(request, edited, changes, joined)
    if "to_list" in request.POST:
        return redirect(outline_url(version, opened(kept(request), edited.tree, base.item), base.item))
    return redirect(item_url(version, base.item, kept(request)))


def _tell_saved(
    request: OfficeRequest, edited: plans.Edited, changes: dict[str, Any], joined: tuple[str, ...]
) -> None:
    if edited.step is None:
        messages.info(request, _("前と同じ内容なので、何も変えていません。"))
    else:
        tell(request, _("保存しました。"))
    others = [field for field in edited.joined if field not in changes]
    names = "」「".join(str(FIELD_LABELS[field]) for field in [*others, *joined])
    if names:
        messages.warning(
            request,
            _("開いているあいだに、ほかの人が「%(names)s」を直していました。両方の変更を残しました。見て確かめてください。")
            % {"names": names},
        )  # fmt: skip


def _with_texts(form: ItemForm, texts: dict[str, str], tried: ItemForm) -> ItemForm:
    """The item's form with what was chosen between two texts put into it, for mending."""
    form.texts.update(texts)
    if "owners" in texts:
        form.owners = [*texts["owners"].split("\n"), ""]
    form.problems = tried.problems
    return form


def _above(tree: Tree, row: Row) -> str | None:
    return tree.row(row.parent).kind if row.parent is not None else None


def _panel(
    request: OfficeRequest,
    version: PlanVersion,
    tree: Tree,
    row: Row,
    words: Vocabulary,
    form: ItemForm,
    *,
    revision: int | None = None,
    status: int = 200,
) -> HttpResponse:
    ward = version.ward
    order = [each.item for each in tree.rows]
    place = order.index(row.item)
    decision = may_edit_item(request.rights, ward, tree.owner_bodies(row.item))
    bodies = bodies_of(ward)
    return draft_page(
        request,
        "office/plans/item.html",
        version,
        title=row.title or _("題名のない項目"),
        crumbs=[],
        context={
            "row": row,
            "kind_label": ItemKind(row.kind).label,
            "state_label": ReviewState(row.review).label,
            "form": form,
            "revision": revision or row.revision,
            "refusal": "" if decision else decision.reason,
            "is_planner": bool(may_plan(request.rights, ward)),
            "may_register": bool(may_keep_bodies(request.rights, ward)),
            "bodies": bodies,
            "above": list(reversed(tree.above(row.item))),
            "children": tree.children(row.item),
            "sum": next((each for each in running_sums(tree) if each.item == row.item), None),
            "current_yen": row.current_yen,
            "previous_item": order[place - 1] if place else None,
            "next_item": order[place + 1] if place + 1 < len(order) else None,
            "comments": comments_of(ward, [row.item]).get(row.item, []),
            "entries": trail_of(ward, "plans.item", row.item, limit=_TRAIL_LINES),
            "read_from": read_from(version, row),
            "beside": item_beside(
                version, tree, row, for_office=bool(may_see_all_answers(request.rights, ward))
            ),
            "undo": next_to_undo(version, request.user.pk),
            "redo": next_to_redo(version, request.user.pk),
            "year": version.plan.fiscal_year,
            "last_year": version.plan.fiscal_year - 1,
        },
        status=status,
    )


@require_POST
@in_office(may_see_drafts)
def comment(request: OfficeRequest, ward: Ward, version_id: int, item_id: int) -> HttpResponse:
    """Say something about an item to the others in the office."""
    version = draft_or_404(request, ward, version_id)
    row = row_or_404(tree_of(version), item_id)
    text = request.POST.get("text", "")
    said = comments_of(ward, [row.item]).get(row.item, [])
    if said and said[-1].author_id == request.user.pk and said[-1].text == text.strip():
        messages.info(request, _("このコメントは、もう書かれています。"))
        return redirect(item_url(version, row.item, kept(request)) + "#comments")
    try:
        written = plans.write_comment(
            ward=ward, item=Item.objects.get(pk=row.item, ward=ward), text=text, actor=request.user
        )
    except plans.PlanError as error:
        messages.error(request, str(error))
    else:
        called = "、".join(body.name for body in written.mentions.all())
        messages.success(
            request,
            _("コメントを書きました。%(called)sの「自分の仕事」に出ます。") % {"called": called}
            if called
            else _("コメントを書きました。"),
        )
    return redirect(item_url(version, row.item, kept(request)) + "#comments")


@require_POST
@in_office(may_see_drafts)
def settle(
    request: OfficeRequest, ward: Ward, version_id: int, item_id: int, comment_id: int
) -> HttpResponse:
    """Mark a comment as done."""
    version = draft_or_404(request, ward, version_id)
    row = row_or_404(tree_of(version), item_id)
    try:
        plans.settle_comment(ward=ward, comment_id=comment_id, actor=request.user)
    except plans.PlanError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("コメントを済みにしました。"))
    return redirect(item_url(version, row.item, kept(request)) + "#comments")
