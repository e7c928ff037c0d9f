"""A rally on residents' pages: stamps by the poster's address and by hand, cards that survive, and what is refused in words."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kusei.ledger.tests.ground import Ground
from kusei.notices.redaction import without_tokens
from kusei.portal.views import activity_rally
from kusei.services.activities import operations as activities
from kusei.services.activities.models import Card, Rally, Stamp, Station
from kusei.services.activities.operations import Stop
from kusei.services.activities.rallies import grouped
from kusei.services.activities.tests.rally_ground import rally_of

pytestmark = pytest.mark.slow


def at(rally: Rally, name: str, *more: object) -> str:
    return reverse(f"portal:{name}", args=[rally.ward.key, *more])


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def stamp_at(rally: Rally, station: Station) -> str:
    return at(rally, "stamp", rally.activity.public_id, station.code)


@pytest.mark.django_db
def test_a_posters_address_stamps_by_its_button_and_finishes_the_card(ground: Ground, client: Client) -> None:
    rally = rally_of(ground, prize="手ぬぐい", prize_place="区役所1階")
    first, second, _third = rally.stations.all()
    assert "スタンプを押す" in text(client.get(stamp_at(rally, first)))
    assert not Card.objects.exists()
    ticket = {"ticket": str(uuid4())}
    answer = client.post(stamp_at(rally, first), ticket)
    client.cookies.clear()
    assert (
        client.post(stamp_at(rally, first), ticket)["Location"].split("?")[0]
        == answer["Location"].split("?")[0]
    )
    page = text(client.get(answer["Location"]))
    assert "場所1のスタンプを押しました" in page
    assert "あと1か所" in page
    assert "もう押してあります" in text(client.get(stamp_at(rally, first)))
    done = text(client.post(stamp_at(rally, second), follow=True))
    card = Card.objects.get()
    assert "達成しました" in done
    assert grouped(card.finish_code) in done
    activities.give_prize(rally=rally, finish_code=card.finish_code, actor=ground.cast.clerk)
    after = text(client.get(answer["Location"]))
    assert "に渡しました" in after
    assert grouped(card.finish_code) not in after
    assert "/cards/…/" in without_tokens(answer["Location"])


@pytest.mark.django_db
def test_a_card_is_begun_found_on_another_telephone_and_stamped_by_hand(
    ground: Ground, client: Client
) -> None:
    rally = rally_of(ground)
    here = at(rally, "rally", rally.activity.public_id)
    begun = client.post(here, {"do": "start", "ticket": str(uuid4())})
    number = begun["Location"].rstrip("/").rsplit("/", 1)[1]
    assert "自分のカードを見る" in text(client.get(here))
    other = Client()
    wrong = other.post(here, {"do": "find", "number": "なし"})
    assert (wrong.status_code, "この番号のカードはありません" in text(wrong)) == (422, True)
    opened = other.post(here, {"do": "find", "number": grouped(number).lower()}, follow=True)
    assert "スタンプカード" in text(opened)
    card = at(rally, "rally_card", number)
    refused = other.post(card, {"code": "123"})
    assert (refused.status_code, "このコードは使えません" in text(refused)) == (422, True)
    assert 'value="123"' in refused.content.decode()
    station = rally.stations.first()
    assert "押しました" in text(other.post(card, {"code": f" {station.code.lower()} "}, follow=True))
    assert Stamp.objects.get().station == station
    assert client.get(at(rally, "rally_card", "A" * 12)).status_code == 404


@pytest.mark.django_db
def test_what_cannot_be_stamped_is_told_in_words(ground: Ground, client: Client) -> None:
    rally = rally_of(ground)
    station = rally.stations.first()
    activities.change_station(
        station=station, stop=Stop("場所1", is_closed=True), revision=1, actor=ground.cast.clerk
    )
    assert "お休みしています" in text(client.get(stamp_at(rally, station)))
    refused = client.post(stamp_at(rally, station))
    assert (refused.status_code, "お休みしています" in text(refused)) == (409, True)
    assert client.get(at(rally, "stamp", rally.activity.public_id, "XXXXXX")).status_code == 404
    activities.end_rally(rally=rally, reason="大雨のため", actor=ground.cast.clerk)
    page = text(client.get(at(rally, "rally", rally.activity.public_id)))
    assert "大雨のため" in page
    assert "カードを作る" not in page
    assert client.post(at(rally, "rally", rally.activity.public_id), {"do": "start"}).status_code == 409
    draft = rally_of(ground, published=False)
    assert client.get(at(draft, "rally", draft.activity.public_id)).status_code == 404


@pytest.mark.django_db
def test_codes_are_not_found_out_by_trying_and_cards_not_made_by_machines(
    ground: Ground, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(activity_rally.WRONG_CODES, "limit", 2)
    monkeypatch.setitem(activity_rally.CARDS_AN_HOUR, "limit", 1)
    rally = rally_of(ground)
    here = at(rally, "rally", rally.activity.public_id)
    assert [client.post(here, {"do": "start"}).status_code for _each in range(2)] == [302, 409]
    for _each in range(2):
        assert client.get(at(rally, "stamp", rally.activity.public_id, "XXXXXX")).status_code == 404
    spent = client.get(stamp_at(rally, rally.stations.first()))
    assert (spent.status_code, "10分ほど" in text(spent)) == (429, True)
    assert client.post(here, {"do": "find", "number": "A" * 12}).status_code == 429


@pytest.mark.django_db
def test_a_rally_that_goes_on_stands_in_the_list_today(ground: Ground, client: Client) -> None:
    rally = rally_of(ground)
    page = text(client.get(at(rally, "activities")))
    assert "ぼうさいラリー" in page
    assert "スタンプラリーの場所とカード" in text(client.get(at(rally, "activity", rally.activity.public_id)))
