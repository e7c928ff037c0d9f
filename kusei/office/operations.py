"""Changes that touch several rooms."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from kusei.plans import operations as plans
from kusei.results import operations as results
from kusei.services.questions import operations as questions
from kusei.wards import operations as wards
from kusei.wards.models import Body, Person


@transaction.atomic
def join_bodies(*, duplicate: Body, into: Body, actor: Person) -> None:
    """Two bodies are one: items, spellings, parts, people, questions and answers of `duplicate` go over to `into`, whose alias
    it becomes.

    Raises NotOneBody, BodyNotFitting (also where the ledger has entries of `duplicate`, which never change), NotAllowed.
    """
    questions.hand_over_everything(body=duplicate, into=into, actor=actor)
    wards.hand_over_people(body=duplicate, into=into, actor=actor)
    results.hand_over_answers(body=duplicate, into=into, actor=actor)
    try:
        plans.merge_body(duplicate=duplicate, into=into, actor=actor)
    except ProtectedError:
        raise wards.BodyNotFitting(
            _(
                "「%(name)s」には実績の記録があり、記録は書き換えられないので、まとめられません。「%(name)s」を残し、もう一方をこちらにまとめてください。"
            )
            % {"name": duplicate.name}
        ) from None
