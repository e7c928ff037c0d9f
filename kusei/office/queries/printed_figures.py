"""Figures of published results, with what has become of each in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from kusei.plans.drafting import Row
from kusei.plans.models import PlanVersion
from kusei.plans.queries import all_versions_in_force
from kusei.plans.queries.drafts import tree_of
from kusei.results.models import ReportedFigure, TakenFigure
from kusei.results.proposals import Proposal, in_plain_unit
from kusei.results.queries.figures import counted_of, proposals_of
from kusei.wards.models import Ward

OPEN, TAKEN, CHANGED, UNFIT, SHARED = "open", "taken", "changed", "unfit", "shared"
ALIKE = "alike"
"""Asked for as a state: lines whose number other actions print too, and that nobody said to be the same yet."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed figure. `state`: open, taken, changed (taken with another number), unfit (no metric has its unit), shared
    (it is the same as `home`'s, and counted there). `shown_in`: how many other actions show this one."""

    proposal: Proposal
    number: str
    title: str
    text: str
    state: str
    taken: TakenFigure | None
    same_titles: tuple[str, ...]
    home: str = ""
    shown_in: int = 0

    @property
    def is_alike(self) -> bool:
        """Whether somebody should say if it is the same as others."""
        return bool(self.same_titles) and self.state not in (SHARED, UNFIT) and not self.shown_in

    @property
    def place(self) -> str:
        return f"{self.proposal.printed.item}:{self.proposal.printed.position}"

    @property
    def key(self) -> str:
        """What the form sends: item, position and metric."""
        metric = self.proposal.metric.id if self.proposal.metric else 0
        return f"{self.proposal.printed.item}:{self.proposal.printed.position}:{metric}"


def versions_with_figures(ward: Ward) -> list[tuple[PlanVersion, int, int]]:
    """Each version in force whose document prints figures: the version, how many figures, how many are taken."""
    numbers = [version.version_id for version in all_versions_in_force().get(ward.pk, [])]
    counts = dict(
        ReportedFigure.objects.filter(ward=ward, result__version__in=numbers, metric__isnull=True)
        .order_by()
        .values_list("result__version")
        .annotate(n=Count("pk"))
    )
    taken = dict(
        TakenFigure.objects.filter(ward=ward).order_by().values_list("item__plan").annotate(n=Count("pk"))
    )
    versions = PlanVersion.objects.filter(pk__in=counts).select_related("plan").order_by("-plan__fiscal_year")
    return [(version, counts[version.pk], taken.get(version.plan_id, 0)) for version in versions]


def printed_lines(version: PlanVersion) -> list[PrintedLine]:
    """Every figure that a version's document prints, in the order of print. The queries do not grow with the figures."""
    proposals = proposals_of(version)
    taken, seen = counted_of(version, proposals)
    shown = Counter((each.shared.home_id, each.shared.slot) for each in seen.values())
    rows = {row.item: row for row in tree_of(version).rows}
    texts = dict(version.reported_results.values_list("item", "text"))
    return [
        PrintedLine(
            proposal=each,
            number=rows[each.printed.item].number if each.printed.item in rows else "",
            title=_title(rows, each.printed.item),
            text=texts.get(each.printed.item, ""),
            state=SHARED
            if (each.printed.item, each.printed.position) in seen
            else _state(each, taken.get((each.printed.item, each.printed.position))),
            taken=taken.get((each.printed.item, each.printed.position)),
            same_titles=tuple(_title(rows, item) for item in each.same_as),
            home=_title(rows, seen[each.printed.item, each.printed.position].shared.home_id)
            if (each.printed.item, each.printed.position) in seen
            else "",
            shown_in=shown[each.printed.item, str(each.printed.position)],
        )
        for each in proposals
    ]


def narrowed(lines: Sequence[PrintedLine], state: str, words: str) -> list[PrintedLine]:
    """The lines in one state whose title or text has the words; those that may be the same stand beside each other."""
    if state == ALIKE:
        alike = [line for line in narrowed(lines, "", words) if line.is_alike]
        return sorted(
            alike,
            key=lambda line: in_plain_unit(line.proposal.printed.value, line.proposal.printed.unit),
            reverse=True,
        )
    return [
        line
        for line in lines
        if (not state or line.state == state) and (not words or words in line.title or words in line.text)
    ]


def _title(rows: Mapping[int, Row], item: int) -> str:
    return rows[item].title if item in rows else ""


def _state(proposal: Proposal, taken: TakenFigure | None) -> str:
    if proposal.metric is None or proposal.quantity is None:
        return UNFIT
    if taken is None:
        return OPEN
    same = (taken.metric_id, taken.quantity) == (proposal.metric.id, proposal.quantity)
    return TAKEN if same else CHANGED
