"""アンケート in the office: set up, started, handed out by QR code, typed from paper, read as numbers, bars and texts, exported."""

from __future__ import annotations

import io
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from xlsxwriter import Workbook

from kusei.office.forms.activity_papers import PaperForm
from kusei.office.views.activities import activity_or_404
from kusei.office.views.activity_questions import desk_of
from kusei.office.views.applicants import crumbs_of
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.charts import Bar, bar_chart
from kusei.press.csv_files import csv_answer
from kusei.press.formats import date_ja
from kusei.press.qr import qr_svg
from kusei.services.activities import operations as activities
from kusei.services.activities.asking import Counted
from kusei.services.activities.models import Activity, Question, Reply, Session, Survey
from kusei.services.activities.permissions import may_see_applicants, may_work_on_activities
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.queries.surveys import (
    counted_replies,
    replies_table,
    survey_of,
    survey_questions,
)
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def survey(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """The questionnaire of an activity: its questions, whether answers are taken, and where people answer."""
    found = activity_or_404(request, ward, activity_id)
    made = survey_of(found)
    here = reverse("office:survey", args=[ward.key, found.pk])
    verb = request.POST.get("do", "")
    if request.method == "POST" and (verb in _VERBS or made is None):
        try:
            said = _change(request, found, made, verb)
        except activities.ActivityError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, said)
        return redirect(here)
    desk = desk_of(request, made, survey_questions(made), here) if made else {}
    if isinstance(desk, HttpResponse):
        return desk
    now = timezone.now()
    begun = [
        (each, each.replies.count())
        for each in found.sessions.exclude(state="called_off")
        if each.starts_at <= now
    ]
    return office_page(
        request, "office/activities/survey.html", ward, title=_("アンケート"), section="activities",
        crumbs=crumbs_of(ward, found),
        context={
            "activity": found, "survey": made, "sessions": begun, "address": _address(made) if made else "",
            "has_own": any(not each.standard for each in desk.get("questions", [])), **desk,
        },
        status=422 if desk and desk["form"].errors else 200,
    )  # fmt: skip


_VERBS = {"set_up", "start", "stop", "publish", "hide"}


def _change(request: OfficeRequest, found: Activity, made: Survey | None, verb: str) -> str:
    """Do it; what the page says afterwards."""
    actor = request.user
    if verb == "set_up":
        activities.set_up_survey(activity=found, actor=actor)
        return _("アンケートを作りました。質問を確かめてから、受付を始めてください。")
    if made is None:
        raise Http404
    if verb in {"start", "stop"}:
        activities.start_survey(survey=made, is_open=verb == "start", actor=actor)
        return _("受付を始めました。最後の回が終わると、メールのある参加者に案内が届きます。") if verb == "start" else _("受付を止めました。")  # fmt: skip
    activities.publish_survey(survey=made, is_public=verb == "publish", actor=actor)
    return _("結果を公開しました。5人以上が答えた質問の数だけが、住民のページに出ます。") if verb == "publish" else _("結果の公開をやめました。")  # fmt: skip


