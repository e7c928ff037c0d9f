"""Which approved answers say a number that the ledger no longer says."""

from __future__ import annotations

from collections.abc import Sequence

from kusei.results import live
from kusei.results.enums import AnswerState
from kusei.results.live import Moved
from kusei.results.models import Answer
from kusei.results.queries.answers import live_figures
from kusei.wards.models import Ward


def moved_figures(answers: Sequence[Answer]) -> dict[int, list[Moved]]:
    """By answer of one collection, its numbers that were changed in the ledger after it was approved; answers without any are
    left out. Four queries for any number of them, none where nothing is approved."""
    kept = [each for each in answers if each.state == AnswerState.APPROVED and each.final_figures]
    if not kept:
        return {}
    plan = kept[0].collection.plan
    now = live_figures(plan.ward, plan.fiscal_year, [each.item_id for each in kept])
    found = {each.pk: live.moved(each.final_figures, now[each.item_id]) for each in kept}
    return {pk: moved for pk, moved in found.items() if moved}


def moved_by_collection(ward: Ward) -> dict[int, int]:
    """By collection, how many answers say such a number; the queries grow with the collections alone."""
    approved = Answer.objects.filter(ward=ward, state=AnswerState.APPROVED).exclude(final_figures=[])
    groups: dict[int, list[Answer]] = {}
    for each in approved.select_related("collection__plan__ward").defer("text", "final_text", "remark"):
        groups.setdefault(each.collection_id, []).append(each)
    counts = {pk: len(moved_figures(answers)) for pk, answers in groups.items()}
    return {pk: number for pk, number in counts.items() if number}
