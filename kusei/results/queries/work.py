"""What a year's results ask of a person: their bodies' answers, and for planners what waits to be approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from kusei.plans.queries import latest_nodes
from kusei.results.enums import AnswerState
from kusei.results.models import Answer, Collection
from kusei.results.queries.answers import waiting_for
from kusei.results.queries.moved import moved_by_collection
from kusei.wards.models import Ward

SHOWN = 8
"""Actions that are named; the rest stand on the board."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one collection asks of somebody's bodies. `first` are the first of them with their titles, those that were
    returned before all; for a planner `to_approve` counts what waits for them, `not_sent` what nobody sent in
    yet, `moved` the approved ones whose numbers the ledger says otherwise now."""

    collection: Collection
    waiting: int
    returned: int
    first: tuple[tuple[Answer, str], ...]
    to_approve: int
    not_sent: int
    moved: int

    @property
    def more(self) -> int:
        return self.waiting - len(self.first)


def asked_of(ward: Ward, bodies: Iterable[int], *, is_planner: bool) -> list[Asked]:
    """By collection, the most urgent first; a constant number of queries."""
    mine: dict[int, list[Answer]] = defaultdict(list)
    collections: dict[int, Collection] = {}
    wanted = list(bodies)
    if wanted:
        for answer in waiting_for(ward, wanted).defer("text", "remark", "final_text", "final_figures"):
            mine[answer.collection_id].append(answer)
            collections[answer.collection_id] = answer.collection
    to_approve: dict[int, int] = {}
    not_sent: dict[int, int] = {}
    moved: dict[int, int] = {}
    if is_planner:
        left = Answer.objects.filter(ward=ward).exclude(state=AnswerState.APPROVED).order_by()
        is_sent = Q(state=AnswerState.SUBMITTED)
        counted = left.values_list("collection").annotate(
            sent=Count("pk", is_sent), open=Count("pk", ~is_sent)
        )
        for pk, sent, unsent in counted:
            to_approve[pk], not_sent[pk] = sent, unsent
        moved = moved_by_collection(ward)
        missing = [pk for pk in {**to_approve, **moved} if pk not in collections]
        for collection in Collection.objects.filter(ward=ward, pk__in=missing).select_related("plan"):
            collections[collection.pk] = collection
    for answers in mine.values():
        answers.sort(key=lambda answer: (answer.state != AnswerState.RETURNED, answer.pk))
    shown = [answer.item_id for answers in mine.values() for answer in answers[:SHOWN]]
    nodes = latest_nodes(ward, shown) if shown else {}
    found = [
        Asked(
            collection=collection,
            waiting=len(mine[pk]),
            returned=sum(answer.state == AnswerState.RETURNED for answer in mine[pk]),
            first=tuple(
                (answer, nodes[answer.item_id].label if answer.item_id in nodes else "")
                for answer in mine[pk][:SHOWN]
            ),
            to_approve=to_approve.get(pk, 0),
            not_sent=not_sent.get(pk, 0),
            moved=moved.get(pk, 0),
        )
        for pk, collection in collections.items()
    ]
    return sorted(found, key=lambda each: (each.collection.due_on, each.collection.pk))
