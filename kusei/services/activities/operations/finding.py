"""Somebody is on the telephone: their application, found by the number they call from or by the number it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold
from kusei.notices.telephone import digits_of
from kusei.services.activities.errors import ActivityError, NotFitting
from kusei.services.activities.models import Activity, Application, Intake
from kusei.services.activities.operations.seeing import Applicant, see_some
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.activities.telephone import keys_of, read_telephone
from kusei.wards import permissions
from kusei.wards.models import Person, Ward

_MOST, _LATELY = 30, timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Found:
    """An application and who made it."""

    application: Application
    applicant: Applicant


@transaction.atomic
def find_applications(*, ward: Ward, text: str, actor: Person) -> list[Found]:
    """The applications with that telephone number, or with that number, to what this person's bodies host and what is not long over; the newest first.
    The look stands in the trail of each activity. Raises NotFitting for anything that is no number, NotAllowed."""
    rights = permissions.rights_of(actor)
    permissions.require(may_work_on_activities(rights, ward))
    mine = rights.bodies_in(ward)
    hosted = Activity.objects.filter(
        Q(host__in=mine) | Q(pk__in=Activity.cohosts.through.objects.filter(body__in=mine).values("activity")), ward=ward
    )  # fmt: skip
    plain = fold(text).strip().removeprefix("受付番号").strip()
    digits = digits_of(plain)
    if len(digits) <= 6:
        if not plain.isdecimal():
            raise NotFitting(_("電話番号か受付番号を、数字で入れてください。例: 045-123-4567、12"))
        wanted = Q(number=int(plain))
    else:
        try:
            wanted = Q(telephone_key__in=keys_of(read_telephone(plain)))
        except ActivityError as error:
            raise NotFitting(str(error)) from None
    lately = Intake.objects.filter(activity__in=hosted).annotate(last=Max("sessions__ends_at"))
    lately = lately.filter(Q(last=None) | Q(last__gt=timezone.now() - _LATELY))
    rows = Application.objects.filter(
        wanted, ward=ward, intake__in=lately.values("pk"), forgotten_at__isnull=True
    )
    rows = rows.select_related("intake__activity", "ward").order_by("-received_at", "-pk")[:_MOST]
    found: list[Found] = []
    by_activity: dict[int, list[Application]] = {}
    for each in rows:
        by_activity.setdefault(each.intake.activity_id, []).append(each)
    for applications in by_activity.values():
        activity = applications[0].intake.activity
        known = see_some(activity=activity, applications=applications, actor=actor)
        found += [Found(each, known[each.pk]) for each in applications if each.pk in known]
    return found
