"""決まったこと across meetings: what is open, what is late, what was done; and as a table for Excel."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from xlsxwriter import Workbook

from kusei.office.forms.meetings import DoneForm
from kusei.office.queries.activities import activities_for
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.workbooks import MEDIA_TYPE
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Decision
from kusei.services.activities.operations import meetings
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.queries.meetings import DONE, LATE, OPEN, decisions_of
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

ROWS_AT_ONCE = 50
MOST_IN_A_FILE = 5000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def decisions(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """The list, by date; marking one as done says what was done."""
    form = None
    if request.method == "POST":
        one = _hosted(request, ward).filter(pk=number_of(request.POST.get("id", "")) or 0).first()
        form = DoneForm(request.POST)
        try:
            if one is None:
                raise activities.NotFitting(_("この決まりごとはありません。一覧から開き直してください。"))
            if request.POST.get("do") == "undo":
                meetings.reopen_decision(decision=one, actor=request.user)
                messages.success(request, _("済みを取り消しました。"))
                return redirect(request.get_full_path())
            if form.is_valid():
                said = form.cleaned_data
                meetings.finish_decision(decision=one, note=said["note"], on=said["on"], actor=request.user)
                messages.success(request, _("「%(text)s」を済みにしました。") % {"text": one.text[:40]})
                return redirect(request.get_full_path())
        except activities.ActivityError as error:
            form.is_valid()
            form.add_error(None, str(error))
    asked = _asked(request)
    page = Paginator(_found(request, ward), ROWS_AT_ONCE).get_page(request.GET.get("page"))
    keep = request.GET.copy()
    keep.pop("page", None)
    return office_page(
        request, "office/meetings/decisions.html", ward, title=_("会議で決まったこと"), section="activities",
        crumbs=[Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key]))], status=422 if form is not None else 200,
        context={
            "page": page, "asked": asked, "keep": keep.urlencode(), "form": form, "today": timezone.localdate(),
            "wrong": number_of(request.POST.get("id", "")) if form is not None else None,
            "states": [(OPEN, _("済んでいないもの")), (LATE, _("期限を過ぎたもの")), (DONE, _("済んだもの"))],
        },
    )  # fmt: skip


@never_cache
@require_safe
@in_office(may_work_on_activities)
def decisions_file(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """The same list as a table for Excel."""
    heading = [_("会議"), _("会議の日"), _("番号"), _("決まったこと"), _("だれが"), _("いつまでに"), _("済んだ日"), _("したこと")]  # fmt: skip
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("決まったこと"))
    bold, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})  # fmt: skip
    for column, (text, width) in enumerate(zip(heading, (24, 12, 6, 48, 18, 12, 12, 36), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, bold)
    for row, each in enumerate(_found(request, ward)[:MOST_IN_A_FILE], start=1):
        session = each.minutes.session
        cells: list[Any] = [
            session.activity.title, timezone.localdate(session.starts_at).isoformat(), each.number, each.text, each.doer,
            each.due_on.isoformat() if each.due_on else "", each.done_on.isoformat() if each.done_on else "", each.done_note,
        ]  # fmt: skip
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(row, column, cell, wrap)
            else:
                sheet.write_string(row, column, cell, wrap)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    name = f"{timezone.localdate().isoformat()}_会議で決まったこと.xlsx"
    return HttpResponse(
        out.getvalue(),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )


def _asked(request: OfficeRequest) -> dict[str, str]:
    state = request.GET.get("state", OPEN)
    return {
        "state": state if state in (OPEN, LATE, DONE) else OPEN,
        "q": request.GET.get("q", "").replace("\x00", "").strip()[:60],
    }


def _found(request: OfficeRequest, ward: Ward) -> Any:
    asked = _asked(request)
    hosted = activities_for(ward, request.rights)
    return decisions_of(ward, hosted, state=asked["state"], words=asked["q"], today=timezone.localdate())


def _hosted(request: OfficeRequest, ward: Ward) -> Any:
    hosted = activities_for(ward, request.rights).values("pk").order_by()
    return Decision.objects.filter(ward=ward, minutes__session__activity__in=hosted)
