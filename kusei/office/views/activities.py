"""講座・催し in the office: what one's bodies run, one of them with all that can be done, and one session."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.japanese.folding import fold
from kusei.office.forms.activities import (
    CountForm,
    DetailsForm,
    DrawForm,
    IntakeForm,
    MoveForm,
    ReasonForm,
    SealForm,
    read_quotas,
)
from kusei.office.forms.activity_setup import ReopenForm
from kusei.office.queries.activities import activities_for, counts_of
from kusei.office.queries.visits import waiting_count
from kusei.office.views.door import heads_to_say
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.formats import date_ja
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityState, SessionState, Way
from kusei.services.activities.models import Activity, Session
from kusei.services.activities.papers import form_languages, intake_by_paper_number
from kusei.services.activities.permissions import may_host, may_see_applicants, may_work_on_activities
from kusei.services.activities.queries import activity_page
from kusei.services.activities.queries.dispatch import sending_work
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.queries.taking_back import leaving
from kusei.services.activities.queries.tellings import open_calls
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import require
from kusei.wards.queries import trail_of

ROWS_AT_ONCE = 50


@require_safe
@in_office(may_work_on_activities)
def activity_list(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """What one's bodies run, newest first. The number of a paper form leads to where it is written down."""
    asked = {
        "state": request.GET.get("state", ""),
        "q": request.GET.get("q", "").replace("\x00", "").strip()[:60],
    }
    intake = intake_by_paper_number(ward, fold(asked["q"]))
    if intake is not None and may_host(request.rights, ward, host_ids(intake.activity)):
        return redirect(
            "office:new_application", key=ward.key, activity_id=intake.activity_id, intake_id=intake.pk
        )
    found = activities_for(ward, request.rights, state=asked["state"], words=asked["q"])
    page = Paginator(found, ROWS_AT_ONCE).get_page(request.GET.get("page"))
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request, "office/activities/list.html", ward, title=_("講座・催し"), section="activities",
        context={"visits_waiting": waiting_count(ward, request.rights), "calls": open_calls(ward, list(page.object_list)), "sending": sending_work(ward, request.rights.bodies_in(ward), timezone.now()), "page": page, "asked": asked, "states": ActivityState.choices, "keep": keep.urlencode()},
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def activity(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """One activity; a POST does what its button says."""
    found = activity_or_404(request, ward, activity_id)
    if request.method != "POST":
        return _page(request, ward, found)
    verb = request.POST.get("do", "")
    if verb == "publish":
        try:
            activities.publish_activity(activity=found, actor=request.user)
        except activities.ActivityError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("公開しました。住民のページに出ています。"))
        return redirect("office:activity", key=ward.key, activity_id=found.pk)
    form = _form_of(verb, found, request.POST)
    if form is None:
        raise Http404
    if form.is_valid():
        try:
            said = _do(request, found, verb, form)
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("office:activity", key=ward.key, activity_id=found.pk)
    return _page(request, ward, found, forms_={verb: form}, status=422)


def _form_of(verb: str, found: Activity, data: Any = None) -> forms.Form | None:
    match verb.partition("-")[0]:
        case "details":
            return DetailsForm(
                data, initial={name: getattr(found, name) for name in DetailsForm.base_fields}, auto_id="d-%s"
            )
        case "intake":
            return IntakeForm(data, auto_id="i-%s")
        case "off":
            return ReasonForm(data, auto_id="o-%s")
        case "seal":
            return SealForm(data, auto_id=f"{verb}-%s")
        case "draw":
            return DrawForm(data, auto_id=f"{verb}-%s")
        case "capacity":
            return CapacityForm(data, auto_id=f"{verb}-%s")
    return None


class CapacityForm(forms.Form):
    """Other numbers of seats, written as when they were set."""

    capacity = IntakeForm.base_fields["capacity"]

    def clean_capacity(self) -> dict[str, int]:
        return read_quotas(self.cleaned_data["capacity"])


