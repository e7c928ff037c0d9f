"""What tells how far an item has come, and what it is to reach."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.ledger.models import Metric
from kusei.ledger.rules import LARGEST_QUANTITY, from_smallest
from kusei.plans.models import Item
from kusei.plans.queries import latest_nodes
from kusei.results.enums import Direction, ResultVerb
from kusei.results.errors import IndicatorRefused
from kusei.results.models import Indicator, Target
from kusei.results.permissions import may_keep_indicators
from kusei.results.queries.indicators import owners_of
from kusei.wards import audit, permissions
from kusei.wards.models import Body, Person


@transaction.atomic
def add_indicator(
    *,
    item: Item,
    name: str,
    metric: Metric,
    actor: Person,
    direction: str = Direction.MORE,
    baseline: int | None = None,
    baseline_year: int | None = None,
    body: Body | None = None,
    items: Sequence[Item] = (),
) -> Indicator:
    """Give an item an indicator. Raises IndicatorRefused, NotAllowed."""
    ward = item.ward
    permissions.require(may_keep_indicators(permissions.rights_of(actor), ward, owners_of(item)))
    name = name.strip()
    if not name:
        raise IndicatorRefused(_("指標の名前を書いてください。例: COPDを知っている人の割合"))
    if direction not in Direction.values:
        raise IndicatorRefused(_("多いほどよいか、少ないほどよいかを選んでください。"))
    if metric.ward_id not in (None, ward.pk) or any(each.ward_id != ward.pk for each in items):
        raise IndicatorRefused(_("ほかの区のものは選べません。"))
    if (body is not None and body.ward_id != ward.pk) or (baseline is None) != (baseline_year is None):
        raise IndicatorRefused(
            _("基準値は、値と年度を両方書いてください。担当は、この区のものを選んでください。")
        )
    try:
        with transaction.atomic():
            indicator = Indicator.objects.create(
                ward=ward,
                item=item,
                name=name[:120],
                metric=metric,
                direction=direction,
                baseline=baseline,
                baseline_year=baseline_year,
                body=body,
            )
    except IntegrityError:
        raise IndicatorRefused(
            _("この項目には、同じ名前の指標がもうあります。別の名前にしてください。")
        ) from None
    indicator.items.set(items)
    _record(
        indicator,
        ResultVerb.INDICATOR_ADDED,
        actor,
        {"name": ("", name), "metric": ("", metric.name), "baseline": (None, _shown(metric, baseline))},
    )
    return indicator


@transaction.atomic
def set_target(*, indicator: Indicator, fiscal_year: int, quantity: int | None, actor: Person) -> None:
    """Say what an indicator is to reach in a year, in its metric's smallest unit; None: nothing any more.

    Raises IndicatorRefused, NotAllowed.
    """
    permissions.require(
        may_keep_indicators(permissions.rights_of(actor), indicator.ward, owners_of(indicator.item))
    )
    if quantity is not None and not 0 <= quantity <= LARGEST_QUANTITY:
        raise IndicatorRefused(_("目標値は0以上の数で書いてください。"))
    before = indicator.targets.filter(fiscal_year=fiscal_year).values_list("quantity", flat=True).first()
    if before == quantity:
        return
    if quantity is None:
        indicator.targets.filter(fiscal_year=fiscal_year).delete()
    else:
        Target.objects.update_or_create(
            ward_id=indicator.ward_id,
            indicator=indicator,
            fiscal_year=fiscal_year,
            defaults={"quantity": quantity},
        )
    shown = (_shown(indicator.metric, before), _shown(indicator.metric, quantity))
    _record(indicator, ResultVerb.TARGET_SET, actor, {"target": shown}, reason=str(fiscal_year))


@transaction.atomic
def end_indicator(*, indicator: Indicator, actor: Person) -> None:
    """The indicator is not shown for years to come; what it said stays. Raises NotAllowed."""
    permissions.require(
        may_keep_indicators(permissions.rights_of(actor), indicator.ward, owners_of(indicator.item))
    )
    if indicator.ended_on is not None:
        return
    indicator.ended_on = timezone.localdate()
    indicator.save(update_fields=["ended_on"])
    _record(indicator, ResultVerb.INDICATOR_ENDED, actor, {"ended_on": (None, indicator.ended_on)})


def _shown(metric: Metric, quantity: int | None) -> str:
    return "" if quantity is None else f"{from_smallest(quantity, metric.decimals):,}{metric.unit}"


def _record(
    indicator: Indicator,
    verb: ResultVerb,
    actor: Person,
    changes: dict[str, tuple[object, object]],
    reason: str = "",
) -> None:
    node = latest_nodes(indicator.ward, [indicator.item_id]).get(indicator.item_id)
    audit.record(
        ward=indicator.ward,
        actor=actor,
        verb=verb,
        target=indicator.item,
        label=f"{node.title if node else ''} {indicator.name}".strip(),
        changes=changes,
        reason=reason,
    )
