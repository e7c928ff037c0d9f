"""Who applied, shown to those who host it; every look is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from kusei.services.activities.enums import ActivityVerb
from kusei.services.activities.models import Activity, Application, Intake
from kusei.services.activities.operations.answering import Given, answers_of
from kusei.services.activities.operations.applying import Contact, Someone, unsealed
from kusei.services.activities.permissions import may_see_applicants
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person


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
    kept = [each for each in applications if each.sealed]
    answers = answers_of(kept)
    found = {each.pk: _applicant(each, answers.get(each.pk, (Given(), 0))[0]) for each in kept}
    if found:
        audit.record(
            ward=activity.ward, actor=actor, verb=ActivityVerb.LIST_SEEN, target=activity, label=label,
            changes={"applications": (None, len(found))},
        )  # fmt: skip
    return found


def _applicant(application: Application, answers: Given) -> Applicant:
    kept = unsealed(application)
    return Applicant(
        tuple(Someone(**each) for each in kept["people"]), Contact(kept["mail"], kept["telephone"]), answers
    )
