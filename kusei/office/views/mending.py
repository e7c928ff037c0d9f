"""The source beside what was read from it: looking, mending, settling warnings, dropping lost text in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kusei.documents import desk as desks
from kusei.documents import operations, pictures
from kusei.documents.desk import Desk, Question
from kusei.documents.models import SourceDocument
from kusei.documents.targets import DocumentError
from kusei.office.forms.items import ItemForm, changes_typed, form_of, typed_form
from kusei.office.queries.outlines import vocabulary_of
from kusei.office.views.clashes import Clashing, clashing_columns
from kusei.office.views.frame import office_page
from kusei.office.views.imports import document_or_404, import_crumb
from kusei.plans import operations as plans
from kusei.plans.draft_fields import FIELD_LABELS
from kusei.plans.drafting import Row, Tree
from kusei.plans.errors import DraftingError, EditConflict, PlanError
from kusei.plans.models import PlanVersion
from kusei.plans.moving import STEPS, place_towards
from kusei.plans.permissions import may_plan
from kusei.plans.queries.drafts import row_at, tree_of
from kusei.results.operations import ResultChanged
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.queries import bodies_of

VIEWS = ("text", "picture")


@dataclass(frozen=True, slots=True)
class Panel:
    """The fields of the item that is being mended. `clashes` are those that somebody else changed meanwhile."""

    row: Row
    form: ItemForm
    revision: int
    result: str
    clashes: Sequence[Clashing] = ()
    pieces: str = ""


@require_safe
@in_office(may_plan)
def desk(request: OfficeRequest, ward: Ward, document_id: int) -> HttpResponse:
    """One sheet of the document. What is looked at stands in the address: sheet, item, question (q), view."""
    document = document_or_404(ward, document_id)
    stage = desks.stage_of(document)
    if stage == "read":
        return redirect("office:import_plan", key=ward.key, document_id=document.pk)
    if stage == "done":
        return redirect("office:import_done", key=ward.key, document_id=document.pk)
    if stage != "mending":
        return redirect("office:imports", key=ward.key)
    return desk_page(request, document)


def desk_page(
    request: OfficeRequest,
    document: SourceDocument,
    *,
    panel: Panel | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the desk; `panel` is given where what was typed could not be saved."""
    version = document.version
    assert version is not None
    given = request.POST if request.method == "POST" else request.GET
    tree = tree_of(version)
    results = desks.results_at_desk(document, tree)
    sheets, pages = desks.sheets_of(document)
    questions = desks.questions_of(document, desks.Finder(sheets))
    is_pdf = pictures.is_pdf(document.file)
    view = given.get("view", "text") if is_pdf else "text"
    item = _number(given.get("item"))
    question = next((each for each in questions if each.name == given.get("q")), None)
    asked_for = item in tree or question is not None or bool(given.get("sheet"))
    if question is None:
        question = next((each for each in questions if not each.is_settled), None)
    shown = desks.desk_of(
        document,
        tree,
        results,
        sheet=_number(given.get("sheet")) or None,
        item=item if item in tree else None,
        question=question if asked_for or question else None,
        questions=questions,
        sheets=sheets,
        pages=pages,
    )
    if panel is None and item in tree:
        panel = _panel(version, tree, item, {each.item_id: each.text for each in results}.get(item, ""))
    title = document.title or document.file.name
    return office_page(
        request,
        "office/imports/desk.html",
        document.ward,
        title=title,
        section="imports",
        crumbs=[import_crumb(document.ward)],
        context={
            "document": document,
            "version": version,
            "plan_name": desks.plan_name(document),
            "desk": shown,
            "view": view if view in VIEWS else "text",
            "is_pdf": is_pdf,
            "picture_size": _size(document, shown) if view == "picture" else None,
            "progress": desks.progress_of(document, tree),
            "queue": _queue(questions, question),
            "panel": panel,
            "item": item,
            "near": _near(shown, question),
            "new_bodies": len(set(document.new_bodies) - set(document.settled.get("bodies", []))),
            "bodies": bodies_of(document.ward) if panel else [],
            "undo": version.steps.filter(actor=request.user, undone_at__isnull=True)
            .exclude(verb="plans.undo_step")
            .first(),
            "all_seen": all(row.is_seen for row in shown.rows if not row.is_context),
            "year": version.plan.fiscal_year,
        },
        status=status,
    )


