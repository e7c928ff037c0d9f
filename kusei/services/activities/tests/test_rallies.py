"""Rallies: stamps once, prizes once, days told to the ledger, and what stays when the cards go."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.ledger.models import Entry
from kusei.ledger.queries.reconciling import discrepancies
from kusei.ledger.tests.ground import Ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.errors import ChangedMeanwhile, NoSuchCode, NotFitting, NotOpen
from kusei.services.activities.models import Card, DayCount, Rally, Stamp, Station
from kusei.services.activities.operations import Details, RallyRules, Stop
from kusei.services.activities.rallies import Stage, cleaned, code_from, grouped, new_code, stage
from kusei.services.activities.tests.ground import in_days
from kusei.services.activities.tests.rally_ground import card_on, rally_of
from kusei.wards.models import District
from kusei.wards.permissions import NotAllowed


def said(ground: Ground) -> dict[tuple[str, str | None], int]:
    sums: dict[tuple[str, str | None], int] = {}
    for key, district, quantity in Entry.objects.filter(ward=ground.cast.ward).values_list(
        "metric__key", "district__name", "quantity"
    ):
        sums[key, district] = sums.get((key, district), 0) + quantity
    return {key: total for key, total in sums.items() if total}


def clean(ground: Ground) -> bool:
    years = {fiscal_year_of(timezone.localdate(in_days(days))) for days in (-3, 0)}
    return [each for year in years for each in discrepancies(ground.cast.ward, year)] == []


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code(6)
    assert cleaned(f" {grouped(code).lower()} ") == code
    assert cleaned("ＡＢ－Ｃ　２３") == "ABC23"
    assert code_from(b"\x00\x01\xff" * 4, 12) == code_from(b"\x00\x01\xff" * 4, 12)
    assert len(code_from(b"\x00" * 20, 12)) == 12


def test_a_rally_is_on_between_its_ends() -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    assert stage(now + hour, now + 2 * hour, None, now) is Stage.SOON
    assert stage(now, now + hour, None, now) is Stage.ON
    assert stage(now - hour, now, None, now) is Stage.OVER
    assert stage(now - hour, now + hour, now, now) is Stage.OVER


@pytest.mark.django_db
def test_a_station_stamps_a_card_once_and_enough_stamps_finish_it(ground: Ground) -> None:
    rally = rally_of(ground)
    ticket = uuid4()
    card, number = activities.start_card(rally=rally, ticket=ticket)
    again, same = activities.start_card(rally=rally, ticket=ticket)
    assert (card.pk, number) == (again.pk, same)
    assert activities.card_of(rally.ward, number.lower()) == card
    assert activities.card_of(ground.cast.other_ward, number) is None
    first, second, third = rally.stations.all()
    told = activities.collect_stamp(card=card, code=first.code)
    assert (told.is_new, told.finished) == (True, False)
    assert not activities.collect_stamp(card=card, code=first.code).is_new
    with pytest.raises(NoSuchCode, match="このコードは使えません"):
        activities.collect_stamp(card=card, code="ZZZZZZ")
    assert activities.collect_stamp(card=card, code=second.code).finished
    assert not activities.collect_stamp(card=card, code=third.code).finished
    counted = DayCount.objects.values_list("what", "station", "quantity")
    assert sorted(counted, key=str) == sorted(
        [("cards", None, 1), ("finished", None, 1), *(("stamps", each.pk, 1) for each in (first, second, third))],
        key=str,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_days_counts_are_told_when_it_is_over_and_corrected_afterwards(ground: Ground) -> None:
    rally = rally_of(ground)
    clerk = ground.cast.clerk
    card_on(rally, 3, days=-1)
    card_on(rally, 1, days=-1)
    card_on(rally, 1)
    assert said(ground) == {}
    assert activities.close_days() == 1
    assert activities.close_days() == 0
    told = {
        ("rally_cards", None): 2, ("rally_stamps", "北台"): 2, ("rally_stamps", None): 2, ("rally_finishers", None): 1,
    }  # fmt: skip
    assert said(ground) == told
    assert clean(ground)
    yesterday = timezone.localdate(in_days(-1))
    first = rally.stations.first()
    paper = {"rally": rally, "day": yesterday, "actor": clerk}
    activities.count_paper(**paper, cards=5, finished=2, prizes=2, stamps={first.pk: 4})
    activities.count_paper(**paper, cards=4, finished=2, prizes=2, stamps={first.pk: 3})
    assert said(ground) == told | {
        ("rally_cards", None): 6, ("rally_stamps", "北台"): 5, ("rally_finishers", None): 3, ("rally_prizes", None): 2,
    }  # fmt: skip
    other = District.objects.create(ward=ground.cast.ward, name="南浜", folded="南浜")
    activities.change_station(station=first, stop=Stop("場所1", district=other), revision=1, actor=clerk)
    assert said(ground)["rally_stamps", "南浜"] == 5
    assert clean(ground)
    assert activities.close_days(in_days(11)) == 1
    assert said(ground)["times", None] == 1
    assert clean(ground)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"cards": -1}, "0以上"),
        ({"finished": 3}, "枚数より多い"),
        ({"finished": 1, "prizes": 2}, "達成した枚数より多く"),
        ({"day": -9}, "始まった日から"),
        ({"day": 1}, "始まった日から"),
    ],
)
def test_numbers_of_paper_cards_that_cannot_be_are_refused(ground: Ground, words, told: str) -> None:
    rally = rally_of(ground, stations=1, needed=1)
    values = {"cards": 2, "finished": 0, "prizes": 0, "stamps": {}} | words
    day = timezone.localdate(in_days(values.pop("day", 0)))
    with pytest.raises(NotFitting, match=told):
        activities.count_paper(rally=rally, day=day, actor=ground.cast.clerk, **values)
    assert not DayCount.objects.exists()


@pytest.mark.django_db
def test_a_prize_is_given_once_and_no_more_than_there_are(ground: Ground) -> None:
    rally = rally_of(ground, stations=1, needed=1, prize_total=1)
    clerk = ground.cast.clerk
    first, second = card_on(rally, 1), card_on(rally, 1)
    activities.give_prize(rally=rally, finish_code=grouped(first.finish_code).lower(), actor=clerk)
    with pytest.raises(NotFitting, match="もう渡して"):
        activities.give_prize(rally=rally, finish_code=first.finish_code, actor=ground.cast.colleague)
    with pytest.raises(NotFitting, match="もう残りが"):
        activities.give_prize(rally=rally, finish_code=second.finish_code, actor=clerk)
    with pytest.raises(NoSuchCode):
        activities.give_prize(rally=rally, finish_code="", actor=clerk)
    with pytest.raises(NotAllowed):
        activities.give_prize(rally=rally, finish_code=second.finish_code, actor=ground.cast.other_clerk)
    activities.take_back_prize(rally=rally, finish_code=first.finish_code, actor=clerk)
    activities.give_prize(rally=rally, finish_code=second.finish_code, actor=clerk)
    assert DayCount.objects.get(what="prizes").quantity == 1
    assert Card.objects.filter(prize_at__isnull=False).get() == second


@pytest.mark.django_db
def test_nobody_collects_before_after_or_with_an_old_code(ground: Ground) -> None:
    rally = rally_of(ground, stations=2)
    clerk = ground.cast.clerk
    card = card_on(rally)
    station = rally.stations.first()
    old = station.code
    new = activities.rotate_code(station=station, actor=clerk).code
    with pytest.raises(NoSuchCode):
        activities.collect_stamp(card=card, code=old)
    activities.change_station(station=station, stop=Stop("場所1", is_closed=True), revision=2, actor=clerk)
    with pytest.raises(NotOpen, match="お休み"):
        activities.collect_stamp(card=card, code=new)
    for moment, told in ((in_days(-4), "まだ始まって"), (in_days(11), "終わりました")):
        with pytest.raises(NotOpen, match=told):
            activities.start_card(rally=rally, ticket=uuid4(), now=moment)
    with pytest.raises(NotFitting, match="理由を"):
        activities.end_rally(rally=rally, reason=" ", actor=clerk)
    activities.end_rally(rally=rally, reason="大雨のため", actor=clerk)
    with pytest.raises(NotOpen, match="終わりました"):
        activities.collect_stamp(card=card, code=new)
    activities.reopen_rally(rally=rally, actor=clerk)
    activities.call_off_activity(activity=rally.activity, reason="感染症", actor=clerk)
    with pytest.raises(NotOpen, match="中止になりました"):
        activities.collect_stamp(card=card, code=rally.stations.last().code)
    with pytest.raises(NotFitting, match="中止した"):
        activities.rotate_code(station=station, actor=clerk)


@pytest.mark.django_db
def test_cards_go_a_year_after_and_the_counts_stay(ground: Ground) -> None:
    rally = rally_of(ground, stations=1, needed=1)
    card_on(rally, 1, days=-1)
    activities.close_days()
    told = said(ground)
    operator = ground.cast.operator
    assert activities.forget_cards(actor=operator, now=in_days(300)) == 0
    with pytest.raises(NotAllowed):
        activities.forget_cards(actor=ground.cast.clerk)
    assert activities.forget_cards(actor=operator, now=in_days(376)) == 1
    assert not Card.objects.exists()
    assert not Stamp.objects.exists()
    assert said(ground) == told
    assert clean(ground)


@pytest.mark.django_db
def test_two_who_change_a_rally_at_once_lose_nothing(ground: Ground) -> None:
    rally = rally_of(ground, stations=1)
    clerk = ground.cast.clerk
    activities.set_up_rally(activity=rally.activity, rules=RallyRules(3), revision=1, actor=clerk)
    with pytest.raises(ChangedMeanwhile):
        activities.set_up_rally(activity=rally.activity, rules=RallyRules(4), revision=1, actor=clerk)
    station = Station.objects.get()
    activities.change_station(station=station, stop=Stop("門"), revision=1, actor=clerk)
    with pytest.raises(ChangedMeanwhile):
        activities.change_station(station=station, stop=Stop("裏門"), revision=1, actor=clerk)
    assert Rally.objects.get().needed == 3


@pytest.mark.django_db
def test_only_a_rally_has_rules_of_a_rally(ground: Ground) -> None:
    activity = activities.add_activity(
        ward=ground.cast.ward, item=ground.items[0], host=ground.cast.promotion,
        details=Details(ActivityKind.EVENT, "防災フェア"), actor=ground.cast.clerk,
    )  # fmt: skip
    with pytest.raises(NotFitting, match="スタンプラリー"):
        activities.set_up_rally(
            activity=activity, rules=RallyRules(2), revision=None, actor=ground.cast.clerk
        )
    with pytest.raises(NotAllowed):
        activities.set_up_rally(
            activity=activity, rules=RallyRules(2), revision=None, actor=ground.cast.partner
        )