@never_cache
@require_safe
@in_office(may_work_on_activities)
def survey_poster(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """A sheet for the wall or the screen of the room: the QR code and the short address."""
    found, made = _survey(request, ward, activity_id)
    address = _address(made)
    return office_page(
        request, "office/activities/survey_poster.html", ward, title=_("アンケートの案内"), section="activities",
        crumbs=_crumbs(ward, found),
        context={"activity": found, "survey": made, "address": address, "code": qr_svg(address, label=_("アンケートのページ"), pixels=320)},
    )  # fmt: skip


@never_cache
@require_safe
@in_office(may_work_on_activities)
def survey_results(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """How each question was answered: of all sessions, or of the one in `?session=`. Texts are for the hosts; the look is recorded."""
    found, made = _survey(request, ward, activity_id)
    session = _session_asked(request, found)
    sheets, lines = counted_replies(made, session)
    may_read = bool(may_see_applicants(request.rights, ward, host_ids(found)))
    texts = activities.see_texts(survey=made, session=session, actor=request.user) if may_read else {}
    return office_page(
        request, "office/activities/survey_results.html", ward, title=_("アンケートの結果"), section="activities",
        crumbs=_crumbs(ward, found),
        context={
            "activity": found, "survey": made, "session": session, "sheets": sheets, "may_read": may_read,
            "sessions": list(found.sessions.filter(replies__isnull=False).distinct()),
            "lines": [(question, counted, _chart(question, counted), texts.get(question.pk, [])) for question, counted in lines],
        },
    )  # fmt: skip


def _chart(question: Question, counted: Counted) -> Any:
    if not counted.answers or not counted.parts:
        return ""
    said = "、".join(f"{label} {number}" for label, number in counted.parts)
    bars = [Bar(label.partition("（")[0][:8], number, str(number)) for label, number in counted.parts]
    return bar_chart(bars, title=question.words, description=said, name=f"q{question.pk}")


@never_cache
@require_safe
@in_office(may_work_on_activities)
def survey_file(request: OfficeRequest, ward: Ward, activity_id: int, form: str) -> HttpResponse:
    """Every questionnaire as a line, in no order of arrival, for Excel or as CSV; with texts for the hosts, recorded."""
    if form not in {"csv", "xlsx"}:
        raise Http404
    found, made = _survey(request, ward, activity_id)
    session = _session_asked(request, found)
    may_read = bool(may_see_applicants(request.rights, ward, host_ids(found)))
    if may_read:
        activities.see_texts(survey=made, session=session, actor=request.user)
    heading, rows = replies_table(made, session, with_texts=may_read)
    name = _("アンケート_%(title)s") % {"title": found.title.replace("/", "／")[:40]}
    if form == "csv":
        return csv_answer(f"{name}.csv", heading, [[str(cell) for cell in row] for row in rows])
    return HttpResponse(
        _workbook(heading, rows),
        content_type=_WORKBOOK,
        headers={"Content-Disposition": content_disposition_header(True, f"{name}.xlsx") or "attachment"},
    )


def _workbook(heading: list[str], rows: list[list[str | int]]) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#d9e6ff", "text_wrap": True})
        sheet = book.add_worksheet(_("アンケート"))
        sheet.write_row(0, 0, heading, bold)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
        sheet.set_column(0, len(heading) - 1, 20)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def survey_papers(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """Papers of one session, a row each; what cannot be read stands there still, marked. Wrong ones are taken back below."""
    found, made = _survey(request, ward, activity_id)
    session = found.sessions.filter(pk=session_id).first()
    if session is None:
        raise Http404(_("この回はありません。講座・催しのページから開き直してください。"))
    here = reverse("office:survey_papers", args=[ward.key, found.pk, session.pk])
    form = PaperForm(survey_questions(made), ticket=uuid.uuid4())
    if request.method == "POST":
        if number := number_of(request.POST.get("remove", "")):
            return _removed(request, made, session, number, here)
        form = PaperForm(survey_questions(made), ticket=uuid.uuid4(), data=request.POST)
        if form.is_valid():
            try:
                count = activities.type_papers(
                    survey=made, session=session, papers=form.papers, ticket=form.ticket, actor=request.user
                )
            except activities.ActivityError as error:
                form.problems.append(str(error))
            else:
                messages.success(request, _("%(n)d枚を入れました。") % {"n": count})
                return redirect(here)
    typed = (
        Reply.objects.filter(survey=made, session=session, is_paper=True)
        .select_related("session")
        .order_by("-pk")[:100]
    )
    heading, rows = replies_table(made, session, papers=typed, with_texts=False)
    return office_page(
        request, "office/activities/survey_papers.html", ward, section="activities",
        title=_("%(day)sの紙のアンケートを入れる") % {"day": date_ja(timezone.localdate(session.starts_at))},
        crumbs=_crumbs(ward, found),
        context={
            "activity": found, "session": session, "form": form, "heading": heading,
            "typed": [(reply.pk, row) for reply, row in zip(typed, rows, strict=True)],
        },
        status=422 if form.problems else 200,
    )  # fmt: skip


def _removed(request: OfficeRequest, made: Survey, session: Session, number: int, here: str) -> HttpResponse:
    reply = (
        Reply.objects.filter(survey=made, session=session, pk=number)
        .select_related("survey", "session")
        .first()
    )
    if reply is not None:
        try:
            activities.remove_paper(reply=reply, actor=request.user)
        except activities.ActivityError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("1枚を消しました。"))
    return redirect(here)


def _address(made: Survey) -> str:
    return settings.KUSEI_SITE_URL + reverse("portal:survey", args=[made.code])


def _session_asked(request: OfficeRequest, found: Activity) -> Session | None:
    wanted = number_of(request.GET.get("session", ""))
    return found.sessions.filter(pk=wanted).first() if wanted else None


def _survey(request: OfficeRequest, ward: Ward, activity_id: int) -> tuple[Activity, Survey]:
    found = activity_or_404(request, ward, activity_id)
    made = survey_of(found)
    if made is None:
        raise Http404(_("アンケートはまだ作られていません。講座・催しのページから作ってください。"))
    return found, made


def _crumbs(ward: Ward, found: Activity) -> list[Crumb]:
    return [
        *crumbs_of(ward, found),
        Crumb(_("アンケート"), reverse("office:survey", args=[ward.key, found.pk])),
    ]
