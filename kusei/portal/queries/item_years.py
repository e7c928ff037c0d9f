"""A thing through the years for residents: promised, paid for, done, and what a published evaluation said.

Judgements written in the office are no part of it: nobody has published them (docs/adr/0017).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kusei.plans.enums import PlanKind
from kusei.plans.queries import Node
from kusei.portal.queries.frame import Frame
from kusei.results.enums import Outcome
from kusei.results.queries import PublishedYear, Result, published_years


@dataclass(frozen=True, slots=True)
class YearMoney:
    """Money of one year. `is_from_next_year`: known only from the next year's budget, which prints the year before."""

    fiscal_year: int
    yen: int
    is_from_next_year: bool


@dataclass(frozen=True, slots=True)
class YearStory:
    """One fiscal year. `promised` are the plans' words, `told` those with a result of their own, `outcomes` what became of the
    actions below them and of those that carry them out (outcome, count); `judged` are words of published evaluations."""

    fiscal_year: int
    promised: tuple[Node, ...]
    money: YearMoney | None
    told: tuple[PublishedYear, ...]
    outcomes: tuple[tuple[str, int], ...]
    judged: tuple[Node, ...]
    is_here: bool

    @property
    def is_silent(self) -> bool:
        """Whether nothing was reported of the year."""
        return not self.told and not self.outcomes


def year_stories(
    frame: Frame,
    here: Node,
    same: Mapping[int, Node],
    money: Sequence[YearMoney],
    carried_out_by: Iterable[tuple[Node, Result]],
) -> tuple[YearStory, ...]:
    """Newest first. `same` are the items that are one thing, `carried_out_by` the actions that carry them out with what was
    done; eight queries."""
    published = published_years(frame.ward, same, frame.versions)
    amounts = {each.fiscal_year: each for each in money}
    carried: dict[int, Counter[str]] = {}
    for node, result in carried_out_by:
        carried.setdefault(node.fiscal_year, Counter())[result.outcome] += 1
    years = sorted({*(each.node.fiscal_year for each in published.values()), *amounts}, reverse=True)
    return tuple(
        _story(year, [each for each in published.values() if each.node.fiscal_year == year], amounts.get(year),
               carried.get(year, Counter()), is_here=year == here.fiscal_year)
        for year in years
    )  # fmt: skip


def _story(
    year: int, told: list[PublishedYear], money: YearMoney | None, carried: Counter[str], *, is_here: bool
) -> YearStory:
    outcomes = Counter(carried)
    for each in told:
        outcomes.update(each.below)
    judged = [each.node for each in told if each.node.plan_kind == PlanKind.EVALUATION and each.node.text]
    return YearStory(
        fiscal_year=year,
        promised=tuple(each.node for each in told if each.node.plan_kind != PlanKind.EVALUATION),
        money=money,
        told=tuple(each for each in told if each.result is not None),
        outcomes=tuple((value, outcomes[value]) for value in Outcome.values if outcomes[value]),
        judged=tuple(judged),
        is_here=is_here,
    )
