"""What sending people counts, and what each session says of it to the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_noop

from kusei.ledger import declared
from kusei.ledger.declared import Declared
from kusei.ledger.models import Metric
from kusei.ledger.rules import Line
from kusei.services.activities.dispatch_enums import AssignmentState
from kusei.services.activities.enums import SessionState
from kusei.services.activities.models import Along, Assignment, Session
from kusei.wards.models import Ward

SOURCE_KIND = "activities.sending"
DECLARED = (
    Declared("dispatches", gettext_noop("派遣の回数"), "回", gettext_noop("登録した人を派遣した回数。一回に何人行っても1回。")),
    Declared("people_sent", gettext_noop("派遣した人"), "延べ人", gettext_noop("派遣され、行った人の合計。")),
    Declared("minutes_sent", gettext_noop("派遣の時間"), "分", gettext_noop("派遣された人が働いた時間の合計。")),
    Declared("yen_sent", gettext_noop("派遣の謝金と実費"), "円", gettext_noop("派遣された人に支払った謝金と実費の合計。")),
    Declared("people_along", gettext_noop("講師・協力者"), "延べ人", gettext_noop("名簿に登録しないで、教えたり付き添ったりした人の合計。")),
)  # fmt: skip


def declare() -> None:
    """What no other room declares."""
    declared.declare(*DECLARED)


def metric_ids() -> dict[str, int]:
    """The ids of the metrics above by key."""
    keys = [each.key for each in DECLARED]
    return dict(Metric.objects.filter(ward=None, key__in=keys).values_list("key", "pk"))


def lines_of(session: Session, metrics: dict[str, int]) -> list[Line]:
    """What a session says of those who went and came along; nothing unless it was held."""
    if session.state != SessionState.HELD:
        return []
    went = Assignment.objects.filter(need__session=session, state=AssignmentState.WENT)
    sums = went.aggregate(
        minutes=Coalesce(Sum("minutes"), 0), fee=Coalesce(Sum("fee_yen"), 0), more=Coalesce(Sum("expenses_yen"), 0)
    )  # fmt: skip
    people = went.count()
    along = Along.objects.filter(session=session).aggregate(all=Coalesce(Sum("count"), 0))["all"]
    said = [
        *([("dispatches", 1), ("people_sent", people), ("minutes_sent", sums["minutes"])] if people else []),
        *([("yen_sent", sums["fee"] + sums["more"])] if sums["fee"] + sums["more"] else []),
        *([("people_along", along)] if along else []),
    ]
    return [
        Line(
            slot=key, metric_id=metrics[key], item_id=session.activity.item_id, quantity=quantity,
            on=timezone.localdate(session.starts_at), body_id=session.activity.host_id, district_id=session.district_id,
        )
        for key, quantity in said
    ]  # fmt: skip


def tell(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What all sessions of a ward's year say of people."""
    metrics = metric_ids()
    zone = timezone.get_current_timezone()
    begin, end = (datetime(year, 4, 1, tzinfo=zone) for year in (fiscal_year, fiscal_year + 1))
    sessions = Session.objects.filter(
        ward=ward, starts_at__gte=begin, starts_at__lt=end, state=SessionState.HELD
    )
    told = sessions.filter(Q(along__isnull=False) | Q(needs__assignments__state=AssignmentState.WENT))
    for session in told.distinct().select_related("activity").iterator():
        yield session.pk, lines_of(session, metrics)
