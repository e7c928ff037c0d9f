"""Who applied, shown to those who host it; every look is recorded."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.notices.sealing import CannotUnseal
from kusei.services.activities.enums import ActivityVerb
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Activity, Application, Intake, Session
from kusei.services.activities.operations.answering import Given, answers_of
from kusei.services.activities.operations.applying import Contact, unsealed
from kusei.services.activities.operations.calling_off import day_of
from kusei.services.activities.operations.judging import Someone
from kusei.services.activities.permissions import may_see_applicants
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Applicant:
    """The people of an application, in the order of its seats, how to reach them, and what they answered."""

    people: tuple[Someone, ...]
    contact: Contact
    answers: Given = Given()  # noqa: RUF009


@transaction.atomic
def see_applicants(*, intake: Intake, actor: Person) -> dict[int, Applicant]:
    """By application, who applied; those whose data is deleted are left out. Raises NotAllowed."""
    of_intake = Application.objects.filter(intake=intake)
    return see_some(activity=intake.activity, applications=of_intake, actor=actor, label=str(intake))


@transaction.atomic
def see_some(
    *, activity: Activity, applications: Iterable[Application], actor: Person, label: str | None = None
) -> dict[int, Applicant]:
    """By application, who applied, of some of an activity's applications. Raises NotAllowed."""
    permissions.require(may_see_applicants(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    found = _applicants(applications)
    if found:
        audit.record(
            ward=activity.ward, actor=actor, verb=ActivityVerb.LIST_SEEN, target=activity, label=label,
            changes={"applications": (None, len(found))},
        )  # fmt: skip
    return found


@transaction.atomic
def see_at_door(
    *, session: Session, actor: Person, is_opening: bool, only: Collection[int] | None = None
) -> dict[int, Applicant]:
    """`see_applicants` for the list at the door, or `only` for these applications of it. It is shown anew with every tap: recorded is
    the opening. Raises NotAllowed."""
    if session.intake is None:
        return {}
    of_intake = Application.objects.filter(intake=session.intake)
    shown = of_intake if only is None else of_intake.filter(pk__in=only)
    return _looked(session.activity, shown, actor, day_of(session), is_opening=is_opening)


@transaction.atomic
def see_one(*, application: Application, actor: Person, is_opening: bool) -> Applicant:
    """Who stands at the door with a code; its data is not deleted. Raises NotFitting where it cannot be read, NotAllowed."""
    activity = application.intake.activity
    label = _("%(title)s 受付番号%(number)d") % {"title": activity.title, "number": application.number}
    found = _looked(activity, [application], actor, label, is_opening=is_opening).get(application.pk)
    if found is None:
        raise NotFitting(
            _("この申込みを封じた鍵（KUSEI_SECRET_KEY）が変わっているため、開けません。機械の操作者に知らせてください。")
        )  # fmt: skip
    return found


def _looked(
    activity: Activity, applications: Iterable[Application], actor: Person, label: str, *, is_opening: bool
) -> dict[int, Applicant]:
    if is_opening:
        return see_some(activity=activity, applications=applications, actor=actor, label=label)
    permissions.require(may_see_applicants(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    return _applicants(applications)


def _applicants(applications: Iterable[Application]) -> dict[int, Applicant]:
    kept = [each for each in applications if each.sealed]
    answers = answers_of(kept)
    found: dict[int, Applicant] = {}
    for each in kept:
        try:
            found[each.pk] = _applicant(each, answers.get(each.pk, (Given(), 0))[0])
        except CannotUnseal:
            logger.error("Application %s was sealed with a key that is gone", each.pk)
    return found


def own_applicant(application: Application) -> Applicant:
    """Who made an application that is not forgotten, for whoever holds its link. Raises CannotUnseal."""
    return _applicant(application, answers_of([application]).get(application.pk, (Given(), 0))[0])


def _applicant(application: Application, answers: Given) -> Applicant:
    kept = unsealed(application)
    return Applicant(
        tuple(Someone(**each) for each in kept["people"]), Contact(kept["mail"], kept["telephone"]), answers
    )
