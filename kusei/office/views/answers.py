"""The page on which a body answers for one action: writing, its part, papers, sending in, and two who wrote at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.ledger.enums import Arrival
from kusei.office.forms.results import COMMON_REASONS, LABELS, WAYS, way_of
from kusei.office.views import answer_beside, typed_figures
from kusei.office.views.answer_clashes import clash_page, resolved
from kusei.office.views.collections import board_crumbs, left_of
from kusei.office.views.frame import office_page
from kusei.results import live
from kusei.results import operations as results
from kusei.results.answering import FIELDS, LONGEST_REASON, LONGEST_TEXT, MOVES, OPEN
from kusei.results.enums import ANSWERABLE, NEEDS_REASON, AnswerState, Outcome
from kusei.results.errors import AnswerClash, NotComplete, ResultError
from kusei.results.models import Answer, AnswerFile, Contribution
from kusei.results.permissions import may_answer, may_collect, may_contribute, may_see_answer, may_see_answers
from kusei.results.queries.answer_pages import Sheet, next_to_approve, sheets_of
from kusei.results.queries.answers import answer_of, history_of, sharing_of
from kusei.wards import permissions
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.enums import BodyKind, Role
from kusei.wards.models import Ward
from kusei.wards.queries import bodies_of

_MISSING_AT = {"outcome": "f-outcome-done", "reason": "f-reason", "text": "f-text", "figures": "f-text", "contributions": "parts"}  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_see_answers)
def answer(request: OfficeRequest, ward: Ward, answer_id: int) -> HttpResponse:
    """One answer. A POST keeps what was written, and sends it in where its button says so."""
    found = _seen_or_404(request, ward, answer_id)
    if request.method != "POST":
        return answer_page(request, found)
    given = request.POST
    was, mine, undecided = resolved(given)
    if undecided:
        return clash_page(request, found, undecided, was=was, mine=mine, is_missing=True)
    if "text" in mine:
        mine["text"] = answer_beside.text_wanted(request, mine["text"])
    wants_to_send = given.get("do") == "submit"
    do, key = typed_figures.asked_of(request)
    said = ""
    try:
        written = found
        if found.state in OPEN or not do:
            written = results.write_answer(
                answer=found, was=was, mine=mine, actor=request.user, way=way_of(given)
            )
        if do:
            said = typed_figures.act(request, written, do, key)
        beside = answer_beside.act(request, written)
        if wants_to_send:
            results.submit_answer(
                answer=written, actor=request.user, without_contributions="without_contributions" in given
            )
    except AnswerClash as clash:
        if _is_autosave(request):
            return JsonResponse({"clash": str(clash)}, status=409)
        return clash_page(request, found, clash.clashes, was=was, mine=mine)
    except NotComplete as error:
        kept = answer_or_404(ward, answer_id)
        return answer_page(request, kept, problem=error, missing=error.missing, status=422)
    except ResultError as error:
        if _is_autosave(request):
            return JsonResponse({"problem": str(error)}, status=422)
        fresh = answer_or_404(ward, answer_id)
        if wants_to_send and fresh.state == AnswerState.SUBMITTED and _stands_there(fresh, mine):
            messages.info(
                request, _("この取組結果は、もう提出されています。")
            )  # the second half of a double click
            return redirect("office:answer", key=ward.key, answer_id=answer_id)
        if do and _stands_there(fresh, mine):  # saved; only what the button asked for was refused
            was = mine = {}
        return answer_page(request, fresh, problem=error, was=was, mine=mine, status=422)
    if _is_autosave(request):
        return JsonResponse(_saved(request, answer_or_404(ward, answer_id)))
    if do or given.get("do") == "check":
        messages.success(request, said or _("保存しました。文の中の数を、台帳と比べました。"))
        return redirect(f"{_address(found)}#typed")
    sent = _("取組結果を提出しました。企画担当が確認します。") if wants_to_send else ""
    messages.success(request, beside or sent or _("保存しました。まだ提出していません。"))
    return redirect("office:answer", key=ward.key, answer_id=answer_id)


@never_cache
@require_POST
@in_office(may_see_answers)
def part(request: OfficeRequest, ward: Ward, answer_id: int, part_id: int) -> HttpResponse:
    """What a sharing body did: kept, and told to be finished where its button says so."""
    found = _seen_or_404(request, ward, answer_id)
    mine = Contribution.objects.filter(answer=found, pk=part_id).select_related("body", "answer").first()
    if mine is None:
        raise Http404(_("この団体の分担はありません。取組結果のページから開き直してください。"))
    given = request.POST
    was, texts, undecided = resolved(given)
    if undecided:
        return clash_page(request, found, undecided, was=was, mine=texts, part=mine, is_missing=True)
    do = given.get("do", "")
    is_done = {"done": True, "again": False}.get(do, mine.is_done)
    try:
        kept = results.contribute(
            contribution=mine, was=was.get("text", ""), text=texts.get("text", mine.text), is_done=is_done,
            actor=request.user, way=way_of(given),
        )  # fmt: skip
    except AnswerClash as clash:
        if _is_autosave(request):
            return JsonResponse({"clash": str(clash)}, status=409)
        return clash_page(request, found, clash.clashes, was=was, mine=texts, part=mine)
    except ResultError as error:
        if _is_autosave(request):
            return JsonResponse({"problem": str(error)}, status=422)
        return answer_page(
            request, found, problem=error, part_texts={part_id: texts.get("text", "")}, status=422
        )
    if _is_autosave(request):
        return JsonResponse(
            {"saved": _time(kept.edited_at), "now": {"text": kept.text}, "by": kept.edited_by_name}
        )
    messages.success(
        request,
        _("書き終えたことを知らせました。") if do == "done" else _("分担したことを保存しました。"),
    )
    return redirect(f"{_address(found)}#parts")


@require_POST
@in_office(may_see_answers)
def take_back(request: OfficeRequest, ward: Ward, answer_id: int) -> HttpResponse:
    """Write on although it was sent in."""
    found = _seen_or_404(request, ward, answer_id)
    try:
        results.take_back(answer=found, actor=request.user)
    except ResultError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("提出を取り消しました。直して、もう一度提出してください。"))
    return redirect(_address(found))


@require_POST
@in_office(may_see_answers)
def add_file(request: OfficeRequest, ward: Ward, answer_id: int) -> HttpResponse:
    """Put papers beside the answer."""
    found = _seen_or_404(request, ward, answer_id)
    sent = request.FILES.getlist("file")
    if not sent:
        messages.error(request, _("ファイルが選ばれていません。選んでから「資料を付ける」を押してください。"))
    for each in sent:
        try:
            results.add_file(answer=found, name=each.name or "file", content=each.read(), actor=request.user)
        except ResultError as error:
            messages.error(request, f"{each.name}: {error}")
        else:
            messages.success(request, _("「%(name)s」を付けました。") % {"name": each.name})
    return redirect(f"{_address(found)}#files")


@require_POST
@in_office(may_see_answers)
def remove_file(request: OfficeRequest, ward: Ward, answer_id: int, file_id: int) -> HttpResponse:
    """Take a paper away."""
    found = _seen_or_404(request, ward, answer_id)
    try:
        results.remove_file(file=_file_or_404(found, file_id), actor=request.user)
    except ResultError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("資料を外しました。"))
    return redirect(f"{_address(found)}#files")


@require_safe
@in_office(may_see_answers)
def file(request: OfficeRequest, ward: Ward, answer_id: int, file_id: int) -> HttpResponse:
    """A paper as it came. Never shown in the browser itself: what others made is not ours to run."""
    stored = _file_or_404(_seen_or_404(request, ward, answer_id), file_id).file
    try:
        with stored.content.open("rb") as kept:
            content = kept.read()
    except FileNotFoundError:
        raise Http404(_("預かったファイルが保管場所に見つかりません。")) from None
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": content_disposition_header(True, stored.name) or "attachment"},
    )


def answer_or_404(ward: Ward, answer_id: int) -> Answer:
    found = answer_of(ward, answer_id)
    if found is None:
        raise Http404(_("この取組結果はありません。自分の仕事から開き直してください。"))
    return found


def _seen_or_404(request: OfficeRequest, ward: Ward, answer_id: int) -> Answer:
    found = answer_or_404(ward, answer_id)
    permissions.require(may_see_answer(request.rights, ward, sharing_of(found)))
    return found


def answer_page(
    request: OfficeRequest,
    found: Answer,
    *,
    problem: Exception | None = None,
    missing: tuple[str, ...] = (),
    was: Mapping[str, str] | None = None,
    mine: Mapping[str, str] | None = None,
    part_texts: Mapping[int, str] | None = None,
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one answer. `was` and `mine` are what somebody sent and could not be kept."""
    ward, rights = found.ward, request.rights
    sheet = sheets_of(found.collection, [found])[0]
    sharing = [*([found.lead_id] if found.lead_id else []), *(each.body_id for each in sheet.parts)]
    stored = {name: getattr(found, name) for name in FIELDS}
    may_write = may_answer(rights, ward, found.lead_id, sharing)
    is_planner = bool(may_collect(rights, ward))
    values = {**stored, **(mine or {})}
    is_open = found.state in OPEN
    can_write = bool(may_write) and is_open
    may_count = can_write or (is_planner and found.state == AnswerState.SUBMITTED)
    may_see_typed = bool(may_write or is_planner) and found.state != AnswerState.APPROVED
    title = sheet.node.title if sheet.node else _("取組")
    return office_page(
        request,
        "office/results/answer.html",
        ward,
        title=title,
        section="results",
        crumbs=board_crumbs(found.collection),
        context={
            "answer": found,
            "collection": found.collection,
            "sheet": sheet,
            "left": left_of(found.collection),
            "values": values,
            "was": {**stored, **(was or {})},
            "pieces": sheet.pieces(found.final_text or values["text"]) if not found.final_text else [],
            "can_write": can_write,
            "refusal": "" if may_write else may_write.reason,
            "unkept": "" if is_open or mine is None else mine.get("text", ""),
            "can_take_back": bool(may_write) and found.state in MOVES[AnswerState.WRITING],
            "is_planner": is_planner,
            "can_approve": is_planner and found.state in MOVES[AnswerState.APPROVED],
            "can_return": is_planner and found.state in MOVES[AnswerState.RETURNED],
            "outcomes": [(value, Outcome(value).label) for value in ANSWERABLE],
            "needs_reason": "、".join(str(Outcome(value).label) for value in NEEDS_REASON),
            "reasons": COMMON_REASONS,
            "labels": LABELS,
            "limits": {"text": LONGEST_TEXT, "reason": LONGEST_REASON},
            "problem": str(problem) if problem else "",
            "missing": [(name, _MISSING_AT[name]) for name in missing],
            "missing_names": missing,
            "parts": _parts(request, found, sheet, sharing, part_texts or {}),
            **_ways(request, found),
            "note": note,
            "all_bodies": bodies_of(ward) if is_planner else [],
            "entries": history_of(found),
            **(
                typed_figures.panel(found, sheet.figures, can_write=can_write, may_count=may_count)
                if may_see_typed and not mine
                else {}
            ),
            **answer_beside.beside(found, sheet, found.final_text or values["text"], can_write=can_write),
            "next_one": next_to_approve(found, [AnswerState.SUBMITTED]) if is_planner else None,
        },
        status=status,
    )  # fmt: skip


