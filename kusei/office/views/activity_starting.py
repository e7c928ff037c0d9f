"""A new activity: from a shape, a template or last year's; and its series of sessions, looked at before it is added."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.office.forms.activities import DetailsForm
from kusei.office.forms.activity_lines import Lines
from kusei.office.forms.activity_starting import CopiedIntakeForm, CopyForm, SeriesForm, StartForm
from kusei.office.queries.activities import actions_to_choose, years_to_choose
from kusei.office.queries.activity_starting import (
    AT_EACH_PLACE,
    item_going_on,
    lines_like,
    of_last_year,
    templates,
    to_copy,
    window_like,
    year_to_copy_into,
)
from kusei.office.views.activities import activity_or_404
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.plans.models import Item
from kusei.press.formats import date_ja, wareki
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.models import Activity
from kusei.services.activities.operations import NewIntake
from kusei.services.activities.permissions import may_host, may_work_on_activities
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.series import Left
from kusei.services.activities.shapes import SHAPES
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.enums import Role
from kusei.wards.models import Body, District, Ward


@require_safe
@in_office(may_work_on_activities)
def start(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """What to begin with."""
    today = timezone.localdate()
    return office_page(
        request, "office/activities/start.html", ward, title=_("講座・催しを作る"), section="activities",
        crumbs=[_list(ward)],
        context={
            "last_year": list(of_last_year(ward, request.rights, today=today)[:100]),
            "templates": templates(ward, request.rights), "shapes": SHAPES.values(), "today": today,
            "year": wareki(fiscal_year_of(today) - 1),
        },
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def new(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """From a shape, or from nothing."""
    shape = SHAPES.get(request.GET.get("shape", ""))
    initial: dict[str, Any] = {"ticket": uuid.uuid4(), "most_people": 4}
    if shape is not None:
        initial |= {"kind": shape.kind, "way": shape.way, "most_people": shape.most_people, "seats": shape.seats or ""}  # fmt: skip
    form = StartForm(request.POST or None, **_choices(request, ward), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = activities.set_up(**_said(ward, form), intakes=form.intakes(), actor=request.user)
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            if made.kind == ActivityKind.VISIT:
                messages.success(request, _("作りました。次に、どんなときに伺えるかを決めてください。"))
                return redirect("office:visit_terms", key=ward.key, activity_id=made.pk)
            messages.success(request, _("作りました。次に、行う日を決めてください。"))
            query = f"?shape={shape.key}" if shape else ""
            return redirect(reverse("office:plan_sessions", args=[ward.key, made.pk]) + query)
    return office_page(
        request, "office/activities/new.html", ward, title=_("講座・催しを作る"), section="activities",
        crumbs=[_list(ward), _start(ward)], context={"form": form, "shape": shape}, status=422 if form.errors else 200,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def copy(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """Like another, in another year: what is taken over stands in the form, the days in a table to mend."""
    like = to_copy(ward, request.rights).filter(pk=activity_id).select_related("host", "item").first()
    if like is None:
        raise Http404(_("この講座・催しはありません。一覧から開き直してください。"))
    today = timezone.localdate()
    usual = year_to_copy_into(like, today=today)
    years = sorted({fiscal_year_of(today), usual, usual + 1})
    asked = number_of(request.GET.get("year", ""))
    year = asked if asked in years else usual
    lines, moved = lines_like(like, year)
    lines = [replace(each, keep=each.keep and each.day >= today) for each in lines]
    if not may_host(
        request.rights, ward, host_ids(like)
    ):  # a template of the ward: where one enters online is its hosts' own
        lines = [replace(each, online_url="") for each in lines]
    items = actions_to_choose(ward, years_to_choose(ward))
    of_year = actions_to_choose(ward, [year])  # last year's own action is among the others, too
    candidates = [int(value) for _plan, choices in of_year or items for value, _label in choices]
    going_on = item_going_on(ward, like.item_id, candidates)
    mine = _choices(request, ward, items)
    is_host = mine["hosts"].filter(pk=like.host_id).exists()
    initial = {name: getattr(like, name) for name in DetailsForm.base_fields}
    initial |= {
        "host": like.host_id if is_host else None, "cohosts": list(like.cohosts.all()) if is_host else [],
        "item": going_on or "", "ticket": uuid.uuid4(),
    }  # fmt: skip
    data = request.POST if request.method == "POST" else None
    form = CopyForm(data, **mine, initial=initial)
    sources = list(like.intakes.prefetch_related("quotas").order_by("pk"))
    usual_move = next(iter(moved.values()), timedelta(days=364))
    intakes = [
        (each, CopiedIntakeForm(data, prefix=f"n{each.pk}", initial=window_like(each, moved.get(each.pk, usual_move))))
        for each in sources
    ]  # fmt: skip
    groups = [("", _("申込み不要")), *((str(each.pk), each.name or _("申込みあり")) for each in sources)]
    table = Lines(lines, data, districts=District.objects.filter(ward=ward), groups=groups)
    if data is not None and all(
        [form.is_valid(), table.is_valid(), *(each.is_valid() for _i, each in intakes)]
    ):
        whens = table.whens()
        taken = [
            NewIntake(**each.intake(), whens=whens.get(str(source.pk), []))
            for source, each in intakes if each.cleaned_data["takes"]
        ]  # fmt: skip
        try:
            made = activities.set_up(**_said(ward, form), intakes=taken, whens=whens.get("", []), like=like, actor=request.user)  # fmt: skip
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("作りました。内容を確かめて公開してください。"))
            return redirect("office:activity", key=ward.key, activity_id=made.pk)
    wrong = bool(data is not None)
    return office_page(
        request, "office/activities/copy.html", ward, title=_("同じものを作る"), section="activities",
        crumbs=[_list(ward), _start(ward)],
        context={
            "like": like, "form": form, "lines": table, "intakes": intakes, "year": year,
            "years": [(each, wareki(each)) for each in years], "is_going_on": going_on is not None,
            "is_same_item": going_on == like.item_id, "wrong_table": wrong and not table.is_valid(),
        },
        status=422 if wrong else 200,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def plan_sessions(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """A series: what was asked for becomes a table, and the table, mended, becomes sessions."""
    found = activity_or_404(request, ward, activity_id)
    intakes = [(str(each.pk), str(each)) for each in found.intakes.select_related("activity")]
    groups = [("", _("申込み不要")), *intakes]
    districts = District.objects.filter(ward=ward)
    shape = SHAPES.get(request.GET.get("shape", ""))
    initial: dict[str, Any] = {"intake": intakes[0][0] if intakes else ""}
    if shape is not None:
        initial |= {"begins": shape.begins, "ends": shape.ends, "count": shape.count, "rhythm": shape.rhythm}
    step = request.POST.get("step", "")
    form = SeriesForm(
        request.POST if step == "look" else None, districts=districts, intakes=intakes, initial=initial
    )
    table: Lines | None = None
    left: list[Left] = []
    at_places = False
    if step == "look" and form.is_valid():
        proposed, left = form.lines()
        at_places = bool(form.cleaned_data["places"])
        table = Lines(
            proposed, districts=districts, groups=groups + (_at_each_place(intakes) if at_places else [])
        )
    elif step == "add":
        at_places = request.POST.get("at_places") == "1"
        table = Lines(
            data=request.POST,
            districts=districts,
            groups=groups + (_at_each_place(intakes) if at_places else []),
        )
        if table.is_valid():
            try:
                count = _add(request, found, table)
            except activities.ActivityError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("%(n)d回を加えました。") % {"n": count})
                return redirect("office:activity", key=ward.key, activity_id=found.pk)
    return office_page(
        request, "office/activities/plan_sessions.html", ward, title=_("回を加える"), section="activities",
        crumbs=[_list(ward), Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk]))],
        context={
            "activity": found, "form": form, "lines": table,
            "left": "、".join(f"{date_ja(each.day)}{f'（{each.why}）' if each.why else ''}" for each in left),
            "at_places": at_places, "wrong_table": step == "add" and table is not None and not table.is_valid(),
        },
        status=422 if request.method == "POST" and (form.errors or step != "look") else 200,
    )  # fmt: skip


def _add(request: OfficeRequest, found: Activity, table: Lines) -> int:
    """Add what is kept; how many. Raises NotFitting."""
    whens = table.whens()
    if not whens:
        raise activities.NotFitting(_("行う回に、一つは印を付けてください。"))
    with transaction.atomic():
        for group, each in whens.items():
            number = number_of(group.removeprefix(AT_EACH_PLACE)) or 0
            intake = found.intakes.select_related("activity").filter(pk=number).first()
            if intake is not None and group.startswith(AT_EACH_PLACE):
                activities.add_at_places(like=intake, whens=each, actor=request.user)
            else:
                activities.add_sessions(activity=found, whens=each, intake=intake, actor=request.user)
    return sum(len(each) for each in whens.values())


def _at_each_place(intakes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (f"{AT_EACH_PLACE}{pk}", _("会場ごとの募集（%(name)sと同じ）") % {"name": name})
        for pk, name in intakes
    ]


def _choices(request: OfficeRequest, ward: Ward, items: Any = None) -> dict[str, Any]:
    bodies = Body.objects.filter(ward=ward)
    is_planner = request.rights.has(ward, Role.PLANNER)
    return {
        "items": items if items is not None else actions_to_choose(ward, years_to_choose(ward)),
        "hosts": bodies if is_planner else bodies.filter(pk__in=request.rights.bodies_in(ward)),
        "bodies": bodies.standing(),
    }


def _said(ward: Ward, form: StartForm | CopyForm) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "ward": ward,
        "item": Item.objects.get(ward=ward, pk=int(said["item"])),
        "host": said["host"],
        "cohosts": said["cohosts"],
        "details": form.details(),
        "ticket": said["ticket"],
    }


def _list(ward: Ward) -> Crumb:
    return Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key]))


def _start(ward: Ward) -> Crumb:
    return Crumb(_("講座・催しを作る"), reverse("office:start_activity", args=[ward.key]))
