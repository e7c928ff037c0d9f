"""Who applied, shown to those who host it; every look is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from kusei.services.activities.enums import ActivityVerb
from kusei.services.activities.models import Application, Intake
from kusei.services.activities.operations.applying import Contact, Someone, unsealed
from kusei.services.activities.permissions import may_see_applicants
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person


@dataclass(frozen=True, slots=True)
class Applicant:
    """The people of an application, in the order of its seats, and how to reach them."""

    people: tuple[Someone, ...]
    contact: Contact


@transaction.atomic
def see_applicants(*, intake: Intake, actor: Person) -> dict[int, Applicant]:
    """By application, who applied; those whose data is deleted are left out. Raises NotAllowed."""
    permissions.require(
        may_see_applicants(permissions.rights_of(actor), intake.ward, host_ids(intake.activity))
    )
    found = {}
    for application in Application.objects.filter(intake=intake).exclude(sealed=""):
        kept = unsealed(application)
        found[application.pk] = Applicant(
            tuple(Someone(**each) for each in kept["people"]), Contact(kept["mail"], kept["telephone"])
        )
    if found:
        audit.record(
            ward=intake.ward, actor=actor, verb=ActivityVerb.LIST_SEEN, target=intake.activity, label=str(intake),
            changes={"applications": (None, len(found))},
        )  # fmt: skip
    return found
