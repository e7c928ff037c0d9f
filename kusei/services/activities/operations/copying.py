"""Set up like last year's, a template's, or one of the starting shapes: everything in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.plans.models import Item
from kusei.services.activities.enums import Way
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Activity
from kusei.services.activities.operations.setting_up import (
    Details,
    When,
    add_activity,
    add_intake,
    add_sessions,
)
from kusei.services.activities.operations.visits.setting import copy_terms
from kusei.services.activities.permissions import may_copy
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import permissions
from kusei.wards.models import Body, Person, Ward


@dataclass(frozen=True, slots=True)
class NewIntake:
    """A way to apply, and the sessions that one application is for. `quotas` are seats by the name of their kind."""

    quotas: Mapping[str, int]
    opens_at: datetime
    closes_at: datetime
    way: Way = Way.FIRST_COME
    name: str = ""
    most_people: int = 4
    offer_hours: int = 48
    whens: Sequence[When] = ()


@transaction.atomic
def set_up(
    *,
    ward: Ward,
    item: Item,
    host: Body,
    cohosts: Iterable[Body] = (),
    details: Details,
    intakes: Sequence[NewIntake] = (),
    whens: Sequence[When] = (),
    like: Activity | None = None,
    ticket: UUID,
    actor: Person,
) -> Activity:
    """A new draft with its intakes and sessions (`whens` need no application), `like` another: that one's reminders, too. The same `ticket` twice is one.
    Raises NotFitting, NotAllowed."""
    list(Body.objects.select_for_update(no_key=True).filter(pk=host.pk))  # who clicks twice at once waits
    if (before := Activity.objects.filter(public_id=ticket).first()) is not None:
        if before.ward_id != ward.pk or before.created_by_id != actor.pk:
            raise NotFitting(_("この画面は古くなっています。一覧から開き直してください。"))
        return before
    if like is not None:
        rights = permissions.rights_of(actor)
        permissions.require(may_copy(rights, ward, host_ids(like), like.template))
    made = add_activity(
        ward=ward, item=item, host=host, cohosts=cohosts, details=details, copied_from=like, ticket=ticket, actor=actor
    )  # fmt: skip
    if like is not None:
        made.remind_days, made.remind_again_days = like.remind_days, like.remind_again_days
        made.save(update_fields=["remind_days", "remind_again_days"])
        copy_terms(like, made, actor)
    for each in intakes:
        intake = add_intake(
            activity=made, quotas=each.quotas, opens_at=each.opens_at, closes_at=each.closes_at, way=each.way,
            name=each.name, most_people=each.most_people, offer_hours=each.offer_hours, actor=actor,
        )  # fmt: skip
        if each.whens:
            add_sessions(activity=made, whens=each.whens, intake=intake, actor=actor)
    if whens:
        add_sessions(activity=made, whens=whens, actor=actor)
    return made