def _panel(version: PlanVersion, tree: Tree, item: int, result: str) -> Panel:
    row = tree.row(item)
    return Panel(
        row,
        form_of(row, _above(tree, row), vocabulary_of(version)),
        row.revision,
        result,
        pieces=f"{row.title}\n{row.text}".strip(),
    )


def _above(tree: Tree, row: Row) -> str | None:
    return tree.row(row.parent).kind if row.parent is not None else None


def _queue(questions: Sequence[Question], now: Question | None) -> dict[str, Any]:
    """The warnings and lost texts one by one: the one at hand, the open ones before and after it, and how many."""
    open_ones = [each for each in questions if not each.is_settled]
    place = questions.index(now) if now else 0
    return {
        "now": now,
        "previous": next((each for each in reversed(questions[:place]) if not each.is_settled), None),
        "next": next((each for each in questions[place + 1 :] if not each.is_settled), None),
        "place": place + 1,
        "total": len(questions),
        "open": len(open_ones),
        "settled": [each for each in questions if each.is_settled][-30:],
    }


def _near(shown: Desk, question: Question | None) -> int | None:
    """The item into which a lost text most likely belongs: the last one that begins before it."""
    if question is None or question.line is None:
        return None
    before = [
        row.row.item
        for row in shown.rows
        if row.row.line is not None
        and (row.row.page or 1, row.row.line) <= (question.page or 1, question.line)
    ]
    return before[-1] if before else None


def _size(document: SourceDocument, shown: Desk) -> tuple[float, float] | None:
    try:
        return pictures.page_size(document.file, shown.sheet.page)
    except pictures.NoPicture:
        return None


@require_safe
@in_office(may_plan)
def picture(request: HttpRequest, ward: Ward, document_id: int, page: int) -> HttpResponse:
    """A page of a PDF as it looks."""
    document = document_or_404(ward, document_id)
    try:
        if not pictures.is_pdf(document.file):
            raise pictures.NoPicture
        content = pictures.picture_of(document.file, page)
    except pictures.NoPicture:
        raise Http404(_("このページの画像は作れません。文字の表示に切り替えてください。")) from None
    answer = HttpResponse(content, content_type="image/png")
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


@require_POST
@in_office(may_plan)
def mend(request: OfficeRequest, ward: Ward, document_id: int) -> HttpResponse:
    """One act of mending; back to the same place of the desk."""
    document = document_or_404(ward, document_id)
    if desks.stage_of(document) != "mending":
        messages.error(
            request,
            _("この文書の取り込みは、もう終わったか、捨てられています。この操作は行っていません。"),
        )
        return redirect("office:imports", key=ward.key)
    act = request.POST.get("do", "")
    try:
        if act == "save":
            return _save(request, document)
        return _act(request, document, act)
    except (DocumentError, PlanError, ResultChanged) as error:
        messages.error(request, str(error))
        return _back(request, document, item=_number(request.POST.get("item")))


