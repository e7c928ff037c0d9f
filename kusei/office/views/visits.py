"""出前講座 in the office: the board of requests, one request with all that can be done, writing one down, a theme's terms."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kusei.office.forms.visits import TermsForm, WriteDownVisitForm
from kusei.office.queries.visits import AskedVisits, themes_for, visits_for
from kusei.office.views.activities import activity_or_404
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.csv_files import csv_answer
from kusei.services.activities.enums import ActivityKind, Arrival
from kusei.services.activities.errors import ActivityError
from kusei.services.activities.models import Activity, VisitRequest, VisitTerms
from kusei.services.activities.operations import visiting
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.visit_enums import VisitState
from kusei.services.activities.visiting import Terms
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Body, District, Ward

ROWS_AT_ONCE = 50


@require_safe
@in_office(may_work_on_activities)
def board(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """All requests for what one's bodies host, those whose deadline is next first."""
    asked = _asked(request)
    found = visits_for(ward, request.rights, asked, person=request.user, today=timezone.localdate())
    if request.GET.get("form") == "csv":
        return _csv(found)
    page = Paginator(found, ROWS_AT_ONCE).get_page(request.GET.get("page"))
    keep = request.GET.copy()
    keep.pop("page", None)
    themes = list(themes_for(ward, request.rights))
    return office_page(
        request, "office/visits/board.html", ward, title=_("出前講座の申込み"), section="activities",
        crumbs=[_crumb(ward)],
        context={
            "page": page, "asked": asked, "keep": keep.urlencode(), "themes": themes, "today": timezone.localdate(),
            "states": [("open", _("終わっていないもの")), ("", _("すべて")), *VisitState.choices],
            "open_themes": [each for each in themes if each.state == "published"],
        },
    )  # fmt: skip


def _asked(request: OfficeRequest) -> AskedVisits:
    state = request.GET.get("state", "open")
    whose = request.GET.get("whose", "")
    return AskedVisits(
        state=state if state in {"open", "", *VisitState.values} else "open",
        theme=number_of(request.GET.get("theme", "")),
        whose=whose if whose in {"mine", "nobody"} else "",
        late=request.GET.get("late") == "1",
        words=request.GET.get("q", "").replace("\x00", "").strip()[:60],
    )


def _csv(found: Any) -> HttpResponse:
    """The board as a file, without anybody's name or contact."""
    heading = [
        "受付番号", "出前講座", "団体", "団体の種類", "状態", "受け付けた日", "受け付けた方法", "第1希望", "決まった日時", "会場", "地区",
        "見込みの人数", "参加した人数", "次の期限", "見送り・取下げの理由",
    ]  # fmt: skip

    def moment(at: Any) -> str:
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""

    rows = (
        [
            str(each.number), each.activity.title, each.group_name, str(each.group.get_kind_display()),
            str(each.get_state_display()), f"{timezone.localdate(each.received_at):%Y-%m-%d}", str(each.get_way_display()),
            moment(each.wished_at), moment(each.session_at), each.place, each.district.name if each.district else "",
            str(each.people), "" if each.heads is None else str(each.heads), each.due_on.isoformat() if each.due_on else "", each.reason,
        ]
        for each in found.select_related("activity", "group", "district")
    )  # fmt: skip
    return csv_answer(_("出前講座の申込み.csv"), heading, rows)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def write_down(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """A request by telephone, fax, post or at the counter."""
    theme = theme_or_404(request, ward, activity_id)
    form = WriteDownVisitForm(
        request.POST or None, districts=District.objects.filter(ward=ward), bodies=Body.objects.standing().filter(ward=ward),
        initial={"ticket": uuid.uuid4()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = visiting.ask_for_visit(
                activity=theme, ticket=said["ticket"], asked=form.asked(), contact=form.contact(),
                way=Arrival(said["way"]), actor=request.user,
            )  # fmt: skip
        except ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("受付番号%(n)dで受け付けました。") % {"n": made.request.number})
            return redirect("office:visit", key=ward.key, visit_id=made.request.pk)
    return office_page(
        request, "office/visits/write_down.html", ward, title=_("出前講座の申込みを受け付ける"), section="activities",
        crumbs=[_crumb(ward), board_crumb(ward)], context={"form": form, "activity": theme},
        status=422 if form.errors else 200,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def terms(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """On what terms a theme is brought to groups."""
    theme = theme_or_404(request, ward, activity_id)
    kept = VisitTerms.objects.filter(activity=theme).first()
    before = visiting.terms_of(kept) if kept else Terms()
    form = TermsForm(request.POST or None, initial=TermsForm.initial_of(before))
    if request.method == "POST" and form.is_valid():
        try:
            revision = number_of(request.POST.get("revision", "")) or 0
            visiting.set_terms(activity=theme, terms=form.terms(), revision=revision, actor=request.user)
        except ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("条件を決めました。"))
            return redirect("office:activity", key=ward.key, activity_id=theme.pk)
    return office_page(
        request, "office/visits/terms.html", ward, title=_("出前講座の条件"), section="activities",
        crumbs=[_crumb(ward), Crumb(theme.title, reverse("office:activity", args=[ward.key, theme.pk]))],
        context={"form": form, "activity": theme, "revision": kept.revision if kept else 0},
        status=422 if form.errors else 200,
    )  # fmt: skip


def theme_or_404(request: OfficeRequest, ward: Ward, activity_id: int) -> Activity:
    """A visiting lecture that this person's bodies host."""
    found = activity_or_404(request, ward, activity_id)
    if found.kind != ActivityKind.VISIT:
        raise Http404(_("出前講座ではありません。講座・催しの一覧から開き直してください。"))
    return found


def visit_or_404(request: OfficeRequest, ward: Ward, visit_id: int) -> VisitRequest:
    """A request for one of them."""
    found = VisitRequest.objects.filter(ward=ward, pk=visit_id)
    visit = found.select_related("activity__ward", "ward", "district", "group__body", "taken_by").first()
    if visit is None:
        raise Http404(_("この申込みはありません。出前講座の申込みの一覧から開き直してください。"))
    activity_or_404(request, ward, visit.activity_id)
    return visit


def board_crumb(ward: Ward) -> Crumb:
    """One step up from a request."""
    return Crumb(_("出前講座の申込み"), reverse("office:visits", args=[ward.key]))


def _crumb(ward: Ward) -> Crumb:
    return Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key]))
