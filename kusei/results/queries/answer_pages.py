"""What somebody who writes an answer sees beside it: the plan, last year's result, the ledger's figures, the others' parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from kusei.plans.enums import PlanStatus
from kusei.plans.queries import Node, latest_nodes
from kusei.results import live
from kusei.results.enums import Outcome
from kusei.results.live import LiveFigure, Piece
from kusei.results.models import Answer, AnswerFile, Collection, Contribution, ReportedResult
from kusei.results.queries.answers import live_figures
from kusei.results.queries.former import former_figures, former_items


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
    promised: str

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)


def promised(node: Node) -> str:
    """What a plan says that it will do, as one text."""
    return "\n".join(part for part in (*node.plan_bullets, node.text) if part)


@dataclass(frozen=True, slots=True)
class Token:
    """A figure of the ledger with what is written into a text to stand for it, and for its difference from the year before."""

    text: str
    figure: LiveFigure
    change: str


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

    def said(self, text: str) -> str:
        """A text as it reads now."""
        return live.said(text, self.figures)


def sheets_of(collection: Collection, answers: Sequence[Answer]) -> list[Sheet]:
    """The answers of one collection in the order given; a constant number of queries."""
    items = [answer.item_id for answer in answers]
    nodes = latest_nodes(collection.ward, items)
    plan = collection.plan
    former, linked = former_items(plan, {item: node.title for item, node in nodes.items()})
    figures = live_figures(collection.ward, plan.fiscal_year, items, before=former_figures(plan, former))
    before = last_years(collection, former, linked)
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
                Token(
                    live.token_of(figure, figures[answer.item_id]),
                    figure,
                    live.change_token_of(figure, figures[answer.item_id]) if figure.change else "",
                )
                for figure in figures[answer.item_id]
            ),
            last_year=before.get(answer.item_id),
            parts=tuple(parts[answer.pk]),
            files=tuple(files[answer.pk]),
        )
        for answer in answers
    ]


def last_years(collection: Collection, former: Mapping[int, int], linked: set[int]) -> dict[int, LastYear]:
    """By item, what was published as done the year before, and as promised; five queries for any number of items."""
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
            promised=promised(titles[old]),
        )
        for item, old in former.items()
        if old in said and old in titles
    }


def next_to_approve(answer: Answer, states: Iterable[str]) -> Answer | None:
    """The next answer of the collection that stands in one of these states, going round from the one shown."""
    found = answer.collection.answers.filter(state__in=list(states)).exclude(pk=answer.pk)
    return found.filter(pk__gt=answer.pk).first() or found.first()
