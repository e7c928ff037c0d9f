"""A year's results gathered for its workbook: a published version as it was frozen, or a collection as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.ledger.enums import Adding
from kusei.ledger.models import Metric
from kusei.ledger.queries.figures import added_up, year_figures
from kusei.ledger.queries.metrics import usable_metrics
from kusei.ledger.rules import from_smallest
from kusei.plans.drafting import Row, Tree
from kusei.plans.enums import ItemKind, PlanStatus
from kusei.plans.models import Plan, PlanVersion
from kusei.plans.operations.drafts import plan_label
from kusei.plans.operations.versions import version_in_force
from kusei.plans.queries.drafts import tree_of
from kusei.press.languages import JAPANESE
from kusei.results import live
from kusei.results.enums import AnswerState, Outcome
from kusei.results.models import Answer, Collection, ReportedFigure, ReportedResult, YearRecord
from kusei.results.queries.answers import answered_rows, figures_told
from kusei.results.queries.indicators import indicator_years, indicators_of, months_over
from kusei.results.queries.printed import results_of
from kusei.results.telling import STATE_WORDS, reason_said
from kusei.results.year_book import Counting, Facts, Indicated, Line, Number, Total, YearBook
from kusei.wards.models import Body, Ward


def facts_of(plan: Plan, tree: Tree) -> Facts:
    """What stands beside a plan's version today: its indicators judged, its bodies and metrics by name; for freezing, and for
    what is not frozen. In Japanese whoever asks."""
    ward = plan.ward
    metrics = usable_metrics(ward, ended=True)
    with translation.override(JAPANESE.code):
        return Facts(
            ward=ward.full_name,
            plan=plan_label(plan),
            bodies=dict(Body.objects.filter(ward=ward).values_list("pk", "name")),
            metrics={
                metric.pk: Counting(metric.name, metric.unit, metric.get_adding_display(), metric.definition)
                for metric in metrics
            },
            indicators=tuple(_indicated(ward, plan.fiscal_year, tree)),
            totals=tuple(_totals(ward, plan.fiscal_year, tree, metrics)),
        )


def _totals(ward: Ward, fiscal_year: int, tree: Tree, metrics: Sequence[Metric]) -> list[Total]:
    """What is simply added up, over all items of the plan, what most actions count first."""
    items = [row.item for row in tree.rows]
    figures = year_figures(ward, fiscal_year, items=items)
    actions = Counter(metric for _item, metric in figures)
    counted = [metric for metric in metrics if metric.adding == Adding.SUM and actions[metric.pk]]
    found = []
    for metric in sorted(counted, key=lambda metric: (-actions[metric.pk], metric.name, metric.pk)):
        total = added_up(figures, items, metric)
        if total is not None and total.quantity is not None:
            found.append(
                Total(metric.name, metric.unit, _printed(total.quantity, metric), actions[metric.pk])
            )
    return found


def _indicated(ward: Ward, fiscal_year: int, tree: Tree) -> Iterable[Indicated]:
    today = timezone.localdate()
    indicators = [each for each in indicators_of(ward) if each.item_id in tree]
    if not indicators:
        return
    months = months_over(fiscal_year, today)
    for year in indicator_years(ward, fiscal_year, indicators, today=today):
        indicator, metric = year.indicator, year.metric
        yield Indicated(
            item=tree.row(indicator.item_id).title,
            name=indicator.name,
            metric=metric.name,
            unit=metric.unit,
            baseline=_printed(indicator.baseline, metric),
            baseline_year=indicator.baseline_year,
            target=_printed(year.target, metric),
            actual=_printed(year.figure.quantity if year.figure else None, metric),
            last_year=_printed(year.last_year.quantity if year.last_year else None, metric),
            word=str(STATE_WORDS[year.judgement.state]),
            reason=reason_said(year, months=months),
            body=indicator.body.name if indicator.body else "",
        )


def _printed(quantity: int | None, metric: Metric) -> str:
    return "" if quantity is None else f"{from_smallest(quantity, metric.decimals):f}"


def published_year(version: PlanVersion) -> YearBook:
    """The year as a version was published: from the version and what was kept with it, and from nothing that lives on.

    A version that was never published with a collection (an imported document) has nothing kept: names are today's, and
    there are no indicators. A constant number of queries.
    """
    tree = tree_of(version)
    record = YearRecord.objects.filter(version=version).first()
    facts = Facts.from_plain(record.facts) if record else _names_today(version.plan)
    results = results_of([version.pk])
    numbers = _numbers_of(version)
    wanted = {row.item for row in answered_rows(tree, version.plan.kind)} | set(results)
    with translation.override(JAPANESE.code):
        lines = []
        for row in tree.rows:
            if row.item not in wanted:
                continue
            result = results.get(row.item)
            lines.append(
                _line(
                    tree, row, facts,
                    outcome=result.outcome if result else Outcome.UNKNOWN.value,
                    reason=result.outcome_reason if result else "",
                    text=result.text if result else "",
                    figures=tuple(numbers.get(row.item, ())),
                    page=result.source_page if result else None,
                )
            )  # fmt: skip
    assert version.published_at is not None
    return YearBook(
        version.plan.fiscal_year, facts, version.number, version.published_at, version.note, tuple(lines)
    )


def published_with_results(plan: Plan) -> list[PlanVersion]:
    """The published versions of a plan that print results, newest first; one query."""
    published = plan.versions.filter(status=PlanStatus.PUBLISHED)
    has_results = Exists(ReportedResult.objects.filter(version=OuterRef("pk")))
    return list(published.filter(has_results).select_related("plan__ward__parent").order_by("-number"))


def _names_today(plan: Plan) -> Facts:
    with translation.override(JAPANESE.code):
        return Facts(plan.ward.full_name, plan_label(plan), {}, {}, (), ())


def _numbers_of(version: PlanVersion) -> dict[int, list[Number]]:
    found: dict[int, list[Number]] = {}
    rows = ReportedFigure.objects.filter(result__version=version).order_by("result", "position")
    for item, label, value, unit, metric, entries, as_of in rows.values_list(
        "result__item", "label", "value", "unit", "metric", "entries", "as_of"
    ):
        found.setdefault(item, []).append(Number(label, value, unit, metric, entries, as_of))
    return found


def year_so_far(collection: Collection, *, at: datetime) -> YearBook:
    """The year as its answers stand now, approved or not. A constant number of queries."""
    plan = collection.plan
    force = version_in_force(plan)
    tree = tree_of(force) if force else Tree(())
    answers = {answer.item_id: answer for answer in collection.answers.all()}
    figures = figures_told(list(answers.values()))
    facts = facts_of(plan, tree)
    with translation.override(JAPANESE.code):
        lines = [
            _so_far(tree, row, facts, answers[row.item], figures[row.item], at)
            for row in tree.rows
            if row.item in answers
        ]
    return YearBook(plan.fiscal_year, facts, None, at, "", tuple(lines))


def _so_far(
    tree: Tree, row: Row, facts: Facts, answer: Answer, figures: list[live.LiveFigure], at: datetime
) -> Line:
    if answer.state == AnswerState.APPROVED:
        text = answer.final_text
        numbers = tuple(
            Number(
                each["name"], Decimal(each["quantity"]).scaleb(-each["decimals"]), each["unit"], each["metric"],
                each["entries"], datetime.fromisoformat(each["as_of"]),
            )
            for each in answer.final_figures
            if each["quantity"] is not None
        )  # fmt: skip
    else:
        text = live.said(answer.text, figures)
        numbers = tuple(
            Number(
                each.name, from_smallest(each.quantity, each.decimals), each.unit, each.metric_id, each.entries, at
            )
            for each in figures
            if each.quantity is not None
        )  # fmt: skip
    return _line(
        tree, row, facts,
        outcome=answer.outcome or Outcome.UNKNOWN.value,
        reason=answer.reason,
        text=text,
        figures=numbers,
        state=str(AnswerState(answer.state).label),
        remark=answer.remark,
    )  # fmt: skip


def _line(
    tree: Tree,
    row: Row,
    facts: Facts,
    *,
    outcome: str,
    reason: str,
    text: str,
    figures: tuple[Number, ...],
    page: int | None = None,
    state: str = "",
    remark: str = "",
) -> Line:
    above = tree.above(row.item)
    focus = next(
        (each for each in reversed(above) if each.kind == ItemKind.FOCUS), above[-1] if above else None
    )
    measure = next((each for each in above if each is not focus), None)
    return Line(
        focus=_label(focus) if focus else str(_("そのほか")),
        measure=_label(measure) if measure else "",
        number=row.number,
        title=row.title,
        planned=row.plan_bullets,
        outcome=outcome,
        outcome_label=str(Outcome(outcome).label),
        reason=reason,
        text=text,
        bodies=_bodies(tree, row, facts.bodies),
        figures=figures,
        page=page,
        state=state,
        remark=remark,
    )


def _label(row: Row) -> str:
    return f"{row.number} {row.title}".strip()


def _bodies(tree: Tree, row: Row, names: Mapping[int, str]) -> tuple[str, ...]:
    """Those of the nearest item that names any, as for answering."""
    for each in (row, *tree.above(row.item)):
        if each.owners:
            return tuple(names.get(owner.body, owner.printed) for owner in each.owners)
    return ()
