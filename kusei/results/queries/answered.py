"""Published results that a body answered, and that no document printed so: who says it, and since which version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kusei.plans.queries import PublishedVersion
from kusei.results.models import Answer
from kusei.results.queries.corrections import changes_of, is_told
from kusei.results.queries.printed import Result, results_by_version


@dataclass(frozen=True, slots=True)
class AnsweredResult:
    """Where a result comes from that a body answered. `body` is "" where the plan names nobody and the office answered
    itself; `version` said it first; `instead` is what a document printed before, None where none printed anything."""

    body: str
    version: PublishedVersion
    instead: Result | None


def is_answer(result: Result | None) -> bool:
    """Whether the words are an answer's: what was read in a document keeps its line, also where a slip of it was mended."""
    return result is not None and result.source_line is None


def answering_bodies(item_ids: Iterable[int]) -> dict[int, str]:
    """By item, the name of the body that answers for it, "" for the office itself; items that nobody was asked about are
    missing. One query."""
    rows = Answer.objects.filter(item__in=list(item_ids)).values_list("item_id", "lead__name")
    return {item_id: name or "" for item_id, name in rows}


def answered_result(result: Result | None, versions: Iterable[PublishedVersion]) -> AnsweredResult | None:
    """None where a document prints the result as it is. `versions` are all published ones of its plan; three queries at
    most, none for what a document prints."""
    if result is None or not is_answer(result):
        return None
    item = result.item_id
    bodies = answering_bodies([item])
    if item not in bodies:
        return None
    newest_first = sorted(versions, key=lambda each: each.number, reverse=True)
    told = results_by_version([each.version_id for each in newest_first], item_ids=[item])
    up_to = next(at for at, each in enumerate(newest_first) if each.version_id == result.version_id)
    since, is_same = newest_first[up_to], True
    instead = None
    for each in newest_first[up_to + 1 :]:
        earlier = told[each.version_id].get(item)
        if earlier is None or not is_told(earlier):
            break
        if not is_answer(earlier):
            instead = earlier if changes_of(earlier, result) else None
            break
        is_same = is_same and not changes_of(earlier, result)
        since = each if is_same else since
    return AnsweredResult(bodies[item], since, instead)