def _act(request: OfficeRequest, document: SourceDocument, act: str) -> HttpResponse:
    actor, version = request.user, document.version
    assert version is not None
    item = _number(request.POST.get("item"))
    what, _sep, number = request.POST.get("q", "").partition("-")
    if act in STEPS:
        under, after = place_towards(tree_of(version), item, act)
        plans.move_item(version=version, item=item, under=under, after=after, actor=actor)
    elif act == "merge":
        into = _before(tree_of(version), item)
        operations.join_items(document=document, item=item, into=into, actor=actor)
        messages.success(request, _("前の項目にまとめました。"))
        item = into
    elif act == "split":
        return _split(request, document, item)
    elif act == "remove":
        return _back(request, document, item=_remove(request, document, item))
    elif act in {"undo", "redo"}:
        edited = (plans.undo_step if act == "undo" else plans.redo_step)(version=version, actor=actor)
        told = edited.step.label if edited.step else ""
        messages.success(
            request,
            (_("元に戻しました: %(what)s") if act == "undo" else _("やり直しました: %(what)s"))
            % {"what": told},
        )
    elif act in {"seen", "unseen"}:
        operations.look_at(document=document, items=[item], actor=actor, seen=act == "seen")
        if act == "seen":
            item = _next_unseen(document, item) or item
    elif act == "sheet_seen":
        items = [_number(each) for each in request.POST.getlist("items")]
        operations.look_at(document=document, items=items, actor=actor)
        messages.success(request, _("この面の項目を確認済みにしました。"))
    elif act in {"settle", "unsettle"} and what in {"warnings", "unplaced"}:
        operations.settle(
            document=document, what=what, number=_number(number), actor=actor, settled=act == "settle"
        )
        return _back(
            request,
            document,
            q=_next_question(document, request.POST.get("q", "")) if act == "settle" else None,
        )
    elif act == "place":
        into = _number(request.POST.get("into"))
        if not into:
            raise DraftingError(_("どの項目に入れるか選んでください。"))
        operations.place_text(
            document=document, number=_number(number), item=into, way=request.POST.get("way", ""), actor=actor
        )
        messages.success(request, _("文を項目に入れ、済みにしました。"))
        return _back(request, document, item=into, q=_next_question(document, request.POST.get("q", "")))
    else:
        messages.error(request, _("この操作はありません。ページを読み直してください。"))
    return _back(request, document, item=item)


def _save(request: OfficeRequest, document: SourceDocument) -> HttpResponse:
    """What was typed in the panel. Where somebody else saved meanwhile, both are shown and nothing typed is lost."""
    version = document.version
    assert version is not None
    tree = tree_of(version)
    row = tree.row(_number(request.POST.get("item")))
    words, above = vocabulary_of(version), _above(tree, row)
    revision = _number(request.POST.get("revision")) or row.revision
    base = row if row.revision == revision else row_at(version, row.item, revision) or row
    form = typed_form(request.POST, row, above)
    changes = changes_typed(form, base, above, words, has_money="current" in request.POST)
    result = request.POST.get("result", "")
    if form.problems:
        return desk_page(request, document, panel=Panel(row, form, revision, result), status=422)
    try:
        edited = plans.edit_item(
            version=version, item=row.item, revision=revision, changes=changes, actor=request.user
        )
    except EditConflict as error:
        seen = base if error.is_base_known else None
        clashes, mine = clashing_columns(seen, error.theirs, replace(base, **changes), changes, words)
        fresh = form_of(error.theirs, above, words)
        typed = {clash.column: clash.mine for clash in clashes} | mine
        fresh.texts.update(typed)
        if "owners" in typed:
            fresh.owners = [*typed["owners"].split("\n"), ""]
        if {"current", "previous"} & set(typed):
            fresh.money = form.money
        messages.error(request, str(error))
        return desk_page(
            request,
            document,
            panel=Panel(error.theirs, fresh, error.theirs.revision, result, clashes),
            status=409,
        )
    reworded = False
    if "result" in request.POST:
        try:
            reworded = operations.reword_result(
                document=document,
                item=row.item,
                was=request.POST.get("result_was", ""),
                text=result,
                actor=request.user,
            )
        except ResultChanged as error:
            messages.error(request, str(error) + _("あなたが入れた文: %(text)s") % {"text": result})
    operations.look_at(document=document, items=[row.item], actor=request.user)
    if edited.step is None and not reworded:
        messages.info(request, _("前と同じ内容なので、確認済みにだけしました。"))
    else:
        messages.success(
            request, _("「%(title)s」を直しました。") % {"title": changes.get("title", row.title)}
        )
    if joined := [
        str(FIELD_LABELS[field]) for field in edited.joined if field not in changes and field in FIELD_LABELS
    ]:
        messages.warning(
            request,
            _("開いているあいだに、ほかの人が「%(names)s」を直していました。両方の変更を残しました。")
            % {"names": "」「".join(joined)},
        )
    return _back(request, document, item=row.item)


