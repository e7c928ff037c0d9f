"""Reads of a collection: who answers what, what the ledger says for an answer, what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet

from kusei.ledger.queries.figures import Figure, year_figures
from kusei.ledger.queries.metrics import usable_metrics
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import ItemKind, PlanKind
from kusei.results import live
from kusei.results.enums import AnswerState, ResultVerb
from kusei.results.live import LiveFigure
from kusei.results.models import Answer, Contribution
from kusei.results.queries.former import former_figures, former_items, titles_of
from kusei.wards.models import AuditEntry, Ward

REPORTING = frozenset({PlanKind.ACTION_PLAN.value, PlanKind.EVALUATION.value})


def answered_rows(tree: Tree, kind: str) -> list[Row]:
    """The rows of a plan that are answered, in order: its actions; in a plan of another kind its projects."""
    wanted = ItemKind.ACTION if kind in REPORTING else ItemKind.PROJECT
    return [row for row in tree.rows if row.kind == wanted]


def responsible(tree: Tree, item: int) -> list[int]:
    """The bodies of an item in the order printed, the lead first; those of the nearest item above where it names none."""
    for row in (tree.row(item), *tree.above(item)):
        if row.owners:
            return [owner.body for owner in row.owners]
    return []


def remarks_of(items: Iterable[int]) -> dict[int, str]:
    """By item, what its answer leaves for the next year, once it was sent in; one query."""
    sent = Answer.objects.filter(
        item__in=list(items), state__in=[AnswerState.SUBMITTED, AnswerState.APPROVED]
    ).exclude(remark="")
    return dict(sent.values_list("item", "remark"))


def live_figures(
    ward: Ward,
    fiscal_year: int,
    item_ids: Iterable[int],
    figures: Mapping[tuple[int, int], Figure] | None = None,
    before: Mapping[tuple[int, int], int] | None = None,
) -> dict[int, list[LiveFigure]]:
    """By item, what the ledger says of it in a year, in the metrics' order; `before` is the year before by item and metric.
    Four queries for any number of items."""
    wanted = list(item_ids)
    known = year_figures(ward, fiscal_year, items=wanted) if figures is None else figures
    metrics = {metric.pk: (place, metric) for place, metric in enumerate(usable_metrics(ward, ended=True))}
    found: dict[int, list[tuple[int, LiveFigure]]] = {item: [] for item in wanted}
    for (item, metric_id), figure in known.items():
        if item in found and metric_id in metrics:
            place, metric = metrics[metric_id]
            one = LiveFigure(
                metric_id,
                metric.name,
                metric.unit,
                metric.decimals,
                figure.quantity,
                figure.entries,
                (before or {}).get((item, metric_id)),
            )
            found[item].append((place, one))
    return {
        item: [one for _place, one in sorted(lives, key=lambda each: each[0])]
        for item, lives in found.items()
    }


def figures_told(answers: Sequence[Answer]) -> dict[int, list[LiveFigure]]:
    """The same for answers of one collection, with the year before where one of their texts speaks of it."""
    if not answers:
        return {}
    plan, items = answers[0].collection.plan, [answer.item_id for answer in answers]
    before = None
    if any(live.compares(answer.text) for answer in answers):
        former, _linked = former_items(plan, titles_of(plan, items))
        before = former_figures(plan, former)
    return live_figures(plan.ward, plan.fiscal_year, items, before=before)


_NOT_SENT = (AnswerState.WAITING, AnswerState.WRITING, AnswerState.RETURNED)


def answer_of(ward: Ward, answer_id: int) -> Answer | None:
    """One answer of a ward, with what its page needs."""
    return (
        Answer.objects.filter(ward=ward, pk=answer_id)
        .select_related("collection__plan", "lead", "item", "approved_by")
        .first()
    )


def waiting_for(ward: Ward, body_ids: Iterable[int]) -> QuerySet[Answer]:
    """Answers that these bodies still have to send in or to contribute to."""
    bodies = list(body_ids)
    sharing = Contribution.objects.filter(body__in=bodies, is_done=False).values("answer")
    return (
        Answer.objects.filter(ward=ward, state__in=_NOT_SENT)
        .filter(Q(lead__in=bodies) | Q(pk__in=sharing))
        .select_related("collection__plan", "lead")
    )


def sharing_of(answer: Answer) -> list[int]:
    """The ids of all bodies of an answer, the lead first."""
    others = answer.contributions.order_by("pk").values_list("body", flat=True)
    return [*([answer.lead_id] if answer.lead_id else []), *others]


def history_of(answer: Answer) -> list[AuditEntry]:
    """変更の記録 of an answer, newest first: it stands with its action, beside what was done to the action's plan. Who judged
    the action is not told here: whoever sees the answer need not see that."""
    entries = AuditEntry.objects.filter(
        ward=answer.ward,
        target_type=answer.item._meta.label_lower,
        target_id=str(answer.item_id),
        verb__startswith="results.",
    ).exclude(verb=ResultVerb.REVIEWED)
    return list(entries[:100])
