"""In which order operations lock: the house's, which stands in the docstring of `operations`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from kusei.ledger import operations as ledger
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.dispatch_enums import EnvoyRole
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Activity, Quota, SealedCount, Seat, Session, VisitRequest
from kusei.services.activities.operations import Contact, Someone, visiting
from kusei.services.activities.tests.dispatch_ground import ask as ask_envoy
from kusei.services.activities.tests.dispatch_ground import envoy_of, need_of, session_in
from kusei.services.activities.tests.ground import apply, intake_of
from kusei.services.activities.tests.test_door import count, on_the_day
from kusei.services.activities.tests.visits import ask, at_ten, decided, held, theme_of

ORDER = (
    "Activity", "Intake", "VisitTerms", "Body", "VisitGroup", "VisitRequest", "Minutes", "Session", "Envoy", "Item", "ledger",
)  # fmt: skip
Locks = Callable[[Callable[[], object]], list[str]]


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch) -> Locks:
    return locks_of(monkeypatch)


def locks_of(monkeypatch: pytest.MonkeyPatch) -> Locks:
    """What a piece of work locked, each kind where it came first, and when it posted."""
    taken: list[str] = []
    lock, post = QuerySet.select_for_update, ledger.post_records

    def noted(self: QuerySet, *arguments: object, **words: object) -> QuerySet:
        taken.append(self.model.__name__)
        return lock(self, *arguments, **words)

    def posted(**words: object) -> object:
        taken.append("ledger")
        return post(**words)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    monkeypatch.setattr(ledger, "post_records", posted)

    def of(work: Callable[[], object]) -> list[str]:
        taken.clear()
        work()
        after = taken[taken.index("Session") :] if "Session" in taken else []
        assert not {"VisitGroup", "VisitRequest"} & set(after), taken  # not once more, either
        return [each for each in dict.fromkeys(taken) if each in ORDER]

    return of


def in_order(taken: list[str]) -> bool:
    return taken == sorted(taken, key=ORDER.index)


def waiting_at_door(ground: Ground) -> tuple[Session, Seat]:
    """Today's session with a free place, and somebody who waits for one."""
    intake = intake_of(ground, 1)
    apply(intake)
    seat = apply(intake).application.seats.get()
    session = on_the_day(intake)[0]
    Quota.objects.update(capacity=2)
    return session, seat


def test_at_the_door_the_intake_comes_before_the_session(ground: Ground, locks: Locks) -> None:
    session, seat = waiting_at_door(ground)
    clerk = ground.cast.clerk
    taken = locks(lambda: activities.let_in(session=session, seat=seat, actor=clerk))
    assert taken == ["Intake", "Session"]
    seat.refresh_from_db()
    taken = locks(lambda: activities.mark_presence(session=session, seat=seat, is_present=True, actor=clerk))
    assert taken == ["Intake", "Session"]
    assert in_order(locks(lambda: count(session, 1, ground)))
    assert in_order(
        locks(lambda: activities.mark_presence(session=session, seat=seat, is_present=None, actor=clerk))
    )
    assert in_order(locks(lambda: activities.call_off_activity(activity=session.activity, reason="大雨", actor=clerk)))  # fmt: skip
    assert in_order(locks(lambda: activities.reopen_activity(activity=session.activity, reason="誤り", actor=clerk)))  # fmt: skip


def test_a_change_of_an_application_begins_with_its_intake(ground: Ground, locks: Locks) -> None:
    made = apply(intake_of(ground), 2).application
    people = {seat.pk: Someone(f"見本 {place}", "みほん") for place, seat in enumerate(made.seats.all())}
    version = activities.version_of(made)
    taken = locks(
        lambda: activities.change_application(
            application=made, people=people, contact=Contact(telephone="045-111-2222"), version=version, actor=ground.cast.clerk
        )
    )  # fmt: skip
    assert taken == ["Intake"]


def test_whoever_is_just_applying_is_waited_for_before_many_sessions_change(
    ground: Ground, locks: Locks
) -> None:
    activity = intake_of(ground).activity
    sessions = dict(activity.sessions.values_list("pk", "revision"))
    taken = locks(
        lambda: activities.change_sessions(
            activity=activity, sessions=sessions, place="体育館", reason="工事", actor=ground.cast.clerk
        )
    )
    assert taken == ["Activity", "Intake", "Session", "Envoy"]