def _do(request: OfficeRequest, found: Activity, verb: str, form: Any) -> str:
    """Do it; what the page says afterwards."""
    said, actor = form.cleaned_data, request.user
    what, _dash, number = verb.partition("-")
    if what == "details":
        revision = number_of(request.POST.get("revision", "")) or 0
        activities.change_activity(activity=found, details=form.details(), revision=revision, actor=actor)
        return _("直しました。")
    if what == "intake":
        activities.add_intake(
            activity=found, quotas=said["capacity"], opens_at=said["opens_at"], closes_at=said["closes_at"],
            way=Way(said["way"]), name=said["name"], most_people=said["most_people"], actor=actor,
        )  # fmt: skip
        return _("募集を加えました。次に、この募集の回を加えてください。")
    if what == "off":
        told = activities.call_off_activity(activity=found, reason=said["reason"], actor=actor)
        return _("中止にしました。") + told_words(told)
    intake = found.intakes.filter(pk=number_of(number) or 0).first()
    if intake is None:
        raise Http404
    if what == "seal":
        activities.seal_draw(intake=intake, seed_source=said["seed_source"], actor=actor)
        return _("抽選の対象を確定し、住民のページに出しました。値が分かったら抽選してください。")
    if what == "draw":
        if not hasattr(intake, "draw"):
            raise Http404
        told = activities.draw_lots(draw=intake.draw, seed=said["seed"], actor=actor)
        return _("抽選しました。") + told_words(told)
    names = {quota.name: quota.pk for quota in intake.quotas.all()}
    if set(said["capacity"]) != set(names):
        raise activities.NotFitting(_("枠の名前は変えられません。同じ名前で、数だけを変えてください。"))
    activities.change_capacity(
        intake=intake,
        capacities={names[name]: count for name, count in said["capacity"].items()},
        actor=actor,
    )
    if intake.way == Way.LOTTERY and not hasattr(intake, "draw"):  # nobody has a place before the draw
        return _("定員を変えました。席は抽選で決まります。")
    return _(
        "定員を変えました。空いた席は、待っている人の「返事待ち」になります。メールのない人には電話してください。"
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def session(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """One session: how many came, another time, called off."""
    found = activity_or_404(request, ward, activity_id)
    one = session_or_404(found, session_id)
    moving = {"starts_at": timezone.localtime(one.starts_at), "ends_at": timezone.localtime(one.ends_at), "place": one.place, "online_url": one.online_url}  # fmt: skip
    made: dict[str, forms.Form] = {
        "count": CountForm(initial=heads_to_say(one), auto_id="c-%s"),
        "move": MoveForm(initial=moving, auto_id="m-%s"),
        "off": ReasonForm(auto_id="o-%s"),
        "reopen": ReopenForm(auto_id="b-%s"),
    }
    if request.method == "POST":
        verb = request.POST.get("do", "")
        if verb not in made:
            raise Http404
        form = type(made[verb])(request.POST, auto_id=made[verb].auto_id)
        if form.is_valid():
            try:
                said = _do_session(request, one, verb, form.cleaned_data)
            except activities.ActivityError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, said)
                return redirect("office:activity", key=ward.key, activity_id=found.pk)
        made[verb] = form
        one.refresh_from_db()
    wrong = next((form for form in made.values() if form.errors), None)
    is_held = one.state == SessionState.HELD
    back = (
        {"stays": activities.stays_because(one, timezone.now()), "leaving": leaving(one)} if is_held else {}
    )
    return office_page(
        request, "office/activities/session.html", ward, title=f"{date_ja(timezone.localdate(one.starts_at))}の回",
        section="activities", crumbs=[_crumb(ward), Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk]))],
        context={"activity": found, "session": one, "forms": made, "form": wrong, **back, "year": fiscal_year_of(timezone.localdate(one.starts_at)), "has_begun": timezone.localdate(one.starts_at) <= timezone.localdate()},
        status=422 if wrong else 200,
    )  # fmt: skip


