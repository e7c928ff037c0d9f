"""Ticking who was telephoned."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import ActivityVerb
from kusei.services.activities.models import Telling
from kusei.services.activities.permissions import may_see_applicants
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person


@transaction.atomic
def mark_telephoned(*, telling: Telling, actor: Person, done: bool = True) -> Telling:
    """Somebody was told by telephone (`done` false: was not, after all). Twice is once: the first tick stays. Raises NotAllowed."""
    telling = (
        Telling.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity", "ward", "application")
        .get(pk=telling.pk)
    )
    permissions.require(
        may_see_applicants(permissions.rights_of(actor), telling.ward, host_ids(telling.activity))
    )
    if (telling.telephoned_at is not None) == done:
        return telling
    telling.telephoned_at, telling.telephoned_by = (timezone.now(), actor) if done else (None, None)
    telling.save(update_fields=["telephoned_at", "telephoned_by"])
    audit.record(
        ward=telling.ward, actor=actor, verb=ActivityVerb.TELEPHONED, target=telling.activity,
        label=_("%(title)s 受付番号%(number)d") % {"title": telling.activity.title, "number": telling.application.number},
        changes={"telephoned": (not done, done)},
    )  # fmt: skip
    return telling
