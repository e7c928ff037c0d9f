"""What somebody who writes an answer sees beside it: the plan, last year's result, the ledger's figures, the others' parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from kusei.japanese.folding import fold
from kusei.plans.enums import LinkKind, LinkStatus, PlanStatus
from kusei.plans.models import ItemText, Link, Plan
from kusei.plans.queries import Node, latest_nodes
from kusei.results import live
from kusei.results.enums import Outcome
from kusei.results.live import LiveFigure, Piece
from kusei.results.models import Answer, AnswerFile, Collection, Contribution, ReportedResult
from kusei.results.queries.answers import live_figures


@dataclass(frozen=True, slots=True)
class LastYear:
    """What was reported of the same action the year before. `is_linked`: a person confirmed that it is the same; else the
    plan of that year has one of the same title."""

    fiscal_year: int
    title: str
    text: str
    outcome: str
    public_id: UUID
    is_linked: bool

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)


@dataclass(frozen=True, slots=True)
class Token:
    """A figure of the ledger with what is written into a text to stand for it."""

    text: str
    figure: LiveFigure


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer with all that stands beside it."""

    answer: Answer
    node: Node | None
    tokens: tuple[Token, ...]
    last_year: LastYear | None
    parts: tuple[Contribution, ...]
    files: tuple[AnswerFile, ...]

    @property
    def figures(self) -> list[LiveFigure]:
        return [token.figure for token in self.tokens]

    @property
    def open_parts(self) -> int:
        return sum(not part.is_done for part in self.parts)

    def pieces(self, text: str) -> list[Piece]:
        """A text as it reads now, in stretches."""
        return live.pieces(text, self.figures)


def sheets_of(collection: Collection, answers: Sequence[Answer]) -> list[Sheet]:
    """The answers of one collection in the order given; a constant number of queries."""
    items = [answer.item_id for answer in answers]
    nodes = latest_nodes(collection.ward, items)
    figures = live_figures(collection.ward, collection.plan.fiscal_year, items)
    before = last_years(collection, nodes)
    parts: dict[int, list[Contribution]] = defaultdict(list)
    for part in Contribution.objects.filter(answer__in=answers).select_related("body", "answer"):
        parts[part.answer_id].append(part)
    files: dict[int, list[AnswerFile]] = defaultdict(list)
    for file in AnswerFile.objects.filter(answer__in=answers).select_related("file"):
        files[file.answer_id].append(file)
    return [
        Sheet(
            answer=answer,
            node=nodes.get(answer.item_id),
            tokens=tuple(
                Token(live.token_of(figure, figures[answer.item_id]), figure)
                for figure in figures[answer.item_id]
            ),
            last_year=before.get(answer.item_id),
            parts=tuple(parts[answer.pk]),
            files=tuple(files[answer.pk]),
        )
        for answer in answers
    ]


def last_years(collection: Collection, nodes: dict[int, Node]) -> dict[int, LastYear]:
    """By item, what was published as done the year before; five queries for any number of items.

    The item of the year before is the one that a person linked (continues); where none is, the one of the same title in
    the plan of the same kind and part, if exactly one bears it.
    """
    links = Link.objects.filter(
        ward=collection.ward, kind=LinkKind.CONTINUES, status=LinkStatus.CONFIRMED, from_item__in=list(nodes)
    )
    linked: dict[int, int] = dict(links.order_by("pk").values_list("from_item_id", "to_item_id"))
    alike = _alike(collection.plan, {item: node.title for item, node in nodes.items() if item not in linked})
    former = {**alike, **linked}
    wanted = list(former.values())
    titles = latest_nodes(collection.ward, wanted)
    said: dict[int, tuple[str, str]] = {}
    reported = ReportedResult.objects.filter(item__in=wanted, version__status=PlanStatus.PUBLISHED)
    for item, text, outcome in reported.order_by("version__number").values_list("item_id", "text", "outcome"):
        said[item] = (text, outcome)
    return {
        item: LastYear(
            fiscal_year=titles[old].fiscal_year,
            title=titles[old].title,
            text=said[old][0],
            outcome=said[old][1],
            public_id=titles[old].public_id,
            is_linked=item in linked,
        )
        for item, old in former.items()
        if old in said and old in titles
    }


def _alike(plan: Plan, titles: dict[int, str]) -> dict[int, int]:
    """By item, the item of the year before that alone bears the same title."""
    texts = ItemText.objects.filter(
        ward=plan.ward,
        version__status=PlanStatus.PUBLISHED,
        version__plan__fiscal_year=plan.fiscal_year - 1,
        version__plan__kind=plan.kind,
        version__plan__part=plan.part,
    )
    newest: dict[int, str] = dict(texts.order_by("version__number").values_list("item_id", "title"))
    by_title: dict[str, list[int]] = defaultdict(list)
    for item, title in newest.items():
        by_title[fold(title)].append(item)
    alone = {title: items[0] for title, items in by_title.items() if title and len(items) == 1}
    return {item: alone[fold(title)] for item, title in titles.items() if fold(title) in alone}


def next_to_approve(answer: Answer, states: Iterable[str]) -> Answer | None:
    """The next answer of the collection that stands in one of these states, going round from the one shown."""
    found = answer.collection.answers.filter(state__in=list(states)).exclude(pk=answer.pk)
    return found.filter(pk__gt=answer.pk).first() or found.first()
