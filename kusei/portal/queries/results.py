"""The results of a year as residents narrow them: the rows with the districts they concern and what was corrected since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kusei.ledger.queries.public import districts_served
from kusei.plans.queries import PublishedVersion
from kusei.portal.naming import places_named
from kusei.portal.queries.frame import Frame
from kusei.results.queries import (
    ResultCorrection,
    ResultRow,
    answering_bodies,
    corrections_of,
    result_rows,
)
from kusei.wards.models import District, Ward
from kusei.wards.queries import districts_of


@dataclass(frozen=True, slots=True)
class YearResults:
    """Every row of a year, and the names of the ward's districts by id, in the ward's order."""

    rows: list[ResultRow]
    districts: dict[int, str]
    answering: dict[int, str]
    """By item, the name of the body whose answer corrected it."""

    @property
    def corrected_count(self) -> int:
        return sum(1 for row in self.rows if row.corrections)


def results_of_year(frame: Frame) -> YearResults:
    """A constant number of queries: two less where the ward has no districts, two or three more where a plan was published twice."""
    assert frame.fiscal_year is not None  # pages without a year have no results
    rows = result_rows(frame.plans)
    districts = districts_of(frame.ward, frame.fiscal_year)
    concerned = _districts_of_rows(frame.ward, frame.fiscal_year, rows, districts)
    corrected = corrections_of_year(frame)
    return YearResults(
        [
            replace(
                row,
                districts=concerned.get(row.node.item_id, frozenset()),
                corrections=corrected.get(row.node.item_id, ()),
            )
            if concerned or corrected
            else row
            for row in rows
        ],
        {district.pk: district.name for district in districts},
        bodies_of_corrections(corrected),
    )


def bodies_of_corrections(corrected: Mapping[int, tuple[ResultCorrection, ...]]) -> dict[int, str]:
    """By item, who answered what a correction says; one query, none where no correction is an answer."""
    answered = [
        item_id for item_id, corrections in corrected.items() if any(each.is_answer for each in corrections)
    ]
    return answering_bodies(answered) if answered else {}


def corrections_of_year(
    frame: Frame, item_ids: Iterable[int] | None = None
) -> dict[int, tuple[ResultCorrection, ...]]:
    """By item, what the year's plans corrected after publishing it, oldest first."""
    return corrections_of(_versions_of_year(frame), item_ids=item_ids)


def _versions_of_year(frame: Frame) -> list[PublishedVersion]:
    return [version for version in frame.versions if version.fiscal_year == frame.fiscal_year]


def _districts_of_rows(
    ward: Ward, fiscal_year: int, rows: list[ResultRow], districts: list[District]
) -> dict[int, frozenset[int]]:
    """By item, the districts that its words name, and those in which its published numbers were counted (things only:
    `ledger.disclosure`)."""
    if not districts:
        return {}
    by_name = {district.folded: district.pk for district in districts}
    counted = districts_served(
        ward,
        fiscal_year,
        {
            (row.node.item_id, figure.metric_id)
            for row in rows
            if row.result
            for figure in row.result.figures
            if figure.metric_id is not None
        },
    )
    found = {}
    for row in rows:
        words = [row.node.title, row.node.text, *row.planned, row.result.text if row.result else ""]
        named = {by_name[name] for name in places_named("\n".join(words), by_name)}
        if concerned := named | counted.get(row.node.item_id, set()):
            found[row.node.item_id] = frozenset(concerned)
    return found