def _before(tree: Tree, item: int) -> int:
    """The item into which one goes that is joined to the one before: its sibling, else what is above it."""
    row = tree.row(item)
    siblings = [each.item for each in tree.children(row.parent)]
    place = siblings.index(item)
    if place:
        return siblings[place - 1]
    if row.parent is None:
        raise DraftingError(_("前に項目がないため、まとめられません。"))
    return row.parent


def _split(request: OfficeRequest, document: SourceDocument, item: int) -> HttpResponse:
    """Pieces stand apart by an empty line; the first line of each is its title."""
    assert document.version is not None
    blocks = request.POST.get("pieces", "").replace("\r\n", "\n").strip().split("\n\n")
    pieces = []
    for block in blocks:
        title, _sep, text = block.strip().partition("\n")
        if title.strip():
            pieces.append((title.strip(), text.strip()))
    plans.split_item(
        version=document.version,
        item=item,
        revision=_number(request.POST.get("revision")),
        pieces=pieces,
        actor=request.user,
    )
    messages.success(request, _("%(number)d件に分けました。") % {"number": len(pieces)})
    return _back(request, document, item=item)


def _remove(request: OfficeRequest, document: SourceDocument, item: int) -> int | None:
    assert document.version is not None
    tree = tree_of(document.version)
    row = tree.row(item)
    with_children = request.POST.get("with_children") == "1"
    order = [each.item for each in tree.rows]
    place = order.index(item)
    plans.remove_item(version=document.version, item=item, with_children=with_children, actor=request.user)
    messages.success(request, _("「%(title)s」を外しました。「元に戻す」で戻せます。") % {"title": row.title})
    return order[place - 1] if place else None


def _next_unseen(document: SourceDocument, item: int) -> int | None:
    """The next item that nobody has looked at, in order; None behind the last."""
    assert document.version is not None
    seen = set(document.settled.get("items", []))
    order = list(document.version.texts.order_by("position").values_list("item_id", flat=True))
    if item not in order:
        return None
    return next((each for each in order[order.index(item) + 1 :] if each not in seen), None)


def _next_question(document: SourceDocument, name: str) -> str:
    """The next open question behind one, else the first open one; "" where all are settled."""
    sheets, _pages = desks.sheets_of(document)
    questions = desks.questions_of(document, desks.Finder(sheets))
    place = next((at for at, each in enumerate(questions) if each.name == name), 0)
    order = [*questions[place + 1 :], *questions[:place]]
    return next((each.name for each in order if not each.is_settled), "")


def _back(
    request: OfficeRequest, document: SourceDocument, *, item: int | None = None, q: str | None = None
) -> HttpResponse:
    """The desk as it was, at the item or the question."""
    given = request.POST
    kept = [("view", given["view"])] if given.get("view") in VIEWS else []
    if item:
        kept.append(("item", str(item)))
    name = given.get("q", "") if q is None else q
    if name:
        kept.append(("q", name))
    if not item and not q and given.get("sheet"):
        kept.append(("sheet", given["sheet"]))
    address = reverse("office:import", args=[document.ward.key, document.pk])
    mark = f"#i{item}" if item else "#queue" if name or q is not None else ""
    return redirect(f"{address}?{urlencode(kept)}{mark}" if kept else f"{address}{mark}")


def _number(given: str | None) -> int:
    return int(given) if given and given.isdecimal() and len(given) < 15 else 0