def test_who_went_comes_after_the_session(ground: Ground, locks: Locks) -> None:
    session = session_in(ground, -0.1)
    made = ask_envoy(ground, need_of(ground, session), envoy_of(ground))
    taken = locks(
        lambda: activities.record_going(
            assignment=made, went=True, minutes=90, fee_yen=4500, revision=1, actor=ground.cast.clerk
        )
    )
    assert taken == ["Session", "Item", "ledger"]


def test_what_is_sealed_is_looked_at_under_its_locks(ground: Ground, locks: Locks) -> None:
    session, seat = waiting_at_door(ground)
    clerk, later = ground.cast.clerk, timezone.now() + timedelta(days=800)
    activities.let_in(session=session, seat=seat, actor=clerk)
    seat.refresh_from_db()
    activities.mark_presence(session=session, seat=seat, is_present=True, actor=clerk)
    count(session, 1, ground)
    taken = locks(lambda: activities.forget_applicants(actor=ground.cast.operator, now=later))
    assert taken == ["Intake", "Item"]
    assert SealedCount.objects.filter(session=session).exists()
    session.refresh_from_db()

    def take_back() -> None:
        with pytest.raises(NotFitting, match="実人数を確定した回"):
            activities.take_back_session(session=session, revision=session.revision, actor=clerk)

    assert locks(take_back)[-1] == "Item"


def test_a_visits_session_comes_after_its_group_and_request(ground: Ground, locks: Locks) -> None:
    theme, clerk = theme_of(ground), ground.cast.clerk
    request = held(ground, theme, "みどり自治会")
    session = Session.objects.get(visit=request)
    count(session, 1, ground)
    activities.count_walk_ins(session=session, by=1, actor=clerk)
    count(session, 1, ground)
    asked = [ask(theme, name).request for name in ("みどり自治会", "みどり自治会", "あおば会", "ひかり会")]
    planned = decided(ground, ask(theme, "こだま会").request)
    works = (
        lambda: activities.count_walk_ins(session=session, by=1, actor=clerk),
        lambda: visiting.hold_visit(
            request=request, heads=9, done="話した", actor=clerk, revision=VisitRequest.objects.get(pk=request.pk).revision,
        ),
        lambda: activities.move_session(
            session=Session.objects.get(visit=planned), starts_at=at_ten(30), ends_at=at_ten(30) + timedelta(hours=1), place="学校", online_url="",
            reason="都合", revision=1, actor=clerk,
        ),
        lambda: activities.set_along(session=session, role=EnvoyRole.LECTURER, who="消防署", count=2, actor=clerk),
        lambda: visiting.tell_apart(request=asked[0], actor=clerk),
        lambda: visiting.set_body(request=request, body=ground.cast.council, actor=clerk),
        lambda: visiting.set_body(request=asked[2], body=ground.cast.council, actor=clerk),
        lambda: visiting.to_same_group(request=asked[3], other=request.group, actor=clerk),
        lambda: visiting.change_visit(
            request=request, people=9, audience="", place=request.place, district=None, actor=clerk,
            revision=VisitRequest.objects.get(pk=request.pk).revision,
        ),
        lambda: ask(theme, "なかよし会"),
        lambda: activities.call_off_activity(activity=theme, reason="異動", actor=clerk),
    )  # fmt: skip
    for work in works:
        taken = locks(work)
        assert "VisitGroup" in taken, taken
        assert in_order(taken), taken


def test_what_is_called_off_is_posted_at_once(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = ground.cast.clerk
    theme, series = theme_of(ground), intake_of(ground).activity
    for name in ("みどり自治会", "あおば会"):
        decided(ground, ask(theme, name).request)
    post, times = ledger.post_records, []
    monkeypatch.setattr(ledger, "post_records", lambda **words: times.append(1) or post(**words))
    activities.call_off_activity(activity=theme, reason="異動", actor=clerk)
    assert (len(times), VisitRequest.objects.filter(state="declined").count()) == (1, 2)
    activities.call_off_activity(activity=series, reason="大雨", actor=clerk)
    assert len(times) == 2
    activities.reopen_activity(activity=Activity.objects.get(pk=series.pk), reason="晴れ", actor=clerk)
    assert len(times) == 3
