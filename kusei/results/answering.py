"""What an answer needs before it goes on, and what two people who write at once come to: plain values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kusei.results.enums import ANSWERABLE, NEEDS_REASON, AnswerState, Outcome

FIELDS = ("outcome", "reason", "text", "remark")
"""What the lead body writes."""

LONGEST_TEXT = 20_000
LONGEST_REASON = 200
LARGEST_FILE = 50 * 1024**2

OPEN = frozenset({AnswerState.WAITING.value, AnswerState.WRITING.value, AnswerState.RETURNED.value})
"""States in which an answer can be written."""

MOVES: dict[str, frozenset[str]] = {
    AnswerState.SUBMITTED.value: OPEN,
    AnswerState.RETURNED.value: frozenset({AnswerState.SUBMITTED.value, AnswerState.APPROVED.value}),
    AnswerState.APPROVED.value: frozenset({AnswerState.SUBMITTED.value}),
    AnswerState.WRITING.value: frozenset({AnswerState.SUBMITTED.value}),
}
"""What is asked for: from which states an answer comes there. WRITING is a submission taken back by its body."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed at once: what stood there for both, what stands there now, what this one wrote."""

    field: str
    was: str
    theirs: str
    mine: str


def merge(
    was: Mapping[str, str], now: Mapping[str, str], mine: Mapping[str, str]
) -> tuple[dict[str, str], list[Clash]]:
    """What to write, and where a person has to choose. `was` is what the writer's form showed, `now` what stands there.

    A field that the writer left alone is left alone; one that only the writer changed is written; one that both changed
    alike is done; one that both changed differently is a clash. A field that the form did not have is no change.
    """
    changes, clashes = {}, []
    for field, wanted in mine.items():
        before, current = was.get(field, ""), now.get(field, "")
        if wanted in (before, current):
            continue
        if current == before:
            changes[field] = wanted
        else:
            clashes.append(Clash(field, before, current, wanted))
    return changes, clashes


def missing(outcome: str, reason: str, text: str, unknown_figures: int, open_contributions: int) -> list[str]:
    """What keeps an answer from being sent in: "outcome", "reason", "text", "figures", "contributions"; [] for nothing."""
    found = []
    if outcome not in ANSWERABLE:
        found.append("outcome")
    if outcome in NEEDS_REASON and not reason.strip():
        found.append("reason")
    if not text.strip() and outcome not in (Outcome.NONE, Outcome.CANCELLED, Outcome.POSTPONED):
        found.append("text")
    if unknown_figures:
        found.append("figures")
    if open_contributions:
        found.append("contributions")
    return found