def _do_session(request: OfficeRequest, one: Session, verb: str, said: dict[str, Any]) -> str:
    revision = number_of(request.POST.get("revision", "")) or 0
    if verb == "count":
        activities.count_session(session=one, **said, revision=revision, actor=request.user)
        return _("記録しました。実績に入っています。")
    if verb == "off":
        told = activities.call_off_session(
            session=one, reason=said["reason"], revision=revision, actor=request.user
        )
        return _("この回を中止にしました。") + told_words(told)
    if verb == "reopen":
        told = activities.reopen_session(
            session=one, reason=said["reason"], revision=revision, actor=request.user
        )
        return _("中止を取りやめました。") + told_words(told)
    told = activities.move_session(session=one, revision=revision, actor=request.user, **said)
    return _("日時・場所を変えました。") + told_words(told)


def told_words(told: activities.Told) -> str:
    """Who knows by mail, and who has to be telephoned: never more than is true."""
    words = _("メールで%(n)d件に知らせました。") % {"n": told.by_mail} if told.by_mail else ""
    if told.to_telephone:
        words += _("%(n)d件はメールがないので、「知らせた記録」を見て電話してください。") % {
            "n": told.to_telephone
        }
    return words


def activity_or_404(request: OfficeRequest, ward: Ward, activity_id: int) -> Activity:
    """One of those that this person runs; others' are refused in words."""
    found = Activity.objects.filter(ward=ward, pk=activity_id).select_related("host", "item", "ward").first()
    if found is None:
        raise Http404(_("この講座・催しはありません。一覧から開き直してください。"))
    require(may_host(request.rights, ward, host_ids(found)))
    return found


def session_or_404(found: Activity, session_id: int) -> Session:
    """A session of an activity that this person runs, with what its pages show of it."""
    shown = found.sessions.select_related("activity__host", "activity__ward", "ward", "district", "intake")
    session = shown.filter(pk=session_id).first()
    if session is None:
        raise Http404(_("この回はありません。講座・催しのページから開き直してください。"))
    return session


def _page(
    request: OfficeRequest,
    ward: Ward,
    found: Activity,
    *,
    forms_: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    free_sessions, intakes = activity_page(found)
    all_sessions = [*free_sessions, *(each for _stands, own in intakes for each in own)]
    shown = {verb: _form_of(verb, found) for verb in ("details", "intake", "off")} | (forms_ or {})
    lines = []
    for stands, sessions in intakes:
        pk = stands.intake.pk
        written = "、".join(f"{quota.name} {quota.capacity}".strip() for quota in stands.quotas)
        lines.append(
            {
                "stands": stands, "sessions": sessions, "counts": counts_of(stands.intake), "written": written,
                "seal": shown.get(f"seal-{pk}") or _form_of(f"seal-{pk}", found),
                "draw": shown.get(f"draw-{pk}") or _form_of(f"draw-{pk}", found),
                "capacity": shown.get(f"capacity-{pk}") or CapacityForm(initial={"capacity": written}, auto_id=f"capacity-{pk}-%s"),
            }
        )  # fmt: skip
    return office_page(
        request, "office/activities/one.html", ward, title=found.title, section="activities", crumbs=[_crumb(ward)],
        context={
            "activity": found, "free_sessions": free_sessions, "lines": lines, "forms": shown,
            "form": next(iter((forms_ or {}).values()), None), "open_verb": next(iter(forms_ or {}), ""),
            "may_see_applicants": bool(may_see_applicants(request.rights, ward, host_ids(found))),
            "entries": trail_of(ward, "activities.activity", found.pk), "ticket": uuid.uuid4(),
            "calls": open_calls(ward, [found]).get(found.pk, 0), "form_languages": form_languages(found),
            "year": _year_of(all_sessions), "session_count": len(all_sessions),
            "kept_because": activities.kept_because(found) if found.state == ActivityState.DRAFT else "",
        },
        status=status,
    )  # fmt: skip


def _year_of(sessions: list[Session]) -> int:
    """The fiscal year whose figures one looks for: that of the last session that has begun, else of the first."""
    today = timezone.localdate()
    days = sorted(timezone.localdate(each.starts_at) for each in sessions)
    begun = [each for each in days if each <= today]
    return fiscal_year_of(begun[-1] if begun else days[0] if days else today)


def _crumb(ward: Ward) -> Crumb:
    return Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key]))
