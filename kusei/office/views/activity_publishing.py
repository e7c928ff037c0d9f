"""Publication and the days of application of one activity: at a time, back to a draft, longer, called off by mistake, reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
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

from kusei.office.forms.activity_setup import (
    PublishAtForm,
    RemindersForm,
    ReopenForm,
    TemplateForm,
    WindowForm,
)
from kusei.office.views.activities import activity_or_404, told_words
from kusei.office.views.draft_frame import number_of
from kusei.office.views.frame import Crumb, office_page
from kusei.press.formats import moment_ja
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import TemplateFor
from kusei.services.activities.models import Activity, Application, Intake
from kusei.services.activities.permissions import may_work_on_activities
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_office(may_work_on_activities)
def publishing(request: OfficeRequest, ward: Ward, activity_id: int) -> HttpResponse:
    """One page of settings; a POST does what its button says."""
    found = activity_or_404(request, ward, activity_id)
    intakes = list(found.intakes.select_related("activity").order_by("pk"))
    made = _forms(found, intakes)
    if request.method == "POST":
        verb = request.POST.get("do", "")
        form = _filled(made, verb, request)
        if form is None or form.is_valid():
            try:
                said = _do(request, found, intakes, verb, form.cleaned_data if form else {})
            except activities.ActivityError as error:
                if form is None:
                    messages.error(request, str(error))
                    return redirect("office:activity_publishing", key=ward.key, activity_id=found.pk)
                form.add_error(None, str(error))
            else:
                messages.success(request, said)
                return redirect("office:activity_publishing", key=ward.key, activity_id=found.pk)
        found.refresh_from_db()
    wrong = next((form for form in made.values() if form.errors), None)
    now = timezone.now()
    return office_page(
        request, "office/activities/publishing.html", ward, title=_("公開と申込みの設定"), section="activities",
        crumbs=[
            Crumb(_("講座・催し"), reverse("office:activities", args=[ward.key])),
            Crumb(found.title, reverse("office:activity", args=[ward.key, found.pk])),
        ],
        context={
            "activity": found, "forms": made, "form": wrong,
            "windows": [(each, made[f"window-{each.pk}"], each.closes_at <= now) for each in intakes],
            "has_applications": Application.objects.filter(intake__activity=found).exists(),
            "is_late": found.publish_at is not None and found.publish_at <= now,
        },
        status=422 if wrong else 200,
    )  # fmt: skip


def _forms(found: Activity, intakes: list[Intake]) -> dict[str, forms.Form]:
    local = timezone.localtime
    return {
        "publish_at": PublishAtForm(
            initial={"publish_at": local(found.publish_at) if found.publish_at else None}, auto_id="p-%s"
        ),
        "reminders": RemindersForm(
            initial={"days": found.remind_days, "again_days": found.remind_again_days}, auto_id="r-%s"
        ),
        "template": TemplateForm(initial={"template": found.template}, auto_id="t-%s"),
        "reopen": ReopenForm(auto_id="o-%s"),
        **{
            f"window-{each.pk}": WindowForm(
                initial={"opens_at": local(each.opens_at), "closes_at": local(each.closes_at)},
                auto_id=f"w{each.pk}-%s",
            )
            for each in intakes
        },
    }


def _filled(made: dict[str, forms.Form], verb: str, request: OfficeRequest) -> forms.Form | None:
    """The form of the button, with what was typed; None for a button without fields."""
    if verb not in made:
        return None
    made[verb] = type(made[verb])(request.POST, auto_id=made[verb].auto_id)
    return made[verb]


def _do(
    request: OfficeRequest, found: Activity, intakes: list[Intake], verb: str, said: dict[str, Any]
) -> str:
    """Do it; what the page says afterwards."""
    actor = request.user
    what, _dash, number = verb.partition("-")
    if number and (what not in {"window", "close"} or (what == "window" and not said)):
        raise Http404
    if what in {"window", "close"}:
        intake = next((each for each in intakes if each.pk == number_of(number)), None)
        if intake is None:
            raise Http404
        times = said or {
            "opens_at": min(intake.opens_at, timezone.now() - timedelta(minutes=1)),
            "closes_at": timezone.now(),
        }
        activities.change_window(intake=intake, **times, actor=actor)
        return _("申込みの期間を変えました。") if what == "window" else _("申込みを締め切りました。")
    acts: dict[str, Callable[[], str]] = {
        "publish_at": lambda: _scheduled(
            activities.publish_at(activity=found, moment=said["publish_at"], actor=actor)
        ),
        "no_publish_at": lambda: _scheduled(activities.publish_at(activity=found, moment=None, actor=actor)),
        "unpublish": lambda: _unpublished(activities.unpublish_activity(activity=found, actor=actor)),
        "reminders": lambda: _reminded(
            activities.change_reminders(
                activity=found, days=said["days"], again_days=said["again_days"], actor=actor
            )
        ),
        "template": lambda: _template(
            activities.mark_template(activity=found, template=said["template"], actor=actor)
        ),
        "reopen": lambda: (
            _("中止を取りやめ、また公開しました。")
            + told_words(activities.reopen_activity(activity=found, reason=said["reason"], actor=actor))
        ),
    }
    if what not in acts:
        raise Http404
    return acts[what]()


def _scheduled(found: Activity) -> str:
    if found.publish_at is None:
        return _("公開の予約を取り消しました。")
    return _("%(day)sに公開します。") % {"day": moment_ja(found.publish_at)}


def _unpublished(_found: Activity) -> str:
    return _("準備中に戻しました。住民のページには出ていません。")


def _reminded(_found: Activity) -> str:
    return _("お知らせの日を変えました。")


def _template(found: Activity) -> str:
    return (
        _("「%(kind)s」にしました。") % {"kind": TemplateFor(found.template).label}
        if found.template
        else _("ひな型から外しました。")
    )
