"""What planners decide about answers: approve, return, who leads, and what goes before residents."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kusei.office.views.answers import answer_or_404, answer_page
from kusei.office.views.collections import board_crumbs, collection_or_404, left_of, send_reminders
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import office_page
from kusei.plans.errors import PlanError
from kusei.plans.operations.drafts import plan_label
from kusei.results import operations as results
from kusei.results.enums import AnswerState
from kusei.results.errors import ResultError
from kusei.results.models import Answer
from kusei.results.permissions import may_collect
from kusei.results.queries import boards
from kusei.results.queries.answer_pages import next_to_approve
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.queries import bodies_of


@require_POST
@in_office(may_collect)
def decide_many(request: OfficeRequest, ward: Ward, collection_id: int) -> HttpResponse:
    """Approve or return the answers that were ticked, or ask their bodies."""
    collection = collection_or_404(ward, collection_id)
    back = reverse("office:board", args=[ward.key, collection.pk])
    if query := request.POST.get("query", "")[:500]:
        back = f"{back}?{query}"
    seen = _seen(request)
    chosen = list(collection.answers.filter(pk__in=seen).select_related("collection__plan", "ward"))
    if not chosen:
        messages.error(request, _("取組が選ばれていません。左のチェックを付けてから押してください。"))
        return redirect(back)
    try:
        match request.POST.get("do"):
            case "approve":
                left = results.approve_answers(
                    answers=[(each, seen[each.pk]) for each in chosen], actor=request.user
                )
                _tell_approved(request, len(chosen) - len(left), left)
            case "return":
                done = results.return_answers(
                    answers=chosen, note=request.POST.get("note", ""), actor=request.user
                )
                _tell_returned(request, done, len(chosen) - done)
            case "printed":
                _tell_taken_over(request, results.take_over_printed(answers=chosen, actor=request.user))
            case "remind":
                bodies = {each.lead_id for each in chosen if each.lead_id}
                shared = boards.Contribution.objects.filter(answer__in=chosen, is_done=False)
                bodies |= set(shared.values_list("body", flat=True))
                send_reminders(request, collection, sorted(bodies))
            case _:
                raise Http404
    except ResultError as error:
        messages.error(request, str(error))
    return redirect(back)


@never_cache
@require_POST
@in_office(may_collect)
def decide_one(request: OfficeRequest, ward: Ward, answer_id: int) -> HttpResponse:
    """Approve or return the answer that is shown, then on to the next that waits; or approve it anew with today's numbers."""
    found = answer_or_404(ward, answer_id)
    revision = number_of(request.POST.get("revision", ""))
    note = request.POST.get("note", "")
    try:
        match request.POST.get("do"):
            case "approve":
                left = results.approve_answers(answers=[(found, revision or 0)], actor=request.user)
                _tell_approved(request, 1 - len(left), left)
                if left:
                    return redirect("office:answer", key=ward.key, answer_id=answer_id)
            case "return":
                done = results.return_answers(answers=[found], note=note, actor=request.user)
                _tell_returned(request, done, 1 - done)
            case "renew":
                _tell_renewed(request, found, results.renew_figures(answer=found, actor=request.user))
                return redirect("office:answer", key=ward.key, answer_id=answer_id)
            case _:
                raise Http404
    except ResultError as error:
        return answer_page(request, found, problem=error, note=note, status=422)
    following = next_to_approve(found, [AnswerState.SUBMITTED])
    if following is not None:
        messages.info(request, _("次の提出済みの取組を開きました。"))
        return redirect("office:answer", key=ward.key, answer_id=following.pk)
    return redirect("office:board", key=ward.key, collection_id=found.collection_id)


@require_POST
@in_office(may_collect)
def lead(request: OfficeRequest, ward: Ward, answer_id: int) -> HttpResponse:
    """Another body answers from now on."""
    found = answer_or_404(ward, answer_id)
    chosen = request.POST.get("body", "")
    body = next((each for each in bodies_of(ward) if str(each.pk) == chosen), None)
    if chosen and body is None:
        messages.error(request, _("主な担当を一覧から選んでください。"))
    else:
        results.change_lead(answer=found, body=body, actor=request.user)
        messages.success(
            request,
            _("主な担当を%(body)sにしました。") % {"body": body.name}
            if body
            else _("主な担当をなしにしました。企画担当が書きます。"),
        )
    return redirect("office:answer", key=ward.key, answer_id=answer_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_collect)
