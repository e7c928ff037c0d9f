"""A draft as residents will see it, for those who host it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kusei.portal.activity_words import mark_of, spoken, words_of
from kusei.portal.views.frame import Crumb, frame_or_404, ward_page
from kusei.services.activities.models import Activity
from kusei.services.activities.permissions import may_host, may_work_on_activities
from kusei.services.activities.queries import activity_page
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import require


@never_cache
@require_safe
@in_office(may_work_on_activities)
def preview(request: OfficeRequest, ward: Ward, public_id: UUID) -> HttpResponse:
    """The residents' page of an activity that is not published, marked as what it is and kept out of every index."""
    drafts = Activity.objects.filter(ward=ward, public_id=public_id).select_related("host", "item", "ward")
    found = drafts.first()
    if found is None:
        raise Http404(_("この講座・催しはありません。"))
    require(may_host(request.rights, ward, host_ids(found)))
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
