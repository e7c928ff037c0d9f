"""スタンプラリー in the office: its rules and stations, live numbers, the prize counter, cards of paper, what is printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.office.forms.activities import ReasonForm
from kusei.office.forms.rallies import PaperForm, PrizeForm, RulesForm, StationForm, rules_of
from kusei.office.views.activities import activity_or_404
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.formats import date_ja
from kusei.press.qr import qr_svg
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Activity, Rally, Station
from kusei.services.activities.operations.rallies import session_of
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.queries.rallies import board_of, paper_of, rally_of
from kusei.services.activities.rallies import cleaned, grouped
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import District, Ward


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def rally(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """Everything of one rally; a POST does what its button says."""
    found, rules = _found(request, ward, activity_id)
    if request.method != "POST":
        return _page(request, ward, found, rules)
    verb = request.POST.get("do", "")
    form = _form_of(verb, ward, request.POST)
    if form is None or (rules is None and verb != "rules"):
        raise Http404
    if form.is_valid():
        try:
            said = _do(request, found, rules, verb, form)
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            where = reverse("office:rally", args=[ward.key, found.pk])
            given = f"?given={cleaned(form.cleaned_data['finish_code'])}#counter" if verb == "prize" else ""
            return redirect(where + given)
    return _page(request, ward, found, rally_of(found), verb=verb, form=form, status=422)


def _form_of(verb: str, ward: Ward, data: Any) -> Any:
    match verb:
        case "rules":
            return RulesForm(data, auto_id="r-%s")
        case "station":
            return StationForm(data, districts=District.objects.filter(ward=ward), auto_id="s-%s")
        case "prize" | "unprize":
            return PrizeForm(data, auto_id="p-%s")
        case "end":
            return ReasonForm(data, auto_id="e-%s")
        case "reopen":
            return forms.Form(data)
    return None


def _do(request: OfficeRequest, found: Activity, rally: Rally | None, verb: str, form: Any) -> str:
    """Do it; what the page says afterwards."""
    actor = request.user
    if verb == "rules":
        revision = number_of(request.POST.get("revision", ""))
        activities.set_up_rally(activity=found, rules=form.rules(), revision=revision, actor=actor)
        return _("決まりを保存しました。")
    if rally is None:
        raise Http404
    match verb:
        case "station":
            made = activities.add_station(rally=rally, stop=form.stop(), actor=actor)
            return _("「%(name)s」を加えました。ポスターを印刷して貼ってください。") % {"name": made.name}
        case "prize":
            card = activities.give_prize(
                rally=rally, finish_code=form.cleaned_data["finish_code"], actor=actor
            )
            return _("達成コード %(code)s の景品を渡しました。") % {"code": grouped(card.finish_code)}
        case "unprize":
            card = activities.take_back_prize(
                rally=rally, finish_code=form.cleaned_data["finish_code"], actor=actor
            )
            return _("達成コード %(code)s の記録を取り消しました。") % {"code": grouped(card.finish_code)}
        case "end":
            activities.end_rally(rally=rally, reason=form.cleaned_data["reason"], actor=actor)
            return _("スタンプラリーを終えました。スタンプはもう押せません。達成した人の景品は渡せます。")
    activities.reopen_rally(rally=rally, actor=actor)
    return _("スタンプラリーを再び始めました。")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def station(request: OfficeRequest, ward: Ward, activity_id: int, station_id: int) -> HttpResponse:
    """One station: its words, and a new code."""
    found, rules = _ruled(request, ward, activity_id)
    one = rules.stations.filter(pk=station_id).first()
    if one is None:
        raise Http404(_("この場所はありません。スタンプラリーのページから開き直してください。"))
    districts = District.objects.filter(ward=ward)
    initial = {name: getattr(one, name) for name in StationForm.base_fields}
    form = StationForm(request.POST if request.POST.get("do") == "save" else None, districts=districts, initial=initial)  # fmt: skip
    try:
        if request.POST.get("do") == "rotate":
            activities.rotate_code(station=one, actor=request.user)
            messages.success(request, _("コードを替えました。前のポスターでは押せません。新しいポスターを印刷して貼り替えてください。"))  # fmt: skip
            return redirect("office:rally_station", key=ward.key, activity_id=found.pk, station_id=one.pk)
        if request.method == "POST" and form.is_valid():
            revision = number_of(request.POST.get("revision", "")) or 0
            activities.change_station(station=one, stop=form.stop(), revision=revision, actor=request.user)
            messages.success(request, _("「%(name)s」を直しました。") % {"name": form.cleaned_data["name"]})
            return redirect("office:rally", key=ward.key, activity_id=found.pk)
    except activities.ActivityError as error:
        form.add_error(None, str(error))
        one.refresh_from_db()
    return office_page(
        request, "office/activities/station.html", ward, title=one.name, section="activities",
        crumbs=_crumbs(ward, found, True), status=422 if form.errors else 200,
        context={"activity": found, "station": one, "code": grouped(one.code), "form": form},
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def paper(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """Cards of paper, day by day: what was typed is shown again, and can be corrected."""
    found, rules = _ruled(request, ward, activity_id)
    day = _day(request.POST.get("day") or request.GET.get("day", "")) or timezone.localdate()
    stations = list(rules.stations.all())
    sums, stamps = paper_of(rules, day)
    initial: dict[str, Any] = {name: sums.get(name, 0) for name in ("cards", "finished", "prizes")}
    initial |= {f"station-{pk}": number for pk, number in stamps.items()}
    form = PaperForm(request.POST or None, stations=stations, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            activities.count_paper(
                rally=rules, day=day, cards=said["cards"], finished=said["finished"], prizes=said["prizes"],
                stamps=form.stamps(), actor=request.user,
            )  # fmt: skip
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(day)sの紙のカードを記録しました。") % {"day": date_ja(day)})
            return redirect("office:rally", key=ward.key, activity_id=found.pk)
    session = session_of(rules)
    return office_page(
        request, "office/activities/paper.html", ward, title=_("紙のカードの数"), section="activities",
        crumbs=_crumbs(ward, found, True), status=422 if form.errors else 200,
        context={
            "activity": found, "form": form, "day": day, "today": timezone.localdate(),
            "first_day": timezone.localdate(session.starts_at) if session else day,
            "sum_fields": [form[name] for name in ("cards", "finished", "prizes")], "stamp_fields": form.stamp_fields(),
        },
    )  # fmt: skip


@never_cache
@require_safe
@in_office(may_work_on_activities)
def posters(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """A poster for each station, one on each page of A4."""
    found, rules = _ruled(request, ward, activity_id)
    wanted = number_of(request.GET.get("station", ""))
    stations = rules.stations.filter(pk=wanted) if wanted else rules.stations.all()
    return office_page(
        request, "office/activities/posters.html", ward, title=_("ポスター"), section="activities", crumbs=_crumbs(ward, found, True),
        context={"activity": found, "rally": rules, "session": session_of(rules), "posters": [(each, grouped(each.code), _qr(ward, found, each)) for each in stations]},
    )  # fmt: skip


def _qr(ward: Ward, found: Activity, one: Station) -> str:
    where = settings.KUSEI_SITE_URL + reverse("portal:stamp", args=[ward.key, found.public_id, one.code])
    return qr_svg(where, label=_("%(name)sのスタンプのQRコード") % {"name": one.name})


@never_cache
@require_safe
@in_office(may_work_on_activities)
def paper_card(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """The card of paper, two on a page of A4, for those who come without a telephone."""
    found, rules = _ruled(request, ward, activity_id)
    where = settings.KUSEI_SITE_URL + reverse("portal:rally", args=[ward.key, found.public_id])
    return office_page(
        request, "office/activities/paper_card.html", ward, title=_("紙のカード"), section="activities", crumbs=_crumbs(ward, found, True),
        context={"activity": found, "rally": rules, "session": session_of(rules), "stations": list(rules.stations.all()), "qr": qr_svg(where, pixels=110), "copies": (1, 2)},
    )  # fmt: skip


def _found(request: OfficeRequest, ward: Ward, activity_id: int) -> tuple[Activity, Rally | None]:
    found = activity_or_404(request, ward, activity_id)
    return found, rally_of(found)


def _ruled(request: OfficeRequest, ward: Ward, activity_id: int) -> tuple[Activity, Rally]:
    found, rules = _found(request, ward, activity_id)
    if rules is None:
        raise Http404(_("スタンプラリーの決まりがまだありません。先に決めてください。"))
    return found, rules


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(
    request: OfficeRequest, ward: Ward, found: Activity, rules: Rally | None, *, verb: str = "", form: Any = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    shown = {name: _form_of(name, ward, None) for name in ("station", "prize", "end")}
    shown["rules"] = RulesForm(initial=rules_of(rules), auto_id="r-%s")
    if form is not None and verb in shown:
        shown[verb] = form
    given = cleaned(request.GET.get("given", ""))
    stage = activities.stage_of(rules, timezone.now()) if rules else None
    return office_page(
        request, "office/activities/rally.html", ward, title=_("スタンプラリー"), section="activities", crumbs=_crumbs(ward, found),
        context={
            "activity": found, "rally": rules, "session": session_of(rules) if rules else None, "stage": stage,
            "board": board_of(rules, timezone.localdate()) if rules else None, "forms": shown, "form": form, "open_verb": verb,
            "given": given if rules and rules.cards.filter(finish_code=given, prize_at__isnull=False).exists() else "",
        },
        status=status,
    )  # fmt: skip


def _crumbs(ward: Ward, found: Activity, below: bool = False) -> list[Crumb]:
    steps = [
        Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])),
        Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk])),
    ]
    return (
        [*steps, Crumb(_("スタンプラリー"), reverse("office:rally", args=[ward.key, found.pk]))]
        if below
        else steps
    )
