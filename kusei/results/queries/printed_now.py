"""Results of this year that a document printed already, before anybody answered: nobody has to be asked again."""

from __future__ import annotations

from collections.abc import Collection as Items
from dataclasses import dataclass

from kusei.plans.operations.versions import version_in_force
from kusei.results.enums import ANSWERABLE, Outcome
from kusei.results.models import Collection, ReportedResult


@dataclass(frozen=True, slots=True)
class PrintedNow:
    """What the version in force prints as done of an action, with its place in the document."""

    item: int
    version: int
    text: str
    outcome: str
    reason: str
    page: int | None
    line: int | None

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def is_answerable(self) -> bool:
        return self.outcome in ANSWERABLE


def printed_now(collection: Collection, items: Items[int] | None = None) -> dict[int, PrintedNow]:
    """By item, what the plan's version in force prints of the year; two queries. Results that were collected and published stand
    there too: they are of interest only where an answer has no text of its own."""
    force = version_in_force(collection.plan)
    if force is None:
        return {}
    rows = ReportedResult.objects.filter(version=force).exclude(text="")
    if items is not None:
        rows = rows.filter(item__in=list(items))
    return {
        row[0]: PrintedNow(*row)
        for row in rows.values_list(
            "item_id", "version_id", "text", "outcome", "outcome_reason", "source_page", "source_line"
        )
    }
