"""What rallies count, and what each of their days says to the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kusei.ledger import declared
from kusei.ledger.declared import Declared
from kusei.ledger.models import Metric
from kusei.ledger.rules import Line
from kusei.services.activities.enums import Counted
from kusei.services.activities.models import DayCount, RallyDay
from kusei.wards.models import Ward

SOURCE_KIND = "activities.rally"
_KEYS = {
    Counted.CARDS: "rally_cards",
    Counted.STAMPS: "rally_stamps",
    Counted.FINISHED: "rally_finishers",
    Counted.PRIZES: "rally_prizes",
}
RALLY_METRICS = (
    Declared("rally_cards", gettext_noop("スタンプカード"), "枚", gettext_noop("スタンプラリーで始められたカードの数。紙のカードは、回収した枚数。")),
    Declared("rally_stamps", gettext_noop("スタンプ"), "個", gettext_noop("スタンプラリーで押されたスタンプの合計。")),
    Declared("rally_finishers", gettext_noop("スタンプラリーの達成者"), "人", gettext_noop("決められた数のスタンプを集めたカードの数。")),
    Declared("rally_prizes", gettext_noop("渡した景品"), "個", gettext_noop("スタンプラリーで渡した景品の数。")),
)  # fmt: skip


def declare() -> None:
    declared.declare(*RALLY_METRICS)


def lines_of_days(days: Sequence[RallyDay]) -> dict[int, list[Line]]:
    """What days say, by their ids: cards, finishers and prizes of the whole rally, stamps of each station in its district. Telephones
    and paper together. Three queries for any number."""
    keys = dict(Metric.objects.filter(ward=None, key__in=_KEYS.values()).values_list("key", "pk"))
    told: dict[int, list[Line]] = {day.pk: [] for day in days}
    rows = (
        DayCount.objects.filter(day__in=told)
        .order_by()
        .values_list(
            "day", "day__day", "what", "station", "station__district",
            "day__rally__activity__item", "day__rally__activity__host",
        )
        .annotate(total=Sum("quantity"))
    )  # fmt: skip
    for day, on, what, station, district, item, host, total in rows:
        if total:
            told[day].append(
                Line(
                    slot=f"{what}-{station or 0}",
                    metric_id=keys[_KEYS[Counted(what)]],
                    item_id=item,
                    quantity=total,
                    on=on,
                    body_id=host,
                    district_id=district,
                )
            )
    return told


def tell(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What all closed days of a ward's year say."""
    days = RallyDay.objects.filter(
        ward=ward, closed_at__isnull=False, day__gte=date(fiscal_year, 4, 1), day__lt=date(fiscal_year + 1, 4, 1)
    )  # fmt: skip
    yield from lines_of_days(list(days)).items()


def describe(ward: Ward, numbers: Sequence[int]) -> dict[int, str]:
    """ぼうさいラリー 2026-06-10, by number."""
    found = RallyDay.objects.filter(ward=ward, pk__in=numbers).select_related("rally__activity")
    return {
        row.pk: _("%(title)s %(day)sの分") % {"title": row.rally.activity.title, "day": row.day.isoformat()}
        for row in found
    }
