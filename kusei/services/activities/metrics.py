"""What activities count, and what each session says to the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kusei.ledger import declared
from kusei.ledger.declared import Declared
from kusei.ledger.models import Metric
from kusei.ledger.rules import Line
from kusei.services.activities.enums import SessionState
from kusei.services.activities.models import Session
from kusei.wards.models import Ward

SOURCE_KIND = "activities.session"
HELD, ATTENDANCES, CALLED_OFF = "times", "attendances", "called_off_times"
PARTS = {"men": "attendances_men", "women": "attendances_women", "children": "attendances_children"}
"""Of the attendances, by the field of the session in which they were told apart."""


DECLARED = (
    Declared(CALLED_OFF, gettext_noop("中止した回数"), "回", gettext_noop("行うことにしていて中止した回の数。")),
    Declared(PARTS["men"], gettext_noop("延べ参加者（男性）"), "延べ人", gettext_noop("男女を分けて数えた回の、男性の合計。")),
    Declared(PARTS["women"], gettext_noop("延べ参加者（女性）"), "延べ人", gettext_noop("男女を分けて数えた回の、女性の合計。")),
    Declared(PARTS["children"], gettext_noop("延べ参加者（子ども）"), "延べ人", gettext_noop("子どもを分けて数えた回の、子どもの合計。")),
)  # fmt: skip


def declare() -> None:
    """What no other room declares."""
    declared.declare(*DECLARED)


def lines_of(session: Session, metrics: dict[str, int]) -> list[Line]:
    """What a session says: that it was held and how many came, or that it was called off. `metrics` are ids by key."""
    if session.state == SessionState.HELD:
        counted = [
            (ATTENDANCES, session.heads),
            *((key, getattr(session, name)) for name, key in PARTS.items()),
        ]
        said = [(HELD, 1), *((key, quantity) for key, quantity in counted if quantity is not None)]
    elif session.state == SessionState.CALLED_OFF:
        said = [(CALLED_OFF, 1)]
    else:
        return []
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


def metric_ids() -> dict[str, int]:
    """The ids of the metrics above by key."""
    keys = (HELD, ATTENDANCES, CALLED_OFF, *PARTS.values())
    return dict(Metric.objects.filter(ward=None, key__in=keys).values_list("key", "pk"))


def tell(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What all sessions of a ward's year say."""
    metrics = metric_ids()
    zone = timezone.get_current_timezone()
    begin = datetime(fiscal_year, 4, 1, tzinfo=zone)
    end = datetime(fiscal_year + 1, 4, 1, tzinfo=zone)
    sessions = Session.objects.filter(ward=ward, starts_at__gte=begin, starts_at__lt=end)
    for session in sessions.exclude(state=SessionState.PLANNED).select_related("activity").iterator():
        yield session.pk, lines_of(session, metrics)


def describe(ward: Ward, numbers: Sequence[int]) -> dict[int, str]:
    """健康づくり講座 令和8年6月10日の回, by number."""
    return {
        session.pk: _("%(title)s %(day)sの回")
        % {"title": session.activity.title, "day": timezone.localdate(session.starts_at).isoformat()}
        for session in Session.objects.filter(ward=ward, pk__in=numbers).select_related("activity")
    }
