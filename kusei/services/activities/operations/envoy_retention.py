"""Names and contacts of people who can be sent go some years after their last assignment; what they did stays as counts."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kusei.notices.permissions import may_keep_notices
from kusei.services.activities.dispatch_enums import DispatchVerb
from kusei.services.activities.models import Assignment, Envoy
from kusei.services.activities.operations.envoys import envoy_label
from kusei.wards import audit, permissions
from kusei.wards.models import Person

KEEP_YEARS = 5
"""After the last assignment, the last day of being registered, and the last change of the entry. Papers of payments are kept
for five years (the wards' rules of documents and accounts, 地方自治法 236条: claims lapse after five years)."""


def forget_envoys(*, actor: Person, now: datetime | None = None) -> int:
    """Delete names, contacts, notes and times of those whose time is over, in all wards; how many people. Raises NotAllowed."""
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    moment = now or timezone.now()
    limit = _years_before(moment)
    zone = timezone.get_current_timezone()
    done = 0
    due = Envoy.objects.filter(forgotten_at__isnull=True, changed_at__lte=limit)
    for envoy in due.annotate(last=Max("assignments__need__session__ends_at")).select_related("body__ward"):
        until = envoy.active_until and datetime.combine(envoy.active_until, time.max, tzinfo=zone)
        if max(filter(None, (envoy.changed_at, envoy.last, until))) > limit:
            continue
        with transaction.atomic():
            changed = Envoy.objects.filter(
                pk=envoy.pk, forgotten_at__isnull=True, revision=envoy.revision
            ).update(sealed="", has_mail=False, cannot="", themes=[], forgotten_at=moment)
            if changed:
                Assignment.objects.filter(envoy=envoy).exclude(note="").update(note="")
                audit.record(
                    ward=envoy.body.ward, actor=actor, verb=DispatchVerb.ENVOYS_FORGOTTEN, target=envoy,
                    label=envoy_label(envoy),
                )  # fmt: skip
                done += 1
    return done


def _years_before(moment: datetime) -> datetime:
    local = timezone.localtime(moment)
    try:
        return local.replace(year=local.year - KEEP_YEARS)
    except ValueError:  # 29 February
        return local.replace(year=local.year - KEEP_YEARS, day=28)
