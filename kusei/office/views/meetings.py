"""会議 in the office: who belongs to a council, the record of a meeting, who came, and what was decided."""

from __future__ import annotations

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

from kusei.office.forms.meetings import (
    MemberForm,
    NextForm,
    PaperForm,
    RecordRows,
    RoundForm,
    WhyForm,
    next_proposal,
    without_nul,
)
from kusei.office.views.activities import activity_or_404, session_or_404
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page, unread
from kusei.press.formats import date_ja
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import SessionState
from kusei.services.activities.meeting_enums import Answer, Came
from kusei.services.activities.models import Activity, Attendance, Minutes, Paper, Session
from kusei.services.activities.operations import meetings
from kusei.services.activities.operations.meetings import Other
from kusei.services.activities.permissions import may_see_applicants, may_work_on_activities
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Body, Ward

NEW_ROWS = 3


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def members(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """The members of a council: added, changed, taken away. Names and addresses for hosts only; the look is recorded."""
    found = activity_or_404(request, ward, activity_id)
    wanted = number_of(request.POST.get("member") or request.GET.get("member", ""))
    one = (
        found.members.select_related("activity", "body").filter(pk=wanted, left_at=None).first()
        if wanted
        else None
    )
    known = _names(request, ward, found, lambda: meetings.see_members(activity=found, actor=request.user))
    if request.POST.get("do") == "end" and one is not None:
        meetings.end_member(member=one, actor=request.user)
        messages.success(request, _("構成員から外しました。名前と連絡先は消しました。"))
        return redirect("office:members", key=ward.key, activity_id=found.pk)
    initial = {}
    if one is not None:
        name, mail = known.get(one.pk, ("", ""))
        initial = {"body": one.body, "name": name, "mail": mail, "people": one.people}
    form = MemberForm(request.POST or None, bodies=_bodies(ward), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if one is None:
                meetings.add_member(activity=found, words=form.words(), actor=request.user)
            else:
                meetings.change_member(member=one, words=form.words(), actor=request.user)
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("構成員を直しました。") if one else _("構成員を加えました。"))
            return redirect("office:members", key=ward.key, activity_id=found.pk)
    rows = found.members.filter(left_at=None).select_related("body")
    unreadable = unread(rows, known) if _may_see(request, ward, found) else 0
    return office_page(
        request, "office/meetings/members.html", ward, title=_("構成員"), section="activities",
        crumbs=_crumbs(ward, found), status=422 if form.errors else 200,
        context={"activity": found, "form": form, "one": one, "rows": [(each, *known.get(each.pk, ("", ""))) for each in rows], "unreadable": unreadable},
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def minutes(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """The record of one meeting; a POST does what its button says."""
    found, session = _session(request, ward, activity_id, session_id)
    kept = _kept(session)
    if request.method != "POST":
        return _page(request, ward, found, session, kept)
    verb = request.POST.get("do", "")
    here = reverse("office:minutes", args=[ward.key, found.pk, session.pk])
    try:
        if verb == "open":
            meetings.open_minutes(session=session, actor=request.user)
            return redirect(here)
        if kept is None:
            raise Http404
        form = _form_of(verb, kept, request)
        if form is not None and not form.is_valid():
            return _page(request, ward, found, session, kept, verb=verb, form=form, status=422)
        messages.success(request, _do(request, kept, verb, form))
    except activities.ActivityError as error:
        messages.error(request, str(error))
    return redirect(here)


def _form_of(verb: str, kept: Minutes, request: OfficeRequest) -> Any:
    match verb:
        case "paper":
            return PaperForm(request.POST, request.FILES, agenda=kept.agenda.all(), auto_id="a-%s")
        case "round":
            return RoundForm(request.POST, auto_id="r-%s")
        case "next":
            return NextForm(request.POST, auto_id="n-%s")
        case "reopen":
            return WhyForm(request.POST, auto_id="w-%s")
    return None


def _do(request: OfficeRequest, kept: Minutes, verb: str, form: Any) -> str:
    """Do it; what the page says afterwards."""
    actor, site = request.user, settings.KUSEI_SITE_URL
    revision = number_of(request.POST.get("revision", "")) or 0
    number = number_of(request.POST.get("id", "")) or 0
    match verb:
        case "invite":
            told = meetings.invite(
                minutes=kept, site=site, sent_before=request.POST.get("sent_before", ""), actor=actor
            )
            return (_("案内を送りました。") if told.by_mail else _("メールは送っていません。")) + _told(told)
        case "answer":
            line = _line(kept, number)
            answer = Answer(request.POST["answer"]) if request.POST.get("answer") in Answer.values else None
            if answer is None:
                raise activities.NotFitting(_("出席か欠席かを選んでください。"))
            people = number_of(request.POST.get("people", "")) or 0
            meetings.note_answer(attendance=line, answer=answer, people=people, actor=actor)
            return _("返事を記録しました。")
        case "paper":
            said = form.cleaned_data
            file = said.pop("file")
            meetings.add_paper(minutes=kept, name=file.name, content=file.read(), actor=actor, **said)
            return _("資料を付けました。")
        case "unpaper":
            paper = kept.papers.select_related("file").filter(pk=number).first()
            if paper is None:
                raise activities.NotFitting(_("この資料は、もう外してあります。"))
            meetings.remove_paper(paper=paper, actor=actor)
            return _("資料を外しました。")
        case "round":
            until = form.cleaned_data["until"]
            told = meetings.send_round(minutes=kept, until=until, revision=revision, site=site, actor=actor)
            return _("確認を頼みました。") + _told(told)
        case "comment":
            meetings.note_comment(
                attendance=_line(kept, number), text=request.POST.get("text", ""), actor=actor
            )
            return _("意見を記録しました。")
        case "settle":
            comment = kept.comments.filter(pk=number).first()
            if comment is not None:
                meetings.settle_comment(comment=comment, actor=actor)
            return _("対応済みにしました。")
        case "final":
            meetings.finish_minutes(minutes=kept, revision=revision, actor=actor)
            return _("記録を確定しました。") + (_("住民のページに出ています。") if kept.is_public and kept.session.activity.published_at else "")  # fmt: skip
        case "reopen":
            meetings.reopen_minutes(minutes=kept, reason=form.cleaned_data["reason"], actor=actor)
            return _("確定を解きました。直したら、もう一度確定してください。")
        case "next":
            meetings.plan_next(minutes=kept, when=form.when(kept), actor=actor)
            return _("次の会議の回を作りました。")
        case "link":
            later = kept.session.activity.sessions.filter(pk=number).first()
            if later is None:
                raise activities.NotFitting(_("次の会議の回を選んでください。"))
            meetings.link_next(minutes=kept, session=later, actor=actor)
            return _("次の会議を決めました。")
    raise Http404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def write(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """Agenda, decisions and summary. Whoever comes second sees both texts, and keeps what they typed."""
    found, session = _session(request, ward, activity_id, session_id)
    kept = _kept_or_404(session)
    rows = RecordRows(kept, request.POST if request.method == "POST" else None)
    theirs = None
    if request.method == "POST":
        written = rows.written()
        try:
            if written is not None:
                revision = number_of(request.POST.get("revision", "")) or 0
                meetings.write_minutes(minutes=kept, written=written, revision=revision, actor=request.user)
                messages.success(request, _("記録を保存しました。"))
                return redirect("office:minutes", key=ward.key, activity_id=found.pk, session_id=session.pk)
        except activities.ChangedMeanwhile as error:
            kept.refresh_from_db()
            rows.problem, theirs = str(error), RecordRows(kept)
        except activities.ActivityError as error:
            rows.problem = str(error)
    revision = (
        kept.revision
        if request.method != "POST" or theirs
        else number_of(request.POST.get("revision", "")) or 0
    )
    return office_page(
        request, "office/meetings/write.html", ward, title=_("記録を書く"), section="activities",
        crumbs=_crumbs(ward, found, session), status=409 if theirs else 422 if rows.problem else 200,
        context={"activity": found, "session": session, "rows": rows, "theirs": theirs, "revision": revision, "bodies": _bodies(ward)},
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def attendance(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """Who came, with how many people; others are added below the list."""
    found, session = _session(request, ward, activity_id, session_id)
    kept = _kept_or_404(session)
    lines = list(kept.attendances.select_related("body", "member"))
    known = _attending(request, ward, found, kept)
    problem, data = "", request.POST if request.method == "POST" else None
    others = _others_typed(data)
    if data is not None:
        try:
            came = [
                meetings.Came(each.pk, data.get(f"came-{each.pk}", ""), number_of(data.get(f"people-{each.pk}", "")) or 0)
                for each in lines
            ]  # fmt: skip
            meetings.record_attendance(
                minutes=kept, lines=came, others=_others(ward, others), actor=request.user,
                revision=number_of(data.get("revision", "")) or 0,
            )  # fmt: skip
        except activities.ActivityError as error:
            problem = str(error)
        else:
            messages.success(request, _("出席を記録しました。実績に入っています。"))
            return redirect("office:minutes", key=ward.key, activity_id=found.pk, session_id=session.pk)
    rows = []
    for each in lines:
        rows.append({
            "line": each, "name": known.get(each.pk, ""),
            "came": data.get(f"came-{each.pk}", "") if data is not None else each.came,
            "people": data.get(f"people-{each.pk}", "") if data is not None else str(each.people or _expected(each)),
        })  # fmt: skip
    return office_page(
        request, "office/meetings/attendance.html", ward, title=_("出席を記録する"), section="activities",
        crumbs=_crumbs(ward, found, session), status=422 if problem else 200,
        context={
            "activity": found, "session": session, "rows": rows, "problem": problem, "minutes": kept, "ways": Came.choices,
            "others": [*others, *({} for _each in range(NEW_ROWS))], "bodies": _bodies(ward),
            "has_begun": timezone.localdate(session.starts_at) <= timezone.localdate(),
            "revision": data.get("revision", "") if data is not None else str(kept.revision),
        },
    )  # fmt: skip


@never_cache
@require_safe
@in_office(may_work_on_activities)
def printed(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """The record on A4, with the names of those who came."""
    found, session = _session(request, ward, activity_id, session_id)
    kept = _kept_or_404(session)
    known = _attending(request, ward, found, kept)
    lines = kept.attendances.select_related("body", "member").exclude(came="")
    return office_page(
        request, "office/meetings/printed.html", ward, title=_("会議の記録"), section="activities", crumbs=_crumbs(ward, found, session),
        context={
            "activity": found, "session": session, "minutes": kept, "agenda": kept.agenda.prefetch_related("papers"), "decisions": kept.decisions.all(),
            "papers": kept.papers.all(), "lines": [(each, known.get(each.pk, "")) for each in lines],
            "people": sum(each.people for each in lines), "bodies": sum(1 for each in lines if each.body_id and each.people),
        },
    )  # fmt: skip


@never_cache
@require_safe
@in_office(may_work_on_activities)
def paper(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int, paper_id: int) -> HttpResponse:  # fmt: skip
    """A paper as it came, as a download."""
    _found, session = _session(request, ward, activity_id, session_id)
    one = Paper.objects.select_related("file").filter(minutes__session=session, pk=paper_id).first()
    if one is None:
        raise Http404(_("この資料はありません。会議の記録から開き直してください。"))
    return paper_answer(one)


def paper_answer(one: Paper) -> HttpResponse:
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


def _page(
    request: OfficeRequest, ward: Ward, found: Activity, session: Session, kept: Minutes | None, *, verb: str = "",
    form: Any = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {
        "activity": found,
        "session": session,
        "minutes": kept,
        "form": form,
        "open_verb": verb,
    }
    if kept is not None:
        known = _attending(request, ward, found, kept)
        lines = list(kept.attendances.select_related("body", "member"))
        unnamed = [each for each in lines if each.body_id is None and not known.get(each.pk)]
        may_see = _may_see(request, ward, found)
        unreadable = sum(
            bool(each.sealed or (each.member and each.member.sealed)) for each in unnamed if may_see
        )
        shown = {
            "paper": PaperForm(agenda=kept.agenda.all(), auto_id="a-%s"),
            "round": RoundForm(auto_id="r-%s"),
            "next": NextForm(initial=next_proposal(kept), auto_id="n-%s"),
            "reopen": WhyForm(auto_id="w-%s"),
        }
        if form is not None:
            shown[verb] = form
        later = found.sessions.filter(starts_at__gt=session.starts_at).exclude(state=SessionState.CALLED_OFF)
        context |= {
            "lines": [(each, known.get(each.pk, ""), _expected(each)) for each in lines], "forms": shown,
            "agenda": kept.agenda.prefetch_related("papers"), "decisions": kept.decisions.all(),
            "papers": kept.papers.select_related("file", "point"),
            "comments": [(each, known.get(each.attendance_id, "")) for each in kept.comments.select_related("attendance__body", "attendance__member")],
            "later": list(later.order_by("starts_at")[:5]), "answers": Answer.choices,
            "unreadable": unreadable, "is_to_come": session.ends_at > timezone.now(),
            "has_begun": timezone.localdate(session.starts_at) <= timezone.localdate(),
            "people": sum(each.people for each in lines), "bodies": sum(1 for each in lines if each.body_id and each.people),
        }  # fmt: skip
    return office_page(
        request, "office/meetings/minutes.html", ward, title=_("%(day)sの会議の記録") % {"day": date_ja(timezone.localdate(session.starts_at))},
        section="activities", crumbs=_crumbs(ward, found), context=context, status=status,
    )  # fmt: skip


def _attending(request: OfficeRequest, ward: Ward, found: Activity, kept: Minutes) -> dict[int, str]:
    """Names of those who are no bodies, by attendance id; nothing for planners of other divisions."""
    of_members = _names(
        request, ward, found, lambda: meetings.see_members(activity=found, actor=request.user)
    )
    others = _names(request, ward, found, lambda: meetings.see_attendees(minutes=kept, actor=request.user))
    names = {pk: name for pk, (name, _mail) in others.items()}
    pairs = kept.attendances.filter(body=None, member__isnull=False).values_list("pk", "member")
    return names | {pk: of_members.get(member, ("", ""))[0] for pk, member in pairs}


def _names(request: OfficeRequest, ward: Ward, found: Activity, see: Any) -> dict[int, tuple[str, str]]:
    return see() if _may_see(request, ward, found) else {}


def _may_see(request: OfficeRequest, ward: Ward, found: Activity) -> bool:
    return bool(may_see_applicants(request.rights, ward, host_ids(found)))


def _others_typed(data: Any) -> list[dict[str, str]]:
    if data is None:
        return []
    columns = [
        [without_nul(each) for each in data.getlist(f"other-{name}")[:30]]
        for name in ("body", "name", "people")
    ]
    rows = [dict(zip(("body", "name", "people"), row, strict=False)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row["body"].strip() or row["name"].strip()]


def _others(ward: Ward, typed: list[dict[str, str]]) -> list[Other]:
    bodies = {str(each.pk): each for each in _bodies(ward)}
    return [
        Other(bodies.get(row["body"]), row["name"], number_of(row["people"] or "1") or 0) for row in typed
    ]


def _line(kept: Minutes, number: int) -> Attendance:
    found = kept.attendances.select_related("minutes__session__activity__ward").filter(pk=number).first()
    if found is None:
        raise activities.NotFitting(_("構成員を選んでください。"))
    return found


def _expected(line: Attendance) -> int:
    """With how many people they said to come, or usually do."""
    return line.answer_people or (line.member.people if line.member else 1)


def _told(told: activities.Told) -> str:
    words = _("メールで%(n)d件に知らせました。") % {"n": told.by_mail} if told.by_mail else ""
    if told.to_telephone:
        words += _("%(n)d件はメールがないので、電話などで知らせてください。") % {"n": told.to_telephone}
    return words


def _session(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> tuple[Activity, Session]:  # fmt: skip
    found = activity_or_404(request, ward, activity_id)
    return found, session_or_404(found, session_id)


def _kept(session: Session) -> Minutes | None:
    return Minutes.objects.select_related("session__activity__ward", "ward", "next_session").filter(session=session).first()  # fmt: skip


def _kept_or_404(session: Session) -> Minutes:
    kept = _kept(session)
    if kept is None:
        raise Http404(_("この会議の記録はまだありません。先に作ってください。"))
    return kept


def _bodies(ward: Ward) -> Any:
    return Body.objects.filter(ward=ward).standing()  # type: ignore[attr-defined]


def _crumbs(ward: Ward, found: Activity, session: Session | None = None) -> list[Crumb]:
    steps = [
        Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])),
        Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk])),
    ]
    if session is not None:
        steps.append(Crumb(_("会議の記録"), reverse("office:minutes", args=[ward.key, found.pk, session.pk])))
    return steps
