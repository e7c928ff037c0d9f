"""Bodies end and are joined in the moment in which something is counted by them. Real processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable

import pytest
from django.db import connections, transaction
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.tests.ground import Ground
from kusei.office.operations import end_body, join_bodies
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import VisitGroup
from kusei.services.activities.operations import meetings, visiting
from kusei.services.activities.operations.meetings import Other
from kusei.services.activities.tests.test_lock_order import locks_of
from kusei.services.activities.tests.test_locks_at_once import until_somebody_waits
from kusei.services.activities.tests.test_meetings import council, minutes_of
from kusei.services.activities.tests.visits import held, said, theme_of, visit_complaints
from kusei.wards.errors import BodyNotFitting
from kusei.wards.models import Body

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SECONDS = 60
_processes = multiprocessing.get_context("fork")


def one_waits(first: Callable[[], object], second: Callable[[], object]) -> list[int | None]:
    """`second` comes when `first` is done but not over: 0 each, 3 where it was refused."""
    is_done = _processes.Event()

    def lead() -> None:
        with transaction.atomic():
            first()
            is_done.set()
            until_somebody_waits()

    def follow() -> None:
        is_done.wait(SECONDS)
        try:
            second()
        except (NotFitting, BodyNotFitting):
            raise SystemExit(3) from None

    connections.close_all()
    running = [_processes.Process(target=each, daemon=True) for each in (lead, follow)]
    for process in running:
        process.start()
    for process in running:
        process.join(SECONDS)
    return [process.exitcode for process in running]


@pytest.mark.parametrize("ends_first", [True, False])
def test_a_group_becomes_the_body_that_takes_over(ground: Ground, ends_first: bool) -> None:
    theme, cast = theme_of(ground), ground.cast
    first, second = held(ground, theme, "社協"), held(ground, theme, "みどり自治会")
    visiting.set_body(request=first, body=cast.council, actor=cast.clerk)
    works = [
        lambda: end_body(body=cast.council, last_year=year() - 1, successor=cast.welfare, actor=cast.planner),
        lambda: visiting.set_body(request=second, body=cast.welfare, actor=cast.clerk),
    ]
    assert one_waits(*works if ends_first else works[::-1]) == [0, 0]
    assert said(ground)["groups_visited"] == 1
    assert visit_complaints(ground) == []


def test_a_group_does_not_become_a_body_that_was_just_joined(ground: Ground) -> None:
    theme, cast = theme_of(ground), ground.cast
    request = held(ground, theme, "みどり自治会")
    assert one_waits(
        lambda: join_bodies(duplicate=cast.council, into=cast.welfare, actor=cast.planner),
        lambda: visiting.set_body(request=request, body=cast.council, actor=cast.clerk),
    ) == [0, 3]
    assert VisitGroup.objects.get().body is None
    assert visit_complaints(ground) == []


@pytest.mark.parametrize("ends_first", [True, False])
def test_bodies_come_to_a_meeting_while_one_ends(ground: Ground, ends_first: bool) -> None:
    cast = ground.cast
    minutes = minutes_of(ground, council(ground), -0.1)
    minutes.attendances.all().delete()
    others = [Other(body=cast.council), Other(body=cast.promotion)]
    works = [
        lambda: end_body(body=cast.council, last_year=year() - 1, successor=cast.promotion, actor=cast.planner),
        lambda: meetings.record_attendance(minutes=minutes, lines=[], others=others, revision=1, actor=cast.clerk),
    ]  # fmt: skip
    assert one_waits(*works if ends_first else works[::-1]) == [0, 0]
    assert said(ground)["meeting_bodies_distinct"] == 1
    assert visit_complaints(ground) == []


def test_bodies_come_before_what_is_counted_by_them(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    theme, cast = theme_of(ground), ground.cast
    visiting.set_body(request=held(ground, theme, "社協"), body=cast.council, actor=cast.clerk)
    minutes = minutes_of(ground, council(ground), -0.1)
    others = [Other(body=cast.council)]
    minutes.attendances.all().delete()
    locks = locks_of(monkeypatch)
    taken = locks(lambda: meetings.record_attendance(minutes=minutes, lines=[], others=others, revision=1, actor=cast.clerk))  # fmt: skip
    assert taken == ["Body", "Minutes", "Session", "Item", "ledger"]
    works = (
        lambda: end_body(body=cast.council, last_year=year() - 1, successor=cast.welfare, actor=cast.planner),
        lambda: join_bodies(duplicate=cast.council, into=cast.welfare, actor=cast.planner),
    )
    for work in works:
        assert locks(work) == ["Body", "VisitGroup", "Item", "ledger"]


def test_two_bodies_do_not_take_over_from_each_other(ground: Ground) -> None:
    cast, last = ground.cast, year() - 1
    assert one_waits(
        lambda: end_body(body=cast.council, last_year=last, successor=cast.welfare, actor=cast.planner),
        lambda: end_body(body=cast.welfare, last_year=last, successor=cast.council, actor=cast.planner),
    ) in ([0, 3], [3, 0])  # fmt: skip
    assert Body.objects.filter(successor__isnull=False).count() == 1


def year() -> int:
    return fiscal_year_of(timezone.localdate())
