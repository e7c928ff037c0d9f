"""Where the office begins: the wards that somebody works in, and what waits for them there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kusei.office.queries.start import Left, first_steps, steps_left
from kusei.office.queries.work import work_of
from kusei.office.views.frame import office_page
from kusei.plans import operations as plans
from kusei.plans.errors import PlanError
from kusei.wards import operations as wards
from kusei.wards.access import in_office, signed_in
from kusei.wards.models import Ward
from kusei.wards.permissions import may_enter_office, may_keep_bodies
from kusei.wards.queries import wards_of


@require_safe
@signed_in
def choose_ward(request: HttpRequest) -> HttpResponse:
    """The wards this person works in; straight on where there is only one."""
    found = wards_of(request.rights.ward_ids)  # type: ignore[attr-defined]
    if len(found) == 1:
        return redirect("office:work", key=found[0].key)
    return render(request, "office/wards.html", {"wards": found, "page_title": _("どの区の仕事をしますか")})


@require_safe
@in_office(may_enter_office)
def work(request: HttpRequest, ward: Ward) -> HttpResponse:
    """自分の仕事: what waits for this person."""
    work = work_of(request.user, ward, request.rights)  # type: ignore[attr-defined,arg-type]
    return office_page(
        request,
        "office/work.html",
        ward,
        title=_("自分の仕事"),
        section="work",
        context={"work": work, "left": _steps_left(request, ward), "today": timezone.localdate()},
    )


def _steps_left(request: HttpRequest, ward: Ward) -> Left | None:
    """What is still to do of the first steps; None for those who have no part in them."""
    rights = request.rights  # type: ignore[attr-defined]
    if not may_keep_bodies(rights, ward):
        return None
    return steps_left(ward, first_steps(ward, rights))


@require_POST
@in_office(may_enter_office)
def looked(request: HttpRequest, ward: Ward) -> HttpResponse:
    """Everything up to the newest change that was shown has been seen."""
    try:
        shown = parse_datetime(request.POST.get("last", ""))
    except ValueError:
        shown = None
    if shown is not None and timezone.is_naive(shown):
        shown = timezone.make_aware(shown)
    wards.look(ward=ward, person=request.user, at=shown)  # type: ignore[arg-type]
    return redirect("office:work", key=ward.key)


@require_POST
@in_office(may_enter_office)
def settle_mention(request: HttpRequest, ward: Ward, comment_id: int) -> HttpResponse:
    """A comment that called the person's body is dealt with."""
    try:
        plans.settle_comment(ward=ward, comment_id=comment_id, actor=request.user)  # type: ignore[arg-type]
        messages.success(request, _("コメントを済みにしました。"))
    except PlanError as error:
        messages.error(request, str(error))
    return redirect("office:work", key=ward.key)
