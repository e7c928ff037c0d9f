"""Changes that touch several rooms."""

from __future__ import annotations

from django.db import transaction

from kusei.plans import operations as plans
from kusei.services.questions import operations as questions
from kusei.wards import operations as wards
from kusei.wards.models import Body, Person


@transaction.atomic
def join_bodies(*, duplicate: Body, into: Body, actor: Person) -> None:
    """Two bodies are one: items, spellings, parts, people and questions of `duplicate` go over to `into`, whose alias it becomes.

    Raises NotOneBody, BodyNotFitting, NotAllowed.
    """
    questions.hand_over_everything(body=duplicate, into=into, actor=actor)
    wards.hand_over_people(body=duplicate, into=into, actor=actor)
    plans.merge_body(duplicate=duplicate, into=into, actor=actor)
