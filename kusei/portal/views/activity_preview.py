"""A draft as residents will see it, for those who host it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kusei.portal.activity_words import mark_of, spoken, told_words, words_of
from kusei.portal.forms.activities import ApplyForm
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.services.activities.models import Activity
from kusei.services.activities.permissions import may_host, may_work_on_activities
from kusei.services.activities.queries import activity_page, intakes_of
from kusei.services.activities.queries.asking import asked_now
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import require


@never_cache
@require_safe
@in_office(may_work_on_activities)
def preview(request: OfficeRequest, ward: Ward, public_id: UUID) -> HttpResponse:
    """The residents' page of an activity that is not published, marked as what it is and kept out of every index."""
    found = _hosted(request, ward, public_id)
    translation = spoken([found.pk]).get(found.pk)
    free_sessions, intakes = activity_page(found)
    answer = ward_page(
        request, "portal/activities/one.html", frame_or_404(ward.key), title=found.title, section="activities",
        crumbs=[Crumb(_("公開前の確認")), Crumb(found.title, is_source=True)],
        context={
            "activity": found, "free_sessions": free_sessions, "intakes": intakes, "now": timezone.now(),
            "words": words_of(found, translation), **mark_of(found, translation), "is_preview": True, "canonical": "", "asks_here": False,
        },
    )  # fmt: skip
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@never_cache
@require_safe
@in_office(may_work_on_activities)
def apply_preview(request: OfficeRequest, ward: Ward, public_id: UUID, intake_id: int) -> HttpResponse:
    """What those who apply will fill in. There is no form around it: nothing can be sent."""
    found = _hosted(request, ward, public_id)
    intake = found.intakes.select_related("activity", "ward").filter(pk=intake_id).first()
    if intake is None:
        raise Http404(_("この募集はありません。講座・催しのページから開き直してください。"))
    form = ApplyForm(
        activity=found, intake=intake, quotas=list(intake.quotas.all()), questions=asked_now(intake), label_suffix="",
    )  # fmt: skip
    answer = ward_page(
        request, "portal/activities/apply.html", frame_or_404(ward.key), title=_("申込み"), section="activities",
        crumbs=[Crumb(_("公開前の確認"), reverse("portal:activity_preview", args=[ward.key, public_id])), Crumb(_("申込み"))],
        context={
            "form": form, "activity": found, "words": told_words(found), "stands": intakes_of([intake], timezone.now())[intake.pk],
            "is_preview": True, "canonical": "", "asks_here": False,
        },
    )  # fmt: skip
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _hosted(request: OfficeRequest, ward: Ward, public_id: UUID) -> Activity:
    """An activity that this person runs, or a 404."""
    activities = Activity.objects.filter(ward=ward, public_id=public_id)
    found = activities.select_related("host", "item", "ward").first()
    if found is None:
        raise Http404(_("この講座・催しはありません。"))
    require(may_host(request.rights, ward, host_ids(found)))
    return found
