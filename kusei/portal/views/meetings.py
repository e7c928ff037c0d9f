"""会議: the records that everybody may read, and what a member does by the link of an invitation."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kusei.notices.errors import LinkNotUsable
from kusei.notices.throttle import is_allowed, is_spent
from kusei.portal.views.answers import WRONG_LINKS, link_page, private
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.portal.views.questions import address_of
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.meeting_enums import Answer, MinutesState
from kusei.services.activities.models import Attendance, Paper
from kusei.services.activities.operations import meetings
from kusei.services.activities.queries import activity_by_public_id
from kusei.services.activities.queries.meetings import public_minutes, public_papers

RECORDS_AT_ONCE = 10


@require_safe
def minutes(request: HttpRequest, key: str, public_id: UUID) -> HttpResponse:
    """The public records of a council, newest first: agenda, decisions, papers; bodies and numbers, no names."""
    frame = frame_or_404(key)
    found = activity_by_public_id(frame.ward, public_id)
    if found is None or found.kind != ActivityKind.MEETING:
        raise Http404(_("この会議は公開されていません。"))
    page = Paginator(public_minutes(found), RECORDS_AT_ONCE).get_page(request.GET.get("page"))
    title = _("会議の記録")
    return ward_page(
        request, "portal/meetings/minutes.html", frame, title=title, section="activities",
        crumbs=[
            Crumb(_("講座・催し"), reverse("portal:activities", args=[key])),
            Crumb(found.title, reverse("portal:activity", args=[key, public_id]), is_source=True),
            Crumb(title),
        ],
        context={"activity": found, "page": page},
    )  # fmt: skip


@require_safe
def paper(request: HttpRequest, key: str, public_id: UUID, paper_id: int) -> HttpResponse:
    """A public paper, as a download."""
    frame = frame_or_404(key)
    shown = public_papers(frame.ward).filter(minutes__session__activity__public_id=public_id)
    one = shown.filter(pk=paper_id).first()
    if one is None:
        raise Http404(_("この資料は公開されていません。"))
    return _download(one)


@csrf_exempt  # the token is what a forged form would lack; and a page without referrer sends no origin that could be checked
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What a member answers: whether they come, and what is wrong in the record."""
    where = address_of(request)
    if is_spent("answer", where, **WRONG_LINKS):
        return link_page(request, "closed.html", _("少し待ってください"), {"is_waiting": True}, status=429)
    problem = done = ""
    given = request.POST
    try:
        line = meetings.open_invitation(token)
        try:
            match given.get("do"):
                case "answer":
                    answer = Answer(given["answer"]) if given.get("answer") in Answer.values else None
                    if answer is None:
                        raise activities.NotFitting(_("出席か欠席かを選んでください。"))
                    people = given.get("people", "")
                    number = int(people) if people.isascii() and people.isdigit() and len(people) < 5 else 0
                    meetings.answer_by_link(token, answer=answer, people=number)
                    done = _("返事を受け取りました。会議が始まるまで、このページで変えられます。")
                case "comment":
                    meetings.comment_by_link(token, text=given.get("text", ""))
                    done = _("意見を受け取りました。ありがとうございます。")
        except activities.ActivityError as error:
            problem = str(error)
        if done:
            line = Attendance.objects.select_related(
                "minutes__session__activity__host", "minutes__ward", "body", "member"
            ).get(pk=line.pk)
    except LinkNotUsable as error:
        is_allowed("answer", where, **WRONG_LINKS)
        words = {"why": str(error), "typed": given.get("text", "")}
        return link_page(request, "closed.html", _("このリンクは使えません"), words, status=404)
    return _link_page(request, token, line, problem, done)


def _link_page(request: HttpRequest, token: str, line: Attendance, problem: str, done: str) -> HttpResponse:
    record = line.minutes
    session = record.session
    typed = request.POST if problem else {}
    words = {
        "line": line, "record": record, "session": session, "activity": session.activity, "token": token,
        "ward_name": record.ward.full_name, "agenda": record.agenda.all(), "papers": record.papers.select_related("file"),
        "decisions": record.decisions.all(), "problem": problem, "done": done, "text": typed.get("text", ""),
        "people": typed.get("people") or str(line.answer_people or (line.member.people if line.member else 1)),
        "can_answer": session.starts_at > timezone.now() and record.state != MinutesState.FINAL,
        "can_comment": record.state == MinutesState.ROUND, "comments": line.comments.all(),
    }  # fmt: skip
    words["page_title"] = _("会議のご案内")
    return private(render(request, "portal/meetings/link.html", words, status=422 if problem else 200))


@never_cache
@require_safe
def link_paper(request: HttpRequest, token: str, paper_id: int) -> HttpResponse:
    """A paper of the meeting that the link is for, public or not."""
    where = address_of(request)
    if is_spent("answer", where, **WRONG_LINKS):
        raise Http404
    try:
        line = meetings.open_invitation(token)
    except LinkNotUsable as error:
        is_allowed("answer", where, **WRONG_LINKS)
        raise Http404(str(error)) from None
    one = Paper.objects.select_related("file").filter(minutes=line.minutes_id, pk=paper_id).first()
    if one is None:
        raise Http404(_("この資料は、もう外してあります。"))
    return private(_download(one))


def _download(one: Paper) -> HttpResponse:
    """Never shown in the browser itself: what others made is not ours to run."""
    try:
        with one.file.content.open("rb") as kept:
            content = kept.read()
    except FileNotFoundError:
        raise Http404(_("預かったファイルが保管場所に見つかりません。")) from None
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(True, one.file.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
        },
    )
