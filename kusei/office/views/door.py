"""At the door, on a tablet or a telephone: names to tap, heads to count, and codes that people hold up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.formats import date_ja
from kusei.services.activities import operations as activities
from kusei.services.activities.door_code import application_of
from kusei.services.activities.enums import PresenceWay, SessionState
from kusei.services.activities.models import Activity, Application, Seat, Session
from kusei.services.activities.permissions import may_host, may_see_applicants, may_work_on_activities
from kusei.services.activities.queries.door import (
    OTHERS,
    ROWS,
    DoorLine,
    door_lines,
    lines_of_application,
    narrowed,
    session_now,
)
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import require

_ONE_OPENING = timedelta(minutes=60)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def door(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """The list of one session; a POST does what its button says and comes back to the same place of the list."""
    one = _session_or_404(request, ward, activity_id, session_id)
    asked = {
        "q": request.GET.get("q", "").replace("\x00", "").strip()[:40],
        "row": request.GET.get("row", "")[:1],
        "paper": "1" if request.GET.get("paper") == "1" else "",
    }
    narrowing = urlencode({name: value for name, value in asked.items() if value})
    keep = f"?{narrowing}" if narrowing else request.path
    at = timezone.now()
    if request.method == "POST":
        try:
            after = _do(request, one, request.POST.get("do", ""))
        except activities.ActivityError as error:
            messages.error(request, str(error))
            after = ""
        if after == "counted":
            return redirect("office:session", key=ward.key, activity_id=activity_id, session_id=session_id)
        if "HX-Request" in request.headers:
            return _tapped(request, one, at, keep)
        back = request.path + (keep if narrowing and after != "paper" else "")
        return redirect(f"{back}#{after}" if after.startswith("s") else back)
    lines = []
    if one.intake_id is not None:
        people = activities.see_at_door(
            session=one, actor=request.user, is_opening=_is_opening(request, f"session-{one.pk}")
        )
        lines = door_lines(one, people)
    rows = {line.row for line in lines}
    shown = lines if asked["paper"] else narrowed(lines, words=asked["q"], row=asked["row"])
    return office_page(
        request, "office/activities/door.html", ward, title=_("受付"), section="activities",
        crumbs=_crumbs(ward, one.activity),
        context={
            **_counts(one, lines, at), "asked": asked, "keep": keep, "lines": shown,
            "rows": [row for row in [*ROWS, OTHERS] if row in rows],
        },
    )  # fmt: skip


def _counts(one: Session, lines: list[DoorLine], at: datetime) -> dict[str, Any]:
    """What the page says above and below the names; `at`: what came before it is on the page."""
    came = sum(line.is_in for line in lines)
    return {
        "activity": one.activity, "session": one, "expected": sum(not line.waits for line in lines), "came": came,
        "heads": came + one.walk_ins, "has_begun": timezone.localdate(one.starts_at) <= timezone.localdate(),
        "has_list": bool(lines), "at": at.isoformat(),
    }  # fmt: skip


def _tapped(request: OfficeRequest, one: Session, at: datetime, keep: str) -> HttpResponse:
    """What a tap changes of a page that stays: the counts, the rows of that application, and what others ticked since."""
    one = Session.objects.select_related("activity__host", "ward", "intake__activity", "intake__ward").get(
        pk=one.pk
    )
    number = number_of(request.POST.get("do", "").partition("-")[2]) or 0
    of_seats = Q(pk=number)
    if (since := _moment(request.POST.get("since", ""))) is not None:
        of_seats |= Q(presences__session=one, presences__noted_at__gte=since)
    seats = Seat.objects.filter(of_seats, intake=one.intake_id)
    chosen = set(seats.order_by().values_list("application", flat=True))
    people = activities.see_at_door(
        session=one, actor=request.user, only=chosen,
        is_opening=_is_opening(request, f"session-{one.pk}", is_whole=False),
    )  # fmt: skip
    lines = door_lines(one, people) if one.intake_id is not None else []
    shown = [line for line in lines if line.seat.application_id in chosen]
    context = {**_counts(one, lines, at), "keep": keep, "lines": shown, "ward": one.ward, "asked": {}}
    return render(request, "office/activities/door_tapped.html", context)


def _do(request: OfficeRequest, one: Session, verb: str) -> str:
    """Do it; the place of the page to come back to ("counted": the session's own page)."""
    actor = request.user
    what, _dash, number = verb.partition("-")
    if what == "walk":
        activities.count_walk_ins(session=one, by=-1 if number == "less" else 1, actor=actor)
        return ""
    if what == "count":
        revision = number_of(request.POST.get("revision", "")) or 0
        counted = activities.count_at_door(session=one, revision=revision, actor=actor)
        messages.success(request, _("%(n)d人で記録しました。実績に入っています。") % {"n": counted.heads})
        return "counted"
    if what == "paper":
        present = {found for each in request.POST.getlist("seat") if (found := number_of(each))}
        came = activities.mark_from_paper(session=one, present=present, actor=actor)
        messages.success(request, _("紙の名簿から入れました。出席は%(n)d人です。") % {"n": came})
        return "paper"
    seat = Seat.objects.filter(intake=one.intake_id, pk=number_of(number) or 0).first()
    said = {"present": True, "absent": False, "undo": None}
    if seat is None or what not in {*said, "in"}:
        raise Http404
    if what == "in":
        activities.let_in(session=one, seat=seat, actor=actor)
        messages.success(request, _("席に入れました。名前を確かめて「出席」を押してください。"))
    else:
        activities.mark_presence(session=one, seat=seat, is_present=said[what], actor=actor)
    return f"s{seat.pk}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def door_by_code(request: OfficeRequest, ward: Ward, code: str) -> HttpResponse:
    """The code that somebody holds up: who it is, and whether they can come in. Opening it changes nothing; the button does, which a
    script presses where one person is expected and nothing speaks against it."""
    found = application_of(ward, code)
    if found is None:
        raise Http404(
            _("このコードの申込みは見つかりません。消したものか、別の区のものです。名前を聞いて、名簿でさがしてください。")
        )  # fmt: skip
    try:
        applicant = activities.see_one(
            application=found, actor=request.user, is_opening=_is_opening(request, f"code-{found.pk}")
        )
    except activities.NotFitting as error:
        raise Http404(str(error)) from None
    now = timezone.now()
    session = session_now(found.intake, now)
    problem = ""
    if request.method == "POST" and session is not None:
        chosen = {number for each in request.POST.getlist("seat") if (number := number_of(each))}
        try:
            for seat in found.seats.filter(pk__in=chosen).order_by("pk"):
                activities.mark_presence(
                    session=session, seat=seat, is_present=True, way=PresenceWay.QR, actor=request.user
                )
        except activities.ActivityError as error:
            problem = str(error)
        else:
            return redirect(request.path)
    return _code_page(request, ward, found, session, applicant, problem)


def _code_page(
    request: OfficeRequest,
    ward: Ward,
    found: Application,
    session: Session | None,
    applicant: activities.Applicant,
    problem: str,
) -> HttpResponse:
    activity = found.intake.activity
    others = found.intake.sessions.exclude(state=SessionState.CALLED_OFF).order_by("starts_at")
    context: dict[str, Any] = {
        "activity": activity,
        "application": found,
        "session": session,
        "problem": problem,
    }
    if session is None:
        days = "、".join(date_ja(timezone.localdate(each.starts_at)) for each in others[:12])
        context["other_days"] = days
        context["people"] = applicant.people
    else:
        lines = lines_of_application(
            session, found.seats.select_related("application", "quota").order_by("pk"), applicant
        )
        to_come = [line for line in lines if line.seat.state == "accepted" and not line.is_in]
        context |= {
            "lines": lines, "to_come": to_come, "is_at_once": len(to_come) == 1 == len(lines) and not problem,
            "is_all_in": not to_come and any(line.is_in for line in lines),
        }  # fmt: skip
    return office_page(
        request, "office/activities/door_code.html", ward, title=_("受付番号%(number)d") % {"number": found.number},
        section="activities", crumbs=_crumbs(ward, activity), context=context, status=409 if problem else 200,
    )  # fmt: skip


def heads_to_say(one: Session) -> dict[str, int | None]:
    """What the form for the heads begins with: what was recorded, else what was counted at the door."""
    heads = one.heads
    if heads is None and one.state == SessionState.PLANNED:
        heads = activities.heads_at_door(one) or None
    return {"heads": heads, "men": one.men, "women": one.women, "children": one.children}


def _moment(text: str) -> datetime | None:
    """2026-11-23T08:00:00+00:00; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if timezone.is_aware(found) else None


def _is_opening(request: OfficeRequest, what: str, *, is_whole: bool = True) -> bool:
    """Whether this log-in opens a list of names anew: each tap shows some of the same list once more, for an hour after the last.
    Who taps later than that has opened no more than these (not `is_whole`)."""
    now = timezone.now()
    opened = {
        name: moment
        for name, moment in request.session.get("doors", {}).items()
        if now - datetime.fromisoformat(moment) < _ONE_OPENING
    }
    is_new = what not in opened
    if is_whole or not is_new:
        request.session["doors"] = opened | {what: now.isoformat()}
    return is_new


def _session_or_404(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> Session:
    found = Session.objects.filter(ward=ward, activity__pk=activity_id, pk=session_id)
    one = found.select_related("activity__host", "ward", "intake__activity", "intake__ward").first()
    if one is None:
        raise Http404(_("この回はありません。講座・催しのページから開き直してください。"))
    may = may_host if one.intake_id is None else may_see_applicants
    require(may(request.rights, ward, host_ids(one.activity)))
    return one


def _crumbs(ward: Ward, activity: Activity) -> list[Crumb]:
    return [
        Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])),
        Crumb(activity.title, reverse("office:activity", args=[ward.key, activity.pk])),
    ]
