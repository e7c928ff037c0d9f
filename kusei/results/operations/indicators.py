"""What tells how far an item has come, and what it is to reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
    if Indicator.objects.filter(item=item, name=name[:120]).exists():
        raise IndicatorRefused(_("この項目には、同じ名前の指標がもうあります。別の名前にしてください。"))
    if twin := _same(item, metric, items):
        raise IndicatorRefused(
            _(
                "「%(name)s」が、もう同じ数（%(metric)s）を見ています。別の割合や人数なら、「区の設定」の「数えるもの」に新しく作ってから選んでください。"
            )
            % {"name": twin.name, "metric": metric.name}
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


def _same(item: Item, metric: Metric, items: Sequence[Item]) -> Indicator | None:
    """Another indicator in use that would show the very same figure."""
    wanted = {each.pk for each in items}
    others = Indicator.objects.filter(item=item, metric=metric, ended_on__isnull=True).prefetch_related(
        "items"
    )
    return next((each for each in others if {one.pk for one in each.items.all()} == wanted), None)


@transaction.atomic
def change_indicator(
    *,
    indicator: Indicator,
    name: str,
    direction: str,
    baseline: int | None,
    baseline_year: int | None,
    body: Body | None,
    actor: Person,
) -> None:
    """Call an indicator otherwise, or say who is responsible, which way is better and where it began. What it counts stays.

    Raises IndicatorRefused, NotAllowed.
    """
    ward = indicator.ward
    permissions.require(may_keep_indicators(permissions.rights_of(actor), ward, owners_of(indicator.item)))
    name = name.strip()[:120]
    if not name or direction not in Direction.values:
        raise IndicatorRefused(_("指標の名前を書き、望ましい向きを選んでください。"))
    if (body is not None and body.ward_id != ward.pk) or (baseline is None) != (baseline_year is None):
        raise IndicatorRefused(
            _("基準値は、値と年度を両方書いてください。担当は、この区のものを選んでください。")
        )
    if Indicator.objects.filter(item=indicator.item_id, name=name).exclude(pk=indicator.pk).exists():
        raise IndicatorRefused(_("この項目には、同じ名前の指標がもうあります。別の名前にしてください。"))
    wanted = {
        "name": name,
        "direction": direction,
        "baseline": baseline,
        "baseline_year": baseline_year,
        "body": body,
    }
    metric = indicator.metric
    changes: dict[str, tuple[object, object]] = {}
    for field, new in wanted.items():
        before = getattr(indicator, field)
        if before != new:
            changes[field] = (_said(metric, field, before), _said(metric, field, new))
            setattr(indicator, field, new)
    if not changes:
        return
    indicator.save(update_fields=list(wanted))
    _record(indicator, ResultVerb.INDICATOR_CHANGED, actor, changes)


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


def _said(metric: Metric, field: str, value: Any) -> object:
    if field == "baseline":
        return _shown(metric, value)
    if field == "direction":
        return str(Direction(value).label)
    return value.name if isinstance(value, Body) else value


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
