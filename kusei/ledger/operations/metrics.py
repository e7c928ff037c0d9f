"""What a ward counts of its own, beside the metrics that code declares."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold
from kusei.ledger.enums import Adding, DistinctScope, LedgerVerb
from kusei.ledger.errors import LedgerError, MetricTaken
from kusei.ledger.models import Metric
from kusei.ledger.permissions import may_define_metrics
from kusei.ledger.queries.metrics import usable_metrics
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward


@transaction.atomic
def add_metric(
    *,
    ward: Ward,
    name: str,
    unit: str,
    actor: Person,
    adding: str = Adding.SUM,
    decimals: int = 0,
    scope: str = "",
    definition: str = "",
    numerator: Metric | None = None,
    denominator: Metric | None = None,
    is_vouched: bool = False,
) -> Metric:
    """Define something that the ward counts. Name and unit together are taken once, in the spelling that `fold` gives.

    `is_vouched`: the caller has checked that this person may (a body that counts something of its own in an answer).
    Raises MetricTaken, LedgerError where parts do not fit together, NotAllowed.
    """
    if not is_vouched:
        permissions.require(may_define_metrics(permissions.rights_of(actor), ward))
    name, unit = name.strip(), unit.strip()
    if not name or not unit:
        raise LedgerError(_("数えるものの名前と単位を書いてください。例: 講座の開催回数、回"))
    if adding == Adding.DISTINCT and scope not in DistinctScope.values:
        raise LedgerError(_("実数は、どの範囲で一人を一度と数えるかを選んでください。"))
    _check_rate(ward, adding, numerator, denominator)
    for other in usable_metrics(ward, ended=True):
        if (fold(other.name), fold(other.unit)) == (fold(name), fold(unit)):
            raise MetricTaken(
                _("「%(name)s」（%(unit)s）は、もうあります。それを使ってください。")
                % {"name": other.name, "unit": other.unit}
            )
    metric = Metric.objects.create(
        ward=ward,
        key=f"own-{uuid.uuid4().hex[:12]}",
        name=name,
        unit=unit,
        adding=adding,
        decimals=1 if adding == Adding.RATE else decimals,
        scope=scope if adding == Adding.DISTINCT else "",
        definition=definition.strip(),
        numerator=numerator,
        denominator=denominator,
    )
    audit.record(
        ward=ward, actor=actor, verb=LedgerVerb.METRIC_ADDED, target=metric,
        changes={"name": ("", name), "unit": ("", unit), "adding": ("", adding), "definition": ("", definition)},
    )  # fmt: skip
    return metric


def _check_rate(ward: Ward, adding: str, numerator: Metric | None, denominator: Metric | None) -> None:
    parts = [numerator, denominator]
    if adding != Adding.RATE:
        if any(parts):
            raise LedgerError(_("割合でないものに、分子と分母は付けられません。"))
        return
    if numerator is None or denominator is None or numerator == denominator:
        raise LedgerError(_("割合は、分子と分母になる別々の数を選んでください。"))
    for part in (numerator, denominator):
        if part.ward_id not in (None, ward.pk) or part.adding == Adding.RATE:
            raise LedgerError(_("「%(name)s」は、割合の分子・分母に使えません。") % {"name": part.name})


@transaction.atomic
def reword_metric(*, metric: Metric, definition: str, actor: Person) -> None:
    """Say more exactly what a metric of the ward counts. Name, unit and way of adding stay: entries stand on them.

    Raises LedgerError for a metric that code declares, NotAllowed.
    """
    ward = _own(metric, actor)
    before, metric.definition = metric.definition, definition.strip()
    metric.save(update_fields=["definition"])
    audit.record(
        ward=ward, actor=actor, verb=LedgerVerb.METRIC_CHANGED, target=metric,
        changes={"definition": (before, metric.definition)},
    )  # fmt: skip


@transaction.atomic
def end_metric(*, metric: Metric, actor: Person, on: date | None = None) -> None:
    """From that day (today) on nothing more is counted by it; what was counted stays. Raises LedgerError, NotAllowed."""
    ward = _own(metric, actor)
    if metric.ended_on is not None:
        raise LedgerError(_("「%(name)s」は、もう使わないことになっています。") % {"name": metric.name})
    before, metric.ended_on = metric.ended_on, on or timezone.localdate()
    metric.save(update_fields=["ended_on"])
    audit.record(
        ward=ward, actor=actor, verb=LedgerVerb.METRIC_ENDED, target=metric,
        changes={"ended_on": (before, metric.ended_on)},
    )  # fmt: skip


def _own(metric: Metric, actor: Person) -> Ward:
    if metric.ward is None:
        raise LedgerError(
            _("これはどの区にも共通のものなので、変えられません。区のものを新しく作ってください。")
        )
    permissions.require(may_define_metrics(permissions.rights_of(actor), metric.ward))
    return metric.ward
