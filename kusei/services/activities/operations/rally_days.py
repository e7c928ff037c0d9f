"""The days of a rally: counting up, cards of paper, and posting to the ledger when a day is over.

Posted once a day and not with each stamp: the ledger never changes an entry, so a count that grows by one would leave two entries
behind for every stamp. Until a day is closed its numbers are live on the office's page and nowhere else; `metrics` tells closed days
only, so the ledger and the records agree at every moment. What is typed for a closed day is posted at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.ledger import operations as ledger
from kusei.ledger.sources import Source
from kusei.services.activities.enums import (
    ActivityState,
    Counted,
    CountWay,
    RallyVerb,
    SessionState,
)
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import DayCount, Rally, RallyDay, Session, Station
from kusei.services.activities.operations.calling_off import post_session
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.rally_metrics import SOURCE_KIND, lines_of_days
from kusei.wards import audit, permissions
from kusei.wards.models import Person

_MOST = 100_000


def count_up(
    rally: Rally, day: date, what: Counted, *, by: int = 1, station: Station | None = None
) -> RallyDay:
    """Count one thing more (or less) that came by telephone. In the transaction of what is counted."""
    row = _held_day(rally, day)
    DayCount.objects.get_or_create(
        day=row, what=what, way=CountWay.PHONE, station=station, defaults={"ward": rally.ward}
    )
    DayCount.objects.filter(day=row, what=what, way=CountWay.PHONE, station=station).update(
        quantity=F("quantity") + by
    )
    if row.closed_at is not None:
        post_days(rally, [row], None)
    return row


def _held_day(rally: Rally, day: date) -> RallyDay:
    """The day, locked, so that nobody counts while it is closed and posted."""
    RallyDay.objects.get_or_create(rally=rally, day=day, defaults={"ward": rally.ward})
    return RallyDay.objects.select_for_update(no_key=True).get(rally=rally, day=day)


@transaction.atomic
def count_paper(
    *,
    rally: Rally,
    day: date,
    cards: int,
    finished: int,
    prizes: int,
    stamps: Mapping[int, int],
    actor: Person,
    now: datetime | None = None,
) -> RallyDay:
    """What was on the cards of paper that came in on a day: how many, how many of them finished, prizes given for them, and stamps by
    station id. Typed again, it takes the place of what was typed before. Raises NotFitting, NotAllowed.
    """
    permissions.require(may_host(permissions.rights_of(actor), rally.ward, host_ids(rally.activity)))
    rally = (
        Rally.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity", "ward")
        .get(pk=rally.pk)
    )
    moment = now or timezone.now()
    first = rally.activity.sessions.order_by("starts_at").values_list("starts_at", flat=True).first()
    if first is None or not timezone.localdate(first) <= day <= timezone.localdate(moment):
        raise NotFitting(_("スタンプラリーが始まった日から今日までの日を選んでください。"))
    if any(not 0 <= each <= _MOST for each in (cards, finished, prizes, *stamps.values())):
        raise NotFitting(_("数は0以上で書いてください。"))
    if finished > cards or any(each > cards for each in stamps.values()):
        raise NotFitting(
            _("紙のカードの枚数より多い数があります。1枚に押せるスタンプは、1か所に1個までです。")
        )
    if prizes > finished:
        raise NotFitting(_("渡した景品が、達成した枚数より多くなっています。"))
    stations = {each.pk: each for each in rally.stations.all()}
    row = _held_day(rally, day)
    wanted: list[tuple[Counted, Station | None, int]] = [
        (Counted.CARDS, None, cards),
        (Counted.FINISHED, None, finished),
        (Counted.PRIZES, None, prizes),
        *((Counted.STAMPS, stations[pk], number) for pk, number in stamps.items() if pk in stations),
    ]
    for what, station, number in wanted:
        DayCount.objects.update_or_create(
            day=row, what=what, way=CountWay.PAPER, station=station,
            defaults={"quantity": number, "ward": rally.ward},
        )  # fmt: skip
    require_prizes_left(rally, 0)
    audit.record(
        ward=rally.ward, actor=actor, verb=RallyVerb.PAPER_COUNTED, target=rally.activity, label=day.isoformat(),
        changes={"cards": (None, cards), "stamps": (None, sum(stamps.values()))},
    )  # fmt: skip
    if row.closed_at is not None:
        post_days(rally, [row], actor)
    return row


def require_prizes_left(rally: Rally, more: int) -> None:
    """Of a held rally. Raises NotFitting where `more` prizes on top of those given are more than there are."""
    if rally.prize_total is None:
        return
    given = sum(
        DayCount.objects.filter(day__rally=rally, what=Counted.PRIZES).values_list("quantity", flat=True)
    )
    if given + more > rally.prize_total:
        raise NotFitting(
            _("景品は%(total)d個で、もう残りがありません。数を増やすときは「決まり」を直してください。")
            % {"total": rally.prize_total}
        )


def post_days(rally: Rally, days: Sequence[RallyDay], actor: Person | None) -> None:
    """Make the ledger say what closed days say."""
    told = lines_of_days([day for day in days if day.closed_at is not None])
    ledger.post_records(
        ward=rally.ward,
        records=[(Source(SOURCE_KIND, pk), lines) for pk, lines in told.items()],
        actor=actor,
    )


def close_days(now: datetime | None = None) -> int:
    """Close and post the days that are over, in all wards, and record rallies whose time is over as held; how many days. For the
    worker. A day that is closed already is left alone, so it may run as often as it likes; a rally of which a person took back after its
    end that it was held, too."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    done = 0
    for pk in list(
        RallyDay.objects.filter(closed_at__isnull=True, day__lt=today).values_list("pk", flat=True)
    ):
        done += _close(pk, moment)
    over = Session.objects.filter(
        activity__rally__isnull=False, activity__state=ActivityState.PUBLISHED, state=SessionState.PLANNED,
    ).select_related("activity__rally", "ward")  # fmt: skip
    for session in over:
        if _is_over(session, moment):
            _hold(session.pk, moment)
    return done


@transaction.atomic
def _close(pk: int, moment: datetime) -> int:
    row = (
        RallyDay.objects.select_for_update(no_key=True, of=("self",)).select_related("rally__ward").get(pk=pk)
    )
    if row.closed_at is not None:
        return 0
    row.closed_at = moment
    row.save(update_fields=["closed_at"])
    post_days(row.rally, [row], None)
    return 1


def _is_over(session: Session, moment: datetime) -> bool:
    """Whether a rally's time is over, and nobody said after its end that it was not held (`take_back_session`)."""
    end = session.activity.rally.ended_at or session.ends_at
    was_said = session.counted_at is not None and session.counted_at >= end
    return end <= moment and session.starts_at <= moment and not was_said


@transaction.atomic
def _hold(pk: int, moment: datetime) -> None:
    session = (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity__rally", "ward")
        .get(pk=pk)
    )
    if session.state != SessionState.PLANNED or not _is_over(session, moment):
        return
    session.state, session.counted_at = SessionState.HELD, moment
    session.revision += 1
    session.save(update_fields=["state", "counted_at", "revision"])
    post_session(session, None)
