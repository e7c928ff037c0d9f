"""Many sessions at once, one that was added by mistake, and one that was recorded as held by mistake."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kusei.office.forms.activities import ActivityForm, text_field
from kusei.office.views.activities import activity_or_404, session_or_404, told_words
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import SessionState
from kusei.services.activities.permissions import may_work_on_activities
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward

_TIME = {"class": "input input--short", "type": "time"}


class ManyForm(ActivityForm):
    """What becomes different; empty fields stay as they are."""

    place = text_field(gettext_lazy("場所"), 120, help_text=gettext_lazy("変えないときは空けておきます。"))
    begins = forms.TimeField(
        label=gettext_lazy("始まり"), required=False, widget=forms.TimeInput(attrs=_TIME)
    )
    ends = forms.TimeField(label=gettext_lazy("終わり"), required=False, widget=forms.TimeInput(attrs=_TIME))
    reason = text_field(
        gettext_lazy("理由"),
        200,
        help_text=gettext_lazy("申し込んだ人にそのまま伝わります。だれもいなければ書かなくてかまいません。"),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def many(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """Another place or time of the day for those that are ticked."""
    found = activity_or_404(request, ward, activity_id)
    coming = found.sessions.filter(visit=None, state=SessionState.PLANNED, starts_at__gt=timezone.now())
    sessions = list(coming.select_related("intake").order_by("starts_at", "pk"))
    chosen = {number_of(each) or 0 for each in request.POST.getlist("session")}
    form = ManyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            told = activities.change_sessions(
                activity=found, sessions=_seen(request, chosen), place=said["place"] or None, begins=said["begins"],
                ends=said["ends"], reason=said["reason"], actor=request.user,
            )  # fmt: skip
        except activities.ActivityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(n)d回を変えました。") % {"n": len(chosen)} + told_words(told))
            return redirect("office:activity", key=ward.key, activity_id=found.pk)
    return office_page(
        request, "office/activities/change_sessions.html", ward, title=_("これからの回をまとめて変える"), section="activities",
        crumbs=[
            Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])),
            Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk])),
        ],
        context={
            "activity": found, "form": form, "sessions": sessions,
            "chosen": chosen if request.method == "POST" else {each.pk for each in sessions},
            "seen": ",".join(f"{each.pk}:{each.revision}" for each in sessions),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _seen(request: OfficeRequest, chosen: set[int]) -> dict[int, int]:
    """Those that were chosen, with the revisions that were shown."""
    pairs = (each.partition(":") for each in request.POST.get("seen", "").split(","))
    shown = {number_of(pk) or 0: number_of(revision) or 0 for pk, _colon, revision in pairs}
    return {pk: shown.get(pk, 0) for pk in chosen}


@require_POST
@in_office(may_work_on_activities)
def take_back(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """A session was not held after all: it is planned again."""
    found = activity_or_404(request, ward, activity_id)
    session = session_or_404(found, session_id)
    try:
        activities.take_back_session(
            session=session, revision=number_of(request.POST.get("revision", "")) or 0, actor=request.user
        )
    except activities.ActivityError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("実施の記録を取り消し、予定に戻しました。この回の数は実績から外れています。")
        )
    return redirect("office:session", key=ward.key, activity_id=found.pk, session_id=session_id)


@require_POST
@in_office(may_work_on_activities)
def remove(request: OfficeRequest, ward: Ward, activity_id: int, session_id: int) -> HttpResponse:
    """Take a session away that was added by mistake."""
    found = activity_or_404(request, ward, activity_id)
    session = session_or_404(found, session_id)
    try:
        activities.remove_session(
            session=session, revision=number_of(request.POST.get("revision", "")) or 0, actor=request.user
        )
    except activities.ActivityError as error:
        messages.error(request, str(error))
        return redirect("office:session", key=ward.key, activity_id=found.pk, session_id=session_id)
    messages.success(request, _("この回を消しました。"))
    return redirect("office:activity", key=ward.key, activity_id=found.pk)
