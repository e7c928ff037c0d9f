"""The ledger's pages: a year's figures beside the actions that they belong to. Figures come from `ledger.queries`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.japanese.folding import fold
from kusei.ledger.models import Entry, Metric
from kusei.ledger.queries.entries import years_with_entries
from kusei.ledger.queries.figures import Figure, year_figures
from kusei.ledger.queries.metrics import usable_metrics
from kusei.ledger.sheets import SOURCE_KIND
from kusei.plans.drafting import Tree
from kusei.plans.models import PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.queries import in_force, latest_nodes, published_versions
from kusei.plans.queries.drafts import tree_of
from kusei.results.enums import AnswerState
from kusei.results.models import Answer
from kusei.results.queries.answers import answered_rows, responsible
from kusei.services.activities import dispatch_metrics, metrics, persons, survey_metrics
from kusei.services.activities.visit_metrics import GROUP_KIND, REQUEST_KIND
from kusei.wards.models import Body, Ward

RECORD_PAGES = {
    SOURCE_KIND: "office:report",
    REQUEST_KIND: "office:visit",
    GROUP_KIND: "office:visit",
    metrics.SOURCE_KIND: "office:session_record",
    dispatch_metrics.SOURCE_KIND: "office:session_record",
    survey_metrics.REPLIES_KIND: "office:session_record",
    persons.SOURCE_KIND: "office:intake_record",
}
"""By kind of record, the office's page about one: a room that registers a kind and has a page for it adds a line."""


_STILL_AT_HAND = timedelta(days=92)
"""So long after its deadline a collection that is not complete is still what people work on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an action stands: `above` are the items over it, from the top, as (item, title). `bodies` are responsible for it,
    the lead first. `is_counted`: results are asked for it (an action; in a plan of another kind a project)."""

    item: int
    number: str
    title: str
    plan: str
    above: tuple[tuple[int, str], ...] = ()
    bodies: tuple[int, ...] = ()
    below: tuple[int, ...] = ()
    is_counted: bool = False
    is_gone: bool = False

    @property
    def heading(self) -> str:
        """What it stands under, in one line."""
        return " › ".join(title for _item, title in self.above) or self.plan


def office_years(ward: Ward) -> list[int]:
    """The years that the ledger's pages offer, newest first: with entries, with a published plan, and this one."""
    planned = {version.fiscal_year for version in published_versions(ward)}
    return sorted({*years_with_entries(ward), *planned, this_year()}, reverse=True)


def this_year() -> int:
    """The fiscal year of today."""
    return fiscal_year_of(timezone.localdate())


def year_at_hand(ward: Ward) -> int:
    """The year that a page opens at: the one whose results are being collected, else this one where a plan of it is in force,
    else the newest that has one. Two queries."""
    today = timezone.localdate()
    open_answers = Answer.objects.filter(ward=ward, collection__due_on__gte=today - _STILL_AT_HAND)
    collected = (
        open_answers.exclude(state=AnswerState.APPROVED)
        .order_by("-collection__plan__fiscal_year")
        .values_list("collection__plan__fiscal_year", flat=True)
        .first()
    )
    if collected is not None:
        return collected
    planned = {version.fiscal_year for version in published_versions(ward)}
    return max(planned) if planned and this_year() not in planned else this_year()


def places_of(ward: Ward, fiscal_year: int) -> dict[int, Place]:
    """Every item of the year's plans in force, in printed order; six queries for each plan."""
    found: dict[int, Place] = {}
    published = in_force(published_versions(ward), fiscal_year=fiscal_year)
    versions = PlanVersion.objects.select_related("plan").in_bulk([each.version_id for each in published])
    for each in published:
        version = versions[each.version_id]
        found |= _places_in(tree_of(version), version.plan.kind, plan_label(version.plan))
    return found


def _places_in(tree: Tree, kind: str, label: str) -> dict[int, Place]:
    counted = {row.item for row in answered_rows(tree, kind)}
    return {
        row.item: Place(
            item=row.item,
            number=row.number,
            title=row.title,
            plan=label,
            above=tuple((above.item, above.title) for above in reversed(tree.above(row.item))),
            bodies=tuple(dict.fromkeys(responsible(tree, row.item))),
            below=tuple(below.item for below in tree.branch(row.item)[1:]),
            is_counted=row.item in counted,
        )
        for row in tree.rows
    }


