"""取り込み: documents that come in, the plan each becomes, the bodies it brought, and throwing one away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.documents import desk, operations
from kusei.documents.models import SourceDocument
from kusei.documents.targets import DocumentError, names_another_ward, target_of
from kusei.japanese.fiscal_year import wareki_year
from kusei.office.forms.imports import TargetForm
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.enums import PlanKind
from kusei.plans.operations import PlanError
from kusei.plans.permissions import may_plan
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Body, Ward
from kusei.wards.operations import WardError
from kusei.wards.queries import bodies_of, trail_of
from kusei.wards.rules import is_ward_variant

_TRAIL_LINES = 30


@require_safe
@in_office(may_plan)
def documents(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """What is being read, what waits, what is mended, what failed, and what was taken in last."""
    context = _listed(ward)
    if request.headers.get("HX-Request") and request.GET.get("part") == "incoming":
        return render(request, "office/imports/parts/incoming.html", {"ward": ward, **context})
    return office_page(
        request,
        "office/imports/list.html",
        ward,
        title=_("取り込み"),
        section="imports",
        context={
            **context,
            "done": desk.taken_in(ward),
            "megabytes": settings.KUSEI_UPLOAD_MEGABYTES,
            "most": settings.KUSEI_UPLOAD_FILES,
        },
    )


def _listed(ward: Ward) -> dict[str, Any]:
    rows = desk.incoming(ward)
    return {
        "groups": [
            (stage, [row for row in rows if row.stage == stage])
            for stage in ("failed", "reading", "read", "mending")
            if any(row.stage == stage for row in rows)
        ],
        "is_reading": any(row.stage == "reading" for row in rows),
    }


@require_POST
@in_office(may_plan)
def send(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Keep the files that were sent, each on its own: one that is refused does not hold the others up."""
    sent = request.FILES.getlist("files")
    if not sent:
        messages.error(
            request, _("ファイルが選ばれていません。取り込む文書を選んでから「送る」を押してください。")
        )
        return redirect("office:imports", key=ward.key)
    if len(sent) > settings.KUSEI_UPLOAD_FILES:
        messages.error(
            request,
            _(
                "一度に送れるのは%(most)d件までです。%(sent)d件あったので、どれも受け取っていません。分けて送ってください。"
            )
            % {"most": settings.KUSEI_UPLOAD_FILES, "sent": len(sent)},
        )
        return redirect("office:imports", key=ward.key)
    kept, problems = [], []
    for file in sent:
        name = file.name or ""
        try:
            if (file.size or 0) > settings.KUSEI_UPLOAD_MEGABYTES * 1024 * 1024:
                raise operations.FileRefused(
                    _(
                        "大きすぎます。受け付けるのは%(largest)dMBまでです。必要な部分だけのファイルに分けてください。"
                    )
                    % {"largest": settings.KUSEI_UPLOAD_MEGABYTES}
                )
            operations.keep_file(
                ward=ward,
                actor=request.user,
                name=name,
                content=file.read(),
                even_if_known="again" in request.POST,
            )
            kept.append(name)
        except DocumentError as error:
            problems.append((name, str(error)))
    if kept:
        messages.success(
            request,
            _(
                "%(number)d件を預かりました。読み取りが済むと、この一覧で知らせます。待つあいだ、このページを離れてもかまいません。"
            )
            % {"number": len(kept)},
        )
    if problems:
        messages.error(
            request,
            format_html(
                "{}<ul>{}</ul>",
                _("次のファイルは受け取っていません。"),
                format_html_join("", "<li>{}: {}</li>", problems),
            ),
        )
    return redirect("office:imports", key=ward.key)


