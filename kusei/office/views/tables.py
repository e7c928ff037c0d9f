"""Many items at once: find and replace, a table pasted from Excel, a workbook out and in again. What would change is
shown first; what is confirmed is one step that can be taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kusei.office.queries.outlines import vocabulary_of
from kusei.office.views.draft_frame import (
    draft_or_404,
    draft_page,
    is_first_time,
    kept,
    number_of,
    outline_url,
    tell,
    tell_again,
)
from kusei.plans import operations as plans
from kusei.plans.draft_fields import FIELD_LABELS
from kusei.plans.draft_sheet import (
    HEADINGS,
    ID,
    PASTED,
    REVISION,
    Comparison,
    SheetRow,
    compare_table,
    revision_told,
    rows_of,
    split_pasted,
)
from kusei.plans.draft_workbook import read_workbook, without_too_long, write_workbook
from kusei.plans.drafting import Row, Tree, found_in
from kusei.plans.models import PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.permissions import may_edit_item, may_plan, may_see_drafts
from kusei.plans.queries.drafts import homes_of, next_to_undo, public_ids_of, rows_at, tree_of
from kusei.press.differences import TextPiece, text_pieces
from kusei.press.workbooks import MOST_BYTES
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import may_keep_bodies
from kusei.wards.queries import bodies_of

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REPLACED = ("title", "text", "programme")


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_drafts)
def replace(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """Find words in the draft, look at every place, and put others there in the chosen items."""
    version = draft_or_404(request, ward, version_id)
    asked = request.POST if request.method == "POST" else request.GET
    find, put = asked.get("find", ""), asked.get("put", "")
    problem = ""
    if request.method == "POST":
        only = [each for each in map(number_of, request.POST.getlist("item")) if each is not None]
        try:
            if not only:
                problem = _("置き換える項目を一つ以上選んでください。")
            elif not is_first_time(request):
                tell_again(request)
                return redirect(outline_url(version, kept(request)))
            else:
                edited = plans.replace_text(
                    version=version, find=find, put=put, actor=request.user, only=only
                )
                count = len(edited.step.after["rows"]) if edited.step else 0
                if count:
                    tell(request, _("%(count)d件の項目で「%(find)s」を「%(put)s」に置き換えました。") % {"count": count, "find": find, "put": put})  # fmt: skip
                else:
                    messages.info(request, _("置き換えるところはありませんでした。"))
                return redirect(outline_url(version, kept(request)))
        except plans.PlanError as error:
            problem = str(error)
    tree = tree_of(version)
    return draft_page(
        request,
        "office/plans/replace.html",
        version,
        title=_("言葉を置き換える"),
        crumbs=[],
        context={
            "find": find,
            "put": put,
            "problem": problem,
            "places": _places(request, tree, ward, find, put),
            "undo": next_to_undo(version, request.user.pk),
        },
        status=422 if problem else 200,
    )


def _places(request: OfficeRequest, tree: Tree, ward: Ward, find: str, put: str) -> list[dict[str, Any]]:
    """Every item that holds the words, with each text before and after; whether this person may change it."""
    found = []
    for item in found_in(tree, find):
        row = tree.row(item)
        texts = [(name, getattr(row, name)) for name in _REPLACED]
        texts += [("plan_bullets", bullet) for bullet in row.plan_bullets]
        found.append(
            {
                "row": row,
                "may": bool(may_edit_item(request.rights, ward, tree.owner_bodies(item))),
                "texts": [
                    (str(FIELD_LABELS[name]), _marked(text, find, put))
                    for name, text in texts
                    if find in text
                ],
            }
        )
    return found


def _marked(text: str, find: str, put: str) -> list[TextPiece]:
    """The text with each place: what goes, what comes, and a little of what stands around."""
    pieces: list[TextPiece] = []
    parts = text.split(find)
    for number, part in enumerate(parts):
        before, after = number == 0, number == len(parts) - 1
        shown = part
        if len(part) > 60:
            shown = f"…{part[-25:]}" if before else f"{part[:25]}…" if after else f"{part[:25]}…{part[-25:]}"
        pieces.append(TextPiece("same", shown))
        if not after:
            pieces += [TextPiece("gone", find), *([TextPiece("new", put)] if put else [])]
    return pieces


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_drafts)
def paste(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """A table copied from Excel: looked at cell by cell, then taken in as one step."""
    version = draft_or_404(request, ward, version_id)
    given = request.POST
    pasted, under = given.get("table", ""), number_of(given.get("under", ""))
    problem, found = "", None
    tree = tree_of(version)
    if request.method == "POST":
        try:
            rows = _confirmed_rows(given) if "take" in given else rows_of(split_pasted(pasted))[0]
            if under is not None:
                tree.row(under)
            found = _compare(request, version, tree, rows, by_title=True, under=under)
            if "take" in given and (answer := _take(request, version, found, _("表から貼り付け"))):
                return answer
        except plans.PlanError as error:
            problem = str(error)
    return draft_page(
        request,
        "office/plans/paste.html",
        version,
        title=_("Excelの表から貼り付ける"),
        crumbs=[],
        context={
            "pasted": pasted,
            "under": under,
            "problem": problem,
            "found": found,
            **_shown(found),
            "homes": [row for row in tree.rows if tree.depth(row.item) < 3],
            "is_planner": bool(may_plan(request.rights, ward)),
            "columns": [str(HEADINGS[column]) for column in PASTED],
            "headings": [str(name) for column, name in HEADINGS.items() if column not in {REVISION, "level"}],
            "may_register": bool(may_keep_bodies(request.rights, ward)),
            "undo": next_to_undo(version, request.user.pk),
        },
        status=422 if problem or (found and found.problems) else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_drafts)
def excel(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """The way out to Excel and back: a workbook that was edited is looked at cell by cell, then taken in as one step."""
    version = draft_or_404(request, ward, version_id)
    problem, found = "", None
    if request.method == "POST":
        try:
            rows = _confirmed_rows(request.POST) if "take" in request.POST else _uploaded_rows(request)
            tree = tree_of(version)
            found = _compare(request, version, tree, rows)
            if "take" in request.POST and (answer := _take(request, version, found, _("Excelから取り込み"))):
                return answer
        except plans.PlanError as error:
            problem = str(error)
    return draft_page(
        request,
        "office/plans/excel.html",
        version,
        title=_("Excelで直す"),
        crumbs=[],
        context={
            "problem": problem,
            "found": found,
            **_shown(found),
            "may_register": bool(may_keep_bodies(request.rights, ward)),
            "undo": next_to_undo(version, request.user.pk),
        },
        status=422 if problem or (found and found.problems) else 200,
    )


@require_safe
@in_office(may_see_drafts)
def workbook(request: OfficeRequest, ward: Ward, version_id: int) -> HttpResponse:
    """The draft as a workbook."""
    version = draft_or_404(request, ward, version_id)
    label = plan_label(version.plan)
    content = write_workbook(
        tree_of(version),
        vocabulary_of(version),
        public_ids_of(version),
        version=version.pk,
        title=label,
        bodies=[body.name for body in bodies_of(ward)],
    )
    name = f"{label}_下書き.xlsx".replace(" ", "_")
    return HttpResponse(
        content,
        content_type=_WORKBOOK,
        headers={
            "Content-Disposition": f"attachment; filename=\"draft.xlsx\"; filename*=UTF-8''{quote(name)}"
        },
    )


def _uploaded_rows(request: HttpRequest) -> list[SheetRow]:
    file = request.FILES.get("file")
    if file is None:
        raise plans.PlanError(_("ファイルが選ばれていません。Kuseiから書き出して直したExcelファイルを選んでください。"))  # fmt: skip
    if (file.size or 0) > MOST_BYTES:
        raise plans.PlanError(_("ファイルが大きすぎます。%(size)dMBまでにしてください。") % {"size": MOST_BYTES // 1024 // 1024})  # fmt: skip
    rows, _columns = rows_of(read_workbook(file.read()), needs_id=True)
    return [SheetRow(row.line, without_too_long(row.cells)) for row in rows]


def _compare(
    request: OfficeRequest,
    version: PlanVersion,
    tree: Tree,
    rows: Sequence[SheetRow],
    *,
    by_title: bool = False,
    under: int | None = None,
) -> Comparison:
    ids = {public_id: item for item, public_id in public_ids_of(version).items()}
    named = [row.cells.get(ID, "").lower() for row in rows if row.cells.get(ID)]
    homes = homes_of(version.ward, [each for each in named if each not in ids])
    others = {plan.pk: plan_label(plan) for plan in homes.values() if plan.pk != version.plan_id}
    if others and not any(each in ids for each in named):
        raise plans.PlanError(
            _("このファイルは「%(plan)s」のものです。その計画の下書きで取り込んでください。")
            % {"plan": "」「".join(others.values())}
        )
    revisions = {
        ids[row.cells[ID].lower()]: revision
        for row in rows
        if row.cells.get(ID, "").lower() in ids
        and (revision := revision_told(row.cells.get(REVISION, ""), version.pk)) is not None
    }
    stale = {
        item: revision
        for item, revision in revisions.items()
        if item in tree and tree.row(item).revision != revision
    }
    is_planner = bool(may_plan(request.rights, version.ward))

    def may_edit(now: Tree, item: int | None) -> bool:
        if is_planner or item is None:
            return is_planner
        return bool(may_edit_item(request.rights, version.ward, now.owner_bodies(item)))

    return compare_table(
        tree,
        rows,
        vocabulary_of(version),
        ids=ids,
        may_edit=may_edit,
        version=version.pk,
        bases=rows_at(version, stale),
        foreign=_foreign(version, homes),
        by_title=by_title,
        under=under,
        mine=frozenset(request.POST.getlist("mine")),
    )


def _foreign(version: PlanVersion, homes: Mapping[str, Any]) -> dict[str, str]:
    return {
        public_id: _("この項目は、もう下書きから外されています。この行を消してください。")
        if plan.pk == version.plan_id
        else _("この項目は「%(plan)s」のものです。この行を消してください。") % {"plan": plan_label(plan)}
        for public_id, plan in homes.items()
    }


def _shown(found: Comparison | None) -> dict[str, Any]:
    """What the preview needs beside the comparison: each cell with its pieces, and the rows to send again."""
    if found is None:
        return {}
    return {
        "cells": [(cell, text_pieces(cell.before, cell.after)) for cell in found.cells],
        "rows_again": json.dumps(
            [[row.line, row.cells] for row in found.rows], ensure_ascii=False, separators=(",", ":")
        ),
        "seen": json.dumps(found.seen, separators=(",", ":")),
    }


def _confirmed_rows(given: Mapping[str, str]) -> list[SheetRow]:
    """The rows that a preview showed, as its form sends them again."""
    try:
        rows = json.loads(given.get("rows", ""))
        return [
            SheetRow(int(line), {name: str(text) for name, text in cells.items() if name in HEADINGS})
            for line, cells in rows
        ]
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise plans.PlanError(_("確かめた内容が届きませんでした。はじめからやり直してください。")) from None


def _take(request: OfficeRequest, version: PlanVersion, found: Comparison, label: str) -> HttpResponse | None:
    """Make the change that was confirmed; None where it has to be looked at again. Raises PlanError."""
    if not found.can_be_taken:
        if not found.problems:
            messages.info(request, _("変わるところがないので、何もしていません。"))
            return redirect(outline_url(version, kept(request)))
        return None
    if not is_first_time(request):
        tell_again(request)
        return redirect(outline_url(version, kept(request)))
    try:
        seen = {
            int(item): int(revision) for item, revision in json.loads(request.POST.get("seen", "{}")).items()
        }
    except (ValueError, AttributeError, TypeError):
        seen = {}
    added: list[tuple[Row, int | None]] = [(new.row, new.under) for new in found.added]
    plans.change_many(
        version=version,
        changes=found.changes,
        added=added,
        actor=request.user,
        label=label,
        behind={
            -place: new.behind for place, new in enumerate(found.added, start=1) if new.behind is not None
        },
        expected={item: seen.get(item, found.seen[item]) for item in found.changes},
    )
    tell(
        request,
        _("%(changed)d件の項目を直し、%(added)d件を加えました。")
        % {"changed": len(found.changes), "added": len(added)},
    )
    return redirect(outline_url(version, kept(request)))
