"""One request for a visiting lecture: what was asked for, where it stands, and everything that can be done with it."""

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
from django.views.decorators.http import require_http_methods

from kusei.office.forms.visits import (
    AskBackForm,
    ChangeVisitForm,
    DecideForm,
    DeclineForm,
    GroupBodyForm,
    HoldForm,
    ProposeForm,
    SameGroupForm,
    TakeOnForm,
    WithdrawnForm,
)
from kusei.office.queries.visits import body_of_group, people_for, visits_of_group
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.office.views.visits import board_crumb, visit_or_404
from kusei.press.formats import moment_ja
from kusei.services.activities.enums import SessionState
from kusei.services.activities.errors import ActivityError
from kusei.services.activities.models import Session, VisitDate, VisitGroup, VisitRequest
from kusei.services.activities.operations import Told, stays_because, visiting
from kusei.services.activities.permissions import may_see_applicants, may_work_on_activities
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.queries.visits import groups_like
from kusei.services.activities.visit_enums import DateAnswer, Side, Turn
from kusei.services.activities.visiting import MOVES, WITHOUT_CONTACT
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Body, District, Ward
from kusei.wards.queries import trail_of

_WITHOUT_FORM = frozenset({"reopen", "back", "apart"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def visit(request: OfficeRequest, ward: Ward, visit_id: int) -> HttpResponse:
    """One request; a POST does what its button says. Who is to be reached is shown when asked for, and the look is recorded."""
    found = visit_or_404(request, ward, visit_id)
    verb = request.POST.get("do", "")
    if request.method != "POST":
        return _page(request, ward, found)
    if verb == "see":
        return _page(request, ward, found, seen=visiting.see_visit(request=found, actor=request.user))
    form = None if verb in _WITHOUT_FORM else _form_of(verb, found, request.POST)
    if form is None and verb not in _WITHOUT_FORM:
        raise Http404
    if form is None or form.is_valid():
        try:
            said = _do(request, found, verb, form)
        except ActivityError as error:
            if form is None:
                messages.error(request, str(error))
                return redirect("office:visit", key=ward.key, visit_id=found.pk)
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("office:visit", key=ward.key, visit_id=found.pk)
    found = visit_or_404(request, ward, visit_id)
    return _page(request, ward, found, forms_={verb: form} if form else None, status=422)


def _form_of(verb: str, found: VisitRequest, data: Any = None) -> forms.Form | None:
    words: dict[str, Any] = {"auto_id": f"{verb}-%s"}
    districts = District.objects.filter(ward=found.ward_id)
    match verb:
        case "take_on":
            form = TakeOnForm(data, initial={"person": found.taken_by_id}, **words)
            form.fields["person"].queryset = people_for(found.activity)  # type: ignore[attr-defined]
            return form
        case "ask_back":
            return AskBackForm(data, **words)
        case "propose":
            return ProposeForm(data, **words)
        case "decide":
            dates = _dates_to_decide(found)
            chosen = next((str(each.pk) for each, _label in dates if each.answer == DateAnswer.YES), "")
            initial = {"place": found.place, "district": found.district_id, "minutes": found.activity.visit_terms.minutes, "who_comes": found.who_comes, "date": chosen}  # fmt: skip
            return DecideForm(data, dates=dates, districts=districts, initial=initial, **words)
        case "decline":
            return DeclineForm(data, **words)
        case "withdraw":
            return WithdrawnForm(data, **words)
        case "hold":
            session = _live(found)
            return HoldForm(
                data, initial={"heads": session.heads if session else None, "done": found.done}, **words
            )
        case "change":
            initial = {name: getattr(found, name) for name in ("people", "audience", "place")}
            return ChangeVisitForm(
                data, districts=districts, initial={**initial, "district": found.district_id}, **words
            )
        case "same":
            same = SameGroupForm(data, **words)
            others = groups_like(found)
            same.fields["other"].queryset = VisitGroup.objects.filter(pk__in=[each.pk for each in others])  # type: ignore[attr-defined]
            return same
        case "body":
            of_body = GroupBodyForm(
                data, initial={"body": body_of_group(found, timezone.localdate())}, **words
            )
            of_body.fields["body"].queryset = Body.objects.standing().filter(ward=found.ward_id)  # type: ignore[attr-defined]
            return of_body
    return None


def _do(request: OfficeRequest, found: VisitRequest, verb: str, form: Any) -> str:
    """Do it; what the page says afterwards."""
    said = form.cleaned_data if form else {}
    seen: dict[str, Any] = {
        "request": found, "revision": number_of(request.POST.get("revision", "")) or 0, "actor": request.user,
    }  # fmt: skip
    match verb:
        case "take_on":
            visiting.take_on(**seen, person=said["person"])
            return _("担当を決めました。")
        case "ask_back":
            return _("団体に尋ねました。") + _told(visiting.ask_back(**seen, **said))
        case "propose":
            dates = form.dates(found.activity.visit_terms.minutes)
            told = visiting.propose_dates(**seen, dates=dates, answer_by=said["answer_by"])
            return _("別の日を案内しました。") + _told(told)
        case "decide":
            starts_at, ends_at = form.period()
            told = visiting.decide_visit(
                **seen, starts_at=starts_at, ends_at=ends_at, place=said["place"], district=said["district"],
                who_comes=said["who_comes"],
            )  # fmt: skip
            return _("日を決めました。") + _told(told)
        case "decline":
            return _("見送りました。") + _told(visiting.decline_visit(**seen, reason=said["reason"]))
        case "withdraw":
            told = visiting.note_withdrawn(**seen, reason=said["reason"], counts=not said["is_double"])
            return _("取下げとして記録しました。") + _told(told)
        case "reopen":
            return _("調整に戻しました。") + _told(visiting.reopen_visit(**seen))
        case "hold":
            visiting.hold_visit(**seen, **said)
            return _("記録しました。実績に入っています。")
        case "back":
            session = _live(found)
            if session is None:
                raise Http404
            revision = number_of(request.POST.get("session_revision", "")) or 0
            visiting.take_back_session(session=session, revision=revision, actor=request.user)
            return _("実施の記録を取り消しました。実績からも外れています。")
        case "change":
            visiting.change_visit(**seen, **said)
            return _("直しました。")
        case "same":
            count = visiting.to_same_group(request=found, other=said["other"], actor=request.user)
            return _("同じ団体にしました（申込み%(n)d件）。") % {"n": count}
        case "apart":
            visiting.tell_apart(request=found, actor=request.user)
            return _("別の団体として数えます。")
    if said["body"] == body_of_group(found, timezone.localdate()):
        return _("団体と実施主体の結び付きは、いまのままです。")  # past years stay those of the body it was
    visiting.set_body(request=found, body=said["body"], actor=request.user)
    return _("団体と実施主体の結び付きを変えました。")


def _told(told: Told) -> str:
    """Whether the group knows: never more than is true."""
    if told.by_mail:
        return _("団体にメールで知らせました。")
    return _("メールがないので、団体に電話してください。") if told.to_telephone else ""


def _page(
    request: OfficeRequest,
    ward: Ward,
    found: VisitRequest,
    *,
    forms_: dict[str, forms.Form] | None = None,
    seen: visiting.SeenVisit | None = None,
    status: int = 200,
) -> HttpResponse:
    may = {verb for verb, states in MOVES.items() if found.state in states}
    if found.forgotten_at is not None:
        may &= WITHOUT_CONTACT
    verbs = may & {"take_on", "ask_back", "propose", "decide", "decline", "withdraw", "hold"}
    verbs |= {"change", "same", "body"} if found.forgotten_at is None else set()
    shown = {verb: _form_of(verb, found) for verb in verbs} | (forms_ or {})
    session = _live(found)
    is_held = session is not None and session.state == SessionState.HELD
    stays = stays_because(session, timezone.now()) if session is not None and is_held else ""
    begun = session is not None and timezone.localdate(session.starts_at) <= timezone.localdate()
    return office_page(
        request, "office/visits/visit.html", ward, title=_("%(group)sの申込み") % {"group": found.group_name},
        section="activities",
        crumbs=[Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])), board_crumb(ward)],
        context={
            "visit": found, "activity": found.activity, "session": session, "has_begun": begun, "stays": stays,
            "dates": list(found.dates.all()), "forms": shown, "may": may, "seen": seen,
            "form": next(iter((forms_ or {}).values()), None), "open_verb": next(iter(forms_ or {}), ""),
            "decides_now": found.turn == Turn.OFFICE and "decide" in may and not forms_,
            "may_see": bool(may_see_applicants(request.rights, ward, host_ids(found.activity))),
            "lines_count": found.lines.count(), "last_line": found.lines.last(),
            "today": timezone.localdate(), "others": visits_of_group(found, request.rights),
            "group_body": body_of_group(found, timezone.localdate()), "is_alone": not found.group.requests.exclude(pk=found.pk).exists(),
            "entries": trail_of(ward, "activities.visitrequest", found.pk),
        },
        status=status,
    )  # fmt: skip


def _dates_to_decide(found: VisitRequest) -> list[tuple[VisitDate, str]]:
    """What the group wishes and what it said yes to, in words; the last first where it said yes."""
    rows = []
    for place, each in enumerate(found.dates.filter(side=Side.GROUP), start=1):
        rows.append((each, _("第%(n)d希望 %(at)s") % {"n": place, "at": moment_ja(each.starts_at)}))
    agreed = [
        (each, _("案内して、よいと返事があった日 %(at)s") % {"at": moment_ja(each.starts_at)})
        for each in found.dates.filter(side=Side.OFFICE, answer=DateAnswer.YES)
    ]
    return [*agreed, *rows]


def _live(found: VisitRequest) -> Session | None:
    return found.sessions.exclude(state="called_off").select_related("activity", "ward").first()
