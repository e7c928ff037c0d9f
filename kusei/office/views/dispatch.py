"""派遣 in the office: what waits, a request that is typed in, and the people of one session."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.office.forms.dispatch import AlongForm, DispatchForm, NeedForm, RecordForm
from kusei.office.queries.activities import activities_for
from kusei.office.views.activities import activity_or_404, session_or_404
from kusei.office.views.draft_frame import number_of
from kusei.office.views.envoys import bodies_with_registers, crumbs
from kusei.office.views.frame import Crumb, office_page, unread
from kusei.press.formats import date_ja
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import AskedBy, AssignmentState, EnvoyRole
from kusei.services.activities.dispatching import fee_for
from kusei.services.activities.enums import ActivityKind, ActivityState, SessionState
from kusei.services.activities.models import Activity, Assignment, Need, Session
from kusei.services.activities.operations import Known
from kusei.services.activities.operations.envoys import envoy_label
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.queries.dispatch import PROMISED, candidates, register, sending_work
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.enums import Role
from kusei.wards.models import District, Ward
from kusei.wards.post import can_send


@never_cache
@require_safe
@in_office(may_work_on_activities)
def overview(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """What waits: to be telephoned, answers, people, records. Nobody's name stands here."""
    bodies = None if request.rights.has(ward, Role.PLANNER) else request.rights.bodies_in(ward)
    return office_page(
        request, "office/dispatch/overview.html", ward, title=_("派遣"), section="activities", crumbs=crumbs(ward)[:1],
        context={
            "work": sending_work(ward, bodies, timezone.now()), "now": timezone.now(),
            "keeps_register": bool(bodies_with_registers(request, ward)), "has_dispatches": _dispatches(request, ward).exists(),
        },
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def new(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """A request by telephone or at the counter: place, purpose, time, and whom it needs."""
    form = DispatchForm(
        request.POST or None, choices=_dispatches(request, ward), districts=District.objects.filter(ward=ward)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            need = activities.request_dispatch(
                activity=said["activity"], when=form.when(), role=EnvoyRole(said["role"]), count=said["count"],
                language=said["language"], purpose=said["purpose"], actor=request.user,
            )  # fmt: skip
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("依頼を入れました。次に、だれに頼むかを選んでください。"))
            return redirect(
                "office:session_people", key=ward.key, activity_id=said["activity"].pk, session_id=need.session_id
            )  # fmt: skip
    return office_page(
        request, "office/dispatch/new.html", ward, title=_("派遣の依頼を入れる"), section="activities", crumbs=crumbs(ward),
        context={"form": form, "has_dispatches": _dispatches(request, ward).exists()}, status=422 if form.errors else 200,
    )  # fmt: skip


def _dispatches(request: OfficeRequest, ward: Ward) -> Any:
    kept = activities_for(ward, request.rights).filter(kind=ActivityKind.DISPATCH)
    return kept.exclude(state=ActivityState.CALLED_OFF)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def people(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """The people of one session: how many are needed, who is free, asked, comes and went, and who came along."""
    found = activity_or_404(request, ward, activity_id)
    session = session_or_404(found, session_id)
    wrong: dict[str, forms.Form] = {}
    if request.method == "POST":
        answer = _posted(request, session, wrong)
        if answer is not None:
            return answer
        session.refresh_from_db()
    return _page(request, ward, found, session, wrong)


def _posted(request: OfficeRequest, session: Session, wrong: dict[str, forms.Form]) -> HttpResponse | None:
    """Do what the button says: back to the page, or None where a form does not fit (then it stands in `wrong`)."""
    verb, _dash, number = request.POST.get("do", "").partition("-")
    pk = number_of(number.partition("-")[0]) or 0
    form: forms.Form | None = None
    try:
        if verb in ("need", "along"):
            form = (NeedForm if verb == "need" else AlongForm)(request.POST, auto_id=f"{verb}-%s")
            wrong[verb] = form
            if not form.is_valid():
                return None
            said = form.cleaned_data | {"role": EnvoyRole(form.cleaned_data["role"])}
            act = activities.need_people if verb == "need" else activities.set_along
            act(session=session, actor=request.user, **said)  # type: ignore[operator]
            words = _("決めました。") if verb == "need" else _("記録しました。")
        elif verb in ("drop", "mail", "call"):
            words = _asked(request, session, verb, pk, number_of(number.partition("-")[2]) or 0)
        else:
            assignment = (
                Assignment.objects.filter(need__session=session, pk=pk)
                .select_related("envoy__body", "need__session")
                .first()
            )
            if assignment is None:
                raise Http404
            if verb == "went":
                form = RecordForm(request.POST, prefix=f"r{pk}", auto_id=f"r{pk}-%s")
                wrong[f"went-{pk}"] = form
                if not form.is_valid():
                    return None
            words = _answered(request, assignment, verb, form)
    except activities.ActivityError as error:
        if form is None:
            messages.error(request, str(error))
        else:
            form.add_error(None, str(error))
            return None
    else:
        messages.success(request, words)
    return redirect(request.path)


def _asked(request: OfficeRequest, session: Session, verb: str, need_id: int, envoy_id: int) -> str:
    need = (
        Need.objects.filter(session=session, pk=need_id).select_related("session__activity", "ward").first()
    )
    if need is None:
        raise Http404
    if verb == "drop":
        activities.need_nobody(need=need, actor=request.user)
        return _("消しました。")
    bodies = [each.pk for each in bodies_with_registers(request, session.ward)]
    envoy = register(session.ward, bodies).filter(pk=envoy_id).first()
    if envoy is None:
        raise Http404
    way = AskedBy.MAIL if verb == "mail" else AskedBy.TELEPHONE
    activities.ask_envoy(need=need, envoy=envoy, way=way, actor=request.user)
    if way == AskedBy.MAIL:
        return _("メールで頼みました。返事が来ると、ここに出ます。")
    return _("頼んだことを記録しました。電話で返事をもらったら、「引受け」か「断り」を押してください。")


def _answered(request: OfficeRequest, assignment: Assignment, verb: str, form: forms.Form | None) -> str:
    actor = request.user
    if verb == "yes":
        activities.accept_assignment(assignment=assignment, actor=actor)
        return _("引受けを記録しました。")
    if verb == "no":
        activities.decline_assignment(assignment=assignment, actor=actor)
        return _("断りを記録しました。次の人に頼めます。")
    if verb == "release":
        released = activities.release_assignment(assignment=assignment, actor=actor)
        return (
            _("依頼を取り消しました。電話で知らせてください。")
            if released.to_telephone
            else _("依頼を取り消し、メールで知らせました。")
        )
    if verb == "told":
        activities.told_by_telephone(assignment=assignment, actor=actor)
        return _("電話で知らせたことを記録しました。")
    if verb not in ("went", "missed"):
        raise Http404
    said = form.cleaned_data if form is not None else {}
    activities.record_going(
        assignment=assignment, went=verb == "went", minutes=said.get("minutes") or 0, fee_yen=said.get("fee_yen") or 0,
        expenses_yen=said.get("expenses_yen") or 0, note=said.get("note", ""),
        revision=number_of(request.POST.get("revision", "")) or 0, actor=actor,
    )  # fmt: skip
    return _("記録しました。実績に入っています。")


def _page(
    request: OfficeRequest, ward: Ward, found: Activity, session: Session, wrong: dict[str, forms.Form]
) -> HttpResponse:
    bodies = bodies_with_registers(request, ward)
    mine = {each.pk for each in bodies}
    needs = list(
        session.needs.prefetch_related("assignments__envoy__body__ward", "assignments__envoy__districts")
    )
    choices = {}
    for need in needs:
        need.session = session
        promised = sum(each.state in PROMISED for each in need.assignments.all())
        if promised < need.count and session.state != SessionState.CALLED_OFF:
            choices[need.pk] = candidates(need, mine)
    envoys = {each.envoy.pk: each.envoy for need in needs for each in need.assignments.all()}
    envoys |= {each.envoy.pk: each.envoy for found_ in choices.values() for each in found_}
    known: dict[int, Known] = {}
    for body in bodies:
        known |= activities.see_envoys(envoys=envoys.values(), body=body, actor=request.user)
    has_begun = timezone.localdate(session.starts_at) <= timezone.localdate()
    lines = []
    for need in needs:
        asked: list[dict[str, Any]] = []
        for each in need.assignments.all():
            each.need = need
            asked.append(
                {
                    "it": each, "known": known.get(each.envoy_id), "label": envoy_label(each.envoy),
                    "form": wrong.get(f"went-{each.pk}") or _record_form(each), "is_wrong": f"went-{each.pk}" in wrong,
                    "can_be_recorded": has_begun and each.state in (AssignmentState.ASKED, *PROMISED, AssignmentState.MISSED),
                    "is_open": each.state in (AssignmentState.ASKED, AssignmentState.ACCEPTED),
                }
            )  # fmt: skip
        free = [
            (each, known.get(each.envoy.pk), envoy_label(each.envoy))
            for each in choices.get(need.pk, [])
            if not each.why
        ]
        others = [
            (each, known.get(each.envoy.pk), envoy_label(each.envoy))
            for each in choices.get(need.pk, [])
            if each.why
        ]
        promised = sum(line["it"].state in PROMISED for line in asked)
        lines.append(
            {"need": need, "asked": asked, "promised": promised, "missing": max(need.count - promised, 0), "free": free, "others": others}
        )  # fmt: skip
    shown = {
        "need": wrong.get("need") or NeedForm(auto_id="need-%s"),
        "along": wrong.get("along") or AlongForm(auto_id="along-%s"),
    }
    day = date_ja(timezone.localdate(session.starts_at))
    return office_page(
        request, "office/dispatch/people.html", ward, title=_("%(day)sに来る人") % {"day": day}, section="activities",
        crumbs=[
            crumbs(ward)[0], Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk])),
            Crumb(_("%(day)sの回") % {"day": day}, reverse("office:session", args=[ward.key, found.pk, session.pk])),
        ],
        context={
            "activity": found, "session": session, "lines": lines, "forms": shown, "form": next(iter(wrong.values()), None),
            "unreadable": unread((each for each in envoys.values() if each.body_id in mine), known),
            "along": list(session.along.all()), "can_mail": can_send() and session.starts_at > timezone.now(), "has_begun": has_begun,
            "keeps_register": bool(bodies), "is_off": session.state == SessionState.CALLED_OFF,
        },
        status=422 if any(form.errors for form in wrong.values()) else 200,
    )  # fmt: skip


def _record_form(assignment: Assignment) -> RecordForm:
    session, envoy = assignment.need.session, assignment.envoy
    minutes = assignment.minutes or int((session.ends_at - session.starts_at).total_seconds()) // 60
    fee = (
        assignment.fee_yen
        if assignment.fee_yen is not None
        else fee_for(minutes, envoy.fee_yen, envoy.fee_per)
    )
    return RecordForm(
        prefix=f"r{assignment.pk}", auto_id=f"r{assignment.pk}-%s",
        initial={"minutes": minutes, "fee_yen": fee, "expenses_yen": assignment.expenses_yen or 0, "note": assignment.note},
    )  # fmt: skip


def waiting_for(request: OfficeRequest, ward: Ward) -> int:
    """How many things of 派遣 wait for one's bodies."""
    work = sending_work(ward, request.rights.bodies_in(ward), timezone.now())
    return len(work.to_telephone) + len(work.unanswered) + len(work.short) + len(work.unrecorded)
