"""One published figure followed down as far as everybody may see: what was counted, when, by whom, and what stood there before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from kusei.documents.queries import Document, documents_of_versions
from kusei.ledger.disclosure import counts_things
from kusei.ledger.models import Metric
from kusei.ledger.queries.public import PublicParts, public_metric, public_parts, told_elsewhere
from kusei.plans.queries import ItemSpot, Node, PublishedVersion, latest_nodes, spot_of_item
from kusei.portal.queries.frame import Frame
from kusei.results.queries import Figure, Result, Trend, results_by_version, same_figure, trends_of

_SLUG = re.compile("([mn])([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class FigureVersion:
    """What one published version prints; no figure where it prints none."""

    version: PublishedVersion
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class FigurePage:
    """What the page shows. `figure` is as the newest version prints it, or as it was printed last (`is_gone`).

    `elsewhere` are other items that tell the same thing. `parts` only for a figure that came from the ledger and whose entries, as known then, make it up; `document` for one that
    was read in a document.
    """

    spot: ItemSpot
    version: PublishedVersion
    result: Result
    figure: Figure
    is_gone: bool
    metric: Metric | None
    parts: PublicParts | None
    trend: Trend | None
    history: tuple[FigureVersion, ...]
    document: Document | None
    elsewhere: tuple[Node, ...] = ()

    @property
    def is_of_people(self) -> bool:
        """Whether the unit may stand for people, so that few are not told in parts."""
        return not counts_things(self.figure.unit)

    @property
    def was_corrected(self) -> bool:
        told = [each.figure for each in self.history if each.figure is not None]
        return self.is_gone or len({figure.value for figure in told}) > 1


def figure_page(frame: Frame, public_id: UUID, slug: str) -> FigurePage | None:
    """None if no published version prints such a figure. A constant number of queries."""
    ward = frame.ward
    spot = spot_of_item(ward, public_id)
    if spot is None:
        return None
    item_id = spot.node.item_id
    newest = frame.version(spot.node.version_id)
    versions = [version for version in frame.versions if version.plan_id == newest.plan_id]
    results = results_by_version([version.version_id for version in versions], item_ids=[item_id])
    told = [(version, results[version.version_id].get(item_id)) for version in versions]
    found = next(
        (
            (version, result, figure)
            for version, result in told
            if result and (figure := _asked(result, slug)) is not None
        ),
        None,
    )
    if found is None:
        return None
    version, result, figure = found
    metric = public_metric(ward, figure.metric_id) if figure.metric_id is not None else None
    trends = trends_of(ward, frame.versions, {item_id: result}) if version is newest else {}
    documents = documents_of_versions(ward, [version.version_id]) if metric is None else {}
    return FigurePage(
        spot=spot,
        version=version,
        result=result,
        figure=figure,
        is_gone=version is not newest,
        metric=metric,
        parts=_parts(frame, item_id, figure, metric, newest.fiscal_year),
        trend=trends.get((item_id, figure.position)),
        history=_history(told, figure),
        document=documents.get(version.version_id),
        elsewhere=_elsewhere(frame, item_id, metric, newest.fiscal_year),
    )


def _asked(result: Result, slug: str) -> Figure | None:
    match = _SLUG.fullmatch(slug)
    if match is None:
        return None
    number = int(match[2])
    if match[1] == "m":
        return next((figure for figure in result.figures if figure.metric_id == number), None)
    return next(
        (figure for figure in result.figures if figure.metric_id is None and figure.position == number - 1),
        None,
    )


def _parts(
    frame: Frame, item_id: int, figure: Figure, metric: Metric | None, fiscal_year: int
) -> PublicParts | None:
    if metric is None or figure.as_of is None:
        return None
    parts = public_parts(frame.ward, fiscal_year, item_id, metric, as_of=figure.as_of)
    if parts.quantity is not None and parts.quantity != int(figure.value.scaleb(metric.decimals)):
        return None
    return parts


def _elsewhere(frame: Frame, item_id: int, metric: Metric | None, fiscal_year: int) -> tuple[Node, ...]:
    if metric is None:
        return ()
    items = told_elsewhere(frame.ward, fiscal_year, item_id, metric)
    return tuple(latest_nodes(frame.ward, items).values()) if items else ()


def _history(told: list[tuple[PublishedVersion, Result | None]], figure: Figure) -> tuple[FigureVersion, ...]:
    """What each version that tells of the action prints here, newest first; versions before the first print are left out."""
    rows = [
        FigureVersion(version, same_figure(figure, result.figures) if result else None)
        for version, result in told
    ]
    while rows and rows[-1].figure is None:
        rows.pop()
    return tuple(rows)
