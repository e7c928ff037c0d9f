"""実人数: how many different people came, and what each intake says of it to the ledger.

Exact within an intake: there a seat is a person. Over all of an item's year by blind keys (`blind.py`), an estimate. Each person is posted
once, at the first session of that scope that was held; who came without an application is nobody here. A record is an intake, since
nobody may be added up over two of them; an intake that goes on after March counts each year anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger import declared
from kusei.ledger.declared import Declared
from kusei.ledger.enums import Adding, DistinctScope
from kusei.ledger.models import Metric
from kusei.ledger.rules import Line
from kusei.services.activities.enums import SessionState
from kusei.services.activities.models import Intake, Presence, SealedCount, Session
from kusei.services.activities.newcomers import Came, First, firsts
from kusei.wards.models import Ward

SOURCE_KIND = "activities.intake"
IN_INTAKE, IN_ITEM_YEAR = "persons_of_course", "persons_of_item"


DECLARED = (
    Declared(
        IN_INTAKE, gettext_noop("実人数（一つの募集）"), "人",
        gettext_noop("名前で出席を確かめた人。同じ募集の中で何回来ても一人。申込みなしで来た人は入らない。"),
        adding=Adding.DISTINCT, scope=DistinctScope.RECORD,
    ),
    Declared(
        IN_ITEM_YEAR, gettext_noop("実人数（取組の一年）"), "人",
        gettext_noop(
            "名前で出席を確かめた人。取組の一年の中で何回来ても一人。名前と連絡先が同じなら同じ人とみなした推計で、申込みなしで来た人は入らない。"
        ),
        adding=Adding.DISTINCT, scope=DistinctScope.ITEM,
    ),
)  # fmt: skip


def declare() -> None:
    """What no other room declares."""
    declared.declare(*DECLARED)


def year_bounds(fiscal_year: int) -> tuple[datetime, datetime]:
    """[begin, end) of a fiscal year in local time."""
    zone = timezone.get_current_timezone()
    return datetime(fiscal_year, 4, 1, tzinfo=zone), datetime(fiscal_year + 1, 4, 1, tzinfo=zone)


def came_in(ward: Ward, fiscal_year: int, items: Collection[int] | None = None) -> dict[int, list[Came]]:
    """By item, everybody who was ticked at a session that was held; those of whom it is no longer kept are not among them."""
    begin, end = year_bounds(fiscal_year)
    rows = Presence.objects.filter(
        ward=ward, is_present=True, session__state=SessionState.HELD,
        session__starts_at__gte=begin, session__starts_at__lt=end,
    )  # fmt: skip
    if items is not None:
        rows = rows.filter(session__activity__item__in=items)
    found: dict[int, list[Came]] = defaultdict(list)
    for item, session, starts_at, intake, seat, blind in rows.values_list(
        "session__activity__item", "session", "session__starts_at", "seat__intake", "seat", "seat__blind"
    ):
        found[item].append(Came(session, starts_at, intake, seat, blind))
    return found


def lines_in(ward: Ward, fiscal_year: int, items: Collection[int] | None = None) -> dict[int, list[Line]]:
    """By intake, what its sessions of a year say: counts that are sealed as they were sealed, the others from who came. Four
    queries for any number."""
    begin, end = year_bounds(fiscal_year)
    seals = SealedCount.objects.filter(ward=ward, session__starts_at__gte=begin, session__starts_at__lt=end)
    if items is not None:
        seals = seals.filter(session__activity__item__in=items)
    counts: dict[int, First] = {}
    closed: set[int] = set()
    for number, item, in_intake, in_all in seals.values_list(
        "session", "session__activity__item", "in_intake", "in_item_year"
    ):
        counts[number] = First(in_intake, in_all)
        closed.add(item)
    for item, came in came_in(ward, fiscal_year, items).items():
        for number, first in firsts(came).items():
            # Of a year that is sealed nobody can say any more who was there before.
            counts.setdefault(number, First(first.in_intake, 0) if item in closed else first)
    metrics = dict(
        Metric.objects.filter(ward=None, key__in=(IN_INTAKE, IN_ITEM_YEAR)).values_list("key", "pk")
    )
    lines: dict[int, list[Line]] = defaultdict(list)
    sessions = Session.objects.filter(pk__in=counts, intake__isnull=False).select_related("activity")
    for session in sessions.order_by("pk"):
        first = counts[session.pk]
        for key, quantity in ((IN_INTAKE, first.in_intake), (IN_ITEM_YEAR, first.in_all)):
            if quantity:
                lines[session.intake_id or 0].append(
                    Line(
                        slot=f"{'c' if key == IN_INTAKE else 'i'}{session.pk}", metric_id=metrics[key],
                        item_id=session.activity.item_id, quantity=quantity, on=day_of(session.starts_at),
                        body_id=session.activity.host_id, district_id=session.district_id,
                    )
                )  # fmt: skip
    return lines


def years_of(intakes: Collection[int]) -> set[int]:
    """The fiscal years in which sessions of these intakes lie."""
    times = Session.objects.filter(intake__in=intakes).values_list("starts_at", flat=True)
    return {fiscal_year_of(day_of(each)) for each in times}


def day_of(moment: datetime) -> date:
    return timezone.localdate(moment)


def tell(ward: Ward, fiscal_year: int) -> Iterator[tuple[int, Sequence[Line]]]:
    """What all intakes of a ward say of a year."""
    yield from lines_in(ward, fiscal_year).items()


def describe(ward: Ward, numbers: Sequence[int]) -> dict[int, str]:
    """健康づくり講座 北台会場の出席, by number."""
    return {
        intake.pk: _("%(title)sの出席") % {"title": f"{intake.activity.title} {intake.name}".strip()}
        for intake in Intake.objects.filter(ward=ward, pk__in=numbers).select_related("activity")
    }