def with_gone(ward: Ward, places: Mapping[int, Place], items: Iterable[int]) -> dict[int, Place]:
    """The same places, and behind them items that no plan in force has any more, as they were published last."""
    missing = [item for item in dict.fromkeys(items) if item not in places]
    nodes = latest_nodes(ward, missing) if missing else {}
    found = dict(places)
    for item in missing:
        node = nodes.get(item)
        found[item] = Place(
            item=item,
            number=node.number if node else "",
            title=node.title if node else "",
            plan="",
            bodies=tuple(owner.body_id for owner in node.owners) if node else (),
            is_gone=True,
        )
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """How the list of figures was narrowed, as its address says it. Numbers are ids, 0 for all."""

    body: int = 0
    under: int = 0
    metric: int = 0
    words: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.body or self.under or self.metric or self.words)


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of the year with the action that it belongs to. `same_as` are actions whose figures it shows as the same
    thing, so that who adds the lines up leaves it out; `shown_in` is how many others show this one."""

    place: Place
    metric: Metric
    figure: Figure
    bodies: tuple[str, ...]
    same_as: tuple[str, ...] = ()
    shown_in: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to narrow by, and how many figures it leaves."""

    value: int
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FigureList:
    """A year's figures as they were asked for, and what they can be narrowed by."""

    lines: tuple[FigureLine, ...]
    total: int
    bodies: tuple[Choice, ...]
    headings: tuple[Choice, ...]
    metrics: tuple[Choice, ...]


def figure_list(ward: Ward, fiscal_year: int, asked: Asked) -> FigureList:
    """Every figure of a year in the plans' order, narrowed; as many queries with three figures as with three hundred."""
    figures = year_figures(ward, fiscal_year)
    places = with_gone(ward, places_of(ward, fiscal_year), sorted(item for item, _metric in figures))
    metrics = {metric.pk: metric for metric in usable_metrics(ward, ended=True)}
    order = {pk: place for place, pk in enumerate(metrics)}
    names = {body.pk: body.name for body in Body.objects.filter(ward=ward)}
    by_item: dict[int, list[tuple[int, Figure]]] = {}
    for (item, metric), figure in figures.items():
        by_item.setdefault(item, []).append((metric, figure))
    shown = Counter(
        (each.home, metric) for (_item, metric), figure in figures.items() for each in figure.seen
    )
    lines = [
        FigureLine(
            place,
            metrics[metric],
            figure,
            tuple(names[each] for each in place.bodies if each in names),
            tuple(places[each.home].title for each in figure.seen if each.home in places),
            shown[item, metric],
        )
        for item, place in places.items()
        for metric, figure in sorted(by_item.get(item, ()), key=lambda pair: order[pair[0]])
    ]
    words = fold(asked.words).split()
    bodies = Counter(body for line in lines for body in line.place.bodies)
    headings = Counter(item for line in lines for item, _title in line.place.above)
    titles = {item: title for line in lines for item, title in line.place.above}
    counted = Counter(line.metric.pk for line in lines)
    return FigureList(
        lines=tuple(line for line in lines if _fits(line, asked, words)),
        total=len(lines),
        bodies=tuple(Choice(pk, name, bodies[pk]) for pk, name in names.items() if bodies[pk]),
        headings=tuple(Choice(item, titles[item], headings[item]) for item in places if headings[item]),
        metrics=tuple(Choice(pk, str(metric), counted[pk]) for pk, metric in metrics.items() if counted[pk]),
    )


def _fits(line: FigureLine, asked: Asked, words: list[str]) -> bool:
    if asked.body and asked.body not in line.place.bodies:
        return False
    if asked.under and asked.under not in {line.place.item, *(item for item, _title in line.place.above)}:
        return False
    if asked.metric and asked.metric != line.metric.pk:
        return False
    said = fold(" ".join((line.place.number, line.place.title, line.metric.name, *line.bodies)))
    return all(word in said for word in words)


def place_of(
    ward: Ward, fiscal_year: int, item: int, places: Mapping[int, Place] | None = None
) -> Place | None:
    """Where one item of the ward stands in a year; None where the ward has no such item. `places` spares reading them again."""
    if places is None:
        places = places_of(ward, fiscal_year)
    if item in places:
        return places[item]
    if not latest_nodes(ward, [item]) and not Entry.objects.filter(ward=ward, item=item).exists():
        return None
    return with_gone(ward, places, [item])[item]


def record_url(ward: Ward, kind: str, number: int) -> str:
    """The office's page about a record; empty where it has none."""
    name = RECORD_PAGES.get(kind)
    return reverse(name, args=[ward.key, number]) if name else ""


def shortened(place: Place, length: int = 60) -> Place:
    """The same with a title that fits a line."""
    return place if len(place.title) <= length else replace(place, title=f"{place.title[: length - 1]}…")
