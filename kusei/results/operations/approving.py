"""Approving answers, one or a whole year of them: their live figures freeze."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from kusei.plans.queries import latest_nodes
from kusei.results import live
from kusei.results.answering import MOVES
from kusei.results.enums import AnswerState, ResultVerb
from kusei.results.models import Answer
from kusei.results.permissions import may_collect
from kusei.results.queries.answers import figures_told
from kusei.wards import audit, permissions
from kusei.wards.models import Person

_WRITTEN = ("state", "final_text", "final_figures", "approved_at", "approved_by", "returned_note")


@transaction.atomic
def approve_answers(*, answers: Sequence[tuple[Answer, int]], actor: Person) -> list[Answer]:
    """A planner says that answers are right, one or many: (answer, the revision that was shown). Their live figures freeze.

    Returns those that changed since they were shown and so were left alone: also those whose text names a figure that was
    taken back after they were sent in. The same few statements for one and for a thousand of a collection. Raises NotAllowed.
    """
    shown = {answer.pk: revision for answer, revision in answers}
    held = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("collection__plan", "ward", "item")
        .filter(pk__in=shown)
        .order_by("pk")
    )
    rights = permissions.rights_of(actor)
    left: list[Answer] = []
    by_collection = sorted(held, key=lambda answer: answer.collection_id)
    for _collection, group in groupby(by_collection, key=lambda answer: answer.collection_id):
        ready: list[Answer] = []
        for answer in group:
            permissions.require(may_collect(rights, answer.ward))
            fits = answer.state in MOVES[AnswerState.APPROVED] and answer.revision == shown[answer.pk]
            (ready if fits else left).append(answer)
        left += _approve(ready, actor)
    return left


@transaction.atomic
def renew_figures(*, answer: Answer, actor: Person) -> bool:
    """Freeze an approved answer anew with what the ledger says now: the next version corrects its numbers. False where it is
    approved no more, or where its text names a figure that was taken back. Raises NotAllowed."""
    held = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("collection__plan", "ward", "item")
        .get(pk=answer.pk)
    )
    permissions.require(may_collect(permissions.rights_of(actor), held.ward))
    if held.state != AnswerState.APPROVED:
        return False
    return not _approve([held], actor)


def _approve(answers: Sequence[Answer], actor: Person) -> list[Answer]:
    """Answers of one collection; those that cannot be."""
    if not answers:
        return []
    now = timezone.now()
    ward = answers[0].ward
    nodes = latest_nodes(ward, [answer.item_id for answer in answers])
    figures = figures_told(answers)
    lines: list[audit.Told] = []
    left, done = [], []
    for answer in answers:
        if live.unknown(answer.text, figures[answer.item_id]):
            left.append(answer)
            continue
        done.append(answer)
        was, before = answer.final_text, AnswerState(answer.state).label
        answer.state = AnswerState.APPROVED
        answer.final_text, answer.final_figures = live.freeze(answer.text, figures[answer.item_id], at=now)
        answer.approved_at, answer.approved_by, answer.returned_note = now, actor, ""
        node = nodes.get(answer.item_id)
        change = (
            {"status": (str(before), str(AnswerState.APPROVED.label))}
            if not was
            else {"text": (was, answer.final_text)}
        )
        lines.append((answer.item, node.title if node else "", change))
    # They are there and held: an "insert" that meets them writes them all in one statement.
    Answer.objects.bulk_create(
        done, update_conflicts=True, unique_fields=["id"], update_fields=list(_WRITTEN)
    )
    audit.record_many(ward=ward, actor=actor, verb=ResultVerb.APPROVED, lines=lines)
    return left
