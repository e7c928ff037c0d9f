"""What the record of a meeting says to the ledger besides the session itself: how many bodies came, and how many of them came for the
first time in the fiscal year.

Times and attendances are the session's own (`metrics.py`): the record gives them to `count_session`, so nothing is counted twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kusei.ledger import declared
from kusei.ledger.declared import Declared
from kusei.ledger.enums import Adding, DistinctScope
from kusei.ledger.models import Metric
from kusei.ledger.rules import Line
from kusei.services.activities.enums import SessionState
from kusei.services.activities.meeting_enums import Came
from kusei.services.activities.models import Attendance, Minutes
from kusei.wards.models import Ward
from kusei.wards.queries import heirs_of

SOURCE_KIND = "activities.meeting"
ALL, DISTINCT = "meeting_bodies", "meeting_bodies_distinct"
MEETING_METRICS = (
    Declared(ALL, gettext_noop("会議に出た団体（延べ）"), "団体", gettext_noop("会議ごとに数えた、出席した団体・課の合計。同じ団体が二回出れば二つ。")),
    Declared(
        DISTINCT, gettext_noop("会議に出た団体（実数）"), "団体",
        gettext_noop("一つの取組のその年度の会議に、一回でも出席した団体・課の数。同じ団体が何回出ても一つ。"),
        adding=Adding.DISTINCT, scope=DistinctScope.ITEM,
    ),
)  # fmt: skip


def declare() -> None:
    declared.declare(*MEETING_METRICS)


def lines_of_year(ward: Ward, fiscal_year: int, item_id: int | None = None) -> dict[int, list[Line]]:
    """What the records of a ward's (or one item's) year say, by their ids: in the order of time, so that the first occurrence of a body
    within an item is told by the earliest meeting. A body that another one acts for counts as that one. Four queries."""
    zone = timezone.get_current_timezone()
    begin, end = (datetime(year, 4, 1, tzinfo=zone) for year in (fiscal_year, fiscal_year + 1))
    found = Minutes.objects.filter(ward=ward, session__starts_at__gte=begin, session__starts_at__lt=end)
    if item_id is not None:
        found = found.filter(session__activity__item=item_id)
    records = list(found.select_related("session__activity").order_by("session__starts_at", "pk"))
    acting = heirs_of(ward).in_year(fiscal_year)
    bodies: dict[int, set[int]] = defaultdict(set)
    present = Attendance.objects.filter(minutes__in=[each.pk for each in records], came=Came.PRESENT)
    for minutes, body in present.filter(body__isnull=False).values_list("minutes", "body"):
        bodies[minutes].add(acting.get(body, body))
    keys = dict(Metric.objects.filter(ward=None, key__in=(ALL, DISTINCT)).values_list("key", "pk"))
    seen: dict[int, set[int]] = defaultdict(set)
    told: dict[int, list[Line]] = {}
    for record in records:
        told[record.pk] = []
        session = record.session
        if session.state != SessionState.HELD:
            continue
        item = session.activity.item_id
        new = bodies[record.pk] - seen[item]
        seen[item] |= new
        for key, quantity in ((ALL, len(bodies[record.pk])), (DISTINCT, len(new))):
            if quantity:
                told[record.pk].append(
                    Line(
                        slot=key, metric_id=keys[key], item_id=item, quantity=quantity,
                        on=timezone.localdate(session.starts_at), body_id=session.activity.host_id,
                        district_id=session.district_id,
                    )
                )  # fmt: skip
    return told


def tell(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What all records of a ward's year say."""
    yield from lines_of_year(ward, fiscal_year).items()


def describe(ward: Ward, numbers: Sequence[int]) -> dict[int, str]:
    """施設ネットワーク会議 2026-06-10の記録, by number."""
    found = Minutes.objects.filter(ward=ward, pk__in=numbers).select_related("session__activity")
    return {
        record.pk: _("%(title)s %(day)sの記録")
        % {"title": record.session.activity.title, "day": timezone.localdate(record.session.starts_at).isoformat()}
        for record in found
    }  # fmt: skip
