"""What changes the shape of a draft, each asked for on a page of its own: adding, splitting, merging, moving, removing."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kusei.japanese.folding import fold_name
from kusei.office.queries.outlines import vocabulary_of
from kusei.office.views.draft_frame import (
    draft_or_404,
    draft_page,
    is_first_time,
    item_url,
    kept,
    number_of,
    opened,
    outline_url,
    row_or_404,
    tell,
    tell_again,
    with_query,
)
from kusei.office.views.frame import Crumb
from kusei.plans import operations as plans
from kusei.plans.draft_fields import FieldProblem, changes_of
from kusei.plans.drafting import Row, Tree, kinds_under
from kusei.plans.enums import ItemKind
from kusei.plans.models import PlanVersion
from kusei.plans.moving import SIDES, place_beside
from kusei.plans.permissions import may_edit_item, may_plan, may_see_drafts
from kusei.plans.queries.drafts import next_to_undo, tree_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import require

_MOST_CHOICES = 60
_MOST_PIECES = 12


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_drafts)
def add(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """A new item: `behind` another one, or `under` one, at the end."""
    version = draft_or_404(request, ward, version_id)
    tree = tree_of(version)
    behind, under = _place_asked_for(tree, request)
    if under is None:
        require(may_plan(request.rights, ward))
    else:
        require(may_edit_item(request.rights, ward, tree.owner_bodies(under)))
    above = tree.row(under).kind if under is not None else None
    kinds = kinds_under(above)
    beside = tree.row(behind).kind if behind is not None else kinds[0]
    kind = beside if beside in kinds else kinds[0]
    typed = {name: request.POST.get(name, "") for name in ("kind", "number", "title", "text")}
    problems: list[FieldProblem] = []
    if request.method == "POST":
        blank = Row(0, under, kind, "")
        changes, problems = changes_of(typed, blank, above, vocabulary_of(version))
        if not typed["title"].strip():
            problems.append(FieldProblem("title", _("題名がありません。題名を入れてください。")))
        if not problems:
            return _added(request, version, Row(0, under, **{"kind": kind, **changes}), under, behind)
    else:
        typed["kind"] = str(ItemKind(kind).label)
    return draft_page(
        request,
        "office/plans/add.html",
        version,
        title=_("項目を加える"),
        crumbs=[],
        context={
            "typed": typed,
            "problems": problems,
            "wrong": {each.column: each for each in problems},
            "kinds": [str(ItemKind(each).label) for each in kinds],
            "behind": tree.row(behind) if behind is not None else None,
            "under": tree.row(under) if under is not None else None,
            "undo": next_to_undo(version, request.user.pk),
            "back": outline_url(version, kept(request), behind or under),
        },
        status=422 if problems else 200,
    )


def _place_asked_for(tree: Tree, request: OfficeRequest) -> tuple[int | None, int | None]:
    asked = request.POST if request.method == "POST" else request.GET
    behind, under = number_of(asked.get("behind", "")), number_of(asked.get("under", ""))
    if behind is not None:
        return behind, row_or_404(tree, behind).parent
    if under is not None:
        row_or_404(tree, under)
    return None, under


def _added(
    request: OfficeRequest, version: PlanVersion, row: Row, under: int | None, behind: int | None
) -> HttpResponse:
    if not is_first_time(request):
        tell_again(request)
        return redirect(outline_url(version, kept(request), behind or under))
    try:
        edited = plans.add_item(version=version, row=row, under=under, after=behind, actor=request.user)
    except plans.PlanError as error:
        messages.error(request, str(error))
        return redirect(outline_url(version, kept(request), behind or under))
    tell(request, _("「%(title)s」を加えました。") % {"title": row.title})
    if "again" in request.POST and edited.item is not None:
        address = reverse("office:add_item", args=[version.ward.key, version.pk])
        return redirect(with_query(address, "&".join(filter(None, [kept(request), f"behind={edited.item}"]))))
    return redirect(outline_url(version, opened(kept(request), edited.tree, edited.item), edited.item))


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def split(request: OfficeRequest, ward: Ward, version_id: int, item_id: int) -> HttpResponse:
    """Cut an item in pieces; the form begins with the paragraphs of its text."""
    version = draft_or_404(request, ward, version_id)
    tree = tree_of(version)
    row = row_or_404(tree, item_id)
    pieces, problem = _pieces_of(row), ""
    revision = number_of(request.POST.get("revision", "")) or row.revision
    if request.method == "POST":
        pieces = list(zip(request.POST.getlist("title"), request.POST.getlist("text"), strict=False))
        filled = [piece for piece in pieces if any(part.strip() for part in piece)]
        if "more" in request.POST:
            pieces = [*pieces[: _MOST_PIECES - 1], ("", "")]
        else:
            try:
                if not is_first_time(request):
                    tell_again(request)
                else:
                    plans.split_item(
                        version=version, item=row.item, revision=revision, pieces=filled, actor=request.user
                    )
                    tell(request, _("「%(title)s」を%(count)dつに分けました。") % {"title": row.title, "count": len(filled)})  # fmt: skip
                return redirect(outline_url(version, kept(request), row.item))
            except plans.EditConflict:
                problem = _("開いているあいだに、ほかの人がこの項目を直しました。下の「いまの内容」を見て、欄を直してから分けてください。")  # fmt: skip
                revision = row.revision
            except plans.PlanError as error:
                problem = str(error)
    return draft_page(
        request,
        "office/plans/split.html",
        version,
        title=_("項目を分ける"),
        crumbs=[_item_crumb(version, row, request)],
        context={
            "row": row,
            "revision": revision,
            "pieces": pieces,
            "problem": problem,
            "can_grow": len(pieces) < _MOST_PIECES,
            "undo": next_to_undo(version, request.user.pk),
            "back": outline_url(version, kept(request), row.item),
        },
        status=422 if problem else 200,
    )


def _pieces_of(row: Row) -> list[tuple[str, str]]:
    """Its title with the first paragraph, and each further paragraph under its own beginning."""
    first, *others = [part.strip() for part in row.text.split("\n") if part.strip()] or [""]
    further = [(part.split("。")[0][:40], part) for part in others[: _MOST_PIECES - 1]]
    return [(row.title, first), *(further or [("", "")])]


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def merge(request: OfficeRequest, ward: Ward, version_id: int, item_id: int) -> HttpResponse:
    """Let an item go into another one of the draft, chosen from a list with search."""
    version = draft_or_404(request, ward, version_id)
    tree = tree_of(version)
    if request.method == "POST" and item_id not in tree:  # the second half of a double click
        tell_again(request)
        return redirect(outline_url(version, kept(request)))
    row = row_or_404(tree, item_id)
    problem = ""
    if request.method == "POST":
        into = number_of(request.POST.get("target", ""))
        try:
            if into is None:
                problem = _("まとめる先の項目を選んでください。")
            elif not is_first_time(request):
                tell_again(request)
                return redirect(outline_url(version, kept(request), into))
            else:
                title = row_or_404(tree, into).title
                plans.merge_items(version=version, item=row.item, into=into, actor=request.user)
                tell(request, _("「%(title)s」を「%(into)s」にまとめました。") % {"title": row.title, "into": title})  # fmt: skip
                return redirect(outline_url(version, kept(request), into))
        except plans.PlanError as error:
            problem = str(error)
    return _pick_page(request, version, tree, row, "merge", _("ほかの項目にまとめる"), problem)


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def move(request: OfficeRequest, ward: Ward, version_id: int, item_id: int) -> HttpResponse:
    """Put an item beside or under another one, however far away."""
    version = draft_or_404(request, ward, version_id)
    tree = tree_of(version)
    row = row_or_404(tree, item_id)
    problem = ""
    if request.method == "POST":
        target, side = number_of(request.POST.get("target", "")), request.POST.get("side", "under")
        try:
            if target is None or side not in SIDES:
                problem = _("動かす先の項目と、どこに置くかを選んでください。")
            elif not is_first_time(request):
                tell_again(request)
                return redirect(outline_url(version, kept(request), row.item))
            else:
                row_or_404(tree, target)
                under, after = place_beside(tree, row.item, target, side)
                plans.move_item(version=version, item=row.item, under=under, after=after, actor=request.user)
                tell(request, _("「%(title)s」を動かしました。") % {"title": row.title})
                return redirect(outline_url(version, kept(request), row.item))
        except plans.PlanError as error:
            problem = str(error)
    return _pick_page(request, version, tree, row, "move", _("ほかの場所へ動かす"), problem)


def _pick_page(
    request: OfficeRequest, version: PlanVersion, tree: Tree, row: Row, verb: str, title: str, problem: str
) -> HttpResponse:
    words = request.GET.get("find", "").strip()[:100]
    inside = {each.item for each in tree.branch(row.item)}
    found = _choices(tree, [each for each in tree.rows if each.item not in inside], words)
    return draft_page(
        request,
        "office/plans/pick.html",
        version,
        title=title,
        crumbs=[_item_crumb(version, row, request)],
        context={
            "row": row,
            "verb": verb,
            "below": len(inside) - 1,
            "words": words,
            "choices": found[:_MOST_CHOICES],
            "hidden": max(0, len(found) - _MOST_CHOICES),
            "problem": problem,
            "chosen": number_of(request.POST.get("target", "")),
            "side": request.POST.get("side", "under"),
            "undo": next_to_undo(version, request.user.pk),
            "back": outline_url(version, kept(request), row.item),
        },
        status=422 if problem else 200,
    )


def _choices(tree: Tree, rows: Sequence[Row], words: str) -> list[tuple[Row, str, str]]:
    keys = [fold_name(word) for word in words.split()]
    return [
        (
            row,
            str(ItemKind(row.kind).label),
            " › ".join(each.title for each in reversed(tree.above(row.item))),
        )
        for row in rows
        if all(key in fold_name(f"{row.number} {row.title}") for key in keys)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def remove(request: OfficeRequest, ward: Ward, version_id: int, item_id: int) -> HttpResponse:
    """Take an item out of the draft, after a question: with what stands under it, or without."""
    version = draft_or_404(request, ward, version_id)
    tree = tree_of(version)
    if request.method == "POST" and item_id not in tree:  # the second half of a double click
        tell_again(request)
        return redirect(outline_url(version, kept(request)))
    row = row_or_404(tree, item_id)
    below = len(tree.branch(row.item)) - 1
    problem = ""
    if request.method == "POST":
        with_children = request.POST.get("with_children", "1" if not below else "")
        if with_children not in {"0", "1"}:
            problem = _("下の項目をどうするか選んでください。")
        elif not is_first_time(request):
            tell_again(request)
            return redirect(outline_url(version, kept(request), row.parent))
        else:
            siblings = [each.item for each in tree.children(row.parent)]
            place = siblings.index(row.item)
            near = siblings[place - 1] if place else row.parent
            try:
                plans.remove_item(
                    version=version,
                    item=row.item,
                    with_children=with_children == "1",
                    actor=request.user,
                    reason=request.POST.get("reason", ""),
                )
                tell(request, _("「%(title)s」を下書きから外しました。") % {"title": row.title})
            except plans.PlanError as error:
                messages.error(request, str(error))
            return redirect(outline_url(version, kept(request), near))
    return draft_page(
        request,
        "office/plans/remove.html",
        version,
        title=_("項目を外す"),
        crumbs=[_item_crumb(version, row, request)],
        context={
            "row": row,
            "below": below,
            "problem": problem,
            "undo": next_to_undo(version, request.user.pk),
            "back": outline_url(version, kept(request), row.item),
        },
        status=422 if problem else 200,
    )


def _item_crumb(version: PlanVersion, row: Row, request: OfficeRequest) -> Crumb:
    return Crumb(row.title, item_url(version, row.item, kept(request)))