def _parts(
    request: OfficeRequest, found: Answer, sheet: Sheet, sharing: list[int], typed_texts: Mapping[int, str]
) -> list[dict[str, Any]]:
    return [
        {
            "part": each,
            "can_write": found.state in OPEN
            and bool(may_contribute(request.rights, found.ward, each.body_id, sharing)),
            "text": typed_texts.get(each.pk, each.text),
            "is_mine": each.body_id in request.rights.bodies_in(found.ward),
            "way": each.way if each.edited_at and each.way in WAYS else Arrival.TELEPHONE.value,
        }
        for each in sheet.parts
    ]


def _ways(request: OfficeRequest, found: Answer) -> dict[str, Any]:
    """Whether this person types for another body, and which way is offered first."""
    rights, ward = request.rights, found.ward
    is_own = found.lead_id is None or found.lead_id in rights.bodies_in(ward)
    is_outside = found.lead is not None and found.lead.kind != BodyKind.DIVISION
    asks = not is_own and rights.has(ward, Role.STAFF, Role.PLANNER)
    first = found.way if found.edited_at and found.way in WAYS else Arrival.FORM
    if asks and is_outside and not found.edited_at:
        first = Arrival.TELEPHONE
    return {"asks_way": asks, "way": str(first), "ways": [(way.value, way.label) for way in WAYS]}


