"""Changes that touch several rooms."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.ledger import operations as ledger
from kusei.plans import operations as plans
from kusei.results import operations as results
from kusei.services.activities.operations import succession
from kusei.services.questions import operations as questions
from kusei.wards import operations as wards
from kusei.wards.errors import BodyNotFitting
from kusei.wards.models import Body, Person
from kusei.wards.queries import heirs_of


@transaction.atomic
def join_bodies(*, duplicate: Body, into: Body, actor: Person) -> None:
    """Two bodies are one: items, spellings, parts, people, questions and answers of `duplicate` go over to `into`, whose alias
    it becomes. Where the ledger has entries of `duplicate`, which never change, it stays behind them, and they count as
    `into`'s from now on.

    Raises NotOneBody, BodyNotFitting, NotAllowed.
    """
    _hold(duplicate, into)
    questions.hand_over_everything(body=duplicate, into=into, actor=actor)
    wards.hand_over_people(body=duplicate, into=into, actor=actor)
    results.hand_over_answers(body=duplicate, into=into, actor=actor)
    before = _line_of(duplicate)
    moved = plans.merge_body(duplicate=duplicate, into=into, actor=actor)
    counted = succession.hold_counted_by(into.ward, before | moved | _line_of(into))
    ledger.follow_succession(into.ward, moved)
    succession.count_anew(counted, actor)


@transaction.atomic
def end_body(*, body: Body, last_year: int | None, successor: Body | None, actor: Person) -> None:
    """A body ends with a fiscal year, and `successor` acts for it from then on; its past stays its own. Raises BodyNotFitting,
    NotAllowed."""
    _hold(*(each for each in (body, successor) if each is not None))
    before = _line_of(body)
    wards.end_body(body=body, last_year=last_year, successor=successor, actor=actor)
    counted = succession.hold_counted_by(body.ward, before | _line_of(body))
    ledger.follow_succession(body.ward, {body.pk, *heirs_of(body.ward).before([body.pk])})
    succession.count_anew(counted, actor)


def _hold(*bodies: Body) -> None:
    """Lock these bodies before everything that is counted by them, and see them as they are now (docs/adr/0016). Raises BodyNotFitting."""
    held = wards.hold_lines(bodies[0].ward_id, [each.pk for each in bodies])
    for body in bodies:
        if body.pk not in held and body.ward_id == bodies[0].ward_id:
            raise BodyNotFitting(
                _("「%(name)s」は、ほかの実施主体にまとめてあります。") % {"name": body.name}
            )
        body.refresh_from_db()


def _line_of(body: Body) -> set[int]:
    """The body, those that it came after, and those that come after it."""
    heirs = heirs_of(body.ward)
    return {*heirs.line_of(body.pk), *heirs.before([body.pk])}
