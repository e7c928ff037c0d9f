"""What questionnaires count: how many were collected, and of sessions that enough people answered the satisfaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext_noop

from kusei.ledger import declared
from kusei.ledger.declared import Declared
from kusei.ledger.enums import Adding
from kusei.ledger.models import Metric
from kusei.ledger.rules import Line
from kusei.services.activities.models import Reply, Session
from kusei.wards.models import Ward

REPLIES_KIND = "activities.replies"
ENOUGH = 5
"""Of fewer answers nothing but their number is told: somebody could be known by them."""

SHEETS, ANSWERS, POINTS, SATISFACTION = (
    "questionnaires",
    "satisfaction_answers",
    "satisfaction_points",
    "satisfaction",
)
METRICS = (
    Declared(SHEETS, gettext_noop("集めたアンケート"), "枚", gettext_noop("講座・催しの後に集めたアンケート。紙と画面の合計。")),
    Declared(ANSWERS, gettext_noop("満足度の答え"), "人", gettext_noop("満足度に答えた人。5人以上が答えた回だけを数える。")),
    Declared(POINTS, gettext_noop("満足度の合計点"), "点", gettext_noop("1点から5点までの満足度の合計。5人以上が答えた回だけを数える。")),
    Declared(
        SATISFACTION, gettext_noop("満足度の平均"), "点", gettext_noop("満足度の合計点を、答えた人の数で割ったもの。5点が最もよい。"),
        adding=Adding.RATE, decimals=1, numerator=POINTS, denominator=ANSWERS,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Collected:
    """Of one session: how many questionnaires, how many of them with a satisfaction, and its points."""

    sheets: int
    answers: int
    points: int


def declare() -> None:
    """What no other room declares."""
    declared.declare(*METRICS)


def metric_ids() -> dict[str, int]:
    """The ids of the metrics above by key; the rate is worked out, never posted."""
    keys = (SHEETS, ANSWERS, POINTS)
    return dict(Metric.objects.filter(ward=None, key__in=keys).values_list("key", "pk"))


def lines_of(session: Session, collected: Collected, metrics: dict[str, int]) -> list[Line]:
    """What the questionnaires of a session say. `metrics` are ids by key."""
    said = [(SHEETS, collected.sheets)] if collected.sheets else []
    if collected.answers >= ENOUGH:
        said += [(ANSWERS, collected.answers), (POINTS, collected.points)]
    return [
        Line(
            slot=key,
            metric_id=metrics[key],
            item_id=session.activity.item_id,
            quantity=quantity,
            on=timezone.localdate(session.starts_at),
            body_id=session.activity.host_id,
            district_id=session.district_id,
        )
        for key, quantity in said
    ]


def collected_of(session_ids: Sequence[int]) -> dict[int, Collected]:
    """By session, what was counted of it. Only what the ledger was told: replies that just came are counted by the worker."""
    rows = Reply.objects.filter(session__in=session_ids, is_counted=True).order_by().values_list("session")
    return {
        pk: Collected(sheets, answers, points or 0)
        for pk, sheets, answers, points in rows.annotate(a=Count("pk"), b=Count("points"), c=Sum("points"))
    }


def tell(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What the questionnaires of all sessions of a ward's year say."""
    metrics = metric_ids()
    zone = timezone.get_current_timezone()
    begin, end = (datetime(year, 4, 1, tzinfo=zone) for year in (fiscal_year, fiscal_year + 1))
    sessions = Session.objects.filter(
        ward=ward, starts_at__gte=begin, starts_at__lt=end, replies__is_counted=True
    )
    found = {each.pk: each for each in sessions.select_related("activity").distinct()}
    collected = collected_of(list(found))
    for pk, session in found.items():
        yield pk, lines_of(session, collected[pk], metrics)
