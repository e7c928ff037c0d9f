"""Two bodies that are one: what was asked of either is in the hands of the one that stays."""

from __future__ import annotations

from django.db import transaction

from kusei.notices.operations import move_links
from kusei.services.questions.models import BodyRequest, Question
from kusei.wards import permissions
from kusei.wards.models import Body, Person


@transaction.atomic
def hand_over_everything(*, body: Body, into: Body, actor: Person) -> None:
    """Questions, requests and links of `body` go over to `into`. For joining two bodies that are one. Raises NotAllowed."""
    permissions.require(permissions.may_keep_bodies(permissions.rights_of(actor), into.ward))
    Question.objects.filter(ward=into.ward, body=body).update(body=into)
    BodyRequest.objects.filter(ward=into.ward, body=body).update(body=into)
    move_links(body=body, into=into, actor=actor)