def _saved(request: OfficeRequest, found: Answer) -> dict[str, Any]:
    """What autosave hears: when, what stands there now (others' changes too), and how the text reads."""
    sheet = sheets_of(found.collection, [found])[0]
    figures = sheet.figures
    return {
        "saved": _time(found.edited_at),
        "by": found.edited_by_name,
        "now": {name: getattr(found, name) for name in FIELDS},
        "said": live.said(found.text, figures),
        "unknown": live.unknown(found.text, figures),
        "state": str(AnswerState(found.state).label),
        "compared": answer_beside.compared_text(request, sheet, found.text),
        "typed": typed_figures.panel_text(request, found, figures, can_write=True, may_count=True),
    }


def _stands_there(found: Answer, mine: Mapping[str, str]) -> bool:
    return all(getattr(found, field) == text for field, text in mine.items())


def _is_autosave(request: OfficeRequest) -> bool:
    """A header and no field: a form that was kept past its session is sent again without it, as a page."""
    return request.headers.get("X-Kusei-Autosave") == "1"


def _time(moment: Any) -> str:
    return timezone.localtime(moment or timezone.now()).strftime("%H:%M")


def _file_or_404(found: Answer, file_id: int) -> AnswerFile:
    kept = AnswerFile.objects.filter(answer=found, pk=file_id).select_related("file", "answer").first()
    if kept is None:
        raise Http404(_("この資料はありません。取組結果のページから開き直してください。"))
    return kept


def _address(found: Answer) -> str:
    return reverse("office:answer", args=[found.ward.key, found.pk])
