"""Recording what documents printed as done: one result for each action of a version, with its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.plans.enums import EDITABLE, PlanStatus
from kusei.plans.errors import NotEditable
from kusei.plans.models import Item, PlanVersion
from kusei.plans.permissions import may_edit_item
from kusei.plans.queries.drafts import tree_of
from kusei.results.answering import LONGEST_REASON
from kusei.results.enums import ResultVerb
from kusei.results.models import ReportedFigure, ReportedResult, YearRecord
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward

_LARGEST_VALUE = Decimal(10) ** 15
_UNIT_LENGTH = 20
_LABEL_LENGTH = 80


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A count as printed in a result: 28 件, labelled 新規登録. One that came from the ledger says from what and when."""

    value: Decimal
    unit: str
    label: str = ""
    metric_id: int | None = None
    entries: int | None = None
    as_of: datetime | None = None

    @classmethod
    def of(cls, row: ReportedFigure) -> PrintedFigure:
        return cls(row.value, row.unit, row.label, row.metric_id, row.entries, row.as_of)


@dataclass(frozen=True, slots=True)
class PrintedResult:
    """The result of one action as printed; `outcome` is one of `Outcome`, `reason` the word that told it."""

    item_id: int
    text: str
    outcome: str
    reason: str = ""
    figures: tuple[PrintedFigure, ...] = ()
    page: int | None = None
    line: int | None = None


def storable_figure(value: float | int | str, unit: str, label: str | None) -> PrintedFigure | None:
    """A figure as the database keeps it (three decimals, up to 15 digits before them); None where it does not fit."""
    try:
        number = Decimal(str(value)).quantize(Decimal("0.001"))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= _LARGEST_VALUE or len(unit) > _UNIT_LENGTH:
        return None
    return PrintedFigure(number, unit, (label or "")[:_LABEL_LENGTH])


@transaction.atomic
def record_printed_results(*, version: PlanVersion, results: Sequence[PrintedResult]) -> None:
    """Keep the printed results of a version that was just published. A version's results are recorded once."""
    rows = ReportedResult.objects.bulk_create(
        [
            ReportedResult(
                ward_id=version.ward_id,
                item_id=result.item_id,
                version=version,
                text=result.text,
                outcome=result.outcome,
                outcome_reason=result.reason[:LONGEST_REASON],
                source_page=result.page,
                source_line=result.line,
            )
            for result in results
        ],
    )
    ReportedFigure.objects.bulk_create(
        [
            ReportedFigure(
                ward_id=version.ward_id,
                result=row,
                position=position,
                value=figure.value,
                unit=figure.unit,
                label=figure.label,
                metric_id=figure.metric_id,
                entries=figure.entries,
                as_of=figure.as_of,
            )
            for row, result in zip(rows, results, strict=True)
            for position, figure in enumerate(result.figures)
        ],
    )


@transaction.atomic
def carry_results(*, older: PlanVersion, newer: PlanVersion) -> None:
    """A version that was made by editing another keeps what that one printed as done, for the items it still has.

    Nothing is carried where `newer` has results of its own.
    """
    if newer.reported_results.exists():
        return
    kept = set(newer.texts.values_list("item_id", flat=True))
    record_printed_results(
        version=newer, results=[each for each in results_of(older) if each.item_id in kept]
    )
    record = YearRecord.objects.filter(version=older).first()
    if record is not None:
        YearRecord.objects.create(ward_id=newer.ward_id, version=newer, facts=record.facts)


class ResultChanged(Exception):
    """Somebody else wrote another result meanwhile."""


@transaction.atomic
def write_result(
    *, version: PlanVersion, result: PrintedResult, label: str, before: str, actor: Person
) -> None:
    """Correct what an editable version prints as an item's result; `before` is what stood there, `label` the item's title.
    An empty text takes the result away. Raises NotEditable, NotAllowed."""
    rights = permissions.rights_of(actor)
    owners = tree_of(version).owner_bodies(result.item_id)
    permissions.require(may_edit_item(rights, version.ward, owners))
    if not PlanVersion.objects.filter(pk=version.pk, status__in=EDITABLE).exists():
        raise NotEditable(_("公開した版の実施結果は直せません。下書きを始めて直してください。"))
    version.reported_results.filter(item_id=result.item_id).delete()
    if result.text:
        record_printed_results(version=version, results=[result])
    audit.record(
        ward=version.ward,
        actor=actor,
        verb=ResultVerb.REWORDED,
        target=Item.objects.get(pk=result.item_id),
        label=label,
        changes={"result": (before, result.text)},
    )


def results_of(version: PlanVersion) -> list[PrintedResult]:
    """What a version prints as done, in the order of print."""
    rows = version.reported_results.prefetch_related("figures").order_by("pk")
    return [
        PrintedResult(
            item_id=row.item_id,
            text=row.text,
            outcome=row.outcome,
            reason=row.outcome_reason,
            figures=tuple(PrintedFigure.of(each) for each in row.figures.all()),
            page=row.source_page,
            line=row.source_line,
        )
        for row in rows
    ]


def printed_results(version: PlanVersion) -> dict[int, tuple[str, tuple[PrintedFigure, ...]]]:
    """The text and figures of every result of a version, by item: what a re-import is compared with."""
    return {
        result.item_id: (
            result.text,
            tuple(PrintedFigure.of(each) for each in result.figures.all()),
        )
        for result in version.reported_results.prefetch_related("figures")
    }


def result_texts(ward: Ward) -> dict[int, str]:
    """What the newest version of every plan printed as done, by item: words that help to link an action."""
    texts = (
        ReportedResult.objects.filter(ward=ward, version__status=PlanStatus.PUBLISHED)
        .order_by("version__number")
        .values_list("item_id", "text")
    )
    return dict(texts)
