"""Free seats to whoever is next, and the trail's lines of applications."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from kusei.services.activities.enums import ActivityVerb
from kusei.services.activities.models import Application, Intake
from kusei.services.activities.operations import telling
from kusei.services.activities.operations.holding import fill
from kusei.wards import audit
from kusei.wards.models import AuditEntry, Person


def offer_free_seats(intake: Intake, moment: datetime, *, applications: Collection[int] = ()) -> None:
    """Give what is free in a held intake to those who wait, and tell them. Those of `applications`, which are being made, get it at
    once. For operations of this room."""
    offered = fill(intake, moment, applications=applications)
    if not offered:
        return
    for each in Application.objects.filter(seats__in=offered).distinct().order_by("pk"):
        record_of(each, ActivityVerb.OFFERED, None, {})
        telling.tell(each, "offered")


def record_of(
    application: Application,
    verb: ActivityVerb,
    actor: Person | None,
    changes: dict[str, tuple[Any, Any]],
) -> None:
    """A line without anybody's name: who applied stands in what is sealed, and is deleted in time."""
    audit.write([line_of(application, verb, actor, changes)])


def line_of(
    application: Application,
    verb: ActivityVerb,
    actor: Person | None,
    changes: dict[str, tuple[Any, Any]],
    *,
    trail: audit.Trail | None = None,
) -> AuditEntry:
    """The line of `record_of`, still to be written; `trail` where it is not this thread's."""
    with translation.override("ja"):
        return audit.line(
            ward=application.ward, actor=actor, actor_name="" if actor else str(_("申し込んだ人")), verb=verb,
            target=application.intake.activity,
            label=_("%(title)s 受付番号%(number)d") % {"title": application.intake.activity.title, "number": application.number},
            changes=changes, trail=trail,
        )  # fmt: skip
