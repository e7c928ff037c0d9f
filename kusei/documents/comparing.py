"""What taking a mended document in would change: against the version in force, item by item and result by result."""

from __future__ import annotations

from dataclasses import dataclass

from kusei.documents.desk import results_at_desk
from kusei.documents.models import SourceDocument
from kusei.plans import operations as plans
from kusei.plans.models import Plan, PlanVersion
from kusei.plans.queries.drafts import open_draft_of, tree_of
from kusei.plans.rules import LEAST_SHARE, Differences, Entry
from kusei.results import operations as results


@dataclass(frozen=True, slots=True)
class ResultChange:
    """The printed result of an item that stands otherwise in the document; "" where there is none."""

    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`in_force` is None for a plan's first version. `old` and `new` are the trees whose entries the differences name."""

    in_force: PlanVersion | None
    differences: Differences
    old: tuple[Entry, ...]
    new: tuple[Entry, ...]
    results: tuple[ResultChange, ...]
    is_titled_otherwise: bool
    replaces_sample: bool
    open_draft: PlanVersion | None

    @property
    def is_unchanged(self) -> bool:
        return (
            self.in_force is not None
            and self.differences.is_empty
            and not self.results
            and not self.is_titled_otherwise
        )

    @property
    def is_another_document(self) -> bool:
        """Hardly an item is in both: somebody has to say that it takes the plan's place all the same."""
        return self.in_force is not None and self.differences.share() < LEAST_SHARE

    @property
    def share_percent(self) -> int:
        return round(self.differences.share() * 100)


def compared_with_force(document: SourceDocument) -> Comparison:
    """The comparison of a document that is being mended. ASSUMPTION: `desk.stage_of` says mending."""
    version = document.version
    assert version is not None
    plan = version.plan
    samples = Plan.objects.filter(
        ward_id=document.ward_id, fiscal_year=plan.fiscal_year, kind=plan.kind, is_sample=True
    ).exclude(versions=None)
    replaces_sample = not document.is_sample and samples.exists()
    stands_aside = plan.is_sample and replaces_sample
    stored = plans.stored_entries(version)
    new = [each.entry for each in stored]
    in_force = None if stands_aside else plans.version_in_force(plan)
    differences, known = plans.compare_with_force(plan if in_force else None, new)
    old = [each.entry for each in plans.stored_entries(in_force)] if in_force else []
    return Comparison(
        in_force=in_force,
        differences=differences,
        old=tuple(old),
        new=tuple(new),
        results=tuple(
            _results(document, in_force, known, {each.entry.index: each.item_id for each in stored}, new)
        )
        if in_force
        else (),
        is_titled_otherwise=in_force is not None and in_force.title != version.title,
        replaces_sample=replaces_sample,
        open_draft=open_draft_of(plan),
    )


def _results(
    document: SourceDocument,
    in_force: PlanVersion,
    known: dict[int, int],
    item_at: dict[int, int],
    entries: list[Entry],
) -> list[ResultChange]:
    assert document.version is not None
    kept = results.printed_results(in_force)
    read = {
        each.item_id: (each.text, each.figures)
        for each in results_at_desk(document, tree_of(document.version))
    }
    changes = []
    for index, item in known.items():
        old, new = kept.get(item), read.get(item_at[index])
        if old != new:
            changes.append(ResultChange(entries[index].title, old[0] if old else "", new[0] if new else ""))
    return changes
