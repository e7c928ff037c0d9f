"""Making the ledger say how many different people came, and sealing that before what they are known by is deleted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger import operations as ledger
from kusei.ledger.rules import Line
from kusei.ledger.sources import Source
from kusei.plans.models import Item
from kusei.services.activities.enums import SessionState
from kusei.services.activities.models import Intake, SealedCount, Session
from kusei.services.activities.newcomers import First, firsts
from kusei.services.activities.persons import (
    SOURCE_KIND,
    came_in,
    day_of,
    lines_in,
    year_bounds,
    years_of,
)
from kusei.wards.models import Person


def hold_item(session: Session) -> Item:
    """The plan's item of a session, locked: what is counted over all its sessions is counted by one at a time. Before anything of them
    is posted."""
    return Item.objects.select_for_update(no_key=True, of=("self",)).get(pk=session.activity.item_id)


def post_persons(session: Session, actor: Person | None) -> None:
    """Post anew who came first where, in all intakes of the session's (held) item and year: whoever is taken off the list here may
    have come first there. In a transaction."""
    if session.intake_id is None:
        return
    item = session.activity.item_id
    year = fiscal_year_of(day_of(session.starts_at))
    told: dict[int, list[Line]] = {session.intake_id: []} | lines_in(session.ward, year, [item])
    for other in sorted(years_of(told) - {year}):
        for intake, lines in lines_in(session.ward, other, [item]).items():
            if intake in told:
                told[intake] = [*told[intake], *lines]
    ledger.post_records(
        ward=session.ward,
        records=[(Source(SOURCE_KIND, intake), lines) for intake, lines in told.items()],
        actor=actor,
    )


def seal_counts(intake: Intake, years: Collection[int], moment: datetime) -> int:
    """Keep what the ledger says of these (closed) years of an intake, for every session of the item that was held; how many sessions.
    Called before presence and blind keys go, in their transaction."""
    item = Item.objects.select_for_update(no_key=True, of=("self",)).get(pk=intake.activity.item_id)
    done = 0
    for year in sorted(years):
        begin, end = year_bounds(year)
        held = Session.objects.filter(
            ward=intake.ward, activity__item=item, state=SessionState.HELD, intake__isnull=False,
            starts_at__gte=begin, starts_at__lt=end,
        )  # fmt: skip
        is_first = not SealedCount.objects.filter(session__in=held).exists()
        counts = firsts(came_in(intake.ward, year, [item.pk]).get(item.pk, []))
        open_ones = list(held.filter(sealed_count__isnull=True))
        SealedCount.objects.bulk_create(
            SealedCount(
                ward=intake.ward, session=session, sealed_at=moment,
                in_intake=counts.get(session.pk, First()).in_intake,
                in_item_year=counts.get(session.pk, First()).in_all if is_first else 0,
            )
            for session in open_ones
        )  # fmt: skip
        done += len(open_ones)
    return done