@require_safe
@in_office(may_plan)
def original(request: HttpRequest, ward: Ward, document_id: int) -> HttpResponse:
    """The file as it came. Never shown in the browser itself: what others made is not ours to run."""
    document = document_or_404(ward, document_id)
    try:
        with document.file.content.open("rb") as kept:
            content = kept.read()
    except FileNotFoundError:
        raise Http404(_("預かったファイルが保管場所に見つかりません。")) from None
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": content_disposition_header(True, document.file.name) or "attachment"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def target(request: OfficeRequest, ward: Ward, document_id: int) -> HttpResponse:
    """Which plan? Asked once before mending, and changed later on the same page."""
    document = document_or_404(ward, document_id)
    stage = desk.stage_of(document)
    if stage not in {"read", "mending"}:
        return redirect("office:import", key=ward.key, document_id=document.pk)
    form = TargetForm(request.POST or None, initial=_said(document))
    if request.method == "POST" and form.is_valid():
        try:
            if stage == "read":
                operations.start_import(document=document, actor=request.user, **form.words())
            else:
                operations.retarget(document=document, actor=request.user, **form.words())
                messages.success(request, _("取り込む先を変えました。"))
        except operations.AlreadyAccepted:
            messages.info(request, _("この文書は、もう確かめ始められています。続きを開きました。"))
        except (DocumentError, PlanError, WardError) as error:
            form.add_error(None, str(error))
        if not form.errors:
            return redirect("office:import", key=ward.key, document_id=document.pk)
    return office_page(
        request,
        "office/imports/target.html",
        ward,
        title=_("どの計画として取り込みますか"),
        section="imports",
        crumbs=[import_crumb(ward)],
        context={
            "form": form,
            "document": document,
            "is_mending": stage == "mending",
            "warnings": _departures(document, form, ward),
            "items": sum(1 for _each in _walk(document.draft.get("items") or [])),
            "lost": sum(1 for each in document.draft.get("unplaced") or [] if not each.get("reason")),
            "warned": len(document.draft.get("warnings") or []),
        },
        status=422 if form.errors else 200,
    )


def _walk(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for item in items for each in (item, *_walk(item.get("children") or []))]


def _said(document: SourceDocument) -> dict[str, str]:
    """What is chosen already, or what the text says; a year that it does not tell is asked for."""
    if document.version:
        plan = document.version.plan
        return {
            "fiscal_year": wareki_year(plan.fiscal_year),
            "kind": plan.kind,
            "part": plan.part,
            "title": document.version.title,
        }
    draft = document.draft
    year = draft.get("fiscal_year")
    kind = draft.get("kind") or ""
    return {
        "fiscal_year": wareki_year(year) if year else "",
        "kind": kind if kind in PlanKind.values else "",
        "part": "",
        "title": (draft.get("title") or "")[:300],
    }


def _departures(document: SourceDocument, form: TargetForm, ward: Ward) -> list[str]:
    """Where the text says something else: a slip here publishes a document in the wrong place."""
    draft = document.draft
    found = []
    meant = target_of(draft, ward=ward.full_name, fiscal_year=draft.get("fiscal_year") or 2000)
    if names_another_ward(draft, meant, ward):
        found.append(
            _("文書には「%(stated)s」とあります。%(ward)sの文書に間違いないか確かめてください。")
            % {"stated": draft["ward"], "ward": ward.full_name}
        )
    year, stated = form.initial.get("fiscal_year"), draft.get("fiscal_year")
    if form.is_bound and not form.errors.get("fiscal_year"):
        year = wareki_year(form.cleaned_data["fiscal_year"]) if "fiscal_year" in form.cleaned_data else year
    if stated and year and wareki_year(stated) != year:
        found.append(
            _("文書には「%(stated)s」とあります。%(year)sの計画に間違いないか確かめてください。")
            % {"stated": wareki_year(stated), "year": year}
        )
    if not stated:
        found.append(_("文書から年度が読み取れませんでした。年度を入れてください。"))
    if not draft.get("items"):
        found.append(
            _(
                "計画の項目が一つも読み取れませんでした。計画の文書かどうか確かめてください。始めてから、置き場所のない文を項目にすることもできます。"
            )
        )
    return found


