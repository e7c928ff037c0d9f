"""One course at many places: a way to apply for each of them, all alike, with the sessions there."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from kusei.services.activities.enums import ActivityVerb, Way
from kusei.services.activities.models import Intake, Session
from kusei.services.activities.operations.asking import copy_questions
from kusei.services.activities.operations.holding import held
from kusei.services.activities.operations.publishing import held_activity
from kusei.services.activities.operations.setting_up import When, add_intake, add_sessions
from kusei.wards import audit
from kusei.wards.models import Person


@transaction.atomic
def add_at_places(*, like: Intake, whens: Sequence[When], actor: Person) -> list[Session]:
    """Sessions at many places, each place with an intake of its name: seats, days and questions as in `like`, which becomes the
    first place's where it has neither sessions nor applications. One that has the name already gets the sessions.
    Raises NotFitting, also for what came twice, NotAllowed."""
    activity = held_activity(like.activity, actor)
    like = held(like.pk)
    at: dict[str, list[When]] = {}
    for each in whens:
        at.setdefault(each.place.strip()[:80], []).append(each)
    made: list[Session] = []
    for place, own in at.items():
        intake = activity.intakes.filter(name=place).order_by("pk").first()
        if intake is None:
            is_free = like.next_number == 1 and not like.sessions.exists()
            intake = _named(like, place, actor) if is_free else _like(like, place, actor)
        made += add_sessions(activity=activity, whens=own, intake=intake, actor=actor)
    return made


def _named(intake: Intake, place: str, actor: Person) -> Intake:
    before, intake.name = intake.name, place
    intake.save(update_fields=["name"])
    audit.record(
        ward=intake.ward, actor=actor, verb=ActivityVerb.CHANGED, target=intake.activity,
        changes={"name": (before, place)},
    )  # fmt: skip
    return intake


def _like(like: Intake, place: str, actor: Person) -> Intake:
    made = add_intake(
        activity=like.activity, quotas={each.name: each.capacity for each in like.quotas.all()}, opens_at=like.opens_at,
        closes_at=like.closes_at, way=Way(like.way), name=place, most_people=like.most_people, offer_hours=like.offer_hours,
        actor=actor,
    )  # fmt: skip
    made.questions.all().delete()  # what last year's asked; here the neighbour's count
    copy_questions(like, made)
    return made
