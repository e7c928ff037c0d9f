"""Who applied: seen by those who host, each look recorded; written down for who telephones; changed on their behalf."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kusei.japanese.folding import fold
from kusei.office.applicant_list import narrowing_of
from kusei.office.forms.activities import WrittenDownForm, names_in
from kusei.office.queries.activities import applications_of
from kusei.office.views.activities import activity_or_404
from kusei.office.views.frame import Crumb, office_page, unread
from kusei.services.activities import asking
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import LIVE, Arrival, SeatState
from kusei.services.activities.models import Activity, Application, Intake, Question
from kusei.services.activities.operations import Applicant, Contact, Given, Someone
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.queries.again import alike
from kusei.services.activities.queries.applications import people_before
from kusei.services.activities.queries.asking import asked_now, ever_asked
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

ROWS_AT_ONCE = 50
_PERSON = re.compile(r"\s*(?P<name>[^()\d]+?)\s*(?:\((?P<kana>[^()]*)\))?\s*(?:(?P<age>\d{1,3})\s*歳?)?\s*")


@never_cache
@require_safe
@in_office(may_work_on_activities)
def applicants(request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int) -> HttpResponse:
    """The list with a column to tick, by pages or, to print it, as a whole. The look stands in the trail."""
    found, intake = activity_and_intake(request, ward, activity_id, intake_id)
    quotas = list(intake.quotas.all())
    asked = narrowing_of(request.GET, quotas)
    everybody = applications_of(intake)
    applications = asked.of_columns(everybody)
    people: dict[int, Applicant] = {}
    if asked.needs_names:
        people = _seen(request, found, intake, applications)
        applications = asked.of_names(applications, people)
    at_once = max(len(applications), 1) if asked.is_whole else ROWS_AT_ONCE
    page = Paginator(applications, at_once).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    if not asked.needs_names:
        people = _seen(request, found, intake, shown)
    questions = ever_asked(intake)
    like = alike(intake)
    lines = []
    for application in shown:
        known = people.get(application.pk)
        seats = list(application.seats.all())
        lines.append(
            {
                "application": application,
                "people": list(zip(known.people if known else [None] * len(seats), seats, strict=False)),
                "contact": known.contact if known else None,
                "said": _said(questions, known.answers) if known else [],
                "unsaid": _("答えなし") if application.way == Arrival.PAGE else _("聞いていない"),
                "alike": like.get(application.pk, []),
                "is_live": any(seat.state in LIVE for seat in seats),
                "is_offered": any(seat.state == SeatState.OFFERED for seat in seats),
            }
        )
    keep = request.GET.copy()
    for name in ("page", "whole"):
        keep.pop(name, None)
    return office_page(
        request, "office/activities/applicants.html", ward, title=_("%(name)sの申込み") % {"name": intake},
        section="activities", crumbs=crumbs_of(ward, found),
        context={
            "activity": found, "intake": intake, "lines": lines, "page": page, "asked": asked, "total": len(everybody), "here": request.GET.urlencode(),
            "keep": keep.urlencode(), "states": _states(everybody), "quotas": quotas if len(quotas) > 1 else [],
            "unreadable": unread(shown if not asked.needs_names else asked.of_columns(everybody), people),
            "has_questions": bool(questions), "sessions": list(intake.sessions.order_by("starts_at")),
            "intakes": list(found.intakes.select_related("activity").order_by("pk")),
        },
    )  # fmt: skip


def _seen(
    request: OfficeRequest, found: Activity, intake: Intake, applications: list[Application]
) -> dict[int, Applicant]:
    """Who these are; one look, of as many as were opened."""
    return activities.see_some(
        activity=found, applications=applications, actor=request.user, label=str(intake)
    )


def _states(applications: list[Application]) -> list[tuple[str, str, int]]:
    """The states in which people stand, each with how many."""
    counts = Counter(seat.state for each in applications for seat in each.seats.all())
    return [(each.value, str(each.label), counts[each.value]) for each in SeatState if counts[each.value]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def write_down(request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int) -> HttpResponse:
    """An application by telephone, fax, post or at the counter."""
    found, intake = activity_and_intake(request, ward, activity_id, intake_id)
    quotas = [(str(each.pk), each.name) for each in intake.quotas.all()]
    form = WrittenDownForm(
        request.POST or None, quotas=quotas, questions=asked_now(intake), most=intake.most_people,
        asks_belonging=bool(found.reach), initial={"ticket": uuid.uuid4()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            applied = activities.apply_for(
                intake=intake, ticket=said["ticket"], people=people_in(said["names"], int(said.get("quota") or 0), said["people"]),
                contact=_contact(said["telephone"]), together=not said["one_by_one"], way=Arrival(said["way"]),
                answers=form.answers(), note=said["note"], actor=request.user,
            )  # fmt: skip
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            here = reverse("office:new_application", args=[ward.key, found.pk, intake.pk])
            return redirect(f"{here}?done={applied.application.number}")
    return office_page(
        request, "office/activities/write_down.html", ward, title=_("申込みを受け付ける"), section="activities",
        crumbs=crumbs_of(ward, found), context={
            "form": form, "activity": found, "intake": intake,
            "done": None if form.is_bound else just_taken(intake, request.GET.get("done", "")),
            "first_fields": [form[name] for name in ("names", "telephone", "people")],
            "other_fields": [field for field in form.visible_fields() if field.name not in ("names", "telephone", "people")],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_POST
@in_office(may_work_on_activities)
def change(request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int, number: int) -> HttpResponse:
    """Cancel, or answer an offer, for somebody who telephones."""
    found, intake = activity_and_intake(request, ward, activity_id, intake_id)
    application = intake.applications.filter(number=number).first()
    if application is None:
        raise Http404(_("この受付番号の申込みはありません。"))
    acts: dict[str, tuple[Any, str]] = {
        "cancel": (
            activities.cancel_seats,
            _("取り消しました。空いた席を案内する人は「返事待ち」です。メールのない人には電話してください。"),
        ),
        "take": (activities.take_offer, _("参加に決めました。")),
        "leave": (
            activities.leave_offer,
            _("辞退として記録しました。次の人が「返事待ち」です。メールのない人には電話してください。"),
        ),
    }
    if request.POST.get("do") not in acts:
        raise Http404
    act, words = acts[request.POST["do"]]
    try:
        act(application=application, actor=request.user)
    except activities.ActivityError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    back = reverse("office:applicants", args=[ward.key, found.pk, intake.pk])
    return redirect(f"{back}?{request.GET.urlencode()}#a{number}" if request.GET else f"{back}#a{number}")


def _said(questions: list[Question], given: Given) -> list[tuple[Question, list[str]]]:
    """Each question with what was answered: once, or by person in the order of the seats."""
    lines = []
    for each in questions:
        values = (
            [one.get(each.pk) for one in given.each] if each.is_for_each else [given.together.get(each.pk)]
        )
        said = [asking.said(activities.put_of(each), value) for value in values]
        if any(said) or each.removed_at is None:
            lines.append((each, said))
    return lines


def people_in(names: str, quota: int, count: int | None) -> list[Someone]:
    """泉 花子（いずみ はなこ）32歳、泉 太郎: so many as were counted, those without a name as companions of the first."""
    found = []
    for line in names_in(fold(names).replace("（", "(").replace("）", ")")):
        match = _PERSON.fullmatch(line)
        if match is None:
            raise activities.NotFitting(
                _("「%(line)s」が読めません。「泉 花子（いずみ はなこ）32歳」のように、「、」で区切って書いてください。")
                % {"line": line[:30]}
            )  # fmt: skip
        age = match["age"]
        found.append(Someone(match["name"], (match["kana"] or "").strip(), int(age) if age else None, quota))
    if count is not None and count < len(found):
        raise activities.NotFitting(
            _("人数が、名前を書いた人より少なくなっています。どちらかを直してください。")
        )
    first = found[0].name if found else ""
    return found + [
        Someone(_("%(name)s（同行%(n)d）") % {"name": first[:60], "n": place}, quota=quota)
        for place in range(1, (count or 0) - len(found) + 1)
    ]


def just_taken(intake: Intake, number: str) -> dict[str, Any] | None:
    """How the application that was just written down stands, to be said on the telephone."""
    found = intake.applications.filter(number=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 9 else None  # fmt: skip
    if found is None:
        return None
    counts = Counter(found.seats.values_list("state", flat=True))
    return {"application": found, "counts": counts, "before": people_before(found)}


def _contact(text: str) -> Contact:
    return Contact(mail=text.strip()) if "@" in text else Contact(telephone=text.strip())


def activity_and_intake(
    request: OfficeRequest, ward: Ward, activity_id: int, intake_id: int
) -> tuple[Activity, Intake]:
    """An intake of an activity that this person runs, or a 404."""
    found = activity_or_404(request, ward, activity_id)
    intake = found.intakes.select_related("activity", "ward").filter(pk=intake_id).first()
    if intake is None:
        raise Http404(_("この募集はありません。講座・催しのページから開き直してください。"))
    return found, intake


def crumbs_of(ward: Ward, found: Activity) -> list[Crumb]:
    """The steps to an activity."""
    return [
        Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])),
        Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk])),
    ]