def publish(request: OfficeRequest, ward: Ward, collection_id: int) -> HttpResponse:
    """What is approved and what is still open, a word about the version, and before residents with it."""
    collection = collection_or_404(ward, collection_id)
    problem, note = "", request.POST.get("note", "")
    if request.method == "POST":
        try:
            version = results.publish_results(
                collection=collection, actor=request.user, note=note.strip()[:300],
                without_open="without_open" in request.POST,
            )  # fmt: skip
        except (ResultError, PlanError) as error:
            problem = str(error)
        else:
            address = reverse("portal:results", args=[ward.key, collection.plan.fiscal_year])
            said = _("取組結果を公開しました（第%(number)d版）。") % {"number": version.number}
            messages.success(
                request,
                format_html('{} <a href="{}">{}</a>', said, address, _("住民のページで見る")),
            )
            return redirect("office:board", key=ward.key, collection_id=collection.pk)
    rows = boards.board_contents(collection).rows
    approved = [row for row in rows if row.answer.state == AnswerState.APPROVED]
    return office_page(
        request,
        "office/results/publish.html",
        ward,
        title=_("%(plan)sの取組結果を公開する") % {"plan": plan_label(collection.plan)},
        section="results",
        crumbs=board_crumbs(collection),
        context={
            "collection": collection,
            "left": left_of(collection),
            "approved": approved,
            "open": [row for row in rows if row.answer.state != AnswerState.APPROVED],
            "problem": problem,
            "note": note,
            "accepts_open": "without_open" in request.POST,
        },
        status=409 if problem else 200,
    )


def _seen(request: OfficeRequest) -> dict[int, int]:
    """The answers that were ticked, each with the revision that the page showed."""
    pairs = (each.partition(":") for each in request.POST.getlist("answer"))
    found = {number_of(answer): number_of(revision) for answer, _colon, revision in pairs}
    return {
        answer: revision for answer, revision in found.items() if answer is not None and revision is not None
    }


def _tell_taken_over(request: OfficeRequest, done: results.TakenOver) -> None:
    if done.sent:
        messages.success(
            request,
            _("公表された結果を使って、%(n)d件を提出済みにしました。読んで確認してください。")
            % {"n": done.sent},
        )
    if done.incomplete:
        messages.warning(
            request,
            _("%(n)d件は、状況や理由が足りないので提出していません。開いて書き足してください。") % {"n": done.incomplete},
        )  # fmt: skip
    if done.left:
        messages.info(
            request,
            _("%(n)d件は、公表された結果がないか、もう書かれているので、そのままです。") % {"n": done.left},
        )


def _tell_approved(request: OfficeRequest, done: int, left: list[Answer]) -> None:
    if done:
        messages.success(
            request,
            ngettext("%(n)d件を確認済みにしました。", "%(n)d件を確認済みにしました。", done) % {"n": done},
        )
    already = [answer for answer in left if answer.state == AnswerState.APPROVED]
    left = [answer for answer in left if answer.state != AnswerState.APPROVED]
    if already:
        messages.info(
            request,
            ngettext("%(n)d件は、もう確認済みです。", "%(n)d件は、もう確認済みです。", len(already))
            % {"n": len(already)},
        )
    if left:
        messages.warning(
            request,
            ngettext(
                "%(n)d件は確認済みにしていません。まだ提出されていないか、開いているあいだに書き直されたか、文の《 》の実績が取り消されています。読み直してください。",
                "%(n)d件は確認済みにしていません。まだ提出されていないか、開いているあいだに書き直されたか、文の《 》の実績が取り消されています。読み直してください。",
                len(left),
            )
            % {"n": len(left)},
        )


def _tell_renewed(request: OfficeRequest, found: Answer, is_done: bool) -> None:
    if not is_done:
        messages.warning(
            request, _("確認し直していません。文の《 》の実績が取り消されたか、もう確認済みではありません。差し戻して直してください。")
        )  # fmt: skip
        return
    address = reverse("office:publish_results", args=[found.ward.key, found.collection_id])
    said = _("いまの数にしました。住民に見えるのは、もう一度公開してからです。")
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, address, _("公開の準備へ進む")))


def _tell_returned(request: OfficeRequest, done: int, left: int) -> None:
    if done:
        messages.success(
            request, ngettext("%(n)d件を差し戻しました。", "%(n)d件を差し戻しました。", done) % {"n": done}
        )
    if left:
        messages.warning(
            request,
            ngettext(
                "%(n)d件は提出されていないので、差し戻していません。",
                "%(n)d件は提出されていないので、差し戻していません。",
                left,
            )
            % {"n": left},
        )