@require_POST
@in_office(may_plan)
def again(request: OfficeRequest, ward: Ward, document_id: int) -> HttpResponse:
    """Try to read it once more."""
    document = document_or_404(ward, document_id)
    operations.read_again(document=document, actor=request.user)
    messages.success(request, _("もう一度読み取ります。"))
    return redirect("office:imports", key=ward.key)


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def discard(request: OfficeRequest, ward: Ward, document_id: int) -> HttpResponse:
    """Throw a document away, after asking."""
    document = document_or_404(ward, document_id)
    if request.method == "POST":
        name = document.title or document.file.name
        try:
            operations.discard_import(
                document=document, actor=request.user, reason=request.POST.get("reason", "")
            )
        except DocumentError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("「%(name)s」の取り込みをやめ、文書を捨てました。") % {"name": name})
        return redirect("office:imports", key=ward.key)
    stage = desk.stage_of(document)
    return office_page(
        request,
        "office/imports/discard.html",
        ward,
        title=_("取り込みをやめる"),
        section="imports",
        crumbs=[import_crumb(ward)],
        context={
            "document": document,
            "is_mending": stage == "mending",
            "is_done": stage == "done",
            "steps": document.version.steps.count() if stage == "mending" and document.version else 0,
            "entries": trail_of(ward, "documents.sourcedocument", document.pk)[:_TRAIL_LINES],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_plan)
def bodies(request: OfficeRequest, ward: Ward, document_id: int) -> HttpResponse:
    """The bodies that came with the document: new ones, or another spelling of one that is known?"""
    document = document_or_404(ward, document_id)
    if desk.stage_of(document) != "mending":
        return redirect("office:import", key=ward.key, document_id=document.pk)
    if request.method == "POST":
        _decide_body(request, ward, document)
        return redirect("office:import_bodies", key=ward.key, document_id=document.pk)
    new = desk.new_bodies_of(document)
    ids = {body.pk for body in new}
    known = [body for body in bodies_of(ward) if body.pk not in ids]
    looked = set(document.settled.get("bodies", []))
    return office_page(
        request,
        "office/imports/bodies.html",
        ward,
        title=_("初めて出てきた実施主体"),
        section="imports",
        crumbs=[import_crumb(ward), document_crumb(ward, document)],
        context={
            "document": document,
            "rows": [
                {
                    "body": body,
                    "is_settled": body.pk in looked,
                    "alike": [
                        each for each in known if is_ward_variant(each.name, body.name, ward_name=ward.name)
                    ],
                }
                for body in new
            ],
            "known": known,
            "left": len(ids - looked),
        },
    )


def _decide_body(request: OfficeRequest, ward: Ward, document: SourceDocument) -> None:
    if request.POST.get("do") == "keep_rest":
        _keep_rest(request, document)
        return
    chosen = Body.objects.filter(ward=ward, pk=_number(request.POST.get("body"))).first()
    if chosen is None:
        messages.error(
            request, _("この実施主体はもうありません。ほかの実施主体にまとめられたかもしれません。")
        )
        return
    try:
        if request.POST.get("do") == "keep":
            operations.keep_body(document=document, body_id=chosen.pk, actor=request.user)
            messages.success(
                request, _("「%(name)s」を新しい実施主体のままにします。") % {"name": chosen.name}
            )
            return
        into = Body.objects.filter(ward=ward, pk=_number(request.POST.get("into"))).first()
        if into is None:
            messages.error(request, _("どの実施主体のことか選んでください。"))
            return
        name = chosen.name
        operations.same_body(document=document, body=chosen, into=into, actor=request.user)
        messages.success(
            request,
            _("「%(name)s」は「%(into)s」の別の書き方になりました。") % {"name": name, "into": into.name},
        )
    except (DocumentError, PlanError, WardError) as error:
        messages.error(request, str(error))


def _keep_rest(request: OfficeRequest, document: SourceDocument) -> None:
    rest = {body.pk for body in desk.new_bodies_of(document)} - set(document.settled.get("bodies", []))
    try:
        for body_id in sorted(rest):
            operations.keep_body(document=document, body_id=body_id, actor=request.user)
    except DocumentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(n)d件を新しい実施主体のままにします。") % {"n": len(rest)})


def _number(given: str | None) -> int:
    return int(given) if given and given.isdecimal() and len(given) < 15 else 0


def document_or_404(ward: Ward, document_id: int) -> SourceDocument:
    """A document of this ward, whatever has become of it."""
    document = desk.document_for_desk(ward, document_id)
    if document is None:
        raise Http404(
            _("この文書は見つかりません。捨てられたか、内容が公開中の版と同じだったのかもしれません。")
        )
    return document


def import_crumb(ward: Ward) -> Crumb:
    return Crumb(_("取り込み"), reverse("office:imports", args=[ward.key]))


def document_crumb(ward: Ward, document: SourceDocument) -> Crumb:
    return Crumb(document.title or document.file.name, reverse("office:import", args=[ward.key, document.pk]))
