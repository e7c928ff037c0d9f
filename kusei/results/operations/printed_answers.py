"""Answers that begin with what a document printed already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.ledger.enums import Arrival
from kusei.results.answering import LONGEST_REASON, OPEN
from kusei.results.errors import NotComplete, NothingPrinted, TextTooLong
from kusei.results.models import Answer
from kusei.results.operations.answers import submit_answer, write_answer
from kusei.results.permissions import may_collect
from kusei.results.queries.printed_now import PrintedNow, printed_now
from kusei.wards import permissions
from kusei.wards.models import Person


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many answers were sent in with what a document printed, how many lack something yet, and how many were left alone:
    they have a text of their own, or nothing was printed."""

    sent: int
    incomplete: int
    left: int


@transaction.atomic
def begin_with_printed(*, answer: Answer, actor: Person) -> Answer:
    """Write into an answer what a document printed of the action; what somebody wrote already stays. Raises NothingPrinted,
    TextTooLong, AnswerClosed, NotAllowed."""
    printed = printed_now(answer.collection, [answer.item_id]).get(answer.item_id)
    if printed is None or answer.text:
        raise NothingPrinted(
            _("公表された結果がないか、もう文が書かれています。ページを読み直してください。")
        )
    return _write(answer, printed, actor)


@transaction.atomic
def take_over_printed(*, answers: Sequence[Answer], actor: Person) -> TakenOver:
    """A planner uses what documents printed instead of asking: written and sent in, ready to be approved. Raises NotAllowed."""
    sent = incomplete = left = 0
    printed = printed_now(answers[0].collection, [answer.item_id for answer in answers]) if answers else {}
    for answer in sorted(answers, key=lambda each: each.pk):
        permissions.require(may_collect(permissions.rights_of(actor), answer.ward))
        told = printed.get(answer.item_id)
        if told is None or answer.text or answer.state not in OPEN:
            left += 1
            continue
        try:
            written = _write(answer, told, actor)
            with transaction.atomic():
                submit_answer(answer=written, actor=actor, without_contributions=True)
            sent += 1
        except (NotComplete, TextTooLong):
            incomplete += 1
    return TakenOver(sent, incomplete, left)


def _write(answer: Answer, printed: PrintedNow, actor: Person) -> Answer:
    now = {"outcome": answer.outcome, "reason": answer.reason, "text": answer.text}
    mine = {"text": printed.text}
    if printed.is_answerable and not answer.outcome:
        mine["outcome"] = printed.outcome
        mine["reason"] = answer.reason or printed.reason[:LONGEST_REASON]
    return write_answer(answer=answer, was=now, mine=mine, actor=actor, way=Arrival.DOCUMENT)
