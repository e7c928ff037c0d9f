"""What published results say otherwise than before: a correction shows, from what to what, when and why.

A result that is told for the first time is news, not a correction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from kusei.plans.queries import PublishedVersion
from kusei.results.enums import Outcome
from kusei.results.queries.printed import Figure, Result, results_by_version


class Corrected(StrEnum):
    """What of a result was told otherwise."""

    OUTCOME = "outcome"
    FIGURE = "figure"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ResultChange:
    """One thing told otherwise. Outcomes are values of `Outcome`; of a figure either side may be missing."""

    what: Corrected
    old: str = ""
    new: str = ""
    old_figure: Figure | None = None
    new_figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class ResultCorrection:
    """A published version that told a result otherwise than the one before it. `version.note` says why; `is_answer`: the
    new words are a body's answer, not a document's."""

    version: PublishedVersion
    changes: tuple[ResultChange, ...]
    is_answer: bool = False


def is_told(result: Result | None) -> bool:
    """Whether anything is said of an action."""
    return result is not None and bool(
        result.text or result.figures or result.outcome != Outcome.UNKNOWN.value
    )


def changes_of(old: Result | None, new: Result | None) -> tuple[ResultChange, ...]:
    """What `new` says otherwise; nothing where `old` said nothing yet."""
    if old is None or not is_told(old):
        return ()
    changes = []
    outcomes = (old.outcome, new.outcome if new else Outcome.UNKNOWN.value)
    if outcomes[0] != outcomes[1]:
        changes.append(ResultChange(Corrected.OUTCOME, *outcomes))
    changes.extend(_figure_changes(old.figures, new.figures if new else ()))
    texts = (old.text, new.text if new else "")
    if texts[0].split() != texts[1].split():
        changes.append(ResultChange(Corrected.TEXT, *texts))
    return tuple(changes)


def same_figure(one: Figure, others: Iterable[Figure]) -> Figure | None:
    """The figure of another version that counts the same: by its metric, or by label and unit where only one has them."""
    alike = [
        each
        for each in others
        if (one.metric_id, one.unit, one.label) == (each.metric_id, each.unit, each.label)
    ]
    if not alike:
        alike = [each for each in others if (one.unit, one.label) == (each.unit, each.label)]
    if len(alike) > 1 and one.metric_id is None:
        return next((each for each in alike if each.position == one.position), None)
    return alike[0] if alike else None


def _figure_changes(old: tuple[Figure, ...], new: tuple[Figure, ...]) -> list[ResultChange]:
    """Figures by what they count; several of one label and unit in the order of print."""
    changes = []
    waiting = list(new)
    for one in old:
        other = same_figure(one, waiting)
        if other is not None:
            waiting.remove(other)
        if other is None or other.value != one.value:
            changes.append(ResultChange(Corrected.FIGURE, old_figure=one, new_figure=other))
    known = Counter((each.metric_id, each.unit, each.label) for each in old)
    for each in waiting:
        if not known[each.metric_id, each.unit, each.label]:
            changes.append(ResultChange(Corrected.FIGURE, new_figure=each))
    return changes


def corrections_in(
    versions: Iterable[PublishedVersion], results: Mapping[int, Mapping[int, Result]]
) -> dict[int, tuple[ResultCorrection, ...]]:
    """By item, what the published versions of plans corrected, oldest first."""
    found: dict[int, tuple[ResultCorrection, ...]] = {}
    ordered = sorted(versions, key=lambda each: (each.plan_id, each.number))
    for older, newer in pairwise(ordered):
        if older.plan_id != newer.plan_id:
            continue
        before, after = results.get(older.version_id, {}), results.get(newer.version_id, {})
        for item_id, old in before.items():
            new = after.get(item_id)
            if changes := changes_of(old, new):
                correction = ResultCorrection(newer, changes, new is not None and new.source_line is None)
                found[item_id] = (*found.get(item_id, ()), correction)
    return found


def corrections_of(
    versions: Iterable[PublishedVersion], *, item_ids: Iterable[int] | None = None
) -> dict[int, tuple[ResultCorrection, ...]]:
    """The same, read: two queries, none where no plan was published twice. `versions` are all published ones of the plans."""
    several = Counter(version.plan_id for version in versions)
    wanted = [version for version in versions if several[version.plan_id] > 1]
    if not wanted:
        return {}
    results = results_by_version([version.version_id for version in wanted], item_ids=item_ids)
    return corrections_in(wanted, results)
